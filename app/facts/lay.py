"""An expression worked out for many members at once: node by node, each over all of them.

`lay` turns a compiled tree into a closure (frame, members' paths) → one result a member, equal to
running the tree for one member after the other (tests hold it against that). What does not change
from member to member is worked out once, and what members tell is read from columns (columns.py),
which spares a cell for each fact of each member. As one by one, an operand that the ones before it
have made needless for a member is not worked out for that member.

The members are bound either by the variable of a loop (`Looped`), or as the scope of the derivation
of a fact of theirs (`Scoped`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.facts.alternatives import Conditional, Otherwise, agreed
from app.facts.moments import OwnPeriod, Today
from app.facts.nodes import BOOL, Constant, Frame, Node, Read
from app.facts.operators import (
    BLANK_AT_BLANK,
    FALSE_AT_BLANK,
    TAKES_BLANK,
    Figure,
    Junction,
    Negation,
    Strict,
)
from app.facts.outcome import MISSING, UNKNOWN, NoValue, Result
from app.facts.paths import is_period
from app.facts.record import BLANK

_Thing = TypeVar("_Thing")

Rows = Sequence[str]
Laid = Callable[[Frame, Rows], list[Result]]


class Unfit(Exception):
    """The expression has a part that can only be worked out member by member."""


@dataclass(frozen=True)
class Looped:
    """The members are those a loop's variable stands for; what cannot be laid is run one by one."""

    collection: str
    variable: int

    def leaf(self, read: Read) -> str | None:
        """What the read means inside the member; None where it does not read the member."""
        place = read.place
        return place.tail[1:] if place.variable == self.variable else None

    def alone(self, node: Node) -> Laid:
        """The node run with the variable bound to each member in turn."""
        variable, run = self.variable, node.run

        def laid(frame: Frame, rows: Rows) -> list[Result]:
            found = []
            for row in rows:
                frame.locals[variable] = row
                found.append(run(frame))
            return found

        return laid


@dataclass(frozen=True)
class Scoped:
    """The members are the scope of a derivation."""

    collection: str

    def leaf(self, read: Read) -> str | None:
        """What the read means inside the member; None where it does not read the member."""
        place, head = read.place, f"{self.collection}[]."
        inside = place.variable is None and place.tail.startswith(head)
        return place.tail[len(head) :] if inside else None

    def alone(self, node: Node) -> Laid:
        """Raises Unfit: a frame has one scope."""
        raise Unfit


Binding = Looped | Scoped


def lay(node: Node, binding: Binding) -> Laid | None:
    """The node over many members; None where it is the same for all. Raises Unfit."""
    match node:
        case Constant() | Today() | OwnPeriod():
            return None
        case Figure() if node.day is None or lay(node.day, binding) is None:
            return None
        case Read():
            return _read(node, binding)
        case Strict() if len(node.operands) == 2:
            return _pair(node, binding)
        case Strict() | Negation() | Conditional() | Junction() | Otherwise():
            laid = [lay(part, binding) for part in node.parts()]
            if all(part is None for part in laid):
                return None
            parts = [part or _same(its) for part, its in zip(laid, node.parts(), strict=True)]
            return _COMBINED[type(node)](node, parts)
    return binding.alone(node)


def lay_all(node: Node, binding: Binding) -> Laid:
    """The node over many members, worked out once where it is the same for all. Raises Unfit."""
    return lay(node, binding) or _same(node)


def _same(node: Node) -> Laid:
    return lambda frame, rows: [node.run(frame)] * len(rows) if rows else []


def _read(node: Read, binding: Binding) -> Laid | None:
    leaf, period = binding.leaf(node), node.period
    if period is not None and lay(period, binding) is not None:
        return binding.alone(node)
    if leaf is None:
        return None
    collection = binding.collection

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        name, weakness = leaf, 0
        if not rows:
            return []
        if period is not None:
            month, weakness = period.run(frame)
            if not isinstance(month, str) or not is_period(month):
                return [(BLANK, weakness) if month is BLANK else UNKNOWN] * len(rows)
            name = f"{leaf}[{month}]"
        found = _told(frame, collection, name, rows)
        if not weakness:
            return found
        return [(value, weakness | weak) for value, weak in found]

    return laid


def _told(frame: Frame, collection: str, leaf: str, rows: Rows) -> list[Result]:
    column = frame.fetch_column(collection, leaf)
    if column is None:
        cells = [frame.fetch(f"{row}.{leaf}") for row in rows]
        return [cell.result or cell.refresh() for cell in cells]
    by_row, _ = column.result or column.refresh()
    return [by_row[row] for row in rows]


