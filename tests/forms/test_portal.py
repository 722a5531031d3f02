"""A portal's pages as data: read, refused with a line, and turned into what leaves for one page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.facts.catalogue import Catalogue
from app.forms.draft import Draft
from app.forms.pack_fault import PackFault
from app.forms.portal import Control, load_portal
from app.forms.portal_entries import entries, written
from app.forms.procedure import Procedure, load_procedure

PORTAL = """
portal = "jgrants"
start = "/apply"
expired = "時間切れ"

[[pages]]
id = "person"
heading = "被保険者"

[[pages.controls]]
field = "shimei"
label = "氏名"
within = "被保険者"

[[pages.controls]]
field = "seinengappi"
label = "生年月日"
transform = "slash_date"

[[pages.controls]]
field = "shutoku_kubun"
label = "取得区分"
kind = "choice"
words = { "1" = "新規に取得" }

[[pages.controls]]
field = "hihokensha_bangou"
label = "被保険者番号"

[receipt]
heading = "受け付けました"
number = "受付番号"
"""


@pytest.fixture
def form(folder: Path, catalogue: Catalogue, tmp_path: Path) -> Callable[[str], Procedure]:
    def make(text: str) -> Procedure:
        target = tmp_path / folder.parent.name / folder.name
        shutil.copytree(folder, target, dirs_exist_ok=True)
        (target / "portal.toml").write_text(text, "utf-8")
        return load_procedure(target, catalogue)

    return make


def test_what_leaves_for_a_page(form: Callable[[str], Procedure], ready: Draft) -> None:
    portal = load_portal(form(PORTAL))
    assert portal is not None
    cells = {cell.field.id: cell for cell in ready.cells()}
    found = entries(portal.pages[0], cells)
    told = [(e.field_id, e.text, e.held_back) for e in found]
    assert told[0][1] == cells["shimei"].sent_text
    assert told[1] == ("seinengappi", cells["seinengappi"].value.strftime("%Y/%m/%d"), "")  # type: ignore[union-attr]
    assert told[2][1] == "新規に取得"
    assert told[3] == ("hihokensha_bangou", "", "空欄のままと決めています")
    assert [e.key for e in found] == ["person.0", "person.1", "person.2", "person.3"]


def test_what_is_to_be_put_right_does_not_leave(
    form: Callable[[str], Procedure], make_draft: Callable[..., Draft]
) -> None:
    portal = load_portal(form(PORTAL))
    assert portal is not None
    draft = make_draft()
    draft.answer("chingin_getsugaku", "x")
    cells = {cell.field.id: cell for cell in draft.cells()}
    page = portal.pages[0].model_copy(
        update={"controls": (Control(field="chingin_getsugaku", label="賃金"),)}
    )
    found = entries(page, cells)
    assert all(not e.text for e in found)
    assert all(e.held_back for e in found)


@pytest.mark.parametrize(
    ("transform", "text", "sent"),
    [
        ("digits", "03-1234-5678", "0312345678"),
        ("postal_hyphen", "1500041", "150-0041"),
        ("half_width", "ＡＢＣ１２３", "ABC123"),
        ("full_width", "ABC123", "ＡＢＣ１２３"),
        ("katakana", "やまもと", "ヤマモト"),
        ("hiragana", "ヤマモト", "やまもと"),
        ("two_decimals", "66.666667", "66.66"),
        ("two_decimals", "3", "3"),
        ("man_to_yen", "980", "9800000"),
        ("man_to_yen", "0", "0"),
    ],
)
def test_transforms(ready: Draft, transform: str, text: str, sent: str) -> None:
    cell = replace(ready.cell("shimei"), value=text, text=text, sent_text=text)
    control = Control.model_validate({"field": "shimei", "label": "x", "transform": transform})
    assert written(control, cell) == sent


BROKEN = {
    "field unknown": ('field = "shimei"', 'field = "namae"', 11),
    "label and selector": ('label = "氏名"', 'label = "氏名"\nselector = "#a"', 10),
    "neither": ('label = "氏名"', 'selector = ""', 10),
    "unknown transform": ('"slash_date"', '"regex"', 18),
    "unknown kind": ('kind = "choice"', 'kind = "password"', 23),
    "an origin of its own": ('start = "/apply"', 'start = "https://evil.example/"', 3),
    "unknown key": ('portal = "jgrants"', 'portal = "jgrants"\nscript = "x"', 3),
    "page without a mark": ('heading = "被保険者"\n', "", 6),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_a_bad_portal_is_named_with_its_line(what: str, form: Callable[[str], Procedure]) -> None:
    old, new, line = BROKEN[what]
    assert old in PORTAL
    with pytest.raises(PackFault) as told:
        load_portal(form(PORTAL.replace(old, new, 1)))
    assert told.value.file == "portal.toml"
    assert abs(told.value.line - line) <= 2, told.value.line


def test_a_folder_without_a_portal(procedure: Procedure) -> None:
    assert load_portal(procedure) is None
