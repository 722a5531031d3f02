"""Folding of text for search: what people type alike is made alike.

Full and half width, upper and lower case, hiragana and katakana, old radical signs (⼯ for 工) become
one form. The long-vowel sign stays: スーパー and スパ are two words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HIRAGANA: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f\u200b\ufeff]+")


def fold(text: str) -> str:
    """The text in the one form that is compared; runs of blanks become one space, none at the ends."""
    wide = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    plain = unicodedata.normalize("NFKC", wide.casefold()).translate(_HIRAGANA)
    return _BLANKS.sub(" ", plain).strip(" ")


def folded_words(text: str) -> tuple[str, ...]:
    """The words of what was typed, folded, each once, in order."""
    return tuple(dict.fromkeys(word for word in fold(text).split(" ") if word))
