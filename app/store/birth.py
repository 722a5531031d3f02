"""How a vault begins and is recognised: its mark, its signing key, the proof that a key is right."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlcipher3 import dbapi2

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store.cipher import Connection, connect, opens
from app.store.disk import drop, take_name, unfinished
from app.store.faults import as_faults, fault
from app.store.key import VaultKey
from app.store.key_file import KeyFile, keys_path, read_key_file, spare_path
from app.store.migrate import Migration, migrate


@dataclass(frozen=True)
class Mark:
    """What a vault is for ever."""

    vault_id: str
    practice: bool


def part_path(path: Path) -> Path:
    """The name of an unfinished vault; what is found there is thrown away."""
    return path.with_name(path.name + ".part")


def clear_parts(path: Path) -> None:
    """Throws away what an unfinished creation, rekey or restore left; only under the lock."""
    part = part_path(path)
    for left in (part, *sidecars(part), part_path(part), *sidecars(part_path(part))):
        drop(left)
    for keys in (keys_path(path), spare_path(path)):
        drop(unfinished(keys))


def sidecars(path: Path) -> tuple[Path, ...]:
    """The files SQLite keeps beside a database."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


def id_for_new_vault(path: Path, key: VaultKey, practice: bool) -> str:
    """The vault id of the key file beside `path`, or a new one where there is no key file.

    Raises VaultFault: keys_altered, mode_differs, keys_damaged.
    """
    try:
        keys = read_key_file(path)
    except VaultFault as problem:
        if problem.code == "keys_missing":
            return secrets.token_hex(16)
        raise
    if not keys.is_signed_by(key):
        raise fault("keys_altered")
    if keys.practice != practice:
        raise fault("mode_differs")
    return keys.vault_id


def make(
    path: Path,
    key: VaultKey,
    vault_id: str,
    practice: bool,
    migrations: tuple[Migration, ...],
    clock: Clock,
) -> None:
    """Makes the file under another name and gives it its name when it is whole."""
    part = part_path(path)
    clear_parts(path)
    connection = connect(part, key, must_exist=False)
    try:
        migrate(connection, migrations)
        signing = Ed25519PrivateKey.generate()
        mode = "practice" if practice else "real"
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO vault_mark VALUES (1, ?, ?, ?)", (vault_id, mode, clock().isoformat())
        )
        connection.execute(
            "INSERT INTO signing_key VALUES (1, ?, ?)",
            (signing.private_bytes_raw(), signing.public_key().public_bytes_raw()),
        )
        connection.execute("COMMIT")
        connection.close()
        take_name(part, path)
    except BaseException:
        connection.close()
        clear_parts(path)
        raise


def check_file(path: Path) -> None:
    """Raises VaultFault when the file cannot be the open vault, before anything touches it.

    folder_missing, vault_missing, no_permission, read_only, not_ours (a database without
    encryption), damaged (shorter than its salt).
    """
    with as_faults():
        if not path.parent.is_dir():
            raise fault("folder_missing")
        if not path.is_file():
            raise fault("vault_missing")
        with open(path, "rb") as file:
            head = file.read(16)
    check_writable(path)
    if head == b"SQLite format 3\0":
        raise fault("not_ours")  # an open database: never one of this program
    if len(head) < 16:
        raise fault("damaged")


def check_writable(path: Path) -> None:
    """Raises VaultFault read_only when folder or file may not be written (also a read-only mount)."""
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise fault("read_only")


def first_read(path: Path, connection: Connection, key: VaultKey) -> None:
    """Reads the first page. Raises VaultFault: damaged, or key_does_not_fit when unproven."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as problem:
        not_readable = getattr(problem, "sqlite_errorcode", 0) & 0xFF == dbapi2.SQLITE_NOTADB
        if not_readable and not _proven(path, key):
            raise fault("key_does_not_fit") from None
        raise


def _proven(path: Path, key: VaultKey) -> bool:
    """Whether the key file says that this is the key, so that the file must be what is wrong."""
    try:
        keys: KeyFile = read_key_file(path)
    except VaultFault:
        return False
    return keys.is_signed_by(key)


def key_fits(path: Path, key: VaultKey) -> bool:
    """Whether `key` opens the file as it is now; False also when the file cannot be read."""
    try:
        return opens(path, key)
    except VaultFault:
        return False


def mark_of(connection: Connection) -> Mark:
    """The vault's mark. Raises VaultFault damaged when it is missing."""
    row = connection.execute("SELECT vault_id, mode FROM vault_mark").fetchone()
    if row is None:
        raise fault("damaged")
    return Mark(row[0], row[1] == "practice")
