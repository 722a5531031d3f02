"""What the encryption costs at opening: raw key to first row, against the same library without key."""

from __future__ import annotations

import secrets
import statistics
import tempfile
import time
from pathlib import Path

import sqlcipher3


def _make(path: Path, key: str) -> None:
    with sqlcipher3.connect(str(path)) as connection:
        if key:
            connection.set_key(f"x'{key}'".encode())
        connection.execute("create table record(n integer primary key, body text)")
        connection.executemany(
            "insert into record(body) values (?)", ((secrets.token_hex(40),) for _ in range(2000))
        )
    connection.close()


def _open(path: Path, key: str) -> float:
    begin = time.perf_counter()
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    if key:
        connection.set_key(f"x'{key}'".encode())
    row = connection.execute("select body from record limit 1").fetchone()
    seconds = time.perf_counter() - begin
    assert row is not None
    connection.close()
    return seconds


def measure() -> list[tuple[str, float, str]]:
    """The ratio of the medians of 101 interleaved openings."""
    with tempfile.TemporaryDirectory() as folder:
        key = secrets.token_hex(32)
        locked, plain = Path(folder) / "locked.db", Path(folder) / "plain.db"
        _make(locked, key)
        _make(plain, "")
        pairs = [(_open(locked, key), _open(plain, "")) for _ in range(101)]
    ratio = statistics.median(p[0] for p in pairs) / statistics.median(p[1] for p in pairs)
    return [("raw key to first row / without a key", ratio, "<= 2.0 x")]
