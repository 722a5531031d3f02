"""Nodes that gather over a collection's members or a series' periods: sum, count, any, all, min, max.

Each item may be left out by a condition. An item whose condition is open leaves a sum or a count
open, while `any` and `all` are decided by one firm item, as `or` and `and` are. Blank items add
nothing. That a list is empty is something nobody has said, so an outcome that rests on an empty
list is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from app.facts.definition import FactDef
from app.facts.gapsets import NEVER, SETTLED, Family, Goal, Pool, both, either
from app.facts.laid import Laid
from app.facts.lay import Looped, lay_all
from app.facts.nodes import (
    BOOL,
    Cell,
    Constant,
    Decider,
    Frame,
    Node,
    Place,
    collection_path,
)
from app.facts.outcome import FIRM, MISSING, UNKNOWN, NoValue, Result, bounded
from app.facts.paths import is_period
from app.facts.record import BLANK


class Items(Protocol):
    """What a gathering walks over: binds the loop variable to one item after the other."""

    label: str

    def listed(self, frame: Frame) -> Result:
        """The items (a tuple) or MISSING, and the weakness of the list itself."""
        ...

    def open_family(self, frame: Frame, pool: Pool) -> Family:
        """The sets that make the list known."""
        ...


class Members:
    """The members of a collection, in order of their first record."""

    def __init__(
        self, pattern: str, outer: tuple[int, str] | None, label: str, counter: str
    ) -> None:
        self.pattern = pattern
        self.outer = outer
        self.label = label
        self.counter = counter

    def listed(self, frame: Frame) -> Result:
        """The members' paths, never missing; no members at all is unconfirmed."""
        cell = self.cell(frame)
        return cell.result or cell.refresh()

    def cell(self, frame: Frame) -> Cell:
        """The cell of the members."""
        if self.outer is None:
            return frame.fetch_members(collection_path(self.pattern, frame))
        variable, tail = self.outer
        return frame.fetch_members(f"{frame.locals[variable]}{tail}")

    def open_family(self, frame: Frame, pool: Pool) -> Family:
        """Always settled."""
        return SETTLED


class Periods:
    """The values of a series over periods that an expression gives."""

    def __init__(self, place: Place, periods: Node, label: str) -> None:
        self.place = place
        self.periods = periods
        self.label = label

    @property
    def definition(self) -> FactDef:
        """The series."""
        return self.place.definition

    def listed(self, frame: Frame) -> Result:
        """The cells of the periods, or MISSING while the periods are not known."""
        periods, weakness = self.periods.run(frame)
        if periods is MISSING or periods is BLANK:
            return UNKNOWN
        path = self.place.path(frame)
        if not all(is_period(period) for period in periods):
            return UNKNOWN
        return tuple(frame.fetch(f"{path}[{period}]") for period in periods), weakness

    def open_family(self, frame: Frame, pool: Pool) -> Family:
        """The sets that make the periods known."""
        return self.periods.family(frame, Goal.KNOWN, pool)


def _total(values: list[Any]) -> Any:
    return bounded(sum(values))


GATHERINGS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": _total,
    "count": lambda values: sum(1 for value in values if value is not False),
    "min": lambda values: min(values) if values else BLANK,
    "max": lambda values: max(values) if values else BLANK,
}


class Count(Node):
    """`employees.count`: how many members there are."""

    kind = "integer"

    def __init__(self, items: Members) -> None:
        self.items = items
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        listed, weakness = self.items.listed(frame)
        return len(listed), weakness


