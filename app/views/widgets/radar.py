"""A radar chart of six scores. Its names are small buttons, so each spoke is met once by keyboard and reader.

The company's shape is indigo with filled dots, the median's a dashed outline with hollow squares: they
differ by outline and mark, not by hue alone. A spoke without a score is dotted and joined to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views.models.radar import HIGHEST, Point, fitting_radius, name_box, place, ring, sides
from app.views.theme import current
from app.views.widgets.painting import focus_ring, pen, smooth

_GAP = 4.0
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1,
}  # fmt: skip
_CHART_KEYS = (*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Spoke:
    """One indicator: its short name, its score and the score the median has; `spoken` says it whole."""

    indicator: str
    name: str
    score: int | None
    middle: int | None
    spoken: str


class _Name(QAbstractButton):
    def __init__(self, spoke: Spoke, parent: QWidget) -> None:
        super().__init__(parent)
        self.spoke = spoke
        self.setText(spoke.name)
        self.setAccessibleName(spoke.spoken)
        self.setToolTip(spoke.spoken)
        self.setObjectName(f"radar.{spoke.indicator}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def words(self) -> tuple[str, str]:
        """The name, and the score below it."""
        score = self.spoke.score
        return self.spoke.name, "点数なし" if score is None else f"{score}点"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and Enter belong to the chart; a button would take them for itself."""
        if Qt.Key(event.key()) in _CHART_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        theme = current()
        name, score = self.words()
        wide = QFontMetrics(theme.font("note")).horizontalAdvance(name)
        bold = QFontMetrics(theme.font("note", bold=True)).horizontalAdvance(score)
        return QSize(max(wide, bold) + 10, theme.grown(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.hasFocus() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("select"))
            painter.drawRoundedRect(rect, 4, 4)
        name, score = self.words()
        half = rect.height() / 2
        painter.setFont(theme.font("note"))
        painter.setPen(theme.colour("ink"))
        top = QRectF(rect.x(), rect.y() + 2, rect.width(), half - 2)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(theme.font("note", bold=True))
        painter.setPen(theme.colour("ink2" if self.spoke.score is None else "accent"))
        low = QRectF(rect.x(), rect.y() + half, rect.width(), half - 2)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, score)
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()


class RadarChart(QWidget):
    """`pressed` carries the key of a spoke; `table_asked` when Alt+↓ asks for the figures as a table."""

    pressed = Signal(str)
    table_asked = Signal()

    def __init__(self, *, name: str = "", spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names: list[_Name] = []

    def show_spokes(self, spokes: Sequence[Spoke]) -> None:
        """Shows other scores."""
        for old in self._names:
            old.hide()
            old.deleteLater()
        self._names = []
        for spoke in spokes:
            made = _Name(spoke, self)
            made.clicked.connect(lambda _=False, k=spoke.indicator: self.pressed.emit(k))
            made.show()
            self._names.append(made)
        self._place()
        self.update()

    @property
    def spokes(self) -> list[Spoke]:
        """What is shown."""
        return [name.spoke for name in self._names]

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.grown(320), theme.grown(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().grown(280), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go round the spokes; Alt+↓ opens the table behind the chart."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.table_asked.emit()
            return
        here = next((n for n, made in enumerate(self._names) if made.hasFocus()), None)
        if here is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._names[here].click()
        elif here is not None and key in _STEPS:
            other = self._names[(here + _STEPS[key]) % len(self._names)]
            other.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    # --- where things are

    def _geometry(self) -> tuple[Point, float]:
        hints = [made.sizeHint() for made in self._names]
        box = (
            max((h.width() for h in hints[1:3] + hints[4:]), default=0) + _GAP,
            max((h.height() for h in hints), default=0) + _GAP,
        )
        radius = fitting_radius(self.width(), self.height(), box)
        return (self.width() / 2, self.height() / 2), radius

    def _place(self) -> None:
        centre, radius = self._geometry()
        for number, made in enumerate(self._names):
            hint = made.sizeHint()
            size = (float(hint.width()), float(hint.height()))
            left, top, wide, high = name_box(centre, radius + _GAP, number, len(self._names), size)
            made.setGeometry(QRect(round(left), round(top), round(wide), round(high)))

    # --- the picture

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._names)
        if not count:
            return
        painter = smooth(QPainter(self))
        centre, radius = self._geometry()
        theme = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for score in range(1, HIGHEST + 1):
            painter.setPen(QPen(theme.colour("field" if score == HIGHEST else "line"), 1))
            painter.drawPolygon(_polygon(ring(centre, radius, count, score)))
        for number, made in enumerate(self._names):
            style = Qt.PenStyle.DotLine if made.spoke.score is None else Qt.PenStyle.SolidLine
            colour = "field" if made.spoke.score is None else "line"
            painter.setPen(QPen(theme.colour(colour), 1, style))
            end = place(centre, radius, number, count, HIGHEST)
            painter.drawLine(QPointF(*centre), QPointF(*end))
        self._shape(painter, centre, radius, [s.middle for s in self.spokes], company=False)
        self._shape(painter, centre, radius, [s.score for s in self.spokes], company=True)
        painter.end()

    def _shape(
        self,
        painter: QPainter,
        centre: Point,
        radius: float,
        scores: list[int | None],
        *,
        company: bool,
    ) -> None:
        theme, count = current(), len(scores)
        points = [
            None if s is None else QPointF(*place(centre, radius, n, count, s))
            for n, s in enumerate(scores)
        ]
        whole = [p for p in points if p is not None]
        if company and len(whole) == count:
            fill = theme.colour("accent")
            fill.setAlphaF(0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF(whole))
        ink = theme.colour("accent" if company else "ink2")
        line = Qt.PenStyle.SolidLine if company else Qt.PenStyle.DashLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(ink, 2 if company else 1.5, line))
        for first, second in sides(scores):
            start, end = points[first], points[second]
            if start is not None and end is not None:
                painter.drawLine(start, end)
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(ink if company else theme.colour("surface"))
        for point in whole:
            if company:
                painter.drawEllipse(point, 4, 4)
            else:
                painter.drawRect(QRectF(point.x() - 4.5, point.y() - 4.5, 9, 9))


def _polygon(points: Sequence[Point]) -> QPolygonF:
    return QPolygonF([QPointF(*p) for p in points])
