"""The people of the company as a column: a filter when they are many, and the way to add one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.domain.kana import search_key
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.field import TextField
from app.views.widgets.row import ListRow

FILTER_FROM = 8
SHOWN_MOST = 300


class PeopleColumn(QWidget):
    """One row a person."""

    chosen = Signal(str)
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(current().grown(204))
        self._people: Sequence[Any] = ()
        self._rows: dict[str, ListRow] = {}
        self._key = ""
        self.filter = TextField("", "氏名で探す", name="company.people.filter", spoken="氏名で探す")
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.add = Button("従業員を加える", "plain", "user-plus", name="company.add_employee")
        self.add.clicked.connect(self.add_wanted)
        inner = QWidget()
        inner.setProperty("clear", "true")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 16)
        column.setSpacing(8)
        column.addWidget(self.filter)
        column.addWidget(scroll, 1)
        column.addWidget(self.add)

    def show_people(self, people: Sequence[Any]) -> None:
        """Show these people."""
        told = [(p.key, p.name, p.kana) for p in people]
        if told != [(p.key, p.name, p.kana) for p in self._people] or not self._rows:
            self._people = people
            self.filter.setVisible(len(people) > FILTER_FROM)
            self._fill()

    def mark(self, key: str) -> None:
        """Mark the person whose facts are shown."""
        self._key = key
        for other, row in self._rows.items():
            row.set_chosen(other == key)

    def _fill(self) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        key = search_key(self.filter.text())
        found = [p for p in self._people if key in search_key(f"{p.name} {p.kana}")][:SHOWN_MOST]
        self._rows = {}
        for place, person in enumerate(found):
            row = ListRow(
                None, person.name or "氏名はまだ", person.kana, height=52, pressable=True,
                bold=False, inset=12, name=f"company.person.{person.key}",
            )  # fmt: skip
            row.pressed.connect(lambda k=person.key: self.chosen.emit(k))
            self._list.insertWidget(place, row)
            self._rows[person.key] = row
        self.mark(self._key)
