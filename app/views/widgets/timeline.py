"""できごと: what happened to a filing, newest first; what is still to come is hollow and dashed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.painting import pen, smooth, tick_disc

_TIME = 84
_MARK = 14
_TEXT = 36
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class EventLike(Protocol):
    """One event: when (None: still to come), what, a note, whether it is behind us."""

    @property
    def at(self) -> datetime | str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def done(self) -> bool: ...


def time_text(at: datetime | str | None) -> str:
    """6/11 09:02, or the text as it is, or nothing."""
    if at is None:
        return ""
    if isinstance(at, str):
        return at
    return f"{at.month}/{at.day:02} {at:%H:%M}"


class _Event(QWidget):
    def __init__(self, event: EventLike, place: str, parent: Timeline) -> None:
        super().__init__(parent)
        self._event, self._place, self._line_up = event, place, parent.time_width
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        when = time_text(event.at) or self.tr("これから")
        self.setAccessibleName(f"{when}、{event.title}、{event.note}".rstrip("、"))
        self.setToolTip(event.note)

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(self.width() if self.width() > 200 else 480))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """52, and more where title or note need more than one line."""
        lines = self._height_of("heading", self._event.title, width) - self._line_height("heading")
        lines += self._height_of("note", self._event.note, width) - self._line_height("note")
        return current().grown(52) + max(0, lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _height_of(self, role: str, text: str, width: int) -> int:
        room = max(60, width - self._line_up() - _TEXT)
        metrics = QFontMetrics(current().font(role))
        return metrics.boundingRect(0, 0, room, 10_000, _WRAP, text or "一").height()

    def _line_height(self, role: str) -> int:
        return QFontMetrics(current().font(role)).height()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        first = theme.grown(24)
        times = self._line_up()
        centre = QPointF(times + _MARK, first / 2)
        self._line(painter, centre)
        self._mark(painter, centre)
        number = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("ink2"))
        painter.setFont(theme.font("label"))
        time_box = QRectF(0, 0, times - 4, first)
        painter.drawText(time_box, number | Qt.AlignmentFlag.AlignRight, time_text(self._event.at))
        room = self.width() - times - _TEXT
        self._words(painter, QRectF(times + _TEXT, 0, room, first))
        painter.end()

    def _words(self, painter: QPainter, box: QRectF) -> None:
        theme = current()
        newest = self._place in ("first", "only") and self._event.done
        width = self.width()
        title = self._height_of("heading", self._event.title, width)
        more = title - self._line_height("heading")
        top = box.center().y() - self._line_height("heading") / 2
        below = top + theme.grown(20) + max(0, more)
        for role, bold, ink, text, y in (
            ("body", newest, "ink" if self._event.done else "ink3", self._event.title, top),
            ("note", False, "ink2", self._event.note, below + 1),
        ):
            painter.setFont(theme.font(role, bold=bold))
            painter.setPen(theme.colour(ink))
            room = QRectF(box.x(), y, box.width(), self.height() - y)
            painter.drawText(room, _WRAP, text)

    def _line(self, painter: QPainter, centre: QPointF) -> None:
        theme = current()
        style = Qt.PenStyle.SolidLine if self._event.done else Qt.PenStyle.DashLine
        painter.setPen(QPen(theme.colour("field"), 1.2, style))
        if self._place in ("middle", "last"):
            painter.drawLine(QPointF(centre.x(), 0), QPointF(centre.x(), centre.y() - 8))
        if self._place in ("first", "middle"):
            painter.drawLine(
                QPointF(centre.x(), centre.y() + 9), QPointF(centre.x(), float(self.height()))
            )

    def _mark(self, painter: QPainter, centre: QPointF) -> None:
        theme = current()
        if not self._event.done:
            dash = QPen(theme.colour("field"), 1.4)
            dash.setDashPattern([2.0, 1.4])
            painter.setPen(dash)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 5, 5)
        elif self._place in ("first", "only"):
            tick_disc(painter, QRectF(centre.x() - 8, centre.y() - 8, 16, 16))
        else:
            painter.setPen(pen(theme.colour("accent"), 1))
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(centre, 4.5, 4.5)


class Timeline(QWidget):
    """Events newest first, 52 high each; the newest that is behind us carries a tick."""

    def __init__(self, events: Iterable[EventLike] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("できごと"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._times: list[str] = []
        self.show_events(events)

    def time_width(self) -> int:
        """The width of the times: one for all events, wide enough for the widest."""
        theme = current()
        metrics = QFontMetrics(theme.font("label"))
        widest = max((metrics.horizontalAdvance(text) for text in self._times), default=0)
        return max(theme.grown(_TIME), widest + 6)

    def show_events(self, events: Iterable[EventLike]) -> None:
        """Shows other events."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        rows = list(events)
        self._times = [time_text(event.at) for event in rows]
        newest = next((n for n, e in enumerate(rows) if e.done), 0)
        for number, event in enumerate(rows):
            place = "middle"
            if number == len(rows) - 1:
                place = "only" if number == newest and len(rows) == 1 else "last"
            elif number == newest:
                place = "first"
            self._column.addWidget(_Event(event, place, self))
