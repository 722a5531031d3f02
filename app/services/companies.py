"""The companies on this machine: list, create, open, with their vaults and key files.

The list is on the first painted window, so ciphers, wire and register are imported when first used.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.corporate_number import parse_corporate_number
from app.domain.errors import BadInput, Known, VaultFault
from app.store.index import CompanyIndex, IndexRow

if TYPE_CHECKING:
    from app.services.connectors.houjin_bangou import RegisterEntry
    from app.services.keys import KeyRing
    from app.services.wire import Pace
    from app.store.key import VaultKey
    from app.store.vault import Vault

PLATES = ("ai", "matsu", "azuki", "tetsu", "hanada", "kogane", "budo", "kaki")
"""The eight plate colours of tokens.json; none is used again until all are."""

SHORTEST_PASSPHRASE = 8
_AGE = "AGE-SECRET-KEY-1"
_FORMS = r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|医療法人|^[（(]株[）)]"


@dataclass(frozen=True)
class CompanyCard:
    """A company as the unlock page lists it; read from the index, without opening the vault."""

    path: Path
    name: str
    corporate_number: str
    town: str
    plate: str
    kanji: str
    practice: bool
    last_opened: datetime | None = None
    due_count: int = 0


@dataclass(frozen=True)
class Opened:
    """An open vault with its key (which the desk needs for passphrase and backup) and its card."""

    vault: Vault
    key: VaultKey = field(repr=False)
    card: CompanyCard


@dataclass(frozen=True)
class Created:
    """A new company: open, with the text of its recovery sheet, shown once."""

    opened: Opened
    recovery_text: str = field(repr=False)


@dataclass(frozen=True)
class RegisterDoor:
    """Where the tax agency's register is asked, and with which application id."""

    base: str
    application_id: str
    pin: str = ""


