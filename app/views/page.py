"""A page of the window: what stands in the body under the header, and what it tells the frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Target:
    """A place the palette (Ctrl+K) can go to. `reading` is its kana, for matching what is typed."""

    title: str
    note: str
    go: Callable[[], None]
    reading: str = ""
    icon: str = "arrow-right"


class Window(Protocol):
    """What a page may ask of the window it stands in."""

    def show_page(self, name: str, **asked: str) -> None:
        """Goes to a page: today, company, procedures, outbox, documents, settings, form, review."""

    def back(self) -> None:
        """Goes to the page shown before this one."""

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Says one short sentence in the status bar, with 戻す beside it when `undo` is given."""

    def update_status(self) -> None:
        """Reads the saved time, the 一度率 and the sign-in again."""

    def forget_pages(self, *names: str) -> None:
        """Takes the pages of these names away for good: what they showed is no longer there."""

    def tell_signed_in(self) -> None:
        """Told by the page where somebody has just signed in."""


class Page(QWidget):
    """The base of all pages. Made by the house with its desk and its window.

    Overridden as needed: `header_actions` (right of the header; an empty list leaves the search
    field), `columns` (what F6 walks through), `targets` (fields and facts for Ctrl+K), `refresh`
    (called each time it is shown), `leaving` (called before it is left or the vault is locked).
    """

    title_changed = Signal()
    """The title or the note has changed."""
    folds_navigation = False
    """Whether the navigation becomes a rail here."""
    bare = False
    """Whether the page brings its own bands, in place of navigation and header."""
    place = ""
    """The name of the place in the navigation this page belongs to, when it is not its own."""
    margin = 24
    """The margin of the page body in logical pixels; 0 for pages whose columns reach the edges."""

    def __init__(self, desk: Any, window: Window, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.window_ = window
        self._title = ""
        self._note = ""
        self._actions: list[QWidget] | None = None

    @property
    def title(self) -> str:
        """The title in the header, 20/700."""
        return self._title

    @title.setter
    def title(self, text: str) -> None:
        self._title = text
        self.title_changed.emit()

    @property
    def note(self) -> str:
        """One note beside the title."""
        return self._note

    @note.setter
    def note(self, text: str) -> None:
        self._note = text
        self.title_changed.emit()

    def header_actions(self) -> list[QWidget]:
        """Widgets at the right of the header. Asked for once, when the page is first shown."""
        return []

    def actions_once(self) -> list[QWidget]:
        """The actions of `header_actions`, made once."""
        if self._actions is None:
            self._actions = self.header_actions()
        return self._actions

    def first_focus(self) -> QWidget | None:
        """The control the keyboard goes to when the page is shown by a key; None: its first one."""
        return None

    def walk(self, _step: int) -> bool:
        """F6 (1) or Shift+F6 (-1) where a page walks by itself; False leaves it to `columns`."""
        return False

    def columns(self) -> Sequence[QWidget]:
        """The columns F6 walks through, left to right."""
        return [self]

    def targets(self) -> Sequence[Target]:
        """Fields and facts of this page for Ctrl+K."""
        return []

    def status(self) -> Status:
        """What the status bar says while this page is shown."""
        return Status()

    def refresh(self) -> None:
        """Reads everything again; called each time the page is shown."""

    def leaving(self) -> None:
        """Keeps what is not kept yet; called before the page is left or the vault is locked."""

    def fold(self, width: int) -> None:
        """Told the width of the window in logical pixels whenever it changes (breakpoints)."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


@dataclass(frozen=True)
class Status:
    """What a page puts into the status bar. None or "" leaves the desk's own.

    `saved_at` when the last change reached the disk; `count` the page's own count, e.g.
    手で入れたのは 90か所中 12か所; `once` the 一度率 of what is shown, 0 to 1.
    """

    saved_at: datetime | None = None
    count: str = ""
    once: float | None = None
    details: Mapping[str, str] = field(default_factory=dict)
