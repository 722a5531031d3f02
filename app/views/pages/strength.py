"""How hard a passphrase is to guess, in words that help and never scold."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

_FIRST_KANJI = chr(0x3400)


@dataclass(frozen=True)
class Strength:
    """`level` 0 (too short) to 3 (strong), with a word and a sentence about what would help."""

    level: int
    word: str
    sentence: str


def strength(text: str, shortest: int = 8) -> Strength:
    """Judges a passphrase by how many different letters it holds and how they follow each other."""
    if len(text) < shortest:
        left = shortest - len(text)
        return Strength(0, "あと少し", f"あと {left}字で決められます。")
    bits = guess_bits(text)
    if bits < 40:
        return Strength(
            1, "まだ弱い", "ことばを足すと強くなります。つながりのない四つのことばが目安です。"
        )
    if bits < 60:
        return Strength(
            2, "よい", "このままでも使えます。もう一つことばを足すと、もっと強くなります。"
        )
    return Strength(3, "強い", "じゅうぶんな長さです。")


def guess_bits(text: str) -> float:
    """A careful estimate of the bits one must guess: repeats and runs (aaa, 123, abc) count little."""
    if not text:
        return 0.0
    fresh = 1.0
    seen = Counter(text[0])
    for before, letter in pairwise(text):
        step = ord(letter) - ord(before)
        worth = 0.15 if step in (-1, 0, 1) else 1.0 / (1 + seen[letter])
        fresh += worth
        seen[letter] += 1
    return fresh * math.log2(_alphabet(text))


def _alphabet(text: str) -> int:
    kinds = (
        (any(c.isascii() and c.islower() for c in text), 26),
        (any(c.isascii() and c.isupper() for c in text), 26),
        (any(c.isascii() and c.isdigit() for c in text), 10),
        (any(c.isascii() and not c.isalnum() for c in text), 20),
        (any("\u3041" <= c <= "\u30ff" for c in text), 80),
        (any(c >= _FIRST_KANJI and not "\u3041" <= c <= "\u30ff" for c in text), 1000),
    )
    return max(10, sum(size for there, size in kinds if there))
