"""The key of one vault: 32 random bytes that never show themselves, and the keys drawn from it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

KEY_SIZE: Final = 32


class VaultKey:
    """A vault's raw key. `repr` and `str` hide it; `forget` overwrites this copy."""

    __slots__ = ("_bytes",)

    def __init__(self, raw: bytes | bytearray) -> None:
        if len(raw) != KEY_SIZE:
            raise ValueError("a vault key has 32 bytes")
        self._bytes = bytearray(raw)

    @classmethod
    def generate(cls) -> VaultKey:
        """A new random key."""
        return cls(secrets.token_bytes(KEY_SIZE))

    def raw(self) -> bytes:
        """The 32 bytes. Raises ValueError after `forget`."""
        if not self._bytes:
            raise ValueError("this key was forgotten")
        return bytes(self._bytes)

    def for_sqlcipher(self) -> bytes:
        """SQLCipher's raw-key form, x'<64 hex digits>': no key derivation is run."""
        return f"x'{self.raw().hex()}'".encode("ascii")

    def drawn(self, purpose: str) -> bytes:
        """A 32-byte key for another purpose: HMAC-SHA256(key, purpose)."""
        return hmac.new(self.raw(), purpose.encode("utf-8"), hashlib.sha256).digest()

    @property
    def id(self) -> str:
        """A public name of the key (16 hex digits), which tells nothing about it."""
        return self.drawn("ichido key id 1").hex()[:16]

    def copy(self) -> VaultKey:
        """Another object with the same key, which is forgotten apart."""
        return VaultKey(self.raw())

    def forget(self) -> None:
        """Overwrites the key in memory. Copies that Python made on the way are not reached."""
        for place in range(len(self._bytes)):
            self._bytes[place] = 0
        self._bytes = bytearray()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VaultKey) and hmac.compare_digest(self.raw(), other.raw())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "VaultKey(hidden)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a vault key is not pickled")
