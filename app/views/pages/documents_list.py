"""The lists of 書類庫: the documents kept, and every time facts left the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QVBoxLayout, QWidget

from app.store.rows import DisclosureRow, DocumentRow
from app.views.pages.documents_view import kind_words, size_words
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import dress
from app.views.widgets.row import ListRow


class DocumentList(QFrame):
    """Newest first. Arrow keys move, Enter or a press chooses; `chosen` carries the id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents.list")
        self.setAccessibleName("書類の一覧")
        self.setProperty("surface", "card")
        self._rows: dict[str, ListRow] = {}
        self._scroll = ScrollColumn((6, 8, 6, 8), yields_keys=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self._scroll)

    def show_documents(
        self, rows: Sequence[DocumentRow], names: Mapping[str, str], chosen: str
    ) -> None:
        """Show the documents by their names; the focus stays on the row that had it."""
        focused = next((i for i, row in self._rows.items() if row.hasFocus()), "")
        column = self._scroll.renew()
        column.setSpacing(2)
        self._rows.clear()
        for document in rows:
            word, icon = kind_words(document.kind)
            at = document.kept_at
            note = f"{at.month}月{at.day}日 · {word} · {size_words(document.size)}"
            row = ListRow(icon, names[document.id], note, pressable=True, bold=False, inset=14,
                          name=f"documents.row.{document.id}")  # fmt: skip
            row.setMinimumHeight(current().size("listRow"))
            row.title.setWordWrap(True)
            row.note.setWordWrap(True)
            row.pressed.connect(lambda ident=document.id: self.chosen.emit(ident))
            self._rows[document.id] = row
            column.addWidget(row)
        column.addStretch(1)
        self.mark(chosen)
        self.focus_on(focused)

    def mark(self, ident: str) -> None:
        """Mark the document shown beside the list."""
        for key, row in self._rows.items():
            row.set_chosen(key == ident)
            dress(row.title, "heading" if key == ident else "body", "ink")

    def row(self, ident: str) -> QWidget | None:
        """The row of one id."""
        return self._rows.get(ident)

    def focus_on(self, ident: str) -> None:
        """Give the focus to one row."""
        if ident in self._rows:
            self._rows[ident].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the focus and the choice."""
        order = list(self._rows)
        here = next((n for n, i in enumerate(order) if self._rows[i] is self.focusWidget()), -1)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None or not order:
            super().keyPressEvent(event)
            return
        ident = order[max(0, min(here + step, len(order) - 1))]
        self.focus_on(ident)
        self._scroll.ensureWidgetVisible(self._rows[ident])
        self.chosen.emit(ident)


class _DisclosureModel(QAbstractTableModel):
    HEADS = ("いつ", "どこへ", "どの届で", "出た項目")

    def __init__(
        self, rows: Sequence[DisclosureRow], titles: Mapping[str, str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._rows, self._titles = rows, titles

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADS[section]
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            title = self._titles.get(row.filing_id, "届のほか")
            return (f"{row.at:%Y-%m-%d %H:%M}", row.door, title, f"{len(row.paths)}項目")[
                index.column()
            ]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(row.paths[:40])
        return None


class DisclosureTable(QFrame):
    """The company's own data tracker: which facts went to which door, when, with which filing."""

    def __init__(
        self,
        rows: Sequence[DisclosureRow],
        titles: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.table = Table(name="documents.disclosures", spoken="外に出た記録")
        self.table.setModel(_DisclosureModel(rows, titles, self))
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 160), (1, 140), (3, 110)):
            self.table.setColumnWidth(column, current().grown(width))
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(self.table)
