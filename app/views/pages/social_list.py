"""The left column of 社会保険の届: a search box and the people, painted row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout

from app.views.models.need_list import NeedListModel, Place
from app.views.pages.social_since import SinceRow
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.lines import hairline, label
from app.views.widgets.need_row import NeedRowDelegate

_EMPTY = {
    "needed": ("circle-check", "要る届はありません", "従業員や給与が変わると、ここに出ます。"),
    "questions": ("circle-check", "きくことはありません", "足りない事実があると、ここに出ます。"),
    "left_out": (
        "user",
        "要らない人はいません",
        "届が要りそうで要らない人が、わけと一緒に出ます。",
    ),
}


class _Rows(QListView):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; letters are for the search box, not for jumping through names."""
        if event.text().strip() and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class SocialList(QFrame):
    """`chosen` carries the row moved to, `opened` that Enter was pressed, `wanted` that words changed."""

    chosen = Signal(QModelIndex)
    opened = Signal()
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("social.list")
        self.setAccessibleName("届の要る人の一覧")
        self.setProperty("surface", "card")
        self.model = NeedListModel()
        self.words = TextField(
            placeholder="氏名か整理番号でさがす",
            name="social.words",
            spoken="氏名か整理番号でさがす",
        )
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(lambda _text: self.wanted.emit())
        self.rows = self._make_rows()
        self.empty = EmptyState("user", "", name="social.empty")
        self.empty.hide()
        self.since = SinceRow()
        self._busy = label("", "note", "ink2", name="social.busy")
        self._busy.hide()
        search = QHBoxLayout()
        search.setContentsMargins(16, 12, 16, 8)
        search.addWidget(self.words)
        body = QHBoxLayout()
        body.setContentsMargins(6, 0, 6, 6)
        body.addWidget(self.rows)
        body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(search)
        column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(body, 1)
        column.addWidget(hairline())
        column.addWidget(self.since)

    def _make_rows(self) -> QListView:
        rows = _Rows()
        rows.setObjectName("social.rows")
        rows.setAccessibleName("届の要る人")
        rows.setModel(self.model)
        rows.setItemDelegate(NeedRowDelegate(rows))
        rows.setUniformItemSizes(True)
        rows.setMouseTracking(True)
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.selectionModel().currentChanged.connect(self._moved)
        rows.activated.connect(lambda _index: self.opened.emit())
        return rows

    def show_busy(self, sentence: str) -> None:
        """Says what is being worked out; "" when nothing is."""
        self._busy.setText(sentence)
        self._busy.setVisible(bool(sentence))

    def show_rows(self, rows: Sequence[Any], tab: str, today: date, *, keep: Place) -> QModelIndex:
        """Shows these rows and gives the one that is chosen: that of `keep`, else the first."""
        self.show_busy("")
        words = self.words.text()
        chooser = self.rows.selectionModel()
        chooser.blockSignals(True)
        self.model.show(rows, words, today)
        count = self.model.rowCount()
        row = max(0, self.model.row_of(keep)) if count else -1
        index = self.model.index(row) if row >= 0 else QModelIndex()
        chooser.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        chooser.blockSignals(False)
        if row > 0:
            self.rows.scrollTo(index)
        else:
            self.rows.scrollToTop()
        self.rows.setVisible(bool(count))
        self.empty.setVisible(not count)
        if not count:
            self._show_empty(tab, words)
        return index

    def _show_empty(self, tab: str, words: str) -> None:
        _icon, fact, line = _EMPTY[tab]
        if words:
            fact, line = f"「{words}」は見つかりません", "姓だけか、カナでもさがせます。"
        self.empty.fact.set_text(fact)
        self.empty.line.set_text(line)
        self.empty.line.show()

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current)
