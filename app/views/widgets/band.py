"""Bands: what is, then what to do, in place. Announced once when they appear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.flow import FlowLayout
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import WrapLabel
from app.views.widgets.painting import smooth

Action = tuple[str, Callable[[], None]]

_ICON: Final = {"danger": "circle-alert", "warn": "triangle-alert", "ok": "check", "info": "info"}
_INK: Final = {"danger": "danger", "warn": "warn", "ok": "ok", "info": "accent"}


class _AnnouncedFrame(QFrame):
    """A frame that is spoken once when it first appears."""

    def __init__(self, kind: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        if kind not in _ICON:
            raise ValueError(f"unknown band kind {kind!r}")
        self.kind = kind
        self._announced = ""
        self.setProperty("band", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def spoken(self) -> str:
        """The whole band as one sentence."""
        return self.accessibleName()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._announced != self.spoken():
            self._announced = self.spoken()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._announced))


class Band(_AnnouncedFrame):
    """One sentence, one note, and remedies as small buttons, with a 3 px edge.

    `actions` are (word, call); the first is a button, further ones are links. `icon` replaces the
    outline of the kind.
    """

    def __init__(
        self,
        kind: str,
        sentence: str,
        note: str = "",
        actions: Sequence[Action] = (),
        *,
        icon: str | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind, parent)
        if name:
            self.setObjectName(name)
        self.sentence = WrapLabel(sentence, "label", "ink", bold=bool(note) or None)
        self.note = WrapLabel(note, "note", "ink2")
        if not note:  # never shown here: a part without a parent would open as a window
            self.note.hide()
            self.sentence.centre("label")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.sentence)
        words.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9 if note else 3, 12, 4 if note else 3)
        row.setSpacing(10)
        glyph = IconView(icon or _ICON[kind], 18, _INK[kind])
        row.addWidget(
            glyph, 0, Qt.AlignmentFlag.AlignTop if note else Qt.AlignmentFlag.AlignVCenter
        )
        if note:
            glyph.setContentsMargins(0, 4, 0, 0)
        row.addLayout(words, 1)
        self.buttons = _action_buttons(actions, name)
        for button in self.buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{sentence} {note}".strip())


class LetterBand(_AnnouncedFrame):
    """A letter the receiver cannot take, and the one to send in its place (or none)."""

    def __init__(
        self,
        bad: str,
        good: str,
        sentence: str,
        note: str = "",
        actions: Sequence[Action] = (),
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("danger", parent)
        if name:
            self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(LetterBox(bad, "danger"), 0, Qt.AlignmentFlag.AlignVCenter)
        if good:
            row.addWidget(IconView("arrow-right", 16, "ink2"))
            row.addWidget(LetterBox(good, "ink"), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(WrapLabel(sentence, "label", "danger", bold=True))
        if note:
            words.addWidget(WrapLabel(note, "note", "ink2"))
        self.buttons = _action_buttons(actions, name)
        if self.buttons:
            words.addSpacing(6)
            holder = QWidget()
            flow = FlowLayout(across=4, down=4, parent=holder)
            for button in self.buttons:
                flow.addWidget(button)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            holder.setSizePolicy(policy)
            words.addWidget(holder)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{sentence} {note}".strip())


def _action_buttons(actions: Sequence[Action], name: str) -> list[Button]:
    made = []
    for number, (word, call) in enumerate(actions):
        kind = "plain" if number == 0 else "quiet"
        button = Button(word, kind, small=True, name=f"{name}.action{number}" if name else "")
        button.clicked.connect(lambda _=False, c=call: c())
        made.append(button)
    return made


class LetterBox(QWidget):
    """One letter, large, in a framed box of 44 logical pixels."""

    def __init__(self, letter: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._colour = letter, colour
        self.setFixedSize(44, 44)
        self.setAccessibleName(letter)

    def sizeHint(self) -> QSize:
        return QSize(44, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        painter.setPen(theme.colour(self._colour))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(
            self.rect().adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 4, 4
        )
        font = theme.font("title", bold=False)
        font.setPixelSize(32)
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()
