"""The year strip: twelve months of the fiscal year, a mark for each duty.

● with a tick is done, ◆ falls in this month, ○ is to come. Each mark is a small button, so that focus
or hover names it, Enter opens it, and a screen reader meets one name a mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views.theme import current
from app.views.widgets.painting import diamond, focus_ring, smooth, tick_disc


class MarkLike(Protocol):
    """One duty: `month` 0 for the first of the year, `state` "done", "now" or "later", its name."""

    @property
    def month(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def title(self) -> str: ...


def paint_mark(painter: QPainter, centre: QPointF, state: str) -> None:
    """Paints the mark of a state."""
    theme = current()
    if state == "done":
        tick_disc(painter, QRectF(centre.x() - 7.5, centre.y() - 7.5, 15, 15))
    elif state == "now":
        diamond(painter, centre, 7, theme.colour("accent"))
    else:
        painter.setPen(QPen(theme.colour("field"), 1.5))
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(centre, 5.75, 5.75)


class _Mark(QAbstractButton):
    def __init__(self, mark: MarkLike, number: int, name: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.mark = mark
        words = {"done": self.tr("済んだ"), "now": self.tr("今月"), "later": self.tr("これから")}
        spoken = self.tr("{}月、{}、{}").format(name, mark.title, words[mark.state])
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.setObjectName(f"today.year.{number}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().colour("select"))
            painter.drawRoundedRect(rect, 4, 4)
            focus_ring(painter, rect)
        paint_mark(painter, rect.center(), self.mark.state)
        painter.end()


class YearStrip(QWidget):
    """`first_month` begins the year, `now` is the present month (1 to 12).

    `opened` carries the mark that was pressed.
    """

    opened = Signal(object)

    def __init__(
        self,
        first_month: int = 4,
        now: int = 0,
        marks: Sequence[MarkLike] = (),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("この一年"))
        self.setObjectName("today.year")
        self._marks: list[_Mark] = []
        self.show_year(first_month, now, marks)

    def show_year(self, first_month: int, now: int, marks: Sequence[MarkLike]) -> None:
        """Shows another year."""
        for old in self._marks:
            old.hide()
            old.deleteLater()
        self._months = tuple((first_month + n - 1) % 12 + 1 for n in range(12))
        self._now = now
        self._marks = []
        for number, mark in enumerate(sorted(marks, key=lambda m: m.month)):
            button = _Mark(mark, number, self._months[mark.month], self)
            button.clicked.connect(lambda _=False, m=mark: self.opened.emit(m))
            button.show()
            self._marks.append(button)
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, current().grown(20) + 58)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        here = next((n for n, m in enumerate(self._marks) if m.hasFocus()), None)
        if here is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._marks[here].click()
            return
        if step and here is not None:
            self._marks[(here + step) % len(self._marks)].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def _cell(self) -> float:
        return self.width() / max(1, len(self._months))

    def _line_y(self) -> float:
        return current().grown(20) + 28.0

    def _place(self) -> None:
        for column in range(len(self._months)):
            here = [m for m in self._marks if m.mark.month == column]
            cell = self._cell()
            gap = min(27.0 if len(here) == 2 else 24.0, cell / max(1, len(here)))
            side = 24 if gap >= 24 or len(here) == 1 else round(gap)
            centre = cell * (column + 0.5)
            for number, mark in enumerate(here):
                x = centre + (number - (len(here) - 1) / 2) * gap
                mark.setGeometry(round(x - side / 2), round(self._line_y() - 12), side, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        cell = self._cell()
        painter.setPen(Qt.PenStyle.NoPen)
        if self._now in self._months:
            painter.setBrush(theme.colour("select"))
            left = cell * self._months.index(self._now) + 2
            painter.drawRoundedRect(QRectF(left, 0, cell - 4, float(self.height())), 4, 4)
        painter.setPen(QPen(theme.colour("chip" if theme.mode == "light" else "line"), 2))
        painter.drawLine(QPointF(0, self._line_y()), QPointF(float(self.width()), self._line_y()))
        for column, month in enumerate(self._months):
            present = month == self._now
            painter.setFont(theme.font("label", bold=present))
            painter.setPen(theme.colour("accent" if present else "ink2"))
            box = QRectF(cell * column, 6, cell, theme.grown(20) + 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tr("{}月").format(month))
        painter.end()
