"""Employees and pay from tables: headings, kinds of cells, bad rows, months, the second time, Excel."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from social_company import CATALOGUE, NOW, RESOURCES, TARO, company

from app.domain.errors import BadInput
from app.services.social.columns import Columns, load_column_words, remember, remembered
from app.services.social.people import people_of
from app.services.social.sheet_reading import rows_of
from app.services.social.table_preview import preview_of
from app.services.social.taking_in import TakenIn, take_in

WORDS = load_column_words(RESOURCES, CATALOGUE)
HEADINGS = "社員番号,氏名,氏名（カナ）,性別,生年月日,被保険者整理番号,2026年4月 支給額,2026年4月 支払基礎日数"
ROW = 'E01,年金　太郎,ねんきん　たろう,男性,H7.4.1,12,"260,000円",30'


def taken(text: str, graph: object = None, columns: Columns | None = None) -> TakenIn:
    rows = list(rows_of(text.encode("utf-8")))
    chosen = columns or WORDS.guess(rows[0])
    numbers = iter(f"m{n}" for n in range(99))
    return take_in(
        rows, chosen, WORDS, graph or company(), file_digest="f" * 64, now=NOW,  # type: ignore[arg-type]
        new_member=lambda: next(numbers),
    )  # fmt: skip


def test_headings_are_guessed_with_their_months() -> None:
    assert WORDS.guess(HEADINGS.split(",")).targets == (
        "@key", "@name", "@kana", "sex", "birth", "social_insurance.number", "pay[2026-04]",
        "pay_days[2026-04]",
    )  # fmt: skip
    assert WORDS.guess(["令和8年5月分 基本給", "よく分からない列", "基本給"]).targets == (
        "fixed_pay[2026-05]",
        "",
        "fixed_pay[month]",
    )


def test_a_row_becomes_a_person() -> None:
    found = taken(f"{HEADINGS}\n{ROW}\n")
    assert (found.bad, found.rows, found.good_rows, found.new, found.changed) == ((), 1, 1, 1, 0)
    graph = company()
    for record in found.records:
        graph.add(record)
    (person,) = people_of(graph)
    assert (person.name, person.kana, person.sex) == ("年金　太郎", "ネンキン　タロウ", "男")
    assert person.birth == date(1995, 4, 1)
    assert (person.pay["2026-04"].cash, person.pay["2026-04"].days) == (260_000, 30)
    assert found.records[0].locator == {"file": "f" * 64, "row": "2", "sha256": "f" * 64}


@pytest.mark.parametrize(
    ("cells", "heading", "words"),
    [
        ("E02,年金太郎,ネン キン,男,H7.4.1,12,1,30", "氏名", "姓と名の間に空白"),
        ("E02,年金 太郎,ネン キン,？,H7.4.1,12,1,30", "性別", "男・女のどれか"),
        ("E02,年金 太郎,ネン キン,男,H7.4.31,12,1,30", "生年月日", "という日はありません"),
        ("E02,年金 太郎,ネン キン,男,H7.4.1,ABC,1,30", "被保険者整理番号", "数字だけ"),
        ("E02,年金 太郎,ネン キン,男,H7.4.1,12,1.5,30", "2026年4月 支給額", "円未満"),
        ("E02,年金 太郎,ネン キン,男,H7.4.1,12,-1,30", "2026年4月 支給額", "0 以上"),
        (",年金 太郎,ネン キン,男,H7.4.1,12,1,30", "社員番号", "だれの行か"),
        (ROW, "社員番号", "二つあります"),
        ("E02,年金 太郎,ネン キン,男,H7.4.1,12,1,30,余り", "2026年4月 支払基礎日数", "列の多い"),
    ],
)
def test_a_bad_row_is_listed_and_no_part_of_it_taken(cells: str, heading: str, words: str) -> None:
    found = taken(f"{HEADINGS}\n{ROW}\n{cells}\n")
    assert [(b.row, b.heading) for b in found.bad] == [(3, heading)]
    assert words in found.bad[0].sentence
    assert (found.rows, found.good_rows, found.new) == (2, 1, 1)
    assert {r.locator["row"] for r in found.records} == {"2"}


def test_every_reason_of_a_row_is_told_at_once() -> None:
    found = taken(f"{HEADINGS}\nE1,一,二,三,四,五,六,七\n")
    assert [b.heading for b in found.bad] == HEADINGS.split(",")[1:]
    assert found.records == ()


def test_a_row_a_month() -> None:
    text = "社員番号,支給年月,支給額,支払基礎日数\nE1,2026-04,100,30\nE1,202605,110,31\nE1,令和8年6月,120,30\n"
    found = taken(text)
    assert (found.bad, found.new, found.good_rows) == ((), 1, 3)
    graph = company()
    for record in found.records:
        graph.add(record)
    assert {m: p.cash for m, p in people_of(graph)[0].pay.items()} == {
        "2026-04": 100, "2026-05": 110, "2026-06": 120,
    }  # fmt: skip
    assert taken(text + "E1,2026-04,1,30\nE1,夏,1,30\n").bad[1].heading == "支給年月"


def test_the_second_time_only_what_is_new_is_taken() -> None:
    graph = company()
    for record in taken(f"{HEADINGS}\n{ROW}\n").records:
        graph.add(record)
    again = taken(f"{HEADINGS}\n{ROW}\n", graph)
    assert (again.records, again.new, again.changed) == ((), 0, 0)
    assert again.same == 10
    raised = taken(f"{HEADINGS}\n{ROW.replace('260', '300')}\n", graph)
    assert [r.path for r in raised.records] == ["employees[m0].pay[2026-04]"]
    assert (raised.new, raised.changed) == (0, 1)


def test_people_may_be_told_by_their_insurance_number() -> None:
    found = taken("整理番号,住所\n12,東京都港区\n", company(taro=TARO))
    assert [r.path for r in found.records] == ["employees[taro].address"]


@pytest.mark.parametrize(
    ("headings", "targets", "code"),
    [
        (("氏名",), ("@name",), "column-key"),
        (("番号", "額"), ("@key", "pay[month]"), "column-month"),
        (("番号", "甲", "乙"), ("@key", "birth", "birth"), "column-twice"),
        (("番号", "個人番号"), ("@key", "my_number"), "column-target"),
        (("個人番号", "甲"), ("@key", "birth"), "column-my-number"),
        (("番号", "マイナンバー"), ("@key", "pension_number"), "column-my-number"),
        (("番号", "甲"), ("@key", "no_such_fact"), "column-target"),
        (("番号", "甲"), ("@key", "pay[2026-13]"), "column-month"),
    ],
)
def test_wrong_columns_are_refused(
    headings: tuple[str, ...], targets: tuple[str, ...], code: str
) -> None:
    with pytest.raises(BadInput, match=code):
        taken("x\n", columns=Columns(headings, targets))


def test_a_my_number_in_a_table_is_neither_shown_nor_guessed() -> None:
    rows = [("社員番号", "個人番号"), ("1", "123456789018"), ("2", ""), ("3",)]
    kept: Any = Kept()
    shown = preview_of("a.csv", rows, WORDS, kept)
    assert shown.rows == (("1", "*" * 12), ("2", ""), ("3",))
    assert shown.columns.targets == ("@key", "")


class Kept:
    """What `Meta` offers, in memory."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def get(self, name: str, default: str = "") -> str:
        return self.texts.get(name, default)

    def set(self, name: str, value: str) -> None:
        self.texts[name] = value


