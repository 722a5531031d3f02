"""Width and kana conversions. What a person types is converted, never scolded."""

from __future__ import annotations

import unicodedata

import jaconv


def to_full_kana(text: str) -> str:
    """Full-width katakana: hiragana and half-width kana converted, spaces made full-width."""
    return str(jaconv.h2z(jaconv.hira2kata(jaconv.h2z(text)), kana=True)).replace(" ", "\u3000")


def to_full_width(text: str) -> str:
    """Letters, digits, kana and spaces made full-width, for fields that take nothing else."""
    return str(jaconv.h2z(text, kana=True, ascii=True, digit=True)).replace(" ", "\u3000")


def to_half_width(text: str) -> str:
    """NFKC, with the dashes people type in numbers made a hyphen-minus."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return "".join("-" if c in "‐‑‒–—―−ｰ" else c for c in plain)


def search_key(text: str) -> str:
    """A key under which full and half width, hiragana and katakana, upper and lower fall together."""
    return str(jaconv.hira2kata(unicodedata.normalize("NFKC", text))).casefold()
