"""ローカルベンチマーク of one open company: its fiscal years, the figures the sheet rests on, and what is typed.

A figure that is typed is either stated as a fact of the company, or only tried: then it counts on
this sheet alone, is kept nowhere, and is gone when the program is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from app.domain.clock import Clock, today
from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.facts.explain import Explanation
from app.facts.graph import Graph
from app.facts.paths import is_period, period_of
from app.facts.record import Blank, Record
from app.facts.speech import origin_sentence
from app.services.grants.locaben import (
    Benchmark,
    IndicatorRow,
    LocalBenchmark,
    load_local_benchmark,
    shown,
)

_YEARS_OFFERED: Final = 3
_LARGEST_FILE: Final = 4_000_000


@dataclass(frozen=True)
class Figure:
    """One figure the sheet rests on. `text` is as typed into a field ("" when missing), `origin` a
    word of `Origin` or ""; `tried` when it stands on this sheet only."""

    path: str
    label: str
    year: str
    unit: str
    text: str
    origin: str
    source: str
    where: str
    tried: bool

    @property
    def missing(self) -> bool:
        """Whether nobody has told it yet."""
        return not self.text


@dataclass(frozen=True)
class Choice:
    """What the sheet is made for: a fiscal year, and what stands in place of the company's facts."""

    period: str
    industry: str = ""
    scale: str = ""


