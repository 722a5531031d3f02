"""What the window asks of the program it stands in: protocols over services, joined by bootstrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.clock import Clock
from app.views.page import Page, Window

if TYPE_CHECKING:
    from app.services.connectors.houjin_bangou import RegisterEntry
    from app.services.obligations import Today


class Card(Protocol):
    """A company as the list of the unlock page knows it (no vault is open for this)."""

    @property
    def path(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def corporate_number(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def plate(self) -> str: ...
    @property
    def kanji(self) -> str: ...
    @property
    def last_opened(self) -> datetime | None: ...
    @property
    def due_count(self) -> int: ...
    @property
    def practice(self) -> bool: ...


class Created(Protocol):
    """A company just made: opened, with the text of its recovery key."""

    @property
    def opened(self) -> Any: ...
    @property
    def recovery_text(self) -> str: ...


class SignIn(Protocol):
    """Whether somebody is signed in, until when, and who."""

    @property
    def signed_in(self) -> bool: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def who(self) -> str: ...


class ProcedureRow(Protocol):
    """A procedure that can be written."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def authority(self) -> str: ...


class Desk(Protocol):
    """One open company, as far as the frame and the first page need it."""

    @property
    def card(self) -> Card: ...
    @property
    def practice(self) -> bool: ...
    @property
    def clock(self) -> Clock: ...

    def today(self) -> Today: ...
    def procedures(self) -> Sequence[ProcedureRow]: ...
    def sign_in_state(self) -> SignIn: ...

    def once_ratio(self) -> float | None:
        """The 一度率 over all drafts, 0 to 1; None while nothing has been filled."""

    def saved_at(self) -> datetime | None:
        """When the last change reached the disk."""

    def counts(self) -> Mapping[str, int]:
        """Counts for the navigation: "today" and "outbox"."""

    def keep(self) -> None:
        """Writes what is pending now. Raises Known."""

    def lock(self) -> None:
        """Closes the vault and forgets its key."""


class Companies(Protocol):
    """The companies of this machine. What is opened is handed to `House.desk`."""

    def cards(self) -> Sequence[Card]: ...
    def look_up(self, number: str, *, practice: bool) -> RegisterEntry: ...
    def create(
        self,
        number: str,
        entry: RegisterEntry | None,
        passphrase: str,
        *,
        practice: bool,
        name: str = "",
    ) -> Created: ...
    def open(self, card: Any, passphrase: str) -> Any: ...
    def open_with_recovery(self, card: Any, text: str) -> Any: ...
    def open_with_keyring(self, card: Any) -> Any: ...
    def import_file(self, path: Path) -> Card: ...


class House(Protocol):
    """The program around the window."""

    @property
    def resources(self) -> Path: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def companies(self) -> Companies: ...

    def desk(self, opened: Any) -> Desk:
        """The desk of a company just opened. Called off the window's thread."""

    def recovery_pdf(self, created: Any) -> bytes:
        """The recovery sheet as a PDF. Called off the window's thread."""

    @property
    def version_line(self) -> str:
        """What stands at the foot of the first page, e.g. 一度 0.1.0."""

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a key or a press the vault is locked; 0 never."""

    @property
    def hide_companies(self) -> bool:
        """Whether no company is named before one is open."""

    def folder_fault(self) -> str:
        """A sentence when the folder chosen for the vaults is not there; else ""."""

    @property
    def practice_hint(self) -> str:
        """A sentence for the first step of a practice company, e.g. a number to try; may be empty."""

    def page(self, name: str, desk: Any, window: Window, asked: Mapping[str, str]) -> Page:
        """Makes a page. Raises LookupError for a place that this version does not have."""

    def keep_look(self, mode: str, text_scale: float) -> None:
        """Remembers the theme ("light", "dark", "system") and the text size."""

    def switch_language(self) -> str:
        """Switches between Japanese and English from the next start; gives a sentence saying so."""
