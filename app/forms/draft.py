"""A draft: one company's answers to one procedure, over the fact graph; no Qt, no store.

The draft puts every record it makes into its graph itself, so its cells are right at once; whoever
holds the draft stores `Change.records` and `Change.answer`. `typing` is for each keystroke (checked
and safe to store, but no fact yet), `answer` for what is committed. Undo takes a typed record back
by a further record that withdraws it, since records are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain.canonical import new_salt
from app.domain.clock import Clock
from app.domain.errors import BadInput
from app.facts.graph import Graph, State
from app.facts.record import BLANK, Origin, Record
from app.forms.cells import EMPTIED_DERIVED
from app.forms.checks import value_digest, with_substitutes
from app.forms.convert import Converted, convert, sent
from app.forms.draft_parts import (
    Acceptance,
    Answer,
    Cell,
    Change,
    Earlier,
    OnceOnly,
    Problem,
    Progress,
)
from app.forms.draft_statements import DraftStatements
from app.forms.table_cells import cell_text
from app.forms.tables import Table, TableAnswer

if TYPE_CHECKING:
    from app.forms.procedure import Procedure


__all__ = [
    "Acceptance", "Answer", "Cell", "Change", "Draft", "OnceOnly", "Problem", "Progress",
]  # fmt: skip


class Draft(DraftStatements):
    """A form being filled. `subject` is the key of the member it is about ("" where none)."""

    def __init__(
        self,
        procedure: Procedure,
        graph: Graph,
        subject: str,
        answers: Mapping[str, Answer],
        reference_date: date,
        clock: Clock,
        person: str,
        *,
        draft_id: str = "",
        earlier: Mapping[str, Earlier] | None = None,
    ) -> None:
        """`earlier` is what the last filing of the same form said, by field (Field.carry)."""
        self.id = draft_id
        super().__init__(procedure, graph, subject, answers, reference_date, clock, person, earlier)

    # reading

    def cells(self) -> tuple[Cell, ...]:
        """Every cell, hidden ones too, in the order of the form."""
        return tuple(self._cells.values())

    def cell(self, field_id: str) -> Cell:
        """One cell. Raises KeyError for a field the form does not have."""
        return self._cells[field_id]

    def problems(self) -> tuple[Problem, ...]:
        """What stands open in the order of the form: blocks, and warnings nobody has accepted."""
        return tuple(p for cell in self._cells.values() for p in cell.problems if p.open)

    def gaps(self) -> tuple[str, ...]:
        """The ids of the fields still to be answered, in the order of the form."""
        found = [
            i
            for i, cell in self._cells.items()
            if cell.visible and not cell.answered and not cell.field.optional and not cell.blocked
        ]
        # what is worked out is no question while something it may be waiting for is one
        asked = [i for i in found if not self._cells[i].field.calc]
        return tuple(asked or found)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing and nothing stands open."""
        return not self.gaps() and not self.problems()

    @property
    def once_only(self) -> OnceOnly:
        """How much of what is filled did not have to be typed or chosen here."""
        tallies = [cell.tally for cell in self._cells.values()]
        return OnceOnly(sum(typed for typed, _ in tallies), sum(filled for _, filled in tallies))

    def section_progress(self, section_id: str) -> Progress:
        """How far one section is; optional cells count once they are filled. Raises KeyError."""
        fields = {s.id: s.fields for s in self.procedure.sections}[section_id]
        cells = [self._cells[f.id] for f in fields]
        counted = [
            c for c in cells if c.visible and (c.answered or c.blocked or not c.field.optional)
        ]
        done = sum(c.answered and not c.blocked for c in counted)
        return Progress(done, len(counted), sum(c.blocked for c in counted))

    def due(self) -> date | None:
        """The last day to file, where the procedure has a rule and the day it counts from is known."""
        rule = self.procedure.deadline
        basis = self._cells[rule.field].value if rule else None
        return rule.due(basis) if rule and isinstance(basis, date) else None

    # acts

    def typing(self, field_id: str, text: str) -> Change:
        """Takes a keystroke: checked at once, kept with the draft, not yet a fact, no undo step."""
        self._open_field(field_id)
        self._before_typing.setdefault(field_id, self._answers.get(field_id))
        if not text:
            return self._apply(field_id, self._before_typing[field_id], ())
        answer = Answer(
            field_id, source_text=text, typed=True, pending=True, updated_at=self._clock()
        )
        return self._apply(field_id, answer, ())

    def commit_pending(self) -> tuple[Change, ...]:
        """Commits every cell still being typed, for example before review or after a crash."""
        waiting = [(i, a.source_text) for i, a in self._answers.items() if a.pending]
        return tuple(self.answer(field_id, text) for field_id, text in waiting)

    def answer(self, field_id: str, text: str) -> Change:
        """Takes what was typed or chosen: converts it, states it as a fact, checks it.

        A text that cannot be read is kept as typed, with the sentence that says what to do.

        Raises:
            BadInput: the cell is computed and cannot be typed over here.
        """
        if not text.strip(" \u3000\r\n\t"):
            return self.clear(field_id)
        field = self._open_field(field_id)
        cell = self._cells[field_id]
        held = self._answers.get(field_id)
        if cell.answered and text == cell.text and not (held and (held.pending or held.as_typed)):
            return self._nothing(field_id)
        try:
            converted = convert(field, text)
        except BadInput:
            return self._set(field_id, self._new_answer(field_id, None, text), ())
        return self._take(field, converted, text)

    def restore(self, field_id: str) -> Change:
        """Takes a conversion back (戻す): the text exactly as it was typed."""
        field = self._open_field(field_id)
        answer = self._answers.get(field_id)
        if answer is None or not answer.note or field.kind in ("integer", "yen"):
            return self._nothing(field_id)
        return self._take(field, Converted(answer.source_text), answer.source_text, as_typed=True)

    def clear(self, field_id: str) -> Change:
        """Empties the cell (Del): what was typed here is withdrawn, a prefilled value set aside."""
        self._open_field(field_id)
        cell = self._cells[field_id]
        answer = self._answers.get(field_id)
        if cell.table is not None:
            emptied = TableAnswer((), tuple(row.key for row in cell.table.rows if row.given))
            if not cell.answered and not cell.table.rows:
                return self._nothing(field_id)
            return self._set(field_id, self._new_answer(field_id, emptied.to_text(), ""), ())
        if answer is not None and (answer.pending or not cell.answered or not cell.typed):
            if not cell.answered or answer.pending:
                return self._set(field_id, None, ())
        elif not cell.answered:
            return self._nothing(field_id)
        if cell.typed:
            taken = () if cell.value is BLANK else self._typed_records(cell, answer)
            return self._set(field_id, None, (), withdraw=taken)
        mark = EMPTIED_DERIVED
        if not cell.fact_path or cell.state is State.ASSUMED:
            mark = "default"
        elif cell.record is not None:
            mark = cell.record.id
        return self._set(field_id, Answer(field_id, emptied=mark, updated_at=self._clock()), ())

    def leave_blank(self, field_id: str) -> Change:
        """Answers "left blank on purpose"; the fact itself is not touched.

        Raises:
            BadInput: the form does not allow this field to be blank.
        """
        field = self.procedure.field(field_id)
        if not (field.blank_allowed or field.optional):
            raise BadInput(
                "blank-not-allowed", f"{field.label}は空けておけません。入れてください。"
            )
        return self._set(field_id, self._new_answer(field_id, BLANK, ""), ())

    def accept(self, field_id: str, problem_code: str) -> Change:
        """Says that an implausible value is right (このままで正しい); asked again if it changes.

        Raises:
            BadInput: there is no such warning on the cell.
        """
        cell = self._cells[field_id]
        if not any(p.code == problem_code and not p.blocks for p in cell.problems):
            raise BadInput("nothing-to-accept", "この欄に、確かめることはありません。")
        part = self._compiled.fields[field_id]
        digest = self._maker.digest(part, problem_code, value_digest(cell.value), self._cells)
        accepted = Acceptance(problem_code, self.person, self._clock(), digest)
        old = self._answers.get(field_id) or Answer(field_id)
        kept = tuple(a for a in old.accepted if a.code != problem_code)
        return self._set(field_id, replace(old, accepted=(*kept, accepted)), ())

    def substitute(self, field_id: str) -> Change:
        """Lets the lawful substitutes leave the house; the true letters stay the fact.

        Raises:
            BadInput: there is no letter that has a substitute.
        """
        cell = self._cells[field_id]
        leaving = sent(cell.field, cell.value)
        if with_substitutes(cell.field, leaving) == leaving:
            raise BadInput("no-substitute", "替えられる字がありません。字を直してください。")
        old = self._answers.get(field_id) or Answer(field_id)
        return self._set(field_id, replace(old, substituted=True), ())

    def confirm(self, field_id: str) -> Change:
        """Says that a prefilled value is right. This is not typing (DESIGN 2)."""
        cell = self._cells[field_id]
        answer = self._answers.get(field_id)
        if not cell.answered or cell.value is None:
            return self._nothing(field_id)
        if cell.origin is Origin.FILING and not cell.fact_path and not cell.table:
            held = Answer(field_id, cell.value, updated_at=self._clock())
            return self._set(field_id, held, ())
        if cell.table is not None:
            return self._confirm_rows(field_id, cell.table, answer)
        if not cell.fact_path:
            return self._nothing(field_id)
        now = self._clock()
        if cell.state is State.ASSUMED and (
            cell.record is None or cell.record.path != cell.fact_path
        ):
            record = Record(
                cell.fact_path, cell.value, Origin.DERIVED, now, cell.text,
                {"by": self.person, "procedure": self.procedure.id},
                confirmed_by=self.person, confirmed_at=now,
            )  # fmt: skip
            return self._set(field_id, answer, (record,))
        if cell.record is not None and cell.state is not State.CONFIRMED:
            return self._set(field_id, answer, (cell.record.confirmed(self.person, now),))
        return self._nothing(field_id)

    def _confirm_rows(self, field_id: str, table: Table, answer: Answer | None) -> Change:
        """Says that every unconfirmed fact of a table is right."""
        now = self._clock()
        cells = [c for row in table.filled_rows for c in row.cells.values()]
        records = {
            c.record.id: c.record.confirmed(self.person, now)
            for c in cells
            if c.record is not None
            and c.fact_path == c.record.path
            and c.state is not State.CONFIRMED
        }
        return self._set(field_id, answer, tuple(records.values()))

    # tables: a row is reached by its key

    def written(self, field_id: str) -> TableAnswer:
        """What was written in a table so far, rows from an earlier filing included."""
        table = self._cells[field_id].table
        return table.written if table is not None else TableAnswer()

    def write_cell(self, field_id: str, key: str, column: str, text: str) -> Change:
        """Takes what was typed or chosen in one cell of a table. Raises KeyError, BadInput."""
        field = self._open_field(field_id)
        kept = cell_text(field.column(column), text)
        standing = self._cells[field_id].table
        cell = standing.row(key).cells.get(column) if standing else None
        if cell is not None and cell.locked:
            raise BadInput(
                "cell-locked", f"{cell.field.label}は計算した値です。もとの欄を直してください。"
            )
        held = self.written(field_id).row(key).cells.get(column)
        if cell is not None and held is None and kept == cell_text(cell.field, cell.text):
            return self._nothing(field_id)
        written = self.written(field_id).with_cell(key, column, kept)
        return self.answer(field_id, written.to_text())

    def add_row(self, field_id: str, key: str = "") -> tuple[Change, str]:
        """Adds an empty row at the end; gives its key (made here unless one is named).

        Raises:
            BadInput: the rows are fixed, or there are as many as the form takes.
        """
        field = self._open_field(field_id)
        table = self._cells[field_id].table
        if field.is_fixed or (table and len(table.rows) >= field.max_rows):
            raise BadInput("rows-fixed", f"{field.label}に、これ以上の行は足せません。")
        taken = frozenset(row.key for row in table.rows) if table else frozenset()
        written = self.written(field_id)
        if not key:
            key = new_salt()[:6] if field.rows_from else written.free_key(taken)
        return self.answer(field_id, written.with_row(key).to_text()), key

    def remove_row(self, field_id: str, key: str) -> Change:
        """Takes a row out of this form; a member of a list stays a member. Raises KeyError."""
        self._open_field(field_id)
        table = self._cells[field_id].table
        given = table.row(key).given if table else False
        written = self.written(field_id).without_row(key, given=given)
        return self.answer(field_id, written.to_text())

    def move_row(self, field_id: str, key: str, step: int) -> Change:
        """Moves a row that was written here `step` places down (up when negative)."""
        self._open_field(field_id)
        return self.answer(field_id, self.written(field_id).moved(key, step).to_text())
