"""Which characters a door takes, and the lawful substitute for one it does not.

A profile is a named set of characters. The true letter stays the fact; only what leaves the house
is substituted. JIS X 0208 is judged by its code points in Shift_JIS (rows 1 to 84 without the NEC
and IBM extensions), since cp932 alone would let 髙, ① and ㈱ through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.domain.kana import to_full_width

# Variant kanji met in names and addresses → the JIS X 0208 letter that offices accept for them.
SUBSTITUTES: dict[str, tuple[str, ...]] = {
    "髙": ("高",), "\ufa11": ("崎",), "𠮷": ("吉",), "德": ("徳",), "濵": ("浜", "濱",),
    "瀨": ("瀬",), "栁": ("柳",), "桒": ("桑",), "槗": ("橋",), "𣘺": ("橋",), "緖": ("緒",),
    "黑": ("黒",), "增": ("増",), "寬": ("寛",), "敎": ("教",), "淸": ("清",), "橫": ("横",),
    "曻": ("昇",), "彅": ("薙",), "①": ("1",), "②": ("2",), "③": ("3",), "④": ("4",),
    "⑤": ("5",), "⑥": ("6",), "⑦": ("7",), "⑧": ("8",), "⑨": ("9",), "⑩": ("10",),
    "㈱": ("株式会社", "(株)",), "㈲": ("有限会社", "(有)",), "㈳": ("社団法人",),
    "№": ("No.",), "℡": ("TEL",), "Ⅰ": ("I",), "Ⅱ": ("II",), "Ⅲ": ("III",), "Ⅳ": ("IV",),
    "Ⅴ": ("V",), "ⅰ": ("i",), "ⅱ": ("ii",), "ⅲ": ("iii",), "㎡": ("平方メートル",),
    "—": ("―",), "–": ("-",), "\u00a0": (" ",), "\ufa19": ("神",), "\ufa1a": ("祥",),
    "\ufa1b": ("福",), "\ufa1c": ("靖",), "\ufa17": ("益",), "\ufa1e": ("羽",),
    "\ufa10": ("塚",), "\ufa26": ("都",), "\ufa2c": ("館",), "\uf9dc": ("隆",),
    "\ufa12": ("晴",), "\u301c": ("～",), "\u2212": ("－",), "\u2016": ("∥",),
}  # fmt: skip


@dataclass(frozen=True)
class BadCharacter:
    """One character a profile does not take.

    `index` counts code points from 0; `substitutes` are offered in order, possibly none.
    """

    index: int
    character: str
    substitutes: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """A named set of characters; `door` is the name used in sentences about it."""

    name: str
    door: str
    accepts_ascii: bool = True
    accepts_half_kana: bool = False
    accepts_double_byte: bool = True
    only: str = ""


PROFILES = {
    p.name: p
    for p in (
        # e-Gov: JIS X 0208 levels 1 and 2, half-width kana refused in names and addresses.
        Profile("egov", "e-Gov"),
        # Full-width only fields (names, addresses) of e-Gov forms.
        Profile("egov_full", "e-Gov", accepts_ascii=False),
        Profile("egov_kana", "e-Gov", accepts_ascii=False, only="kana"),
        # フリガナ of addresses: also full-width digits, Latin letters and 番地 signs.
        Profile("egov_kana_address", "e-Gov", accepts_ascii=False, only="kana_address"),
        Profile("digits", "e-Gov", accepts_double_byte=False, only="digits"),
        Profile("phone", "e-Gov", accepts_double_byte=False, only="phone"),
        Profile("ascii", "e-Gov", accepts_double_byte=False),
        # Pension-office CSV: JIS X 0201 and JIS X 0208 levels 1 and 2.
        Profile("nenkin_csv", "日本年金機構", accepts_half_kana=True),
        Profile("any", ""),
    )
}


def is_jis_x_0208(character: str) -> bool:
    """Whether the character is in JIS X 0208 levels 1 and 2 or its non-kanji rows."""
    try:
        code = character.encode("cp932")
    except UnicodeEncodeError:
        return False
    if len(code) != 2:
        return False
    n = int.from_bytes(code, "big")
    return 0x8140 <= n <= 0x84BE or 0x889F <= n <= 0x9FFC or 0xE040 <= n <= 0xEAA4


def _is_kana(c: str) -> bool:
    return "ァ" <= c <= "ヶ" or c in "ー　・゛゜"


def _takes(profile: Profile, c: str) -> bool:
    if profile.name == "any":
        return c.isprintable() or c == "\n"
    if profile.only == "digits":
        return c in "0123456789"
    if profile.only == "phone":
        return c in "0123456789-()"
    if profile.only == "kana":
        return _is_kana(c)
    if profile.only == "kana_address":
        return (
            _is_kana(c)
            or "０" <= c <= "９"
            or "Ａ" <= c <= "Ｚ"
            or "ａ" <= c <= "ｚ"
            or c in "－．，（）"
        )
    if c.isascii():
        return profile.accepts_ascii and c.isprintable()
    if "\uff61" <= c <= "\uff9f":
        return profile.accepts_half_kana
    return profile.accepts_double_byte and is_jis_x_0208(c)


def bad_characters(text: str, profile: Profile) -> tuple[BadCharacter, ...]:
    """Every character of `text` that `profile` refuses, in order, with its lawful substitutes."""
    if profile.name == "any" or taken_whole(profile)(text) is not None:
        return ()
    found: list[BadCharacter] = []
    for index, c in enumerate(text):
        if not _takes(profile, c):
            found.append(BadCharacter(index, c, _offered(c, profile)))
    return tuple(found)


@cache
def taken_whole(profile: Profile) -> Callable[[str], object | None]:
    """A fast test: its answer is None unless `profile` takes every character of a text.

    A character class of the `re` module: about 3 ns a character, whatever the size of the set.
    """
    taken = [c for c in map(chr, range(0x10000)) if _takes(profile, c)]
    return re.compile(f"[{''.join(map(re.escape, taken))}]*").fullmatch


def _offered(c: str, profile: Profile) -> tuple[str, ...]:
    """The substitutes of `c` the profile takes, made full-width where it takes nothing else."""
    offered: list[str] = []
    for substitute in (*SUBSTITUTES.get(c, ()), c):
        for form in (substitute, to_full_width(substitute)):
            if form != c and form not in offered and all(_takes(profile, x) for x in form):
                offered.append(form)
                break
    return tuple(offered)
