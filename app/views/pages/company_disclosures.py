"""どこへ出したか: every time facts left the house, newest first (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.widgets.empty import EmptyState
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import wrap_label

_HEADS = ("いつ", "どこへ", "なにを", "届の控え")
_Index = QModelIndex | QPersistentModelIndex


class DisclosureModel(QAbstractTableModel):
    """Rows of (when, door, facts, filing) over a plain list."""

    def __init__(self, rows: Sequence[tuple[str, ...]] = ()) -> None:
        super().__init__()
        self._rows = list(rows)

    def set_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many disclosures."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Four."""
        return 0 if parent is not None and parent.isValid() else len(_HEADS)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The words of a cell; the whole text as tool tip."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """The heads."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None


class Disclosures(QWidget):
    """The table, or the empty state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = DisclosureModel()
        self.table = Table(name="company.disclosures", spoken="どこへ出したか")
        self.table.setModel(self.model)
        head = self.table.horizontalHeader()
        for place, width in enumerate((150, 180, 420)):
            head.resizeSection(place, width)
        head.setStretchLastSection(True)
        self._empty = EmptyState(
            "send", "まだ何も出していません", "どの値がいつどこへ出たかが、ここに残ります。"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 24, 24)
        column.addWidget(
            wrap_label("この会社の値が家の外に出たときの記録です。消えません。", "label", "ink2")
        )
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)

    def show_rows(self, rows: Sequence[Any], name: Callable[[str], str]) -> None:
        """Show disclosures, newest first; `name` gives the label of a fact path."""
        ordered = sorted(rows, key=lambda r: r.at, reverse=True)
        self.model.set_rows(
            [
                (
                    f"{r.at:%Y-%m-%d %H:%M}",
                    str(r.door),
                    "、".join(dict.fromkeys(name(p) for p in r.paths)),
                    str(r.filing_id),
                )
                for r in ordered
            ]
        )
        self.table.setVisible(bool(ordered))
        self._empty.setVisible(not ordered)
