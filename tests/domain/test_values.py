"""Dates in eras, corporate numbers, canonical bytes and chains, a filing's life, clocks."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import CHAIN_START, canonical_json, chain_next, new_salt, salted_digest
from app.domain.clock import JST, fixed_clock, system_clock, today
from app.domain.corporate_number import check_digit, parse_corporate_number
from app.domain.era import ERAS, parse_date, to_wareki, wareki_text
from app.domain.errors import BadInput, Known
from app.domain.filing import MOVES, IllegalMove, Stage, check_move

SOLAR = st.dates(date(1873, 1, 1), date(2100, 12, 31))


@given(SOLAR)
def test_a_date_written_in_its_era_is_read_back(day: date) -> None:
    assert parse_date(wareki_text(day)) == day
    w = to_wareki(day)
    assert parse_date(f"{w.era.initial}{w.year}.{w.month}.{w.day}") == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%Y%m%d")) == day
    assert w.year >= 1


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 5, 1), "令和元年5月1日"), (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"), (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"), (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"), (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
    ],
)  # fmt: skip
def test_the_first_and_last_days_of_eras(day: date, text: str) -> None:
    assert wareki_text(day) == text


@pytest.mark.parametrize(
    "text",
    ["令和8年2月30日", "平成31年5月1日", "昭和64年1月8日", "令和0年1月1日", "明治5年12月31日",
     "2026-13-01", "2026-2-29", "1.2.3", "", "今日", "20260230", "R8-7"],
)  # fmt: skip
def test_dates_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as fault:
        parse_date(text)
    assert fault.value.sentence.endswith("。")


def test_before_the_solar_calendar_there_is_no_era_date() -> None:
    with pytest.raises(BadInput, match="date-too-old"):
        to_wareki(date(1872, 12, 31))
    assert [era.pension_digit for era in ERAS] == [9, 7, 5, 3, 1]


def test_every_real_corporate_number_passes(shared: Path) -> None:
    path = shared / "samples" / "houjin_bangou" / "diff_20210714_stratified.csv"
    with path.open(encoding="utf-8") as stream:
        numbers = [row[1] for row in csv.reader(stream)]
    assert len(numbers) > 200
    for number in numbers:
        assert parse_corporate_number(number) == number


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_is_found(body: str, place: int, shift: int) -> None:
    number = f"{check_digit(body)}{body}"
    assert parse_corporate_number(f" T{number[:5]}-{number[5:]} ") == number
    wrong = str((int(number[place]) + shift) % 10)
    if (int(wrong) - int(number[place])) % 9 == 0:
        return  # 0 and 9 weigh the same modulo 9: the law's check digit cannot tell them apart
    with pytest.raises(BadInput, match="number-check-digit"):
        parse_corporate_number(number[:place] + wrong + number[place + 1 :])


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_canonical_bytes_are_json_and_settled(value: object) -> None:
    made = canonical_json(value)
    assert json.loads(made) == value
    assert canonical_json(json.loads(made)) == made


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {"b": 2.0}}, (0.1,)])
def test_floats_have_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_digests_are_salted_and_chains_commit_to_order() -> None:
    salt = "00" * 16
    expected = hashlib.sha256(salt.encode() + b"\0" + '{"a":"あ"}'.encode()).hexdigest()
    assert salted_digest(salt, {"a": "あ"}) == expected
    assert salted_digest(new_salt(), {"a": "あ"}) != expected
    assert len({new_salt() for _ in range(50)}) == 50
    one = chain_next(chain_next(CHAIN_START, "aa"), "bb")
    assert one != chain_next(chain_next(CHAIN_START, "bb"), "aa")
    assert len(one) == 64


def test_a_filing_moves_only_as_its_life_allows() -> None:
    for now in Stage:
        for then in Stage:
            if then in MOVES[now]:
                check_move(now, then)
            else:
                with pytest.raises(IllegalMove):
                    check_move(now, then)
    assert Stage.SENDING not in MOVES[Stage.UNKNOWN]
    assert not MOVES[Stage.ENDED]


def test_legal_days_are_counted_in_japan() -> None:
    late = datetime(2026, 7, 3, 16, 0, tzinfo=UTC)
    assert today(lambda: late) == date(2026, 7, 4)
    assert fixed_clock(datetime(2026, 7, 3, 13, 42))().tzinfo is JST
    assert abs(system_clock() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_known_fault_carries_its_code_and_sentence() -> None:
    fault = Known("some-code", "文です。")
    assert (fault.code, fault.sentence, str(fault)) == (
        "some-code",
        "文です。",
        "some-code: 文です。",
    )
