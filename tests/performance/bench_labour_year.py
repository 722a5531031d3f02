"""The first opening of 労働保険 年度更新 for 1,000 people, for `make bench ONLY=egov`.

Six sums over everybody for each of twelve months. CPU seconds, least of some rounds: a busy machine
judges as an idle one. People are generated: all stayed, some came or left, a bonus twice a year.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from app.domain.clock import JST, fixed_clock
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.forms.draft import Draft
from app.forms.library import ProcedureLibrary

RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources"
PROCEDURE = "mhlw/roudou_hoken_nendo_koushin"
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=JST)
MONTHS = (*(f"2025-{n:02d}" for n in range(4, 13)), "2026-01", "2026-02", "2026-03")
SUMS = ("workers", "wages", "bonuses", "insured", "insured_wages", "insured_bonuses")


def made_records(count: int) -> list[Record]:
    """A company of `count` people, whose wages of the year are all told."""
    told: dict[str, Value] = {
        "company.payroll.closing_day": 31,
        "company.payroll.months_later": 0,
        "company.labour_insurance.business_code": "94",
        "company.labour_insurance.employment_class": "general",
    }
    for n in range(count):
        me = f"employees[e{n}]."
        came = date(2025, 10, 1) if n % 10 == 3 else date(2010 + n % 14, 4, 1)
        told[me + "hired_on"] = came
        if n % 10:
            told[me + "employment_insurance.acquired_on"] = came
        else:
            told |= {me + "weekly_hours": 19 + n % 20, me + "weekly_minutes": 0}
        if n % 20 == 5:
            told[me + "left_on"] = told[me + "employment_insurance.lost_on"] = date(2025, 12, 31)
        for month in MONTHS:
            told[f"{me}pay[{month}]"] = 180_000 + n % 700 * 1_000
        for month in ("2025-07", "2025-12"):
            told[f"{me}bonus[{month}]"] = 300_000 + n
    return [Record(p, value, Origin.BOOKS, NOW, salt="0" * 32) for p, value in told.items()]


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(rounds: int = 5) -> list[tuple[str, float, str]]:
    """(name, measured, bar): the whole opening, its longest single fact, and how it grows."""
    catalogue = load_catalogue(RESOURCES)
    kind = ProcedureLibrary(RESOURCES, catalogue).load(PROCEDURE)
    clock = fixed_clock(NOW)
    records = {count: made_records(count) for count in (1_000, 4_000)}

    def graph(count: int) -> Graph:
        return Graph(catalogue, records[count], NOW.date())

    def opening(count: int) -> float:
        fresh = graph(count)
        return _seconds(lambda: Draft(kind, fresh, "", {}, NOW.date(), clock, "bench"))

    opening(1_000)
    took = min(opening(1_000) for _ in range(rounds))
    large = min(opening(4_000) for _ in range(2))
    facts = [f"company.labour_insurance.{name}[{month}]" for month in MONTHS for name in SUMS]
    longest = []
    for _ in range(rounds):
        fresh = graph(1_000)
        longest.append(max(_seconds(partial(fresh.fact, path)) for path in facts))
    return [
        ("first opening of a labour year of 1,000 people, s", took, "<= 0.3 s"),
        ("its longest single fact, ms", min(longest) * 1_000, "<= 16 ms"),
        ("4,000 people against four times 1,000", large / (4 * took), "<= 1.5 x"),
    ]
