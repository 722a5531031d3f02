"""Chips: a verdict or a state in one word. They differ by fill, outline and dash, not by hue alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current
from app.views.widgets.painting import smooth

STYLES: Final = ("solid", "soft", "outline", "dashed")
_INK: Final = {"ok": "ok", "danger": "danger", "warn": "warn", "info": "accent", "neutral": "ink2"}
_SOFT: Final = {
    "ok": "okSoft",
    "danger": "dangerSoft",
    "warn": "warnSoft",
    "info": "accentSoft",
    "neutral": "chip",
}


class Chip(QWidget):
    """A chip of kind ok, danger, warn, info or neutral, in a style solid, soft, outline or dashed."""

    def __init__(
        self,
        text: str,
        kind: str = "neutral",
        style: str = "soft",
        icon: str | None = None,
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        self.set(text, kind, style, icon)

    def set(
        self, text: str, kind: str = "neutral", style: str = "soft", icon: str | None = None
    ) -> None:
        """Shows another word, kind, style and outline."""
        if kind not in _INK or style not in STYLES:
            raise ValueError(f"unknown chip {kind!r} {style!r}")
        self.text, self.kind, self.look, self.icon = text, kind, style, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.text, self.icon), current().size("chip"))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        paint_chip(painter, QRectF(self.rect()), self.text, self.kind, self.look, self.icon)
        painter.end()


def chip_width(text: str, icon: str | None) -> int:
    """How wide a chip with this word is, in logical pixels."""
    width = QFontMetrics(current().font("note", bold=True)).horizontalAdvance(text)
    return width + (38 if icon else 18)


def paint_chip(
    painter: QPainter, box: QRectF, text: str, kind: str, style: str, icon: str | None
) -> None:
    """Paints a chip into `box`, e.g. in a row of a list that has no widgets."""
    theme = current()
    rect = box.adjusted(0.75, 0.75, -0.75, -0.75)
    radius = rect.height() / 2
    ink = _INK[kind]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(_SOFT[kind]))
    if style == "solid":
        painter.setBrush(theme.colour(ink))
    elif style == "outline":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(ink), 1.2))
    elif style == "dashed":
        dash = QPen(theme.colour(ink), 1.4)
        dash.setDashPattern([3.0, 2.2])
        painter.setPen(dash)
    painter.drawRoundedRect(rect, radius, radius)
    if style == "solid":
        ink = "surface"
    x = 9
    if icon:
        paint_icon(
            painter, icon, round(box.x()) + 9, round(box.y() + (box.height() - 14) / 2), 14, ink
        )
        x = 27
    painter.setFont(theme.font("note", bold=True))
    painter.setPen(theme.colour(ink))
    painter.drawText(box.adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
