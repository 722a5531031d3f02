"""The single bridge between work off the window's thread and the window.

Long work runs in a pool; its outcome is handed over on the thread of the window, and only while the
widget that asked is still there. Nothing here waits, so a page can be left and the vault locked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

T = TypeVar("T")
_log = logging.getLogger(__name__)
_POOL_SIZE = 8


class _Delivery(QObject):
    """Lives on the window's thread and takes one outcome."""

    arrived = Signal(object, object)

    def __init__(
        self,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        owner: QObject,
    ) -> None:
        super().__init__()
        self._done, self._failed, self._owner = done, failed, owner
        self.arrived.connect(self.deliver)

    @Slot(object, object)
    def deliver(self, value: object, fault: Exception | None) -> None:
        _waiting.discard(self)
        if not shiboken6.isValid(self._owner):
            return
        if fault is None:
            self._done(value)
        else:
            self._failed(fault)


class _Work(QRunnable):
    def __init__(self, task: Callable[[], object], delivery: _Delivery) -> None:
        super().__init__()
        self._task, self._delivery = task, delivery

    def run(self) -> None:
        value: object = None
        fault: Exception | None = None
        try:
            value = self._task()
        except Exception as caught:
            fault = caught
        try:
            self._delivery.arrived.emit(value, fault)
        except RuntimeError:  # the program is closing; nobody is left to tell
            _log.debug("an outcome came after the window was gone")


_waiting: set[_Delivery] = set()
_pools: list[QThreadPool] = []


def _pool() -> QThreadPool:
    if not _pools or not shiboken6.isValid(_pools[0]):
        pool = QThreadPool()
        pool.setMaxThreadCount(_POOL_SIZE)
        _pools[:] = [pool]
    return _pools[0]


def run(
    task: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None],
    owner: QObject,
) -> None:
    """Runs `task` off the window's thread.

    On the window's thread then calls `done` with its value, or `failed` with what it raised;
    neither when `owner` has been deleted meanwhile.
    """
    delivery = _Delivery(done, failed, owner)
    _waiting.add(delivery)
    _pool().start(_Work(task, delivery))


def pending() -> int:
    """How many tasks have not delivered yet."""
    return len(_waiting)


def wait(milliseconds: int = 5000) -> bool:
    """Waits, at the end of the program, for running tasks; False when they did not end in time."""
    return _pool().waitForDone(milliseconds)
