"""Nodes that speak of time: the reference date, a series' own period, an expression on another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.facts.gapsets import Family, Goal, Pool
from app.facts.nodes import DATE, TEXT, Decider, Frame, Node
from app.facts.outcome import UNKNOWN, NoValue, Result
from app.facts.record import BLANK


class OwnPeriod(Node):
    """The period a series' derivation is worked out for, moved by `shift` months."""

    kind = TEXT

    def __init__(self, months: int) -> None:
        self.months = months
        self.run = self._run

    def _run(self, frame: Frame) -> Result:
        try:
            return moved_period(frame.period, self.months), 0
        except NoValue:
            return UNKNOWN


def moved_period(period: str, months: int) -> str:
    """The period `months` later: ("2026-03", -12) → "2025-03". Raises NoValue beyond the years."""
    count = int(period[:4]) * 12 + int(period[5:]) - 1 + months
    if not 12 <= count < 120_000:
        raise NoValue
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


class Today(Node):
    """The reference date of the frame."""

    kind = DATE

    def __init__(self) -> None:
        self.run = lambda frame: (frame.day, 0)


class At(Node):
    """An expression as it stands on another day."""

    def __init__(self, inner: Node, day: Node) -> None:
        self.inner = inner
        self.day = day
        self.kind = inner.kind
        self.run = self._run

    def parts(self) -> tuple[Node, ...]:
        """The expression and its day."""
        return (self.inner, self.day)

    def _run(self, frame: Frame) -> Result:
        day, weakness = self.day.run(frame)
        if not isinstance(day, date):
            return (BLANK, weakness) if day is BLANK else UNKNOWN
        value, more = self.inner.run(frame.on(day))
        return value, weakness | more

    def deciders(self, frame: Frame) -> Iterator[Decider]:
        """The day, and the expression on it."""
        yield self.day, frame
        day, _ = self.day.run(frame)
        if isinstance(day, date):
            yield self.inner, frame.on(day)

    def open_family(self, frame: Frame, goal: Goal, pool: Pool) -> Family:
        """The day's sets while it is not known, else those of the expression on that day."""
        day, _ = self.day.run(frame)
        if isinstance(day, date):
            return self.inner.family(frame.on(day), goal, pool)
        return self.day.family(frame, Goal.KNOWN, pool)