def _pair(node: Strict, binding: Binding) -> Laid | None:
    """Two operands, the commonest of all; one that is the same for all is worked out once."""
    left, right = (lay(operand, binding) for operand in node.operands)
    if left is None and right is None:
        return None
    work, hands_over, blank = _manner(node)
    first, second = left or _same(node.operands[0]), right or _same(node.operands[1])

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        ones = first(frame, rows)
        known = [place for place, (value, _) in enumerate(ones) if value is not MISSING]
        if not known:
            return [UNKNOWN] * len(rows)
        others = second(frame, _picked(rows, known))
        if len(known) < len(rows):
            ones = [ones[place] for place in known]
        found: list[Result] = []
        for (a, weak), (b, more) in zip(ones, others, strict=True):
            if b is MISSING:
                found.append(UNKNOWN)
            elif (a is BLANK or b is BLANK) and not hands_over:
                found.append((blank, weak | more))
            else:
                try:
                    found.append((work(a, b), weak | more))
                except NoValue:
                    found.append(UNKNOWN)
        return found if len(known) == len(rows) else _put([UNKNOWN] * len(rows), known, found)

    return laid


def _manner(node: Strict) -> tuple[Callable[..., Any], bool, Any]:
    blank = {FALSE_AT_BLANK: False, BLANK_AT_BLANK: BLANK, TAKES_BLANK: BLANK}[node.at_blank]
    return node.work, node.at_blank == TAKES_BLANK, blank


def _strict(node: Strict, parts: list[Laid]) -> Laid:
    work, hands_over, blank = _manner(node)

    def one(results: tuple[Result, ...]) -> Result:
        values = [value for value, _ in results]
        weakness = 0
        for value, weak in results:
            if value is MISSING:
                return UNKNOWN
            weakness |= weak
        if not hands_over and BLANK in values:
            return blank, weakness
        try:
            return work(*values), weakness
        except NoValue:
            return UNKNOWN

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        columns = [part(frame, rows) for part in parts]
        return [one(results) for results in zip(*columns, strict=True)]

    return laid


def _negation(node: Negation, parts: list[Laid]) -> Laid:
    (inner,) = parts

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        return [
            UNKNOWN if value is MISSING else (value is not True, weak)
            for value, weak in inner(frame, rows)
        ]

    return laid


def _otherwise(node: Otherwise, parts: list[Laid]) -> Laid:
    told, silent = parts

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        found = told(frame, rows)
        left = [place for place, (value, _) in enumerate(found) if value is MISSING]
        return _put(list(found), left, silent(frame, _picked(rows, left))) if left else found

    return laid


def _junction(node: Junction, parts: list[Laid]) -> Laid:
    """As `Junction` runs one member; members that a firm operand has decided are done."""
    absorbing = node.absorbing

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        found: list[Result] = [(not absorbing, 0)] * len(rows)
        open_: set[int] = set()
        best: dict[int, int] = {}
        weakest: dict[int, int] = {}
        left: Sequence[int] = range(len(rows))
        for part in parts:
            going: list[int] = []
            for place, (value, weak) in zip(left, part(frame, _picked(rows, left)), strict=True):
                if value is MISSING:
                    open_.add(place)
                elif (value is True) is absorbing:
                    if not weak:
                        found[place] = (absorbing, 0)
                        continue
                    best[place] = min(best.get(place, weak), weak)
                elif weak:
                    weakest[place] = weakest.get(place, 0) | weak
                going.append(place)
            left = going
        undecided = {*open_, *best, *weakest}.intersection(left)
        for place in undecided:
            if place in best:
                found[place] = (absorbing, best[place])
            elif place in open_:
                found[place] = UNKNOWN
            else:
                found[place] = (not absorbing, weakest[place])
        return found

    return laid


def _conditional(node: Conditional, parts: list[Laid]) -> Laid:
    """As `Conditional` runs one member; each way only for the members that go it."""
    condition, then, other = parts
    if node.kind == BOOL:
        then, other = _yes_or_no(then), _yes_or_no(other)

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        tests = condition(frame, rows)
        found: list[Result] = [UNKNOWN] * len(rows)
        yes: list[int] = []
        no: list[int] = []
        open_: list[int] = []
        for place, (value, _) in enumerate(tests):
            (yes if value is True else open_ if value is MISSING else no).append(place)
        for way, places in ((then, yes), (other, no)):
            taken = way(frame, _picked(rows, places))
            for place, (value, weak) in zip(places, taken, strict=True):
                found[place] = (value, tests[place][1] | weak)
        some = _picked(rows, open_)
        ways = zip(then(frame, some), other(frame, some), strict=True) if open_ else ()
        for place, (one, two) in zip(open_, ways, strict=True):
            found[place] = agreed(one, two)
        return found

    return laid


def _yes_or_no(way: Laid) -> Laid:
    """The way of a yes-or-no condition: a blank is a no."""

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        return [
            UNKNOWN if value is MISSING else (value is True, weak)
            for value, weak in way(frame, rows)
        ]

    return laid


_COMBINED: dict[type[Node], Callable[[Any, list[Laid]], Laid]] = {
    Strict: _strict,
    Negation: _negation,
    Conditional: _conditional,
    Junction: _junction,
    Otherwise: _otherwise,
}


def _picked(things: Sequence[_Thing], places: Sequence[int]) -> Sequence[_Thing]:
    return things if len(places) == len(things) else [things[place] for place in places]


def _put(found: list[Result], places: Sequence[int], results: Sequence[Result]) -> list[Result]:
    for place, result in zip(places, results, strict=True):
        found[place] = result
    return found
