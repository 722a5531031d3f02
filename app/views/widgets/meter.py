"""一度率: the share of values that nobody had to type again. Pressing it asks which were typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views.theme import current
from app.views.widgets.painting import focus_ring, smooth

_BAR = 64


class OnceMeter(QAbstractButton):
    """`part` from 0 to 1, or None while nothing has been filled yet."""

    def __init__(
        self, part: float | None = None, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if name:
            self.setObjectName(name)
        self.set_part(part)

    def set_part(self, part: float | None) -> None:
        """Shows another share."""
        self.part = None if part is None else max(0.0, min(1.0, part))
        self.setAccessibleName(f"{self._word()} {self.figure()}")
        self.updateGeometry()
        self.update()

    def figure(self) -> str:
        """The figure shown: 87 %, or − while there is nothing to count."""
        return "−" if self.part is None else f"{int(self.part * 100 + 0.5)} %"

    def _word(self) -> str:
        return self.tr("一度率")

    def _widths(self) -> tuple[float, float]:
        theme = current()
        word = QFontMetricsF(theme.font("note")).horizontalAdvance(self._word())
        bold = QFontMetricsF(theme.font("note", bold=True))
        return word, bold.horizontalAdvance("100 %" if self.part == 1 else "88 %")

    def sizeHint(self) -> QSize:
        word, figure = self._widths()
        return QSize(round(4 + word + 8 + _BAR + 8 + figure + 5), current().size("chip"))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        word, _ = self._widths()
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("note"))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(rect.adjusted(4, 0, 0, 0), centre, self._word())
        bar = QRectF(4 + word + 8, rect.height() / 2 - 3, _BAR, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line"))
        painter.drawRoundedRect(bar, 3, 3)
        if self.part:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(bar.x(), bar.y(), _BAR * self.part, 6), 3, 3)
        painter.setFont(theme.font("note", bold=True))
        painter.setPen(theme.colour("ink"))
        painter.drawText(rect.adjusted(bar.right() + 8, 0, 0, 0), centre, self.figure())
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()
