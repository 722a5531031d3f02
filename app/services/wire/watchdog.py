"""An end to a call whose answer drips: the read time-out starts again at every byte.

The body's reader looks at the clock itself; the head of an answer is read deep inside httpcore, so
there the socket is shut from outside, and the read ends as a broken line.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any


class Watchdog:
    """Shuts the call's connection `seconds` after it began, unless the call ended before."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's trace: remembers the socket of the connection that was opened."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._socket = found if isinstance(found, socket.socket) else None

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def _bite(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._socket is not None:
                # Not SSLSocket.shutdown: it would take TLS away under the reading thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
