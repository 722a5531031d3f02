"""The recovery key on paper: the vault's key itself as 14 groups of letters that find typing slips.

70 characters of Crockford's base32 (no I, L, O, U), as 14 groups of 5. In each group four
characters carry 20 bits and the fifth checks the group and its place. The 280 bits are:
1 byte version (1), 32 bytes key, 2 bytes check = first of SHA-256("ichido recovery 1" + key).
Written by hand it decodes without this program: drop each fifth character, decode base32.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from app.domain.errors import VaultFault
from app.store.faults import fault
from app.store.key import VaultKey

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS: Final = 14
_PER_LINE: Final = 4
_VERSION: Final = 1
_LIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = re.compile(r"[\s\-‐‑‒–—―−ー・.,、。|]+")


def recovery_text(key: VaultKey) -> str:
    """The key as four lines of groups joined by "-"; typed back with `key_from_recovery`."""
    raw = bytes([_VERSION]) + key.raw() + _check_bytes(key.raw())
    number = int.from_bytes(raw, "big")
    digits = [(number >> shift) & 31 for shift in range(275, -1, -5)]
    groups = []
    for place in range(GROUPS):
        data = digits[place * 4 : place * 4 + 4]
        groups.append("".join(ALPHABET[d] for d in (*data, _check_digit(place, data))))
    lines = [groups[at : at + _PER_LINE] for at in range(0, GROUPS, _PER_LINE)]
    return "\n".join("-".join(line) for line in lines)


def key_from_recovery(text: str) -> VaultKey:
    """The key a person typed from the paper; case, spaces, hyphens, O for 0 do not matter.

    Raises VaultFault: recovery_group names the first group that is wrong, recovery_short and
    recovery_long the wrong amount, recovery_version a paper of a newer program.
    """
    number = 0
    for place, group in enumerate(_groups(text)):
        data = [ALPHABET.find(letter) for letter in group]
        if len(data) != 5 or -1 in data or data[4] != _check_digit(place, data[:4]):
            raise wrong_group(place)
        for digit in data[:4]:
            number = number << 5 | digit
    raw = number.to_bytes(35, "big")
    if raw[0] != _VERSION:
        raise fault("recovery_version")
    if raw[33:] != _check_bytes(raw[1:33]):
        raise fault("recovery_of_other_vault")
    return VaultKey(raw[1:33])


def wrong_group(place: int) -> VaultFault:
    """The fault that names the wrong group by its line and place, never by its letters."""
    line, column = divmod(place, _PER_LINE)
    return VaultFault(
        "recovery_group",
        f"復旧キーの{line + 1}行目、左から{column + 1}組目が合いません。紙と見くらべてください。",
    )


def _groups(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text[:4000]).upper().translate(_LIKE)
    parts = [part for part in _BETWEEN.split(folded) if part]
    if len(parts) != GROUPS or {len(part) for part in parts} != {5}:
        joined = "".join(parts)
        if len(joined) == GROUPS * 5:
            parts = [joined[at : at + 5] for at in range(0, GROUPS * 5, 5)]
        elif len(parts) == GROUPS:
            raise wrong_group(next(at for at, part in enumerate(parts) if len(part) != 5))
        else:
            raise fault("recovery_short" if len(joined) < GROUPS * 5 else "recovery_long")
    return parts


def _check_bytes(raw: bytes) -> bytes:
    return hashlib.sha256(b"ichido recovery 1" + raw).digest()[:2]


def _check_digit(place: int, data: list[int]) -> int:
    # Weights 2, 4, 8, 16 in GF(32): every single slip and every swap of two letters is seen;
    # the place is added so that two groups in each other's place are seen too.
    total = place + 1
    for power, digit in enumerate(data, start=1):
        total ^= _times_two(digit, power)
    return total


def _times_two(value: int, times: int) -> int:
    for _ in range(times):
        value <<= 1
        if value & 32:
            value ^= 0b100101  # x^5 + x^2 + 1
    return value
