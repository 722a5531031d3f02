"""Conversions, single-field checks, conditions, deadlines, and the fast validator's agreement."""

from __future__ import annotations

from datetime import date
from typing import Any

import jpholiday
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.record import BLANK
from app.forms.checks import compile_checks, with_substitutes
from app.forms.conditions import BadCondition, compile_condition
from app.forms.convert import convert, sent, shown
from app.forms.deadlines import due_date, is_office_closed
from app.forms.procedure import Field, Procedure
from app.forms.validator import FormValidator


def field(kind: str, **more: Any) -> Field:
    return Field(**{"id": "f", "label": "欄", "kind": kind, **more})


GROUPS = {"groups": (4, 6, 1), "profile": "digits"}
CHOICES = {"choices": (("1", "新規"), ("2", "再取得"))}


@pytest.mark.parametrize(
    ("one", "typed", "value", "note"),
    [
        (field("text", profile="egov_full"), "ABC 1-2", "ＡＢＣ　１－２", "全角に直しました。"),
        (field("text", profile="egov"), "ｶﾌﾞ", "カブ", "全角に直しました。"),
        (field("text", profile="egov"), "第１２号", "第12号", "半角に直しました。"),
        (field("text", profile="egov"), " 渋谷\n", "渋谷", ""),
        (field("person_name", profile="egov_full"), "佐野  灯", "佐野　灯", "全角に直しました。"),
        (field("person_name", profile="egov_full"), "佐野　灯", "佐野　灯", ""),
        (field("kana", profile="egov_kana"), "さの あかり", "サノ　アカリ", "カタカナに直しました。"),
        (field("kana", profile="egov_kana"), "ｻﾉ ｱｶﾘ", "サノ　アカリ", "全角に直しました。"),
        (field("kana", profile="egov_kana"), "ﾌﾞﾙｰ", "ブルー", "全角に直しました。"),
        (field("kana", profile="egov_kana_address"), "みなとく1-2", "ミナトク１－２", "カタカナに直しました。"),
        (field("digits", **GROUPS), "５０１２－３４５６７８－９", "50123456789", "半角に直しました。"),
        (field("digits", **GROUPS), "5012-345678-9", "50123456789", ""),
        (field("postal_code"), "〒１０８－００２３", "1080023", "半角に直しました。"),
        (field("phone"), "03(1234)5678", "03-1234-5678", ""),
        (field("phone"), "０３－１２３４－５６７８", "03-1234-5678", "半角に直しました。"),
        (field("yen"), "1,284,000円", 1_284_000, ""),
        (field("yen", unit=1000), "250", 250_000, ""),
        (field("integer"), "４０", 40, "半角に直しました。"),
        (field("date"), "R8.7.10", date(2026, 7, 10), ""),
        (field("date"), "令和元年５月１日", date(2019, 5, 1), ""),
        (field("date"), "20260710", date(2026, 7, 10), ""),
        (field("month"), "R8.7", "2026-07", ""),
        (field("month"), "2026年7月", "2026-07", ""),
        (field("month"), "令和8年7月", "2026-07", ""),
        (field("yes_no", words=("有", "無")), "無", False, ""),
        (field("yes_no", words=("有", "無")), "はい", True, ""),
        (field("choice", **CHOICES), "再取得", "2", ""),
        (field("choice", **CHOICES), "２", "2", ""),
        (field("choices", **CHOICES), "再取得、新規", "1,2", ""),
        (field("corporate_number"), "T8000012010038", "8000012010038", ""),
        (field("email"), "a.b@example.jp", "a.b@example.jp", ""),
    ],
)  # fmt: skip
def test_what_is_typed_is_converted(one: Field, typed: str, value: object, note: str) -> None:
    done = convert(one, typed)
    assert (done.value, done.note) == (value, note)
    assert type(done.value) is type(value)


