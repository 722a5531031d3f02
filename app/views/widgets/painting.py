"""What painted widgets share: the focus ring, discs and ticks, figures with even digits."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from app.views.theme import current


def smooth(painter: QPainter) -> QPainter:
    """Turns on anti-aliasing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def pen(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen with round ends and joins."""
    made = QPen(colour, width, style)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def focus_ring(painter: QPainter, rect: QRectF, radius: float = 4) -> None:
    """The 2 px ring inside a control's own edge."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(current().colour("focus"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1)


def dashed_edge(widget: QWidget, colour: str, radius: float = 4) -> None:
    """A hairline of dashes, 5 long and 4 apart, along a widget's edge; called while it is painted."""
    painter = smooth(QPainter(widget))
    dashes = QPen(current().colour(colour), 1)
    dashes.setCapStyle(Qt.PenCapStyle.FlatCap)
    dashes.setDashPattern([5.0, 4.0])
    painter.setPen(dashes)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(edge, radius, radius)
    painter.end()


def tick(painter: QPainter, box: QRectF, colour: QColor, width: float = 2.0) -> None:
    """A tick inside `box`."""
    path = QPainterPath(QPointF(box.left() + box.width() * 0.27, box.top() + box.height() * 0.52))
    path.lineTo(box.left() + box.width() * 0.44, box.top() + box.height() * 0.68)
    path.lineTo(box.left() + box.width() * 0.74, box.top() + box.height() * 0.34)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(colour, width))
    painter.drawPath(path)


def tick_disc(painter: QPainter, box: QRectF, colour: str = "ok") -> None:
    """A filled disc with a tick: done."""
    theme = current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawEllipse(box)
    tick(painter, box, theme.colour("surface"), max(1.5, box.width() * 0.105))


def diamond(painter: QPainter, centre: QPointF, half: float, colour: QColor) -> None:
    """A filled diamond with slightly rounded corners."""
    path = QPainterPath(QPointF(centre.x(), centre.y() - half))
    path.lineTo(centre.x() + half, centre.y())
    path.lineTo(centre.x(), centre.y() + half)
    path.lineTo(centre.x() - half, centre.y())
    path.closeSubpath()
    painter.setPen(pen(colour, 1.5))
    painter.setBrush(colour)
    painter.drawPath(path)


def is_figure(text: str) -> bool:
    """Whether a text is a figure to be set right with even digits: 1,284,000 · -3 · +20 · 17.5"""
    bare = text.strip().lstrip("+-−▲")
    return bool(bare) and bare[0].isdigit() and all(c.isdigit() or c in ",." for c in bare)


def figure_width(text: str, font: QFont) -> float:
    """The width of a figure whose digits all take the advance of 0."""
    metrics = QFontMetricsF(font)
    digit = metrics.horizontalAdvance("0")
    return sum(digit if c.isdigit() else metrics.horizontalAdvance(c) for c in text)


def paint_figure(
    painter: QPainter, text: str, right: float, baseline: float, font: QFont, colour: QColor
) -> None:
    """Paints a figure ending at `right`, each digit centred on the advance of 0."""
    metrics = QFontMetricsF(font)
    digit = metrics.horizontalAdvance("0")
    painter.setFont(font)
    painter.setPen(colour)
    x = right
    for letter in reversed(text):
        natural = metrics.horizontalAdvance(letter)
        cell = digit if letter.isdigit() else natural
        x -= cell
        painter.drawText(QPointF(x + (cell - natural) / 2, baseline), letter)


def baseline(rect: QRectF, font: QFont) -> float:
    """The base line that centres one line of `font` in `rect`."""
    metrics = QFontMetricsF(font)
    return rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
