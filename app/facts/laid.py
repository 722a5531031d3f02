"""What each kind of node does over many members at once, from what its parts give over them.

Each equals the node's own `run` for one member after the other; lay.py says which node takes which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from app.facts.alternatives import Assume, Coalesce, Conditional, Otherwise, agreed
from app.facts.nodes import BOOL, Frame, Node
from app.facts.operators import (
    BLANK_AT_BLANK,
    FALSE_AT_BLANK,
    TAKES_BLANK,
    Junction,
    Negation,
    Strict,
)
from app.facts.outcome import MISSING, PROVISIONAL, UNKNOWN, NoValue, Result
from app.facts.record import BLANK

_Thing = TypeVar("_Thing")

Rows = Sequence[str]
"""Paths of members."""

Laid = Callable[[Frame, Rows], list[Result]]
"""A node over many members: one result each."""


def _pair(node: Strict, parts: list[Laid]) -> Laid:
    """Two operands, the commonest of all; the second only for members whose first is known."""
    work, hands_over, blank = _manner(node)
    first, second = parts

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
    """Any operands; two have their own way."""
    if len(parts) == 2:
        return _pair(node, parts)
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
        if len(left) == len(rows):
            return silent(frame, rows)
        return _put(list(found), left, silent(frame, _picked(rows, left))) if left else found

    return laid


def _assume(node: Assume, parts: list[Laid]) -> Laid:
    wanted, instead = parts

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        found = wanted(frame, rows)
        left = [place for place, (value, _) in enumerate(found) if value is MISSING]
        assumed = [
            UNKNOWN if value is MISSING else (value, weak | PROVISIONAL)
            for value, weak in instead(frame, _picked(rows, left))
        ]
        return _put(list(found), left, assumed)

    return laid


def _coalesce(node: Coalesce, parts: list[Laid]) -> Laid:
    def laid(frame: Frame, rows: Rows) -> list[Result]:
        found: list[Result] = [(BLANK, 0)] * len(rows)
        left: Sequence[int] = range(len(rows))
        for part in parts:
            blank: list[int] = []
            for place, (value, weak) in zip(left, part(frame, _picked(rows, left)), strict=True):
                found[place] = UNKNOWN if value is MISSING else (value, found[place][1] | weak)
                if value is BLANK:
                    blank.append(place)
            left = blank
        return found

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


def _picked(things: Sequence[_Thing], places: Sequence[int]) -> Sequence[_Thing]:
    return things if len(places) == len(things) else [things[place] for place in places]


def _put(found: list[Result], places: Sequence[int], results: Sequence[Result]) -> list[Result]:
    for place, result in zip(places, results, strict=True):
        found[place] = result
    return found


COMBINED: Final[dict[type[Node], Callable[[Any, list[Laid]], Laid]]] = {
    Strict: _strict,
    Negation: _negation,
    Conditional: _conditional,
    Junction: _junction,
    Coalesce: _coalesce,
    Otherwise: _otherwise,
    Assume: _assume,
}
