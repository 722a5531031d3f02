"""The wages of an insurance year by the month they are closed in: who counts, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=JST)
ALWAYS = {"hired_on": date(2020, 4, 1), "employment_insurance.acquired_on": date(2020, 4, 1)}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(Path(__file__).resolve().parents[2] / "resources")


def year(
    catalogue: Catalogue, *, later: int = 0, company: dict[str, Any] | None = None, **people: Any
) -> Graph:
    told: dict[str, Any] = {"company.payroll.months_later": later, **(company or {})}
    for key, facts in people.items():
        told |= {f"employees[{key}].{leaf}": value for leaf, value in facts.items()}
    return Graph(
        catalogue, [Record(p, v, Origin.TYPED, NOW, str(v)) for p, v in told.items()], NOW.date()
    )


def of(graph: Graph, name: str, month: str) -> Any:
    return graph.fact(f"company.labour_insurance.{name}[{month}]").value


def pay(*months: str, yen: int = 100_000) -> dict[str, int]:
    return {f"pay[{month}]": yen for month in months}


def test_pay_counts_in_the_month_it_is_closed_not_paid(catalogue: Catalogue) -> None:
    graph = year(catalogue, later=1, a=ALWAYS | pay("2026-04"))
    assert of(graph, "wages", "2026-03") == 100_000, "closed in March, paid in April"
    assert of(graph, "wages", "2026-04") is None, "what is paid in May is not known yet"


def test_a_month_somebody_has_no_pay_in_stays_open(catalogue: Catalogue) -> None:
    graph = year(catalogue, a=ALWAYS | pay("2025-05"), b=ALWAYS)
    assert of(graph, "wages", "2025-05") is None
    missing = {
        path for gap in graph.gaps("company.labour_insurance.wages[2025-05]") for path in gap
    }
    assert "employees[b].pay[2025-05]" in missing


def test_who_came_and_who_left_in_the_year(catalogue: Catalogue) -> None:
    came = {"hired_on": date(2025, 6, 16), "employment_insurance.acquired_on": date(2025, 6, 16)}
    gone = ALWAYS | {"left_on": date(2025, 6, 20)}
    graph = year(
        catalogue,
        came=came | pay("2025-06", "2025-07"),
        gone=gone | pay("2025-05", "2025-06", yen=70_000) | {"pay[2025-07]": 5_000},
    )
    assert [of(graph, "wages", m) for m in ("2025-05", "2025-06", "2025-07")] == [
        70_000, 170_000, 105_000,
    ]  # fmt: skip
    assert of(graph, "wages", "2025-04") is None, "the one who was there has no pay in April"
    # counted on the last day: 30 June has the one who came, 31 May the one who left
    assert [of(graph, "workers", m) for m in ("2025-05", "2025-06")] == [1, 1]
    assert [of(graph, "insured", m) for m in ("2025-05", "2025-06")] == [1, 1]


def test_the_last_day_of_a_month_counts_and_the_day_before_does_not(catalogue: Catalogue) -> None:
    graph = year(
        catalogue,
        a=ALWAYS | {"left_on": date(2025, 6, 30)},
        b=ALWAYS | {"left_on": date(2025, 6, 29)},
        c={"hired_on": date(2025, 6, 30), "weekly_hours": 20, "weekly_minutes": 0},
    )
    assert of(graph, "workers", "2025-06") == 2
    assert of(graph, "insured", "2025-06") == 2, "20 hours a week, from the day of hiring"


def test_short_hours_are_in_one_insurance_only(catalogue: Catalogue) -> None:
    short = {"hired_on": date(2024, 1, 1), "weekly_hours": 19, "weekly_minutes": 30}
    graph = year(catalogue, a=ALWAYS | pay("2025-05"), b=short | pay("2025-05", yen=60_000))
    assert (of(graph, "wages", "2025-05"), of(graph, "insured_wages", "2025-05")) == (
        160_000,
        100_000,
    )
    assert (of(graph, "workers", "2025-05"), of(graph, "insured", "2025-05")) == (2, 1)


def test_hours_nobody_told_leave_only_the_insured_open(catalogue: Catalogue) -> None:
    graph = year(catalogue, b={"hired_on": date(2024, 1, 1)} | pay("2025-05"))
    assert of(graph, "wages", "2025-05") == 100_000
    assert of(graph, "insured_wages", "2025-05") is None


def test_somebody_whose_hours_were_cut_is_insured_no_more(catalogue: Catalogue) -> None:
    cut = ALWAYS | {"employment_insurance.lost_on": date(2025, 5, 31)}
    graph = year(catalogue, a=cut | pay("2025-05", "2025-06"))
    assert [of(graph, "wages", m) for m in ("2025-05", "2025-06")] == [100_000, 100_000]
    assert [of(graph, "insured_wages", m) for m in ("2025-05", "2025-06")] == [100_000, 0]


def test_what_a_leaver_is_paid_afterwards_is_insured_too(catalogue: Catalogue) -> None:
    left = ALWAYS | {
        "left_on": date(2025, 5, 25), "employment_insurance.lost_on": date(2025, 5, 25),
    }  # fmt: skip
    graph = year(catalogue, a=left | pay("2025-05", "2025-06", yen=30_000))
    assert [of(graph, "insured_wages", m) for m in ("2025-05", "2025-06")] == [30_000, 30_000]


def test_directors_count_nowhere_and_old_people_like_all_others(catalogue: Catalogue) -> None:
    director = {"labour_covered": False, "hired_on": date(2015, 1, 1), "bonus[2025-07]": 900_000}
    old = ALWAYS | {
        "birth": date(1950, 1, 1),
        "bonus[2025-07]": 50_000,
        "bonus_in_kind[2025-07]": 1,
    }
    graph = year(catalogue, a=director, b=old | pay("2025-07") | {"pay_in_kind[2025-07]": 2_500})
    assert of(graph, "wages", "2025-07") == 102_500
    assert of(graph, "insured_wages", "2025-07") == 102_500
    assert of(graph, "bonuses", "2025-07") == 50_001
    assert of(graph, "insured_bonuses", "2025-07") == 50_001
    assert (of(graph, "workers", "2025-07"), of(graph, "insured", "2025-07")) == (1, 1)


def test_a_month_that_a_person_told_counts_before_the_sum(catalogue: Catalogue) -> None:
    told = {"company.labour_insurance.wages[2025-05]": 1_234_567}
    graph = year(catalogue, company=told, a=ALWAYS | pay("2025-05"))
    assert of(graph, "wages", "2025-05") == 1_234_567


@pytest.mark.parametrize(
    ("business", "year_", "rousai", "kind", "employment"),
    [
        ("41", "2025-03", "5.5", "general", "15.5"),
        ("41", "2026-03", "5.5", "general", "14.5"),
        ("41", "2027-03", "5.5", "general", "13.5"),
        ("94", "2026-03", "3", "agriculture_sake", "16.5"),
        ("35", "2026-03", "9.5", "construction", "17.5"),
        ("35", "2027-03", "9.5", "construction", "16.5"),
        ("24", "2026-03", "2.5", "agriculture_sake", "16.5"),
        ("00", "2026-03", None, "general", "14.5"),
        ("41", "2028-03", None, "general", None),
    ],
)
def test_the_rates_of_a_year(
    catalogue: Catalogue,
    business: str,
    year_: str,
    rousai: str | None,
    kind: str,
    employment: str | None,
) -> None:
    """徴収法施行規則 別表第一, 雇用保険率: what was in force on 31 March; none where no table reaches."""
    told = {
        "company.labour_insurance.business_code": business,
        "company.labour_insurance.employment_class": kind,
    }
    graph = year(catalogue, company=told)
    assert of(graph, "rousai_rate", year_) == (Fraction(rousai) if rousai else None)
    assert of(graph, "employment_rate", year_) == (Fraction(employment) if employment else None)


def test_every_rate_is_that_of_the_reference_table(catalogue: Catalogue, shared: Path) -> None:
    import csv

    with (shared / "samples/social/rousai_rates.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 55
    for row in rows:
        entry = catalogue.parameters[f"labour_insurance.rousai.{row['code']}"].on(date(2026, 4, 1))
        assert entry is not None
        assert entry.value == Fraction(row["per_1000"]) / 1000, row
        assert entry.valid_from == date.fromisoformat(row["valid_from"])
        assert entry.valid_to == date.fromisoformat(row["valid_to"])