class Companies:
    """The vaults in `folder` and their index. `register` gives the register's door at each call."""

    def __init__(
        self,
        folder: Path,
        migrations: Path,
        register: Callable[[bool], RegisterDoor],
        keyring: KeyRing,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self._migrations = migrations
        self._register = register
        self._keyring = keyring
        self._clock = clock
        self._index = CompanyIndex(folder)
        self._turn = threading.Lock()
        self._paces: list[Pace] = []

    @property
    def _pace(self) -> Pace:
        """One for the program: a 403 asks all its companies to wait."""
        from app.services.connectors.houjin_bangou import register_pace

        with self._turn:
            if not self._paces:
                self._paces.append(register_pace())
            return self._paces[0]

    def cards(self) -> list[CompanyCard]:
        """The companies, last opened first; vaults the index does not know go by file name."""
        return [
            CompanyCard(
                path=self._index.path(row),
                name=row.name,
                corporate_number=row.corporate_number,
                town=row.town,
                plate=row.plate or PLATES[0],
                kanji=row.kanji or telling_kanji(row.name),
                practice=row.practice,
                last_opened=row.last_opened,
                due_count=row.due_count,
            )
            for row in self._index.rows()
            if row.there
        ]

    def look_up(self, number: str, *, practice: bool) -> RegisterEntry:
        """Asks the tax agency's register for a 法人番号 as typed.

        Raises:
            BadInput: the number cannot be one (13 digits, check digit).
            DoorFault: the register could not be asked, or does not know the number.
        """
        from app.services.connectors.houjin_bangou import HoujinBangou
        from app.services.wire import Wire

        plain = parse_corporate_number(number)
        door = self._register(practice)
        wire = Wire(
            practice=practice,
            door="国税庁 法人番号システム",
            pin=door.pin,
            clock=self._clock,
            pace=self._pace,
        )
        try:
            entry = HoujinBangou(wire, door.base, door.application_id).by_number(plain)
        finally:
            wire.close()
        if entry is None:
            raise BadInput(
                "number-not-found",
                "この法人番号は、国税庁の一覧に見つかりません。番号を見くらべてください。",
            )
        return entry

    def create(
        self,
        number: str,
        entry: RegisterEntry | None,
        passphrase: str,
        *,
        practice: bool,
        name: str = "",
    ) -> Created:
        """Makes key file and vault, and states what the register said as the first records.

        Without `entry` (no network) the `name` typed is kept for the index only, until it is known.

        Raises:
            BadInput: number or passphrase cannot be taken.
            VaultFault: the files cannot be made; nothing is left half made.
        """
        from app.services.connectors.houjin_bangou import to_records
        from app.store.records import Records

        plain = parse_corporate_number(number)
        check_passphrase(passphrase)
        path = self._free_path(plain, practice)
        vault, key, recovery = self._make_files(path, passphrase, practice=practice)
        if entry is not None:
            Records(vault).append(to_records(entry, self._clock()), durable=True)
        card = self._new_card(path, plain, entry, name, practice=practice)
        self.remember(card)
        return Created(Opened(vault, key, card), recovery)

    def _make_files(
        self, path: Path, passphrase: str, *, practice: bool
    ) -> tuple[Vault, VaultKey, str]:
        """Key file and vault, or neither; the third is the text of the recovery paper."""
        from app.store.key_file import create_key_file
        from app.store.vault import Vault

        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, recovery = create_key_file(path, passphrase, practice=practice, clock=self._clock)
        try:
            vault = Vault.create(
                path, key, practice=practice, migrations=self._migrations, clock=self._clock
            )
        except BaseException:
            for left in (path.with_suffix(".keys"), path.with_suffix(".keys.bak")):
                left.unlink(missing_ok=True)
            raise
        return vault, key, recovery

    def _new_card(
        self, path: Path, number: str, entry: RegisterEntry | None, name: str, *, practice: bool
    ) -> CompanyCard:
        shown = entry.name if entry else name or number
        return CompanyCard(
            path=path,
            name=shown,
            corporate_number=number,
            town=entry.city_name if entry else "",
            plate=self._next_plate(),
            kanji=telling_kanji(shown),
            practice=practice,
            last_opened=self._clock(),
        )

    def open(self, card: CompanyCard, passphrase: str) -> Opened:
        """Opens with the passphrase. Raises VaultFault."""
        from app.store.key_file import unlock_with_passphrase

        return self._open(card, unlock_with_passphrase(card.path, passphrase))

    def open_with_recovery(self, card: CompanyCard, text: str) -> Opened:
        """Opens with the text of the recovery sheet, or with an age identity. Raises VaultFault.

        An identity ("AGE-SECRET-KEY-1…", age-encryption.org/v1) is told from a recovery key by its first letters.
        """
        from app.store.key_file import unlock_with_identity, unlock_with_recovery

        unlock = (
            unlock_with_identity if text.strip().upper().startswith(_AGE) else unlock_with_recovery
        )
        return self._open(card, unlock(card.path, text))

    def open_with_keyring(self, card: CompanyCard) -> Opened:
        """Opens with this computer's keyring. Raises Known when it holds no key for the vault."""
        from app.store.key_file import read_key_file, unlock_with_secret

        secret = self._keyring.get(read_key_file(card.path).vault_id)
        if secret is None:
            raise Known("keyring-empty", "このパソコンの鍵では開けません。合言葉を入れてください。")
        return self._open(card, unlock_with_secret(card.path, secret))

    def open_with_key(self, card: CompanyCard, key: VaultKey) -> Opened:
        """Opens with the vault's own key, as an office file keeps it. Raises VaultFault."""
        return self._open(card, key)

    def vault_with_key(self, path: Path, key: VaultKey) -> Vault:
        """The open vault alone, for work nobody looks at; the list does not note it. Raises VaultFault."""
        from app.store.vault import Vault

        try:
            return Vault.open(path, key, migrations=self._migrations, clock=self._clock)
        finally:
            key.forget()

    def use_keyring(self, opened: Opened) -> None:
        """Lets this computer's keyring open the vault from now on. Raises Known."""
        from app.store.key_changes import add_keyring_slot

        if why := self._keyring.available():
            raise Known("keyring-unavailable", why)
        secret = add_keyring_slot(opened.card.path, opened.key, clock=self._clock)
        self._keyring.put(opened.vault.id, secret)

    def forget_keyring(self, opened: Opened) -> None:
        """Takes the vault out of this computer's keyring. Raises Known."""
        from app.store.key_changes import drop_slots

        self._keyring.drop(opened.vault.id)
        drop_slots(opened.card.path, opened.key, "keyring")

    def renew_keyring(self, opened: Opened, secret: bytes) -> str:
        """After a new key: this computer's keyring keeps the new secret if it had the old one.

        Elsewhere the way by the keyring is taken off the vault, since nobody holds its secret.
        Returns a sentence where the keyring does not open the vault any more, else "".
        """
        try:
            if self._keyring.get(opened.vault.id) is not None:
                self._keyring.put(opened.vault.id, secret)
                return ""
            why = "鍵を新しくしたので、前のパソコンのキーリングでは開けません。"
        except Known as fault:
            why = fault.sentence
        from app.store.key_changes import drop_slots

        drop_slots(opened.card.path, opened.key, "keyring")
        return f"{why}設定で、このパソコンの鍵を入れ直せます。"

    def empty_keyring(self, opened: Opened) -> None:
        """Forgets the secret in this computer's keyring, where it can be reached at all.

        The slot is gone already, so what a locked keyring still holds opens nothing.
        """
        with suppress(Known):
            self._keyring.drop(opened.vault.id)

    def import_file(self, path: Path) -> CompanyCard:
        """Takes a vault (with its key file beside it) from elsewhere into the folder, as a copy.

        Raises:
            VaultFault: there is no key file, or a company of that name is here already.
        """
        from app.store.key_file import read_key_file

        keys = path.with_suffix(".keys")
        target = self.folder / path.name
        if path.parent.resolve() == self.folder.resolve():
            return next((c for c in self.cards() if c.path.name == path.name), card_of_file(target))
        if not path.is_file() or not keys.is_file():
            raise VaultFault(
                "import-incomplete",
                "会社のファイル(.vault)と鍵のファイル(.keys)を、同じフォルダーに置いてから選んでください。",
            )
        if target.exists() or target.with_suffix(".keys").exists():
            raise VaultFault(
                "company-there", "同じ名前の会社が、もうあります。左の一覧から開いてください。"
            )
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for source in (keys, path):
                shutil.copyfile(source, self.folder / source.name)
        except OSError:
            for name in (path.name, keys.name):
                (self.folder / name).unlink(missing_ok=True)
            raise VaultFault(
                "import-failed",
                "写せませんでした。空きと書き込みの許しを確かめて、もう一度選んでください。",
            ) from None
        practice = read_key_file(target).practice
        card = replace(card_of_file(target), practice=practice)
        self.remember(card)
        return card

    def remember(self, card: CompanyCard) -> None:
        """Writes a card to the index (display name, town, plate, last opened, due count)."""
        self._index.put(
            IndexRow(
                file=card.path.name,
                name=card.name,
                corporate_number=card.corporate_number,
                town=card.town,
                plate=card.plate,
                kanji=card.kanji,
                last_opened=card.last_opened,
                due_count=card.due_count,
                practice=card.practice,
            )
        )

    def _open(self, card: CompanyCard, key: VaultKey) -> Opened:
        from app.store.vault import Vault

        vault = Vault.open(card.path, key, migrations=self._migrations, clock=self._clock)
        known = replace(card, practice=vault.practice, last_opened=self._clock())
        self.remember(known)
        return Opened(vault, key, known)

    def _free_path(self, number: str, practice: bool) -> Path:
        path = self.folder / f"{'practice-' if practice else ''}{number}.vault"
        if path.exists() or path.with_suffix(".keys").exists():
            raise VaultFault(
                "company-there", "この会社は、もうあります。左の一覧から選んで開いてください。"
            )
        return path

    def _next_plate(self) -> str:
        used = [row.plate for row in self._index.rows()]
        return min(PLATES, key=lambda plate: (used.count(plate), PLATES.index(plate)))


def card_of_file(path: Path) -> CompanyCard:
    """The card of a vault that is not in the index: known by its file name until it is opened."""
    return CompanyCard(path, path.stem, "", "", PLATES[0], telling_kanji(path.stem), False)


def check_passphrase(passphrase: str) -> None:
    """Raises BadInput for a passphrase that is too short to protect anything."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadInput(
            "passphrase-short",
            f"合言葉は {SHORTEST_PASSPHRASE}字からです。あと {SHORTEST_PASSPHRASE - len(passphrase)}字"
            "足してください。",
        )


def telling_kanji(name: str) -> str:
    """The first telling character of a name, past 株式会社 and its like."""
    rest = re.sub(_FORMS, "", name).strip("　 ・") or name
    return next((c for c in rest if "\u4e00" <= c <= "\u9fff"), rest[:1] or "社")
