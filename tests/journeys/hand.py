"""A person's hands on the real window: keys only, controls found by name, pictures along the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget
from shiboken6 import isValid

PATIENCE_MS = 15_000
_MOST_TABS = 400


class Hand:
    """Works the window the way a person at the keyboard does.

    `reach` walks with Tab until the control has the focus, so a control that cannot be reached by
    keyboard fails the journey. Japanese text is committed as an input method does it.
    """

    def __init__(self, qtbot: Any, window: QWidget, pictures: Path | None = None) -> None:
        self.qtbot = qtbot
        self.window = window
        self.pictures = pictures
        self.shots: list[Path] = []

    # --- seeing

    def all(self, name: str) -> list[QWidget]:
        """The visible controls of that name, in any window."""
        found: list[QWidget] = []
        for top in QApplication.topLevelWidgets():
            found += [w for w in top.findChildren(QWidget, name) if w.isVisible()]
            if top.objectName() == name and top.isVisible():
                found.append(top)
        return found

    def see(self, name: str, patience: int = PATIENCE_MS) -> Any:
        """The one visible control of that name, waited for."""
        self.until(lambda: bool(self.all(name)), f"{name} is not to be seen", patience)
        return self.all(name)[0]

    def text(self, name: str) -> str:
        """The words of a label, or everything written in a box."""
        widget = self.see(name)
        if isinstance(widget, QLabel | QAbstractButton):
            return _plain(widget.text())
        own = getattr(widget, "text", "")
        own = own() if callable(own) else own
        parts = [_plain(w.text()) for w in widget.findChildren(QLabel) if w.isVisible()]
        return " ".join([str(own), *parts]).strip()

    def until(self, holds: Callable[[], bool], why: str = "", patience: int = PATIENCE_MS) -> None:
        """Waits until something holds."""
        try:
            self.qtbot.waitUntil(holds, timeout=patience)
        except Exception as late:
            self.picture("stuck")
            names = sorted(
                {w.objectName() for w in QApplication.allWidgets() if w.isVisible()} - {""}
            )
            raise AssertionError(f"{why}\nvisible: {' '.join(names)}") from late

    # --- doing

    def reach(self, name: str) -> Any:
        """Tab until the control of that name has the focus."""
        widget = self.see(name)
        widget.window().activateWindow()
        start = QApplication.focusWidget()
        for n in range(_MOST_TABS):
            if not isValid(
                widget
            ):  # the page was made anew meanwhile: the same button stands again
                widget = self.see(name)
            focus = QApplication.focusWidget()
            if focus is not None and (focus is widget or widget.focusProxy() is focus):
                return widget
            if n and focus is start and n > 3:
                break
            QTest.keyClick(focus or widget.window(), Qt.Key.Key_Tab)
            QApplication.processEvents()
        self.picture("unreachable")
        raise AssertionError(f"{name} cannot be reached with Tab")

    def type(self, name: str, text: str, *, commit: bool = True) -> None:
        """Reaches a field, replaces what it holds by typing, and leaves it with Enter or Tab."""
        self.reach(name)
        field = QApplication.focusWidget()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.write(text)
        if commit:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)

    def write(self, text: str) -> None:
        """Types at the cursor: ASCII key by key, the rest as an input method commits it."""
        field = QApplication.focusWidget()
        assert field is not None
        for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", text):
            if part.isascii():
                QTest.keyClicks(field, part)
            else:
                composing = QInputMethodEvent(part, [])
                QApplication.sendEvent(field, composing)
                done = QInputMethodEvent()
                done.setCommitString(part)
                QApplication.sendEvent(field, done)

    def press(self, name: str) -> None:
        """Reaches a button and presses it with the space bar."""
        self.reach(name)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)

    def enter(self) -> None:
        """Enter, where the focus is."""
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def keys(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """A shortcut, sent to where the focus is."""
        if (
            QApplication.activeWindow() is None
        ):  # a screen without a window manager gives it to none
            self.window.activateWindow()
            self.until(lambda: QApplication.activeWindow() is not None, "the window is not active")
        together = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            together |= modifier
        QTest.keyClick(QApplication.focusWidget() or self.window, key, together)

    def choose(self, name: str, value: str) -> None:
        """Chooses with keys: in a row of buttons by arrows and space, in a list by its letters."""
        self.until(
            lambda: bool(self.all(f"{name}.{value}") or self.all(name)), f"{name} is not to be seen"
        )
        if not self.all(f"{name}.{value}"):
            self._choose_in_list(name, value)
            return
        wanted = self.see(f"{name}.{value}")
        siblings = wanted.parentWidget().findChildren(QAbstractButton)
        group = [w for w in siblings if w.isVisible() and w.isCheckable()]
        self._tab_until(lambda: QApplication.focusWidget() in group, name)
        for _ in range(len(group) + 1):
            if QApplication.focusWidget() is wanted:
                break
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
        if not wanted.isChecked():
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        self.until(wanted.isChecked, f"{name}.{value} was not chosen")

    def _choose_in_list(self, name: str, value: str) -> None:
        box = self.reach(name)
        assert isinstance(box, QComboBox), type(box)
        for _ in range(box.count() + 1):
            if box.currentData() == value:
                break
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentData() == value, f"{name} has no {value}"
        QTest.keyClick(box, Qt.Key.Key_Tab)

    def _tab_until(self, holds: Callable[[], bool], name: str) -> None:
        for _ in range(_MOST_TABS):
            if holds():
                return
            QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Tab)
        raise AssertionError(f"{name} cannot be reached with Tab")

    # --- keeping

    def picture(self, name: str) -> None:
        """A picture of the window as it is now, in the folder of the journey."""
        if self.pictures is None:
            return
        QApplication.processEvents()
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{len(self.shots) + 1:02d}-{name}.png"
        top = QApplication.activeWindow() or self.window
        screen = self.window.screen()
        shot = screen.grabWindow(0) if name.startswith("browser") else top.grab()
        if name.startswith("browser"):
            corner = self.window.mapToGlobal(QPoint(0, 0))
            shot = shot.copy(corner.x(), corner.y(), self.window.width(), self.window.height())
        shot.save(str(path))
        self.shots.append(path)


def _plain(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text)


def settle() -> None:
    """Lets everything that is due happen: events and deletions."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
