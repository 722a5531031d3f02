"""The empty state: nothing here yet, what will come, and one small button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.widgets.button import Button
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import WrapLabel


class EmptyState(QWidget):
    """Icon 32, one bold fact, one line, and perhaps one small button."""

    def __init__(
        self,
        icon: str,
        fact: str,
        line: str = "",
        button: Button | None = None,
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if name:
            self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconView(icon, 32, "ink3"), 0, centre)
        column.addSpacing(6)
        self.fact = WrapLabel(fact, "heading", "ink")
        self.fact.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.fact)
        self.line = WrapLabel(line, "note", "ink2")
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if not line:
            self.line.hide()
        column.addWidget(self.line)
        self.button = button
        if button is not None:
            column.addSpacing(4)
            column.addWidget(button, 0, centre)
        column.addStretch(1)
        self.setAccessibleName(f"{fact} {line}".strip())
