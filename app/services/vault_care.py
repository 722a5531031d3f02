"""Care for one open vault: a new key, the ways it opens, whether it is whole, erasing what must go.

Every call may take as long as a copy of the file, so it belongs off the window's thread; only `erase`
and `would_erase` touch what is being typed and the fact graph, and belong on the window's. Every fault is a `Known`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial

from app.domain.clock import JST, Clock
from app.domain.errors import BadInput, Known, VaultFault
from app.services.companies import Companies, Opened
from app.store import key_changes
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.records import Records
from app.store.rows import DraftRow
from app.store.slots import Kind, Slot

_LABELS: dict[Kind, str] = {
    "passphrase": "合言葉",
    "keyring": "このパソコンのキーリング",
    "age": "age の宛先",
    "recovery": "復旧キーの紙",
}


_NAMES = ("name", "family_name", "given_name")


@dataclass(frozen=True)
class Way:
    """One way the vault opens. `kind` is passphrase, keyring, age or recovery."""

    id: str
    kind: Kind
    label: str
    added_at: datetime


@dataclass(frozen=True)
class Renewed:
    """After a new key: the text of the new recovery paper, to be shown once and printed.

    `note` is a sentence where this computer's keyring does not open the vault any more, else "".
    """

    recovery_text: str = field(repr=False)
    note: str = ""


@dataclass(frozen=True)
class Erased:
    """What went for good, counted; `filings` still hold what was sent, as the law wants them kept.

    Of these `with_numbers` keep 個人番号 in a sealed payload, under a key that goes when they end.
    """

    records: int
    drafts: int
    filings: int
    with_numbers: int = 0


@dataclass(frozen=True)
class Erasable:
    """A member of a collection of whom something is kept, also one taken out of the lists long ago.

    `target` is what `erase` takes, `collection` "employees" and the like, `name` "" where none was ever told.
    """

    target: str
    collection: str
    name: str = field(repr=False)


class VaultCare:
    """The use cases. `before_erasing` keeps what is still being typed; `after_erasing` is given the
    ids of the records and of the drafts that are gone."""

    def __init__(
        self,
        opened: Opened,
        companies: Companies,
        clock: Clock,
        before_erasing: Callable[[], None] = lambda: None,
        after_erasing: Callable[[Sequence[str], Sequence[str]], None] = lambda records, drafts: (
            None
        ),
    ) -> None:
        self.opened = opened
        self._companies = companies
        self._clock = clock
        self._before_erasing = before_erasing
        self._after_erasing = after_erasing
        self._path = opened.vault.path
        self._records = Records(opened.vault)
        self._drafts = Drafts(opened.vault)
        self._filings = Filings(opened.vault)

    # --- the key and the ways to it

    def rekey(self, passphrase: str) -> Renewed:
        """Encrypts the vault with a new key: the old recovery paper ends, the passphrase stays.

        Typing, sending and polling may go on meanwhile; they wait for the moment of the change.
        Earlier backups keep the old key. Raises VaultFault: wrong_passphrase, keys_altered,
        keys_missing, disk_full, busy; then nothing has changed.
        """
        done = self.opened.vault.rekey(passphrase)
        self.opened = replace(self.opened, key=done.key)
        note = ""
        if done.keyring_secret is not None:
            note = self._companies.renew_keyring(self.opened, done.keyring_secret)
        return Renewed(done.recovery_text, note)

    def add_age_recipient(self, text: str) -> None:
        """Lets whoever holds this age identity open the vault ("age1…").

        Raises VaultFault: bad_recipient, keys_full, keys_altered, disk_full.
        """
        key_changes.add_age_slot(self._path, self.opened.key, text, clock=self._clock)

    def slots(self) -> list[Way]:
        """What opens the vault, in the order of the key file. Raises VaultFault keys_… ."""
        return [
            Way(slot.id, slot.kind, _label(slot), datetime.fromisoformat(slot.made_at))
            for slot in key_changes.ways(self._path, self.opened.key)
        ]

    def remove_slot(self, slot_id: str) -> None:
        """Takes a way to open away.

        Raises:
            Known: there is no such way; the passphrase always stays; a recovery paper holds the key
                itself and ends only with a new key.
        """
        held = key_changes.ways(self._path, self.opened.key)
        slot = next((s for s in held if s.id == slot_id), None)
        if slot is None:
            raise BadInput(
                "no-such-way", "この開き方は、もうありません。画面を開き直してください。"
            )
        if slot.kind == "recovery":
            raise BadInput(
                "paper-holds-the-key",
                "復旧キーの紙は、外すだけでは使えなくなりません。「鍵を新しくする」で、古い紙を終わらせてください。",
            )
        key_changes.drop_slots(self._path, self.opened.key, slot.kind, slot.recipient)
        if slot.kind == "keyring":
            self._companies.empty_keyring(self.opened)

    # --- whether all is well

    @property
    def keys_fault(self) -> str:
        """What is wrong with the key file since the vault was opened, as a sentence; "" if nothing."""
        return _sentence(self.opened.vault.keys_fault)

    @property
    def backup_fault(self) -> str:
        """Why the last backup at closing was not made, as a sentence; "" if it was."""
        return _sentence(self.opened.vault.backup_fault)

    def check(self) -> list[str]:
        """Looks the whole file over: pages, records, filings, keys. What is wrong; [] if all is well."""
        found: list[str] = [self.keys_fault]
        found += _told(self._whole)
        found += _told(self._records.verify_chain)
        try:
            rows = self._filings.list()
        except VaultFault as fault:
            return _once([*found, fault.sentence])
        for row in rows:
            told = _told(partial(self._filings.verify_chain, row.id))
            found += [f"{row.title}({row.sealed_at:%Y-%m-%d}): {sentence}" for sentence in told]
        return _once(found)

    def _whole(self) -> None:
        if self.opened.vault.integrity_check():
            raise VaultFault(
                "damaged",
                "会社のファイルに傷があります。控えを一つ取ってから、古い控えと比べてください。",
            )

    # --- what must go

    def erase(self, target: str, reason: str) -> Erased:
        """Erases for good every record of a fact ("company.phone") or a member ("employees[k3x9]").

        With a member go its drafts that were never sealed. In the log stays that something was
        erased, when and why; in sealed filings and in earlier backups it stays altogether.

        Raises:
            Known: no reason is given, or there is nothing of that name; then nothing is erased.
        """
        if not reason.strip():
            raise BadInput(
                "erase-reason", "消す理由がまだありません。あとで分かるように書いてください。"
            )
        self._before_erasing()
        records, drafts, filings, with_numbers = self._of(target)
        if not (records or drafts):
            raise BadInput(
                "erase-nothing", "消す記録が見つかりません。もう消してあるか、名前がちがいます。"
            )
        with self.opened.vault.write(durable=True):
            for record_id in records:
                self._records.erase(record_id, reason.strip())
            for draft_id in drafts:
                self._drafts.erase(draft_id)
        self._after_erasing(records, drafts)
        return Erased(len(records), len(drafts), filings, with_numbers)

    def would_erase(self, target: str) -> Erased:
        """What `erase` would take, and in how many filings it stays. Nothing is changed."""
        self._before_erasing()
        records, drafts, filings, with_numbers = self._of(target)
        return Erased(len(records), len(drafts), filings, with_numbers)

    def erasable(self) -> list[Erasable]:
        """Everybody of whom a record is kept, by name; those without one last."""
        named: dict[str, dict[str, str]] = {}
        for record in self._records.all():
            member, _, leaf = record.path.partition("].")
            if leaf and "." not in member:
                told = named.setdefault(f"{member}]", {})
                if leaf in _NAMES:
                    told[leaf] = record.source_text
        found = [
            Erasable(target, target.partition("[")[0], _called(told))
            for target, told in named.items()
        ]
        return sorted(found, key=lambda one: (not one.name, one.collection, one.name))

    def _of(self, target: str) -> tuple[list[str], list[str], int, int]:
        """The records and unsealed drafts of a target; how many filings hold something of it, and how
        many of these a 個人番号 still."""
        records = [r.id for r in self._records.all() if _is_of(r.path, target)]
        member = _key(target) if _is_member(target) else ""
        drafts = [
            d.id for d in self._all_drafts() if member and d.subject == member and not d.sealed
        ]
        filings = [
            row.id
            for row in self._filings.list()
            if any(_is_of(str(f.get("path", "")), target) for f in row.facts)
        ]
        kept = [self._filings.kept_apart(filing_id) for filing_id in filings]
        return records, drafts, len(filings), sum(one is not None and one.kept for one in kept)

    def _all_drafts(self) -> list[DraftRow]:
        return [*self._drafts.list(), *self._drafts.list(discarded=True)]

    def purge_drafts(self, before: date) -> int:
        """Deletes for good the drafts put aside before that day (Japan time); how many."""
        return self._drafts.purge(datetime.combine(before, time(), JST))


def _label(slot: Slot) -> str:
    shown = slot.recipient
    tail = f" {shown[:9]}…{shown[-4:]}" if shown else ""
    return f"{_LABELS[slot.kind]}{tail}"


def _sentence(fault: Known | None) -> str:
    return fault.sentence if fault else ""


def _told(look: Callable[[], object]) -> list[str]:
    try:
        look()
    except VaultFault as fault:
        return [fault.sentence]
    return []


def _once(sentences: list[str]) -> list[str]:
    return [s for s in dict.fromkeys(sentences) if s]


def _called(told: Mapping[str, str]) -> str:
    whole = told.get("name", "")
    return whole or " ".join(told[leaf] for leaf in _NAMES[1:] if leaf in told)


def _is_member(target: str) -> bool:
    return target.endswith("]") and "." not in target


def _key(target: str) -> str:
    return target.partition("[")[2].removesuffix("]")


def _is_of(path: str, target: str) -> bool:
    """Whether a record's path is the fact itself, one period of it, or something of the member."""
    if not target or not path.startswith(target):
        return False
    rest = path[len(target) :]
    if _is_member(target):
        return rest == "" or rest.startswith(".")
    return rest == "" or re.fullmatch(r"\[[^\[\].]+\]", rest) is not None
