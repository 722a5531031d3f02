"""Day rules, ends, directions, ages; and what holds for every amount (properties)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.periods import add_months, period_end
from app.domain.social.average import PayMonth, Work, average_of
from app.domain.social.bonus import standard_bonus
from app.domain.social.decisions import Held, after_leave, on_acquisition, regular, revision
from app.domain.social.grades import KENPO, KOUNEN
from app.domain.social.qualification import coverage, late_elderly_from, premium_months, reached
from app.domain.social.rates import deducted
from app.services.social.tables import load_tables

TABLES = load_tables(Path(__file__).resolve().parents[3] / "resources")
DAY = date(2026, 6, 1)
FIGURES = TABLES.figures(DAY)
BOTH = TABLES.both(DAY)
AMOUNTS = st.integers(0, 9_999_999)
DAYS = st.integers(0, 31)
MONTHS = ("2026-04", "2026-05", "2026-06")


def paid(*rows: tuple[int, int]) -> list[PayMonth]:
    return [PayMonth(m, days, cash) for m, (days, cash) in zip(MONTHS, rows, strict=True)]


@pytest.mark.parametrize(
    ("work", "days", "used", "needed"),
    [
        (Work.GENERAL, (17, 16, 31), 2, 17),
        (Work.GENERAL, (16, 16, 16), 0, 17),
        (Work.PART, (17, 15, 16), 1, 17),
        (Work.PART, (16, 15, 14), 2, 15),
        (Work.PART, (14, 14, 14), 0, 17),
        (Work.SHORT, (11, 10, 12), 2, 11),
    ],
)
def test_days_of_the_regular_decision(
    work: Work, days: tuple[int, int, int], used: int, needed: int
) -> None:
    found = average_of(paid(*((d, 200_000) for d in days)), work, FIGURES, fallback_allowed=True)
    assert (len(found.used), found.needed) == (used, needed)
    assert (found.average is None) is (used == 0)


def test_no_month_of_enough_days_keeps_the_former_amount() -> None:
    held = {KENPO: Held(260_000, "2025-09"), KOUNEN: Held(260_000, "2025-09")}
    found = regular(2026, paid((5, 1), (5, 1), (5, 1)), Work.GENERAL, held, BOTH, FIGURES)
    assert found.monthly is None
    assert {g.standard for g in found.grades.values()} == {260_000}
    assert "保険者算定" in "".join(found.sentences())
    with pytest.raises(BadInput, match="nothing-held"):
        regular(2026, paid((5, 1), (5, 1), (5, 1)), Work.GENERAL, {}, BOTH, FIGURES)


def test_the_fallback_is_not_for_a_revision() -> None:
    held = {s: Held(200_000, "2025-09") for s in (KENPO, KOUNEN)}
    months = paid((16, 400_000), (16, 400_000), (16, 400_000))
    assert not revision(months, Work.PART, held, 1, BOTH, FIGURES).due
    assert after_leave(months, Work.PART, held, BOTH, FIGURES).due


def test_a_revision_asks_for_fixed_pay_the_same_way_and_every_month() -> None:
    held = {s: Held(200_000, "2025-09") for s in (KENPO, KOUNEN)}
    up = paid((17, 300_000), (17, 300_000), (17, 300_000))
    assert revision(up, Work.GENERAL, held, 1, BOTH, FIGURES).due
    assert not revision(up, Work.GENERAL, held, -1, BOTH, FIGURES).due
    assert not revision(up, Work.GENERAL, held, 0, BOTH, FIGURES).due
    short = paid((17, 300_000), (16, 300_000), (17, 300_000))
    found = revision(short, Work.GENERAL, held, 1, BOTH, FIGURES)
    assert not found.due
    assert "3か月とも17日以上でない" in found.sentences()[-1]
    with pytest.raises(BadInput, match="not-three-months"):
        revision(up[:2], Work.GENERAL, held, 1, BOTH, FIGURES)


@pytest.mark.parametrize(
    ("joined", "ends"), [(date(2026, 5, 31), "2026-08"), (date(2026, 6, 1), "2027-08")]
)
def test_how_long_a_first_decision_holds(joined: date, ends: str) -> None:
    assert on_acquisition(joined, 260_000, BOTH).ends == ends


def test_the_tables_of_later_years_say_that_they_are_inference() -> None:
    for year, top, number in ((2027, 680_000, 33), (2028, 710_000, 34), (2029, 750_000, 35)):
        table = TABLES.grades.on(KOUNEN, date(year, 9, 1))
        assert (table.of(2_000_000).standard, len(table.grades)) == (top, number)
        assert not table.verified
        assert "厚生年金保険の標準報酬の表の境" in TABLES.unverified_on(date(year, 9, 1))
    assert TABLES.grades.on(KOUNEN, date(2027, 8, 31)).verified
    assert TABLES.unverified_on(DAY) == (
        "健康保険の表の外の等級の境",
        "厚生年金保険の表の外の等級の境",
        "短時間就労者で17日以上の月がないときの支払基礎日数",
        "産休・育休終了時改定に要る等級の差",
        "健康保険から後期高齢者医療へ移る年齢",
        "同じ月の育児休業で保険料が免除される日数",
    )
    with pytest.raises(BadInput, match="no-grade-table"):
        TABLES.grades.on(KOUNEN, date(2019, 1, 1))


def test_ages() -> None:
    assert reached(date(1956, 4, 1), 70) == date(2026, 3, 31)
    assert reached(date(1956, 2, 29), 70) == date(2026, 2, 28)
    assert late_elderly_from(date(1951, 6, 1), FIGURES) == date(2026, 6, 1)
    at = coverage(date(1956, 6, 2), DAY, FIGURES)
    assert (at.kenpo, at.kounen, at.over70) == (True, False, True)
    before = coverage(date(1956, 6, 3), DAY, FIGURES)
    assert (before.kounen, before.over70) == (True, False)


@settings(deadline=None)
@given(AMOUNTS)
def test_every_amount_has_the_one_band_that_holds_it(monthly: int) -> None:
    for table in BOTH:
        (grade,) = [
            g
            for g in table.grades
            if (g.lower is None or g.lower <= monthly) and (g.upper is None or monthly < g.upper)
        ]
        assert table.of(monthly) is grade
        assert 0 <= table.rank(monthly) - grade.number + 1 <= 2


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_more_pay_is_never_a_lower_grade(one: int, other: int) -> None:
    low, high = sorted((one, other))
    for table in BOTH:
        assert table.rank(low) <= table.rank(high)


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, AMOUNTS), min_size=3, max_size=3), st.sampled_from(Work))
def test_an_average_lies_between_its_months(rows: list[tuple[int, int]], work: Work) -> None:
    found = average_of(paid(*rows), work, FIGURES, fallback_allowed=True)
    if found.average is not None:
        totals = [p.total for p in found.used]
        assert min(totals) <= found.average <= max(totals)
        assert f"{found.average:,}円" in "".join(found.sentences())


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, st.sampled_from((-1, 1)))
def test_a_revision_moves_the_way_the_fixed_pay_did(now: int, then: int, way: int) -> None:
    held = {t.scheme: Held(t.of(now).standard, "2025-09", now) for t in BOTH}
    found = revision(paid(*[(30, then)] * 3), Work.GENERAL, held, way, BOTH, FIGURES)
    for change in found.changes:
        if change.revised:
            assert (change.rank_after - change.rank_before) * way >= FIGURES.grade_gap
            assert (change.after.number - change.before.number) * way >= 1
    assert len(found.sentences()) >= 4


@settings(deadline=None)
@given(st.integers(0, 99_999_999), st.integers(0, 6_000_000), st.integers(0, 2_000_000))
def test_a_bonus_keeps_under_its_ceilings(paid_out: int, year: int, month: int) -> None:
    found = standard_bonus(paid_out, FIGURES, kenpo_before=year, kounen_before=month)
    assert 0 <= paid_out - found.standard < 1_000
    assert 0 <= found.kenpo <= max(0, 5_730_000 - year)
    assert 0 <= found.kounen <= max(0, 1_500_000 - month)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 24))
def test_a_term_in_months_ends_the_day_before_or_at_the_end_of_a_month(
    start: date, months: int
) -> None:
    end, same = period_end(start, months), add_months(start, months)
    assert end == (same - timedelta(days=1) if same.day == start.day else same)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 900))
def test_premium_months_are_in_a_row_and_start_with_the_first(start: date, length: int) -> None:
    months = premium_months(start, start + timedelta(days=length))
    assert months[0] == f"{start:%Y-%m}"
    assert list(months) == sorted(set(months))


def test_half_a_yen_is_dropped() -> None:
    from fractions import Fraction

    assert [deducted(Fraction(n, 10)) for n in (105, 106, 110)] == [10, 11, 11]


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
)
def test_quick_widths_are_those_of_the_slow_way(text: str) -> None:
    from app.domain import kana

    assert kana.to_full_width(text) == kana._full(text)
    assert kana.to_half_kana(text) == kana._half(text)


@settings(deadline=None)
@given(st.text(alphabet="アガパヴァーん ゕゖヵ・Ａa１1゛゜ﾞﾟｶ　", max_size=12))
def test_quick_widths_of_kana_too(text: str) -> None:
    test_quick_widths_are_those_of_the_slow_way.hypothesis.inner_test(text)  # type: ignore[attr-defined]
