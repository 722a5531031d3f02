"""The connections of an open vault: one a thread on a local disk, one for all on a share."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2

from app.store import birth
from app.store.cipher import Connection, connect
from app.store.disk import Place
from app.store.faults import as_faults
from app.store.key import VaultKey


@dataclass
class Seat:
    """One connection with what its thread is doing on it."""

    connection: Connection
    depth: int = 0
    writing: bool = False
    durable: bool = False
    level: str = ""

    def set_level(self, level: str) -> None:
        """Sets `synchronous`, which SQLite allows between transactions only."""
        if self.level != level:
            self.connection.execute(f"PRAGMA synchronous = {level}")
            self.level = level

    def end(self, word: str) -> None:
        """COMMIT or ROLLBACK, unless SQLite ended the transaction itself (full disk, damage)."""
        if self.connection.in_transaction:
            self.connection.execute(word)


MOST_IDLE = 12
"""Connections kept for threads that may still be there: the window's, a full pool, a few more."""


class Seats:
    """Gives each thread its seat. The vault sees to it that a seat is used by one at a time.

    Whether a thread that Qt made has ended cannot be seen (`threading` does not know it). So a
    connection is closed for another thread only while nobody uses it, and a thread that comes back
    is given a new one.
    """

    def __init__(self, path: Path, key: VaultKey, place: Place) -> None:
        self._path = path
        self._key = key
        self._share = place == "share"
        self._all: dict[int, Seat] = {}
        self._turn = threading.Lock()

    def take(self) -> Seat:
        """The seat of this thread, in use from now on; opened when it has none. Raises VaultFault."""
        number = 0 if self._share else threading.get_ident()
        with self._turn:
            seat = self._all.get(number)
            if seat is not None:
                seat.depth += 1
                return seat
            self._close_unused()
        seat = (
            self._open()
        )  # nobody else opens one for this thread; on a share one enters at a time
        with self._turn:
            self._all[number] = seat
            seat.depth += 1
        return seat

    def give(self, seat: Seat) -> None:
        """Ends one use of a seat."""
        with self._turn:
            seat.depth -= 1

    def leave(self, seat: Seat) -> None:
        """Ends a read; a connection that cannot even do that (damage was met) is replaced."""
        try:
            seat.end("ROLLBACK")
        except dbapi2.Error:
            with self._turn:
                for number in [n for n, one in self._all.items() if one is seat]:
                    self._all.pop(number, None)
            seat.connection.close()

    def interrupt(self) -> None:
        """Ends the statements that other threads are running."""
        for seat in list(self._all.values()):
            seat.connection.interrupt()

    def close(self) -> None:
        """Closes every connection; the last one moves the WAL into the file."""
        for seat in list(self._all.values()):
            with contextlib.suppress(dbapi2.Error):  # a folder that is gone: nothing to save
                seat.connection.close()
        self._all.clear()

    def _open(self) -> Seat:
        connection = connect(self._path, self._key)
        try:
            with as_faults(self._path):
                if self._share:
                    # Before anything is read: a file that was in WAL is left without shared memory.
                    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                birth.first_read(self._path, connection, self._key)
                wanted = "TRUNCATE" if self._share else "WAL"
                connection.execute(f"PRAGMA journal_mode = {wanted}")
                connection.execute("PRAGMA cache_size = -65536")
                connection.execute("PRAGMA fullfsync = ON")
        except BaseException:
            connection.close()
            raise
        return Seat(connection)

    def _close_unused(self) -> None:
        """Closes what ended threads left, where much is left; never what is in use."""
        if len(self._all) < MOST_IDLE:
            return
        living = {thread.ident for thread in threading.enumerate()} | {0}
        for number, seat in list(self._all.items()):
            if number not in living and seat.depth == 0:
                del self._all[number]
                seat.connection.close()
