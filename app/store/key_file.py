"""The key file x.keys beside x.vault: several ways (slots) to the vault's key, as versioned JSON.

Every key that the file leads to authenticates the whole file with an HMAC, so that no slot can
be swapped, added or weakened without the key. The same content stands in x.keys.bak: each
change replaces first the one, then the other, so that one of them is whole at any moment and an
old passphrase does not live on in a copy. Every function takes the path of x.vault, of x.office or
of x.keys (which then is a vault's).
The exact form is told in docs/vault-format.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from app.domain.canonical import canonical_json
from app.domain.clock import Clock, system_clock
from app.domain.errors import VaultFault
from app.store import slots
from app.store.cipher import opens
from app.store.disk import write_whole
from app.store.faults import as_faults, fault
from app.store.key import VaultKey
from app.store.migrate import OFFICE_SUFFIX
from app.store.recovery import key_from_recovery, recovery_text
from app.store.slots import Binding, Cost, Kind, Slot

_VERSION: Final = 1
_LARGEST: Final = 64 * 1024


@dataclass(frozen=True)
class KeyFile:
    """A parsed key file. `macs` holds, by key id, the HMAC of each key over the file."""

    vault_id: str
    mode: str
    generation: int
    slots: tuple[Slot, ...]
    macs: dict[str, str] = field(default_factory=dict)

    @property
    def practice(self) -> bool:
        """Whether the vault is 練習, for ever."""
        return self.mode == "practice"

    @property
    def binding(self) -> Binding:
        """What the slots are bound to."""
        return Binding(self.vault_id, self.mode)

    @property
    def key_ids(self) -> frozenset[str]:
        """The keys the slots lead to: one, or two while a rekey is under way."""
        return frozenset(slot.key_id for slot in self.slots)

    def of_kind(self, kind: Kind) -> tuple[Slot, ...]:
        """The slots of one kind."""
        return tuple(slot for slot in self.slots if slot.kind == kind)

    def body(self) -> dict[str, Any]:
        """Everything the HMACs commit to, in plain JSON values."""
        return {
            "format": "ichido-keys",
            "version": _VERSION,
            "vault_id": self.vault_id,
            "mode": self.mode,
            "generation": self.generation,
            "slots": [slot.to_json() for slot in self.slots],
        }

    def signed(self, keys: Iterable[VaultKey]) -> KeyFile:
        """The same content, authenticated by `keys`."""
        return replace(self, macs={key.id: self._mac(key) for key in keys})

    def is_signed_by(self, key: VaultKey) -> bool:
        """Whether the file is as the holder of `key` last wrote it."""
        return hmac.compare_digest(self.macs.get(key.id, ""), self._mac(key))

    def to_bytes(self) -> bytes:
        """The file as written."""
        form = {**self.body(), "macs": self.macs}
        return json.dumps(form, ensure_ascii=True, indent=1).encode("ascii") + b"\n"

    def _mac(self, key: VaultKey) -> str:
        purpose = key.drawn("ichido key file mac 1")
        return hmac.new(purpose, canonical_json(self.body()), hashlib.sha256).hexdigest()


def keys_path(path: Path) -> Path:
    """The key file that belongs to a vault (or the path itself when it is a key file)."""
    return path.with_suffix(".keys")


def data_path(path: Path) -> Path:
    """The encrypted file a key file opens: x.vault, or x.office where that is what was named."""
    return path if path.suffix == OFFICE_SUFFIX else path.with_suffix(".vault")


def spare_path(path: Path) -> Path:
    """The spare copy of the key file."""
    return path.with_suffix(".keys.bak")


def parse_key_file(content: bytes) -> KeyFile:
    """The key file in these bytes. Raises VaultFault: keys_damaged, keys_newer, keys_costly."""
    if len(content) > _LARGEST:
        raise fault("keys_damaged")
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        raise fault("keys_damaged") from None
    if not isinstance(form, dict) or form.get("format") != "ichido-keys":
        raise fault("keys_damaged")
    version, generation = form.get("version"), form.get("generation")
    if type(version) is int and version > _VERSION:
        raise fault("keys_newer")
    if type(version) is not int or version != _VERSION or type(generation) is not int:
        raise fault("keys_damaged")
    if not _is_text(form.get("vault_id")) or form.get("mode") not in ("practice", "real"):
        raise fault("keys_damaged")
    listed, macs = form.get("slots"), form.get("macs")
    if not isinstance(listed, list) or not 1 <= len(listed) <= 2 * slots.MOST_SLOTS:
        raise fault("keys_damaged")
    if not isinstance(macs, dict) or not all(_is_text(t) for pair in macs.items() for t in pair):
        raise fault("keys_damaged")
    parsed = tuple(slots.slot_from_json(part) for part in listed)
    return KeyFile(form["vault_id"], form["mode"], generation, parsed, dict(macs))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 200 and value.isascii()


def read_key_file(path: Path) -> KeyFile:
    """The key file, or its spare where it is missing or damaged (nothing is written).

    Raises VaultFault: keys_missing, keys_damaged, keys_newer, keys_costly, no_permission.
    """
    first: VaultFault | None = None
    for place in (keys_path(path), spare_path(path)):
        try:
            return parse_key_file(_content(place))
        except VaultFault as problem:
            first = problem if first is None or first.code == "keys_missing" else first
    assert first is not None
    raise first


def _content(place: Path) -> bytes:
    with as_faults():
        try:
            with open(place, "rb") as file:
                return file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise fault("keys_missing") from None


def write_key_file(path: Path, keys: KeyFile) -> None:
    """Replaces the key file, then its spare, each whole or not at all. Raises VaultFault."""
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        raise fault("read_only")
    with as_faults():
        write_whole(keys_path(path), keys.to_bytes())
        write_whole(spare_path(path), keys.to_bytes())


def is_twice_there(path: Path, keys: KeyFile) -> bool:
    """Whether key file and spare both hold exactly `keys`."""
    try:
        return all(_content(p) == keys.to_bytes() for p in (keys_path(path), spare_path(path)))
    except VaultFault:
        return False


def create_key_file(
    path: Path,
    passphrase: str,
    *,
    practice: bool,
    clock: Clock = system_clock,
    cost: Cost | None = None,
) -> tuple[VaultKey, str]:
    """A new key, its key file with a passphrase slot, and the text of the recovery paper.

    A key file without a vault, left by a creation that was cut short, is renamed, not lost.
    Raises VaultFault: empty_passphrase, keys_already_there, disk_full, read_only, folder_missing.
    """
    key = VaultKey.generate()
    vault_id = secrets.token_hex(16)
    if data_path(path).exists():
        raise fault("keys_already_there")
    with as_faults():
        for left in (keys_path(path), spare_path(path)):
            if left.exists():
                left.rename(left.with_name(f"{left.name}.{vault_id[:8]}"))
    return key, rebuild_key_file(
        path, key, passphrase, vault_id=vault_id, practice=practice, clock=clock, cost=cost
    )


def rebuild_key_file(
    path: Path,
    key: VaultKey,
    passphrase: str,
    *,
    vault_id: str,
    practice: bool,
    clock: Clock = system_clock,
    cost: Cost | None = None,
) -> str:
    """Writes a key file anew for a vault opened from the recovery paper; returns the paper's text.

    Raises VaultFault: empty_passphrase, disk_full, read_only, folder_missing.
    """
    binding = Binding(vault_id, "practice" if practice else "real")
    at = clock().isoformat()
    made = (
        slots.passphrase_slot(binding, key, passphrase, at, cost or Cost()),
        slots.recovery_slot(key, at),
    )
    write_key_file(path, KeyFile(vault_id, binding.mode, 1, made).signed([key]))
    return recovery_text(key)


def unlock_with_passphrase(path: Path, text: str) -> VaultKey:
    """The key behind the passphrase. Raises VaultFault: wrong_passphrase, keys_… ."""
    return _unlock(path, "passphrase", text, slots.opened_by_passphrase, "wrong_passphrase")


def unlock_with_secret(path: Path, kek: bytes) -> VaultKey:
    """The key behind the keyring's 32-byte secret. Raises VaultFault: wrong_secret, keys_… ."""
    return _unlock(path, "keyring", kek, slots.opened_by_secret, "wrong_secret")


