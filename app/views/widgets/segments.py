"""Segments: a few views of one page side by side, one of them shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from app.views.theme import current
from app.views.widgets.painting import focus_ring, smooth


class _Segment(QAbstractButton):
    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        theme = current()
        width = QFontMetrics(theme.font("label", bold=True)).horizontalAdvance(self.text())
        return QSize(width + 26, theme.size("button") - 6)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accentSoft" if chosen else "canvas"))
            painter.drawRoundedRect(rect, 4, 4)
        painter.setFont(theme.font("label", bold=chosen))
        painter.setPen(theme.colour("accent" if chosen else "ink2"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()


class Segments(QFrame):
    """Segments of (id, word). `changed` carries the id a person chose; arrows move."""

    changed = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        chosen: str = "",
        *,
        name: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(spoken)
        if name:
            self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        for key, text in choices:
            segment = _Segment(text, self)
            segment.setObjectName(f"{name}.{key}" if name else "")
            segment.clicked.connect(lambda _=False, k=key: self.changed.emit(k))
            group.addButton(segment)
            row.addWidget(segment)
            self._segments[key] = segment
        if chosen:
            self.set_chosen(chosen)

    def set_chosen(self, key: str) -> None:
        """Shows a segment as chosen; sends no signal."""
        self._segments[key].setChecked(True)

    def chosen(self) -> str:
        """The id of the chosen segment, "" when none is."""
        return next((k for k, s in self._segments.items() if s.isChecked()), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        keys = list(self._segments)
        if step and self.chosen():
            key = keys[(keys.index(self.chosen()) + step) % len(keys)]
            self._segments[key].setFocus()
            self._segments[key].click()
            return
        super().keyPressEvent(event)
