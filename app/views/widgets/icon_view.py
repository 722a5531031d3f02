"""An outline standing by itself: painted in a theme colour, never read aloud."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.icons import paint_icon


class IconView(QWidget):
    """One lucide outline at `size` logical pixels."""

    def __init__(
        self, icon: str, size: int = 18, colour: str = "ink2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._size, self._colour = icon, size, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, icon: str, colour: str | None = None) -> None:
        """Changes the outline, and its colour when one is given."""
        self._icon = icon
        self._colour = colour or self._colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = (self.width() - self._size) / 2
        y = (self.height() - self._size) / 2
        paint_icon(painter, self._icon, round(x), round(y), self._size, self._colour)
        painter.end()
