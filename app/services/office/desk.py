"""All companies of an office at once, as the frame of the window is given them: no vault is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock
from app.services.companies import CompanyCard
from app.services.office.matrix import ATTENTION, Matrix, matrix_of
from app.services.office.office import Office

if TYPE_CHECKING:
    from app.services.door_account import DoorAccount
    from app.services.office.batch import BatchParts
    from app.services.sign_in import SignedIn, SignInRequest, SignInState

ALL = "すべての会社"


class OfficeDesk:
    """What the window and the pages 今日, まとめて出す and 事務所 ask of an open office."""

    def __init__(self, office: Office, parts: BatchParts) -> None:
        self.office = office
        self.parts = parts
        self.vault = office.file.vault
        self.accounts = office.accounts
        self.practice = office.practice
        self.clock: Clock = office.clock

    @property
    def card(self) -> CompanyCard:
        """The plate of all companies: grey, so without a colour of its own."""
        path, count = self.office.file.path, len(self.office.companies())
        return CompanyCard(path, f"{count}社 {ALL}", "", self.office.name, "", "", self.practice)

    def as_account(self) -> OfficeAccountDesk:
        """The same for a sign-in, which is the office's and names it."""
        return OfficeAccountDesk(self.office, self.parts)

    @property
    def doors(self) -> DoorAccount:
        """The office's account, which is all of the doors that is open here."""
        return self.office.account

    def matrix(self) -> Matrix:
        """期限の表 as last seen."""
        return matrix_of(self.office)

    def procedures(self) -> Sequence[Any]:
        """None: a procedure is written for one company."""
        return ()

    def once_ratio(self) -> float | None:
        """None: it is told for one company."""
        return None

    def saved_at(self) -> datetime | None:
        """None: nothing is typed here."""
        return None

    def counts(self) -> Mapping[str, int]:
        """The companies with something to do."""
        rows = self.matrix().rows
        return {"today": sum(bool(row.states & set(ATTENTION)) for row in rows)}

    def begin_sign_in(self, *, embedded: bool = True) -> SignInRequest:
        """A fresh sign-in of the office's account."""
        return self.office.account.begin_sign_in(embedded=embedded)

    def complete_sign_in(self, url: str) -> SignedIn:
        """Finishes it with the returned address. Raises Known."""
        return self.office.account.complete_sign_in(url)

    def sign_out(self) -> None:
        """Drops the tokens and ends the session at the door."""
        self.office.account.sign_out()

    def sign_in_state(self) -> SignInState:
        """Who is signed in, until when."""
        return self.office.account.state()

    def keep(self) -> None:
        """Nothing is pending here."""

    def lock(self) -> None:
        """Nothing of a company is open; the office itself is locked by the window."""


class OfficeAccountDesk(OfficeDesk):
    """An office at a sign-in: what stands there is its own name."""

    @property
    def card(self) -> CompanyCard:
        """The office."""
        path = self.office.file.path
        return CompanyCard(path, self.office.name, "", "", "", "", self.practice)
