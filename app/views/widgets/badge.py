"""The origin badge: a shape and a word in one colour, beside every value."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current
from app.views.widgets.painting import focus_ring, smooth
from app.views.widgets.shapes import origin_word, paint_origin


class OriginBadge(QAbstractButton):
    """Where a value came from; None means the field is not answered yet.

    `clicked` asks for the explanation. It is not in the tab order (F1 does the same from the field).
    `conflicts` is the number of statements that disagree; `provisional` marks a value that rests
    on something assumed.
    """

    def __init__(
        self,
        origin: str | None,
        unconfirmed: bool = False,
        conflicts: int = 0,
        *,
        provisional: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if name:
            self.setObjectName(name)
        self.set_origin(origin, unconfirmed, conflicts, provisional=provisional)

    def set_origin(
        self,
        origin: str | None,
        unconfirmed: bool = False,
        conflicts: int = 0,
        *,
        provisional: bool = False,
    ) -> None:
        """Shows another origin."""
        self.origin = str(origin) if origin else None
        self.unconfirmed, self.conflicts = unconfirmed, conflicts
        self.provisional = provisional
        self.setAccessibleName(self.tr("出どころ {}").format(self.word()))
        self.updateGeometry()
        self.update()

    def word(self) -> str:
        """The word shown."""
        if self.conflicts:
            return self.tr("食い違い {}").format(self.conflicts)
        if self.origin is None:
            return self.tr("未回答")
        word = origin_word(self.origin)
        if self.provisional:
            word = self.tr("{}(仮)").format(word)
        return self.tr("{}(未確認)").format(word) if self.unconfirmed else word

    def sizeHint(self) -> QSize:
        theme = current()
        width = QFontMetrics(theme.font("note")).horizontalAdvance(self.word())
        return QSize(8 + 12 + 6 + width + 9, theme.size("badge"))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.hasFocus() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("select"))
            painter.drawRoundedRect(rect, 4, 4)
        middle = (rect.height() - 12) / 2
        if self.conflicts:
            paint_icon(painter, "circle-alert", 7, round(rect.height() / 2 - 7), 14, "danger")
        elif self.origin is not None:
            paint_origin(painter, self.origin, 8, middle, hollow=self.unconfirmed)
        painter.setFont(theme.font("note"))
        painter.setPen(theme.colour(self._colour()))
        painter.drawText(rect.adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.word())
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()

    def _colour(self) -> str:
        if self.conflicts:
            return "danger"
        return f"origin.{self.origin}" if self.origin else "ink3"
