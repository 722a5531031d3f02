"""The cells of the graph: each keeps one result, is marked when it may have changed, and is worked
out again when it is pulled.

A cell registers the cells that read it, for good: a mark more than needed costs a little, one less
would be wrong. A cell that is already marked has marked its readers before, so marking stops there.
Chains deeper than DEEP are not worked out by recursion: the pull starts again at the deep end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.facts.choosing import NOTHING_CHOSEN, choose
from app.facts.compiler import Compiled
from app.facts.definition import FactDef
from app.facts.gapsets import NEVER, SETTLED, Family, Goal, Pool, both, either
from app.facts.nodes import Frame
from app.facts.outcome import FIRM, MISSING, PROVISIONAL, UNCONFIRMED, UNKNOWN, Result
from app.facts.paths import member_of, period_of
from app.facts.record import BLANK, Origin, Record, Value
from app.facts.states import Fact, State, state_of_record, state_of_weakness, weakness_of

if TYPE_CHECKING:
    from app.facts.core import Core

DEEP: Final = 10


class TooDeep(Exception):
    """The chain below is to be worked out first, from `cell` on."""

    def __init__(self, cell: GraphCell, goal: Goal = Goal.KNOWN) -> None:
        super().__init__()
        self.cell = cell
        self.goal = goal


class GraphCell(ABC):
    """A place that keeps a result; None while it is marked."""

    __slots__ = ("core", "day", "definition", "dependants", "path", "result", "running")

    def __init__(self, core: Core, path: str, day: date, definition: FactDef | None = None) -> None:
        self.core = core
        self.path = path
        self.day = day
        self.definition = definition
        self.result: Result | None = None
        self.dependants: set[Any] = set()
        self.running = False

    def refresh(self) -> Result:
        """Works the result out and keeps it. Raises TooDeep, CatalogueFault for a ring."""
        core = self.core
        if not core.depth:
            return core.pull(self)
        if self.running:
            raise core.ring(self)
        if core.depth > DEEP:
            raise TooDeep(self)
        core.depth += 1
        self.running = True
        try:
            result = self.result = self.work()
        finally:
            self.running = False
            core.depth -= 1
        return result

    @abstractmethod
    def work(self) -> Result:
        """The result from what this cell reads."""

    @abstractmethod
    def family(self, goal: Goal, pool: Pool) -> Family:
        """The minimal sets of missing facts that bring the goal about."""


class FactCell(GraphCell):
    """One fact on one day: its records, its condition, its derivation."""

    __slots__ = ("condition", "fact", "frames", "records", "value")

    definition: FactDef

    def __init__(self, core: Core, path: str, day: date, definition: FactDef) -> None:
        super().__init__(core, path, day, definition)
        self.records = core.records.get(path, ())
        self.value: Compiled | None
        self.condition: Compiled | None
        self.value, self.condition = core.catalogue.derivation_of(definition)
        self.fact: Fact | None = None
        self.frames: tuple[Frame | None, Frame | None] = (
            self._frame(self.value),
            self._frame(self.condition),
        )

    def _frame(self, compiled: Compiled | None) -> Frame | None:
        if compiled is None:
            return None
        period = period_of(self.path) if self.definition.series else ""
        scope = member_of(self.path)
        return Frame(self.core, self.day, scope, compiled.shape, self, period)

    def computed(self) -> Result:
        """The derived value, whatever the records say."""
        if self.value is None or self.frames[0] is None:
            return UNKNOWN
        return self.value.node.run(self.frames[0])

    def applies(self) -> Result:
        """Whether the fact's own condition is met."""
        if self.condition is None or self.frames[1] is None:
            return True, FIRM
        return self.condition.node.run(self.frames[1])

    def work(self) -> Result:
        """The fact's value as expressions read it: blank where it does not apply."""
        self.fact = None
        if not self.records and self.condition is None:
            return self.computed()
        return self._standing()[1]

    def now(self) -> Fact:
        """The fact as callers see it; the cell must be clean."""
        fact = self.fact
        if fact is None:
            plain = not self.records and self.condition is None
            fact = self.fact = self._derived() if plain else self._standing()[0]
        return fact

    def _derived(self) -> Fact:
        """The fact of a result that rests on the derivation alone."""
        value, weakness = self.result or self.refresh()
        if value is MISSING:
            return Fact(self.path, State.MISSING, None, None)
        state = state_of_weakness(weakness)
        return Fact(self.path, state, value, None, (), weakness >= PROVISIONAL)

    def _standing(self) -> tuple[Fact, Result]:
        holds, weakness = self.applies()
        if holds is MISSING:
            return Fact(self.path, State.MISSING, None, None), UNKNOWN
        if holds is not True:
            absent = Fact(self.path, State.NOT_APPLICABLE, None, None)
            return absent, (BLANK, weakness)
        chosen = choose(self.records, self.day, self.definition) if self.records else NOTHING_CHOSEN
        record = chosen.record
        if record is not None and self._stands_before_derived(record):
            return self._recorded(record, chosen.competitors, chosen.conflict, weakness)
        value, more = self.computed()
        if value is MISSING and record is not None:
            return self._recorded(record, chosen.competitors, chosen.conflict, weakness)
        if value is MISSING:
            return Fact(self.path, State.MISSING, None, None), UNKNOWN
        found: Value = value
        others = (record, *chosen.competitors) if record is not None else ()
        fact = Fact(
            self.path,
            state_of_weakness(more | weakness),
            found,
            None,
            tuple(other for other in others if other.value != found),
            bool((more | weakness) & PROVISIONAL),
        )
        return fact, (found, more | weakness)

    def _stands_before_derived(self, record: Record) -> bool:
        rank = self.definition.rank
        return self.value is None or rank(record.origin) < rank(Origin.DERIVED)

    def _recorded(
        self, record: Record, competitors: tuple[Record, ...], conflict: bool, weakness: int
    ) -> tuple[Fact, Result]:
        """The fact as its record says it; a derived value that differs may stand against it."""
        state = state_of_record(record)
        derived, _ = self.computed()
        differs = derived is not MISSING and derived != record.value
        if conflict or (differs and state is State.UNCONFIRMED):
            state = State.CONFLICTING
        weakness |= weakness_of(state)
        fact = Fact(
            self.path,
            state,
            record.value,
            record,
            competitors,
            bool(weakness & PROVISIONAL),
            derived if differs else None,
        )
        return fact, (record.value, weakness)

    def family(self, goal: Goal, pool: Pool) -> Family:
        """The fact itself where a person may tell it, and what its derivation lacks."""
        key = (id(self), goal)
        found = pool.memo.get(key)
        if found is not None:
            return found
        if pool.depth >= DEEP:
            raise TooDeep(self, goal)
        pool.depth += 1
        try:
            found = pool.memo[key] = self._family(goal, pool)
        finally:
            pool.depth -= 1
        return found

    def _family(self, goal: Goal, pool: Pool) -> Family:
        value, _ = self.core.pull(self)
        if value is not MISSING:
            reached = goal is Goal.KNOWN or (value is True) is (goal is Goal.TRUE)
            return SETTLED if reached else NEVER
        told = pool.alone(self.core.leaf_name(self)) if self.definition.askable else NEVER
        if self.value is not None and self.frames[0] is not None:
            told = either(told, self.value.node.family(self.frames[0], goal, pool))
        if self.condition is None or self.frames[1] is None:
            return told
        node, frame = self.condition.node, self.frames[1]
        given = both(node.family(frame, Goal.TRUE, pool), told)
        if goal is Goal.TRUE:
            return given
        return either(given, node.family(frame, Goal.FALSE, pool))

    def open_parts(self) -> Iterator[tuple[Compiled, Frame]]:
        """The condition and the derivation, where the fact has them."""
        for compiled, frame in zip((self.condition, self.value), self.frames[::-1], strict=True):
            if compiled is not None and frame is not None:
                yield compiled, frame


