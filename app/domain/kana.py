"""Width and kana conversions. What a person types is converted, never scolded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import jaconv


def to_full_kana(text: str) -> str:
    """Full-width katakana: hiragana and half-width kana converted, spaces made full-width."""
    return str(jaconv.h2z(jaconv.hira2kata(jaconv.h2z(text)), kana=True)).replace(" ", "\u3000")


_NO_HALF_FORM = str.maketrans("ヮヵヶヰヱ", "ワカケイエ")
_NARROW = re.compile("[ -~\uff61-\uff9f]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_LETTERS = (*range(0x21, 0x7F), *range(0x3000, 0x3100), *range(0xFF01, 0xFF61))


def _half(text: str) -> str:
    whole = str(jaconv.hira2kata(text)).translate(_NO_HALF_FORM)
    return str(jaconv.z2h(whole, kana=True, ascii=True, digit=True)).replace("\u3000", " ")


@cache
def _half_table() -> dict[int, str]:
    return {n: _half(chr(n)) for n in _LETTERS if _half(chr(n)) != chr(n)}


def to_half_kana(text: str) -> str:
    """Half-width katakana, letters and digits; the five kana that have no half-width form by sound."""
    return text.translate(_half_table())


def _full(text: str) -> str:
    return str(jaconv.h2z(text, kana=True, ascii=True, digit=True)).replace(" ", "\u3000")


@cache
def _full_table() -> dict[int, str]:
    return {n: _full(chr(n)) for n in (0x20, *_LETTERS) if _full(chr(n)) != chr(n)}


def to_full_width(text: str) -> str:
    """Letters, digits, kana and spaces made full-width, for fields that take nothing else."""
    if not _NARROW.search(text):
        return text
    if _HALF_KANA.search(text):
        return _full(text)  # a voiced sign joins the kana before it
    return text.translate(_full_table())


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LONG_SIGN_IN_NUMBER = re.compile(r"(?<=[0-9)])ー(?=[0-9(])")


def to_half_width(text: str) -> str:
    """NFKC, with the dashes people type in numbers made a hyphen-minus (03ー1234 too)."""
    plain = unicodedata.normalize("NFKC", text).strip().translate(_DASHES)
    return _LONG_SIGN_IN_NUMBER.sub("-", plain)


def search_key(text: str) -> str:
    """A key under which full and half width, hiragana and katakana, upper and lower fall together."""
    return str(jaconv.hira2kata(unicodedata.normalize("NFKC", text))).casefold()
