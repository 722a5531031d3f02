"""Parts of a filing's detail: the receipt band, and filed against decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from app.services.filing_view import DecidedRow, FilingView
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.figure_delegate import BOLD_ROLE, FILL_ROLE, ORIGIN_ROLE, Table
from app.views.widgets.lines import label

_SAME, _NEW = "同じ", "新しい"
_APART, _APART_LEAST = 28, 16
_SHAPE = 34


def grouped(number: str) -> str:
    """到達番号 in groups of four; a lone last digit stays with its neighbours."""
    groups = [number[i : i + 4] for i in range(0, len(number), 4)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join(groups)


def differs(row: DecidedRow) -> bool:
    """Whether the office decided something other than what was filed."""
    return row.difference not in (_SAME, _NEW)


class ReceiptBand(QFrame):
    """到達番号 large, in groups of four (a portal's 受付番号 as it is), when it arrived, and 写す."""

    def __init__(self, view: FilingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = view.receipt_number
        self._word = "受付番号" if view.by_portal else "到達番号"
        self.setProperty("band", "ok")
        self.setObjectName("outbox.receipt")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(16)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setSpacing(_APART)
        self._parts.addLayout(self._number_part())
        self._parts.addLayout(self._time_part(view))
        row.addLayout(self._parts)
        row.addStretch(1)
        self.copy_button = Button("写す", "small", "copy", name="outbox.copy")
        self.copy_button.setToolTip(f"{self._word}を写す(Ctrl+Shift+C)")
        self.copy_button.clicked.connect(self.copy)
        row.addWidget(self.copy_button)

    def _number_part(self) -> QVBoxLayout:
        shown = self._number if self._word == "受付番号" else grouped(self._number)
        number = label(shown, "title", "ink", name="outbox.receipt_number")
        number.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        number.setAccessibleName(f"{self._word} {shown}")
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label(self._word, "note", "ink2"))
        column.addWidget(number)
        return column

    def _time_part(self, view: FilingView) -> QVBoxLayout:
        at = view.receipt_at
        arrived = f"{at.month}月{at.day}日 {at:%H:%M:%S} に届きました" if at else view.band.sentence
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(label(arrived, "label", "ink"))
        column.addWidget(label("控えは書類庫にあります", "note", "ink2"))
        column.addStretch(1)
        return column

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest part: the time can go under the number."""
        return QSize(max(self._widths()) + self._beside(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the time goes under the number; nothing is squeezed."""
        super().resizeEvent(event)
        gap = min(_APART, event.size().width() - sum(self._widths()) - self._beside())
        narrow = gap < _APART_LEAST
        way = QBoxLayout.Direction
        self._parts.setDirection(way.TopToBottom if narrow else way.LeftToRight)
        self._parts.setSpacing(4 if narrow else gap)

    def _widths(self) -> list[int]:
        items = (self._parts.itemAt(n) for n in range(self._parts.count()))
        return [item.sizeHint().width() for item in items if item is not None]

    def _beside(self) -> int:
        """The button, the margins, the edge of the band, and the gap before the button."""
        return self.copy_button.sizeHint().width() + 16 + 12 + 3 + 16

    def copy(self) -> None:
        """Put the bare number on the clipboard."""
        QGuiApplication.clipboard().setText(self._number)
        self.copy_button.set_text("写しました")


class _DecidedModel(QAbstractTableModel):
    HEADS = ("項目", "出した値", "決まった値", "差", "")

    def __init__(self, rows: Sequence[DecidedRow], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return self.HEADS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.label, row.filed, row.decided, row.difference, "")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{row.label}、出した値 {row.filed}、決まった値 {row.decided}、{row.difference}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return (row.label, row.filed, row.decided, row.difference, "公文書")[column]
        if differs(row) and role == FILL_ROLE:
            return "warnSoft"
        if differs(row) and role == BOLD_ROLE:
            return column < 4
        if column == 4 and role == ORIGIN_ROLE:
            return row.origin
        return None

    @staticmethod
    def _side(column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if 1 <= column <= 3 else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def _needs(texts: Sequence[str]) -> tuple[int, int]:
    """The width below which a number or date would be cut, and the one that cuts nothing."""
    theme = current()
    metrics = QFontMetrics(theme.font("body", bold=True))
    widths = [metrics.horizontalAdvance(text) + 24 for text in texts]
    whole = [w for w, text in zip(widths, texts, strict=True) if any(c.isdigit() for c in text)]
    least = theme.grown(112)
    return max([least, *whole]), max([least, *widths])


def _fitted(needs: Sequence[tuple[int, int]], room: int) -> list[int]:
    """Widths of at least what each needs; what room is left over goes to those that want more."""
    widths = [least for least, _ in needs]
    spare = room - sum(widths)
    for n, (least, most) in enumerate(needs):
        more = max(0, min(most - least, spare))
        widths[n] += more
        spare -= more
    return widths


class DecidedTable(QFrame):
    """出した値と、決まった値. `opened` carries the id of the document that decided a row.

    Values get the width they need; where there is none left, words go on in a second line.
    """

    opened = Signal(str)

    def __init__(self, rows: Sequence[DecidedRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setProperty("surface", "card")
        self.table = Table(name="outbox.decided", spoken="出した値と、決まった値")
        self.table.setModel(_DecidedModel(rows, self))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.activated.connect(self._open)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(1, 1, 1, 1)
        column_box.addWidget(self.table)
        self._share(480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share(self.contentsRect().width() - 2)

    def _share(self, width: int) -> None:
        theme = current()
        words = QFontMetrics(theme.font("body", bold=True))
        name = max(words.horizontalAdvance(r.label) for r in self._rows) + 24
        apart = max(words.horizontalAdvance(r.difference) for r in self._rows) + 24
        apart = min(max(apart, theme.grown(84)), theme.grown(140))
        needs = [_needs([r.filed for r in self._rows]), _needs([r.decided for r in self._rows])]
        origin = theme.grown(90)
        if name + sum(most for _, most in needs) + apart + origin > width:
            name = min(name, theme.grown(112))
        if name + sum(least for least, _ in needs) + apart + origin > width:
            origin = _SHAPE  # the word is left out before a number is cut
        filed, decided = _fitted(needs, width - name - apart - origin)
        name = max(width - filed - decided - apart - origin, theme.grown(84))
        for column, size in enumerate((name, filed, decided, apart, origin)):
            self.table.setColumnWidth(column, size)
        self.table.wrap_rows()
        self.table.fit_height()
        self.table.setFixedHeight(self.table.height() - 2)  # the frame is the last hairline

    def _open(self, index: QModelIndex) -> None:
        ident = self._rows[index.row()].document_id
        if ident:
            self.opened.emit(ident)
