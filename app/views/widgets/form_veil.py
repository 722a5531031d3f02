"""The row that stands for hidden facts: 見せる, and a plain line under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.views import theme
from app.views.widgets.form_editor import Editor
from app.views.widgets.masked import ShowButton

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field


class VeilEditor(Editor):
    """Nothing is typed here: pressing the button is the act "show" or "hide" of the row."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self.button = ShowButton(field.label, name=self.name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.setMinimumHeight(theme.current().size("field"))
        self.button.shown.connect(lambda on: self.acted.emit("show" if on else "hide"))

    def control(self) -> ShowButton:
        """The button."""
        return self.button

    def text(self) -> str:
        """Nothing: the row holds no value."""
        return ""

    def show_cell(self, cell: Cell) -> None:
        """Name for a screen reader what the button shows; the note of the row says it on the screen."""
        self.button.call(cell.text)