class BenchmarkDesk:
    """The sheet of one open company. `answer` states a fact as typed (path, text)."""

    def __init__(
        self,
        resources: Path,
        catalogue: Catalogue,
        graph: Graph,
        answer: Callable[[str, str], Record],
        clock: Clock,
    ) -> None:
        self._resources = resources
        self._catalogue = catalogue
        self._graph = graph
        self._answer = answer
        self._clock = clock
        self._tried: dict[str, int] = {}

    @cached_property
    def _made(self) -> LocalBenchmark:
        return load_local_benchmark(self._resources, self._catalogue, self._clock)

    def periods(self) -> tuple[str, ...]:
        """The fiscal years to choose from, latest first: those with figures, and the last ones over."""
        known = {p for p in self._graph.periods("financials.") if is_period(p)}
        return tuple(sorted(known | set(self._ended()), reverse=True))

    def latest(self) -> str:
        """The year to begin with: the latest with figures, else the last one over; "" for none."""
        return next(iter(self._graph.periods("financials.")), next(iter(self._ended()), ""))

    def _ended(self) -> Iterator[str]:
        month = self._graph.fact("company.fiscal_year_end_month").value
        if not isinstance(month, int) or not 1 <= month <= 12:
            return
        day = today(self._clock)
        year = day.year if month < day.month else day.year - 1
        for back in range(_YEARS_OFFERED):
            yield f"{year - back:04d}-{month:02d}"

    def industries(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of the 27."""
        return tuple((one.code, one.name) for one in self._made.industries())

    def sheet(self, choice: Choice) -> Benchmark:
        """The sheet as it stands now. Raises BadInput."""
        return self._made.sheet(
            self._graph,
            choice.period,
            choice.industry,
            choice.scale,
            self._tried_for(choice.period),
        )

    def figures(self, sheet: Benchmark) -> list[Figure]:
        """What the sheet rests on: what is missing first, then what is known, each once."""
        missing = [gap for gap in sheet.gaps if gap.startswith(("financials.", "locaben."))]
        leaves = dict.fromkeys(leaf for row in sheet.rows for leaf in _leaves(row.explanation))
        known = [path for path in leaves if path not in missing]
        told = [self._figure(path) for path in (*missing, *known)]
        return [f for f in told if f.missing] + [f for f in told if not f.missing]

    def _figure(self, path: str) -> Figure:
        definition = self._catalogue.definition(path)
        fact = self._graph.fact(path)
        tried = path in self._tried
        value = self._tried[path] if tried else fact.value
        text = (
            "空欄" if isinstance(value, Blank) else f"{value:,}" if isinstance(value, int) else ""
        )
        record = None if tried else fact.record
        return Figure(
            path,
            definition.label,
            period_of(path),
            _unit(definition),
            text,
            "" if tried or record is None else str(record.origin.value),
            origin_sentence(record)
            if record
            else self._reckoned(path)
            if text and not tried
            else "",
            definition.where,
            tried,
        )

    def _reckoned(self, path: str) -> str:
        """Why a figure nobody stated is what it is."""
        return self._graph.explain(path).sentence

    def state(self, path: str, text: str) -> None:
        """States a figure as a fact of the company, typed. Raises BadInput."""
        self._read(path, text)
        self._answer(path, text)
        self._tried.pop(path, None)

    def try_out(self, path: str, text: str) -> None:
        """Lets a figure count on this sheet only; an empty text takes it back. Raises BadInput."""
        if text.strip():
            self._tried[path] = self._read(path, text)
        else:
            self._tried.pop(path, None)

    def forget_tried(self) -> None:
        """Takes back everything that was only tried."""
        self._tried.clear()

    def tried(self) -> int:
        """How many figures are only tried."""
        return len(self._tried)

    def use_file(self, path: Path) -> None:
        """Measures by the values of a CSV file (UTF-8 or CP932), or of the ministry's workbook, from now on.

        May take a second, so it belongs off the window's thread. Raises BadInput.
        """
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise BadInput(
                    "locaben-values", "ファイルが大きすぎます。基準値のファイルを選んでください。"
                )
            content = path.read_bytes()
        except OSError:
            raise BadInput(
                "locaben-values", f"{path.name} を開けません。場所を確かめてください。"
            ) from None
        self._made.use_values(content, path.name)

    def use_shipped(self) -> None:
        """Measures by the values that come with the program again."""
        self.__dict__.pop("_made", None)

    def own_values(self) -> bool:
        """Whether the values of a file of one's own are in use."""
        shipped = load_local_benchmark(self._resources, self._catalogue, self._clock)
        return self._made.reference.label != shipped.reference.label

    def pdf(self, sheet: Benchmark, company: str, *, practice: bool) -> bytes:
        """The sheet on paper. Raises FontMissing."""
        from app.forms.printing import PrintedRow, PrintedSection, print_proof

        def line(row: IndicatorRow) -> PrintedRow:
            score = "点数なし" if row.score is None else f"{row.score}点"
            median = shown(row.median, row.unit) or "なし"
            value = f"{row.shown or 'まだ出ません'}　中央値 {median}　{score}"
            return PrintedRow(row.label, value, row.worked or row.formula)

        total = f"{sheet.grade} ({sheet.total}点)" if sheet.grade else "6つの点数がそろっていません"
        trade = sheet.industry.name if sheet.industry else "まだ決まっていません"
        head = (
            PrintedRow("会社", company),
            PrintedRow("決算期", year_text(sheet.period)),
            PrintedRow("比べた業種と規模", f"{trade} {sheet.scale}"),
            PrintedRow("総合", total),
        )
        tried = f"この紙だけの数字が {self.tried()}つ入っています。" if self.tried() else ""
        notes = "".join((sheet.reference_label, "。", *sheet.notes, tried))
        return print_proof(
            "ローカルベンチマーク(参考)",
            "公式の様式ではありません。自分で読むための紙です。",
            (
                PrintedSection("表のもと", head),
                PrintedSection("6つの指標", tuple(line(row) for row in sheet.rows)),
                PrintedSection("ことわり", (), notes),
            ),
            practice,
            self._resources / "fonts",
        )

    def _read(self, path: str, text: str) -> int:
        from app.forms.convert import convert
        from app.forms.procedure import Field

        definition = self._catalogue.definition(path)
        field = Field.model_validate(
            {"id": "fact", "label": definition.label, "kind": definition.kind}
        )
        value = convert(field, text).value
        if not isinstance(value, int):
            raise BadInput("locaben-typed", f"{definition.label}を数字で入れてください。")
        return value

    def _tried_for(self, period: str) -> dict[str, int]:
        """What is tried for this year and the one before it."""
        before = f"{int(period[:4]) - 1:04d}{period[4:]}" if is_period(period) else ""
        return {p: v for p, v in self._tried.items() if period_of(p) in (period, before)}


def _leaves(told: Explanation) -> Iterator[str]:
    """The figures at the ends of an explanation."""
    if told.path.startswith("financials.") and (told.record is not None or not told.children):
        yield told.path
        return
    for child in told.children:
        yield from _leaves(child)


def year_text(period: str) -> str:
    """A fiscal year by the month it ends in: 2026年3月期."""
    return f"{period[:4]}年{int(period[5:])}月期"


def _unit(definition: FactDef) -> str:
    return "円" if definition.kind == "yen" else "人"
