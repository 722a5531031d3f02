"""期限の表 as a model: rows of companies, columns of obligations, words for eyes and screen readers."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.office.matrix import Matrix, MatrixRow
from app.services.office.summary import COLUMNS, Cell, CellState

COMPANY, FIGURES, FIRST = 0, 1, 2
"""The columns before the obligations: the company, its closing month and people."""

CELL_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
ROW_ROLE: Final = CELL_ROLE + 1
TICKED_ROLE: Final = CELL_ROLE + 2
_Index = QModelIndex | QPersistentModelIndex

WORDS: Final = {
    CellState.LATE: "過ぎた",
    CellState.RETURNED: "補正",
    CellState.ASKING: "確かめ中",
    CellState.WRITE: "あと",
    CellState.SEND: "送れます",
    CellState.SEALED: "封をした",
    CellState.REVIEW: "審査中",
    CellState.WAIT: "待ち",
    CellState.DONE: "済んだ",
    CellState.LATER: "これから",
    CellState.NONE: "義務なし",
    CellState.UNSEEN: "まだ見ていません",
}


class MatrixModel(QAbstractTableModel):
    """The rows shown; `show` takes another table or filter."""

    def __init__(self) -> None:
        super().__init__()
        self.matrix = Matrix((), ())
        self.rows: list[MatrixRow] = []
        self.ticked: set[tuple[str, str]] = set()

    def show(self, matrix: Matrix, only: CellState | None = None) -> None:
        """Shows a table, of which only the companies that have a cell in a state."""
        self.beginResetModel()
        self.matrix = matrix
        self.rows = [row for row in matrix.rows if only is None or only in row.states]
        ready = {(i, key) for key in matrix.keys for i in matrix.ready(key)}
        self.ticked &= ready
        self.endResetModel()

    def key(self, column: int) -> str:
        """The obligation of a column, "" for the first two."""
        return self.matrix.keys[column - FIRST] if column >= FIRST else ""

    def cell(self, index: _Index) -> Cell | None:
        """The cell of an obligation; None in the first two columns."""
        if not index.isValid() or index.column() < FIRST:
            return None
        return self.rows[index.row()].cells[index.column() - FIRST]

    def tick(self, index: _Index) -> bool:
        """Takes a cell that can go out into the batch, or out of it; False for any other cell.

        A batch is of one form: what was ticked of another form is let go.
        """
        key = self.key(index.column())
        row = self.rows[index.row()]
        if row.vault_id not in self.matrix.ready(key):
            return False
        mark = (row.vault_id, key)
        kept = {pair for pair in self.ticked if pair[1] == key}
        self.ticked = kept ^ {mark}
        self.dataChanged.emit(
            self.index(0, FIRST), self.index(len(self.rows) - 1, self.columnCount() - 1)
        )
        return True

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else FIRST + len(self.matrix.keys)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < FIRST:
            return ("会社", "決算・人数")[section]
        return "\n".join(COLUMNS[self.key(section)])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        cell = self.cell(index)
        if role == ROW_ROLE:
            return row
        if role == CELL_ROLE:
            return cell
        if role == TICKED_ROLE:
            return (row.vault_id, self.key(index.column())) in self.ticked
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_word(cell) if cell is not None else self._plain(row, index.column())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.spoken(index)
        return None

    def spoken(self, index: _Index) -> str:
        """Everything a cell says, in words."""
        row, cell = self.rows[index.row()], self.cell(index)
        if cell is None:
            return row.fault or f"{row.name} {self._plain(row, index.column())}"
        word = COLUMNS[self.key(index.column())][0]
        ticked = "、えらんである" if self.data(index, TICKED_ROLE) else ""
        said = WORDS[cell.state] + (f" {cell.count}" if cell.count else "")
        due = f"、{day_words(cell.due)}" if cell.due else ""
        return f"{row.name}、{word}、{said}{due}{ticked}。{cell.why}"

    @staticmethod
    def _plain(row: MatrixRow, column: int) -> str:
        if column == COMPANY:
            return row.name
        return f"{row.month}月・{row.people}" if row.month else f"{row.people}"


def cell_word(cell: Cell) -> str:
    """The word a cell shows, "" where a mark alone tells."""
    if cell.state is CellState.WRITE:
        return f"{WORDS[cell.state]} {cell.count}"
    if cell.state is CellState.WAIT and cell.due:
        return f"{WORDS[cell.state]} {cell.due.month}/{cell.due.day}"
    marks = (CellState.DONE, CellState.LATER, CellState.NONE, CellState.UNSEEN)
    return "" if cell.state in marks else WORDS[cell.state]


def day_words(day: date) -> str:
    """7月10日."""
    return f"{day.month}月{day.day}日"
