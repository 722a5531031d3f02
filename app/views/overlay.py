"""A card laid over the window, for the palette and the company switcher. Esc or a press outside ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.card import Card
from app.views.widgets.field import TextField
from app.views.widgets.lines import WrapLabel
from app.views.widgets.row import ListRow

_SHOWN = 60


@dataclass(frozen=True)
class Choice:
    """One row of an overlay: how it is drawn, and what choosing it does."""

    title: str
    note: str
    choose: Callable[[], None]
    icon: str | None = None
    left: Callable[[], QWidget] | None = None


class Overlay(QWidget):
    """A field over a list: type to narrow, ↑↓ to move, Enter to choose.

    `find` gives the choices for what was typed.
    """

    def __init__(
        self,
        window: QWidget,
        name: str,
        spoken: str,
        find: Callable[[str], Sequence[Choice]],
        *,
        centred: bool = True,
    ) -> None:
        super().__init__(window)
        self._window, self._find, self._centred = window, find, centred
        self._rows: list[ListRow] = []
        self._choices: list[Choice] = []
        self._at = 0
        self._came_from: QWidget | None = None
        self.setObjectName(name)
        self.card = Card(parent=self)
        self.field = TextField("", spoken, name=f"{name}.field", spoken=spoken)
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        holder = QWidget()
        holder.setProperty("clear", "true")
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(holder)
        body = self.card.body
        body.setContentsMargins(12, 12, 12, 12)
        body.setSpacing(8)
        body.addWidget(self.field)
        body.addWidget(self._scroll, 1)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Shows it over the window with an empty field."""
        self._came_from = self._window.window().focusWidget()
        self.setGeometry(self._window.rect())
        self._lay()
        self.field.clear()
        self._narrow("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_(self) -> None:
        """Hides it and gives the focus back."""
        self.hide()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """The titles shown, in order."""
        return [choice.title for choice in self._choices]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
            self._lay()
        pressed = watched is self.field and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(current().hex("sunken"))
        veil.setAlphaF(0.6)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._at)
        else:
            return False
        return True

    def _narrow(self, typed: str) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._choices = list(self._find(typed))[:_SHOWN]
        self._rows = []
        for number, choice in enumerate(self._choices):
            left = choice.left() if choice.left else None
            row = ListRow(
                choice.icon, choice.title, choice.note, left=left, height=current().grown(60),
                pressable=True, bold=False, inset=12, name=f"{self.objectName()}.{number}",
            )  # fmt: skip
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.pressed.connect(lambda n=number: self._choose(n))
            self._rows.append(row)
            self._list.addWidget(row)
        if not self._choices:
            nothing = self.tr("「{}」は見つかりません。\n別の言い方でも探してみてください。")
            self._list.addWidget(WrapLabel(nothing.format(typed), "label", "ink2"))
        self._list.addStretch(1)
        self._at = 0
        self._move(0)
        self._lay()

    def _move(self, step: int) -> None:
        if not self._rows:
            return
        self._at = (self._at + step) % len(self._rows)
        for number, row in enumerate(self._rows):
            row.set_chosen(number == self._at)
        self._scroll.ensureWidgetVisible(self._rows[self._at], 0, 8)
        choice = self._choices[self._at]
        self.field.setAccessibleDescription(f"{choice.title} {choice.note}".strip())

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._choices):
            self.hide()
            self._choices[number].choose()

    def _lay(self) -> None:
        row = current().grown(60) + 2
        wanted = current().size("field") + 40 + row * max(2, min(7, len(self._choices)))
        width = min(560 if self._centred else 360, self.width() - 32)
        height = min(wanted, self.height() - 96)
        left = (self.width() - width) // 2 if self._centred else 12
        self.card.setGeometry(left, 64 if self._centred else 60, width, height)
