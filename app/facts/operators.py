"""Nodes that combine: strict operations, and/or/not; and the legal figures they work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.facts.definition import Parameter, ParameterValue
from app.facts.gapsets import SETTLED, Family, Goal, Pool, both, either
from app.facts.nodes import BOOL, INTEGER, RATIO, Decider, Frame, Node, Run
from app.facts.outcome import MISSING, UNKNOWN, NoValue, Result
from app.facts.record import BLANK

FALSE_AT_BLANK: Final = "false"
BLANK_AT_BLANK: Final = "blank"
TAKES_BLANK: Final = "takes"
"""What a strict operation makes of a blank operand: no, blank, or it is handed over."""


class Strict(Node):
    """An operation that needs all its operands, such as + or age(…).

    A missing operand makes the outcome missing. A blank one makes it blank (for a comparison of
    size: no), unless the operation takes blanks. NoValue makes it missing: nothing can be said.
    """

    def __init__(
        self,
        name: str,
        operands: tuple[Node, ...],
        work: Callable[..., Any],
        kind: str,
        at_blank: str = BLANK_AT_BLANK,
    ) -> None:
        self.name = name
        self.operands = operands
        self.work = work
        self.kind = kind
        self.at_blank = at_blank
        self.run = self._pair() if len(operands) == 2 else self._many()

    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands

    def _pair(self) -> Run:
        left, right = self.operands[0].run, self.operands[1].run
        work, hands_over = self.work, self.at_blank == TAKES_BLANK
        blank = False if self.at_blank == FALSE_AT_BLANK else BLANK

        def run(frame: Frame) -> Result:
            a, weak = left(frame)
            if a is MISSING:
                return UNKNOWN
            b, more = right(frame)
            if b is MISSING:
                return UNKNOWN
            if (a is BLANK or b is BLANK) and not hands_over:
                return blank, weak | more
            try:
                return work(a, b), weak | more
            except NoValue:
                return UNKNOWN

        return run

    def _many(self) -> Run:
        runs = tuple(operand.run for operand in self.operands)
        work, hands_over = self.work, self.at_blank == TAKES_BLANK
        blank = False if self.at_blank == FALSE_AT_BLANK else BLANK

        def run(frame: Frame) -> Result:
            values = []
            weakness = 0
            for part in runs:
                value, more = part(frame)
                if value is MISSING:
                    return UNKNOWN
                values.append(value)
                weakness |= more
            if not hands_over and BLANK in values:
                return blank, weakness
            try:
                return work(*values), weakness
            except NoValue:
                return UNKNOWN

        return run

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """All operands of a known outcome; only the missing ones of an unknown one."""
        return only_missing_if_unknown(self, frame)


def only_missing_if_unknown(node: Node, frame: Frame) -> Iterator[Decider]:
    """The parts of a node; while it is unknown because of missing parts, only those."""
    gaps = [part for part in node.parts() if part.run(frame)[0] is MISSING]
    unknown = bool(gaps) and node.run(frame)[0] is MISSING
    for part in gaps if unknown else node.parts():
        yield part, frame


class Junction(Node):
    """`and` (absorbing: no) or `or` (absorbing: yes), short-circuit.

    One firm absorbing operand decides alone; among several, the firmest does. Without one, a
    missing operand leaves the outcome open. Blank counts as no.
    """

    kind = BOOL

    def __init__(self, operands: tuple[Node, ...], absorbing: bool) -> None:
        self.operands = operands
        self.absorbing = absorbing
        runs = tuple(operand.run for operand in operands)

        def run(frame: Frame) -> Result:
            weakest = 0
            open_ = False
            best = -1
            for part in runs:
                value, weak = part(frame)
                if value is MISSING:
                    open_ = True
                elif (value is True) is absorbing:
                    if not weak:
                        return absorbing, 0
                    best = weak if best < 0 else min(best, weak)
                else:
                    weakest |= weak
            if best >= 0:
                return absorbing, best
            return UNKNOWN if open_ else (not absorbing, weakest)

        self.run = run

    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The firmest absorbing operand, or the missing ones, or all."""
        value, weak = self.run(frame)
        if value is self.absorbing:
            for operand in self.operands:
                found, its = operand.run(frame)
                if found is not MISSING and (found is True) is value and its == weak:
                    yield operand, frame
                    return
        yield from only_missing_if_unknown(self, frame)

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """Any operand brings the absorbing outcome about, all together the other."""
        if goal is Goal.KNOWN:
            return either(
                self.open_family(frame, Goal.TRUE, pool), self.open_family(frame, Goal.FALSE, pool)
            )
        families = (operand.family(frame, goal, pool) for operand in self.operands)
        return either(*families) if (goal is Goal.TRUE) is self.absorbing else both(*families)


