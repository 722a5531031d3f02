"""What a row of the form page needs of an editor, whatever the kind of its field.

An editor never refuses what is typed. It reports the text at each keystroke (never while an input
method composes) and once more when the field is left or Enter is pressed; the draft converts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

_FOR_THE_PAGE = frozenset({"Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"})


class Editor(QWidget):
    """The common face of all editors. `committed` carries the finished text, as typed; `acted` an
    act of the row that the page does (a file put into a slot, earlier versions asked for)."""

    typed = Signal(str)
    committed = Signal(str)
    cleared = Signal()
    entered = Signal()
    left = Signal()
    next_wanted = Signal()
    acted = Signal(str)

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.name = f"{area}.field.{field.id}"

    def control(self) -> QWidget:
        """The widget that takes the keyboard and carries name and description."""
        raise NotImplementedError

    def text(self) -> str:
        """What stands in the editor now."""
        raise NotImplementedError

    def show_cell(self, cell: Cell) -> None:
        """Show the draft's text without reporting it back, unless a person is typing here."""
        raise NotImplementedError

    def set_state(self, state: str) -> None:
        """Shows "", "error", "warn" or "locked"."""

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word here."""
        return False

    def commit(self) -> None:
        """Report what was typed and not yet committed, if anything."""

    def has_focus(self) -> bool:
        """Whether the keyboard is here."""
        control = self.control()
        return control.hasFocus()

    def stops(self) -> list[QWidget]:
        """The widgets Tab halts at inside the editor, in order."""
        return [self.control()]

    def take_focus(self, *, select: bool = False) -> None:
        """Give the editor the keyboard; `select` chooses the whole text (字を直す)."""
        self.control().setFocus(Qt.FocusReason.OtherFocusReason)


class Watch(QObject):
    """Follows focus, keys and input method of one control.

    While a word is composed no shortcut acts; Ctrl+Z and Ctrl+Y go to the page, whose undo runs
    through all fields, before the control takes them for itself.
    """

    focus_in = Signal()
    focus_out = Signal()

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self.composing = False
        control.installEventFilter(self)

    def eventFilter(self, _control: QObject, event: QEvent) -> bool:
        """Note the event; swallow only what is explained above."""
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif kind == QEvent.Type.FocusIn:
            self.focus_in.emit()
        elif kind == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            self.composing = False
            if event.reason() != Qt.FocusReason.PopupFocusReason:
                self.focus_out.emit()
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.composing:
                event.accept()
                return True
            if QKeySequence(event.keyCombination()).toString() in _FOR_THE_PAGE:
                event.ignore()
                return True
        return False
