"""What the pages ask of the care of an open vault, and the words for what opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.clock import JST

_KINDS = {
    "passphrase": ("key-round", "いつも残ります。変えるには、下の「合言葉を変える」。"),
    "keyring": ("fingerprint-pattern", "起動のときだけ、このパソコンで開きます。"),
    "age": ("lock-keyhole", "この宛先の鍵を持つ人が開けます。"),
    "recovery": ("printer", "終わらせるには、下の「鍵を替える」。"),
}
REMOVABLE = ("keyring", "age")
"""The passphrase always stays; the paper holds the key itself and ends only with a new key."""


class Opener(Protocol):
    """One way to open the vault: `kind` is passphrase, keyring, age or recovery."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def added_at(self) -> datetime: ...


class Renewed(Protocol):
    """A new key: the text of its recovery sheet, and a sentence to be known, or ""."""

    @property
    def recovery_text(self) -> str: ...
    @property
    def note(self) -> str: ...


class Erasable(Protocol):
    """Somebody of whom something is kept; `target` is what `Care.erase` takes."""

    @property
    def target(self) -> str: ...
    @property
    def collection(self) -> str: ...
    @property
    def name(self) -> str: ...


class Erased(Protocol):
    """What goes for good, counted, and the filings it stays in."""

    @property
    def records(self) -> int: ...
    @property
    def drafts(self) -> int: ...
    @property
    def filings(self) -> int: ...
    @property
    def with_numbers(self) -> int: ...


class Care(Protocol):
    """The care of an open vault. Every call may block and raise Known."""

    def slots(self) -> Sequence[Opener]: ...
    def remove_slot(self, slot_id: str) -> object: ...
    def add_age_recipient(self, text: str) -> object: ...
    def rekey(self, passphrase: str) -> Renewed: ...
    def check(self) -> Sequence[str]: ...
    def purge_drafts(self, before: date) -> int: ...
    def erasable(self) -> Sequence[Erasable]: ...
    def would_erase(self, target: str) -> Erased: ...
    def erase(self, target: str, reason: str) -> Erased: ...


def care_of(desk: Any) -> Care | None:
    """The care of the company that is open; None where this desk has none."""
    found: Care | None = getattr(desk, "care", None)
    return found


def opener_words(opener: Opener) -> tuple[str, str]:
    """(icon, note) of one way to open the vault; its title is its label."""
    icon, note = _KINDS.get(opener.kind, ("key-round", ""))
    day = opener.added_at.astimezone(JST)
    since = f"{day.year}年{day.month}月{day.day}日から"
    return icon, "  ・  ".join(part for part in (note, since) if part)
