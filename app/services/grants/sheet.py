"""What the page 支援 shows, as plain values: a line of the list, and one grant opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.grant import GrantChange, GrantFile, GrantRound

ELIGIBLE = "対象"
INELIGIBLE = "対象外"
UNKNOWN = "まだ分からない"
OUTCOMES = (ELIGIBLE, UNKNOWN, INELIGIBLE)


@dataclass(frozen=True)
class GrantLine:
    """One row: title, 上限 and 締切 in one line, the one deciding reason, the verdict."""

    key: str
    title: str
    figures: str
    reason: str
    outcome: str
    starred: bool = False
    changed: bool = False
    practice: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition of a grant for this company. `holds` None: not known yet.

    `origin` is where the deciding fact came from ("" when none was read); `source_sentence` is the
    guideline's own sentence where there is one.
    """

    sentence: str
    note: str
    holds: bool | None
    origin: str = ""
    source_sentence: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Ask:
    """A fact that would settle a verdict, asked for on the spot. `choices` are (value, word)."""

    path: str
    label: str
    where: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class GrantSheet:
    """One grant opened. `body` is cleaned HTML; `figures` are (label, value) pairs."""

    line: GrantLine
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    why: str
    conditions: tuple[Condition, ...]
    changes: tuple[str, ...]
    asks: tuple[Ask, ...]
    differences: tuple[GrantChange, ...] = ()
    body: str = field(default="", repr=False)
    body_note: str = ""
    rounds: tuple[GrantRound, ...] = ()
    files: tuple[GrantFile, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    page_url: str = ""
    credit: str = ""
    door_sentence: str = ""
    procedure_id: str = ""


@dataclass(frozen=True)
class Counts:
    """How many of the kept grants stand how."""

    total: int
    eligible: int
    unknown: int
    ineligible: int


@dataclass(frozen=True)
class Kept:
    """What is kept on this machine, in a sentence, and when it was last refreshed."""

    sentence: str
    refreshed_at: datetime | None
    count: int
