"""One byte form for a plain value, salted digests over it, and the hash chain that commits to them.

The digest is salted so that a value which the law asks to erase cannot be guessed back from the
chain that still commits to it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

CHAIN_START = "0" * 64


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; floats are refused (yen are integers, ratios text)."""
    _refuse_floats(value)
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("utf-8")


_PLAIN = frozenset({str, int, bool, type(None)})


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form here; use an integer or a ratio as text")
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list | tuple):
        parts = value
    for part in parts:
        if type(part) not in _PLAIN:
            _refuse_floats(part)


def new_salt() -> str:
    """128 random bits, hex."""
    return secrets.token_hex(16)


def salted_digest(salt: str, content: Any) -> str:
    """SHA-256 (hex) of salt, a zero byte and the canonical form of `content`."""
    return hashlib.sha256(salt.encode("ascii") + b"\0" + canonical_json(content)).hexdigest()


def chain_next(previous: str, digest: str) -> str:
    """The next link: SHA-256 over the previous link and the new digest, both hex text."""
    return hashlib.sha256(f"{previous}:{digest}".encode("ascii")).hexdigest()
