"""The shape of one field as a regular expression: its characters, its bytes, its allowed values.

One byte is JIS X 0201, two are JIS X 0208 levels 1 and 2. A comma and a quotation mark are refused
everywhere, since the file knows no quoting. Bytes, as the specification counts them.
"""

from __future__ import annotations

import re
from functools import cache

from app.domain.characters import is_jis_x_0208

# Half-width kana of names: ｦ to ﾟ, with the middle dot that foreign names carry.
_KANA = "[\uff65-\uff9f]"
_SINGLE = r"[ !#-+\--~\uff61-\uff9f]"
_SPACED_TWICE = "(?![^,]*(?:  |\u3000\u3000))"

WORDS = {
    "digits": "半角の数字",
    "kana": "半角カナ（姓と名の間に半角の空白を一つ）",
    "kana_address": "半角のカナ・英数字",
    "wide": "全角の文字",
    "wide_name": "全角の文字（姓と名の間に全角の空白を一つ）",
    "any": "JIS第1・第2水準までの文字",
    "office_mark": "半角の英数字だけ、又は半角カナだけ",
    "none": "空",
}
"""What each set of characters is called in a sentence."""


@cache
def wide_class() -> str:
    """The characters of JIS X 0208 levels 1 and 2, as a class of the `re` module, space left out."""
    taken = [chr(n) for n in range(0x80, 0x10000) if is_jis_x_0208(chr(n)) and n != 0x3000]
    return "".join(_runs([ord(c) for c in taken]))


def _runs(codes: list[int]) -> list[str]:
    runs: list[str] = []
    start = last = codes[0]
    for code in [*codes[1:], -1]:
        if code != last + 1:
            runs.append(re.escape(chr(start)) if start == last else f"{chr(start)}-{chr(last)}")
            start = code
        last = code
    return runs


def lengths(text: str) -> tuple[tuple[int, int], ...]:
    """ "0|2-5" → ((0, 0), (2, 5)): the lengths in bytes a field may have."""
    found = []
    for part in text.split("|"):
        low, _, high = part.partition("-")
        found.append((int(low), int(high or low)))
    return tuple(found)


def shape(characters: str, sizes: str, values: str, *, always: bool) -> str:
    """The expression of a field; an empty one fits unless it is `always` required.

    For mixed fields it takes only texts that are short enough at two bytes a letter: `fits_bytes`
    decides the rest.
    """
    if characters == "none":
        return ""
    spans = [span for span in lengths(sizes) if span[1]]
    body = _listed(values) or "|".join(_body(characters, low, high) for low, high in spans)
    refused = _refused(values)
    optional = not always and any(low == 0 for low, _ in lengths(sizes))
    return f"{refused}(?:{body}){'?+' if optional or not always else ''}"


def _body(characters: str, low: int, high: int) -> str:
    least = max(low, 1)
    if characters == "digits":
        return f"[0-9]{{{least},{high}}}+"
    if characters == "office_mark":
        return f"[0-9A-Za-z]{{{least},{high}}}|{_KANA}{{{least},{high}}}"
    if characters == "kana":
        return f"(?=[^,]{{{least},{high}}}(?:,|$)){_KANA}+(?: {_KANA}+)+"
    if characters == "kana_address":
        return f"{_SPACED_TWICE}{_SINGLE}{{{least},{high}}}"
    wide = wide_class()
    if characters == "wide_name":
        spaced = f"[{wide}]+(?:\u3000[{wide}]+)+"
        return f"(?=[^,]{{{(least + 1) // 2},{high // 2}}}(?:,|$)){spaced}"
    if characters == "wide":
        return f"{_SPACED_TWICE}[{wide}\u3000]{{{(least + 1) // 2},{high // 2}}}"
    if characters == "any":
        return f"(?:{_SINGLE}|[{wide}\u3000]){{1,{high // 2}}}"
    raise ValueError(f"no such set of characters: {characters}")


def _listed(values: str) -> str:
    """The allowed values as an expression, those that differ in the last character as one class."""
    if not values or values.startswith("!"):
        return ""
    listed = values.split("|")
    if "-" in values:
        low, high = values.split("-")
        listed = [str(n).zfill(len(low)) for n in range(int(low), int(high) + 1)]
    last: dict[str, str] = {}
    for value in listed:
        last[value[:-1]] = last.get(value[:-1], "") + value[-1]
    return "|".join(f"{begin}[{ends}]" for begin, ends in last.items())


def _refused(values: str) -> str:
    return f"(?!(?:{values[1:]})(?:,|$))" if values.startswith("!") else ""


def fits_bytes(text: str, sizes: str) -> bool:
    """Whether a text has a length in bytes the field may have (unknown letters count two)."""
    size = sum(1 if c.isascii() or "\uff61" <= c <= "\uff9f" else 2 for c in text)
    return any(low <= size <= high for low, high in lengths(sizes))
