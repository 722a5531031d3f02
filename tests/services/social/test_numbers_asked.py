"""Whose 個人番号 are asked for, who may do without, and numbers from a file that is only looked at."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from social_company import TABLES, TARO, company

from app.domain.errors import BadInput, Known
from app.domain.my_number import check_digit
from app.facts.catalogue import load_catalogue
from app.facts.record import Value
from app.services.my_number import MyNumbers
from app.services.social.columns import ColumnWords, load_column_words
from app.services.social.insurer import ACQUISITION, Insurer
from app.services.social.needs import needs_of
from app.services.social.numbers_asked import (
    Asked,
    asked_of,
    missing,
    read_numbers,
    refuse_missing,
    stand_ins,
)
from app.services.social.people import people_of

ONE, TWO = "123456789018", "999999999996"


@pytest.fixture(scope="module")
def words(root: Path) -> ColumnWords:
    resources = root / "resources"
    return load_column_words(resources, load_catalogue(resources))


def asked(**people: dict[str, Value]) -> tuple[Asked, ...]:
    found = needs_of(
        people_of(company(**people)), TABLES, today=date(2026, 7, 3), since=date(2026, 6, 1),
        insurer=Insurer.KYOKAI,
    )  # fmt: skip
    return asked_of(n for n in found.notices if n.form == ACQUISITION)


NEW = TARO | {
    "social_insurance.acquired_on": date(2026, 6, 29), "social_insurance.expected_monthly": 260_000,
    "birth": date(1995, 4, 1),
}  # fmt: skip
HOME: dict[str, Value] = {
    "pension_number": "1234567890", "postal_code": "1008916", "address": "東京都千代田区",
    "address_kana": "トウキョウトチヨダク",
}  # fmt: skip


def one(key: str, name: str, kana: str, *, number: str = "", birth: date | None = None) -> Asked:
    return Asked(key, name, kana, birth, number, "本人", "資格取得届に書きます。", False, "")


TWO_PEOPLE = (
    one("a", "年金　太郎", "ネンキン　タロウ", number="0012", birth=date(1995, 4, 1)),
    one("b", "年金　次郎", "ネンキン　ジロウ", birth=date(1997, 5, 2)),
)


def test_a_pension_number_stands_in_only_with_the_address() -> None:
    bare = dict.fromkeys(HOME, "")
    (plain,) = asked(a=NEW | bare)
    assert (plain.may_skip, plain.who) == (False, "本人")
    (number,) = asked(a=NEW | bare | {"pension_number": "1234567890"})
    assert not number.may_skip
    assert "住所" in number.skipping
    (whole,) = asked(a=NEW | HOME)
    assert whole.may_skip
    assert "太郎" not in repr(whole)


def test_who_is_still_missing() -> None:
    (may,) = asked(a=NEW | HOME)
    must = one("b", "年金　次郎", "ネンキン　ジロウ")
    numbers = MyNumbers()
    assert [a.key for a in missing((may, must), None)] == ["a", "b"]
    assert [a.key for a in missing((may, must), numbers, {"a", "b"})] == ["b"]
    assert stand_ins((may, must)) == {"b": "000000000000"}
    with pytest.raises(Known, match="年金　次郎さんの個人番号"):
        refuse_missing((may, must), numbers)
    numbers.put("b", ONE)
    refuse_missing((may, must), numbers)
    refuse_missing((may,), None)


def csv(*rows: tuple[str, ...], coding: str = "utf-8-sig") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(coding)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_gives_each_their_own(words: ColumnWords, coding: str) -> None:
    into = MyNumbers()
    content = csv(
        ("社員名簿", "", ""), ("氏名", "フリガナ", "個人番号"), ("年金次郎", "", "9999 9999 9996"),
        ("年金　太郎", "ﾈﾝｷﾝ ﾀﾛｳ", "１２３４５６７８９０１８"), ("別　人", "", "123456789018"),
        ("年金　太郎", "", ""), coding=coding,
    )  # fmt: skip
    found = read_numbers(content, TWO_PEOPLE, words, into)
    assert (found.taken, found.others, found.bad) == (2, 1, ())
    assert into.texts() == {"a": ONE, "b": TWO}


def test_an_excel_file_gives_them_too(words: ColumnWords) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["整理番号", "生年月日", "マイナンバー"])
    sheet.append([12, date(1995, 4, 1), 123456789018])
    sheet.append([99, None, "999999999996"])
    out = io.BytesIO()
    book.save(out)
    into = MyNumbers()
    found = read_numbers(out.getvalue(), TWO_PEOPLE, words, into)
    assert (found.taken, found.others) == (1, 1)
    assert into.texts() == {"a": ONE}


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "too short": (("年金　太郎", "", "12345678901"), "先頭の 0"),
    "wrong digit": (("年金　太郎", "", "123456789012"), "数字が合いません"),
    "nobody": (("", "", ONE), "だれの行か"),
    "another birth that cannot be": (("年金　太郎", "", ONE, "1995-02-31"), "2月"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_told_without_what_stands_in_it(words: ColumnWords, name: str) -> None:
    row, reason = BAD[name]
    head = ("氏名", "フリガナ", "個人番号", "生年月日")
    into = MyNumbers()
    found = read_numbers(csv(head, row, ("年金　次郎", "", TWO)), TWO_PEOPLE, words, into)
    (told,) = found.bad
    assert told.startswith("2行目: ")
    assert reason in told
    assert row[2] not in told
    assert into.texts() == {"b": TWO}


def test_rows_that_cannot_be_told_apart_are_not_taken(words: ColumnWords) -> None:
    twins = (
        one("a", "年金　太郎", "ネンキン　タロウ", birth=date(1995, 4, 1)),
        one("b", "年金　太郎", "ネンキン　タロウ", birth=date(1960, 4, 1)),
    )
    into = MyNumbers()
    found = read_numbers(csv(("氏名", "個人番号"), ("年金太郎", ONE)), twins, words, into)
    assert "二人以上" in found.bad[0]
    content = csv(("氏名", "生年月日", "個人番号"), ("年金太郎", "昭和35年4月1日", ONE))
    assert read_numbers(content, twins, words, into).taken == 1
    assert into.texts() == {"b": ONE}
    again = csv(("氏名", "個人番号"), ("年金次郎", ONE), ("年金次郎", TWO))
    into = MyNumbers()
    found = read_numbers(again, TWO_PEOPLE, words, into)
    assert found.taken == 0
    assert "2行目も同じ人" in found.bad[0]
    assert not into
    same = csv(("氏名", "個人番号"), ("年金太郎", ONE), ("年金次郎", ONE))
    found = read_numbers(same, TWO_PEOPLE, words, into)
    assert "ほかの人にも" in found.bad[0]
    assert into.texts() == {"a": ONE}


@pytest.mark.parametrize(("content", "code"), [
    (csv(("氏名", "番号"), ("年金太郎", ONE)), "numbers-headings"),
    (csv(("部署", "個人番号"), ("総務", ONE)), "numbers-headings"),
    (csv(("氏名", "個人番号", "マイナンバー"), ("年金太郎", ONE, TWO)), "numbers-columns"),
    (b"\0\1\2", "sheet-kind"),
    (b"", "numbers-headings"),
    (b"PK\x03\x04 no book", "sheet-excel"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused_without_its_content(
    words: ColumnWords, content: bytes, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_numbers(content, TWO_PEOPLE, words, MyNumbers())
    assert caught.value.code == code
    assert ONE not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.text('年金太郎次1234567890,"\r\n\t　', max_size=14), max_size=4), max_size=6
    )
)
def test_whatever_stands_in_a_file_no_sentence_repeats_a_number(
    words: ColumnWords, rows: list[list[str]]
) -> None:
    into = MyNumbers()
    content = csv(("氏名", "個人番号"), *[tuple(row) for row in rows])
    try:
        told = "".join(read_numbers(content, TWO_PEOPLE, words, into).bad)
    except BadInput as wrong:
        told = wrong.sentence
    assert not re.search(r"\d{9}", told)
    assert all(check_digit(t[:11]) == int(t[11]) for t in into.texts().values())
