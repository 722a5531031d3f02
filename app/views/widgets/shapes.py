"""The shapes of the eight origins, each drawn in a square of 12 logical pixels (LOOK 4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from app.views.theme import current
from app.views.widgets.painting import pen

_Draw = Callable[[QPainter, QColor, bool], None]


def paint_origin(
    painter: QPainter, origin: str, x: float, y: float, *, hollow: bool = False, size: float = 12
) -> None:
    """Draws the shape of `origin` with its top left corner at (x, y); hollow when unconfirmed."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(x, y)
    painter.scale(size / 12, size / 12)
    _DRAW[origin](painter, current().colour(f"origin.{origin}"), hollow)
    painter.restore()


def origin_word(origin: str) -> str:
    """The word of an origin: 登記, GビズID, 帳簿 …"""
    return str(current().tokens["origin"][origin]["word"])


def _body(painter: QPainter, path: QPainterPath, colour: QColor, hollow: bool) -> None:
    if hollow:
        painter.setPen(pen(colour, 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    painter.drawPath(path)


def _register(painter: QPainter, colour: QColor, hollow: bool) -> None:
    path = QPainterPath()
    inset = 0.8 if hollow else 0.5
    path.addRoundedRect(QRectF(inset, inset, 12 - 2 * inset, 12 - 2 * inset), 1.5, 1.5)
    _body(painter, path, colour, hollow)
    line = colour if hollow else current().colour("surface")
    painter.setPen(QPen(line, 0.9))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(3, 3, 6, 6))
    painter.drawLine(QPointF(6, 3), QPointF(6, 9))


def _gbizid(painter: QPainter, colour: QColor, hollow: bool) -> None:
    path = QPainterPath()
    radius = 5.2 if hollow else 5.9
    for step in range(6):
        angle = math.radians(60 * step - 90)
        point = QPointF(6 + radius * math.cos(angle), 6 + radius * math.sin(angle))
        path.moveTo(point) if step == 0 else path.lineTo(point)
    path.closeSubpath()
    hole = QPainterPath()
    hole.addEllipse(QPointF(6, 6), 1.9, 1.9)
    _body(painter, path.subtracted(hole), colour, hollow)


def _books(painter: QPainter, colour: QColor, hollow: bool) -> None:
    for top in (1.2, 5.0, 8.8):
        path = QPainterPath()
        path.addRoundedRect(QRectF(0.4, top, 11.2, 2.1), 0.9, 0.9)
        if hollow:
            painter.setPen(QPen(colour, 0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        else:
            _body(painter, path, colour, hollow=False)


def _document(painter: QPainter, colour: QColor, hollow: bool) -> None:
    path = QPainterPath(QPointF(1.8, 0.6))
    for x, y in ((7.2, 0.6), (10.4, 3.8), (10.4, 11.4), (1.8, 11.4)):
        path.lineTo(x, y)
    path.closeSubpath()
    _body(painter, path, colour, hollow)
    line = colour if hollow else current().colour("surface")
    painter.setPen(QPen(line, 1.1))
    painter.drawLine(QPointF(3.9, 6.2), QPointF(8.3, 6.2))
    painter.drawLine(QPointF(3.9, 8.8), QPointF(8.3, 8.8))


def _filing(painter: QPainter, colour: QColor, hollow: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(colour, 1.1 if hollow else 1.6))
    box = QRectF(1.9, 1.9, 8.8, 8.8)
    painter.drawArc(box, 150 * 16, -315 * 16)
    painter.drawLine(QPointF(2.5, 4.1), QPointF(1.0, 1.6))
    painter.drawLine(QPointF(2.5, 4.1), QPointF(5.2, 3.9))


def _typed(painter: QPainter, colour: QColor, hollow: bool) -> None:
    painter.setPen(QPen(colour, 0.9 if hollow else 1.5))
    painter.drawLine(QPointF(6, 1.3), QPointF(6, 10.7))
    painter.drawLine(QPointF(3.2, 1.3), QPointF(8.8, 1.3))
    painter.drawLine(QPointF(3.2, 10.7), QPointF(8.8, 10.7))


def _derived(painter: QPainter, colour: QColor, hollow: bool) -> None:
    path = QPainterPath(QPointF(9.8, 3.2))
    for x, y in ((9.8, 1.3), (2.2, 1.3), (6.4, 6.0), (2.2, 10.7), (9.8, 10.7), (9.8, 8.8)):
        path.lineTo(x, y)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(colour, 0.9 if hollow else 1.4))
    painter.drawPath(path)


def _assumed(painter: QPainter, colour: QColor, hollow: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dash = QPen(colour, 1.5)
    dash.setDashPattern([2.35, 1.2])
    dash.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(dash)
    painter.drawEllipse(QRectF(0.9, 0.9, 10.2, 10.2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour) if not hollow else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(6, 6), 1.5, 1.5)


_DRAW: Final[dict[str, _Draw]] = {
    "register": _register,
    "gbizid": _gbizid,
    "books": _books,
    "document": _document,
    "filing": _filing,
    "typed": _typed,
    "derived": _derived,
    "assumed": _assumed,
}
