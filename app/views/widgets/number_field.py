"""The field a 個人番号 is typed into: masked, told how far it is, and emptied without a trace."""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.views.widgets.field import TextField

MOST: Final = 24
"""Twelve digits with spaces or hyphens between them."""


class NumberField(TextField):
    """Twelve digits as dots. It is never copied out: Qt neither copies, drags nor selects for other
    programs from a field with hidden letters, and this one is never shown in the clear."""

    def __init__(self, *, name: str = "", spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", name=name, spoken=spoken, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MOST)
        self.setDragEnabled(False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhPreferNumbers
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: nothing in it is of use here."""
        event.accept()

    def count(self) -> int:
        """How many digits are in it; what stands between them is not counted."""
        plain = unicodedata.normalize("NFKC", self.text())
        return sum(c.isascii() and c.isdigit() for c in plain)

    def wipe(self) -> None:
        """Empties it with its history of changes (`clear` would leave that)."""
        self.setText("")