@pytest.mark.parametrize(
    ("one", "typed", "code"),
    [
        (field("digits", **GROUPS), "五千", "not-digits"),
        (field("postal_code"), "123", "postal-shape"),
        (field("phone"), "電話なし", "phone-shape"),
        (field("yen"), "千円", "not-a-number"),
        (field("date"), "きのう", "date-unread"),
        (field("date"), "平成31年5月1日", "date-outside-era"),
        (field("month"), "2026-13", "month-unread"),
        (field("yes_no"), "たぶん", "choice-unknown"),
        (field("choice", **CHOICES), "3", "choice-unknown"),
        (field("choices", **CHOICES), ",", "choice-unknown"),
        (field("corporate_number"), "1234567890123", "number-check-digit"),
        (field("email"), "a@b", "email-shape"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(one: Field, typed: str, code: str) -> None:
    with pytest.raises(BadInput) as fault:
        convert(one, typed)
    assert fault.value.code == code
    assert fault.value.sentence.endswith("。")
    assert not {"エラー", "不正", "無効", "!", "！"} & set(fault.value.sentence)


@pytest.mark.parametrize(
    ("one", "value", "codes"),
    [
        (field("text", max_length=3), "あいう", []),
        (field("text", max_length=3), "あいうえ", ["too-long"]),
        (field("text", min_length=3), "あい", ["too-short"]),
        (field("digits", **GROUPS), "5012345678", ["digits-length"]),
        (field("digits", **GROUPS), "501234567890", ["digits-length"]),
        (field("phone"), "0312345678", ["phone-shape"]),
        (field("yen", min=1, max=10), 11, ["out-of-range"]),
        (field("yen", min=1), 0, ["out-of-range"]),
        (field("yen", max=10), 11, ["out-of-range"]),
        (field("yen", unit=1000, max=9999), 9_999_499, []),
        (field("yen", unit=1000, max=9999), 9_999_500, ["out-of-range"]),
        (field("yen", likely_max=10), 11, ["implausible"]),
        (field("yen", likely_max=10), 10, []),
        (field("choice", **CHOICES), "9", ["choice-unknown"]),
        (field("person_name", profile="egov_full"), "佐野", ["name-space"]),
        (field("text", profile="egov"), "①", ["bad-character"]),
        (field("kana", profile="egov_kana"), "佐野", ["bad-character"]),
        (field("text", profile="egov"), BLANK, []),
    ],
)
def test_single_checks(one: Field, value: Any, codes: list[str]) -> None:
    assert [p.code for p in compile_checks(one)(value)] == codes


def test_sentences_follow_the_patterns_of_the_house() -> None:
    long = compile_checks(field("text", max_length=40))("あ" * 43)[0]
    assert long.sentence == "40字までです。あと 3字減らしてください。"
    ours = field("text", profile="egov_full", label="備考")
    letter = compile_checks(ours)("①")[0]
    assert letter.sentence == "「①」は e-Gov で使えない字です。「１」に替えて送れます。"
    assert letter.substitutes == ("１",)
    assert with_substitutes(ours, "①②㈱髙") == "１２株式会社高"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_converted_or_refused_plainly(text: str) -> None:
    kinds = [
        field("text", profile="egov_full"), field("kana", profile="egov_kana"), field("yen"),
        field("date"), field("month"), field("digits", **GROUPS), field("phone"), field("postal_code"),
        field("email"), field("corporate_number"), field("choices", **CHOICES), field("yes_no"),
        field("person_name", profile="egov_full"), field("long_text", profile="egov"),
    ]  # fmt: skip
    for one in kinds:
        try:
            value = convert(one, text).value
        except BadInput:
            continue
        compile_checks(one)(value)
        again = convert(one, shown(one, value)) if shown(one, value) else None
        if again is not None and one.kind not in ("text", "long_text"):
            assert again.value == value
        assert sent(one, value) == sent(one, value)


# conditions


def holds(text: str, **cells: Any) -> bool | None:
    return compile_condition(text).holds(cells.get, {"company.x == 1": None, "True": True}.get)


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("field.a == '2'", {"a": "2"}, True),
        ("field.a == '2'", {}, None),
        ("field.a == ''", {"a": BLANK}, True),
        ("field.a and field.b", {"a": False}, False),
        ("field.a and field.b", {"a": True}, None),
        ("field.a or field.b", {"b": True}, True),
        ("field.a or field.b", {"b": False}, None),
        ("not field.a", {"a": False}, True),
        ("not field.a", {}, None),
        ("answered(field.a)", {}, False),
        ("answered(field.a)", {"a": BLANK}, False),
        ("answered(field.a)", {"a": 0}, True),
        ("field.a in ('1', '2')", {"a": "2"}, True),
        ("field.a not in ('1', '2')", {"a": "3"}, True),
        ("field.a + field.b * 2 <= 10", {"a": 4, "b": 3}, True),
        ("field.a < field.b", {"a": 1, "b": "x"}, None),
        ("years_between(field.a, field.b) >= 15", {"a": date(2011, 7, 4), "b": date(2026, 7, 3)}, False),
        ("years_between(field.a, field.b) >= 15", {"a": date(2011, 7, 3), "b": date(2026, 7, 3)}, True),
        ("days_between(field.a, field.b) == 31", {"a": date(2026, 7, 1), "b": date(2026, 8, 1)}, True),
        ("letters(field.a) > 2", {"a": "あいう"}, True),
        ("field.a and company.x == 1", {"a": False}, False),
        ("field.a or company.x == 1", {"a": False}, None),
    ],
)  # fmt: skip
def test_conditions(text: str, cells: dict[str, Any], expected: bool | None) -> None:
    assert holds(text, **cells) is expected


@pytest.mark.parametrize(
    "text",
    [
        "field.a +", "lambda: 1", "field.a.__class__ == 1", "field['a']", "open(field.a)",
        "field.a < 1 < 2", "field.a is None", "field.a % 2 == 1", "field.a // 2 == 1", "f'{field.a}'",
        "[x for x in field.a]", "of_round(field.a, 'x')", "total(field.a)", "answered()", "answered(field.a, 1)",
        "field", "(" * 300 + "field.a" + ")" * 300, "not " * 60 + "field.a", "1 ** field.a == 1", "",
    ],
)  # fmt: skip
def test_conditions_outside_the_grammar_are_refused(text: str) -> None:
    with pytest.raises(BadCondition) as fault:
        compile_condition(text)
    assert str(fault.value).endswith("。")


# deadlines


@pytest.mark.parametrize(
    ("basis", "due"),
    [
        (date(2026, 7, 1), date(2026, 8, 10)),
        (date(2026, 9, 30), date(2026, 10, 13)),  # the 10th is a Saturday, the 12th スポーツの日
        (date(2026, 12, 31), date(2027, 1, 12)),  # Sunday, then 成人の日 on the 11th
        (date(2026, 4, 1), date(2026, 5, 11)),
    ],
)
def test_the_tenth_of_the_next_month_or_the_next_open_day(basis: date, due: date) -> None:
    assert due_date(basis, 1, 10) == due


def test_short_months_and_the_turn_of_the_year() -> None:
    assert due_date(date(2027, 1, 31), 1, 31) == date(2027, 3, 1)
    assert due_date(date(2026, 12, 1), 0, 31) == date(2027, 1, 4)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 12), st.integers(1, 31))
