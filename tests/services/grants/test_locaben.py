"""ローカルベンチマーク: figures worked out by hand, the cuts, what is missing, and values of one's own."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import BLANK, Value
from app.services.grants.locaben import Benchmark, LocalBenchmark, load_local_benchmark, shown
from tests.services.grants.grant_samples import company

YEAR, BEFORE = "2026-03", "2025-03"
MILLION = 1_000_000
BOOKS: dict[str, Value] = {
    "revenues": 120 * MILLION,
    "costs": 80 * MILLION,
    "sga": 34 * MILLION,
    "employees_at_end": 10,
    "short_term_debt": 10 * MILLION,
    "long_term_liabilities": 25 * MILLION,
    "cash_and_deposits": 15 * MILLION,
    "depreciation_within_costs": 3 * MILLION,
    "depreciation_within_sga": 1 * MILLION,
    "accounts_receivable": 18 * MILLION,
    "notes_receivable": 2 * MILLION,
    "inventories": 5 * MILLION,
    "accounts_payable": 9 * MILLION,
    "bills_payable": 1 * MILLION,
    "total_assets": 80 * MILLION,
    "total_debt": 50 * MILLION,
}


@pytest.fixture
def benchmark(root: Path, catalogue: Catalogue) -> LocalBenchmark:
    return load_local_benchmark(root / "resources", catalogue)


def builder(catalogue: Catalogue, employees: int = 10, **other: Value | None) -> Graph:
    """A building firm with the year's books; `other` figures replace some, None leaves one out."""
    books = {**BOOKS, **other}
    facts: list[tuple[str, Value]] = [
        (f"financials.{name}[{YEAR}]", value) for name, value in books.items() if value is not None
    ]
    facts += [
        (f"financials.revenues[{BEFORE}]", 100 * MILLION),
        ("company.industry_code", "0611"),
        ("company.employee_count", employees),
        ("company.capital", 20 * MILLION),
    ]
    return company(catalogue, facts)


def scores(sheet: Benchmark) -> list[int | None]:
    return [row.score for row in sheet.rows]


def test_six_figures_by_hand(benchmark: LocalBenchmark, catalogue: Catalogue) -> None:
    sheet = benchmark.sheet(builder(catalogue), YEAR)
    assert [row.value for row in sheet.rows] == [20, 5, 600, 2, Fraction(3, 2), Fraction(75, 2)]
    assert [row.shown for row in sheet.rows] == [
        "20.00%", "5.00%", "600.00千円/人", "2.00倍", "1.50ヶ月", "37.50%",
    ]  # fmt: skip
    assert sheet.industry is not None
    assert (sheet.industry.code, sheet.scale) == ("0201", "小規模事業者")
    # 0201 建設業 小規模: 10.28 ≤ 20 < 26.13; 3.53 ≤ 5 < 8.51; 16.31 ≤ 600; 2 ≤ 3.01; 1.5 ≤ 3.04; 13.67 ≤ 37.5
    assert scores(sheet) == [4, 4, 3, 4, 2, 3]
    assert (sheet.total, sheet.grade) == (20, "B")
    assert sheet.rows[0].worked == "（1億2,000万円 ÷ 1億円 － 1）× 100"
    assert sheet.rows[3].worked == "（3,500万円 － 1,500万円）÷（600万円 ＋ 400万円）"
    assert "参考" in sheet.reference_label
    assert sheet.gaps == ()
    assert "売上高" in sheet.rows[0].explanation.children[0].label


def test_a_larger_firm_is_measured_by_other_values(
    benchmark: LocalBenchmark, catalogue: Catalogue
) -> None:
    sheet = benchmark.sheet(builder(catalogue, 30, employees_at_end=30), YEAR)
    assert sheet.scale == "中規模事業者"
    assert sheet.rows[2].value == 200
    # 中規模: 18.95 ≤ 20; 1.78 ≤ 5 < 5.41; -233.42 ≤ 200 < 660.67; 2 ≤ 2.56; 1.5 ≤ 1.97; 23.99 ≤ 37.5
    assert scores(sheet) == [5, 3, 2, 4, 3, 3]
    huge = benchmark.sheet(builder(catalogue, 400), YEAR)
    assert any("超える" in note for note in huge.notes) is False  # capital of 2,000万円 is within
    assert benchmark.sheet(builder(catalogue), YEAR, scale="中規模事業者").scale == "中規模事業者"


