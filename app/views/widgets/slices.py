"""Work of the window's own thread, one part a turn of its loop, so that no turn is felt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Slices(QObject):
    """Parts of work done one after the other, each in a turn of its own."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._next)

    def run(self, *parts: Callable[[], object]) -> None:
        """Does these parts after those that wait already."""
        self._waiting.extend(parts)
        self._timer.start()

    def _next(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        self._waiting.popleft()()