def test_a_last_day_is_an_open_day_and_none_was_skipped(basis: date, months: int, day: int) -> None:
    due = due_date(basis, months, day)
    assert not is_office_closed(due)
    assert due.weekday() < 5
    assert not jpholiday.is_holiday(due)
    at = due.replace(day=1) if due.day <= day else due.replace(day=min(day, due.day))
    while at < due and at.day >= day:
        assert is_office_closed(at)
        at = date.fromordinal(at.toordinal() + 1)


# the fast validator says what the checks say


@pytest.fixture(scope="module")
def validator(procedure: Procedure) -> FormValidator:
    return FormValidator(procedure)


VALUES = st.one_of(
    st.text("あ髙①aA1ア　 -ーぱﾊﾟ", max_size=45), st.integers(-5, 12_000_000), st.booleans(),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.sampled_from(["1", "2", "男", "11", "1080023"]),
    st.from_regex(r"[0-9]{10,12}", fullmatch=True), st.just("03-1234-5678"), st.just("佐野　灯"),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_fast_validator_agrees_with_the_checks(
    data: st.DataObject, procedure: Procedure, validator: FormValidator
) -> None:
    one = data.draw(st.sampled_from(procedure.fields))
    value = data.draw(VALUES)
    expected = {
        "date": date, "yes_no": bool, "integer": int, "yen": int,
    }.get(one.kind, str)  # fmt: skip
    fits = type(value) is expected
    if not fits:
        assert not validator.is_valid({one.id: value})
        assert [p.code for p in validator.problems({one.id: value})] == ["wrong-kind"]
        return
    blocked = any(p.blocks for p in compile_checks(one)(value))
    assert validator.is_valid({one.id: value}) == (not blocked)
    assert bool(validator.problems({one.id: value})) == blocked


def test_unknown_fields_are_not_valid(validator: FormValidator) -> None:
    assert validator.is_valid({})
    assert not validator.is_valid({"nowhere": "x"})


def test_the_bench_measures(catalogue: Catalogue) -> None:
    """The bench's own form and values are sound (its times are judged by `make bench` only)."""
    from bench_forms import big_draft, big_form, good_values, json_schema
    from jsonschema import Draft202012Validator

    form = big_form(catalogue)
    values = good_values(form)
    assert len(form.fields) == 300
    assert FormValidator(form).is_valid(values)
    assert [c.value for c in big_draft(catalogue).cells()] == list(values.values())
    broken = [
        {**values, f"f{n}": bad} for n, bad in ((0, "髙"), (1, "漢"), (2, -1), (4, "9"), (5, "1"))
    ]
    theirs = Draft202012Validator(json_schema(form))
    for one in broken:
        plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in one.items()}
        assert not FormValidator(form).is_valid(one)
        assert not theirs.is_valid(plain)
