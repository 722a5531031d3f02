"""The slots of a key file: each one another way to the same vault key.

A slot wraps the 32 bytes with ChaCha20-Poly1305 (RFC 8439) and binds them, as associated data,
to its own id, kind and parameters and to the vault's id and mode: no slot can be moved to
another file or given other parameters.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import pyrage
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.domain.canonical import canonical_json
from app.store.faults import fault
from app.store.key import KEY_SIZE, VaultKey

Kind = Literal["passphrase", "keyring", "age", "recovery"]
MOST_SLOTS: Final = 16
KINDS: Final[tuple[Kind, ...]] = ("passphrase", "keyring", "age", "recovery")


@dataclass(frozen=True)
class Cost:
    """The parameters of argon2id (RFC 9106): memory in KiB, passes, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


# A file from a stranger must not eat the machine's memory or minutes of its time.
CHEAPEST: Final = Cost(8, 1, 1)
DEAREST: Final = Cost(256 * 1024, 8, 8)


@dataclass(frozen=True)
class Slot:
    """One way to one key. `key_id` names which key it leads to (two during a rekey).

    passphrase: cost, salt, nonce, sealed. keyring: nonce, sealed. age: recipient, sealed (an age
    file). recovery: nothing; it says that a paper with this key was given out.
    """

    id: str
    kind: Kind
    key_id: str
    made_at: str
    cost: Cost | None = None
    salt: bytes = field(default=b"", repr=False)
    nonce: bytes = field(default=b"", repr=False)
    recipient: str = ""
    sealed: bytes = field(default=b"", repr=False)

    def to_json(self) -> dict[str, Any]:
        """The slot as it stands in the key file."""
        form: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "key_id": self.key_id,
            "made_at": self.made_at,
        }
        if self.cost is not None:
            form["kdf"] = {
                "name": "argon2id",
                "memory_kib": self.cost.memory_kib,
                "passes": self.cost.passes,
                "lanes": self.cost.lanes,
                "salt": _to_text(self.salt),
            }
        if self.nonce:
            form["cipher"] = "chacha20-poly1305"
            form["nonce"] = _to_text(self.nonce)
        if self.recipient:
            form["recipient"] = self.recipient
        if self.sealed:
            form["sealed"] = _to_text(self.sealed)
        return form


@dataclass(frozen=True)
class Binding:
    """What every slot of one key file is bound to."""

    vault_id: str
    mode: str

    def associated(self, slot: Slot) -> bytes:
        """The associated data: everything about the slot but what it seals."""
        form = {k: v for k, v in slot.to_json().items() if k not in ("nonce", "sealed")}
        return canonical_json({"ichido": 1, "vault": self.vault_id, "mode": self.mode, **form})


def slot_from_json(form: object) -> Slot:
    """The slot of a parsed key file. Raises VaultFault: keys_damaged or keys_costly."""
    if not isinstance(form, dict):
        raise fault("keys_damaged")
    kind = _text(form, "kind")
    if kind not in KINDS:
        raise fault("keys_damaged")
    slot = Slot(
        id=_text(form, "id"),
        kind=kind,
        key_id=_text(form, "key_id"),
        made_at=_text(form, "made_at"),
        cost=_cost(form) if kind == "passphrase" else None,
        salt=_bytes(form.get("kdf"), "salt", 16, 64) if kind == "passphrase" else b"",
        nonce=_bytes(form, "nonce", 12, 12) if kind in ("passphrase", "keyring") else b"",
        recipient=_text(form, "recipient") if kind == "age" else "",
        sealed=_bytes(form, "sealed", 16, 4096) if kind != "recovery" else b"",
    )
    if slot.to_json() != form:  # nothing unknown rides along
        raise fault("keys_damaged")
    return slot


def _cost(form: dict[str, Any]) -> Cost:
    kdf = form.get("kdf")
    if not isinstance(kdf, dict) or kdf.get("name") != "argon2id":
        raise fault("keys_damaged")
    cost = Cost(_whole(kdf, "memory_kib"), _whole(kdf, "passes"), _whole(kdf, "lanes"))
    within = (
        CHEAPEST.memory_kib <= cost.memory_kib <= DEAREST.memory_kib
        and CHEAPEST.passes <= cost.passes <= DEAREST.passes
        and CHEAPEST.lanes <= cost.lanes <= DEAREST.lanes
        and cost.memory_kib >= 8 * cost.lanes  # argon2's own rule
    )
    if not within:
        raise fault("keys_costly")
    return cost


def passphrase_slot(
    binding: Binding, key: VaultKey, passphrase: str, made_at: str, cost: Cost
) -> Slot:
    """A slot that `passphrase` opens. Raises VaultFault: empty_passphrase, long_passphrase."""
    bare = Slot(_new_id(), "passphrase", key.id, made_at, cost, secrets.token_bytes(16))
    return _sealed(binding, bare, key, _stretched(bare, normal(passphrase)))


