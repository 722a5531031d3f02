"""Connections to an encrypted file: SQLCipher 4, default settings, raw key, and nothing else.

The only module that opens sqlcipher3. `cipher_log_level` comes before the key: SQLCipher prints
to stderr at each wrong key otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlcipher3 import dbapi2

from app.store.faults import as_faults
from app.store.key import VaultKey

BUSY_MILLISECONDS = 5000


class Connection(Protocol):
    """What the store uses of a sqlcipher3 connection (the library has no types of its own)."""

    in_transaction: bool

    def execute(self, sql: str, parameters: Sequence[Any] = ...) -> Any:
        """Runs one statement and gives a cursor."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Any:
        """Runs one statement for each row of parameters."""

    def executescript(self, sql: str) -> Any:
        """Runs several statements."""

    def backup(self, target: Connection) -> None:
        """Copies every page into `target`, encrypted with the key of `target`."""

    def interrupt(self) -> None:
        """Ends what is running on another thread."""

    def close(self) -> None:
        """Closes the file."""


def connect(path: Path, key: VaultKey, *, must_exist: bool = True) -> Connection:
    """A keyed connection in autocommit mode; nothing is read yet. Raises VaultFault.

    It may be used from any thread, one at a time: the vault sees to that.
    """
    with as_faults(path):
        if not must_exist:  # for the user's eyes alone; SQLite's sidecars take this mode over
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        connection: Connection = dbapi2.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MILLISECONDS / 1000,
        )
    try:
        with as_faults(path):
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.set_key(key.for_sqlcipher())  # type: ignore[attr-defined]
            # Erased values must not stay in free pages, and no trigger may be stepped over
            # by INSERT OR REPLACE.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_plain(path: Path, *, busy_milliseconds: int) -> Connection:
    """A connection in autocommit mode to a file that needs no key: public data. Raises VaultFault.

    The same library without a key is plain SQLite, the same version on every system.
    """
    with as_faults(path):
        connection: Connection = dbapi2.connect(
            path, isolation_level=None, check_same_thread=False, timeout=busy_milliseconds / 1000
        )
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
    return connection


def opens(path: Path, key: VaultKey) -> bool:
    """Whether `key` opens the file. Raises VaultFault only when the file cannot be read at all."""
    if not path.is_file():
        return False
    connection = connect(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as problem:
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF == dbapi2.SQLITE_NOTADB:
            return False
        with as_faults():
            raise
    finally:
        connection.close()
    return True


def findings(connection: Connection) -> tuple[str, ...]:
    """What the checks find wrong: page HMACs, b-trees, references. Empty when all is well."""
    found: list[str] = []
    for statement in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
        try:
            rows = connection.execute(f"PRAGMA {statement}").fetchall()
        except dbapi2.DatabaseError as problem:
            found.append(f"{statement}: {problem}")
            continue
        found += [f"{statement}: {row[0]}" for row in rows if row[0] != "ok"]
    return tuple(found)


_LOG_MILLISECONDS = 200


def emptied(connection: Connection) -> bool:
    """Moves the WAL into the file and cuts it to nothing; False where it could not now (a reader).

    Between transactions only; nothing is lost where it fails. A file without WAL has nothing to empty.
    """
    try:
        connection.execute(f"PRAGMA busy_timeout = {_LOG_MILLISECONDS}")
        try:
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    except dbapi2.Error:
        return False
    return not busy


def cipher_version() -> str:
    """Which SQLCipher this is, proven by opening a keyed store in memory: "SQLCipher 4.19.0 …"."""
    connection = dbapi2.connect(":memory:")
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        (version,) = connection.execute("PRAGMA cipher_version").fetchone()
        return f"SQLCipher {version}"
    finally:
        connection.close()
