"""Numbered SQL files that bring a vault to the newest form, each in one transaction.

`user_version` is set inside the transaction of its migration: a cut or a fault leaves the file
as it was. A file newer than the program is refused, never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from app.store.cipher import Connection
from app.store.faults import as_faults, code_of, fault

APPLICATION_ID: Final = 0x49434844
OFFICE_SUFFIX: Final = ".office"
OFFICE_APPLICATION_ID: Final = 0x4943484F
"""An office file has tables of its own: neither is ever taken for the other, whatever its name."""
_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True)
class Migration:
    """One numbered file: what brings version `number - 1` to version `number`."""

    number: int
    path: Path

    def run(self, connection: Connection) -> None:
        """Runs the file in one transaction. Raises sqlcipher3 errors, after rolling back."""
        script = self.path.read_text("utf-8")
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version = {self.number};\nCOMMIT;"
            )
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def migrations_in(folder: Path) -> tuple[Migration, ...]:
    """The migrations of a folder, 1, 2, 3, … without a gap. Raises ValueError when one is missing."""
    found = sorted(
        (int(match[1]), path)
        for path in folder.glob("*.sql")
        if (match := _NAME.fullmatch(path.name))
    )
    if [number for number, _ in found] != list(range(1, len(found) + 1)) or not found:
        raise ValueError("the numbers of the migrations have a gap")
    return tuple(Migration(number, path) for number, path in found)


def version_of(connection: Connection) -> int:
    """The version of the file's form, 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def application_of(path: Path) -> int:
    """The application id a file of this name must have: a company's vault or an office file."""
    return OFFICE_APPLICATION_ID if path.suffix == OFFICE_SUFFIX else APPLICATION_ID


def migrate(
    connection: Connection,
    migrations: tuple[Migration, ...],
    copy_before: Callable[[int], object] | None = None,
    application_id: int = APPLICATION_ID,
) -> int:
    """Brings the file to the newest form; returns the version it had before.

    `copy_before(version)` makes the encrypted copy before each step of a file that is not new.
    Raises VaultFault: newer_file, not_ours, migration_failed, disk_full, read_only, damaged.
    """
    with as_faults():
        before = version_of(connection)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
    if before and application != application_id:
        raise fault("not_ours")
    if before > len(migrations):
        raise fault("newer_file")
    for migration in migrations[before:]:
        if copy_before is not None and migration.number > 1:
            copy_before(migration.number - 1)
        try:
            migration.run(connection)
        except dbapi2.Error as problem:
            raise fault(code_of(problem) or "migration_failed") from None
    return before


def schema_text(connection: Connection) -> str:
    """The whole schema as SQL text, in a fixed order; compared with resources/migrations/schema.sql."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
    ).fetchall()
    return "".join(f"{sql};\n\n" for (sql,) in rows)
