"""What the encryption costs at opening: raw key to first row, against the same library without key.

Ours is what the program does (`app.store.cipher.connect`, on a vault with all its tables); the other
is a plain copy of that vault, opened by the same library with the same settings but no key, with the
same journal: a copy is born without the write-ahead log, whose files the first reader makes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import sqlcipher3

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 151
SETTINGS = (
    "secure_delete = ON",
    "recursive_triggers = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
)
FIRST_ROW = "SELECT value FROM bench WHERE n = 1"


def measure() -> list[tuple[str, float, str]]:
    """The median of the ratios of interleaved pairs, after one that warms both files up."""
    from app.domain.clock import system_clock
    from app.store.cipher import connect
    from app.store.key import VaultKey
    from app.store.key_file import create_key_file
    from app.store.vault import Vault

    with tempfile.TemporaryDirectory() as folder:
        locked, plain = Path(folder) / "locked.vault", Path(folder) / "plain.db"
        key, _ = create_key_file(locked, "a long passphrase", practice=True, clock=system_clock)
        migrations = ROOT / "resources" / "migrations"
        Vault.create(locked, key, practice=True, migrations=migrations, clock=system_clock).close()
        filled = connect(locked, key)
        filled.execute("CREATE TABLE bench(n INTEGER PRIMARY KEY, value TEXT)")
        filled.executemany(
            "INSERT INTO bench(value) VALUES (?)", ((f"row {n}" * 8,) for n in range(2000))
        )
        filled.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        filled.execute("SELECT sqlcipher_export('plain')")
        filled.execute("DETACH DATABASE plain")
        (journal,) = filled.execute("PRAGMA journal_mode").fetchone()
        filled.close()
        copy = sqlcipher3.connect(str(plain))
        assert copy.execute(f"PRAGMA journal_mode = {journal}").fetchone() == (journal,)
        copy.close()

        def ours(path: Path, key: VaultKey) -> float:
            begin = time.perf_counter()
            connection = connect(path, key)
            row = connection.execute(FIRST_ROW).fetchone()
            seconds = time.perf_counter() - begin
            connection.close()
            assert row == ("row 0" * 8,)
            return seconds

        pairs = [(ours(locked, key), _without_key(plain)) for _ in range(ROUNDS + 1)]
    ratio = statistics.median(keyed / bare for keyed, bare in pairs[1:])
    return [("vault: raw key to first row / without a key", ratio, "<= 2 x")]


def _without_key(path: Path) -> float:
    begin = time.perf_counter()
    connection = sqlcipher3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    row = connection.execute(FIRST_ROW).fetchone()
    seconds = time.perf_counter() - begin
    connection.close()
    assert row == ("row 0" * 8,)
    return seconds
