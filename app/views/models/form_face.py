"""What one row of a form shows, as plain values: badge, edge, note, links and bands.

The face is computed from a draft's cell without Qt. A row compares the new face with the one it
shows and touches only the parts that differ, so that a keystroke costs one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.facts.record import Blank, Record
from app.forms.convert import FULL_ONLY, shown

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell, Problem


UNFINISHED = frozenset(
    {
        "digits-length", "too-short", "name-space", "phone-shape", "postal-shape", "email-shape",
        "date-unread", "date-not-real", "month-unread", "number-length", "number-check-digit",
    }
)  # fmt: skip
"""Problems that every value has while it is half typed."""


@dataclass(frozen=True)
class Action:
    """Something a person can press in a row: `name` is what the page does, `word` what it says."""

    name: str
    word: str


@dataclass(frozen=True)
class Rival:
    """One of several statements of a fact: its origin, its value as shown, and where it stands."""

    origin: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class BandFace:
    """One band under a field.

    `letter` and `instead` are set for a bad character only, `rivals` for a conflict only.
    """

    code: str
    kind: str
    sentence: str
    note: str = ""
    letter: str = ""
    instead: str = ""
    actions: tuple[Action, ...] = ()
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True)
class BadgeFace:
    """The origin column: an origin, or a word in its place."""

    origin: str = ""
    unconfirmed: bool = False
    conflicts: int = 0
    provisional: bool = False
    word: str = ""


@dataclass(frozen=True)
class RowFace:
    """Everything of a row but its text."""

    badge: BadgeFace
    state: str
    note: str
    links: tuple[Action, ...]
    bands: tuple[BandFace, ...]

    @property
    def remedy(self) -> str:
        """The action Ctrl+. takes: the first remedy of the first band, else the first link."""
        for band in self.bands:
            for action in band.actions:
                if action.name != "fix":
                    return action.name
        for link in self.links:
            if link.name in ("confirm", "blank"):
                return link.name
        return ""


def row_face(cell: Cell) -> RowFace:
    """The face of a cell."""
    bands = tuple(_band(cell, p) for p in cell.problems if p.open and not _unfinished(cell, p))
    note, links = _note(cell)
    return RowFace(_badge(cell), _edge(cell, bands), note, links, bands)


def _unfinished(cell: Cell, problem: Problem) -> bool:
    """Whether a problem may go away by typing on: said only when the field is left."""
    return cell.pending and problem.code in UNFINISHED


def rivals_of(cell: Cell) -> tuple[Record, ...]:
    """The competing records of a conflict, the one that counts first; one for each value."""
    found: dict[str, Record] = {}
    for record in (cell.record, *cell.competitors):
        if record is not None:
            found.setdefault(repr(record.value), record)
    return tuple(found.values())


def _edge(cell: Cell, bands: Sequence[BandFace]) -> str:
    if cell.locked:
        return "locked"
    if any(b.kind == "danger" for b in bands):
        return "error"
    return "warn" if bands else ""


def _badge(cell: Cell) -> BadgeFace:
    if not cell.answered:
        if cell.text:  # typed, and not readable yet
            return BadgeFace(origin="typed")
        return BadgeFace(word="任意" if cell.field.optional else "未回答")
    if cell.pending:
        return BadgeFace(origin="typed")
    if isinstance(cell.value, Blank):
        return BadgeFace(word="空欄")
    conflicting = str(cell.state) == "conflicting"
    return BadgeFace(
        origin=str(cell.origin or "typed"),
        unconfirmed=str(cell.state) == "unconfirmed",
        conflicts=len(rivals_of(cell)) if conflicting else 0,
        provisional=cell.provisional and str(cell.origin) != "assumed",
    )


def _band(cell: Cell, problem: Problem) -> BandFace:
    if problem.blocks:
        return _danger(problem)
    rivals = rivals_of(cell)
    if problem.code == "conflict" and len(rivals) > 1:
        return BandFace(
            problem.code,
            "warn",
            problem.sentence,
            rivals=tuple(_rival(cell, record) for record in rivals),
        )
    right = Action(f"accept:{problem.code}", "このままで正しい")
    return BandFace(problem.code, "warn", problem.sentence, problem.note, actions=(right,))


def _rival(cell: Cell, record: Record) -> Rival:
    day = record.valid_from or record.recorded_at.date()
    return Rival(record.origin.value, shown(cell.field, record.value), f"{day:%Y-%m-%d}")


def _danger(problem: Problem) -> BandFace:
    if not problem.character:
        return BandFace(problem.code, "danger", problem.sentence, problem.note)
    offered = tuple(problem.substitutes)
    actions = [
        Action("substitute" if n == 0 else f"substitute:{letter}", f"「{letter}」に替えて送る")
        for n, letter in enumerate(offered)
    ]
    note = problem.note or (
        "本当の字は記録に残ります。"
        if offered
        else "替えの字が決まっていません。別の字で入れてください。"
    )
    # the button says the remedy, so the bold sentence says only what is
    sentence = problem.sentence.split("。")[0] + "。" if offered else problem.sentence
    return BandFace(
        problem.code,
        "danger",
        sentence,
        note,
        problem.character,
        offered[0] if offered else "",
        (*actions, Action("fix", "字を直す")),
    )


def _note(cell: Cell) -> tuple[str, tuple[Action, ...]]:
    """The 12 px line under the field and its links; the most telling of what could be said."""
    field = cell.field
    if not cell.answered or cell.pending:
        links = (Action("blank", "空欄のままにする"),) if field.blank_allowed else ()
        unread = cell.text and not cell.pending  # its band says what to do
        return ("" if unread else field.where or field.help), links
    if isinstance(cell.value, Blank):
        return "空欄のまま送ります。", (Action("clear", "戻す"),)
    if cell.note:
        # figures, and letters the form wants in one width, cannot stand as they were typed
        fixed = field.kind in ("integer", "yen") or field.profile in FULL_ONLY
        return cell.note, () if fixed else (Action("restore", "戻す"),)
    if cell.substituted and not cell.blocked:
        sentence = f"「{cell.sent_text}」として送ります。記録の字はそのままです。"
        return sentence, (Action("fix", "字を直す"),)
    settled = next((p for p in cell.problems if p.accepted_by), None)
    if settled is not None:
        return accepted_sentence(settled), ()
    if str(cell.state) == "unconfirmed":
        return "まだ確かめていません。", (Action("confirm", "この値で正しい"),)
    if str(cell.state) == "assumed":
        return "仮に置いた値です。", (Action("confirm", "この値で正しい"),)
    return "", ()


def accepted_sentence(problem: Problem) -> str:
    """Who said a warned value is right, and when."""
    when = moment_text(problem.accepted_at) if problem.accepted_at else ""
    return f"{problem.accepted_by}さんが {when} に、このままで正しいと確かめました。"


def moment_text(at: datetime) -> str:
    """7月3日 13:42."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"
