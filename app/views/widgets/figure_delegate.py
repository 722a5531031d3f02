"""The one delegate of every table: fill, hairline, focus ring, origin, and figures set from the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.views.theme import current, theme_changed
from app.views.widgets.painting import (
    baseline,
    figure_width,
    focus_ring,
    is_figure,
    paint_figure,
    smooth,
)
from app.views.widgets.shapes import origin_word, paint_origin

FILL_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 11
"""A colour name for the cell's fill: "head" for a total row, "warnSoft" for a differing one."""
BOLD_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 12
"""True for bold letters."""
INK_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 13
"""A colour name for the letters, "ink" when absent."""
ORIGIN_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 14
"""An origin, drawn as its shape and word."""

_Index = QModelIndex | QPersistentModelIndex
_PAD = 8


class TableDelegate(QStyledItemDelegate):
    """Paints cells by the roles above; figures right-aligned with even digits, commas natural."""

    def __init__(self, parent: QWidget | None = None, *, dense: bool = False) -> None:
        super().__init__(parent)
        self._height = "tableRowDense" if dense else "tableRow"

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        theme = current()
        text = str(index.data() or "")
        font = theme.font("body", bold=bool(index.data(BOLD_ROLE)))
        width = max(
            figure_width(text, font) if is_figure(text) else 0,
            QFontMetrics(font).horizontalAdvance(text),
        )
        if index.data(ORIGIN_ROLE):
            width += 18
        return QSize(round(width) + 2 * _PAD + 1, theme.size(self._height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current()
        painter.save()
        smooth(painter)
        rect = QRectF(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        fill = "select" if selected or focused else index.data(FILL_ROLE)
        if fill:
            painter.fillRect(rect, theme.colour(str(fill)))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour("line"))
        self._letters(painter, rect.adjusted(_PAD, 0, -_PAD, -1), index)
        if focused:
            focus_ring(painter, rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _letters(self, painter: QPainter, rect: QRectF, index: _Index) -> None:
        theme = current()
        text = str(index.data() if index.data() is not None else "")
        ink = theme.colour(str(index.data(INK_ROLE) or "ink"))
        font = theme.font("body", bold=bool(index.data(BOLD_ROLE)))
        origin = index.data(ORIGIN_ROLE)
        if origin:
            paint_origin(painter, str(origin), rect.x(), rect.center().y() - 6)
            painter.setFont(theme.font("note"))
            painter.setPen(theme.colour(f"origin.{origin}"))
            word = text or origin_word(str(origin))
            if rect.width() < 18 + QFontMetrics(theme.font("note")).horizontalAdvance(word):
                return
            painter.drawText(rect.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
            return
        if is_figure(text) and _right(index) and figure_width(text, font) <= rect.width():
            paint_figure(painter, text, rect.right(), baseline(rect, font), font, ink)
            return
        painter.setFont(font)
        painter.setPen(ink)
        side = Qt.AlignmentFlag.AlignRight if _right(index) else Qt.AlignmentFlag.AlignLeft
        metrics, room = QFontMetrics(font), int(rect.width()) + 2
        if metrics.horizontalAdvance(text) > room and rect.height() >= 2 * metrics.height() + 8:
            flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(rect, flags, text)
            return
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _right(index: _Index) -> bool:
    alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
    if alignment is None:
        return False
    return bool(
        int(getattr(alignment, "value", alignment)) & int(Qt.AlignmentFlag.AlignRight.value)
    )


class Table(QTableView):
    """A table dressed as in the pictures: quiet head, hairlines, one delegate, no grid."""

    def __init__(
        self,
        *,
        name: str = "",
        spoken: str = "",
        dense: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._dense = dense
        self.setItemDelegate(TableDelegate(self, dense=dense))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._measure()
        theme_changed.connect(self._measure)

    def _measure(self) -> None:
        theme = current()
        height = theme.size("tableRowDense" if self._dense else "tableRow")
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(theme.size("tableHead"))

    def wrap_rows(self) -> None:
        """Makes a row higher where a text of it is wider than its column."""
        theme, model = current(), self.model()
        least = theme.size("tableRowDense" if self._dense else "tableRow")
        for row in range(model.rowCount()):
            needed = 0
            for column in range(model.columnCount()):
                index = model.index(row, column)
                metrics = QFontMetrics(theme.font("body", bold=bool(index.data(BOLD_ROLE))))
                text, room = str(index.data() or ""), self.columnWidth(column) - 2 * _PAD
                if metrics.horizontalAdvance(text) > room + 2 and room > 0:
                    wrap = int(Qt.TextFlag.TextWordWrap)
                    box = metrics.boundingRect(0, 0, room, 10_000, wrap, text)
                    needed = max(needed, box.height())
            self.setRowHeight(row, max(least, needed + 16 if needed else 0))

    def fit_height(self) -> None:
        """Makes the table as high as its rows, for a table inside a page that scrolls."""
        rows = self.model().rowCount() if self.model() else 0
        height = self.horizontalHeader().height() + sum(self.rowHeight(n) for n in range(rows))
        self.setFixedHeight(height + 1)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
