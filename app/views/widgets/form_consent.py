"""Statements that all have to be agreed to, under each other, each with its tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.form_choices import chosen_value
from app.views.widgets.form_editor import Editor, Watch
from app.views.widgets.lines import wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field


class _Statement(QWidget):
    """A tick and a sentence that wraps; pressing the sentence ticks it too."""

    def __init__(self, sentence: str, name: str) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setObjectName(name)
        self.box.setAccessibleName(sentence)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(8)
        line.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(wrap_label(sentence, "body", "ink"), 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press anywhere on the statement is a press on its tick."""
        if self.box.isEnabled() and self.rect().contains(event.position().toPoint()):
            self.box.click()


class ConsentEditor(Editor):
    """A list of statements; the value is the codes of those agreed to, with commas."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._holder = QWidget()
        self._holder.setObjectName(self.name)
        self._holder.setAccessibleName(field.label)
        self._boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for value, sentence in field.choices:
            made = _Statement(sentence, f"{self.name}.{value}")
            made.box.clicked.connect(lambda _=False: self._report())
            watch = Watch(made.box)
            watch.focus_in.connect(self.entered)
            watch.focus_out.connect(self.left)
            self._boxes[value] = made.box
            column.addWidget(made)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 4)
        outer.addWidget(self._holder)

    def control(self) -> QWidget:
        """The list of statements."""
        return self._holder

    def text(self) -> str:
        """The codes agreed to."""
        return ",".join(value for value, box in self._boxes.items() if box.isChecked())

    def show_cell(self, cell: Cell) -> None:
        """Tick what the draft says, without reporting it back."""
        agreed = set(chosen_value(cell).split(","))
        for value, box in self._boxes.items():
            box.setChecked(value in agreed)

    def set_state(self, state: str) -> None:
        """Locked statements cannot be ticked."""
        self._holder.setEnabled(state != "locked")

    def has_focus(self) -> bool:
        """Whether one of the ticks has the keyboard."""
        return any(box.hasFocus() for box in self._boxes.values())

    def stops(self) -> list[QWidget]:
        """Every tick."""
        return list(self._boxes.values())

    def take_focus(self, *, select: bool = False) -> None:
        """The first statement not agreed to, else the first."""
        open_ones = [box for box in self._boxes.values() if not box.isChecked()]
        (open_ones or self.stops())[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _report(self) -> None:
        if self.text():
            self.committed.emit(self.text())
        else:
            self.cleared.emit()