@pytest.mark.parametrize(
    ("revenue", "points"),
    [(126_130_000, 5), (126_129_999, 4), (110_280_000, 4), (98_170_000, 3), (86_730_000, 2), (86_729_999, 1)],
)  # fmt: skip
def test_exactly_on_a_cut_counts_as_reached(
    benchmark: LocalBenchmark, catalogue: Catalogue, revenue: int, points: int
) -> None:
    row = benchmark.sheet(builder(catalogue, revenues=revenue), YEAR).rows[0]
    assert row.score == points


def test_without_ebitda_there_is_no_score_and_no_grade(
    benchmark: LocalBenchmark, catalogue: Catalogue
) -> None:
    for loss in (44 * MILLION, 45 * MILLION):
        sheet = benchmark.sheet(builder(catalogue, sga=loss), YEAR)
        row = sheet.rows[3]
        assert (row.value, row.score, row.gaps) == (None, None, ())
        assert "EBITDA" in row.note
        assert (sheet.total, sheet.grade) == (None, None)
    thin = benchmark.sheet(builder(catalogue, sga=44 * MILLION - 1), YEAR)
    assert thin.rows[3].value == 20 * MILLION


def test_what_is_missing_is_named(benchmark: LocalBenchmark, catalogue: Catalogue) -> None:
    sheet = benchmark.sheet(
        builder(catalogue, total_debt=None, notes_receivable=None, bills_payable=BLANK), YEAR
    )
    assert sheet.gaps == (f"financials.notes_receivable[{YEAR}]", f"financials.total_debt[{YEAR}]")
    assert sheet.rows[5].note == "足りない項目を入れると計算します。"
    assert sheet.grade is None
    empty = benchmark.sheet(company(catalogue, []), YEAR)
    assert empty.gaps[0] == "company.industry_code"
    assert f"financials.revenues[{BEFORE}]" in empty.gaps
    assert not any(path.startswith("locaben.") for path in empty.gaps)
    blank = benchmark.sheet(builder(catalogue, revenues=BLANK), YEAR)
    assert "空欄" in blank.rows[1].note


def test_figures_can_be_tried_out_and_are_kept_nowhere(
    benchmark: LocalBenchmark, catalogue: Catalogue
) -> None:
    graph = builder(catalogue)
    before = graph.revision
    tried = benchmark.sheet(graph, YEAR, typed={f"financials.revenues[{YEAR}]": 130 * MILLION})
    assert [tried.rows[0].value, tried.rows[0].score] == [30, 5]
    assert graph.revision == before
    assert benchmark.sheet(graph, YEAR).rows[0].value == 20
    alone = benchmark.sheet(
        company(catalogue, []),
        YEAR,
        "0201",
        "小規模事業者",
        typed={f"financials.{n}[{YEAR}]": v for n, v in BOOKS.items() if isinstance(v, int)}
        | {f"financials.revenues[{BEFORE}]": 100 * MILLION},
    )
    assert (alone.total, alone.grade) == (20, "B")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"period": "2026"}, "年月"),
        ({"period": YEAR, "industry": "9999"}, "業種"),
        ({"period": YEAR, "scale": "大"}, "事業規模"),
        ({"period": YEAR, "typed": {"company.capital": 1}}, "項目ではありません"),
    ],
)
def test_what_there_is_not_is_refused(
    benchmark: LocalBenchmark, catalogue: Catalogue, call: Mapping[str, object], said: str
) -> None:
    with pytest.raises(BadInput) as fault:
        benchmark.sheet(builder(catalogue), **call)  # type: ignore[arg-type]
    assert said in fault.value.sentence


def test_values_of_ones_own_file_count(
    benchmark: LocalBenchmark, catalogue: Catalogue, root: Path
) -> None:
    text = (root / "resources/locaben/reference_values.csv").read_text("utf-8")
    old = "小規模事業者,revenueGrowth,①売上増加率,%,high,3.86,-13.27,-1.83,10.28,26.13"
    assert old in text
    own = text.replace(old, old.replace("26.13", "15.5"))
    benchmark.use_values(("\ufeff" + own).encode(), "locaben2026.csv")
    sheet = benchmark.sheet(builder(catalogue), YEAR)
    assert sheet.rows[0].score == 5
    assert "locaben2026.csv" in sheet.reference_label
    for broken, said in (
        (own.replace("15.5", "9.5"), "順に良くなっていません"),
        (own.replace("15.5", "十五"), "数として読めない"),
        (own.replace("median", "mean"), "列 median"),
        (own.replace("0201_", "0299_"), "業種か事業規模"),
        (text.splitlines()[0], "行がありません"),
    ):
        with pytest.raises(BadInput) as fault:
            benchmark.use_values(broken.encode(), "x.csv")
        assert said in fault.value.sentence