class Negation(Node):
    """`not`: blank counts as no, so the negation of blank is yes."""

    kind = BOOL

    def __init__(self, inner: Node) -> None:
        self.inner = inner
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        value, weak = self.inner.run(frame)
        return UNKNOWN if value is MISSING else (value is not True, weak)

    def parts(self) -> tuple[Node, ...]:
        """The negated node."""
        return (self.inner,)

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The family of the opposite goal."""
        turned = {Goal.TRUE: Goal.FALSE, Goal.FALSE: Goal.TRUE, Goal.KNOWN: Goal.KNOWN}[goal]
        return self.inner.family(frame, turned, pool)


class Figure(Node):
    """A dated legal figure, on the reference date or on a day of its own."""

    def __init__(self, parameter: Parameter, day: Node | None) -> None:
        self.parameter = parameter
        self.day = day
        values = [entry.value for entry in parameter.values]
        whole = all(isinstance(value, int) for value in values)
        self.kind = INTEGER if whole else RATIO
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The day's expression, if there is one."""
        return (self.day,) if self.day else ()

    def entry(self, frame: Frame) -> ParameterValue | None:
        """The value in force, or None while the day is not known or no table reaches it."""
        day = self.day.run(frame)[0] if self.day else frame.day
        return None if day is MISSING or day is BLANK else self.parameter.on(day)

    def _run(self, frame: Frame) -> Result:
        weakness = self.day.run(frame)[1] if self.day else 0
        entry = self.entry(frame)
        return UNKNOWN if entry is None else (entry.value, weakness)

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The day's sets; without one nothing can be told."""
        return self.day.family(frame, Goal.KNOWN, pool) if self.day else SETTLED


class FigureByCode(Node):
    """A dated legal figure of a family, chosen by a code: the rate of a kind of business."""

    def __init__(self, family: Mapping[str, Parameter], code: Node, day: Node | None) -> None:
        self.family_ = {code: Figure(figure, day) for code, figure in family.items()}
        self.code = code
        self.day = day
        whole = all(figure.kind == INTEGER for figure in self.family_.values())
        self.kind = INTEGER if whole else RATIO
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The code's expression, and the day's if there is one."""
        return (self.code, self.day) if self.day else (self.code,)

    def chosen(self, frame: Frame) -> Figure | None:
        """The figure of the code at hand; None while it is not known, or where there is none."""
        code = self.code.run(frame)[0]
        return self.family_.get(code) if isinstance(code, str) else None

    def _run(self, frame: Frame) -> Result:
        chosen = self.chosen(frame)
        if chosen is None:
            return UNKNOWN
        value, weakness = chosen.run(frame)
        return value, weakness | self.code.run(frame)[1]

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The code and the figure it chooses."""
        yield self.code, frame
        chosen = self.chosen(frame)
        if chosen is not None:
            yield chosen, frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The sets of the code, then of the day."""
        chosen = self.chosen(frame)
        if chosen is None:
            return self.code.family(frame, Goal.KNOWN, pool)
        return chosen.family(frame, goal, pool)
