"""The list of grants as a model: keys only; a line is made when its row is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.grants.sheet import GrantLine

LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 21
_Index = QModelIndex | QPersistentModelIndex


class GrantListModel(QAbstractListModel):
    """Thousands of rows cost nothing until they are seen."""

    def __init__(self, line: Callable[[str], GrantLine]) -> None:
        super().__init__()
        self._line = line
        self._keys: Sequence[str] = ()
        self._made: dict[str, GrantLine] = {}

    def show(self, keys: Sequence[str]) -> None:
        """Other keys, or the same whose verdicts have moved."""
        self.beginResetModel()
        self._keys = keys
        self._made = {}
        self.endResetModel()

    def renew(self, key: str) -> None:
        """One row looks different (its star)."""
        self._made.pop(key, None)
        if key in self._keys:
            row = self.index(list(self._keys).index(key))
            self.dataChanged.emit(row, row)

    def key(self, index: _Index) -> str:
        """The key of a row."""
        return self._keys[index.row()] if index.isValid() else ""

    def row_of(self, key: str) -> int:
        """The row of a key, -1 when it is not in the list."""
        return list(self._keys).index(key) if key in self._keys else -1

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if role == LINE_ROLE:
            return self._of(self._keys[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._of(self._keys[index.row()]).title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            line = self._of(self._keys[index.row()])
            star = "、しるし付き" if line.starred else ""
            return f"{line.title}、{line.outcome}、{line.figures}、{line.reason}{star}"
        return None

    def _of(self, key: str) -> GrantLine:
        if key not in self._made:
            self._made[key] = self._line(key)
        return self._made[key]
