"""The ring of a section or condition: an arc for the share done, ✓ complete, ! to fix, × no, ? unknown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current
from app.views.widgets.painting import pen, smooth, tick_disc

STATES: Final = ("", "empty", "part", "complete", "error", "no", "unknown")
RING: Final = 20


def paint_ring(painter: QPainter, x: float, y: float, part: float, state: str = "") -> None:
    """Paints a ring of 20 × 20 at (x, y). An empty `state` follows from `part`, 0 to 1."""
    smooth(painter)
    box = QRectF(x, y, RING, RING)
    theme = current()
    state = state or ("complete" if part >= 1 else "part" if part > 0 else "empty")
    inner = box.adjusted(2, 2, -2, -2)
    if state == "complete":
        tick_disc(painter, inner.adjusted(-0.5, -0.5, 0.5, 0.5))
    elif state in ("error", "no"):
        name, colour = ("circle-alert", "danger") if state == "error" else ("circle-x", "ink2")
        size, inset = (18, 1) if state == "error" else (RING, 0)
        paint_icon(painter, name, round(x) + inset, round(y) + inset, size, colour)
    elif state == "unknown":
        _unknown(painter, inner)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.colour("line"), 2.5))
        painter.drawEllipse(inner)
        if state == "part":
            painter.setPen(pen(theme.colour("accent"), 2.5))
            painter.drawArc(inner, 90 * 16, -round(360 * 16 * part))


def _unknown(painter: QPainter, box: QRectF) -> None:
    theme = current()
    dash = QPen(theme.colour("warn"), 1.5)
    dash.setDashPattern([2.2, 1.4])
    painter.setPen(dash)
    painter.setBrush(theme.colour("warnSoft"))
    painter.drawEllipse(box)
    font = theme.font("note", bold=True)
    font.setPixelSize(12)
    painter.setFont(font)
    painter.setPen(theme.colour("warn"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")


class Ring(QWidget):
    """A ring of 20 logical pixels. Its words stand beside it, so it has no name of its own."""

    def __init__(self, part: float = 0.0, state: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(part, state)

    def set(self, part: float, state: str = "") -> None:
        """Shows a share from 0 to 1, or a state: empty, part, complete, error, no, unknown."""
        if state not in STATES:
            raise ValueError(f"unknown ring state {state!r}")
        self.part, self.state = max(0.0, min(1.0, part)), state
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(RING, RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        x, y = (self.width() - RING) / 2, (self.height() - RING) / 2
        paint_ring(painter, x, y, self.part, self.state)
        painter.end()
