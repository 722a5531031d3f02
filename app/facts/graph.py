"""The fact graph: records in, facts, outcomes, explanations and gaps out, on one reference date.

    graph = Graph(catalogue, records, date(2026, 7, 1))
    graph.fact("employees[k3x9].name").value
    graph.evaluate("employees[].weekly_hours >= 20", "employees[k3x9]").holds

Nothing is worked out before it is asked for; adding a record marks only what has read it. Graphs of
several reference dates share one core (`at`). Several threads may use them; one works at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from app.facts.catalogue import Catalogue
from app.facts.cells import GraphCell, QueryCell
from app.facts.choosing import choose
from app.facts.core import Core
from app.facts.explain import Explanation, decisive_leaves, explain_compiled, explain_fact
from app.facts.gapsets import MOST_SHOWN, Goal, Pool, TooManySets
from app.facts.nodes import Frame
from app.facts.outcome import MISSING, Outcome, outcome_of
from app.facts.paths import is_period, period_of
from app.facts.record import BLANK, Record, Value
from app.facts.states import Fact, State

__all__ = ["Explanation", "Fact", "Gaps", "Graph", "Outcome", "State"]

Gaps = tuple[frozenset[str], ...]
"""Minimal sets of missing facts, smallest first; () where nothing missing stands in the way."""

_NONE: Mapping[str, list[Record]] = {}

Answers = Callable[[str], Value | None]


class Graph:
    """The facts of one company on one reference date."""

    def __init__(
        self, catalogue: Catalogue, records: Iterable[Record], reference_date: date
    ) -> None:
        core = Core(catalogue, reference_date)
        core.load(records)
        self._take(core, reference_date)

    def _take(self, core: Core, reference_date: date) -> None:
        self._core = core
        self.catalogue = core.catalogue
        self.reference_date = reference_date

    def at(self, reference_date: date) -> Graph:
        """The same records on another date; a record added to either is in both."""
        other = Graph.__new__(Graph)
        other._take(self._core, reference_date)
        return other

    @property
    def revision(self) -> int:
        """A number that grows with every record added or forgotten."""
        return self._core.revision

    @property
    def strays(self) -> tuple[Record, ...]:
        """Records the catalogue has no place for: kept, shown, used by nothing."""
        return tuple(self._core.strays)

    def add(self, record: Record) -> None:
        """Takes in one more record; marks only what depends on it.

        Raises:
            UnknownFact: the catalogue has no such path.
            UnfitValue: the value is not of the fact's kind.
        """
        with self._core.lock:
            self._core.add(record)

    def forget(self, record_id: str, path: str = "") -> bool:
        """Takes out a record that was erased (its tombstone stays in the store) or taken back; whether
        it was there. `path`, where it is known, spares the looking through of all records."""
        with self._core.lock:
            return self._core.forget(record_id, path)

    def records(self, path: str) -> tuple[Record, ...]:
        """Every record of a fact, in the order they came, live or not."""
        return tuple(self._core.records.get(path, ()))

    def periods(self, prefix: str) -> tuple[str, ...]:
        """The periods any record under `prefix` ("financials.") is of, latest first."""
        with self._core.lock:
            found = {period_of(p) for p in self._core.records if p.startswith(prefix)}
        return tuple(sorted((p for p in found if is_period(p)), reverse=True))

    def fact(self, path: str) -> Fact:
        """The fact at a concrete path. Raises UnknownFact."""
        with self._core.lock:
            cell = self._core.cell(path, self.reference_date)
            if cell.result is None:
                self._core.pull(cell)
            return cell.fact or cell.now()

    def members(self, collection: str) -> tuple[str, ...]:
        """The keys of a collection's members, in order of their first record.

        A member is there once any record names it, until its `removed` is yes. Raises UnknownFact.
        """
        with self._core.lock:
            paths, _ = self._core.pull(self._core.members_cell(collection, self.reference_date))
        return tuple(path[len(collection) + 1 : -1] for path in paths)

    def told(self, collection: str) -> dict[str, dict[str, Value]]:
        """By member key, in order: what was told of it, path inside the member → value that counts.

        For many members at once: it reads the records only. Answers left blank on purpose are not
        in it; derived facts and conditions are left to `fact`. Raises UnknownFact.
        """
        found: dict[str, dict[str, Value]] = {}
        with self._core.lock:
            inside = self._core.inside.get(collection, {})
            for key in self.members(collection):
                told: dict[str, Value] = {}
                found[key] = told
                for leaf, records in inside.get(key, _NONE).items():
                    if len(records) == 1 and records[0].valid_from is records[0].valid_to is None:
                        value = records[0].value
                        if value is not BLANK:
                            told[leaf] = value
                        continue
                    record = self._counting(f"{collection}[{key}].{leaf}", records)
                    if record is not None:
                        told[leaf] = record.value
        return found

    def counting(self, collection: str, keys: Collection[str]) -> dict[str, dict[str, Record]]:
        """By member key: the record that counts of each told fact, by its path inside the member.

        Where `told` gives values, this gives where they are from.
        """
        found: dict[str, dict[str, Record]] = {}
        with self._core.lock:
            inside = self._core.inside.get(collection, {})
            for key in keys:
                counts = {
                    leaf: self._counting(f"{collection}[{key}].{leaf}", records)
                    for leaf, records in inside.get(key, _NONE).items()
                }
                found[key] = {leaf: one for leaf, one in counts.items() if one is not None}
        return found

    def _counting(self, path: str, records: list[Record]) -> Record | None:
        """The record that counts of a told fact; None where there is none or it says nothing."""
        if not records:
            return None
        first = records[0]
        if len(records) == 1 and first.valid_from is first.valid_to is None:
            return None if first.value is BLANK else first
        definition = self.catalogue.definition(path)
        record = choose(records, self.reference_date, definition).record
        return None if record is None or record.value is BLANK else record

    def evaluate(
        self,
        expression: str,
        scope: str = "",
        answers: Answers | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> Outcome:
        """The outcome of an expression, e.g. in the scope "employees[k3x9]"; kept until it changes.

        `answers` gives the draft's own answers to `answer.<field id>`, `kinds` their kinds; such an
        expression is worked out each time. Raises ExpressionFault.
        """
        with self._core.lock:
            return outcome_of(self._core.pull(self._query(expression, scope, answers, kinds)))

    def explain(self, path: str) -> Explanation:
        """Why a fact is what it is: the decisive parts only. Raises UnknownFact."""
        with self._core.lock:
            return explain_fact(self._core, self._core.cell(path, self.reference_date))

    def explain_expression(
        self,
        expression: str,
        scope: str = "",
        answers: Answers | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> Explanation:
        """Why an expression comes out as it does. Raises ExpressionFault."""
        with self._core.lock:
            cell = self._query(expression, scope, answers, kinds)
            self._core.pull(cell)
            return explain_compiled(self._core, cell.compiled, cell.frame)

    def gaps(self, path: str) -> Gaps:
        """The minimal sets of missing facts that could settle a fact (see app.facts.gapsets).

        All of them up to 64; beyond that one set with every missing fact that is still open. Empty
        where the fact is known, or where nothing that is missing could settle it.
        """
        with self._core.lock:
            cell = self._core.cell(path, self.reference_date)
            found = self._sets(cell)
            if found is not None:
                return found
            alone = {self._core.leaf_name(cell)} if cell.definition.askable else set()
            parts = (decisive_leaves(self._core, *part) for part in cell.open_parts())
            return (frozenset(alone).union(*parts),)

    def gaps_of(
        self,
        expression: str,
        scope: str = "",
        answers: Answers | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> Gaps:
        """The minimal sets of missing facts that could settle an expression, as `gaps` does."""
        with self._core.lock:
            cell = self._query(expression, scope, answers, kinds)
            found = self._sets(cell)
            if found is not None:
                return found
            return (decisive_leaves(self._core, cell.compiled, cell.frame),)

    def _sets(self, cell: GraphCell) -> Gaps | None:
        """The minimal sets of a cell; None where there are too many to name."""
        if self._core.pull(cell)[0] is not MISSING:
            return ()
        self._core.home = self.reference_date
        pool = Pool()
        try:
            family = self._core.family(cell, Goal.KNOWN, pool)
        except TooManySets:
            return None
        return _named(family, pool) if len(family) <= MOST_SHOWN else None

    def _query(
        self,
        expression: str,
        scope: str,
        answers: Answers | None,
        kinds: Mapping[str, str] | None,
    ) -> QueryCell:
        compiled = self.catalogue.compile(expression, scope, "", kinds)
        if not compiled.uses_answers:
            return self._core.query(compiled, scope, self.reference_date)
        cell = QueryCell(self._core, compiled, scope, self.reference_date)
        frame = Frame(self._core, self.reference_date, scope, compiled.shape, None, "", answers)
        cell.frame = frame
        return cell


def _named(family: tuple[int, ...], pool: Pool) -> Gaps:
    sets = (pool.names(mask) for mask in family)
    return tuple(sorted(sets, key=lambda names: (len(names), sorted(names))))
