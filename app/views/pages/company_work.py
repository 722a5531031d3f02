"""Typing on the company page: a finished field becomes a typed record; what cannot be read is said there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from app.domain.errors import BadInput, Known
from app.views.models.fact_sheet import FactSheet
from app.views.models.fact_veil import veil_face
from app.views.models.form_face import RowFace, rivals_of, row_face
from app.views.widgets.form_fields import FieldColumn
from app.views.widgets.masked import ShowButton

_HAND = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
)


class CompanyWork(QObject):
    """One sheet of facts under the hands of a person.

    Personal facts of an employee are hidden until they are asked for, and again a minute after the
    last movement on the sheet; what is being typed is committed first. `entered` carries "" when
    the fact that was explained beside the sheet is hidden.
    """

    entered = Signal(str)
    changed = Signal()
    fault = Signal(str)

    def __init__(self, desk: Any, column: FieldColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._column = column
        self.sheet: FactSheet | None = None
        self.current = ""
        self._landing = ""
        column.committed.connect(self.commit)
        column.cleared.connect(lambda path: self.commit(path, ""))
        column.entered.connect(self._enter)
        column.next_wanted.connect(self._next)
        column.act.connect(self.act)
        column.typed.connect(lambda _path, _text: self._stir())
        column.in_view.connect(self._landed)

    def open(self, sheet: FactSheet) -> None:
        """Lay out another sheet."""
        for button in self._buttons():
            button.hide_again()
        self.sheet = sheet
        self.current = self._landing = ""
        self._column.load(sheet, self._face)

    def go(self, path: str) -> None:
        """Give a fact the keyboard; going to one that is hidden is asking for it."""
        assert self.sheet is not None
        if self.sheet.hides(path):
            self._ask(self.sheet.veil_of(path))
        self._landing = path
        self._column.go(path)

    def ask_all(self) -> None:
        """Show everything that is hidden, for the minute."""
        for veil in self.sheet.veils() if self.sheet is not None else ():
            self._ask(veil)

    def eventFilter(self, _control: QObject, event: QEvent) -> bool:
        """A hand in a field: the minute starts anew. Nothing is swallowed."""
        if event.type() in _HAND:
            self._stir()
        return False

    def refresh(self) -> None:
        """Read the facts again and show what differs."""
        if self.sheet is not None:
            paths = self.sheet.refresh()
            self._column.show_cells(self.sheet.cell(p) for p in paths)
            self.changed.emit()

    def commit(self, path: str, text: str) -> None:
        """A field was finished: its text becomes a record, or a sentence under the field."""
        assert self.sheet is not None
        self._stir()
        if text == self.sheet.cell(path).text:
            return
        if self.sheet.forget_unread(path) and text == self.sheet.cell(path).text:
            self._show(path)
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
        self._show(path)  # the band of what could not be read before is gone

    def act(self, path: str, name: str) -> None:
        """A link or a button of the row."""
        assert self.sheet is not None
        if self.sheet.is_veil(path):
            self._veil(path, name == "show")
            return
        self._stir()
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
        self.sheet.keep_unread(cell)
        self._show(path)

    def _face(self, cell: Any) -> RowFace:
        if self.sheet is not None and self.sheet.is_veil(cell.field.id):
            return veil_face(cell)
        face = row_face(cell)
        row = self.sheet.row(cell.field.id) if self.sheet is not None else None
        if row is not None and not face.note and row.source and cell.answered:
            return replace(face, note=row.source)
        if face.badge.word == "任意":
            return replace(face, badge=replace(face.badge, word="まだ"))
        return face

    def _enter(self, path: str) -> None:
        self.current = path
        if path != self._landing:
            self._landing = ""
        row = self._column.row(path)
        for stop in row.editor.stops() if row is not None else ():
            stop.installEventFilter(self)
        self._stir()
        self.entered.emit(path)

    def _landed(self) -> None:
        """The rows above stand now and may have pushed the fact that was gone to out of view."""
        path, self._landing = self._landing, ""
        if path:
            self._column.go(path)

    def _next(self, path: str) -> None:
        other = self._column.neighbour(path, True)
        if other is not None:
            self._column.go(other)

    def _show(self, path: str) -> None:
        """Show a fact as it is now, and what the line before it counts."""
        assert self.sheet is not None
        veil = self.sheet.veil_of(path)
        self._column.show_cells(self.sheet.cell(p) for p in (path, veil) if p)

    # hiding

    def _buttons(self) -> list[ShowButton]:
        """The buttons of the lines that have a row."""
        veils = self.sheet.veils() if self.sheet is not None else ()
        found = [row.editor.control() for v in veils if (row := self._column.row(v)) is not None]
        return [b for b in found if isinstance(b, ShowButton)]

    def _stir(self) -> None:
        for button in self._buttons():
            button.keep()

    def _ask(self, veil: str) -> None:
        button = self._column.build_for(veil).editor.control()
        assert isinstance(button, ShowButton)
        button.setChecked(True)

    def _veil(self, veil: str, on: bool) -> None:
        assert self.sheet is not None
        if on:
            self._stir()
            for button in self._buttons():
                button.held = self._busy
        else:
            self._leave(veil)
        self._column.show_cells(self.sheet.show(veil, on))
        if not on and self.current and self.sheet.hides(self.current):
            self.current = ""
            self.entered.emit("")

    def _leave(self, veil: str) -> None:
        """What is typed behind a line is committed, and the keyboard goes to the line's button."""
        assert self.sheet is not None
        row = self._column.focused_row()
        if row is None or self.sheet.veil_of(row.field.id) != veil:
            return
        self._column.commit_row(row.field.id)
        line = self._column.row(veil)
        if line is not None and line.isVisible():
            line.editor.take_focus()

    def _busy(self) -> bool:
        """Whether a word is being composed or a list is open."""
        return self._column.composing() or QApplication.activePopupWidget() is not None
