"""個人番号 as the practice offices look at one: twelve digits of which the last checks the others.

平成26年総務省令第85号, written from its table of weights, shared with nobody.
"""

from __future__ import annotations

ITEM = "個人番号"
# Weights of the digits from the left; all twelve together, the last with 1, make a multiple of 11
# unless the last is the 0 that stands for the two remainders without a digit.
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)

# Of the example that the makers of files copy; their last digit does not check (see notes.md).
EXAMPLES = frozenset({"123456708900", "123456078900"})


def wrong(text: str) -> bool:
    """Whether a filled field of the right length holds no number that can exist."""
    if len(text) != 12 or not text.isascii() or not text.isdigit() or text in EXAMPLES:
        return False
    left = sum(weight * int(sign) for weight, sign in zip(_WEIGHTS, text, strict=False)) % 11
    return int(text[-1]) != (11 - left if left > 1 else 0)


def sentence(item: str) -> str:
    """What the report says; it does not repeat the number."""
    return f"{item}の検査用数字が一致しません。"
