"""The keyboard of the form page (LOOK 6). While an input method composes a word, none of it acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEYS: Mapping[str, tuple[str, ...]] = {
    "explain": ("F1",),
    "next_column": ("F6",),
    "previous_column": ("Shift+F6",),
    "next_to_fix": ("F8",),
    "previous_to_fix": ("Shift+F8",),
    "next_section": ("Ctrl+Down",),
    "previous_section": ("Ctrl+Up",),
    "remedy": ("Ctrl+.",),
    "review": ("Ctrl+Return", "Ctrl+Enter"),
    "undo": ("Ctrl+Z",),
    "redo": ("Ctrl+Y", "Ctrl+Shift+Z"),
    "print": ("Ctrl+P",),
    "back": ("Escape",),
}
"""What a page does → the keys that do it."""

_ONCE = ("review", "print", "back")


class PageKeys(QObject):
    """Shortcuts of one page; `composing` tells whether an input method is at work in it."""

    def __init__(
        self,
        page: QWidget,
        does: Mapping[str, Callable[[], None]],
        composing: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(page)
        self._composing = composing
        for name, act in does.items():
            for text in KEYS[name]:
                shortcut = QShortcut(QKeySequence(text), page)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.setAutoRepeat(name not in _ONCE)
                shortcut.activated.connect(self._guarded(act))

    def _guarded(self, act: Callable[[], None]) -> Callable[[], None]:
        def press() -> None:
            if not self._composing():
                act()

        return press
