"""What the office wants put right, line by line, each with the way to its field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.refusals import RefusalLine
from app.views.widgets.button import Button
from app.views.widgets.lines import hairline, label, wrap_label

TO_FIELD = "この欄へ"


class RefusalList(QWidget):
    """`field_asked` carries the field of the form a line leads to.

    A line that leads nowhere is shown without a button.
    """

    field_asked = Signal(str)

    def __init__(self, lines: Sequence[RefusalLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outbox.refusals")
        self.setAccessibleName("直すところ")
        self.buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(f"直すところ  {len(lines)}件", "heading", "ink"))
        for number, line in enumerate(lines):
            if number:
                column.addWidget(hairline())
            column.addWidget(self._row(number, line))

    def _row(self, number: int, line: RefusalLine) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        name = line.leads_to_label or line.item or line.where
        if name:
            words.addWidget(wrap_label(name, "label", "ink", bold=True))
        words.addWidget(wrap_label(line.sentence, "body", "ink"))
        across.addLayout(words, 1)
        if line.leads_to:
            go = Button(TO_FIELD, "small", "arrow-right", name=f"outbox.refusal{number}.go")
            go.setAccessibleName(f"{name} {line.sentence} {TO_FIELD}")
            go.clicked.connect(lambda _=False, i=line.leads_to: self.field_asked.emit(i))
            across.addWidget(go)
            self.buttons.append(go)
        return row