def test_columns_are_remembered_by_their_headings() -> None:
    meta, columns = Kept(), Columns(("番号", "謎の列"), ("@key", "address"))
    remember(meta, columns)  # type: ignore[arg-type]
    assert remembered(meta, ["番 号", "謎の列"]) is not None  # type: ignore[arg-type]
    assert remembered(meta, ["番号", "謎の列"]) == columns  # type: ignore[arg-type]
    assert remembered(meta, ["番号"]) is None  # type: ignore[arg-type]
    meta.texts = dict.fromkeys(meta.texts, "{broken")
    assert remembered(meta, ["番号", "謎の列"]) is None  # type: ignore[arg-type]


def workbook(rows: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_excel_cells_read_as_a_person_would_write_them() -> None:
    content = workbook(
        [
            ["番号", "日", "額", "有"],
            ["E1", date(2026, 4, 1), 260000.0, True],
            [None, None, 1.5, " x "],
        ]
    )
    assert list(rows_of(content)) == [
        ("番号", "日", "額", "有"),
        ("E1", "2026-04-01", "260000", "はい"),
        ("", "", "1.5", "x"),
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_of_any_common_kind(coding: str, mark: str) -> None:
    text = mark.join(["番号", "氏名"]) + "\r\n" + mark.join(["1", '"年金 太郎"']) + "\r\n"
    assert list(rows_of(text.encode(coding))) == [("番号", "氏名"), ("1", "年金 太郎")]


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no", b"a\0b", b"\xff\xfe\xff", b'a,"b\n', workbook([["a"]])[:-200]],
)
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadInput, match="sheet-"):
        list(rows_of(content))


def test_a_table_that_is_too_wide_is_refused() -> None:
    with pytest.raises(BadInput, match="sheet-large"):
        list(rows_of(b"," * 500))


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), max_size=9), max_size=6))
def test_no_table_breaks_the_reading(rows: list[list[str]]) -> None:
    whole = [tuple(HEADINGS.split(",")), *map(tuple, rows)]
    found = take_in(whole, WORDS.guess(whole[0]), WORDS, company(), file_digest="", now=NOW)
    bad = {b.row for b in found.bad}
    assert found.rows == found.good_rows + len(bad)
    assert {int(r.locator["row"]) for r in found.records}.isdisjoint(bad)


def test_the_words_lead_to_facts(resources: Path) -> None:
    for target in WORDS.words.values():
        WORDS.definition(target)
