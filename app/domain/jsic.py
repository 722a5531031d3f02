"""日本標準産業分類 (JSIC, 14th revision): how a code lies in its division, middle, minor and detail class.

A code is written as a division "E", a middle class "09", a minor class "093", a detail class "0931",
or with its division in front, "E09". The names of the twenty divisions are `grant_words.INDUSTRIES`; older
lists write them with 「，」. The whole table of names stands in resources/jsic (source: 総務省).
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType
from typing import Final

from app.domain.grant_words import INDUSTRIES

_MIDDLE: Final = MappingProxyType(
    {
        "A": (1, 2), "B": (3, 4), "C": (5, 5), "D": (6, 8), "E": (9, 32), "F": (33, 36), "G": (37, 41),
        "H": (42, 49), "I": (50, 61), "J": (62, 67), "K": (68, 70), "L": (71, 74), "M": (75, 77),
        "N": (78, 80), "O": (81, 82), "P": (83, 85), "Q": (86, 87), "R": (88, 96), "S": (97, 98),
        "T": (99, 99),
    }
)  # fmt: skip
"""The first and the last middle class of each division."""

_DIVISION_OF: Final = MappingProxyType(
    {
        f"{number:02d}": letter
        for letter, (first, last) in _MIDDLE.items()
        for number in range(first, last + 1)
    }
)
_SIGNS: Final = str.maketrans("", "", "、,，・･ 　()（）")
_DEPTHS: Final = {"middle": 2, "minor": 3, "detail": 4}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_SIGNS)


_LETTER_OF_NAME: Final = MappingProxyType(
    {_folded(name): letter for letter, name in INDUSTRIES.items()}
)


def division_named(name: str) -> str | None:
    """The letter of a division by its name, whatever its commas and widths; None for no division."""
    return _LETTER_OF_NAME.get(_folded(name))


def _split(code: str) -> tuple[str, str]:
    """(letter or "", digits) of a code; ("", "") for what is no code."""
    text = unicodedata.normalize("NFKC", code).strip().upper()
    letter = text[:1] if text[:1] in INDUSTRIES else ""
    digits = text[len(letter) :].lstrip(" -")
    plain = digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 4
    if digits and not plain:
        return "", ""
    found = _DIVISION_OF.get(digits[:2], "") if digits else letter
    if not found or letter not in ("", found):
        return "", ""
    return found, digits


def division_of(code: str) -> str | None:
    """The division of a code: "0931" → "E". None where the code is none, or contradicts itself."""
    return _split(code)[0] or None


def class_of(code: str, depth: str) -> str | None:
    """The "middle", "minor" or "detail" class a code tells: ("0931", "middle") → "09".

    None where the code does not reach so deep.
    """
    digits = _split(code)[1]
    wanted = _DEPTHS[depth]
    return digits[:wanted] if len(digits) >= wanted else None
