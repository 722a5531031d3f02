"""Work of the window's own thread, one part a turn of its loop, so that no turn is felt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

_BUSY: Final = set[int]()
"""The lists of parts that wait; all live in the window's thread."""


def waiting() -> bool:
    """Whether parts of any list wait: what is less pressing gives way, or two share one frame."""
    return bool(_BUSY)


class Slices(QObject):
    """Parts of work done one after the other, each in a turn of its own."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], object]] = deque()
        key = id(self)
        self.destroyed.connect(lambda: _BUSY.discard(key))
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._next)

    def run(self, *parts: Callable[[], object]) -> None:
        """Does these parts after those that wait already."""
        self._waiting.extend(parts)
        if self._waiting:
            _BUSY.add(id(self))
            self._timer.start()

    def finish(self) -> None:
        """Does all that waits now, in this turn."""
        while self._waiting:
            self._next()

    def _next(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
        if not self._waiting:
            self._timer.stop()
            _BUSY.discard(id(self))
