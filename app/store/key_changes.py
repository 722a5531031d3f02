"""Changes to the ways a vault opens: another passphrase, the keyring, age recipients, a new paper.

None of them touches the vault itself: the same key is wrapped anew. `key` is always the vault's
present key, so only who can open the vault can change how it opens.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.domain.clock import Clock, system_clock
from app.domain.errors import VaultFault
from app.store import slots
from app.store.faults import fault
from app.store.key import VaultKey
from app.store.key_file import KeyFile, is_twice_there, read_key_file, write_key_file
from app.store.recovery import recovery_text
from app.store.slots import Cost, Kind, Slot


def change_passphrase(
    path: Path,
    key: VaultKey,
    passphrase: str,
    *,
    clock: Clock = system_clock,
    cost: Cost | None = None,
) -> None:
    """The new passphrase opens, the old one no longer does.

    Raises VaultFault: empty_passphrase, keys_altered, disk_full, read_only.
    """
    keys = _proven(path, key)
    at = clock().isoformat()
    slot = slots.passphrase_slot(keys.binding, key, passphrase, at, cost or Cost())
    _write(path, key, keys, [slot, *(old for old in keys.slots if old.kind != "passphrase")])


def add_keyring_slot(path: Path, key: VaultKey, *, clock: Clock = system_clock) -> bytes:
    """Replaces the keyring slot; returns the random 32-byte secret that the keyring is to keep.

    Raises VaultFault keys_full.
    """
    keys = _proven(path, key)
    secret = slots.new_secret()
    slot = slots.keyring_slot(keys.binding, key, secret, clock().isoformat())
    _write(path, key, keys, _with_one(slot, (old for old in keys.slots if old.kind != "keyring")))
    return secret


def add_age_slot(path: Path, key: VaultKey, recipient: str, *, clock: Clock = system_clock) -> None:
    """Lets an age identity open the vault. Raises VaultFault bad_recipient, keys_full."""
    keys = _proven(path, key)
    slot = slots.age_slot(keys.binding, key, recipient, clock().isoformat())
    others = (old for old in keys.slots if old.recipient != slot.recipient)
    _write(path, key, keys, _with_one(slot, others))


def ways(path: Path, key: VaultKey) -> tuple[Slot, ...]:
    """The slots that open the vault, as its holder last wrote them. Raises VaultFault keys_… ."""
    return _proven(path, key).slots


def new_recovery_text(path: Path, key: VaultKey, *, clock: Clock = system_clock) -> str:
    """The text of the recovery paper, given out (again); the file remembers that it was.

    Raises VaultFault keys_full.
    """
    keys = _proven(path, key)
    if not keys.of_kind("recovery"):
        slot = slots.recovery_slot(key, clock().isoformat())
        _write(path, key, keys, _with_one(slot, keys.slots))
    return recovery_text(key)


def drop_slots(path: Path, key: VaultKey, kind: Kind, recipient: str = "") -> None:
    """Takes a way to open away; of age slots only that of `recipient` when one is named.

    Raises VaultFault: no_such_slot; last_slot for the passphrase, which always stays.
    """
    keys = _proven(path, key)
    if kind == "passphrase":
        raise fault("last_slot")
    left = [
        slot
        for slot in keys.slots
        if slot.kind != kind or (recipient and slot.recipient != recipient)
    ]
    if len(left) == len(keys.slots):
        raise fault("no_such_slot")
    _write(path, key, keys, left)


def settle(path: Path, key: VaultKey, vault_id: str, practice: bool) -> VaultFault | None:
    """Called with the key that opened the vault: ends a rekey that was cut short.

    Returns what is wrong with the key file where the vault can still be used (missing, damaged,
    altered). Raises VaultFault: keys_of_other_vault, mode_differs.
    """
    try:
        keys = read_key_file(path)
    except VaultFault as problem:
        return problem
    if not keys.is_signed_by(key):
        return fault("keys_altered")
    if keys.vault_id != vault_id:
        raise fault("keys_of_other_vault")
    if keys.practice != practice:
        raise fault("mode_differs")
    if keys.key_ids != {key.id}:
        _write(path, key, keys, [slot for slot in keys.slots if slot.key_id == key.id])
    elif not is_twice_there(path, keys):
        # One copy was damaged, or a change was cut between the two: an old passphrase must not
        # live on in the spare. A full disk may put this off until the next time.
        with contextlib.suppress(VaultFault):
            write_key_file(path, keys)
    return None


def _proven(path: Path, key: VaultKey) -> KeyFile:
    keys = read_key_file(path)
    if not keys.is_signed_by(key):
        raise fault("keys_altered")
    return keys


def _with_one(new: Slot, others: Iterable[Slot]) -> list[Slot]:
    """One slot more. A file with too many could not be read in the middle of a rekey, with both keys."""
    held = list(others)
    if len(held) >= slots.MOST_SLOTS:
        raise fault("keys_full")
    return [*held, new]


def _write(path: Path, key: VaultKey, keys: KeyFile, new: Iterable[Slot]) -> None:
    changed = replace(keys, generation=keys.generation + 1, slots=tuple(new))
    write_key_file(path, changed.signed([key]))
