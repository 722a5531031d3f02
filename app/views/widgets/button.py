"""Buttons. A button that cannot act yet stays pressable, dashed, with its reason as its word."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from app.views.icons import icon as tinted
from app.views.theme import set_property, theme_changed
from app.views.widgets.painting import dashed_edge

KINDS: Final = ("plain", "primary", "quiet", "dashed", "small")
_INK: Final = {"primary": "onAccent", "quiet": "accent", "dashed": "ink3"}


class Button(QPushButton):
    """A button of one kind: plain, primary (one a page), quiet (a link), dashed (not yet), small.

    `small` makes any kind 28 high; kind "small" is a small plain one. `name` is the object name.
    """

    def __init__(
        self,
        text: str,
        kind: str = "plain",
        icon: str | None = None,
        *,
        small: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if kind not in KINDS:
            raise ValueError(f"unknown button kind {kind!r}")
        self._icon = icon
        self._kind = "plain" if kind == "small" else kind
        self._word = text
        small = small or kind == "small"
        self.setProperty("kind", self._kind)
        self.setProperty("small", "true" if small else "false")
        self._icon_size = 16
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if name:
            self.setObjectName(name)
        self.set_text(text)
        self._tint()
        theme_changed.connect(self._tint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a button as the space bar does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.animateClick()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What cannot act yet has a dashed edge; the style sheet's own dashes look like dots."""
        super().paintEvent(event)
        waits = self._kind == "dashed" and not self.hasFocus()
        if waits or not self.isEnabled():
            hovered = self.isEnabled() and self.underMouse()
            dashed_edge(self, "ink2" if hovered else "field")

    def set_text(self, text: str) -> None:
        """Changes the word; with an icon a space stands before it, as the style's gap is too small."""
        self._word = text
        shown = text.replace("&", "&&")
        self.setText(f" {shown}" if self._icon and shown else shown)
        self.setAccessibleName(text)

    def word(self) -> str:
        """The word as it was given."""
        return self._word

    def set_kind(self, kind: str) -> None:
        """Makes it a button of another kind, e.g. dashed while something is missing."""
        self._kind = kind
        set_property(self, "kind", kind)
        self._tint()

    def kind(self) -> str:
        """Its kind; "plain" for a small one."""
        return self._kind

    def set_icon(self, name: str | None) -> None:
        """Changes its outline."""
        self._icon = name
        self.set_text(self._word)
        self._tint()

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(tinted(self._icon, self._icon_size, _INK.get(self._kind, "ink2")))
            self.setIconSize(QSize(self._icon_size, self._icon_size))


class IconButton(QToolButton):
    """A button that is only an outline; `spoken` is its accessible name and tool tip."""

    def __init__(
        self,
        icon: str,
        spoken: str,
        *,
        size: int = 18,
        box: int = 36,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._size = icon, size
        self.setProperty("kind", "quiet")
        self.setFixedSize(box, box)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        if name:
            self.setObjectName(name)
        self._tint()
        theme_changed.connect(self._tint)

    def set_icon(self, icon: str) -> None:
        """Changes its outline."""
        self._icon = icon
        self._tint()

    def _tint(self) -> None:
        self.setIcon(tinted(self._icon, self._size, "ink2"))
        self.setIconSize(QSize(self._size, self._size))
