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
        theme = current()
        width = QFontMetrics(theme.font("note", bold=True)).horizontalAdvance(self.text)
        return QSize(width + (38 if self.icon else 18), theme.size("chip"))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        radius = rect.height() / 2
        ink = _INK[self.kind]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(_SOFT[self.kind]))
        if self.look == "solid":
            painter.setBrush(theme.colour(ink))
        elif self.look == "outline":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(ink), 1.2))
        elif self.look == "dashed":
            dash = QPen(theme.colour(ink), 1.4)
            dash.setDashPattern([3.0, 2.2])
            painter.setPen(dash)
        painter.drawRoundedRect(rect, radius, radius)
        if self.look == "solid":
            ink = "surface"
        x = 9
        if self.icon:
            paint_icon(painter, self.icon, 9, round((self.height() - 14) / 2), 14, ink)
            x = 27
        painter.setFont(theme.font("note", bold=True))
        painter.setPen(theme.colour(ink))
        text_rect = QRectF(self.rect()).adjusted(x, 0, 0, 0)
        painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()
