"""A long text: as high as it needs, with letters and pages counted, and its earlier versions at hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.forms.condition_functions import lines
from app.views import theme
from app.views.widgets.button import Button
from app.views.widgets.form_editor import Watch
from app.views.widgets.form_lines import LongEditor

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

_LOW, _HIGH = 120, 420


class LongTextEditor(LongEditor):
    """The editor of a plan or a statement of reasons."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._history = Button("前の文", "quiet", "clock", small=True, name=f"{self.name}.versions")
        self._history.setAccessibleName(f"{field.label} 前の文")
        self._history.clicked.connect(lambda _=False: self.acted.emit("versions"))
        Watch(self._history).focus_in.connect(self.entered)
        line = QHBoxLayout()
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self._count)
        line.addWidget(self._count)
        line.addStretch(1)
        line.addWidget(self._history)
        column.addLayout(line)

    def show_cell(self, cell: Cell) -> None:
        """Show the draft's text and grow with it."""
        super().show_cell(cell)
        self._grow()

    def stops(self) -> list[QWidget]:
        """The text, then its earlier versions."""
        return [self.control(), self._history]

    def _show_count(self) -> None:
        text = self.text()
        said = f"{len(text):,} / {self.field.max_length:,}字"
        if self.field.page is not None:
            wide, high = self.field.page
            sheets = math.ceil((lines(text, wide) if text else 0) / high * 10) / 10
            said += f"　約 {sheets:g}枚({wide}字×{high}行)"
        self._count.setText(said)
        over = len(text) > self.field.max_length
        theme.set_property(self._count, "tone", "danger" if over else "")

    def _edited(self) -> None:
        super()._edited()
        self._grow()

    def _grow(self) -> None:
        """As high as the text, between a few lines and about a third of a page."""
        document = self._sheet.document()
        rows = int(document.size().height())  # a plain text's height is counted in lines
        wanted = rows * self._sheet.fontMetrics().lineSpacing() + 20
        grown = theme.current().grown
        self._sheet.setFixedHeight(max(grown(_LOW), min(grown(_HIGH), wanted)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower sheet has more lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()
