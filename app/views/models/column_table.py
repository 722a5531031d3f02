"""The columns of a chosen table as rows: heading, what it is taken in as, and its first cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.domain.periods import month_text
from app.services.social.columns import Columns
from app.services.social.views import TablePreview, TableTarget
from app.views.widgets.figure_delegate import INK_ROLE
from app.views.widgets.masked import masked

EXAMPLES: Final = 3
NOT_TAKEN: Final = "取り込まない"
_OPEN: Final = frozenset({"@key", "@name", "@kana", "@month"})
"""Targets by which a person finds the rows again: never hidden."""
_NAMES: Final = frozenset({"family_name", "given_name", "family_kana", "given_kana"})
_Index = QModelIndex | QPersistentModelIndex


class ColumnTable(QAbstractTableModel):
    """One row a column of the file. Cells that may be personal are dots until they are asked for."""

    HEADINGS: Final = ("見出し", "取り込み先", *(f"{n}行め" for n in range(1, EXAMPLES + 1)))

    def __init__(self) -> None:
        super().__init__()
        self._preview: TablePreview | None = None
        self._targets: list[str] = []
        self._known: Mapping[str, TableTarget] = {}
        self._shown = False

    def show(self, preview: TablePreview) -> None:
        """The columns of this table, as they were settled last or guessed."""
        self.beginResetModel()
        self._preview = preview
        self._targets = list(preview.columns.targets)
        self._known = {t.target: t for t in preview.targets}
        self.endResetModel()

    def columns(self) -> Columns:
        """What was settled so far."""
        headings = self._preview.headings if self._preview is not None else ()
        return Columns(tuple(headings), tuple(self._targets))

    def target(self, row: int) -> str:
        """What a column is taken in as, "" for nothing."""
        return self._targets[row]

    def settle(self, row: int, target: str) -> None:
        """A column is taken in as something else."""
        self._targets[row] = target
        self.dataChanged.emit(self.index(row, 1), self.index(row, len(self.HEADINGS) - 1))

    def reveal(self, on: bool) -> None:
        """Shows the cells, or hides them again."""
        self._shown = on
        if self._targets:
            last = self.index(len(self._targets) - 1, len(self.HEADINGS) - 1)
            self.dataChanged.emit(self.index(0, 2), last)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._targets)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, column)
        if role == INK_ROLE:
            return "ink" if self._targets[row] else "ink3"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            hidden = column > 1 and self.hides(row)
            text = "隠しています" if hidden else self._text(row, column)
            return f"{self.HEADINGS[column]} {text or 'なし'}"
        return None

    def hides(self, row: int) -> bool:
        """Whether the cells of a column are dots now: personal ones, and what nobody has named."""
        if self._shown:
            return False
        target = self._targets[row]
        base = base_of(target)
        known = self._known.get(base)
        if base in _OPEN or base in _NAMES:
            return False
        return known is None or known.personal

    def words(self, target: str) -> str:
        """A target in words: 2026年4月の賃金, 氏名, or that it is not taken in."""
        if not target:
            return NOT_TAKEN
        known = self._known.get(base_of(target))
        if known is None:
            return target
        if not known.monthly:
            return known.label
        month = target[target.index("[") + 1 : -1]
        when = "「年月」の列の月" if month == "month" else month_text(month)
        return f"{when}の{known.label.removeprefix('その月の')}"

    def _text(self, row: int, column: int) -> str:
        assert self._preview is not None
        if column == 0:
            return self._preview.headings[row] or "(見出しなし)"
        if column == 1:
            return self.words(self._targets[row])
        rows = self._preview.rows
        line = rows[column - 2] if column - 2 < len(rows) else ()
        text = line[row] if row < len(line) else ""
        return masked(text) if self.hides(row) else text


def base_of(target: str) -> str:
    """A target as it stands among those to choose from: pay[2026-04] → pay[month]."""
    return f"{target.partition('[')[0]}[month]" if target.endswith("]") else target
