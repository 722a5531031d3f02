"""Which letters a door takes, judged by another codec; substitutes; width and kana."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.characters import (
    PROFILES,
    SUBSTITUTES,
    bad_characters,
    is_jis_x_0208,
    taken_whole,
)
from app.domain.kana import search_key, to_full_kana, to_full_width, to_half_width

# Letters that the Windows table and the JIS table give different Unicode points.
_TWO_TABLES = set("～∥－￠￡￢〜‖−¢£¬―—＼\\")


def in_iso_2022_jp(c: str) -> bool:
    """Whether c is a double-byte letter of JIS X 0208 by Python's ISO-2022-JP codec."""
    try:
        code = c.encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return code.startswith(b"\x1b$B")


def test_jis_x_0208_is_what_iso_2022_jp_holds() -> None:
    differing = {
        c for c in map(chr, range(0x10000)) if is_jis_x_0208(c) != in_iso_2022_jp(c)
    } - _TWO_TABLES  # fmt: skip
    assert differing == set()


def test_levels_one_and_two_are_complete() -> None:
    kanji = [
        c
        for c in map(chr, range(0x3400, 0xFB00))
        if is_jis_x_0208(c) and unicodedata.name(c, "").startswith("CJK")
    ]
    assert len(kanji) == 6355 + len("仝")  # 仝 stands among the signs of row 1


@pytest.mark.parametrize("c", list("髙﨑①㈱㌔Ⅰ№℡瀨德濵栁ｶ𠮷"))
def test_letters_e_gov_refuses(c: str) -> None:
    (bad,) = bad_characters(c, PROFILES["egov"])
    assert (bad.index, bad.character) == (0, c)


def test_a_substitute_is_always_one_the_door_takes_and_differs() -> None:
    for profile in PROFILES.values():
        for c in SUBSTITUTES:
            for bad in bad_characters(c, profile):
                for offered in bad.substitutes:
                    assert offered != c
                    assert bad_characters(offered, profile) == ()


def test_full_width_only_fields_are_offered_full_width() -> None:
    full = PROFILES["egov_full"]
    assert bad_characters("①", full)[0].substitutes == ("１",)
    assert bad_characters("1", full)[0].substitutes == ("１",)
    assert bad_characters("№", full)[0].substitutes == ("Ｎｏ．",)
    assert bad_characters("①", PROFILES["egov"])[0].substitutes == ("1",)
    assert bad_characters("ｶ", PROFILES["egov"])[0].substitutes == ("カ",)


def test_positions_count_letters_and_every_bad_one_is_named() -> None:
    found = bad_characters("髙橋𠮷﨑", PROFILES["egov"])
    assert [(b.index, b.character) for b in found] == [(0, "髙"), (2, "𠮷"), (3, "﨑")]


@pytest.mark.parametrize(
    ("profile", "good", "bad"),
    [
        ("digits", "0123456789", "０-a"),
        ("phone", "03-(1234)5678", "＋０a"),
        ("ascii", "a.b@example.jp ~", "あａ\n"),
        ("egov_kana", "ァヴーヶ・　ワ", "あａ1-漢"),
        ("egov_kana_address", "トウキョウト１－２　Ａ（）", "都1-あ"),
        ("egov_full", "漢あアＡ１　－", "a1 ｱ"),
        ("egov", "漢aA1 -", "ｱ髙\n"),
        ("nenkin_csv", "ｱﾞ漢a1", "髙①㈱"),
        ("any", "髙𠮷ｱ\n", ""),
    ],
)
def test_profiles(profile: str, good: str, bad: str) -> None:
    taken = PROFILES[profile]
    assert bad_characters(good, taken) == ()
    assert [b.character for b in bad_characters(bad, taken)] == list(bad)


@settings(max_examples=300)
@given(st.text(max_size=40), st.sampled_from([p for p in PROFILES.values() if p.name != "any"]))
def test_the_fast_test_and_the_slow_one_agree(text: str, profile: object) -> None:
    slow = any(bad_characters(c, profile) for c in text)  # type: ignore[arg-type]
    assert (taken_whole(profile)(text) is None) == slow  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("さの あかり", "サノ　アカリ"), ("ｻﾉ", "サノ"), ("ﾊﾟﾋﾟﾌﾞ", "パピブ"), ("ゔぁいおりん", "ヴァイオリン"),
        ("サノー", "サノー"), ("", ""),
    ],
)  # fmt: skip
def test_kana(typed: str, kana: str) -> None:
    assert to_full_kana(typed) == kana


@given(st.text("ぁあんゔァヶーｱﾞ゛ 　", max_size=20))
def test_kana_is_settled_after_one_turn(text: str) -> None:
    assert to_full_kana(to_full_kana(text)) == to_full_kana(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30))
def test_full_width_comes_back_half(text: str) -> None:
    wide = to_full_width(text)
    assert not any(c.isascii() for c in wide), wide
    assert to_half_width(wide) == text.strip()


def test_dashes_people_type_become_one() -> None:
    assert {to_half_width(f"1{c}2") for c in "-－‐‑‒–—―−ｰー"} == {"1-2"}
    assert to_half_width("コーヒー１ー２") == "コーヒー1-2"


def test_search_finds_across_widths_and_kana() -> None:
    assert search_key("ミナトＳｅｉｋａ") == search_key("みなとseika") == search_key("ﾐﾅﾄSEIKA")
