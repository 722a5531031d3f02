"""Editors of one line and of several lines of text, each with an empty state that looks empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from app.views import theme
from app.views.models.form_state import is_short, unit_of
from app.views.widgets.field import TextField
from app.views.widgets.form_editor import Editor, Watch
from app.views.widgets.lines import label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

GAP = 8
BELOW = 2
LEAST = 88
_DIGITS = ("digits", "phone", "integer", "yen", "corporate_number", "postal_code")


class LineEditor(Editor):
    """One line of text; a unit or the other calendar stands beside a short one."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._line = TextField(name=self.name, spoken=field.label)
        self._beside = label("", "label", "ink2", parent=self)
        self._line.setParent(self)
        self._wanted = theme.current().grown(width_of(field)) if is_short(field) else 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if field.kind in ("yen", "integer"):
            self._line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if field.kind in _DIGITS:
            self._line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self._set_beside(unit_of(field))
        self._watch = Watch(self._line)
        self._watch.focus_in.connect(self.entered)
        self._watch.focus_out.connect(self._leave)
        self._line.textEdited.connect(self.typed)
        self._line.returnPressed.connect(self._enter)

    def hasHeightForWidth(self) -> bool:
        """What stands beside the line goes below it where there is no room."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One line, or two when the words beside it do not fit."""
        height = theme.current().size("field")
        return height if self._fits(width) else height + BELOW + self._beside.sizeHint().height()

    def sizeHint(self) -> QSize:
        """As wide as the row lets it be."""
        width = self.width() if self.width() > LEAST else 320
        return QSize(max(self._wanted, LEAST), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """The least that can be read."""
        return QSize(LEAST, theme.current().size("field"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the line and what stands beside it."""
        super().resizeEvent(event)
        self._place()

    def control(self) -> QWidget:
        """The line."""
        return self._line

    def text(self) -> str:
        """What stands in the line."""
        return self._line.text()

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word here."""
        return self._watch.composing

    def show_cell(self, cell: Cell) -> None:
        """Show the draft's text, except under the hands of the person who is typing it."""
        self._set_beside(cell.wareki or unit_of(self.field))
        if self._line.hasFocus() and self._line.isModified():
            return
        if self._line.text() != cell.text:
            place = self._line.cursorPosition() if self._line.hasFocus() else 0
            self._line.setText(cell.text)
            self._line.setCursorPosition(min(place, len(cell.text)))

    def set_state(self, state: str) -> None:
        """Colour of the edge; a locked field is read only."""
        self._line.set_state(state)

    def commit(self) -> None:
        """Report what was typed since the last commit."""
        if self._line.isModified():
            self._line.setModified(False)
            self.committed.emit(self._line.text())

    def take_focus(self, *, select: bool = False) -> None:
        """Focus, with the whole text chosen when asked."""
        super().take_focus(select=select)
        if select:
            self._line.selectAll()

    def _set_beside(self, text: str) -> None:
        if self._beside.text() != text or self._beside.isHidden() == bool(text):
            self._beside.setText(text)
            self._beside.setVisible(bool(text))
            self.updateGeometry()
            self._place()

    def _fits(self, width: int) -> bool:
        if not self._beside.text():
            return True
        beside = self._beside.sizeHint().width() + GAP
        return min(self._wanted or width, width) + beside <= width or not self._wanted

    def _place(self) -> None:
        height, width = theme.current().size("field"), self.width()
        hint = self._beside.sizeHint()
        room = hint.width() + GAP if self._beside.text() else 0
        line = min(self._wanted, width) if self._wanted else max(LEAST, width - room)
        self._line.setGeometry(0, 0, line, height)
        if self._fits(width):
            self._beside.setGeometry(line + GAP, 0, hint.width(), height)
        else:
            self._beside.setGeometry(0, height + BELOW, width, hint.height())

    def _enter(self) -> None:
        if not self._watch.composing:
            self.commit()
            self.next_wanted.emit()

    def _leave(self) -> None:
        self.commit()
        self.left.emit()


class _Sheet(QPlainTextEdit):
    """Several lines; Tab goes on to the next field, Ctrl+Enter is the page's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes a line; with Ctrl it is left to the page's shortcuts."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class LongEditor(Editor):
    """Several lines of text, four lines high, with the count of letters below."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._sheet = _Sheet()
        self._sheet.setObjectName(self.name)
        self._sheet.setAccessibleName(field.label)
        self._sheet.setProperty("field", "true")
        self._sheet.setProperty("state", "")
        self._sheet.setTabChangesFocus(True)
        self._sheet.setFixedHeight(theme.current().grown(96))
        self._count = label("", "note", "ink2")
        self._shown = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._sheet)
        column.addWidget(self._count)
        self._watch = Watch(self._sheet)
        self._watch.focus_in.connect(self.entered)
        self._watch.focus_out.connect(self._leave)
        self._sheet.textChanged.connect(self._edited)

    def control(self) -> QWidget:
        """The sheet of text."""
        return self._sheet

    def text(self) -> str:
        """What stands on the sheet."""
        return self._sheet.toPlainText()

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word here."""
        return self._watch.composing

    def show_cell(self, cell: Cell) -> None:
        """Show the draft's text, except under the hands of the person who is typing it."""
        document = self._sheet.document()
        if self.text() != cell.text and not (self._sheet.hasFocus() and document.isModified()):
            self._shown = cell.text
            self._sheet.setPlainText(cell.text)
            document.setModified(False)
        self._show_count()

    def set_state(self, state: str) -> None:
        """Colour of the edge; a locked field is read only."""
        theme.set_property(self._sheet, "state", state)
        self._sheet.setReadOnly(state == "locked")

    def commit(self) -> None:
        """Report what was typed since the last commit."""
        if self._sheet.document().isModified():
            self._sheet.document().setModified(False)
            self.committed.emit(self.text())

    def take_focus(self, *, select: bool = False) -> None:
        """Focus, with the whole text chosen when asked."""
        super().take_focus(select=select)
        if select:
            self._sheet.selectAll()

    def _show_count(self) -> None:
        self._count.setText(f"{len(self.text())} / {self.field.max_length}字")

    def _edited(self) -> None:
        if self._watch.composing or self.text() == self._shown:
            return
        self._shown = self.text()
        self._show_count()
        self.typed.emit(self._shown)

    def _leave(self) -> None:
        self.commit()
        self.left.emit()


def width_of(field: Field) -> int:
    """Width at 100 % in logical pixels of a short field's box."""
    if field.kind == "yen":
        return 148
    if field.kind in ("date", "month", "postal_code"):
        return 128
    if field.kind == "corporate_number":
        return 168
    if field.kind == "phone":
        return 176
    if field.kind == "integer":
        return 96
    if field.kind == "digits" and not field.groups and field.max_length >= 200:
        return 168
    letters = field.digits + len(field.groups) if field.groups else field.max_length
    return max(72, min(36 + letters * (15 if field.kind in ("text", "kana") else 9), 260))
