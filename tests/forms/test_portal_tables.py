"""Tables in whatever shape a portal has them, and letters counted before anything is cut."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.facts.catalogue import Catalogue
from app.forms.cases import run_case
from app.forms.draft_parts import Cell
from app.forms.pack_fault import PackFault
from app.forms.portal import Page, load_portal
from app.forms.portal_entries import Entry, entries
from app.forms.procedure import Procedure, load_procedure

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FOLDER = RESOURCES / "procedures" / "chusho" / "jizokuka"
TOWN = {"chusho/jizokuka": "jizokuka", "jgrants/renshu_hojokin": "renshu"}


@pytest.fixture(scope="module")
def procedure(catalogue: Catalogue) -> Procedure:
    return load_procedure(FOLDER, catalogue)


@pytest.fixture(scope="module")
def cells(procedure: Procedure, catalogue: Catalogue) -> dict[str, Cell]:
    draft = run_case(procedure, catalogue, "third").draft
    return {cell.field.id: cell for cell in draft.cells()}


def page(rows: list[dict[str, Any]], *controls: dict[str, Any]) -> Page:
    made = {"id": "p", "heading": "x", "rows": rows, "controls": list(controls)}
    return Page.model_validate(made)


def told(found: list[Entry]) -> list[tuple[str, str, int]]:
    return [(e.control.within or e.control.label, e.text, e.row) for e in found]


def test_rows_that_hold_a_word_are_added_one_by_one(cells: dict[str, Cell]) -> None:
    only = {"field": "kako", "add": "追加", "only": {"column": "jigyousha", "is": "true"}}
    found = entries(
        page(
            [only],
            {"field": "kako", "label": "種類", "column": "@row"},
            {"field": "kako", "label": "報告", "column": "houkoku"},
            {"field": "kako_chigai", "label": "違い", "rows_of": "kako"},
        ),
        cells,
    )
    difference = cells["kako_chigai"].sent_text
    assert told(found) == [
        ("種類", "一般型", 0), ("種類", "低感染リスク型ビジネス枠", 1),
        ("報告", "提出した", 0), ("報告", "提出した", 1),
        ("違い", difference, 0), ("違い", difference, 1),
    ]  # fmt: skip
    assert all(e.several for e in found)


def test_rows_named_by_their_number_or_their_own_name(cells: dict[str, Cell]) -> None:
    found = entries(
        page(
            [],
            {"field": "shusshisha", "label": "出資者{n}の名称", "column": "meisho"},
            {"field": "kako", "label": "採択", "within": "{row}", "column": "jigyousha"},
        ),
        cells,
    )
    assert told(found) == [
        ("出資者1の名称", "山本　湊", 0), ("出資者2の名称", "山本　汐里", 0),
        ("一般型", "はい", 0), ("コロナ特別対応型", "いいえ", 0), ("低感染リスク型ビジネス枠", "はい", 0),
    ]  # fmt: skip
    assert not any(e.several for e in found)


def test_all_rows_in_one_control_and_too_long_for_it(cells: dict[str, Cell]) -> None:
    control = {"field": "shusshisha", "label": "出資者", "line": "{meisho}（{hiritsu}％）"}
    (one,) = entries(page([], control), cells)
    assert one.text == "山本　湊（66.666667％）\n山本　汐里（33.333333％）"
    assert one.leaves
    (held,) = entries(page([], {**control, "max": 20}), cells)
    assert held.held_back == "相手の欄は 20字までで、いま 34字あります"


def test_a_row_without_a_control_is_listed(cells: dict[str, Cell]) -> None:
    controls = [
        {"field": "shusshisha", "label": "名称", "column": "meisho", "row": 1},
        {"field": "shusshisha", "label": "比率", "column": "hiritsu", "row": 1},
    ]
    found = entries(page([], *controls), cells)
    assert [e.text for e in found] == ["山本　湊", "66.666667", "山本　汐里　33.333333"]
    assert found[-1].held_back == "相手の画面には 1行分の欄しかありません"


@pytest.mark.parametrize("name", TOWN)
def test_no_field_is_longer_than_the_portal_takes(name: str, catalogue: Catalogue) -> None:
    """The letters the practice portal counts are those of the folder, control by control."""
    portal = load_portal(load_procedure(RESOURCES / "procedures" / name, catalogue))
    assert portal is not None
    form = RESOURCES / "sandbox" / "portal" / "forms" / f"{TOWN[name]}.toml"
    pages = {p["key"]: p for p in tomllib.loads(form.read_text("utf-8"))["page"]}
    counted = 0
    for leaf in portal.pages:
        items = [i for b in pages.get(leaf.id, {}).get("block", ()) for i in b["fields"]]
        for control in leaf.controls:
            limits = {
                i["max"] for i in items
                if i["label"] == control.label and i.get("max") and i["kind"] != "file"
            }  # fmt: skip
            if len(limits) == 1 and control.kind == "text" and control.field != "keizoku_bangou":
                assert {control.max} == limits, (leaf.id, control.label)
                counted += 1
    assert counted >= 25


BROKEN = {
    "portal-longer": ("max = 2000", "max = 1999"),
    "portal-column-unknown": ('column = "kai"', 'column = "nai"'),
    "portal-rows-of": ('rows_of = "kako"', 'rows_of = "kako_aru"'),
    "portal-field-unknown": ('rows_of = "kako"', 'rows_of = "nai"'),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_table_that_does_not_stand_is_named(
    code: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    target = tmp_path / "chusho" / "jizokuka"
    target.mkdir(parents=True)
    (target / "procedure.toml").write_bytes((FOLDER / "procedure.toml").read_bytes())
    text = (FOLDER / "portal.toml").read_text("utf-8")
    old, new = BROKEN[code]
    assert old in text
    broken = text.replace(old, new, 1)
    (target / "portal.toml").write_text(broken, "utf-8")
    with pytest.raises(PackFault) as fault:
        load_portal(load_procedure(target, catalogue))
    assert fault.value.code == code
    assert new in broken.splitlines()[fault.value.line - 1]