def workbook(root: Path, *, spoil: Callable[[list[str]], None] | None = None) -> bytes:
    """A workbook laid out as the ministry's: sheets of its own first, 【参照】 sheets with the values."""
    text = (root / "resources/locaben/reference_values.csv").read_text("utf-8")
    book = openpyxl.Workbook()
    book.active.title = "【入力】財務分析シート"
    book.active["A1"] = "=1+1"
    for scale in ("中規模事業者", "小規模事業者"):
        sheet = book.create_sheet(f"【参照】{scale[:3]} 基準値")
        sheet.append(["出典: 参考"])
        sheet.append(
            ["指標", "大分類", "小分類", "事業規模", "中央値", "標準偏差", "ⅳ", "ⅲ", "ⅱ", "ⅰ"]
        )
        for row in csv.DictReader(StringIO(text)):
            if row["scale"] != scale:
                continue
            minor = row["minor"] if scale == "中規模事業者" else row["minor"].partition("_")[2]
            cells = [row["indicator_label"], row["major"], minor, scale, row["median"], "",
                     *(row[c] for c in ("cut_iv_2pt", "cut_iii_3pt", "cut_ii_4pt", "cut_i_5pt"))]  # fmt: skip
            if spoil:
                spoil(cells)
            sheet.append(
                [
                    float(c) if n in (4, 6, 7, 8, 9) and _number(c) else c
                    for n, c in enumerate(cells)
                ]
            )
        sheet.append([None] * 10)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_the_ministrys_workbook_gives_the_same_values(
    benchmark: LocalBenchmark, root: Path
) -> None:
    shipped = dict(benchmark.reference.values)
    benchmark.use_values(workbook(root), "locaben.xlsm")
    read = benchmark.reference.values
    assert set(read) == set(shipped)
    assert len(read) == 27 * 2 * 6
    for key, cuts in read.items():
        assert (cuts.median, cuts.cuts, cuts.high) == (
            shipped[key].median, shipped[key].cuts, shipped[key].high,
        )  # fmt: skip
    assert "locaben.xlsm" in benchmark.reference.label


def test_a_workbook_that_does_not_stand_changes_nothing(
    benchmark: LocalBenchmark, root: Path
) -> None:
    before = benchmark.reference

    def wrong_scale(cells: list[str]) -> None:
        cells[3] = "大規模"

    def wrong_order(cells: list[str]) -> None:
        cells[6], cells[9] = cells[9], cells[6]

    def no_number(cells: list[str]) -> None:
        cells[7] = "不明"

    for spoil, said in (
        (wrong_scale, "業種か事業規模か指標"), (wrong_order, "順に良くなっていません"),
        (no_number, "数として読めない"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as fault:
            benchmark.use_values(workbook(root, spoil=spoil), "x.xlsm")
        assert said in fault.value.sentence
        assert "【参照】中規模 基準値" in fault.value.sentence
    empty = BytesIO()
    openpyxl.Workbook().save(empty)
    for content, code in (
        (empty.getvalue(), "locaben-values"), (b"PK\x03\x04 broken", "sheet-excel"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as fault:
            benchmark.use_values(content, "x.xlsx")
        assert fault.value.code == code
    assert benchmark.reference is before


def test_the_values_are_those_of_the_samples(root: Path, shared: Path) -> None:
    for name in ("reference_values.csv", "industries.csv"):
        ours = (root / "resources/locaben" / name).read_text("utf-8")
        assert ours == (shared / "samples/locaben" / name).read_text("utf-8")


def test_every_industry_has_all_values_and_every_code_a_place_or_a_question(
    benchmark: LocalBenchmark,
) -> None:
    reference = benchmark.reference
    assert len(reference.values) == 27 * 2 * 6
    for industry in reference.industries.values():
        assert industry.major in reference.sizes
        for scale in ("中規模事業者", "小規模事業者"):
            for indicator in benchmark.indicators:
                assert reference.cuts(industry.code, scale, indicator.key) is not None
    assert set(reference.jsic.values()) == set(reference.industries)
    found = {
        code: reference.industry_of(code)
        for code in ("0931", "5321", "7911", "7991", "E", "I", "x")
    }
    assert [place.code if place else None for place in found.values()] == [
        "0301", "0401", "1301", "1006", "0306", None, None,
    ]  # fmt: skip


def test_shown_figures_are_rounded_half_away_from_zero() -> None:
    assert shown(Fraction(12345, 1000), "%") == "12.35%"
    assert shown(Fraction(-12345, 1000), "%") == "－12.35%"
    assert shown(Fraction(-1, 1000), "倍") == "0.00倍"
    assert shown(Fraction(1234567), "千円/人") == "1,234,567.00千円/人"
