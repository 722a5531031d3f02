"""The state under a draft: answers, cells, what depends on what, records stated and taken back."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain.canonical import new_salt
from app.domain.clock import Clock
from app.facts.graph import Fact, Graph
from app.facts.record import Record
from app.forms.cells import CellMaker
from app.forms.compiled import compile_procedure
from app.forms.draft_parts import Answer, Cell, Change, Earlier, Problem
from app.forms.withdrawal import apply, withdrawal

if TYPE_CHECKING:
    from app.forms.procedure import Procedure


UNDO_LIMIT = 500


@dataclass(frozen=True)
class Step:
    """One act: the answers on both sides, the records it stated and those it withdrew."""

    field_id: str
    before: Answer | None
    after: Answer | None
    stated: tuple[Record, ...]
    withdrawn: tuple[Record, ...]


class DraftState:
    """Answers over a graph, with every cell kept right by recomputing only what can differ."""

    def __init__(
        self,
        procedure: Procedure,
        graph: Graph,
        subject: str,
        answers: Mapping[str, Answer],
        reference_date: date,
        clock: Clock,
        person: str,
        earlier: Mapping[str, Earlier] | None = None,
    ) -> None:
        self.procedure = procedure
        self.subject = subject
        self.reference_date = reference_date
        self.person = person
        self.graph = graph
        self._clock = clock
        self._compiled = compile_procedure(procedure)
        self._place = {field_id: n for n, field_id in enumerate(self._compiled.order)}
        self._maker = CellMaker(graph, subject, reference_date, earlier)
        self._maker.in_collection(procedure.subject)
        self._answers = {i: a for i, a in answers.items() if i in self._compiled.fields}
        self._unused = {i: a for i, a in answers.items() if i not in self._compiled.fields}
        self._cells: dict[str, Cell] = {}
        self._facts: dict[str, Fact] = {}
        self._bound: dict[str, str] = {}
        self._bind()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._before_typing: dict[str, Answer | None] = {}
        self._revision = -1
        self.refresh()

    def _bind(self) -> None:
        """Which fact each cell is; a fiscal year moves when the company says when its year ends."""
        for field in self.procedure.fields:
            if field.from_ and (field.period or field.id not in self._bound):
                self._bound[field.id] = self._maker.path_of(field)

    @property
    def unused(self) -> tuple[Answer, ...]:
        """Answers to fields this edition does not have: kept, shown, sent nowhere."""
        return tuple(self._unused.values())

    def refresh(self) -> frozenset[str]:
        """Looks at the graph again, for example after a record from elsewhere.

        Returns the ids of the cells that look different.
        """
        if not self._cells:
            for field_id in self._compiled.order:
                self._cells[field_id] = self._make(field_id)
            self._changed_facts()
            self._recompute(self._compiled.forward)
            return frozenset(self._compiled.order)
        return self._recompute(self._changed_facts())

    @property
    def answers(self) -> dict[str, Answer]:
        """Every answer held, those of fields this edition does not have included."""
        return {**self._unused, **self._answers}

    def refused(self) -> tuple[Problem, ...]:
        """The whole row of values looked over once more: what a field does not take; () if all is well.

        Independent of the problems the cells hold, which were found as each of them changed.
        """
        return self._compiled.validator.refused(self._cells.values())

    def _make(self, field_id: str) -> Cell:
        return self._maker.make(
            self._compiled.fields[field_id], self._answers.get(field_id), self._cells
        )

    def _changed_facts(self) -> set[str]:
        """The cells bound to a fact that is not what it was, and those that read facts at all."""
        if self.graph.revision == self._revision:
            return set()
        self._revision = self.graph.revision
        self._bind()
        stale = set(self._compiled.fact_readers)
        for field_id, path in self._bound.items():
            fact = self.graph.fact(path)
            known = self._facts.get(field_id)
            if known is not fact:
                self._facts[field_id] = fact
                if known != fact:
                    stale.add(field_id)
        return stale

    def _recompute(self, stale: Iterable[str]) -> frozenset[str]:
        """Makes the stale cells again, in the order of the form, and whoever reads a changed one."""
        queue = sorted(self._place[field_id] for field_id in set(stale))
        queued = set(queue)
        affected: set[str] = set()
        while queue:
            place = heapq.heappop(queue)
            queued.discard(place)
            field_id = self._compiled.order[place]
            old = self._cells[field_id]
            new = self._cells[field_id] = self._make(field_id)
            if new != old:
                affected.add(field_id)
            if new.read != old.read or new.visible != old.visible:
                for reader in self._compiled.readers.get(field_id, ()):
                    at = self._place[reader]
                    if at not in queued:
                        queued.add(at)
                        heapq.heappush(queue, at)
        return frozenset(affected)

    def _set(
        self,
        field_id: str,
        answer: Answer | None,
        records: tuple[Record, ...],
        *,
        withdraw: tuple[Record, ...] = (),
    ) -> Change:
        """One act: the new answer, the records stated, the records taken back; kept for undo."""
        before = self._before_typing.pop(field_id, self._answers.get(field_id))
        self._done.append(Step(field_id, before, answer, records, withdraw))
        del self._done[:-UNDO_LIMIT]
        self._undone.clear()
        taken = tuple(self._withdrawal(record) for record in withdraw)
        return self._apply(field_id, answer, (*taken, *records))

    def _apply(self, field_id: str, answer: Answer | None, records: tuple[Record, ...]) -> Change:
        if answer is None:
            self._answers.pop(field_id, None)
        else:
            self._answers[field_id] = answer
        for record in records:
            apply(self.graph, record)
        affected = self._recompute({field_id} | self._changed_facts())
        cell = self._cells[field_id]
        return Change(field_id, answer, records, cell.note, cell.problems, affected)

    def _nothing(self, field_id: str) -> Change:
        cell = self._cells[field_id]
        return Change(field_id, self._answers.get(field_id), (), cell.note, cell.problems)

    def _withdrawal(self, record: Record) -> Record:
        """A record that takes `record` back: records are only ever added."""
        return withdrawal(record, self.person, self._clock())

    def _again(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        now = self._clock()
        return tuple(replace(r, recorded_at=now, salt=new_salt()) for r in records)

    def undo(self) -> Change | None:
        """Takes the last act back, or first what is only being typed; None when there is nothing."""
        if self._before_typing:
            field_id, before = self._before_typing.popitem()
            return self._apply(field_id, before, ())
        if not self._done:
            return None
        step = self._done.pop()
        restated = self._again(step.withdrawn)
        self._undone.append(replace(step, withdrawn=restated))
        taken = tuple(self._withdrawal(record) for record in step.stated)
        return self._apply(step.field_id, step.before, (*taken, *restated))

    def redo(self) -> Change | None:
        """Does the act last taken back again; None when there is none."""
        if not self._undone or self._before_typing:
            return None
        step = self._undone.pop()
        restated = self._again(step.stated)
        self._done.append(replace(step, stated=restated))
        taken = tuple(self._withdrawal(record) for record in step.withdrawn)
        return self._apply(step.field_id, step.after, (*taken, *restated))
