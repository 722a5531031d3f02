"""Typing on the company page: a finished field becomes a typed record; what cannot be read is said there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import BadInput, Known
from app.views.models.fact_sheet import FactSheet
from app.views.models.form_face import RowFace, rivals_of, row_face
from app.views.widgets.form_fields import FieldColumn


class CompanyWork(QObject):
    """One sheet of facts under the hands of a person."""

    entered = Signal(str)
    changed = Signal()
    fault = Signal(str)

    def __init__(self, desk: Any, column: FieldColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._column = column
        self.sheet: FactSheet | None = None
        self.current = ""
        column.committed.connect(self.commit)
        column.cleared.connect(lambda path: self.commit(path, ""))
        column.entered.connect(self._enter)
        column.next_wanted.connect(self._next)
        column.act.connect(self.act)

    def open(self, sheet: FactSheet) -> None:
        """Lay out another sheet."""
        self.sheet = sheet
        self.current = ""
        self._column.load(sheet, self._face)

    def refresh(self) -> None:
        """Read the facts again and show what differs."""
        if self.sheet is not None:
            paths = self.sheet.refresh()
            self._column.show_cells(self.sheet.cell(p) for p in paths)
            self.changed.emit()

    def commit(self, path: str, text: str) -> None:
        """A field was finished: its text becomes a record, or a sentence under the field."""
        assert self.sheet is not None
        before = self.sheet.cell(path)
        if text == before.text:
            return
        try:
            self._desk.answer_fact(path, text)
        except BadInput as fault:
            self._unread(path, text, fault)
            return
        except Known as fault:
            self.fault.emit(fault.sentence)
            return
        self.refresh()

    def act(self, path: str, name: str) -> None:
        """A link or a button of the row."""
        assert self.sheet is not None
        verb, _, rest = name.partition(":")
        try:
            if verb == "confirm":
                self._desk.confirm_fact(path)
            elif verb == "choose":
                record = rivals_of(self.sheet.cell(path))[int(rest)]
                self._desk.confirm_fact(path, record.id)
        except Known as fault:
            self.fault.emit(fault.sentence)
        self.refresh()
        self._column.go(path, select=verb == "fix")

    def _unread(self, path: str, text: str, fault: BadInput) -> None:
        """The text stays as typed, with the sentence that says what to do."""
        from app.forms.draft_parts import Problem

        assert self.sheet is not None
        problem = Problem(fault.code, path, "block", fault.sentence)
        cell = replace(self.sheet.cell(path), text=text, problems=(problem,))
        self._column.show_cells((cell,))

    def _face(self, cell: Any) -> RowFace:
        face = row_face(cell)
        row = self.sheet.row(cell.field.id) if self.sheet is not None else None
        if row is not None and not face.note and row.source and cell.answered:
            return replace(face, note=row.source)
        if face.badge.word == "任意":
            return replace(face, badge=replace(face.badge, word="まだ"))
        return face

    def _enter(self, path: str) -> None:
        self.current = path
        self.entered.emit(path)

    def _next(self, path: str) -> None:
        other = self._column.neighbour(path, True)
        if other is not None:
            self._column.go(other)
