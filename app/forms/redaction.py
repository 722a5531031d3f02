"""The copy of a package in which the 個人番号 are masked: what history, proof, search and backups hold.

It is made from the package before it is signed. A signature, like a plain digest or a CRC of the true
bytes, would let anybody who holds the copy find the number by trying all of them (there are only 10^11).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.my_number import MASK
from app.forms.payload import Package, pack

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_WIDE_MASK = "＊" * len(MASK)


def redacted(package: Package, numbers: Sequence[str]) -> Package:
    """The package with each of the numbers masked in every file; itself where none stands in any.

    In UTF-8 and CP932 a digit is one byte that is never part of another letter, so bytes are
    compared. Lengths stay.
    """
    files = tuple((name, _masked(content, numbers)) for name, content in package.files)
    if files == package.files:
        return package
    return pack(package.file_name.removesuffix(".zip"), files)


def still_holds(content: bytes, numbers: Sequence[str]) -> bool:
    """Whether one of the numbers stands in stored (not compressed) bytes."""
    return _masked(content, numbers) != content


def _masked(content: bytes, numbers: Sequence[str]) -> bytes:
    for number in numbers:
        plain = number.encode("ascii")
        content = re.sub(rb"(?<![0-9])" + plain + rb"(?![0-9])", MASK.encode("ascii"), content)
        for coding in ("utf-8", "cp932"):
            wide = number.translate(_WIDE).encode(coding)
            content = content.replace(wide, _WIDE_MASK.encode(coding))
    return content
