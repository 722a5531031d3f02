"""A row of the grants list, painted: title, figures, the deciding reason, and the verdict's chip."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.services.grants.sheet import ELIGIBLE, INELIGIBLE, UNKNOWN, GrantLine
from app.views.icons import paint_icon
from app.views.models.grant_list import LINE_ROLE
from app.views.theme import current
from app.views.widgets.painting import focus_ring, smooth

HEIGHT: Final = 92
_PAD: Final = 14
CHIPS: Final = {
    ELIGIBLE: ("ok", "solid", "check"),
    INELIGIBLE: ("neutral", "outline", "x"),
    UNKNOWN: ("warn", "dashed", "circle-question-mark"),
}
_Index = QModelIndex | QPersistentModelIndex


class GrantRowDelegate(QStyledItemDelegate):
    """Paints a `GrantLine` in 92 logical pixels (more with larger letters)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, current().grown(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: GrantLine = index.data(LINE_ROLE)
        theme = current()
        painter.save()
        smooth(painter)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("select" if chosen else "canvas"))
            painter.drawRoundedRect(rect, 6, 6)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        chip = self._chip(painter, inner, line)
        self._words(painter, inner, chip, line, chosen)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect, 6)
        painter.restore()

    def _chip(self, painter: QPainter, inner: QRectF, line: GrantLine) -> QRectF:
        theme = current()
        kind, style, icon = CHIPS[line.outcome]
        ink = {"ok": "ok", "neutral": "ink2", "warn": "warn"}[kind]
        font = theme.font("note", bold=True)
        width = QFontMetrics(font).horizontalAdvance(line.outcome) + 38
        height = float(theme.size("chip"))
        box = QRectF(inner.right() - width, inner.top() + 14, width, height)
        edge = box.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if style == "solid":
            painter.setBrush(theme.colour(ink))
        elif style == "outline":
            painter.setPen(QPen(theme.colour(ink), 1.2))
        else:
            dash = QPen(theme.colour(ink), 1.4)
            dash.setDashPattern([3.0, 2.2])
            painter.setPen(dash)
            painter.setBrush(theme.colour("warnSoft"))
        painter.drawRoundedRect(edge, height / 2, height / 2)
        colour = "surface" if style == "solid" else ink
        paint_icon(
            painter, icon, round(box.x()) + 9, round(box.y() + (height - 14) / 2), 14, colour
        )
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        painter.drawText(box.adjusted(27, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, line.outcome)
        return box

    def _words(
        self, painter: QPainter, inner: QRectF, chip: QRectF, line: GrantLine, chosen: bool
    ) -> None:
        theme = current()
        top = inner.top() + 14
        title = theme.font("body", bold=chosen)
        height = float(QFontMetrics(title).height())
        x = inner.x()
        if line.starred:
            paint_icon(painter, "bookmark", round(x), round(top), 16, "accent")
            x += 22
        box = QRectF(x, top, chip.left() - x - 12, height + 4)
        _draw(painter, box, line.title, title, "ink")
        note = theme.font("note")
        step = QFontMetrics(note).height() + 6.0
        second = top + height + 8
        wide = inner.width()
        _draw(painter, QRectF(inner.x(), second, wide, step), line.figures, note, "ink2")
        _draw(painter, QRectF(inner.x(), second + step, wide, step), line.reason, note, "ink")


def _draw(painter: QPainter, box: QRectF, text: str, font: object, ink: str) -> None:
    painter.setFont(font)  # type: ignore[arg-type]
    painter.setPen(current().colour(ink))
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
