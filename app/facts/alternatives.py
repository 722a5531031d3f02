"""Nodes that take one way or another: if/else, coalesce, otherwise, assume."""

from __future__ import annotations

from collections.abc import Iterator

from app.facts.gapsets import NEVER, Family, Goal, Pool, both, either
from app.facts.nodes import BOOL, Decider, Frame, Node
from app.facts.outcome import MISSING, PROVISIONAL, UNKNOWN, Result
from app.facts.record import BLANK


class Conditional(Node):
    """`a if condition else b`: with an open condition, still known where both ways agree.

    Of yes-or-no ways it gives yes or no: a blank way is a no.
    """

    def __init__(self, condition: Node, then: Node, otherwise: Node, kind: str) -> None:
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.kind = kind
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The condition and both ways."""
        return (self.condition, self.then, self.otherwise)

    def _run(self, frame: Frame) -> Result:
        holds, weak = self.condition.run(frame)
        if holds is not MISSING:
            value, more = self._way(self.then if holds is True else self.otherwise, frame)
            return value, weak | more
        one = self._way(self.then, frame)
        return UNKNOWN if one[0] is MISSING else agreed(one, self._way(self.otherwise, frame))

    def _way(self, node: Node, frame: Frame) -> Result:
        value, weak = node.run(frame)
        if self.kind == BOOL and value is not MISSING:
            return value is True, weak
        return value, weak

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The condition and the way taken; both ways while the condition is open."""
        holds, _ = self.condition.run(frame)
        if holds is not MISSING:
            yield self.condition, frame
            yield (self.then if holds is True else self.otherwise), frame
            return
        known = self.run(frame)[0] is not MISSING
        if not known:
            yield self.condition, frame
        for way in (self.then, self.otherwise):
            if known or way.run(frame)[0] is MISSING:
                yield way, frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The condition with the way it leads to, or both ways agreeing without it."""
        holds, _ = self.condition.run(frame)
        if holds is not MISSING:
            return (self.then if holds is True else self.otherwise).family(frame, goal, pool)
        if goal is Goal.KNOWN and self.kind == BOOL:
            return either(
                self.open_family(frame, Goal.TRUE, pool), self.open_family(frame, Goal.FALSE, pool)
            )
        ways = [way.family(frame, goal, pool) for way in (self.then, self.otherwise)]
        led = either(
            both(self.condition.family(frame, Goal.TRUE, pool), ways[0]),
            both(self.condition.family(frame, Goal.FALSE, pool), ways[1]),
        )
        return led if goal is Goal.KNOWN else either(led, both(*ways))


def agreed(one: Result, two: Result) -> Result:
    """What the two ways of an open condition say together: the value both give."""
    if one[0] is MISSING or two[0] is MISSING or two[0] != one[0]:
        return UNKNOWN
    return one[0], one[1] | two[1]


class Coalesce(Node):
    """The first operand that is not blank; one that is missing leaves the outcome open."""

    def __init__(self, operands: tuple[Node, ...], kind: str) -> None:
        self.operands = operands
        self.kind = kind
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands

    def _run(self, frame: Frame) -> Result:
        weakness = 0
        for operand in self.operands:
            value, weak = operand.run(frame)
            if value is MISSING:
                return UNKNOWN
            weakness |= weak
            if value is not BLANK:
                return value, weakness
        return BLANK, weakness

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The operands up to the one that gives the value or is missing."""
        for operand in self.operands:
            value, _ = operand.run(frame)
            if value is BLANK or self.run(frame)[0] is not MISSING or value is MISSING:
                yield operand, frame
            if value is not BLANK:
                return

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The family of the first operand that is missing."""
        for operand in self.operands:
            if operand.run(frame)[0] is MISSING:
                return operand.family(frame, goal, pool)
        return NEVER


class Otherwise(Node):
    """`otherwise(x, y)`: x where anybody has told it, else y, which is firm.

    For facts whose silence says something: who has no leaving day has not left.
    """

    def __init__(self, told: Node, silent: Node, kind: str) -> None:
        self.told = told
        self.silent = silent
        self.kind = kind
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """What may be told, and what its silence says."""
        return (self.told, self.silent)

    def _run(self, frame: Frame) -> Result:
        result = self.told.run(frame)
        return result if result[0] is not MISSING else self.silent.run(frame)

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The one that gives the value."""
        silent = self.told.run(frame)[0] is MISSING
        yield (self.silent if silent else self.told), frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """Either one."""
        return either(self.told.family(frame, goal, pool), self.silent.family(frame, goal, pool))


class Assume(Node):
    """`assume(x, y)`: x where it is known, else y, which makes the outcome provisional."""

    def __init__(self, wanted: Node, instead: Node, kind: str) -> None:
        self.wanted = wanted
        self.instead = instead
        self.kind = kind
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The wanted and the assumed."""
        return (self.wanted, self.instead)

    def _run(self, frame: Frame) -> Result:
        result = self.wanted.run(frame)
        if result[0] is not MISSING:
            return result
        value, weak = self.instead.run(frame)
        return UNKNOWN if value is MISSING else (value, weak | PROVISIONAL)

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The wanted where it is known, else both."""
        yield self.wanted, frame
        if self.wanted.run(frame)[0] is MISSING:
            yield self.instead, frame

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """Either one."""
        return either(self.wanted.family(frame, goal, pool), self.instead.family(frame, goal, pool))
