"""Tables whose rows are months: counted from a date, ended by a condition, sent, drawn, printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST, fixed_clock
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record
from app.forms.cases import run_case
from app.forms.deadlines import due_after
from app.forms.draft import Draft
from app.forms.draft_parts import Cell
from app.forms.layout import load_layout
from app.forms.pack_fault import PackFault
from app.forms.parts import row_cell
from app.forms.payload_rules import load_payload_rules
from app.forms.printing import print_form
from app.forms.procedure import Procedure, load_procedure
from app.forms.rejections import load_rejections

LEAVING = "koyou_hoken_rishoku"
NOON = datetime(2026, 12, 1, 9, 0, tzinfo=JST)


@pytest.fixture(scope="module")
def leaving(resources: Path) -> Path:
    return resources / "procedures" / "mhlw" / LEAVING


@pytest.fixture(scope="module")
def form(leaving: Path, catalogue: Catalogue) -> Procedure:
    return load_procedure(leaving, catalogue)


Left = Callable[..., Draft]


@pytest.fixture
def left(form: Procedure, catalogue: Catalogue) -> Left:
    """A draft about somebody who left: (the last day, acquired on, closing day, pay type)."""

    def make(
        last: date, acquired: date, closing: int = 31, pay_type: str = "1", **more: Any
    ) -> Draft:
        told: dict[str, Any] = {
            "employees[k3x9].left_on": last,
            "employees[k3x9].hired_on": acquired,
            "employees[k3x9].employment_insurance.acquired_on": acquired,
            "employees[k3x9].pay_type": pay_type,
            "company.payroll.closing_day": closing,
            "company.payroll.months_later": 0,
            **{f"employees[k3x9].{path}": value for path, value in more.items()},
        }
        records = [Record(p, v, Origin.BOOKS, NOON, str(v)) for p, v in told.items()]
        graph = Graph(catalogue, records, NOON.date())
        return Draft(form, graph, "k3x9", {}, NOON.date(), fixed_clock(NOON), "山本")

    return make


def spans(draft: Draft, table: str) -> list[tuple[date, date]]:
    found = draft.cell(table).table
    assert found is not None
    return [(row.cells["kaishi"].value, row.cells["owari"].value) for row in found.rows]  # type: ignore[misc]


def counted(draft: Draft) -> list[Any]:
    found = draft.cell("santei").table
    assert found is not None
    return [row.cells["kikan"].value for row in found.rows]


def test_the_months_before_a_day_that_not_every_month_has(left: Left) -> None:
    """work8.jp 3672: 離職日 10月30日 → 9.30、8.31、7.31、6.30、5.31、4.30."""
    draft = left(date(2026, 10, 30), date(2020, 4, 1))
    starts = [start for start, _ in spans(draft, "santei")]
    assert starts[:6] == [
        date(2026, 9, 30), date(2026, 8, 31), date(2026, 7, 31),
        date(2026, 6, 30), date(2026, 5, 31), date(2026, 4, 30),
    ]  # fmt: skip
    ends = [end for _, end in spans(draft, "santei")]
    assert ends[0] == date(2026, 10, 30)
    assert all((a - b).days == 1 for a, b in zip(starts, ends[1:], strict=False))


@pytest.mark.parametrize(
    ("last", "first", "second"),
    [
        # the last day of a month: the months themselves
        (date(2026, 2, 28), date(2026, 2, 1), date(2026, 1, 1)),
        # 28 February of a leap year is not the last day: the 29th is the day after
        (date(2028, 2, 28), date(2028, 1, 29), date(2027, 12, 29)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 1, 1)),
        # 30 March: the 31st; February has none, so its last day
        (date(2026, 3, 30), date(2026, 2, 28), date(2026, 1, 31)),
        (date(2026, 4, 30), date(2026, 4, 1), date(2026, 3, 1)),
        (date(2026, 1, 15), date(2025, 12, 16), date(2025, 11, 16)),
    ],
)
def test_where_the_first_two_months_begin(
    left: Left, last: date, first: date, second: date
) -> None:
    starts = [start for start, _ in spans(left(last, date(2019, 4, 1)), "santei")]
    assert starts[:2] == [first, second]


@pytest.mark.parametrize(
    ("last", "closing", "wanted"),
    [
        (date(2026, 6, 20), 20, (date(2026, 5, 21), date(2026, 6, 20))),
        (date(2026, 6, 21), 20, (date(2026, 6, 21), date(2026, 6, 21))),
        (date(2026, 6, 19), 20, (date(2026, 5, 21), date(2026, 6, 19))),
        (date(2026, 6, 30), 31, (date(2026, 6, 1), date(2026, 6, 30))),
        (date(2026, 2, 28), 31, (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 3, 1), 30, (date(2026, 3, 1), date(2026, 3, 1))),
    ],
)
def test_the_first_period_of_pay_ends_on_the_last_day(
    left: Left, last: date, closing: int, wanted: tuple[date, date]
) -> None:
    assert spans(left(last, date(2019, 4, 1), closing), "chingin_kikan")[0] == wanted


def test_rows_end_where_the_insurance_began(left: Left) -> None:
    draft = left(date(2026, 6, 20), date(2026, 4, 10))
    assert spans(draft, "santei") == [
        (date(2026, 5, 21), date(2026, 6, 20)),
        (date(2026, 4, 21), date(2026, 5, 20)),
        (date(2026, 4, 10), date(2026, 4, 20)),
    ]
    assert spans(draft, "chingin_kikan")[-1] == (date(2026, 4, 10), date(2026, 4, 30))
    # 11 days of work in 11 days, but fewer than 15 days: nothing
    assert counted(draft) == [1, 1, 0]


def test_half_a_month_takes_fifteen_days_and_eleven_of_work(left: Left) -> None:
    assert counted(left(date(2026, 6, 20), date(2026, 6, 6)))[-1] == pytest.approx(0.5)
    assert counted(left(date(2026, 6, 20), date(2026, 6, 7)))[-1] == 0


def test_eleven_days_or_eighty_hours_make_a_month(left: Left) -> None:
    days = {"2026-06": 11, "2026-05": 10, "2026-04": 10, "2026-03": 9}
    told = {f"pay_days[{month}]": n for month, n in days.items()}
    draft = left(date(2026, 6, 30), date(2026, 3, 1), pay_type="4", **told)
    assert counted(draft) == [1, 0, 0, 0]
    draft.write_cell("santei", "2026-05", "jikan", "80")
    draft.write_cell("santei", "2026-04", "jikan", "79")
    assert counted(draft) == [1, 1, 0, 0]
    table = draft.cell("santei").table
    assert table is not None
    assert not table.row("2026-06").cells["jikan"].visible, "11 days: no hours are asked"
    missing = {p.code for p in draft.cell("santei").problems if p.code.endswith("missing")}
    assert missing == {"2026-03.jikan:missing"}


def test_more_rows_are_asked_for_when_a_month_does_not_count(left: Left) -> None:
    told = {f"pay_days[{y}-{m:02d}]": 20 for y in (2025, 2026) for m in range(1, 13)}
    told["pay_days[2026-02]"] = 3
    draft = left(date(2026, 6, 30), date(2020, 4, 1), pay_type="3", **told)
    assert len(spans(draft, "santei")) == 13, "twelve that count and one that does not"
    assert len(spans(draft, "chingin_kikan")) == 7
    draft.write_cell("santei", "2026-02", "jikan", "96")
    assert len(spans(draft, "santei")) == 12


def test_what_is_not_known_is_asked_row_by_row_and_becomes_a_fact(left: Left) -> None:
    draft = left(date(2026, 6, 30), date(2026, 5, 1), pay_type="3")
    codes = {p.code for p in draft.cell("chingin_kikan").problems}
    assert codes >= {"2026-06.nissuu:missing", "2026-06.kei:missing", "2026-05.kei:missing"}
    change = draft.write_cell("chingin_kikan", "2026-06", "kei", "123,456")
    assert [r.path for r in change.records] == ["employees[k3x9].closed_wages[2026-06]"]
    table = draft.cell("chingin_kikan").table
    assert table is not None
    cells: dict[str, Cell] = dict(table.row("2026-06").cells)
    assert (cells["kei"].value, cells["b_ran"].value, cells["a_ran"].value) == (
        123_456,
        123_456,
        None,
    )


def test_no_day_no_rows(left: Left, form: Procedure, catalogue: Catalogue) -> None:
    graph = Graph(catalogue, [], NOON.date())
    draft = Draft(form, graph, "k3x9", {}, NOON.date(), fixed_clock(NOON), "山本")
    table = draft.cell("santei").table
    assert table is not None
    assert table.rows == ()
    assert "santei" in draft.gaps() or "rishoku_bi" in draft.gaps()


def test_a_template_and_a_page_reach_the_cells_of_a_table(
    form: Procedure, catalogue: Catalogue, resources: Path
) -> None:
    run = run_case(form, catalogue, "part_timer")
    cell = run.draft.cell("santei")
    hours = row_cell(cell, 3, "jikan")
    assert hours is not None
    assert hours.value == 60
    assert row_cell(cell, 1, "jikan") is None, "hidden: nothing leaves and nothing is printed"
    assert row_cell(cell, 25, "nissuu") is None
    layout = load_layout(form)
    assert layout.pages == 3
    assert {box.page for box in layout.boxes if box.column} == {2, 3}
    pdf = print_form(form, run.draft.cells(), True, resources / "fonts")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 3


def read_whole(folder: Path, catalogue: Catalogue) -> None:
    """Everything of a folder that says how its form is filled, sent and drawn."""
    procedure = load_procedure(folder, catalogue)
    load_payload_rules(procedure)
    load_layout(procedure)


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("procedure.toml", 'months_from = "rishoku_bi"', 'months_from = "shimei"', "月を数える欄"),
        ("procedure.toml", 'months_from = "rishoku_bi"', 'months_from = "igi_nai"', "月を数える欄"),
        ("procedure.toml", "above('ruikei', 0)", "above('nai', 0)", "nai"),
        ("procedure.toml", "above('ruikei', 0)", "above(field.shimei, 0)", "列の id"),
        ("procedure.toml", "months = -24\nmonths_from", "months_from", "months"),
        ("procedure.toml", "days = 11", "days = 11\nday = 3", "どれか一つ"),
        ("certificate.xml", "{{santei.1.nissuu}}", "{{santei.1.nai}}", "部分"),
        ("certificate.xml", "{{santei.1.nissuu}}", "{{shimei.1.nissuu}}", "部分"),
        ("layout.toml", 'column = "nissuu"', 'column = "nai"', "nai"),
        ("layout.toml", "{ w = 17,", "{ w = 170,", "はみ出し"),
    ],
)
def test_a_fault_in_a_folder_is_named_with_its_file(
    leaving: Path, catalogue: Catalogue, tmp_path: Path, file: str, old: str, new: str, word: str
) -> None:
    copy = tmp_path / "mhlw" / LEAVING
    shutil.copytree(leaving, copy)
    path = copy / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackFault, match=word) as fault:
        read_whole(copy, catalogue)
    assert fault.value.file == file


def test_days_are_counted_from_the_day_after() -> None:
    assert due_after(date(2026, 6, 20), 11) == date(2026, 7, 1)
    assert due_after(date(2026, 6, 30), 11) == date(2026, 7, 13), "Saturday the 11th moves"
    assert due_after(date(2026, 12, 20), 11) == date(2027, 1, 4), "the year's end is closed"


def test_what_the_door_says_of_a_row_leads_to_its_table(form: Procedure) -> None:
    table = load_rejections(form)
    items = {
        "G-X-PRACTICE-1019202_1.算定対象期間1.基礎日数": "santei",
        "G-X-PRACTICE-1019202_1.算定対象期間13.労働時間数": "santei",
        "G-X-PRACTICE-1019202_1.賃金支払対象期間3.終了": "chingin_kikan",
        "G-X-PRACTICE-1019202_1.賃金支払対象期間24.賃金額計": "chingin_kikan",
        "G-X-PRACTICE-1019202_1.離職日の翌日.年": "rishoku_bi",
        "G-X-PRACTICE-1019201_1.被保険者番号.被保険者番号4桁": "hihokensha_bangou",
        "G-X-PRACTICE-1019201_1.離職等年月日.月": "rishoku_bi",
        "G-X-PRACTICE-1019201_1.事業主.氏名": "jigyounushi_shimei",
    }
    assert {item: table.field_for(item) for item in items} == items
