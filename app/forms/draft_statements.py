"""How what is typed in a draft becomes records: which facts a value states, and from when they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.facts.record import Origin, Record, Value
from app.forms.convert import Converted, convert
from app.forms.draft_parts import Answer, Cell, Change
from app.forms.draft_state import DraftState
from app.forms.table_cells import row_maker, written_in
from app.forms.tables import TableAnswer

if TYPE_CHECKING:
    from app.forms.procedure import Field


class DraftStatements(DraftState):
    """The part of a draft that turns answers into statements of facts."""

    def _open_field(self, field_id: str) -> Field:
        field = self.procedure.field(field_id)
        if self._cells[field_id].locked:
            where = "もとの欄を" if field.calc else "もとの値を「会社」で"
            raise BadInput("cell-locked", f"{field.label}は計算した値です。{where}直してください。")
        return field

    def _new_answer(self, field_id: str, value: Value | None, text: str) -> Answer:
        return Answer(field_id, value, text, typed=True, updated_at=self._clock())

    def _take(
        self, field: Field, converted: Converted, text: str, *, as_typed: bool = False
    ) -> Change:
        answer = replace(
            self._new_answer(field.id, converted.value, text),
            note="" if as_typed else converted.note,
            as_typed=as_typed,
        )
        prior = self._before_typing.get(field.id, self._answers.get(field.id))
        records = tuple(
            self._statement(path, value, text, answer.updated_at, prior)
            for path, value in self._statements(field, converted.value)
        )
        return self._set(field.id, answer, records)

    def _statements(self, field: Field, value: Value) -> tuple[tuple[str, Value], ...]:
        """The facts a typed value states: none, one, or a family and a given name."""
        if field.kind == "table" and isinstance(value, str):
            return tuple(self._row_statements(field, value))
        if not field.from_:
            return ()
        if not field.parts:
            return ((self._bound[field.id], value),)
        names = [part for part in re.split("[ \u3000]+", str(value)) if part]
        if len(names) != 2:
            return ()
        return tuple(
            (self._maker.path(pattern), name)
            for pattern, name in zip(field.parts, names, strict=True)
        )

    def _row_statements(self, field: Field, text: str) -> Iterator[tuple[str, Value]]:
        """The facts of the cells of a table that were written now and are facts."""
        known = written_in(field, self._before_typing.get(field.id, self._answers.get(field.id)))
        for row in TableAnswer.of(text).rows:
            maker = row_maker(self._maker, field, row.key)
            for name, said in row.cells.items():
                column = field.by_column.get(name)
                if column is None or not column.from_ or not said:
                    continue
                if known.row(row.key).cells.get(name) == said:
                    continue
                path = maker.path_of(column)
                if not self.graph.catalogue.definition(path).askable:
                    continue
                try:
                    yield path, convert(column, said).value
                except BadInput:
                    continue

    def _statement(
        self, path: str, value: Value, text: str, now: datetime | None, prior: Answer | None
    ) -> Record:
        """A typed record.

        Over a value from elsewhere it holds from the reference date on; over what was typed here a
        moment ago it holds from the same day as that, so that it corrects it.
        """
        standing = self.graph.fact(path).record
        valid_from = None
        if standing is not None:
            corrects = _was_typed_by(standing, prior)
            valid_from = standing.valid_from if corrects else self.reference_date
        return Record(
            path,
            value,
            Origin.TYPED,
            now or self._clock(),
            text,
            {"by": self.person, "procedure": self.procedure.id},
            valid_from=valid_from,
        )

    def _typed_records(self, cell: Cell, answer: Answer | None) -> tuple[Record, ...]:
        """The records stated by what was typed in this cell, and by nothing else."""
        if not cell.fact_path or answer is None or answer.updated_at is None:
            return ()
        paths = [self._maker.path(p) for p in cell.field.parts] or [cell.fact_path]
        records = [self.graph.fact(path).record for path in paths]
        return tuple(
            r
            for r in records
            if r is not None
            and r.origin is Origin.TYPED
            and r.locator.get("procedure") == self.procedure.id
            and r.recorded_at >= answer.updated_at
        )


def _was_typed_by(record: Record, answer: Answer | None) -> bool:
    """Whether `record` came from that answer: then a new value corrects it instead of following it."""
    return (
        answer is not None
        and answer.typed
        and record.origin is Origin.TYPED
        and record.recorded_at == answer.updated_at
    )
