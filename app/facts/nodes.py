"""The compiled tree of an expression: what every node can do, and the plain nodes.

A node is built once. `run` is its closure: frame → (value or MISSING, weakness). `deciders` names
the parts that decide the present outcome; explanations and the fallback of gaps follow it down.
`family` gives the minimal sets of missing facts that would bring a goal about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from app.facts.definition import FactDef
from app.facts.gapsets import NEVER, SETTLED, Family, Goal, Pool, both
from app.facts.outcome import MISSING, UNKNOWN, Result
from app.facts.paths import fill, is_period, normal
from app.facts.record import BLANK, Value

Run = Callable[["Frame"], Result]

BOOL: Final = "bool"
INTEGER: Final = "integer"
RATIO: Final = "ratio"
TEXT: Final = "text"
DATE: Final = "date"
NOTHING: Final = "blank"
"""The kinds a node's value can have, known when the expression is compiled."""


def kind_of_fact(kind: str) -> str:
    """The kind of node that reads a fact of this kind."""
    if kind in ("integer", "yen"):
        return INTEGER
    return kind if kind in (RATIO, DATE, BOOL) else TEXT


class Cell(Protocol):
    """A place of the graph that a node reads: a fact, or the members of a collection."""

    path: str
    day: date
    result: Result | None
    dependants: set[Any]

    def refresh(self) -> Result:
        """Computes the result anew and keeps it."""
        ...

    def family(self, goal: Goal, pool: Pool) -> Family:
        """The minimal sets of missing facts that would bring the goal about."""
        ...


class Source(Protocol):
    """Where frames find cells: the graph."""

    def cell(self, path: str, day: date) -> Cell:
        """The cell of a fact on a day. Raises UnknownFact."""
        ...

    def members_cell(self, collection: str, day: date) -> Cell:
        """The cell of a collection's members on a day."""
        ...

    def column(self, collection: str, leaf: str, day: date) -> Cell | None:
        """One fact of all members at once (columns.py); None where it is had member by member."""
        ...


class Frame:
    """Where one expression is worked out: its scope, day, own period, and the cells it has read.

    `owner` is the cell to be marked when a cell read here changes. `locals` holds, for each loop
    variable, the member's path or the cell of a series' period. `answers` tells the answers of a
    draft, for expressions of procedures.
    """

    __slots__ = (
        "answers",
        "day",
        "locals",
        "owner",
        "period",
        "scope",
        "shifts",
        "slots",
        "source",
    )

    def __init__(
        self,
        source: Source,
        day: date,
        scope: str,
        shape: tuple[int, int],
        owner: Any = None,
        period: str = "",
        answers: Callable[[str], Value | None] | None = None,
    ) -> None:
        self.source = source
        self.day = day
        self.scope = scope
        self.period = period
        self.owner = owner
        self.slots: list[Cell | None] = [None] * shape[0]
        self.locals: list[Any] = [None] * shape[1]
        self.answers = answers
        self.shifts: dict[date, Frame] = {}

    def fetch(self, path: str) -> Cell:
        """The cell of a path on this frame's day, which from now on marks the owner."""
        cell = self.source.cell(path, self.day)
        if self.owner is not None:
            cell.dependants.add(self.owner)
        return cell

    def fetch_members(self, collection: str) -> Cell:
        """The cell of a collection's members, which from now on marks the owner."""
        cell = self.source.members_cell(collection, self.day)
        if self.owner is not None:
            cell.dependants.add(self.owner)
        return cell

    def fetch_column(self, collection: str, leaf: str) -> Cell | None:
        """One fact of all members at once, which from now on marks the owner; None without one."""
        column = self.source.column(collection, leaf, self.day)
        if column is not None and self.owner is not None:
            column.dependants.add(self.owner)
        return column

    def on(self, day: date) -> Frame:
        """The same frame on another day (its loop variables stay those of this one)."""
        if day == self.day:
            return self
        frame = self.shifts.get(day)
        if frame is None:
            shape = (len(self.slots), len(self.locals))
            frame = Frame(
                self.source, day, self.scope, shape, self.owner, self.period, self.answers
            )
            frame.locals = self.locals
            self.shifts[day] = frame
        return frame


Decider = tuple["Node", Frame]