class _Gathering(Node):
    """The common part: walking the items with the loop variable bound."""

    def __init__(self, items: Items, variable: int, element: Node, condition: Node | None) -> None:
        self.items = items
        self.variable = variable
        self.element = element
        self.condition = condition

    def parts(self) -> tuple[Node, ...]:
        """The element and the condition."""
        return (self.element, self.condition) if self.condition else (self.element,)

    def walk(self, frame: Frame) -> Iterator[None]:
        """Binds the loop variable to each item in turn; nothing while the list is open."""
        listed, _ = self.items.listed(frame)
        if listed is not MISSING:
            for item in listed:
                frame.locals[self.variable] = item
                yield

    def included(self, frame: Frame) -> Result:
        """Whether the item at hand takes part."""
        return self.condition.run(frame) if self.condition else (True, FIRM)

    def condition_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The sets that let the item at hand take part, or leave it out."""
        if self.condition:
            return self.condition.family(frame, goal, pool)
        return SETTLED if goal is Goal.TRUE else NEVER


class Gather(_Gathering):
    """sum, count, min or max of the items that take part."""

    def __init__(
        self,
        name: str,
        items: Items,
        variable: int,
        element: Node,
        condition: Node | None,
        kind: str,
    ) -> None:
        super().__init__(items, variable, element, condition)
        self.name = name
        self.kind = kind
        self.finish = GATHERINGS[name]
        self.laid = self._lay()
        self.run = self._run

    def _lay(self) -> tuple[Laid, Laid] | None:
        """Condition and element over all members at once; None where items are not such members."""
        items = self.items
        if not isinstance(items, Members) or items.outer is not None or "[" in items.pattern:
            return None
        binding = Looped(items.pattern, self.variable)
        condition = self.condition or Constant(True, BOOL)
        return lay_all(condition, binding), lay_all(self.element, binding)

    def _run(self, frame: Frame) -> Result:
        listed, weakness = self.items.listed(frame)
        if listed is MISSING:
            return UNKNOWN
        if self.laid is not None:
            return self._at_once(self.laid, frame, listed, weakness)
        values = []
        for item in listed:
            frame.locals[self.variable] = item
            holds, weak = self.included(frame)
            if holds is MISSING:
                return UNKNOWN
            weakness |= weak
            if holds is not True:
                continue
            value, weak = self.element.run(frame)
            if value is MISSING:
                return UNKNOWN
            weakness |= weak
            if value is not BLANK:
                values.append(value)
        return self._finished(values, weakness)

    def _at_once(
        self, laid: tuple[Laid, Laid], frame: Frame, listed: tuple[str, ...], weakness: int
    ) -> Result:
        """As item by item, but each part of the expression over all members."""
        condition, element = laid
        taken = []
        for row, (holds, weak) in zip(listed, condition(frame, listed), strict=True):
            if holds is MISSING:
                return UNKNOWN
            weakness |= weak
            if holds is True:
                taken.append(row)
        values = []
        for value, weak in element(frame, taken):
            if value is MISSING:
                return UNKNOWN
            weakness |= weak
            if value is not BLANK:
                values.append(value)
        return self._finished(values, weakness)

    def _finished(self, values: list[Any], weakness: int) -> Result:
        try:
            return self.finish(values), weakness
        except NoValue:
            return UNKNOWN

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """Condition and element of every item that takes part; of an open one only what is open."""
        unknown = self.run(frame)[0] is MISSING
        for _ in self.walk(frame):
            holds, _weak = self.included(frame)
            if self.condition and (holds is MISSING or not unknown):
                yield self.condition, frame
            if holds is False or holds is BLANK:
                continue
            if not unknown or self.element.run(frame)[0] is MISSING:
                yield self.element, frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """Every item must be left out or known."""
        if self.items.listed(frame)[0] is MISSING:
            return self.items.open_family(frame, pool)
        families = [SETTLED]
        for _ in self.walk(frame):
            out = self.condition_family(frame, Goal.FALSE, pool)
            taken = self.condition_family(frame, Goal.TRUE, pool)
            value = self.element.family(frame, Goal.KNOWN, pool)
            families.append(either(out, both(taken, value)))
        return both(*families)


class Quantifier(_Gathering):
    """any (absorbing: yes) or all (absorbing: no): `or` or `and` over the items.

    A condition is part of the element: any(x if c) asks for `c and x`, all(x if c) for
    `not c or x`.
    """

    kind = BOOL

    def __init__(self, items: Items, variable: int, element: Node, absorbing: bool) -> None:
        super().__init__(items, variable, element, None)
        self.absorbing = absorbing
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        listed, weakest = self.items.listed(frame)
        if listed is MISSING:
            return UNKNOWN
        absorbing = self.absorbing
        open_ = False
        best = -1
        for item in listed:
            frame.locals[self.variable] = item
            value, weak = self.element.run(frame)
            if value is MISSING:
                open_ = True
            elif (value is True) is absorbing:
                if not weak:
                    return absorbing, FIRM
                best = weak if best < 0 else min(best, weak)
            else:
                weakest |= weak
        if best >= 0:
            return absorbing, best
        return UNKNOWN if open_ else (not absorbing, weakest)

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The firmest absorbing item; else the open items; else all."""
        value, weak = self.run(frame)
        for _ in self.walk(frame):
            found, its = self.element.run(frame)
            if value is self.absorbing:
                if found is not MISSING and (found is True) is value and its == weak:
                    yield self.element, frame
                    return
            elif found is MISSING or value is not MISSING:
                yield self.element, frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """One item brings the absorbing outcome about, all together the other."""
        if self.items.listed(frame)[0] is MISSING:
            return self.items.open_family(frame, pool)
        if goal is Goal.KNOWN:
            return either(
                self.open_family(frame, Goal.TRUE, pool), self.open_family(frame, Goal.FALSE, pool)
            )
        families = [self.element.family(frame, goal, pool) for _ in self.walk(frame)]
        return either(*families) if (goal is Goal.TRUE) is self.absorbing else both(*families)
