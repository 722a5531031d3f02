"""Whose 個人番号 are asked for, as a table: name, who it is, whether it has come. Never the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.social.numbers_asked import Asked
from app.views.widgets.figure_delegate import INK_ROLE

_Index = QModelIndex | QPersistentModelIndex
LEFT, GIVEN, SKIPPED = "まだ", "入れました", "なしで出す"
_HEADINGS: Final = ("氏名", "だれ", "個人番号")
_INKS: Final = {LEFT: "warn", GIVEN: "ok", SKIPPED: "ink2"}


class NumberList(QAbstractTableModel):
    """The people in their order, each with a state; nothing is made per row."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: tuple[Asked, ...] = ()
        self._states: list[str] = []

    def show(self, asked: Sequence[Asked]) -> None:
        """Other people, none of whom has given anything yet."""
        self.beginResetModel()
        self.asked = tuple(asked)
        self._states = [LEFT] * len(self.asked)
        self.endResetModel()

    def set_state(self, row: int, state: str) -> None:
        """What has come of a person's number."""
        self.set_states((row,), state)

    def set_states(self, rows: Sequence[int], state: str) -> None:
        """The same of many people at once."""
        for row in rows:
            self._states[row] = state
        if rows:
            self.dataChanged.emit(self.index(min(rows), 2), self.index(max(rows), 2))

    def state(self, row: int) -> str:
        """LEFT, GIVEN or SKIPPED."""
        return self._states[row]

    def left(self) -> int:
        """How many are still to be settled."""
        return self._states.count(LEFT)

    def next_left(self, after: int) -> int:
        """The first row after `after` that is still to be settled, round to the top; -1 for none."""
        count = len(self._states)
        rows = [(after + 1 + n) % count for n in range(count)]
        return next((row for row in rows if self._states[row] == LEFT), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.asked)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one, state = self.asked[index.row()], self._states[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (one.called or one.name or "氏名はまだ", one.who, state)[index.column()]
        if role == INK_ROLE and index.column() == 2:
            return _INKS[state]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.title} 個人番号 {state}"
        return None
