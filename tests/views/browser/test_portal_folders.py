"""The `portal.toml` of a folder at the practice portal: the case's values arrive, page by page.

Nothing is pressed but the portal's own 次へ; what the portal then holds is what the draft says.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.facts.catalogue import load_catalogue
from app.forms.cases import run_case
from app.forms.draft_parts import Cell
from app.forms.portal import Page, load_portal
from app.forms.portal_entries import Entry, entries
from app.forms.procedure import load_procedure
from app.views.portal_puts import known_of, puts_of
from tests.sandbox.portal_answers import PDF
from tests.sandbox.portal_visitor import Visitor
from tests.sandbox.town_process import TownProcess
from tests.views.browser.test_portal_fill import Desk
from tests.views.browser.test_portal_town import desk, press, town, visitor

__all__ = ["desk", "town", "visitor"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
RESOURCES = Path(__file__).resolve().parents[3] / "resources"
FOLDERS = (
    ("jgrants/renshu_hojokin", "full", "S-00006007"),
    ("chusho/jizokuka", "first", "S-00009001"),
    ("chusho/jizokuka", "third", "S-00009001"),
)
OPTIONAL = {("更新年月日", False), ("会社代表電話番号", False)}
"""What the practice portal asks beside, and takes unanswered: no field of the forms."""


def given_files(entry: Entry) -> list[tuple[str, str, bytes]]:
    """Bytes for the slots of a case, which names files that lie in no vault."""
    kind = "application/pdf"
    return [(name, kind, PDF + name.encode()) for name in entry.files]


def going(page: Page, cells: Mapping[str, Cell]) -> list[Entry]:
    return [entry for entry in entries(page, cells) if entry.leaves]


@pytest.mark.parametrize(("name", "case", "number"), FOLDERS)
def test_a_folder_fills_every_page_of_its_portal(
    name: str, case: str, number: str, desk: Desk, town: TownProcess, visitor: Visitor
) -> None:
    catalogue = load_catalogue(RESOURCES)
    procedure = load_procedure(RESOURCES / "procedures" / name, catalogue)
    portal = load_portal(procedure)
    assert portal is not None
    cells = {c.field.id: c for c in run_case(procedure, catalogue, case).draft.cells()}
    key = visitor.begin(number)
    origin = town.endpoints["portal_https"]
    for page in portal.pages:
        if page.confirm:
            continue
        desk.open(f"{origin}/apply/{key}{page.path}")
        assert desk.look() is not None
        found = going(page, cells)
        told = desk.fill(*puts_of(found, page, given_files), known=known_of(page))
        assert {(a.name, a.needed) for a in desk.asked} <= OPTIONAL, page.id
        labels = {entry.key: (entry.label, entry.text) for entry in found}
        assert not {labels[k]: why for k, why in told.items() if why}, (name, page.id)
        press(desk, "次へ")
        desk.qtbot.waitUntil(
            lambda here=page.path: not desk.page.url().path().endswith(here), timeout=15000
        )
    assert desk.page.url().path().endswith("/confirm")
    kept: dict[str, Any] = town.control("GET", "portal")["applications"][-1]
    said = str(kept["values"])
    for field in procedure.fields:
        cell = cells[field.id]
        if cell.filled and field.kind in ("text", "long_text", "email"):
            assert cell.sent_text.replace("\n", "\\n") in said or field.id in ("meisho",), field.id
    if case == "third":
        rows = kept["values"]["kakunin"]["PastAwards__r"]
        assert [(r["Kind__c"], r["Round__c"], r["Form14__c"]) for r in rows] == [
            ("一般型", "8", "提出済"), ("低感染リスク型", "4", "提出済"),
        ]  # fmt: skip
        assert {r["Difference__c"] for r in rows} == {cells["kako_chigai"].sent_text}
        assert kept["values"]["kakunin"]["PolicyPoint__c"] == "9事業継続力強化計画"


def test_a_page_of_another_company_gets_nothing(
    desk: Desk, town: TownProcess, visitor: Visitor
) -> None:
    """The account is signed in for another company than the draft's: the number says so first."""
    catalogue = load_catalogue(RESOURCES)
    procedure = load_procedure(RESOURCES / "procedures" / "jgrants" / "renshu_hojokin", catalogue)
    portal = load_portal(procedure)
    assert portal is not None
    cells = {c.field.id: c for c in run_case(procedure, catalogue, "full").draft.cells()}
    page = portal.pages[0]
    key = visitor.begin("S-00006007")
    desk.open(f"{town.endpoints['portal_https']}/apply/{key}/kihon")
    found = [entry for entry in entries(page, cells) if not entry.held_back]
    assert found[0].guard
    told = desk.fill(*puts_of(found, page, given_files))
    assert "1011001141756" in told[found[0].key]
    assert all(told.values())
    script = (
        "(function deep(r){let f=[];for(const e of r.querySelectorAll('*')){"
        "if(e.matches('input:not([readonly]):not([type=hidden]),textarea'))f.push(e.type==='radio'?'':e.value);"
        "if(e.shadowRoot)f=f.concat(deep(e.shadowRoot))}return f})(document).join('')"
    )
    assert desk.ask(script) == ""
