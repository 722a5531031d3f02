"""Which characters the practice door takes: the town's own reading of JIS X 0208, shared with nobody."""

from __future__ import annotations

from collections.abc import Iterator

# Signs of JIS X 0208 that Windows maps to another code point than the standard does.
WINDOWS_TWINS = frozenset("～∥－￠￡￢―")


def _two_byte() -> Iterator[str]:
    for row in range(0x21, 0x75):
        for cell in range(0x21, 0x7F):
            raw = bytes((row | 0x80, cell | 0x80))
            try:
                yield raw.decode("euc_jp")
            except UnicodeDecodeError:
                continue


JIS_X_0208 = frozenset(_two_byte())
FULL_WIDTH = JIS_X_0208 | WINDOWS_TWINS
_KATAKANA = frozenset(chr(code) for code in range(ord("ァ"), ord("ヶ") + 1)) | frozenset(
    "ー・　゛゜"
)
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
ALLOWED = FULL_WIDTH | _ASCII | frozenset("\n")


def foreign(text: str) -> list[str]:
    """The characters the door does not take, each once, in order of appearance."""
    return list(dict.fromkeys(sign for sign in text if sign not in ALLOWED))


def is_full_width(text: str) -> bool:
    """Whether every character is a double-width one of JIS X 0208."""
    return all(sign in FULL_WIDTH for sign in text)


def is_katakana(text: str) -> bool:
    """Whether the text is full-width katakana, as a フリガナ is, or another full-width non-kanji sign."""
    return all(sign in _KATAKANA or (sign in FULL_WIDTH and _is_latin(sign)) for sign in text)


def _is_latin(sign: str) -> bool:
    return (
        "０" <= sign <= "９" or "Ａ" <= sign <= "Ｚ" or "ａ" <= sign <= "ｚ" or sign in "－．，（）"
    )
