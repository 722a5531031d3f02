"""The left column of 支援: the search box, what narrows, the list, and when it was fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout

from app.services.grants.sheet import GrantLine
from app.views.models.grant_list import GrantListModel
from app.views.pages.grants_filters import GrantFilters
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.grant_row import GrantRowDelegate
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label


class _Rows(QListView):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; letters are for the search box, not for jumping through titles."""
        if event.text().strip() and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class GrantList(QFrame):
    """`chosen(key)` when a row is moved to; `wanted` when words or filters change."""

    chosen = Signal(str)
    wanted = Signal()
    refresh_asked = Signal()
    stop_asked = Signal()

    def __init__(self, line: Callable[[str], GrantLine], filters: GrantFilters) -> None:
        super().__init__()
        self.setObjectName("grants.list")
        self.setAccessibleName("支援の一覧")
        self.setProperty("surface", "card")
        self.model = GrantListModel(line)
        self.filters = filters
        self.filters.hide()
        self.words = TextField(
            placeholder="ことばでさがす", name="grants.words", spoken="ことばでさがす"
        )
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(lambda _text: self.wanted.emit())
        self.narrow = Button("しぼりこむ", small=True, name="grants.narrow")
        self.narrow.setCheckable(True)
        self.narrow.toggled.connect(self.filters.setVisible)
        self.filters.changed.connect(self._narrowed)
        self._count = label("", "label", "ink2", name="grants.count")
        self.starred = Button("しるし", "quiet", "bookmark", small=True, name="grants.starred")
        self.starred.setCheckable(True)
        self.starred.setAccessibleName("しるしを付けたものだけ")
        self.starred.toggled.connect(lambda _on: self.wanted.emit())
        self.rows = self._make_rows()
        self.empty = EmptyState("search", "", name="grants.empty")
        self.empty.hide()
        self._lay_out()

    def _make_rows(self) -> QListView:
        rows = _Rows()
        rows.setObjectName("grants.rows")
        rows.setAccessibleName("支援の一覧")
        rows.setModel(self.model)
        rows.setItemDelegate(GrantRowDelegate(rows))
        rows.setUniformItemSizes(True)
        rows.setMouseTracking(True)
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.selectionModel().currentChanged.connect(self._moved)
        return rows

    def _lay_out(self) -> None:
        search = QHBoxLayout()
        search.setContentsMargins(16, 12, 16, 4)
        search.setSpacing(8)
        search.addWidget(self.words, 1)
        search.addWidget(self.narrow)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 12, 4)
        head.addWidget(self._count, 1)
        head.addWidget(self.starred)
        self._kept = wrap_label("", "note", "ink2")
        self._kept.setObjectName("grants.kept")
        self.refresh_ = Button("新しくする", small=True, icon="refresh-cw", name="grants.refresh")
        self.refresh_.clicked.connect(self.refresh_asked)
        self.stop = Button("やめる", "quiet", small=True, name="grants.refresh.stop")
        self.stop.clicked.connect(self.stop_asked)
        self.stop.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 12, 10)
        foot.setSpacing(8)
        foot.addWidget(IconView("wifi-off", 16, "ink2"), 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._kept, 1)
        foot.addWidget(self.stop)
        foot.addWidget(self.refresh_)
        body = QHBoxLayout()
        body.setContentsMargins(6, 0, 6, 0)
        body.addWidget(self.rows)
        body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(search)
        column.addWidget(self.filters)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    # --- what is shown

    def show_keys(self, keys: Sequence[str], words: str, *, keep: str) -> str:
        """Show these grants; gives the key that is chosen now ("" when there is none)."""
        self.rows.selectionModel().blockSignals(True)
        self.model.show(keys)
        row = max(0, self.model.row_of(keep)) if keys else -1
        if row >= 0:
            index = self.model.index(row)
            self.rows.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            if self.model.row_of(keep) >= 0:
                self.rows.scrollTo(index)
            else:
                self.rows.scrollToTop()
        self.rows.selectionModel().blockSignals(False)
        self._count.setText(f"{len(keys):,}件")
        self.rows.setVisible(bool(keys))
        self.empty.setVisible(not keys)
        if not keys:
            said = f"「{words}」は見つかりません" if words else "あてはまるものがありません"
            self.empty.fact.set_text(said)
            self.empty.line.set_text("ことばを短くするか、しぼりこみをやめてください。")
            self.empty.line.show()
        return keys[row] if row >= 0 else ""

    def show_kept(self, sentence: str) -> None:
        """When and how much was fetched."""
        self._kept.set_text(sentence)

    def show_refreshing(self, sentence: str, *, running: bool) -> None:
        """How far a refresh is; it can be left or stopped."""
        self._kept.set_text(sentence)
        self.refresh_.setVisible(not running)
        self.stop.setVisible(running)

    def _narrowed(self) -> None:
        count = self.filters.count
        self.narrow.set_text(f"しぼりこみ {count}" if count else "しぼりこむ")
        self.wanted.emit()

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.model.key(current))
