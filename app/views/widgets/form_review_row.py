"""Rows of the review: one painted widget a cell with label, value, origin and the reviewer's tick."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views import theme
from app.views.models.form_face import BadgeFace
from app.views.models.review_ticks import TickState
from app.views.widgets.painting import focus_ring, pen, smooth
from app.views.widgets.shapes import origin_word, paint_origin

LABEL = 168
ORIGIN = 100
TICK = 44
PAD = 10
_WRAP = int(Qt.TextFlag.TextWrapAnywhere) | int(Qt.AlignmentFlag.AlignLeft)


class ReviewRow(QAbstractButton):
    """One cell. Space ticks, Enter (or a press on the words) goes to the field."""

    ticked = Signal(str, bool)
    wanted = Signal(str)
    seen = Signal(str)

    def __init__(self, field_id: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field_id = field_id
        self._name = name
        self._value = ""
        self._badge = BadgeFace()
        self._tick: TickState = ""
        self._marked = False
        self.setObjectName(f"review.cell.{field_id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_cell(self, value: str, badge: BadgeFace, tick: TickState) -> None:
        """Another value, origin and tick; painted only when they differ."""
        if (value, badge, tick) == (self._value, self._badge, self._tick):
            return
        longer = len(value) != len(self._value)
        self._value, self._badge, self._tick = value, badge, tick
        self.setChecked(tick == "ticked")
        word = badge.word or f"出どころ {origin_word(badge.origin)}"
        self.setAccessibleName(f"{self._name}、{value or '空欄'}、{word}")
        broken = "値が変わったので、もう一度見てください" if tick == "broken" else ""
        self.setAccessibleDescription(broken)
        if longer:
            self.updateGeometry()
        self.update()

    def tick_state(self) -> TickState:
        """The tick as shown."""
        return self._tick

    def set_marked(self, marked: bool) -> None:
        """Whether this cell is the one shown on the paper."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def hasHeightForWidth(self) -> bool:
        """Long values wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """At least one table row; more when value or label wrap."""
        look = theme.current()
        name = self._wrapped(self._name, "label", look.grown(LABEL) - 8)
        value = self._wrapped(self._value, "body", self._room(width))
        return max(look.size("tableRow"), max(name, value) + 16)

    def sizeHint(self) -> QSize:
        """A row of the list."""
        return QSize(480, self.heightForWidth(self.width() if self.width() > 200 else 560))

    def minimumSizeHint(self) -> QSize:
        """Rows are never squeezed: the list scrolls instead."""
        return QSize(240, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may wrap the words otherwise, and needs another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Enter goes to the field."""
        if event.key() == Qt.Key.Key_Space:
            self._toggle()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(self.field_id)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on the tick ticks; on the words it goes to the field."""
        if not self.rect().contains(event.position().toPoint()):
            return
        if event.position().x() >= self.width() - theme.current().grown(TICK):
            self._toggle()
        else:
            self.wanted.emit(self.field_id)

    def focusInEvent(self, event: object) -> None:
        """The cell in focus is the one marked on the paper."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.seen.emit(self.field_id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill, words, origin, tick, hairline."""
        look = theme.current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self._marked or self.underMouse() or self._tick == "broken":
            fill = "warnSoft" if self._tick == "broken" else "select" if self._marked else "canvas"
            painter.fillRect(rect, look.colour(fill))
        painter.setPen(look.colour("ink2"))
        painter.setFont(look.font("label"))
        flags = _WRAP | int(Qt.AlignmentFlag.AlignVCenter)
        name = QRectF(PAD, 0, look.grown(LABEL) - 8, rect.height())
        painter.drawText(name, flags, self._name)
        painter.setPen(look.colour("ink" if self._value else "ink3"))
        painter.setFont(look.font("body"))
        value = QRectF(PAD + look.grown(LABEL), 0, self._room(self.width()), rect.height())
        painter.drawText(value, flags, self._value or "空欄")
        self._paint_origin(painter, rect)
        self._paint_tick(painter, rect)
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), look.colour("line"))
        if self.hasFocus():
            focus_ring(painter, rect.adjusted(0, 0, 0, -1))
        painter.end()

    def _paint_origin(self, painter: QPainter, rect: QRectF) -> None:
        look = theme.current()
        x = rect.width() - look.grown(TICK) - look.grown(ORIGIN)
        painter.setFont(look.font("note"))
        box = QRectF(x + 18, 0, look.grown(ORIGIN) - 18, rect.height())
        if not self._badge.origin:
            painter.setPen(look.colour("ink2"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), self._badge.word)
            return
        top = rect.center().y() - 6
        paint_origin(painter, self._badge.origin, x, top, hollow=self._badge.unconfirmed)
        painter.setPen(look.colour(f"origin.{self._badge.origin}"))
        word = origin_word(self._badge.origin) + ("(未確認)" if self._badge.unconfirmed else "")
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), word)

    def _paint_tick(self, painter: QPainter, rect: QRectF) -> None:
        look = theme.current()
        side = 18
        x = rect.width() - look.grown(TICK) + (look.grown(TICK) - side) / 2
        box = QRectF(x, rect.center().y() - side / 2, side, side)
        painter.setBrush(look.colour("ok" if self._tick == "ticked" else "surface"))
        edge = {"ticked": "ok", "broken": "warn"}.get(self._tick, "field")
        painter.setPen(QPen(look.colour(edge), 1.5))
        painter.drawRoundedRect(box, 3, 3)
        if self._tick == "ticked":
            path = QPainterPath(QPointF(box.left() + 4, box.center().y() + 0.5))
            path.lineTo(box.left() + 7.5, box.bottom() - 4.5)
            path.lineTo(box.right() - 4, box.top() + 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(look.colour("surface"), 2))
            painter.drawPath(path)

    def _room(self, width: int) -> int:
        look = theme.current()
        used = PAD + look.grown(LABEL) + look.grown(ORIGIN) + look.grown(TICK) + 8
        return max(60, width - used)

    def _wrapped(self, text: str, role: str, width: int) -> int:
        metrics = QFontMetrics(theme.current().font(role))
        return metrics.boundingRect(0, 0, width, 10_000, _WRAP, text or "空").height()

    def _toggle(self) -> None:
        self.ticked.emit(self.field_id, self._tick != "ticked")
