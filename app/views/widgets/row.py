"""A list row: icon, title, note, and what stands at its right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.views.theme import current, theme_changed
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import WrapLabel
from app.views.widgets.painting import focus_ring, smooth


class ListRow(QWidget):
    """A row of 70 (or `height`) logical pixels. `pressable` rows take focus and send `pressed`.

    `left` replaces the icon, e.g. with a plate. Title and note wrap where there is no room.
    """

    pressed = Signal()

    def __init__(
        self,
        icon: str | None,
        title: str,
        note: str = "",
        right: Sequence[QWidget] = (),
        *,
        icon_colour: str = "ink2",
        left: QWidget | None = None,
        height: int | None = None,
        pressable: bool = False,
        bold: bool = True,
        inset: int = 18,
        gap: int = 14,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._chosen = self._hovered = False
        self.pressable = pressable
        self.title = WrapLabel(title, "heading" if bold else "body", "ink")
        self.note = WrapLabel(note, "note", "ink2")
        if not note:
            self.note.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{title} {note}".strip())
        if name:
            self.setObjectName(name)
        if pressable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._lay(left or (IconView(icon, 20, icon_colour) if icon else None), right, inset, gap)
        self._measure()
        theme_changed.connect(self._measure)

    def _lay(self, left: QWidget | None, right: Sequence[QWidget], inset: int, gap: int) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(inset, 8, inset, 8)
        row.setSpacing(gap)
        if left is not None:
            row.addWidget(left)
        words = QVBoxLayout()
        words.setContentsMargins(0, 6, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addStretch(1)
        row.addLayout(words, 1)
        for widget in right:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_words(self, title: str, note: str = "") -> None:
        """Changes title and note."""
        self.title.set_text(title)
        self.note.set_text(note)
        self.note.setVisible(bool(note))
        self.setAccessibleName(f"{title} {note}".strip())

    def set_chosen(self, chosen: bool) -> None:
        """Marks the row of a list that is shown beside it."""
        self._chosen = chosen
        self.update()

    def is_chosen(self) -> bool:
        """Whether it is marked."""
        return self._chosen

    def _measure(self) -> None:
        height = self._height if self._height is not None else current().size("listRow") - 1
        self.setMinimumHeight(height)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.pressable and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.pressable and event.key() in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space,
        ):  # fmt: skip
            self.pressed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self._chosen or (self.pressable and self._hovered):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("select" if self._chosen else "canvas"))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            focus_ring(painter, rect, 6)
        painter.end()
