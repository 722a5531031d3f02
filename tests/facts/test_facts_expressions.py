"""The expression language: what it gives, what it refuses, exact rounding and dates."""

from __future__ import annotations

import decimal
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import JST
from app.facts import functions as fn
from app.facts.catalogue import catalogue_of
from app.facts.grammar import MAX_DEPTH, MAX_LENGTH, ExpressionFault
from app.facts.graph import Graph
from app.facts.record import BLANK, Origin, Record

DAY = date(2026, 7, 1)
CATALOGUE = catalogue_of(
    {
        "language.toml": """
[[collection]]
path = "staff"
label = "従業員"
[[collection]]
path = "offices"
label = "事業所"
[fact]
"company.fiscal_year_end_month" = { label = "決算月", kind = "integer" }
"company.name" = { label = "名称", kind = "text" }
"company.capital" = { label = "資本金", kind = "yen" }
"company.ratio" = { label = "割合", kind = "ratio" }
"company.born" = { label = "設立日", kind = "date" }
"company.listed" = { label = "上場している", kind = "bool" }
"company.form" = { label = "種別", kind = "choice", choices = [["301", "株式会社"], ["305", "合同会社"]] }
"company.nothing" = { label = "未入力", kind = "yen" }
"company.blank" = { label = "空欄", kind = "text" }
"company.secret" = { label = "個人番号", kind = "digits", secret = true }
"staff[].name" = { label = "氏名", kind = "text" }
"staff[].wage" = { label = "賃金", kind = "yen" }
"staff[].office" = { label = "勤務先", kind = "text" }
"staff[].pay[month]" = { label = "支払額", kind = "yen" }
"offices[].number" = { label = "番号", kind = "text" }
"sales.taxable[fy]" = { label = "課税売上高", kind = "yen" }
"""
    },
    {
        "rates.toml": """
[parameter."rate.general"]
label = "料率"
unit = ""
law = "徴収法"
values = [
  { from = 2025-04-01, to = 2026-03-31, value = "145/10000", verified = true, source = "s" },
  { from = 2026-04-01, to = 2027-03-31, value = "135/10000", verified = true, source = "s" },
]
[parameter."hours"]
label = "時間"
unit = "時間"
law = "雇用保険法"
values = [{ from = 2020-04-01, value = 20, verified = true, source = "s" }]
"""
    },
)
TOLD: dict[str, Any] = {
    "company.fiscal_year_end_month": 3,
    "company.name": "株式会社山田",
    "company.capital": 10_000_000,
    "company.ratio": Fraction(1, 3),
    "company.born": date(2020, 2, 29),
    "company.listed": False,
    "company.form": "301",
    "company.blank": BLANK,
    "staff[a].name": "甲",
    "staff[a].wage": 300_000,
    "staff[a].office": "1",
    "staff[b].name": "乙",
    "staff[b].wage": 200_000,
    "staff[b].office": "9",
    "offices[x].number": "1",
    **{f"staff[a].pay[2026-0{month}]": month * 1000 for month in range(1, 7)},
    **{f"sales.taxable[{year}-03]": year for year in (2024, 2025, 2026, 2027)},
}
GRAPH = Graph(
    CATALOGUE,
    [
        Record(path, value, Origin.TYPED, datetime(2026, 7, 1, tzinfo=JST))
        for path, value in TOLD.items()
    ],
    DAY,
)
EXAMPLES: dict[str, Any] = {
    "1 + 2 * 3 - 4": 3,
    "-(1 + 2)": -3,
    "1 / 3 + 1 / 6": Fraction(1, 2),
    "floor_to(company.capital / 110 * 100, 1000)": 9_090_000,
    "company.capital * company.ratio": Fraction(10_000_000, 3),
    "1 < 2 <= 2 < 3": True,
    "company.born < date('2021-01-01')": True,
    "company.form == '301' and not company.listed": True,
    "company.form in ('301', '305')": True,
    "company.form not in ('305',)": True,
    "company.nothing > 0 and company.listed": False,
    "company.nothing > 0 or not company.listed": True,
    "company.nothing > 0": None,
    "1 if company.nothing > 0 else 1": 1,
    "company.nothing / 0": None,
    "company.capital / 0": None,
    "company.blank == BLANK": True,
    "blank(company.blank)": True,
    "blank(company.name)": False,
    "coalesce(company.blank, company.name)": "株式会社山田",
    "coalesce(company.nothing, 0)": None,
    "assume(company.nothing, 7)": 7,
    "concat(company.name, company.blank, '本店')": "株式会社山田本店",
    "join('、', company.name, company.blank, 'x')": "株式会社山田、x",
    "left(company.name, 4)": "株式会社",
    "right(company.name, 2)": "山田",
    "middle(company.name, 3, 2)": "会社",
    "length(company.name)": 6,
    "prefecture_of('神奈川県横浜市中区')": "神奈川県",
    "prefecture_of('北海道')": "北海道",
    "prefecture_of('横浜市中区')": None,
    "industry_division('0931')": "E",
    "industry_division('Ｅ０９')": "E",
    "industry_division('I')": "I",
    "industry_division('A09')": None,
    "industry_division('00')": None,
    "industry_class('0931', 3)": "093",
    "industry_class('e-09', 2)": "09",
    "industry_class('09', 3)": None,
    "industry_class('0931', 1)": None,
    "starts_with(company.name, '株式')": True,
    "contains(company.name, '有限')": False,
    "staff.count": 2,
    "company.staff.count": 2,
    "count(staff)": 2,
    "sum(e.wage for e in staff)": 500_000,
    "sum(e.wage for e in staff if e.office == '1')": 300_000,
    "count(e for e in staff if e.wage >= 200000 if e.office == '9')": 1,
    "any(e.wage > 250000 for e in staff)": True,
    "all(e.wage > 250000 for e in staff)": False,
    "min(e.wage for e in staff)": 200_000,
    "max(1, 5, company.capital)": 10_000_000,
    "max(e.wage for e in staff if e.wage > 900000)": BLANK,
    "count(e for e in staff if any(o.number == e.office for o in offices))": 1,
    "age(company.born, reference_date)": 6,
    "age(company.born, date('2026-02-28'))": 5,
    "attained_on(date('2000-03-01'), 20)": date(2020, 2, 29),
    "attained_on(company.born, 1)": date(2021, 2, 28),
    "add_months(date('2026-01-31'), 1)": date(2026, 2, 28),
    "add_years(company.born, 1)": date(2021, 2, 28),
    "add_days(reference_date, -1)": date(2026, 6, 30),
    "days_between(date('2026-06-30'), reference_date)": 1,
    "months_between(date('2026-01-31'), date('2026-02-28'))": 1,
    "last_day(month_of(reference_date))": date(2026, 7, 31),
    "year(reference_date) * 100 + month(reference_date)": 202607,
    "param('rate.general') * 10000": Fraction(135),
    "param('rate.general', date('2026-03-31')) * 10000": Fraction(145),
    "param('rate.general', date('2030-01-01'))": None,
    "at(param('rate.general'), date('2025-04-01')) * 10000": Fraction(145),
    "param('hours') >= 20": True,
    "param_by('rate', 'general') * 10000": Fraction(135),
    "param_by('rate', 'general', date('2026-03-31')) * 10000": Fraction(145),
    "param_by('rate', 'general', date('2030-01-01'))": None,
    "param_by('rate', company.name)": None,
    "param_by('rate', 'special')": None,
    "otherwise(company.nothing, 7)": 7,
    "otherwise(company.capital, 7) > 7": True,
    "otherwise(company.nothing, company.nothing)": None,
    "on_day(date('2026-02-10'), 31)": date(2026, 2, 28),
    "on_day(date('2026-02-10'), 20)": date(2026, 2, 20),
    "on_day(reference_date, 0)": None,
    "sales.taxable[fy]": 2027,
    "sales.taxable[fy-2]": 2025,
    "sales.taxable['2024-03']": 2024,
    "sales.taxable[month_of(date('2026-03-15'))]": 2026,
    "at(sales.taxable[fy], date('2026-03-31'))": 2026,
    "sum(over(sales.taxable, fiscal_years_before(reference_date, 2)))": 4051,
    "sum(s for s in over(sales.taxable, fiscal_years_before(reference_date, 3)) if s > 2024)": 4051,
}
IN_MEMBER: dict[str, Any] = {
    "staff[].wage - 1": 299_999,
    "staff[].pay[month-1]": 6000,
    "sum(over(staff[].pay, months_before(reference_date, 3)))": 15_000,
    "any(p >= 6000 for p in over(staff[].pay, months_before(reference_date, 3)))": True,
    "sum(over(staff[].pay, months_through(date('2026-02-03'), date('2026-04-30'))))": 9_000,
    "count(e for e in staff if e.wage < staff[].wage)": 1,
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_expressions_give(text: str) -> None:
    value = GRAPH.evaluate(text).value
    assert value == EXAMPLES[text]
    assert isinstance(value, bool) is isinstance(EXAMPLES[text], bool)


@pytest.mark.parametrize("text", IN_MEMBER)
def test_expressions_in_the_scope_of_a_member_give(text: str) -> None:
    assert GRAPH.evaluate(text, "staff[a]").value == IN_MEMBER[text]


REFUSED = {
    "param_by('nothing', 'general')": "この法定の数値はありません",
    "param_by(company.name, 'general')": "この法定の数値はありません",
    "param_by('rate', 5)": "文字",
    "otherwise(company.nothing)": "値の数が合いません",
    "otherwise(company.nothing, company.name)": "種類",
    "2 ** 3": "累乗",
    "7 // 2": "端数処理",
    "7 % 2": "% は",
    "1.5 + 1": "小数",
    "lambda: 1": "関数は書けません",
    "[e for e in staff]": "sum(",
    "f'{company.name}'": "concat",
    "company.name is BLANK": "is は",
    "__import__('os')": "この関数はありません",
    "company.__class__": "目録にありません",
    "open('x')": "この関数はありません",
    "company.name.upper()": "関数の書き方",
    "company.unknown": "目録にありません",
    "staff": "一覧そのもの",
    "sales.taxable": "期間を",
    "sales.taxable['2026-3']": "期間は",
    "sales.taxable[month]": "この系列の期間は fy",
    "staff[].wage": "どの 1 件",
    "sum(staff)": "for e in",
    "sum(e.name for e in staff)": "sum に使えない",
    "sum(e.wage for e in company.name)": "一覧ではありません",
    "sum(e.wage for e in staff for f in staff)": "for は 1 つ",
    "any(e.wage for e in staff)": "any に使えない",
    "company.name + 1": "数が要ります",
    "company.capital == '1'": "種類の違う",
    "company.name < 'b'": "大小は",
    "company.form == '999'": "この選択肢",
    "not company.capital": "はい・いいえが要ります",
    "1 if company.capital else 2": "はい・いいえが要ります",
    "1 if company.listed else 'a'": "種類の違う",
    "company.capital in company.name": "in の右",
    "floor_to(1)+floor_to()": "値の数",
    "floor_to(1, 2, 3)": "値の数",
    "floor_to(company.name)": "数が要ります",
    "param('no.such')": "法定の数値",
    "date('2026-02-30')": "日付は",
    "company.secret == '1'": "個人番号",
    "answer.shimei == 'a'": "この欄はありません",
    "sum(month for month in staff)": "変数の名前",
    "at(sum(x for x in over(sales.taxable, fiscal_years_before(reference_date, 2))), reference_date)": "at を",
    "'\\d'": "逆斜線",
    "company.name = 1": "読めません",
    "": "読めません",
    "(": "読めません",
    "1" * 20: "大きすぎます",
    "b'x'": "この書き方",
    "...": "この書き方",
    "1j": "この書き方",
    "None": "この書き方",
    "{1: 2}": "この書き方",
    "(x := 1)": "この書き方",
    "await x": "この書き方",
    "1 + " * 600 + "1": "長すぎます",
    "not " * (MAX_DEPTH + 1) + "True": "深すぎます",
    "-" * 1_900 + "1": "深すぎます",
    "(" * 900 + "1" + ")" * 900: "読めません",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_language_refuses(text: str) -> None:
    with pytest.raises(ExpressionFault, match=_escaped(REFUSED[text])):
        GRAPH.evaluate(text)


def _escaped(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "(.%" else sign for sign in text)


def test_the_limits_themselves_are_allowed() -> None:
    longest = "1" + " " * (MAX_LENGTH - 4) + "+ 1"
    assert len(longest) == MAX_LENGTH
    assert GRAPH.evaluate(longest).value == 2
    assert GRAPH.evaluate("not " * (MAX_DEPTH - 1) + "True").value is False


def test_numbers_that_grow_without_end_have_no_value() -> None:
    assert GRAPH.evaluate(" * ".join(["999999999999999"] * 3)).missing
    assert GRAPH.evaluate(" * ".join(["999999999999999"] * 2)).value == 999999999999999**2


def test_brackets_and_spaces_inside_texts_stay() -> None:
    assert GRAPH.evaluate("concat('a[]', \"  b\")").value == "a[]  b"


def test_answers_of_a_draft_can_be_asked() -> None:
    text = "answer.hours >= 20 and company.form == '301'"
    kinds = {"hours": "integer"}
    given_: dict[str, Any] = {}
    assert GRAPH.evaluate(text, answers=given_.get, kinds=kinds).missing
    assert GRAPH.gaps_of(text, answers=given_.get, kinds=kinds) == (frozenset({"answer.hours"}),)
    given_["hours"] = 21
    assert GRAPH.evaluate(text, answers=given_.get, kinds=kinds).value is True
    given_["hours"] = 19
    assert GRAPH.evaluate(text, answers=given_.get, kinds=kinds).value is False


MODES = {
    fn.floor_to: decimal.ROUND_FLOOR,
    fn.ceil_to: decimal.ROUND_CEILING,
    fn.trunc_to: decimal.ROUND_DOWN,
    fn.round_half_up: decimal.ROUND_HALF_UP,
    fn.round_half_down: decimal.ROUND_HALF_DOWN,
    fn.round_half_even: decimal.ROUND_HALF_EVEN,
}


@pytest.mark.parametrize("rounding", MODES, ids=lambda rounding: rounding.__name__)
@given(
    # Drawn at random a half is never met, and the halves are what the ways of rounding differ in.
    thousandths=st.integers(-(10**12), 10**12) | st.integers(-99, 99).map(lambda n: n * 500),
    unit=st.sampled_from([1, 10, 100, 1000]),
)
def test_rounding_equals_the_decimal_module(rounding: Any, thousandths: int, unit: int) -> None:
    with decimal.localcontext(decimal.Context(prec=60)):
        exact = decimal.Decimal(thousandths) / 1000 / unit
        expected = int(exact.quantize(decimal.Decimal(1), rounding=MODES[rounding])) * unit
    found = rounding(Fraction(thousandths, 1000), unit)
    assert found == expected
    assert isinstance(found, int)


@given(birth=st.dates(), days=st.integers(0, 40_000))
def test_age_counts_the_birthdays_passed(birth: date, days: int) -> None:
    try:
        on = birth + timedelta(days=days)
    except OverflowError:
        return
    birthdays = [
        year
        for year in range(birth.year + 1, on.year + 1)
        if (year, birth.month, birth.day) <= (on.year, on.month, on.day)
    ]
    assert fn.age(birth, on) == len(birthdays)


@given(start=st.dates(date(1900, 1, 1), date(2100, 1, 1)), months=st.integers(-600, 600))
def test_months_added_keep_the_day_or_end_the_month(start: date, months: int) -> None:
    found = fn.add_months(start, months)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    if found.day != start.day:
        assert found.day < start.day
        assert (found + timedelta(days=1)).day == 1


@given(end_month=st.integers(1, 12), day=st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_its_fiscal_year(end_month: int, day: date) -> None:
    year = fn.fiscal_year(end_month, day)
    last = fn.last_day(year)
    assert last.month == end_month
    assert fn.add_months(fn.first_day(year), -11) <= day <= last


def test_what_silence_says_is_firm_and_what_is_assumed_is_not() -> None:
    assert not GRAPH.evaluate("otherwise(company.nothing, 7)").provisional
    assert GRAPH.evaluate("assume(company.nothing, 7)").provisional