def keyring_slot(binding: Binding, key: VaultKey, secret: bytes, made_at: str) -> Slot:
    """A slot that a random 32-byte secret opens (the system's keyring holds the secret)."""
    return _sealed(binding, Slot(_new_id(), "keyring", key.id, made_at), key, secret)


def age_slot(binding: Binding, key: VaultKey, recipient: str, made_at: str) -> Slot:
    """A slot for an age X25519 recipient ("age1…"). Raises VaultFault: bad_recipient."""
    try:
        receiver = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise fault("bad_recipient") from None
    bare = Slot(_new_id(), "age", key.id, made_at, recipient=recipient.strip())
    # age binds no associated data, so what binds the slot travels inside.
    inside = canonical_json(
        {"bound": _to_text(binding.associated(bare)), "key": _to_text(key.raw())}
    )
    return replace(bare, sealed=pyrage.encrypt(inside, [receiver]))


def recovery_slot(key: VaultKey, made_at: str) -> Slot:
    """The mark that a paper with this key was given out."""
    return Slot(_new_id(), "recovery", key.id, made_at)


def opened_by_passphrase(binding: Binding, slot: Slot, passphrase: str) -> VaultKey | None:
    """The key behind a passphrase slot, or None when the passphrase is another."""
    return _opened(binding, slot, _stretched(slot, normal(passphrase)))


def opened_by_secret(binding: Binding, slot: Slot, secret: bytes) -> VaultKey | None:
    """The key behind a keyring slot, or None when the secret is another."""
    return _opened(binding, slot, secret) if len(secret) == KEY_SIZE else None


def opened_by_identity(binding: Binding, slot: Slot, identity: str) -> VaultKey | None:
    """The key behind an age slot, or None when `identity` ("AGE-SECRET-KEY-1…") is another."""
    try:
        who = pyrage.x25519.Identity.from_str(identity.strip())
        form = json.loads(pyrage.decrypt(slot.sealed, [who]))
        bound, raw = _from_text(form["bound"]), _from_text(form["key"])
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError, KeyError, TypeError):
        return None
    if bound != binding.associated(slot) or len(raw) != KEY_SIZE:
        return None
    return VaultKey(raw)


def normal(passphrase: str) -> bytes:
    """The bytes that are stretched: UTF-8 of the NFC form.

    Input methods differ: what macOS or some IMEs give as か + ゙ others give as が. Without NFC a
    passphrase set on one machine would not open the vault on another.
    Raises VaultFault: empty_passphrase, long_passphrase.
    """
    text = unicodedata.normalize("NFC", passphrase)
    if not text:
        raise fault("empty_passphrase")
    if len(text) > 1024:
        raise fault("long_passphrase")
    return text.encode("utf-8", "surrogatepass")


def _stretched(slot: Slot, passphrase: bytes) -> bytes:
    cost = slot.cost or Cost()
    return hash_secret_raw(
        passphrase, slot.salt, cost.passes, cost.memory_kib, cost.lanes, KEY_SIZE, Type.ID
    )


def _sealed(binding: Binding, bare: Slot, key: VaultKey, wrapping: bytes) -> Slot:
    slot = replace(bare, nonce=secrets.token_bytes(12))
    box = ChaCha20Poly1305(wrapping)
    return replace(slot, sealed=box.encrypt(slot.nonce, key.raw(), binding.associated(slot)))


def _opened(binding: Binding, slot: Slot, wrapping: bytes) -> VaultKey | None:
    try:
        raw = ChaCha20Poly1305(wrapping).decrypt(slot.nonce, slot.sealed, binding.associated(slot))
    except InvalidTag:
        return None
    return VaultKey(raw) if len(raw) == KEY_SIZE else None


def new_secret() -> bytes:
    """A random secret for the keyring."""
    return secrets.token_bytes(KEY_SIZE)


def _new_id() -> str:
    return secrets.token_hex(8)


def _to_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _from_text(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(form: dict[str, Any], name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 200 or not value.isascii():
        raise fault("keys_damaged")
    return value


def _whole(form: dict[str, Any], name: str) -> int:
    value = form.get(name)
    if type(value) is not int:  # True is an int to isinstance
        raise fault("keys_damaged")
    return value


def _bytes(form: object, name: str, least: int, most: int) -> bytes:
    value = form.get(name) if isinstance(form, dict) else None
    if not isinstance(value, str):
        raise fault("keys_damaged")
    try:
        raw = _from_text(value)
    except (binascii.Error, ValueError):
        raise fault("keys_damaged") from None
    if not least <= len(raw) <= most:
        raise fault("keys_damaged")
    return raw