def unlock_with_identity(path: Path, identity: str) -> VaultKey:
    """The key behind an age identity. Raises VaultFault: wrong_identity, keys_… ."""
    return _unlock(path, "age", identity, slots.opened_by_identity, "wrong_identity")


def unlock_with_recovery(path: Path, text: str) -> VaultKey:
    """The key on the recovery paper, proven against key file or vault.

    Works without a key file too. Raises VaultFault: recovery_group (names the group),
    recovery_short, recovery_long, recovery_of_other_vault.
    """
    key = key_from_recovery(text)
    try:
        keys = read_key_file(path)
    except VaultFault:
        keys = None
    if keys is not None and keys.is_signed_by(key) and len(keys.key_ids) == 1:
        return key
    vault = data_path(path)
    if not (vault.exists() and opens(vault, key)):
        raise fault("recovery_of_other_vault")
    return key


def _unlock(
    path: Path,
    kind: Kind,
    proof: Any,
    opened: Callable[[Binding, Slot, Any], VaultKey | None],
    code: str,
) -> VaultKey:
    keys = read_key_file(path)
    among = keys.of_kind(kind)
    if not among:
        raise fault("no_such_slot")
    found = [key for slot in among if (key := opened(keys.binding, slot, proof)) is not None]
    if not found:
        raise fault(code)
    if not all(keys.is_signed_by(key) for key in found):
        raise fault("keys_altered")
    if len(keys.key_ids) == 1:
        return found[0]
    # A rekey was cut short: of the old and the new key the one counts that opens the vault.
    vault = data_path(path)
    for key in found:
        if opens(vault, key):
            return key
    raise fault(code)
