"""Where the keyboard is after a page has been shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.views.walk import focusable

if TYPE_CHECKING:
    from app.views.frame import Frame
    from app.views.page import Page


def keep_focus(
    window: QWidget, frame: Frame, page: Page | None, *, by_keys: bool, first: bool
) -> None:
    """Gives the focus a place: without one no key of the page acts.

    A focus the page gave itself stays, and so does that of the `first` page after unlocking. Else a
    page reached `by_keys` has its first control in focus; reached by the mouse nothing is ringed.
    """
    if page is None:
        return
    focus = QApplication.focusWidget() if window.isActiveWindow() else window.focusWidget()
    if focus is not None and focus.isVisible() and window.isAncestorOf(focus):
        resting = focus is frame.body and (first or not by_keys)
        if resting or not _of_frame(frame, focus):
            return
    goal: QWidget = frame.body
    if by_keys:
        goal = page.first_focus() or _uppermost(page) or frame.navigation.company
    goal.setFocus(Qt.FocusReason.OtherFocusReason)


def _uppermost(page: QWidget) -> QWidget | None:
    """The control one reads first: the uppermost, of those the one at the left."""

    def place(control: QWidget) -> tuple[int, int]:
        at = control.mapTo(page, QPoint(0, 0))
        return at.y(), at.x()

    return min(focusable(page), key=place, default=None)


def _of_frame(frame: Frame, focus: QWidget) -> bool:
    """Whether a focus was left on the frame: its places, its status bar, its search, its body."""
    if focus in (frame.body, frame.header.search):
        return True
    return any(part.isAncestorOf(focus) for part in (frame.navigation, frame.status))
