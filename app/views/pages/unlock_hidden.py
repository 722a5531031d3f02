"""The left side of the first page where the list is hidden: a name is typed, or a file is chosen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.widgets.button import Button
from app.views.widgets.field import TextField
from app.views.widgets.lines import label, wrap_label
from app.views.words import short_name

if TYPE_CHECKING:
    from app.views.house import Card


def meant(typed: str, cards: Sequence[Card]) -> Card | None:
    """The card whose whole name, short name, number or file name was typed; None for any less."""
    wanted = _plain(typed)
    if not wanted:
        return None
    for card in cards:
        names = (card.name, short_name(card.name), card.corporate_number, card.path.stem)
        if wanted in {_plain(name) for name in names}:
            return card
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


class NameAsk(QWidget):
    """Asks for a company without naming one. `asked` carries what was typed, at Enter or the button."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        spoken = self.tr("会社の名前か、法人番号")
        column.addWidget(label(spoken, "label", "ink2"))
        self.field = TextField(name="unlock.company_name", spoken=spoken)
        self.field.returnPressed.connect(self._ask)
        self.field.textEdited.connect(lambda _text: self._calm())
        column.addWidget(self.field)
        self.problem = label("", "note", "danger", name="unlock.company_name.problem")
        self.problem.hide()
        column.addWidget(self.problem)
        go = Button(self.tr("この会社をえらぶ"), name="unlock.company_name.go")
        go.clicked.connect(lambda _=False: self._ask())
        column.addWidget(go)
        column.addSpacing(8)
        note = self.tr("会社の一覧は、\u200b設定で\u200b出さないことに\u200bしてあります。")
        column.addWidget(wrap_label(note, "note", "ink2"))
        column.addStretch(1)

    def complain(self, sentence: str) -> None:
        """Says in place that nothing was found."""
        self.problem.setText(sentence)
        self.problem.show()
        self.field.set_state("error")
        self.field.selectAll()

    def forget(self) -> None:
        """Empties the field."""
        self.field.clear()
        self._calm()

    def _ask(self) -> None:
        self.asked.emit(self.field.text())

    def _calm(self) -> None:
        self.problem.hide()
        self.field.set_state("")
