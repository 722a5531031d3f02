"""Matching 20,000 grants against one company, for `make bench ONLY=grants`.

The grants are generated from a seed: the areas of the real records and their weights (half of them
nationwide), every band, some two hundred combinations of industries, titles of their own, a tenth of
them of schemes with rules. The company has five offices and fifty facts that matter.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.areas import BLOCKS, PREFECTURES
from app.domain.clock import JST, fixed_clock
from app.domain.grant import Grant, GrantSource
from app.domain.grant_words import BANDS, INDUSTRIES
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record
from app.services.grants.matching import Matching
from app.services.grants.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = 20_000
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)
_SCHEMES = ("小規模事業者持続化補助金", "ものづくり・商業・サービス生産性向上促進補助金", "IT導入補助金",
            "中小企業設備投資支援補助金")  # fmt: skip


def made_grants(count: int = COUNT, seed: int = 11) -> list[Grant]:
    """Grants as the real ones are spread, no two titles alike."""
    rng = random.Random(seed)
    areas: list[tuple[str, ...]] = [("全国",)] * 90
    areas += [(name,) for name in PREFECTURES] + [(name, *BLOCKS[name]) for name in BLOCKS]
    areas += [tuple(rng.sample(PREFECTURES, rng.randrange(2, 12))) for _ in range(40)]
    names = tuple(INDUSTRIES.values())
    trades: list[tuple[str, ...] | None] = [None, names, names]
    trades += [tuple(rng.sample(names, rng.randrange(1, 15))) for _ in range(200)]
    made = []
    for number in range(count):
        scheme = rng.choice(_SCHEMES) if rng.random() < 0.1 else "地域の事業を支える補助金"
        begins = NOW + timedelta(days=rng.randrange(-400, 30))
        made.append(
            Grant(
                key=f"jgrants:{number}",
                source=GrantSource.JGRANTS,
                id=str(number),
                title=f"【第{number}回】令和{rng.randrange(5, 9)}年度　{scheme}（{rng.randrange(900)}号）",
                areas=rng.choice(areas),
                employees=rng.choice([*BANDS, "従業員数の制約なし", ""]),
                starts=begins,
                ends=begins + timedelta(days=rng.randrange(20, 900)),
                industries=rng.choice(trades),
                purposes=("設備整備・IT導入をしたい",),
            )
        )
    return made


def made_company(catalogue: Catalogue, prefecture: str, code: str, employees: int) -> Graph:
    """A company that has told what the rules ask."""
    facts: list[tuple[str, Any]] = [
        ("company.head_office.prefecture", prefecture),
        ("company.industry_code", code),
        ("company.employee_count", employees),
        ("company.capital", 30_000_000),
        ("ownership.deemed_large", False),
        ("applicant.taxable_income_average", 20_000_000),
    ]
    facts += [(f"offices[o{n}].area", f"{place}中央区") for n, place in enumerate(PREFECTURES[:5])]
    return Graph(catalogue, [_typed(*fact) for fact in facts], NOW.date())


def _typed(path: str, value: Any) -> Record:
    return Record(path, value, Origin.TYPED, NOW, salt="0" * 32)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def _p95(figures: list[float]) -> float:
    return sorted(figures)[int(len(figures) * 0.95)]


def measure(rounds: int = 60) -> list[tuple[str, float, str]]:
    """(name, measured, bar): reading and judging all, another company, one changed fact, one verdict."""
    catalogue = load_catalogue(ROOT / "resources")
    rules = load_rules(ROOT / "resources", catalogue)
    grants = made_grants()
    companies = [
        made_company(catalogue, *told)
        for told in (("東京都", "2441", 22), ("福岡県", "5411", 101), ("高知県", "7621", 6))
    ]
    matching = Matching(rules, companies[0], catalogue, fixed_clock(NOW))
    first = _milliseconds(lambda: matching.load(grants))
    again = statistics.median(_milliseconds(lambda: matching.load(grants)) for _ in range(5))

    def whole(number: int) -> None:
        fresh = companies[number % len(companies)]
        matching.rebase(made_company(catalogue, "沖縄県", "0611", number) if number % 2 else fresh)
        matching.order()

    full = [_milliseconds(lambda n=n: whole(n)) for n in range(rounds)]
    graph = companies[0]
    matching.rebase(graph)
    changes: list[float] = []
    for number in range(rounds):
        told = (
            ("company.employee_count", 10 + 90 * (number % 9)),
            ("company.head_office.prefecture", PREFECTURES[number % 47]),
            ("company.industry_code", ("2441", "5411", "7621", "0611")[number % 4]),
        )[number % 3]
        graph.add(_typed(*told))
        changes.append(_milliseconds(lambda: (matching.refresh(), matching.order())))
    keys = matching.order()[:: COUNT // 200]
    verdicts = [_milliseconds(lambda k=key: matching.verdict(k)) for key in keys]
    return [
        ("20,000 grants read for the first time and judged", first, "<= 2000 ms"),
        ("20,000 grants read again and judged", again, "<= 300 ms"),
        (
            "full re-match of 20,000 grants and their order, median",
            statistics.median(full),
            "<= 300 ms",
        ),
        ("after one changed fact, with the order, median", statistics.median(changes), "<= 50 ms"),
        ("one verdict with reasons, p95", _p95(verdicts), "<= 16 ms"),
    ]
