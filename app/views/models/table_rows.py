"""A table of a form as Qt's views read it: texts, origins, problems, what may be written where."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.forms.fields import NUMBERS
from app.views import theme

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.fields import Field
    from app.forms.tables import TableRow

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()


class TableRows(QAbstractTableModel):
    """The rows of one table field. `written` carries (row key, column id, text) of a finished cell.

    A transposed table has its columns under each other and its rows side by side.
    """

    written = Signal(str, str, str)

    def __init__(self, field: Field, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.rows: tuple[TableRow, ...] = ()
        self._said: dict[str, str] = {}

    def show_cell(self, cell: Cell) -> None:
        """Takes the table as it stands; cells are only told as changed where the rows are the same."""
        rows = cell.table.rows if cell.table is not None else ()
        self._said = {}
        for problem in cell.problems:
            place, _, _code = problem.code.partition(":")
            if problem.open and "." in place:
                self._said.setdefault(place, problem.sentence)
        if self._take(rows) and rows:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _take(self, rows: tuple[TableRow, ...]) -> bool:
        """Puts the rows in place of those before; whether the first of them are the same.

        Rows that come or go at the end leave the others alone, so that a cell being written, whose
        value may decide how many rows there are, stays open.
        """
        old, new = [r.key for r in self.rows], [r.key for r in rows]
        common = min(len(old), len(new))
        if old[:common] != new[:common] or (old != new and (self.field.transposed or not common)):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return False
        if len(new) > common:
            self.beginInsertRows(_ROOT, common, len(new) - 1)
            self.rows = rows
            self.endInsertRows()
        elif len(old) > common:
            self.beginRemoveRows(_ROOT, common, len(old) - 1)
            self.rows = rows
            self.endRemoveRows()
        self.rows = rows
        return True

    def place(self, index: Index) -> tuple[TableRow, Field]:
        """The row and the column of the form that a place of the view stands for."""
        at, column = index.row(), index.column()
        if self.field.transposed:
            at, column = column, at
        return self.rows[at], self.field.columns[column]

    def find(self, key: str, column: str) -> QModelIndex:
        """Where a cell stands; an index of nothing where it is not there."""
        keys = [row.key for row in self.rows]
        names = [c.id for c in self.field.columns]
        if key not in keys or column not in names:
            return QModelIndex()
        at, n = keys.index(key), names.index(column)
        return self.index(n, at) if self.field.transposed else self.index(at, n)

    def cell(self, index: Index) -> Cell:
        """The cell at a place."""
        row, column = self.place(index)
        return row.cells[column.id]

    def problem(self, index: Index) -> str:
        """What is to put right there, or nothing."""
        row, column = self.place(index)
        return self._said.get(f"{row.key}.{column.id}", "")

    def origin(self, index: Index) -> str:
        """Where the value of a cell came from, in words."""
        cell = self.cell(index)
        if not cell.answered:
            return "計算できていません" if cell.field.calc else "未回答"
        if cell.field.calc:
            return "計算"
        key = str(cell.origin or "typed")
        word = str(theme.current().tokens["origin"][key]["word"])
        return word + ("(未確認)" if str(cell.state) == "unconfirmed" else "")

    def rowCount(self, _parent: Index = _ROOT) -> int:
        return len(self.field.columns) if self.field.transposed else len(self.rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return len(self.rows) if self.field.transposed else len(self.field.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        across = orientation == Qt.Orientation.Horizontal
        if across != self.field.transposed:
            column = self.field.columns[section]
            return f"{column.label}（{column.unit_label}）" if column.unit_label else column.label
        return self.rows[section].label if section < len(self.rows) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(cell) if cell.visible else "—"
        if role == Qt.ItemDataRole.EditRole:
            return edit_text(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if cell.field.kind in NUMBERS
                else Qt.AlignmentFlag.AlignLeft
            )
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.BackgroundRole:
            if self.problem(index):
                return theme.current().colour("dangerSoft")
            return theme.current().colour("sunken") if self._is_closed(cell) else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.current().colour("ink2" if self._is_closed(cell) else "ink")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self.problem(index) or self.origin(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row, column = self.place(index)
            said = [
                row.label,
                column.label,
                cell.text or "空き",
                self.origin(index),
                self.problem(index),
            ]
            return " ".join(part for part in said if part)
        return None

    def _shown(self, cell: Cell) -> str:
        """The text of a cell; of a day that is worked out in a row of months only month and day."""
        if self.field.months and cell.field.calc and isinstance(cell.value, date):
            return f"{cell.value.month}月{cell.value.day}日"
        return cell.text

    @staticmethod
    def _is_closed(cell: Cell) -> bool:
        return cell.locked or not cell.visible

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and not self._is_closed(self.cell(index)):
            base |= Qt.ItemFlag.ItemIsEditable
        return base

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row, column = self.place(index)
        self.written.emit(row.key, column.id, str(value))
        return True


def edit_text(cell: Cell) -> str:
    """What stands in the editor of a cell: the value of a choice, else the text as it is shown."""
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    if cell.field.kind == "choice":
        return str(cell.value or "")
    return cell.text
