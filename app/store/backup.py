"""Encrypted, checked copies of a vault, and the way back from them.

They lie in `<name>.backups/` beside the vault: one a day, ten kept, and one before each
migration, three kept. Each is a pair (.vault and .keys) that opens with the passphrase or the
recovery paper of its day, in this program or without it (docs/vault-format.md).
"""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from sqlcipher3 import dbapi2

from app.domain.clock import JST, Clock
from app.domain.errors import VaultFault
from app.store import apart
from app.store.cipher import Connection, connect, findings
from app.store.disk import drop, take_name, write_whole
from app.store.faults import as_faults, fault
from app.store.key import VaultKey
from app.store.key_file import keys_path, spare_path

KEEP: Final = 10
KEEP_BEFORE_MIGRATION: Final = 3
_STAMP: Final = "%Y%m%d-%H%M%S"
_NAME: Final = re.compile(r"(\d{8}-\d{6})-(daily|before-v\d+)\.(vault|office)")


@dataclass(frozen=True)
class BackupRow:
    """One backup: where it is, when it was made, why."""

    path: Path
    made_at: datetime
    kind: Literal["daily", "before"]


def backup_folder(path: Path) -> Path:
    """The folder of a vault's backups."""
    return path.with_suffix(".backups")


def daily_path(path: Path, now: datetime) -> Path:
    """Where the backup of the day of `now` lies, or will lie when there is none yet."""
    for row in backups_of(path):
        if row.kind == "daily" and row.made_at.date() == now.date():
            return row.path
    return backup_folder(path) / f"{now.strftime(_STAMP)}-daily{path.suffix}"


def backups_of(path: Path) -> list[BackupRow]:
    """The backups of a vault, newest first. Raises VaultFault no_permission."""
    rows = []
    with as_faults():
        folder = backup_folder(path)
        names = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    for file in names:
        if match := _NAME.fullmatch(file.name):
            made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=JST)
            rows.append(BackupRow(file, made_at, "daily" if match[2] == "daily" else "before"))
    return rows


def copy_to(target: Path, connection: Connection, key: VaultKey, *, for_use: bool = False) -> None:
    """A checked copy of the open vault under `target`, encrypted with `key`, whole or not there.

    A backup holds no 個人番号; only a copy `for_use` in the vault's own place does (app.store.apart).
    Raises VaultFault: disk_full, read_only, folder_missing, damaged.
    """
    part = target.with_name(target.name + ".part")
    with as_faults(target):
        drop(part)
        copy = connect(part, key, must_exist=False)
        try:
            try:
                connection.backup(copy)
                if not for_use:
                    apart.empty(copy)
                # A copy may lie on a medium that cannot be written: it must not need a WAL.
                copy.execute("PRAGMA journal_mode = DELETE")
                if findings(copy):
                    raise fault("damaged")
            finally:
                copy.close()
            take_name(part, target)
        except BaseException:
            with contextlib.suppress(OSError):
                drop(part)
            raise


def copy_keys(path: Path, target: Path) -> None:
    """Puts a copy of the key file beside a backup, where there is one. Raises VaultFault."""
    for source in (keys_path(path), spare_path(path)):
        if source.is_file():
            with as_faults():
                write_whole(keys_path(target), source.read_bytes())
            return


def copy_before_migration(
    path: Path, connection: Connection, key: VaultKey, version: int, clock: Clock
) -> Path:
    """The encrypted copy made before a migration away from `version`. Raises VaultFault."""
    stamp = clock().astimezone(JST).strftime(_STAMP)
    target = backup_folder(path) / f"{stamp}-before-v{version}{path.suffix}"
    with as_faults():
        target.parent.mkdir(mode=0o700, exist_ok=True)
    copy_to(target, connection, key)
    copy_keys(path, target)
    rotate(path)
    return target


def rotate(path: Path, keep: int = KEEP) -> None:
    """Deletes the oldest backups beyond `keep` daily ones and three of migrations."""
    rows = backups_of(path)
    kept = {"daily": keep, "before": KEEP_BEFORE_MIGRATION}
    with as_faults():
        for kind, count in kept.items():
            for row in [row for row in rows if row.kind == kind][count:]:
                drop(row.path)
                drop(keys_path(row.path))


def check_backup(path: Path, key: VaultKey) -> str:
    """Reads the whole backup; returns its vault id.

    Raises VaultFault: backup_missing, backup_damaged (also when `key` is not its key).
    """
    if not path.is_file():
        raise fault("backup_missing")
    with as_faults():
        connection = connect(path, key)
    try:
        if findings(connection):
            raise fault("backup_damaged")
        row = connection.execute("SELECT vault_id FROM vault_mark").fetchone()
    except dbapi2.DatabaseError:
        raise fault("backup_damaged") from None
    finally:
        connection.close()
    if row is None:
        raise fault("backup_damaged")
    return str(row[0])


def put_aside(path: Path, clock: Clock) -> Path:
    """Copies the present vault, its sidecars and keys into the backup folder; returns the copy.

    The vault's copy takes its name last, when it is whole. No earlier copy is written over.
    """
    stamp = clock().astimezone(JST).strftime(_STAMP)
    folder = backup_folder(path)
    with as_faults(path):
        folder.mkdir(mode=0o700, exist_ok=True)
        base = _free_name(folder, f"{stamp}-replaced", path.suffix)
        _copy_file(keys_path(path), keys_path(base))
        for end in ("-wal", "-journal", ""):
            _copy_file(path.with_name(path.name + end), base.with_name(base.name + end))
    return base


def empty_aside(aside: Path, key: VaultKey) -> None:
    """Takes the 個人番号 out of a file put aside, where `key` opens it; a damaged one stays as it is."""
    with contextlib.suppress(VaultFault, dbapi2.Error):
        connection = connect(aside, key)
        try:
            if apart.holds(connection):
                apart.empty(connection)
        finally:
            connection.close()


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    first = folder / f"{stem}{suffix}"
    others = (folder / f"{stem}-{n}{suffix}" for n in itertools.count(2))
    return next(path for path in itertools.chain([first], others) if not path.exists())


def _copy_file(source: Path, target: Path) -> None:
    if not source.is_file():
        drop(target)
        return
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    take_name(part, target)
