"""The seal-like plate of a company: its first telling kanji, white on its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current
from app.views.widgets.painting import smooth


def paint_plate(painter: QPainter, box: QRectF, kanji: str, colour: str) -> None:
    """Paints a plate: hairline frame at 9 % of the side, the kanji at 50 %.

    Without a colour it stands for all companies of an office: an outline, no plate.
    """
    theme = current()
    side = box.width()
    if not colour:
        size = round(side * 0.8)
        inset = (side - size) / 2
        paint_icon(painter, "library", round(box.x() + inset), round(box.y() + inset), size, "ink2")
        return
    letter = QColor(str(theme.tokens["plate"][colour]["letter"]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(str(theme.tokens["plate"][colour]["plate"])))
    painter.drawRoundedRect(box, side * 0.14, side * 0.14)
    if side >= 32:
        line = QColor(letter)
        line.setAlphaF(0.5)
        inset = round(side * 0.09) + 0.5
        painter.setPen(QPen(line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = max(1.0, side * 0.14 - inset * 0.55)
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)
    font = theme.font("title", bold=True)
    font.setPixelSize(round(side * 0.5))
    painter.setFont(font)
    painter.setPen(letter)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, kanji)


class SealPlate(QWidget):
    """A plate of 24, 32, 40 or 56 logical pixels. Name and number always stand beside it."""

    def __init__(
        self, kanji: str, colour: str, size: int = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kanji, self._colour, self._size = kanji, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(size, size)

    def set(self, kanji: str, colour: str) -> None:
        """Shows another company."""
        self._kanji, self._colour = kanji, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        paint_plate(painter, QRectF(self.rect()), self._kanji, self._colour)
        painter.end()
