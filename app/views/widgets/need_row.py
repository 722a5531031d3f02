"""A row of 社会保険の届, painted: a form with its day, or a person with the reason."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.views.models.need_list import LINE_ROLE, NeedLine
from app.views.theme import current
from app.views.widgets.chip import chip_width, paint_chip
from app.views.widgets.painting import focus_ring, smooth

HEIGHT: Final = 56
_PAD, _INDENT, _GAP = 14, 14, 12
_Index = QModelIndex | QPersistentModelIndex


class NeedRowDelegate(QStyledItemDelegate):
    """Paints a `NeedLine` in 56 logical pixels (more with larger letters)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, current().grown(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: NeedLine = index.data(LINE_ROLE)
        theme = current()
        painter.save()
        smooth(painter)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        fill = "select" if chosen else ("head" if line.head else "")
        if not fill and option.state & QStyle.StateFlag.State_MouseOver:
            fill = "canvas"
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(fill))
            painter.drawRoundedRect(rect, 6, 6)
        inner = rect.adjusted(_PAD + (0 if line.head else _INDENT), 0, -_PAD, 0)
        right = self._chip(painter, inner, line)
        self._words(painter, inner, right, line, bold=line.head or chosen)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect, 6)
        painter.restore()

    def _chip(self, painter: QPainter, inner: QRectF, line: NeedLine) -> float:
        """Paints the chip; gives where the words beside it end."""
        if line.chip is None:
            return inner.right()
        word, kind, style, icon = line.chip
        width, height = chip_width(word, icon), current().size("chip")
        box = QRectF(inner.right() - width, inner.center().y() - height / 2, width, height)
        paint_chip(painter, box, word, kind, style, icon)
        return box.left() - _GAP

    def _words(
        self, painter: QPainter, inner: QRectF, right: float, line: NeedLine, *, bold: bool
    ) -> None:
        theme = current()
        title, note = theme.font("body", bold=bold), theme.font("note")
        heights = QFontMetrics(title).height() + 2.0, QFontMetrics(note).height() + 2.0
        top = inner.center().y() - (sum(heights) + 4) / 2
        first = QRectF(inner.x(), top, right - inner.x(), heights[0])
        second = QRectF(inner.x(), first.bottom() + 4, right - inner.x(), heights[1])
        _draw(painter, first, line.title, title, "ink")
        _draw(painter, second, line.note, note, "ink2")


def _draw(painter: QPainter, box: QRectF, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(current().colour(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
