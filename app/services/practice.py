"""The practice town as a child process: started at first need, ended with the program.

The town (`app.sandbox`) shares no code with the program; all that is known of it here is the line
of JSON it prints, with its endpoints.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, Queue
from types import MappingProxyType
from typing import IO

from app.domain.errors import Known

_START_SECONDS = 30.0


class PracticeTown:
    """Starts the town by `command` (argv), once, and tells its endpoints."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._endpoints: Mapping[str, str] = MappingProxyType({})
        self._lock = threading.Lock()

    @property
    def running(self) -> bool:
        """Whether the town answers as far as we know: started, and its process is alive."""
        return self._process is not None and self._process.poll() is None

    def endpoints(self) -> Mapping[str, str]:
        """The town's endpoints, starting it when it is not running (about a second).

        Raises:
            Known: the town cannot be started.
        """
        with self._lock:
            if not self.running:
                self._start()
            return self._endpoints

    def _start(self) -> None:
        failed = Known(
            "town-not-started",
            "練習の町をひらけませんでした。少し待って、もう一度「練習の町をひらく」を押してください。",
        )
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            raise failed from None
        assert process.stdout is not None
        line = _first_line(process.stdout, _START_SECONDS)
        try:
            told = json.loads(line)
            self._endpoints = MappingProxyType({k: str(v) for k, v in told.items()})
        except (ValueError, AttributeError):
            process.kill()
            process.wait()
            raise failed from None
        self._process = process

    def stop(self) -> None:
        """Ends the town; it also ends by itself when this process dies (its stdin closes)."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin:
                process.stdin.close()
            process.terminate()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _first_line(stream: IO[bytes], seconds: float) -> bytes:
    """The first line, or empty bytes when none comes within `seconds`."""
    told: Queue[bytes] = Queue()
    threading.Thread(target=lambda: told.put(stream.readline()), daemon=True).start()
    try:
        return told.get(timeout=seconds)
    except Empty:
        return b""
