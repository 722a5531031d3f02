"""F6: from column to column, to the control that had the focus there last, else to the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def focusable(column: QWidget) -> list[QWidget]:
    """The controls of a column that Tab can reach, in tab order."""
    found: list[QWidget] = []
    if _takes_focus(column):
        found.append(column)
    step = column.nextInFocusChain()
    seen: set[int] = set()
    while step is not None and step is not column and id(step) not in seen:
        seen.add(id(step))
        if column.isAncestorOf(step) and _takes_focus(step):
            found.append(step)
        step = step.nextInFocusChain()
    return found


def walk_columns(columns: Sequence[QWidget], step: int) -> QWidget | None:
    """Moves the focus to the next (1) or previous (-1) column that has a control; gives the control."""
    shown = [c for c in columns if c.isVisible()]
    here = _column_of_focus(shown)
    for distance in range(1, len(shown) + 1):
        column = shown[(here + step * distance) % len(shown)]
        controls = focusable(column)
        if controls:
            last = column.focusWidget()
            goal = last if last is not None and last in controls else controls[0]
            goal.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return goal
    return None


def _column_of_focus(columns: Sequence[QWidget]) -> int:
    focus = QApplication.focusWidget()
    if focus is None:
        return -1
    for number, column in enumerate(columns):
        if column is focus or column.isAncestorOf(focus):
            return number
    return -1


def _takes_focus(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return tab and widget.isVisible() and widget.isEnabled()
