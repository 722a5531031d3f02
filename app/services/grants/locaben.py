"""ローカルベンチマーク: six indicators of one fiscal year, each with its formula, score and what is missing.

The indicators are derived facts (resources/facts/locaben.toml), exact fractions that are never rounded
before they are scored; only what is shown is rounded, a half away from zero (四捨五入). The grade
stands only where all six have a score. No score without a value: EBITDA of nought or less has none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from app.domain.clock import Clock, system_clock
from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.explain import Explanation
from app.facts.functions import round_half_up
from app.facts.graph import Graph
from app.facts.moments import moved_period
from app.facts.paths import is_period
from app.facts.record import Blank, Origin, Record, Value
from app.services.grants.locaben_reference import (
    SCALES,
    Cuts,
    Industry,
    Reference,
    load_reference,
)
from app.services.grants.wording import Shown, said

_SHOWN_STEP: Final = Fraction(1, 100)


@dataclass(frozen=True)
class Indicator:
    """One of the six, as resources/locaben/indicators.toml writes it."""

    key: str
    label: str
    view: str
    fact: str
    unit: str
    formula: str
    worked: str
    figures: Mapping[str, str]
    impossible: str


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the table and a spoke of the radar chart.

    `value` is exact, `shown` rounded half up to a hundredth with its unit ("" where there is none).
    `worked` is the formula with the figures put in. `gaps` are the facts to ask; `note` says why there is
    no value or no score. `cuts` run from ⅳ to ⅰ.
    """

    key: str
    label: str
    view: str
    formula: str
    worked: str
    value: Fraction | None
    shown: str
    unit: str
    median: Fraction | None
    cuts: tuple[Fraction, ...]
    high_is_better: bool
    score: int | None
    gaps: tuple[str, ...]
    note: str
    provisional: bool
    explanation: Explanation


@dataclass(frozen=True)
class Benchmark:
    """The sheet of one fiscal year. `grade` and `total` are None unless all six have a score."""

    period: str
    industry: Industry | None
    scale: str
    rows: tuple[IndicatorRow, ...]
    total: int | None
    grade: str | None
    reference_label: str
    notes: tuple[str, ...]
    gaps: tuple[str, ...]


