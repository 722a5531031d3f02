"""The verdict over one grant, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Eligibility(StrEnum):
    """対象, 対象外, or not known yet."""

    YES = "対象"
    NO = "対象外"
    OPEN = "まだ分からない"


class Window(StrEnum):
    """How the call for applications stands at the moment."""

    UPCOMING = "受付前"
    OPEN = "受付中"
    CLOSED = "受付終了"


@dataclass(frozen=True)
class Reason:
    """One condition and how it came out.

    `holds` is None while it is not known. `decisive`: it alone, or with the other decisive ones,
    makes the verdict. `because` are the sentences of the facts and legal figures that decided it;
    `source_sentence` a sentence of the form or guideline it came from (`source_note` says which),
    "" where none is at hand. `verified` is False where the condition is not checked against the
    scheme's own guideline. `gaps` are facts that would settle it.
    """

    sentence: str
    rule_id: str
    decisive: bool
    source_sentence: str = ""
    source_url: str = ""
    source_note: str = ""
    title: str = ""
    law: str = ""
    holds: bool | None = None
    because: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True)
class Verdict:
    """What is known about one grant for one company, on one day.

    `reasons`: the deciding ones first. `changes`: what would make a grant that is 対象外 fit, nothing
    where nothing would (a call that has ended). `gaps`: the facts to ask, in order; `gap_sets`: every
    minimal set of facts that could settle the verdict. `provisional`: rests on an assumed value;
    `unconfirmed`: on a value that nobody has looked at, such as an empty list of employees.
    """

    outcome: Eligibility
    reasons: tuple[Reason, ...]
    changes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    gap_sets: tuple[frozenset[str], ...] = ()
    window: Window = Window.OPEN
    provisional: bool = False
    unconfirmed: bool = False
