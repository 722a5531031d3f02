"""The 28 cases of the reference, one test each. The expected words stand here, beside what is computed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.periods import add_months, period_end
from app.domain.social.average import PayMonth, Work
from app.domain.social.bonus import standard_bonus
from app.domain.social.decisions import Held, revision
from app.domain.social.figures import Figures
from app.domain.social.grades import KENPO, KOUNEN
from app.domain.social.qualification import (
    childcare_exemption,
    loss_by_leaving,
    maternity_exemption,
    premium_months,
    reached,
)
from app.services.social.tables import SocialTables, load_tables

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def tables(resources: Path) -> SocialTables:
    return load_tables(resources)


@pytest.fixture(scope="module")
def figures(tables: SocialTables) -> Figures:
    return tables.figures(DAY)


# id, scheme, 報酬月額 now, average, (real grades before, after), revised
BOUNDARIES = [
    ("R1", KENPO, 1_300_000, 1_420_000, (49, 50), True),
    ("R2", KENPO, 1_300_000, 1_400_000, (49, 50), False),
    ("R3", KENPO, 50_000, 65_000, (1, 2), True),
    ("R4", KENPO, 1_420_000, 1_300_000, (50, 49), True),
    ("R5", KENPO, 1_360_000, 1_300_000, (50, 49), False),
    ("R6", KENPO, 70_000, 52_000, (2, 1), True),
    ("R7", KOUNEN, 620_000, 670_000, (31, 32), True),
    ("R8", KOUNEN, 650_000, 900_000, (32, 32), False),
    ("R9", KOUNEN, 80_000, 95_000, (1, 2), True),
]


@pytest.mark.parametrize(("name", "scheme", "now", "average", "real", "revised"), BOUNDARIES)
def test_boundaries_of_the_grade_change(
    tables: SocialTables,
    figures: Figures,
    name: str,
    scheme: str,
    now: int,
    average: int,
    real: tuple[int, int],
    revised: bool,
) -> None:
    table = tables.grades.on(scheme, DAY)
    held = {scheme: Held(table.of(now).standard, "2025-09", now)}
    months = [PayMonth(m, 30, average) for m in ("2026-03", "2026-04", "2026-05")]
    found = revision(
        months, Work.GENERAL, held, 1 if average > now else -1, tables.both(DAY), figures
    )
    (change,) = found.changes
    assert (change.before.number, change.after.number) == real
    assert (found.due, change.revised) == (revised, revised)
    told = "".join(found.sentences())
    assert f"{real[0]}等級" in told
    beyond = not 53_000 <= now < 1_415_000 or not 53_000 <= average < 1_415_000
    if scheme == KOUNEN:
        beyond = not 83_000 <= now < 665_000 or not 83_000 <= average < 665_000
    assert ("確認の済んでいない読み方" in told) == beyond


def test_r8_changes_kenpo_alone(tables: SocialTables, figures: Figures) -> None:
    held = {s: Held(650_000, "2025-09", 650_000) for s in (KENPO, KOUNEN)}
    months = [PayMonth(m, 30, 900_000) for m in ("2026-03", "2026-04", "2026-05")]
    found = revision(months, Work.GENERAL, held, 1, tables.both(DAY), figures)
    assert found.due
    assert found.kenpo_only


def test_d1_sum_of_premiums(tables: SocialTables, resources: Path) -> None:
    from app.facts.catalogue import load_catalogue

    day = date(2026, 5, 1)
    names = ("kaigo", "kodomo_shienkin", "kounen", "kodomo_kyoshutsukin")
    rates = [tables.rates.on(name, day) for name in names]
    rates.append(tables.rates.on("kenpo", day, "13東京"))
    general = load_catalogue(resources).parameters["employment_insurance.rate.general"]
    koyou = general.on(day)
    assert koyou is not None
    total = sum((r.value for r in rates if r), Fraction(koyou.value))
    assert total == Fraction(3171, 10000)
    assert total * 300_000 == 95_130


@pytest.mark.parametrize(
    ("name", "joined", "left", "months"),
    [
        ("D2", date(2026, 3, 1), date(2026, 3, 31), ("2026-03",)),
        ("D3", date(2026, 2, 1), date(2026, 3, 30), ("2026-02",)),
        ("D4", date(2026, 3, 5), date(2026, 3, 20), ("2026-03",)),
    ],
)
def test_months_with_a_premium(
    name: str, joined: date, left: date, months: tuple[str, ...]
) -> None:
    assert premium_months(joined, loss_by_leaving(left)) == months


def test_d5_childcare_of_14_days_in_one_month(figures: Figures) -> None:
    found = childcare_exemption(date(2026, 3, 15), date(2026, 3, 28), figures)
    assert (found.months, found.bonuses) == (("2026-03",), False)
    shorter = childcare_exemption(date(2026, 3, 15), date(2026, 3, 27), figures)
    assert shorter.months == ()
    worked = childcare_exemption(date(2026, 3, 15), date(2026, 3, 28), figures, worked_days=1)
    assert worked.months == ()


def test_d6_childcare_over_the_end_of_a_month(figures: Figures) -> None:
    found = childcare_exemption(date(2026, 3, 31), date(2026, 3, 31), figures)
    assert (found.months, found.bonuses) == (("2026-03",), False)


def test_d7_maternity_inside_one_month() -> None:
    assert maternity_exemption(date(2026, 3, 2), date(2026, 3, 30)).months == ()


def test_d8_forty_on_the_day_before_the_birthday(figures: Figures) -> None:
    assert reached(date(1986, 4, 1), figures.kaigo_from_age) == date(2026, 3, 31)


def test_d9_bonus_without_its_fraction(figures: Figures) -> None:
    assert standard_bonus(1_234_567, figures).standard == 1_234_000


def test_d10_bonus_up_to_the_ceilings(figures: Figures) -> None:
    found = standard_bonus(1_000_000, figures, kenpo_before=5_000_000)
    assert (found.kenpo, found.kounen) == (730_000, 1_000_000)
    assert standard_bonus(1_600_000, figures).kounen == 1_500_000


def _t09() -> list[date]:
    return [add_months(date(2026, 4, 1), 3 * k + 2) - timedelta(days=1) for k in (1, 2, 3)]


DEADLINES: dict[str, Callable[[], date | list[date]]] = {
    "X1": lambda: period_end(date(2026, 4, 1), 2),
    "X2": lambda: period_end(date(2026, 10, 1), 2),
    "X3": lambda: period_end(date(2027, 3, 1), 2),
    "X4": lambda: period_end(date(2026, 4, 1), 8),
    "X5": _t09,
    "X6": lambda: period_end(date(2026, 4, 1), 4),
    "X7": lambda: min(add_months(date(2026, 4, 1), 3), date(2027, 3, 31)) - timedelta(days=1),
    "X8": lambda: loss_by_leaving(date(2026, 6, 30)) + timedelta(days=10),
    "X9": lambda: loss_by_leaving(date(2026, 6, 30)) + timedelta(days=5),
}
EXPECTED = {
    "X1": "2026-05-31", "X2": "2026-11-30", "X3": "2027-04-30", "X4": "2026-11-30",
    "X5": "2026-08-31 2026-11-30 2027-02-28", "X6": "2026-07-31", "X7": "2026-06-30",
    "X8": "2026-07-11", "X9": "2026-07-06",
}  # fmt: skip


@pytest.mark.parametrize("name", DEADLINES)
def test_raw_deadlines(name: str) -> None:
    found = DEADLINES[name]()
    days = found if isinstance(found, list) else [found]
    assert " ".join(d.isoformat() for d in days) == EXPECTED[name]


def test_every_case_of_the_reference_stands_here(shared: Path) -> None:
    """The ids and the expected dates are those of the shared table, so that no case is left out."""
    with (shared / "samples/social/test_vectors.csv").open(encoding="utf-8-sig") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    ours = {b[0] for b in BOUNDARIES} | {f"D{n}" for n in range(1, 11)} | set(DEADLINES)
    assert set(rows) == ours
    for name, days in EXPECTED.items():
        assert re.findall(r"\d{4}-\d\d-\d\d", rows[name]["expected"]) == days.split()
