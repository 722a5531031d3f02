"""The file of public data: grants as their publishers tell them, shared by all companies.

It lies unencrypted beside the vaults: what anybody may read in a portal needs no secrecy, a single
copy serves every company, and search is a third faster without a cipher. What a company starred,
searched or may apply for is its own and stays in its vault.

Everything here can be fetched again, so a damaged file is put aside and a new one begun.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.domain.clock import Clock
from app.domain.errors import Known, VaultFault
from app.store.cipher import Connection, connect_plain

FORMAT: Final = 1
_MARK: Final = 0x49636850  # "IchP", SQLite's application_id
_BUSY: Final = 30_000  # milliseconds; another program may be putting thousands of records

_SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- What is filtered and ordered by: narrow, so that twenty thousand stay in memory. The id itself
-- tells the deadline (app.store.public_search), so that the index gives its rows in that order.
CREATE TABLE grants (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, category TEXT NOT NULL,
  starts INTEGER, ends INTEGER, most_yen INTEGER, least_people INTEGER NOT NULL,
  most_people INTEGER, areas INTEGER NOT NULL, purposes INTEGER NOT NULL, industries INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE TABLE contents (
  id INTEGER PRIMARY KEY REFERENCES grants (id), shown TEXT NOT NULL, folded TEXT NOT NULL,
  listed TEXT, detailed_for BLOB, detail BLOB
);
CREATE VIRTUAL TABLE words USING fts5 (
  pairs, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
INSERT INTO words (words, rank) VALUES ('hashsize', 8388608);
-- Words of purpose and industry in the order they were met: their place is their bit.
CREATE TABLE terms (kind TEXT NOT NULL, word TEXT NOT NULL, bit INTEGER NOT NULL, PRIMARY KEY (kind, word)) WITHOUT ROWID;
CREATE TABLE changes (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, field TEXT NOT NULL, before TEXT NOT NULL,
  after TEXT NOT NULL, seen_at INTEGER NOT NULL
);
CREATE INDEX changes_by_key ON changes (key, id);
"""

_SENTENCES: Final = {
    "damaged": "支援制度の写しが傷んでいます。次に開くときに作り直します。会社のファイルには関わりません。",
    "disk_full": "ディスクがいっぱいで、支援制度の写しを書けません。空きを作ってから、もう一度してください。",
    "read_only": "支援制度の写しを置く場所に書けません。フォルダーの書き込みの許可を確かめてください。",
    "no_permission": "支援制度の写しを開く許可がありません。フォルダーの許可を確かめてください。",
    "folder_missing": "支援制度の写しを置くフォルダーが見つかりません。フォルダーを戻してください。",
    "cannot_open": "支援制度の写しが開けません。フォルダーがあるか、開く許可があるかを確かめてください。",
    "busy": "ほかの一度が支援制度の写しを書いています。少し待ってから、もう一度してください。",
    "newer": "支援制度の写しは新しい版の一度で作られています。一度を新しくしてください。",
    "closed": "支援制度の写しは閉じています。画面を開き直してください。",
}
_REBUILT: Final = (
    "支援制度の写しが傷んでいたので、新しく作り直しました。「取り直す」で集め直せます。"
    "星をつけたものや会社の情報は、会社のファイルにあるので変わりません。"
)


class PublicFault(Known):
    """The public data cannot be read or written; nothing of a company is touched by it."""


def public_fault(code: str) -> PublicFault:
    """The fault of this code with its sentence."""
    told = _SENTENCES.get(code, "支援制度の写しがうまく読み書きできません。開き直してください。")
    return PublicFault(f"public_{code}", told)


class PublicFile:
    """The open file: one connection a thread, each ready to use; `notice` says what was repaired."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Opens or makes the file. Raises PublicFault."""
        self.path = path
        self.clock = clock
        self.notice = ""
        self._own = threading.local()
        self._all: list[tuple[threading.Thread, Connection]] = []
        self._turn = threading.Lock()
        self._round = 0
        self._damaged = False
        self._closed = False
        self._connection()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """This thread's connection. Raises PublicFault."""
        connection = self._connection()
        with self._faults():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is kept or, whatever happens, nothing. Raises PublicFault."""
        connection = self._connection()
        with self._faults():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Closes every thread's connection."""
        with self._turn:
            self._closed = True
            for thread, connection in self._all:
                with contextlib.suppress(Exception):
                    if thread is not threading.current_thread() and thread.is_alive():
                        connection.interrupt()
                    connection.close()
            self._all.clear()

    def _connection(self) -> Connection:
        found: tuple[int, Connection] | None = getattr(self._own, "held", None)
        if found is not None and found[0] == self._round and not self._damaged and not self._closed:
            return found[1]
        with self._turn:
            if self._closed:
                raise public_fault("closed")
            self._own.held = None
            self._close_idle()
            if self._damaged:
                self._put_aside()
                self._round += 1
            try:
                connection = self._open()
            except PublicFault as fault:
                if fault.code != "public_damaged":
                    raise
                self._put_aside()
                connection = self._open()
            self._damaged = False
            self._all.append((threading.current_thread(), connection))
            self._own.held = (self._round, connection)
            return connection

    def _close_idle(self) -> None:
        """Closes this thread's connection and those of threads that have ended. Another thread's is
        left to it: it may be in use this moment."""
        mine = threading.current_thread()
        for thread, connection in self._all:
            if thread is mine or not thread.is_alive():
                with contextlib.suppress(Exception):
                    connection.close()
        self._all = [(t, c) for t, c in self._all if t is not mine and t.is_alive()]

    def _open(self) -> Connection:
        with self._faults():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = connect_plain(self.path, busy_milliseconds=_BUSY)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    def _prepare(self, connection: Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16000")
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if mark == _MARK and version == FORMAT:
            for table in ("meta", "grants", "contents", "words_data", "changes"):
                connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
            return
        if mark == _MARK and version > FORMAT:
            raise public_fault("newer")
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another program may have made the tables while this one waited for its turn.
            if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise public_fault("damaged")  # not ours, or half made: put aside
                for statement in _statements(_SCHEMA):
                    connection.execute(statement)
                begin = int(self.clock().timestamp())  # so that it grows over a rebuilt file too
                connection.execute("INSERT INTO meta VALUES ('version', ?)", (str(begin),))
                connection.execute(f"PRAGMA application_id = {_MARK}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _put_aside(self) -> None:
        """Keeps the damaged file under another name (the one before it is given up)."""
        with self._faults():
            if self.path.exists():
                self.path.replace(self.path.with_name(self.path.name + ".damaged"))
            for end in ("-wal", "-shm"):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self.notice = _REBUILT

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """SQLite's and the system's faults in this file's own words."""
        from app.store.faults import as_faults

        try:
            with as_faults(self.path):
                yield
        except VaultFault as fault:
            held = getattr(self._own, "held", None)
            if fault.code == "damaged" and held is not None and held[0] == self._round:
                self._damaged = True  # and not by a connection to a file already put aside
            raise public_fault(fault.code) from None


def _statements(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";\n") if part.strip()]
