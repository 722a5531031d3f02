"""An open office: its companies behind one unlock, its one account, and a company at a time.

Nothing here touches a window; every call may run on a background thread. A company that the window
has open is lent by the window (`lend`), so that its vault is never opened twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock
from app.domain.errors import Known, VaultFault
from app.domain.folding import fold
from app.services.companies import Companies, CompanyCard, Opened
from app.services.door_account import Addresses, DoorAccount
from app.services.office.profile import Profile
from app.services.office.standing import OfficeStanding
from app.store.office_file import OfficeCompany, OfficeFile

if TYPE_CHECKING:
    from app.services.certificates import Certificates
    from app.services.desk_doors import DeskDoors
    from app.store.vault import Vault

KEY_OLD = "office-key-old"
"""The code of the fault of a company whose vault has had a new key meanwhile."""


@dataclass(frozen=True)
class OfficeParts:
    """What bootstrap joins an office from. `doors` makes what an open vault does outside, by the
    office's account; `addresses` gives the doors with the office's own ids."""

    companies: Companies
    clock: Clock
    addresses: Callable[[Office], Addresses]
    doors: Callable[[Vault, str, Office], DeskDoors]


@dataclass(frozen=True)
class Held:
    """A company that is open just now, with its doors; `lent` by the window, which closes it."""

    company: OfficeCompany
    vault: Vault
    doors: DeskDoors
    standing: OfficeStanding
    lent: bool = False


@dataclass
class _Lent:
    vault: Vault = field(repr=False)
    doors: DeskDoors = field(repr=False)


class Office:
    """An open office file at work."""

    def __init__(self, file: OfficeFile, parts: OfficeParts) -> None:
        self.file = file
        self.parts = parts
        self.practice = file.practice
        self.clock = parts.clock
        self.accounts = file.accounts
        self.profile = Profile(file)
        self.account = DoorAccount(
            file.vault, "", parts.addresses(self), parts.clock, account_id=f"office-{file.id[:8]}"
        )
        self._lent: dict[str, _Lent] = {}
        self._turns: dict[str, threading.RLock] = {}
        self._lock = threading.Lock()
        self._locked = False

    @property
    def name(self) -> str:
        """What the office calls itself."""
        return self.profile.read().office

    @cached_property
    def certificates(self) -> Certificates:
        """The office's certificates, which sign for every company."""
        from app.services.certificates import Certificates

        return Certificates(self.file.accounts, self.clock)

    # --- companies

    def companies(self) -> list[OfficeCompany]:
        """The companies of the office, in the order in which they came in."""
        return self.file.companies()

    def strangers(self) -> list[CompanyCard]:
        """The companies on this machine that could come in: of the same mark, and not in it yet."""
        mine = {company.file for company in self.companies()}
        return [
            card
            for card in self.parts.companies.cards()
            if card.practice == self.practice and card.path.name not in mine
        ]

    def add(self, card: CompanyCard, passphrase: str) -> OfficeCompany:
        """Takes a company in; its own passphrase is asked this once. Also after it was rekeyed.

        Raises VaultFault: wrong_passphrase, mode_differs, opened_twice and whatever opening raises.
        """
        if card.practice != self.practice:
            raise VaultFault("mode_differs", _MIXED)
        opened = self.parts.companies.open(card, passphrase)
        try:
            company = OfficeCompany(
                opened.vault.id,
                card.path.name,
                opened.card.name,
                opened.card.corporate_number,
                opened.card.town,
                opened.card.plate,
                opened.card.kanji,
                self.clock(),
            )
            self.file.add(company, opened.key)
        finally:
            opened.vault.close(back_up=False)
        return self.file.company(company.vault_id)

    def remove(self, vault_id: str) -> None:
        """Drops the company's key here. Its vault stays, and opens by its own passphrase."""
        self.file.remove(vault_id)

    def card(self, company: OfficeCompany) -> CompanyCard:
        """The company as lists show it."""
        path = self.parts.companies.folder / company.file
        known = next((c for c in self.parts.companies.cards() if c.path == path), None)
        return known or CompanyCard(
            path, company.name, company.corporate_number, company.town, company.plate,
            company.kanji, self.practice,
        )  # fmt: skip

    def open_company(self, vault_id: str) -> Opened:
        """Opens a company's vault for the window, without its passphrase.

        Raises VaultFault: office-key-old when it has a new key, vault_missing, opened_twice, …
        """
        company = self.file.company(vault_id)
        with self._turn(vault_id), self._key_faults(company):
            opened = self.parts.companies.open_with_key(
                self.card(company), self.file.key_of(vault_id)
            )
        self._must_be(opened.vault, company)
        return opened

    def lend(self, vault_id: str, vault: Vault, doors: DeskDoors) -> None:
        """The window has this company open: whoever works for the office uses its vault and doors."""
        with self._lock:
            self._lent[vault_id] = _Lent(vault, doors)

    def take_back(self, opened: Opened) -> None:
        """The window is about to close a company. A key it was given meanwhile is kept.

        Nothing waits here: a send in flight is waited for by the desk's own lock, and work that only
        reads meets a closed vault and says so.
        """
        vault_id = opened.vault.id
        with self._lock:
            self._lent.pop(vault_id, None)
        if not self._locked:
            self.file.renew_key(vault_id, opened.key)

    @contextmanager
    def company(self, vault_id: str, *, back_up: bool = False) -> Iterator[Held]:
        """A company's vault, open for as long as one piece of work takes.

        Raises VaultFault: office-key-old, vault_missing, opened_twice, damaged, …
        """
        company = self.file.company(vault_id)
        with self._turn(vault_id):
            with self._lock:
                lent = self._lent.get(vault_id)
            if lent is not None:
                yield self._held(company, lent.vault, lent.doors, lent=True)
                return
            with self._key_faults(company):
                vault = self.parts.companies.vault_with_key(
                    self.parts.companies.folder / company.file, self.file.key_of(vault_id)
                )
            doors = None
            try:
                self._must_be(vault, company)
                doors = self.parts.doors(vault, company.corporate_number, self)
                yield self._held(company, vault, doors)
            finally:
                if doors is not None:
                    doors.close()
                vault.close(back_up=back_up)

    def doors_of(self, desk: Any) -> DeskDoors:
        """The doors of a company the window opens through this office."""
        return self.parts.doors(desk.vault, desk.card.corporate_number, self)

    def standing_of(self, desk: Any) -> OfficeStanding:
        """The standing of such a company."""
        return self.standing(desk.vault, (desk.card.name, desk.card.corporate_number))

    def standing(self, vault: Vault, company: tuple[str, str]) -> OfficeStanding:
        """In what role filings of an open company leave: 提出代行 by this office."""
        return OfficeStanding(
            self.file, vault, company, self.account.account_id,
            lambda: self.account.state().who, self.clock,
        )  # fmt: skip

    def shares_name(self, vault_id: str) -> bool:
        """Whether another company of the office has the same name: the door's list cannot tell them apart."""
        names = [(c.vault_id, fold(c.name)) for c in self.companies()]
        mine = next((name for ident, name in names if ident == vault_id), None)
        return any(name == mine and ident != vault_id for ident, name in names)

    def lock(self) -> None:
        """Drops every key. A company the window has open is the window's to close first."""
        if self._locked:
            return
        self._locked = True
        self.account.close()
        self.file.lock()

    def _held(
        self, company: OfficeCompany, vault: Vault, doors: DeskDoors, *, lent: bool = False
    ) -> Held:
        role = self.standing(vault, (company.name, company.corporate_number))
        return Held(company, vault, doors, role, lent)

    def _turn(self, vault_id: str) -> threading.RLock:
        with self._lock:
            return self._turns.setdefault(vault_id, threading.RLock())

    @contextmanager
    def _key_faults(self, company: OfficeCompany) -> Iterator[None]:
        """Opening by the kept key; a vault with a new key is said plainly."""
        try:
            yield
        except VaultFault as problem:
            if problem.code not in ("key_does_not_fit", "keys_altered"):
                raise
            raise VaultFault(KEY_OLD, _key_old(company)) from None

    def _must_be(self, vault: Vault, company: OfficeCompany) -> None:
        if vault.id == company.vault_id and vault.practice == self.practice:
            return
        vault.close(back_up=False)
        raise Known(
            "office-other-company",
            f"{company.name}のファイルが、別の会社のものに替わっています。元のファイルを戻してください。",
        )


_MIXED = "練習の会社は本番の事務所に、本番の会社は練習の事務所に入れられません。"


def _key_old(company: OfficeCompany) -> str:
    return (
        f"{company.name}は、鍵が新しくなりました。"
        "「事務所」の画面で、この会社の合言葉を一度入れてください。"
    )
