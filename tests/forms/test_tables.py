"""Tables: rows over facts, what is written in them, sums, checks, and one text for all of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clock import JST, fixed_clock
from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph, State
from app.facts.record import Origin, Record, Value
from app.forms.convert import convert, decimal_text, sent
from app.forms.draft import Draft
from app.forms.draft_parts import Answer, Earlier
from app.forms.fields import Field
from app.forms.pack_fault import PackFault
from app.forms.procedure import Procedure, load_procedure
from app.forms.tables import TableAnswer, WrittenRow, rows_of_value

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)
HEAD = """
id = "x/y"
title = "表の試し"
door_title = "表の試し"
proc_id = "X-PRACTICE-1"
form_id = "X-PRACTICE-1"
form_version = "0001"
form_name = "表の試し"
authority = "試し"
law = "試し"
edition = "1"
practice_only = true
in_force_from = 2026-01-01
door = "portal"
door_sentence = "試しです。"
[[sections]]
id = "s"
label = "部"
"""
BODY = """
[[sections.fields]]
id = "keihi"
label = "経費"
kind = "table"
max_rows = 4
sums = ["kingaku"]
carry = true
[[sections.fields.columns]]
id = "naiyou"
label = "内容"
kind = "text"
max_length = 10
[[sections.fields.columns]]
id = "tanka"
label = "単価"
kind = "yen"
min = 0
[[sections.fields.columns]]
id = "kazu"
label = "数"
kind = "integer"
[[sections.fields.columns]]
id = "kingaku"
label = "金額"
kind = "yen"
calc = "field.tanka * field.kazu"
[[sections.fields]]
id = "goukei"
label = "合計"
kind = "yen"
calc = "total(field.keihi, 'kingaku')"
[[sections.fields]]
id = "yakuin"
label = "役員"
kind = "table"
rows_from = "officers"
optional = true
[[sections.fields.columns]]
id = "yakushoku"
label = "役職"
kind = "text"
from = "officers[].title"
[[sections.fields.columns]]
id = "kenmu"
label = "兼務"
kind = "yes_no"
optional = true
[[sections.fields]]
id = "kessan"
label = "決算"
kind = "table"
fiscal_years = 3
optional = true
[[sections.fields.columns]]
id = "uriage"
label = "売上高"
kind = "yen"
unit = 1000
from = "financials.revenues[fy]"
"""


@pytest.fixture
def load(tmp_path: Path, catalogue: Catalogue) -> Callable[[str], Procedure]:
    def made(body: str) -> Procedure:
        folder = tmp_path / "x" / "y"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "procedure.toml").write_text(HEAD + body, "utf-8")
        return load_procedure(folder, catalogue)

    return made


@pytest.fixture
def draft(load: Callable[[str], Procedure], catalogue: Catalogue) -> Draft:
    return over(load(BODY), catalogue, {})


def over(
    procedure: Procedure,
    catalogue: Catalogue,
    facts: dict[str, Value],
    answers: dict[str, Answer] | None = None,
    earlier: dict[str, Earlier] | None = None,
) -> Draft:
    records = [Record(p, v, Origin.BOOKS, NOW, str(v)) for p, v in facts.items()]
    day = NOW.date()
    graph = Graph(catalogue, records, day)
    clock = fixed_clock(NOW)
    return Draft(procedure, graph, "", answers or {}, day, clock, "山本", earlier=earlier)


def row(draft: Draft, key: str, **texts: str) -> None:
    for column, text in texts.items():
        draft.write_cell("keihi", key, column, text)


def table(draft: Draft, field_id: str) -> Any:
    found = draft.cell(field_id).table
    assert found is not None
    return found


def test_rows_are_written_worked_out_and_summed(draft: Draft) -> None:
    assert draft.cell("goukei").value is None
    for text in ("１，０００", "2,500"):
        _, key = draft.add_row("keihi")
        row(draft, key, naiyou="品", tanka=text, kazu="3")
    assert [r.cells["kingaku"].value for r in table(draft, "keihi").rows] == [3000, 7500]
    assert draft.cell("goukei").value == 10_500
    assert draft.cell("keihi").problems == ()
    assert draft.once_only.typed == 6
    assert draft.once_only.filled == 9  # three worked out: two amounts and the sum


def test_a_row_begun_has_to_be_finished_and_an_empty_one_is_no_row(draft: Draft) -> None:
    _, one = draft.add_row("keihi")
    draft.add_row("keihi")
    row(draft, one, naiyou="とても長い内容を書いてしまった", tanka="abc")
    codes = {p.code for p in draft.cell("keihi").problems}
    assert codes == {"r1.naiyou:too-long", "r1.tanka:not-a-number", "r1.kazu:missing"}
    assert all(p.sentence.startswith("1行目") for p in draft.cell("keihi").problems)
    assert len(table(draft, "keihi").rows) == 2
    assert len(table(draft, "keihi").filled_rows) == 1


def test_rows_have_a_limit_and_undo_takes_them_back(draft: Draft) -> None:
    for _ in range(4):
        draft.add_row("keihi")
    with pytest.raises(BadInput, match="足せません"):
        draft.add_row("keihi")
    draft.remove_row("keihi", "r2")
    assert [r.key for r in table(draft, "keihi").rows] == ["r1", "r3", "r4"]
    draft.undo()
    assert [r.key for r in table(draft, "keihi").rows] == ["r1", "r2", "r3", "r4"]
    draft.move_row("keihi", "r4", -2)
    assert [r.key for r in table(draft, "keihi").rows] == ["r1", "r4", "r2", "r3"]
    draft.clear("keihi")
    assert not draft.cell("keihi").answered


def test_a_worked_out_cell_cannot_be_written(draft: Draft) -> None:
    _, key = draft.add_row("keihi")
    with pytest.raises(BadInput, match="計算"):
        draft.write_cell("keihi", key, "kingaku", "5")
    with pytest.raises(BadInput, match="計算"):
        draft.answer("goukei", "5")


def test_members_fill_rows_and_what_is_written_is_a_fact(
    load: Callable[[str], Procedure], catalogue: Catalogue
) -> None:
    draft = over(
        load(BODY), catalogue, {"officers[a].title": "社長", "officers[b].title": "監査役"}
    )
    rows = table(draft, "yakuin").rows
    assert [(r.key, r.cells["yakushoku"].value, r.given) for r in rows] == [
        ("a", "社長", True),
        ("b", "監査役", True),
    ]
    assert (draft.cell("yakuin").typed, draft.cell("yakuin").origin) == (False, Origin.BOOKS)
    change = draft.write_cell("yakuin", "b", "yakushoku", "取締役")
    assert [(r.path, r.value) for r in change.records] == [("officers[b].title", "取締役")]
    assert draft.graph.fact("officers[b].title").value == "取締役"
    change = draft.write_cell("yakuin", "b", "kenmu", "はい")
    assert change.records == ()
    assert table(draft, "yakuin").row("b").cells["kenmu"].value is True
    draft.remove_row("yakuin", "a")
    assert [r.key for r in table(draft, "yakuin").rows] == ["b"]
    assert draft.graph.members("officers") == ("a", "b")
    _, key = draft.add_row("yakuin")
    draft.write_cell("yakuin", key, "yakushoku", "会計参与")
    assert draft.graph.fact(f"officers[{key}].title").value == "会計参与"
    draft.undo()
    assert draft.graph.fact(f"officers[{key}].title").value is None


def test_fiscal_years_are_the_last_that_have_ended(
    load: Callable[[str], Procedure], catalogue: Catalogue
) -> None:
    facts: dict[str, Value] = {
        "company.fiscal_year_end_month": 9,
        "financials.revenues[2026-09]": 12_345_678,
        "financials.revenues[2025-09]": 11_000_000,
    }
    draft = over(load(BODY), catalogue, facts)
    rows = table(draft, "kessan").rows
    assert [r.label for r in rows] == ["2026年9月期", "2025年9月期", "2024年9月期"]
    assert rows[0].cells["uriage"].sent_text == "12346"
    draft.write_cell("kessan", "2024-09", "uriage", "9,500")
    assert draft.graph.fact("financials.revenues[2024-09]").value == 9_500_000
    with pytest.raises(BadInput):
        draft.add_row("kessan")


def test_an_emptied_cell_stays_empty_though_the_fact_is_known(
    load: Callable[[str], Procedure], catalogue: Catalogue
) -> None:
    draft = over(
        load(BODY), catalogue, {"officers[a].title": "社長", "officers[a].family_name": "山"}
    )
    draft.write_cell("yakuin", "a", "kenmu", "いいえ")
    draft.write_cell("yakuin", "a", "yakushoku", "")
    assert not table(draft, "yakuin").row("a").cells["yakushoku"].answered
    assert draft.graph.fact("officers[a].title").value == "社長"
    assert any(p.code == "a.yakushoku:missing" for p in draft.cell("yakuin").problems)


def test_an_earlier_filing_fills_rows_that_are_no_typing(
    load: Callable[[str], Procedure], catalogue: Catalogue
) -> None:
    procedure = load(BODY)
    first = over(procedure, catalogue, {})
    _, key = first.add_row("keihi")
    row(first, key, naiyou="品", tanka="100", kazu="2")
    value = first.cell("keihi").value
    assert isinstance(value, str)
    assert rows_of_value(procedure.field("keihi"), value) == (
        {"naiyou": "品", "tanka": "100", "kazu": "2", "kingaku": "200"},
    )
    second = over(procedure, catalogue, {}, earlier={"keihi": Earlier(value, "f1")})
    cell = second.cell("keihi")
    assert (cell.answered, cell.typed) == (True, False)
    assert second.once_only.typed == 0
    row(second, "r1", kazu="3")
    assert second.once_only.typed == 1
    assert second.cell("goukei").value == 300


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        (('from = "officers[].title"', 'from = "officers[].nothing"'), "pack-fact-unknown", "目録"),
        (('rows_from = "officers"', 'rows_from = "people"'), "pack-fact-unknown", "一覧"),
        (('rows_from = "officers"', ""), "pack-fact-subject", "対象"),
        (("fiscal_years = 3", "max_rows = 3"), "pack-fact-series", "年度"),
        (("field.tanka * field.kazu", "field.tanka * field.nai"), "pack-field-unknown", "nai"),
        (("total(field.keihi, 'kingaku')", "total(field.keihi)"), "pack-condition", "関数"),
        (('sums = ["kingaku"]', 'sums = ["naiyou"]'), "pack-value-error", "sums"),
        (("max_rows = 4", 'max_rows = 4\nrows_from = "officers"\nfiscal_years = 2'), "pack-value-error", "どれか一つ"),
        (('kind = "integer"', 'kind = "file"'), "pack-value-error", "列"),
    ],
)  # fmt: skip
def test_a_fault_names_file_and_line(
    load: Callable[[str], Procedure], change: tuple[str, str], code: str, word: str
) -> None:
    assert change[0] in BODY
    with pytest.raises(PackFault) as fault:
        load(BODY.replace(change[0], change[1], 1))
    assert fault.value.code == code
    assert fault.value.file == "procedure.toml"
    assert fault.value.line > 15
    assert word in str(fault.value)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
keys = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(keys, st.dictionaries(keys, texts, max_size=3)), max_size=6),
    st.lists(keys, max_size=3),
)
def test_what_is_written_has_one_text(
    rows: list[tuple[str, dict[str, str]]], without: list[str]
) -> None:
    unique = dict(rows)
    answer = TableAnswer(
        tuple(WrittenRow(key, cells) for key, cells in unique.items()), tuple(sorted(set(without)))
    )
    text = answer.to_text()
    assert TableAnswer.of(text) == answer
    assert TableAnswer.of(text).to_text() == text
    again = Answer.from_json(Answer("t", text, text, typed=True).to_json())
    assert again.value == text
    for key in unique:
        assert answer.with_cell(key, "c", "x").row(key).cells["c"] == "x"
        assert key not in {r.key for r in answer.without_row(key, given=False).rows}
        moved = answer.moved(key, 1)
        assert sorted(r.key for r in moved.rows) == sorted(unique)
    assert answer.free_key() not in {*unique, *without}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_table_or_refused_in_words(text: str) -> None:
    try:
        TableAnswer.of(text)
    except BadInput as fault:
        said = fault.sentence
    else:
        said = "。"
    assert said.endswith("。")


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_decimal_comes_back_as_it_was(number: int, places: int) -> None:
    field = Field(id="x", label="数", kind="decimal")
    value = Fraction(number, 10**places)
    assert convert(field, decimal_text(value, field)).value == value
    share = Field(id="x", label="率", kind="percent")
    assert sent(share, Fraction(1, 3)) == "33.333333"
    assert convert(share, "33.3％").value == Fraction(333, 1000)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 999)), max_size=4))
def test_the_sum_is_the_sum_of_its_rows(rows: list[tuple[int, int]]) -> None:
    procedure, catalogue = _loaded(Path(__file__).resolve().parents[2] / "resources")
    draft = over(procedure, catalogue, {})
    for price, count in rows:
        _, key = draft.add_row("keihi")
        row(draft, key, naiyou="品", tanka=str(price), kazu=str(count))
    wanted = sum(price * count for price, count in rows) if rows else None
    assert draft.cell("goukei").value == wanted
    stored = {i: Answer.from_json(a.to_json()) for i, a in draft.answers.items()}
    again = over(procedure, catalogue, {}, answers=stored)
    assert again.cell("keihi") == draft.cell("keihi")


_KEPT: dict[str, tuple[Procedure, Catalogue]] = {}


def _loaded(resources: Path) -> tuple[Procedure, Catalogue]:
    """The procedure of this file, loaded once for all examples."""
    if "x" not in _KEPT:
        folder = Path(tempfile.mkdtemp()) / "x" / "y"
        folder.mkdir(parents=True)
        (folder / "procedure.toml").write_text(HEAD + BODY, "utf-8")
        catalogue = load_catalogue(resources)
        _KEPT["x"] = (load_procedure(folder, catalogue), catalogue)
    return _KEPT["x"]


def test_a_conflict_between_books_and_typing_is_shown(
    load: Callable[[str], Procedure], catalogue: Catalogue
) -> None:
    draft = over(load(BODY), catalogue, {"officers[a].title": "社長"})
    draft.write_cell("yakuin", "a", "yakushoku", "会長")
    assert draft.cell("yakuin").state in (State.CONFLICTING, State.CONFIRMED, State.UNCONFIRMED)
    assert table(draft, "yakuin").row("a").cells["yakushoku"].value == "会長"
