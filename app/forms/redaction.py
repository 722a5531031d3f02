"""The copy of a package in which the 個人番号 are masked: what history, proof, search and backups hold.

It is made from the package before it is signed. A signature, like a plain digest or a CRC of the true
bytes, would let anybody who holds the copy find the number by trying all of them (there are only 10^11).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set

from app.domain.my_number import MASK
from app.forms.payload import Package, pack

_PLAIN = re.compile(rb"(?<![0-9])[0-9]{12}(?![0-9])")
_WIDE_DIGIT = {"utf-8": rb"\xef\xbc[\x90-\x99]", "cp932": rb"\x82[\x4f-\x58]"}
_WIDE = {  # twelve full-width digits in a row, no more
    coding: re.compile(rb"(?<!" + one + rb")(?:" + one + rb"){12}(?!" + one + rb")")
    for coding, one in _WIDE_DIGIT.items()
}
_WIDE_MASK = "＊" * len(MASK)


def redacted(package: Package, numbers: Sequence[str]) -> Package:
    """The package with each of the numbers masked in every file; itself where none stands in any.

    In UTF-8 and CP932 a digit is one byte that is never part of another letter, so bytes are
    compared. Lengths stay.
    """
    known = frozenset(numbers)
    files = tuple((name, _masked(content, known)) for name, content in package.files)
    if files == package.files:
        return package
    return pack(package.file_name.removesuffix(".zip"), files)


def still_holds(content: bytes, numbers: Sequence[str]) -> bool:
    """Whether one of the numbers stands in stored (not compressed) bytes."""
    return _masked(content, frozenset(numbers)) != content


def _masked(content: bytes, numbers: Set[str]) -> bytes:
    """One pass for each way of writing digits, however many numbers there are."""

    def plain(found: re.Match[bytes]) -> bytes:
        return MASK.encode("ascii") if found[0].decode("ascii") in numbers else found[0]

    content = _PLAIN.sub(plain, content)
    for coding, shape in _WIDE.items():

        def wide(found: re.Match[bytes], coding: str = coding) -> bytes:
            digits = "".join(str(unicodedata.digit(c)) for c in found[0].decode(coding))
            return _WIDE_MASK.encode(coding) if digits in numbers else found[0]

        content = shape.sub(wide, content)
    return content
