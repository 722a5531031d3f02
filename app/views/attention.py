"""Hears that somebody is there: keys and presses at the native window, and how long there were none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

_MINUTE = 60_000


class Attention(QObject):
    """`away` tells that for the minutes waited for no key and no button was pressed.

    It listens at the native window: a filter on the whole program would also be given WebEngine's
    own objects while they are made, which ends the process. The embedded browser makes the native
    window anew; then it is found again.
    """

    away = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.by_keys = True
        self._window = window
        self._native: QWindow | None = None
        self._minutes: Callable[[], int] = int
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.timeout.connect(self.away)
        window.installEventFilter(self)

    def wait_for(self, minutes: Callable[[], int]) -> None:
        """Waits so long from now, and again after each key; 0 waits for nothing."""
        self._minutes = minutes
        self._wake()

    def rest(self) -> None:
        """Waits no longer."""
        self._minutes = int
        self.idle.stop()

    def _wake(self) -> None:
        if (minutes := self._minutes()) > 0:
            self.idle.start(minutes * _MINUTE)
        else:
            self.idle.stop()

    def _find_native(self) -> None:
        native = self._window.windowHandle()
        if native is not None and native is not self._native:
            self._native = native
            native.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window:
            if kind in (QEvent.Type.Show, QEvent.Type.WinIdChange):
                QTimer.singleShot(0, self, self._find_native)
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self.by_keys = kind == QEvent.Type.KeyPress
            self._wake()
        return False
