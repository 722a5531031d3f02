"""「この値はどこから」: the tree of decisive children. Each row opens its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.painting import (
    baseline,
    figure_width,
    focus_ring,
    is_figure,
    paint_figure,
    smooth,
)
from app.views.widgets.shapes import paint_origin


class Explained(Protocol):
    """What the tree needs of app.facts' Explanation."""

    @property
    def path(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def origin(self) -> Any: ...
    @property
    def children(self) -> Sequence[Any]: ...
    @property
    def record(self) -> Any: ...


def value_text(value: object) -> str:
    """A value as a person reads it: grouped digits, はい/いいえ, a plain date, − for none."""
    if value is None:
        return "−"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction):
        return f"{float(value):,.4g}"
    if isinstance(value, date):
        return value.isoformat()
    if type(value).__name__ == "Blank":
        return "空のまま"
    return str(value)


def source_line(record: Any) -> str:
    """Where a record was read, in one line: file and row, document, service and day."""
    if record is None:
        return ""
    places = dict(record.locator)
    where = places.get("file") or places.get("document") or places.get("title") or ""
    row = places.get("row") or places.get("page") or ""
    if where and row:
        return f"{where}  {row}"
    if where:
        return str(where)
    moment = record.recorded_at
    day = f"{moment.year}年{moment.month}月{moment.day}日"
    who = places.get("by", "")
    return f"{who}  {day}".strip()


_INDENT = 20


class _TreeRow(QAbstractButton):
    def __init__(
        self,
        explained: Explained,
        depth: int,
        trail: tuple[bool, ...],
        texts: tuple[str, str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.explained, self._depth, self._trail = explained, depth, trail
        self._value, self._source = texts
        self.setAccessibleName(f"{explained.label}、{self._value} {self._source}".strip())
        self.setObjectName(f"explain.{explained.path}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(explained.label)

    def sizeHint(self) -> QSize:
        return QSize(160, current().grown(48 if self._source else 34))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("select"))
            painter.drawRoundedRect(rect, 6, 6)
        self._connectors(painter, rect)
        top = QRectF(0, 0, rect.width(), theme.grown(28 if self._source else 34))
        x = self._depth * _INDENT
        if self.explained.origin:
            paint_origin(painter, str(self.explained.origin), x, top.center().y() - 6)
        bold = theme.font("body", bold=True)
        width = self._paint_value(painter, top, bold)
        name = theme.font("body", bold=self._depth == 0)
        painter.setFont(name)
        painter.setPen(theme.colour("ink"))
        room = int(top.width() - width - x - 20 - 12)
        shown = QFontMetrics(name).elidedText(
            self.explained.label, Qt.TextElideMode.ElideRight, max(40, room)
        )
        painter.drawText(top.adjusted(x + 20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)
        if self._source:
            note = theme.font("note")
            painter.setFont(note)
            painter.setPen(theme.colour("ink2"))
            line = QFontMetrics(note).elidedText(
                self._source, Qt.TextElideMode.ElideMiddle, int(rect.width() - x - 28)
            )
            below = QRectF(x + 20, top.bottom() - 2, rect.width(), rect.height() - top.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignTop, line)
        if self.hasFocus():
            focus_ring(painter, rect, 6)
        painter.end()

    def _paint_value(self, painter: QPainter, top: QRectF, font: Any) -> float:
        theme = current()
        right = top.right() - 4
        if is_figure(self._value):
            ink = theme.colour("ink")
            paint_figure(painter, self._value, right, baseline(top, font), font, ink)
            return figure_width(self._value, font)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(
            self._value, Qt.TextElideMode.ElideRight, max(40, int(top.width() * 0.5))
        )
        painter.setFont(font)
        painter.setPen(theme.colour("ink"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(top.adjusted(0, 0, -4, 0), side, shown)
        return float(metrics.horizontalAdvance(shown))

    def _connectors(self, painter: QPainter, rect: QRectF) -> None:
        if not self._depth:
            return
        painter.setPen(QPen(current().colour("field"), 1))
        middle = current().grown(28 if self._source else 34) / 2
        for level, more in enumerate(self._trail):
            x = level * _INDENT + 6.5
            last = level == len(self._trail) - 1
            if last:
                painter.drawLine(QPointF(x, 0), QPointF(x, rect.height() if more else middle))
                painter.drawLine(QPointF(x, middle), QPointF(x + 9, middle))
            elif more:
                painter.drawLine(QPointF(x, 0), QPointF(x, rect.height()))


class ExplainTree(QWidget):
    """The tree of an Explanation. `opened` carries the explanation whose row was pressed.

    `show_value` spells a value; `limit` is how many rows are built at most.
    """

    opened = Signal(object)

    def __init__(
        self,
        explanation: Explained | None = None,
        *,
        show_value: Callable[[object], str] = value_text,
        limit: int = 200,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._show_value, self._limit = show_value, limit
        self.setObjectName("explain.tree")
        self.setAccessibleName(self.tr("この値のもと"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[_TreeRow] = []
        if explanation is not None:
            self.explain(explanation)

    def explain(self, explanation: Explained | None) -> None:
        """Shows another explanation, or nothing."""
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = []
        if explanation is not None:
            self._add(explanation, 0, ())

    def rows(self) -> list[tuple[str, str, str]]:
        """The rows as (label, value, source), in order."""
        return [(r.explained.label, r._value, r._source) for r in self._rows]

    def _add(self, explained: Explained, depth: int, trail: tuple[bool, ...]) -> None:
        if len(self._rows) >= self._limit:
            return
        texts = (self._show_value(explained.value), source_line(explained.record))
        row = _TreeRow(explained, depth, trail, texts, self)
        row.clicked.connect(lambda _=False, e=explained: self.opened.emit(e))
        self._rows.append(row)
        self._column.addWidget(row)
        children = list(explained.children)
        for number, child in enumerate(children):
            self._add(child, depth + 1, (*trail, number < len(children) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        here = next((n for n, row in enumerate(self._rows) if row.hasFocus()), None)
        if step and here is not None and 0 <= here + step < len(self._rows):
            self._rows[here + step].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
