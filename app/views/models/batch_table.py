"""The results of a batch as a table: company, people, files, faults, state, 到達番号."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.office.batch_rows import BatchRow, BatchState
from app.views.widgets.figure_delegate import BOLD_ROLE, INK_ROLE
from app.views.widgets.plate_delegate import PLATE_ROLE

HEADS: Final = ("会社", "人数", "ファイル", "直す", "状態", "到達番号・理由")
_INK: Final = {
    BatchState.FAULTS: "danger",
    BatchState.FAILED: "danger",
    BatchState.REFUSED: "danger",
    BatchState.UNKNOWN: "warn",
    BatchState.SENT: "ok",
    BatchState.READY: "accent",
    BatchState.SEALED: "accent",
}
_FIGURES: Final = (1, 2, 3)
_Index = QModelIndex | QPersistentModelIndex


class BatchModel(QAbstractTableModel):
    """The rows of a batch; `show` takes them anew, `renew` one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[BatchRow] = []

    def show(self, rows: Sequence[BatchRow]) -> None:
        """Shows these rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def renew(self, row: BatchRow) -> int:
        """Shows a company as it is now; gives its line."""
        place = next(n for n, old in enumerate(self.rows) if old.vault_id == row.vault_id)
        self.rows[place] = row
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(HEADS) - 1))
        return place

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(row)[column]
        if role == PLATE_ROLE and column == 0:
            return (row.kanji, row.plate)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name} {HEADS[column]} {_words(row)[column]}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(row.reasons) or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == INK_ROLE and column >= 4:
            return _INK.get(row.state, "ink2") if column == 4 else "ink2"
        if role == BOLD_ROLE:
            return column == 4 and row.state in _INK
        return None


def _words(row: BatchRow) -> tuple[str, ...]:
    seen = row.state not in (BatchState.WAITING, BatchState.FAILED)
    told = "、".join(number for number in row.arrivals if number)
    return (
        row.name,
        str(row.people) if seen else "",
        str(row.files) if seen else "",
        str(row.faults + row.waiting) if seen and row.faults + row.waiting else "",
        row.word,
        told or (row.reasons[0] if row.reasons else ""),
    )
