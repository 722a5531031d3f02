"""Who is using an open vault: let in, let finish, kept waiting while its file is being replaced."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.store.faults import fault


class Gate:
    """Counts the threads inside. `close` is for ever, `emptied` for as long as its block runs."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._inside: Counter[int] = Counter()
        self._held = False
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether nobody is let in any more."""
        return self._closed

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Inside; waits while the gate is held, unless this thread is inside already.

        Raises VaultFault closed.
        """
        me = threading.get_ident()
        with self._changed:
            if not self._inside[me]:
                self._changed.wait_for(lambda: not self._held)
            if self._closed:
                raise fault("closed")
            self._inside[me] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                self._changed.notify_all()

    @contextmanager
    def emptied(self, seconds: float) -> Iterator[None]:
        """Nobody else is inside and nobody comes in; who comes meanwhile waits and then goes on.

        Raises VaultFault: busy when those inside did not finish in time, closed.
        """
        with self._changed:
            if self._inside[threading.get_ident()]:
                raise RuntimeError("a vault is not emptied from within a read or a write")
            self._changed.wait_for(lambda: not self._held)
            if self._closed:
                raise fault("closed")
            self._held = True
            if not self._changed.wait_for(self._is_empty, seconds):
                self._let_go()
                raise fault("busy")
        try:
            yield
        finally:
            with self._changed:
                self._let_go()

    def close(self, seconds: float, interrupt: Callable[[], None]) -> None:
        """Lets nobody in and waits for those inside; after `seconds` it asks `interrupt` for help.

        A file that is just being replaced is waited for however long it takes: it would lose its
        lock in the middle.
        """
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._held)
            if not self._changed.wait_for(self._is_empty, seconds):
                interrupt()
                self._changed.wait_for(self._is_empty, seconds)

    def _is_empty(self) -> bool:
        return not +self._inside

    def _let_go(self) -> None:
        self._held = False
        self._changed.notify_all()