class MembersCell(GraphCell):
    """The members of one collection on one day, in order of their first record."""

    __slots__ = ()

    def work(self) -> Result:
        """The members' paths; a removed one is none. Nobody has said that an empty list is right."""
        members = []
        weakness = FIRM
        for member, (value, weak) in self._removed():
            if value is not MISSING:
                weakness |= weak
            if value is not True:
                members.append(member)
        return tuple(members), weakness if members else weakness | UNCONFIRMED

    def _removed(self) -> Iterator[tuple[str, Result]]:
        """Each member any record names, and whether it was removed."""
        core = self.core
        column = None if "[" in self.path else core.column(self.path, "removed", self.day)
        if column is not None:
            column.dependants.add(self)
            yield from (column.result or column.refresh())[0].items()
            return
        for key in core.keys.get(self.path, ()):
            removed = core.cell(f"{self.path}[{key}].removed", self.day)
            removed.dependants.add(self)
            yield f"{self.path}[{key}]", removed.result or removed.refresh()

    def family(self, goal: Goal, pool: Pool) -> Family:
        """Always known."""
        return SETTLED


class QueryCell(GraphCell):
    """An expression somebody asks again and again, in a scope on a day."""

    __slots__ = ("compiled", "frame")

    def __init__(self, core: Core, compiled: Compiled, scope: str, day: date) -> None:
        super().__init__(core, scope, day)
        self.compiled = compiled
        self.frame = Frame(core, day, scope, compiled.shape, self)

    def work(self) -> Result:
        """The expression's result."""
        return self.compiled.node.run(self.frame)

    def family(self, goal: Goal, pool: Pool) -> Family:
        """The expression's family."""
        return self.compiled.node.family(self.frame, goal, pool)