class Node:
    """One part of a compiled expression."""

    kind: str = NOTHING
    run: Run

    def parts(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return ()

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The parts that decide the present outcome; each is to be used before the next is drawn."""
        for part in self.parts():
            yield part, frame

    def family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The minimal sets of missing facts that bring the goal about. Raises TooManySets."""
        value, _ = self.run(frame)
        if value is not MISSING:
            reached = goal is Goal.KNOWN or (value is True) is (goal is Goal.TRUE)
            return SETTLED if reached else NEVER
        found = self.open_family(frame, goal, pool)
        # A node that stays unknown with nothing missing below it has no value at all.
        return NEVER if found == SETTLED else found

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The family of a node that is not known now: by default all parts, outcome free."""
        return both(*(part.family(frame, Goal.KNOWN, pool) for part in self.parts()))


class Constant(Node):
    """A value written in the expression."""

    def __init__(self, value: Value, kind: str) -> None:
        self.value = value
        self.kind = kind
        result: Result = (value, 0)
        self.run = lambda frame: result


@dataclass(frozen=True)
class Place:
    """Which fact a read means: pattern parts before and after the loop variable.

    Without `variable`, `tail` is the pattern itself, filled from the frame's scope.
    """

    tail: str
    definition: FactDef
    slot: int
    variable: int | None = None

    def path(self, frame: Frame) -> str:
        """The concrete path, without a series' closing bracket."""
        if self.variable is None:
            return fill(self.tail, frame.scope)
        return str(frame.locals[self.variable]) + self.tail


class Read(Node):
    """The value of one fact, perhaps of one period of a series."""

    def __init__(self, place: Place, kind: str, period: Node | None = None) -> None:
        self.place = place
        self.kind = kind
        self.period = period
        self.run = self._fixed() if place.variable is None and period is None else self._moving

    def parts(self) -> tuple[Node, ...]:
        """The expression of the period, if there is one."""
        return (self.period,) if self.period else ()

    def _fixed(self) -> Run:
        slot, place = self.place.slot, self.place

        def run(frame: Frame) -> Result:
            cell = frame.slots[slot]
            if cell is None:
                cell = frame.slots[slot] = frame.fetch(place.path(frame))
            return cell.result or cell.refresh()

        return run

    def _moving(self, frame: Frame) -> Result:
        path = self.place.path(frame)
        if self.period is None:
            cell = frame.fetch(path)
            return cell.result or cell.refresh()
        period, weakness = self.period.run(frame)
        if not isinstance(period, str) or not is_period(period):
            return (BLANK, weakness) if period is BLANK else UNKNOWN
        cell = frame.fetch(f"{path}[{period}]")
        value, more = cell.result or cell.refresh()
        return value, weakness | more

    def target(self, frame: Frame) -> Cell | None:
        """The cell read now, or None while its period is not known."""
        path = self.place.path(frame)
        if self.period is None:
            return frame.fetch(path)
        period, _ = self.period.run(frame)
        known = isinstance(period, str) and is_period(period)
        return frame.fetch(f"{path}[{period}]") if known else None

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The family of the cell, or of the period while that is not known."""
        cell = self.target(frame)
        if cell is not None:
            return cell.family(goal, pool)
        return self.period.family(frame, Goal.KNOWN, pool) if self.period else NEVER


class Local(Node):
    """A loop variable that stands for one value of a series."""

    def __init__(self, variable: int, kind: str, definition: FactDef) -> None:
        self.variable = variable
        self.kind = kind
        self.definition = definition
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        cell: Cell = frame.locals[self.variable]
        return cell.result or cell.refresh()

    def target(self, frame: Frame) -> Cell:
        """The cell the variable stands for now."""
        cell: Cell = frame.locals[self.variable]
        return cell

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The family of the cell."""
        return self.target(frame).family(goal, pool)


class Member(Node):
    """A bare loop variable: the member itself, which is there."""

    kind = BOOL

    def __init__(self) -> None:
        self.run = lambda frame: (True, 0)


class Answer(Node):
    """The answer to a field of the draft at hand (a procedure's own, not a fact)."""

    def __init__(self, field_id: str, kind: str) -> None:
        self.field_id = field_id
        self.kind = kind
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        value = frame.answers(self.field_id) if frame.answers else None
        return UNKNOWN if value is None else (value, 0)

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The answer alone."""
        return pool.alone(f"answer.{self.field_id}")


def collection_path(pattern: str, frame: Frame) -> str:
    """The concrete path of a collection in the frame's scope."""
    filled = fill(pattern, frame.scope)
    return filled if normal(filled) == pattern else pattern
