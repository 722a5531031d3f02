"""A new key for a vault: the new slots are added, the file is encrypted anew, the old slots go.

A kill at any point leaves a vault that opens with the passphrase: the key file leads to both
keys until the file has changed its key in one rename, and the key counts that opens the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.domain.clock import Clock, system_clock
from app.domain.errors import VaultFault
from app.store import birth, slots
from app.store.backup import copy_to
from app.store.cipher import connect
from app.store.disk import Place, place_of, take_name
from app.store.faults import as_faults, fault
from app.store.key import VaultKey
from app.store.key_file import KeyFile, read_key_file, write_key_file
from app.store.lock import VaultLock
from app.store.recovery import recovery_text
from app.store.slots import Cost, Slot


@dataclass(frozen=True)
class Rekeyed:
    """The new key, the text of the new recovery paper, and the keyring's new secret if it had one."""

    key: VaultKey = field(repr=False)
    recovery_text: str = field(repr=False)
    keyring_secret: bytes | None = field(repr=False)


def rekey(
    path: Path,
    key: VaultKey,
    passphrase: str,
    *,
    clock: Clock = system_clock,
    place: Place | None = None,
    cost: Cost | None = None,
) -> Rekeyed:
    """Encrypts a closed vault with a new key. The old paper and the old keyring secret end.

    Backups made before keep the old key and open with the keys beside them.
    Raises VaultFault: wrong_passphrase, opened_twice, keys_altered, disk_full, damaged; then the
    vault is as it was.
    """
    birth.check_file(path)
    with locked(path, clock, place):
        return rekey_held(path, key, passphrase, clock=clock, cost=cost)


def rekey_held(
    path: Path, key: VaultKey, passphrase: str, *, clock: Clock, cost: Cost | None = None
) -> Rekeyed:
    """As `rekey`, for whoever holds the vault's lock and has no connection open."""
    keys = _whole(path, key)
    if not _opens(keys, passphrase):
        raise fault("wrong_passphrase")
    new = VaultKey.generate()
    added, secret = _new_slots(keys, new, passphrase, clock, cost or Cost())
    both = replace(keys, generation=keys.generation + 1, slots=(*keys.slots, *added))
    write_key_file(path, both.signed([key, new]))
    try:
        encrypt_anew(path, key, new)
    except BaseException as problem:
        _take_back(path, key, keys, both)
        # A fault after the rename: the file has its new key, and only its holder can go on.
        if not (isinstance(problem, VaultFault) and birth.key_fits(path, new)):
            raise
    after = replace(both, generation=both.generation + 1, slots=added)
    # The file has its new key: a full disk here only puts the end off until the next opening,
    # which drops the old slots (`key_changes.settle`). They open nothing any more.
    with suppress(VaultFault):
        write_key_file(path, after.signed([new]))
    return Rekeyed(new, recovery_text(new), secret)


@contextmanager
def locked(path: Path, clock: Clock, place: Place | None) -> Iterator[None]:
    """Holds the vault's lock while its file is replaced. Raises VaultFault opened_twice."""
    lock = VaultLock(path, place or place_of(path), clock)
    try:
        yield
    finally:
        lock.release()


def encrypt_anew(path: Path, old: VaultKey, new: VaultKey) -> None:
    """Puts a copy under `new` in the vault's place, by one rename. Raises VaultFault."""
    part = birth.part_path(path)
    with as_faults(path):
        birth.clear_parts(path)
        connection = connect(path, old)
        try:
            # Leaving WAL moves everything into the file and removes the sidecars, which would
            # otherwise be read into the new file.
            connection.execute("PRAGMA journal_mode = DELETE")
            copy_to(part, connection, new, for_use=True)
        finally:
            connection.close()
        if any(side.exists() and side.stat().st_size for side in birth.sidecars(path)):
            birth.clear_parts(path)
            raise fault("busy")
        take_name(part, path)


def _whole(path: Path, key: VaultKey) -> KeyFile:
    keys = read_key_file(path)
    if not keys.is_signed_by(key):
        raise fault("keys_altered")
    mine = tuple(slot for slot in keys.slots if slot.key_id == key.id)
    return replace(keys, slots=mine)


def _opens(keys: KeyFile, passphrase: str) -> bool:
    return any(
        slots.opened_by_passphrase(keys.binding, slot, passphrase) is not None
        for slot in keys.of_kind("passphrase")
    )


def _new_slots(
    keys: KeyFile, new: VaultKey, passphrase: str, clock: Clock, cost: Cost
) -> tuple[tuple[Slot, ...], bytes | None]:
    at, binding = clock().isoformat(), keys.binding
    made = [slots.passphrase_slot(binding, new, passphrase, at, cost)]
    made += [slots.age_slot(binding, new, old.recipient, at) for old in keys.of_kind("age")]
    made.append(slots.recovery_slot(new, at))
    secret = None
    if keys.of_kind("keyring"):
        secret = slots.new_secret()
        made.append(slots.keyring_slot(binding, new, secret, at))
    return tuple(made), secret


def _take_back(path: Path, key: VaultKey, before: KeyFile, both: KeyFile) -> None:
    """Drops the new slots again after a fault, unless the file has changed its key already."""
    if birth.key_fits(path, key):
        undone = replace(before, generation=both.generation + 1)
        write_key_file(path, undone.signed([key]))
