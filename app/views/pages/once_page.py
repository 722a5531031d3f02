"""一度率: which cells of the open drafts were typed or chosen, why, and how the share grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.models.once import OnceDraft, OnceLine, once_drafts, sentence
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.figure_delegate import ORIGIN_ROLE, Table
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow

HOW_TO_RAISE = (
    "打った値は会社の事実として残り、次の届では書かずに入ります。\n"
    "会社のページ、役所の公文書、登記から入った値が増えるほど、一度率は上がります。"
)


class _LinesModel(QAbstractTableModel):
    HEADS = ("項目", "値", "入れ方", "わけ")

    def __init__(self, lines: Sequence[OnceLine], parent: QWidget) -> None:
        super().__init__(parent)
        self.lines = lines

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

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
        line, column = self.lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (line.label, line.value, line.how, line.why)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{line.label}、{line.value}、{line.how}、{line.why}"
        if role == ORIGIN_ROLE and column == 2 and line.how != "空欄":
            return "typed"
        return None


class OnceTable(QWidget):
    """The cells a person filled in one draft. `wanted` carries the field to go to."""

    wanted = Signal(str)

    def __init__(self, draft: OnceDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = draft.lines
        self.table = Table(
            name=f"once.table.{draft.draft_id}", spoken=f"{draft.title}で手で入れた値"
        )
        self.table.setModel(_LinesModel(draft.lines, self))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.activated.connect(lambda at: self.wanted.emit(self._lines[at.row()].field_id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._share(640)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow the width; what does not fit goes on in a second line."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share(event.size().width())

    def _share(self, width: int) -> None:
        how = current().grown(84)
        rest = width - how
        label, value = round(rest * 0.26), round(rest * 0.34)
        for column, size in enumerate((label, value, how, rest - label - value)):
            self.table.setColumnWidth(column, size)
        self.table.wrap_rows()
        self.table.fit_height()


class OncePage(Page):
    """Opened from the 一度率 in the status bar."""

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("once")
        self.title = "一度率"
        self._scroll = ScrollColumn((0, 4, 12, 24))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def refresh(self) -> None:
        """Read the open drafts again."""
        column = self._scroll.renew()
        column.setSpacing(16)
        try:
            drafts = once_drafts(self.desk)
        except Known as fault:
            column.addWidget(Band("danger", fault.sentence, name="once.fault"))
            column.addStretch(1)
            return
        self.note = f"書きかけ {len(drafts)}件" if drafts else ""
        if not drafts:
            column.addStretch(1)
            column.addWidget(self._nothing())
            column.addStretch(2)
            return
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(wrap_label(sentence(drafts), "headline", "ink"))
        words.addWidget(wrap_label(HOW_TO_RAISE, "label", "ink2"))
        column.addLayout(words)
        for draft in drafts:
            column.addWidget(self._card(draft))
        column.addStretch(1)

    def _nothing(self) -> EmptyState:
        start = Button("手続をえらぶ", "small", name="once.start")
        start.clicked.connect(lambda: self.window_.show_page("procedures"))
        return EmptyState(
            "file-text", "書きかけの届はありません", "書きはじめると、手で入れた値がここに並びます。",
            start, name="once.empty",
        )  # fmt: skip

    def _card(self, draft: OnceDraft) -> Card:
        count = f"{draft.percent} % ・ 手で入れたのは {draft.filled}か所中 {draft.typed}か所"
        card = Card(name=f"once.draft.{draft.draft_id}")
        card.setAccessibleName(f"{draft.title} {count}")
        go = Button("つづける", "small", name=f"once.go.{draft.draft_id}")
        go.setAccessibleName(f"{draft.title} をつづける")
        go.clicked.connect(lambda _=False, d=draft: self._to_form(d, ""))
        card.add_row(ListRow(None, draft.title, count, [go]))
        if draft.lines:
            table = OnceTable(draft)
            table.wanted.connect(lambda field, d=draft: self._to_form(d, field))
            card.add_row(table)
        else:
            text = "手で入れた値はありません。すべて書かずに入りました。"
            card.body.addWidget(wrap_label(text, "body", "ink2"))
        return card

    def _to_form(self, draft: OnceDraft, field_id: str) -> None:
        if field_id:
            self.desk.draft(draft.draft_id).set_cursor(field_id)
        self.window_.show_page("form", procedure=draft.procedure_id, subject=draft.subject)