class LocalBenchmark:
    """Makes the sheet from a company's facts, or from figures that are only tried out."""

    def __init__(
        self,
        catalogue: Catalogue,
        reference: Reference,
        table: Mapping[str, Any],
        clock: Clock = system_clock,
    ) -> None:
        self._catalogue = catalogue
        self.reference = reference
        self._mapping_label = str(table["mapping_label"])
        self._grades = [(str(name), int(least)) for name, least in table["grades"]]
        self.indicators = tuple(Indicator(**row) for row in table["indicator"])
        self._clock = clock

    def use_values(self, content: bytes, name: str) -> None:
        """Measures by the values of the user's own file from now on. Raises BadInput."""
        self.reference = self.reference.with_values(content, name)

    def industries(self) -> tuple[Industry, ...]:
        """The 27 industries to choose from."""
        return tuple(self.reference.industries.values())

    def sheet(
        self,
        graph: Graph,
        period: str,
        industry: str = "",
        scale: str = "",
        typed: Mapping[str, int] | None = None,
    ) -> Benchmark:
        """The sheet of the fiscal year that ends in `period` ("2026-03").

        `industry` (one of the 27 codes) and `scale` (中規模事業者 or 小規模事業者) stand in place of what
        the company's facts say. `typed` are figures by path ("financials.revenues[2026-03]") that
        count before the company's own and are kept nowhere.

        Raises:
            BadInput: a period, industry, size or path that there is not.
        """
        if not is_period(period):
            raise BadInput(
                "locaben-period",
                f"「{period}」は年月ではありません。2026-03 のように書いてください。",
            )
        figures = self._tried(graph, period, typed) if typed else graph
        trade, notes = self._industry(graph, industry)
        size, more = self._scale(graph, trade, scale)
        rows = tuple(self._row(one, figures, period, trade, size) for one in self.indicators)
        scores = [row.score for row in rows if row.score is not None]
        total = sum(scores) if len(scores) == len(rows) else None
        grade = None
        if total is not None:
            grade = next(name for name, least in self._grades if total >= least)
        else:
            more = (*more, "6つの点数がそろわないので、総合の評価は付けません。")
        gaps = [gap for row in rows for gap in row.gaps]
        if trade is None:
            gaps.insert(0, "company.industry_code")
        return Benchmark(
            period,
            trade,
            size,
            rows,
            total,
            grade,
            self.reference.label,
            (*notes, *more),
            tuple(dict.fromkeys(gaps)),
        )

    def _industry(self, graph: Graph, chosen: str) -> tuple[Industry | None, tuple[str, ...]]:
        if chosen:
            found = self.reference.industries.get(chosen)
            if found is None:
                raise BadInput(
                    "locaben-industry", f"業種「{chosen}」はローカルベンチマークにありません。"
                )
            return found, ()
        code = graph.fact("company.industry_code").value
        found = self.reference.industry_of(code) if isinstance(code, str) else None
        if found is None:
            return None, (
                "業種コードから27業種のどれに当たるか決まりません。業種を選んでください。",
            )
        return found, (self._mapping_label,)

    def _scale(
        self, graph: Graph, trade: Industry | None, chosen: str
    ) -> tuple[str, tuple[str, ...]]:
        medium, small = SCALES
        if chosen:
            if chosen not in SCALES:
                raise BadInput("locaben-scale", f"事業規模「{chosen}」はありません。")
            return chosen, ()
        if trade is None:
            return "", ()
        rule = self.reference.sizes[trade.major]
        count = graph.fact("company.employee_count").value
        capital = graph.fact("company.capital").value
        if not isinstance(count, int):
            return "", ("従業員数が分からないので、事業規模が決まりません。選んでください。",)
        if count <= rule.small_employees:
            return small, ()
        within = count <= rule.employees or (isinstance(capital, int) and capital <= rule.capital)
        over = "規模の表（中小企業）を超えるので、中規模事業者の値と比べています。"
        return medium, () if within else (over,)

    def _row(
        self, one: Indicator, graph: Graph, period: str, trade: Industry | None, scale: str
    ) -> IndicatorRow:
        path = _at(one.fact, period)
        fact = graph.fact(path)
        value = Fraction(fact.value) if isinstance(fact.value, int | Fraction) else None
        gaps = () if fact.known else _first(graph.gaps(path))
        cuts = self.reference.cuts(trade.code, scale, one.key) if trade and scale else None
        note = ""
        if isinstance(fact.value, Blank):
            note = "空欄と答えた項目があるので計算できません。"
        elif value is None:
            note = "足りない項目を入れると計算します。" if gaps else one.impossible
        elif cuts is None:
            note = "比べる参考値が決まらないので、点数を付けません。"
        return IndicatorRow(
            one.key,
            one.label,
            one.view,
            one.formula,
            said((one.worked,), lambda name: _figure(graph, one.figures[name], period)),
            value,
            shown(value, one.unit),
            one.unit,
            cuts.median if cuts else None,
            cuts.cuts if cuts else (),
            cuts.high if cuts else True,
            _score(value, cuts),
            gaps,
            note,
            fact.provisional,
            graph.explain(path),
        )

    def _tried(self, graph: Graph, period: str, typed: Mapping[str, int]) -> Graph:
        """A graph of the year's figures alone, the typed ones in place of the company's."""
        years = (period, moved_period(period, -12))
        records: list[Record] = []
        allowed = set()
        for pattern in self._catalogue.facts:
            if pattern.startswith(("financials.", "locaben.")) and pattern.endswith("[fy]"):
                for year in years:
                    path = _at(pattern, year)
                    allowed.add(path)
                    records += [] if path in typed else graph.records(path)
        now: datetime = self._clock()
        for path, value in typed.items():
            if path not in allowed:
                raise BadInput("locaben-typed", f"「{path}」は、この決算期の項目ではありません。")
            records.append(Record(path, value, Origin.TYPED, now))
        return Graph(self._catalogue, records, graph.reference_date)


def load_local_benchmark(
    resources: Path, catalogue: Catalogue, clock: Clock = system_clock
) -> LocalBenchmark:
    """The benchmark with the values that come with the program. Raises BadInput for a broken file."""
    folder = resources / "locaben"
    table = tomllib.loads((folder / "indicators.toml").read_text("utf-8"))
    reference = load_reference(folder, str(table["reference_label"]))
    return LocalBenchmark(catalogue, reference, table, clock)


def shown(value: Fraction | None, unit: str) -> str:
    """A figure rounded half up to a hundredth, with its unit: 12.35%."""
    if value is None:
        return ""
    rounded = Fraction(round_half_up(value, _SHOWN_STEP))
    whole, rest = divmod(abs(rounded) * 100, 100)
    sign = "－" if rounded < 0 else ""
    return f"{sign}{int(whole):,}.{int(rest):02d}{unit}"


def _score(value: Fraction | None, cuts: Cuts | None) -> int | None:
    return None if value is None or cuts is None else cuts.score(value)


def _at(pattern: str, period: str) -> str:
    """The concrete path of a pattern: [fy] the year itself, [fy-1] the one before."""
    return pattern.replace("[fy-1]", f"[{moved_period(period, -12)}]").replace(
        "[fy]", f"[{period}]"
    )


def _figure(graph: Graph, pattern: str, period: str) -> Shown:
    found: Value | None = graph.fact(_at(pattern, period)).value
    # A balance that was left blank counts as nought in the formulas.
    return 0 if isinstance(found, Blank) else found


def _first(sets: tuple[frozenset[str], ...]) -> tuple[str, ...]:
    """The set to ask: figures of the accounts themselves before sums that can be told in their place."""
    plain = [one for one in sets if not any(path.startswith("locaben.") for path in one)]
    chosen = (plain or list(sets) or [frozenset[str]()])[0]
    return tuple(sorted(chosen))
