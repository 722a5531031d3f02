"""公開されている記録 in the real window over a real vault, asking the practice town's gBizINFO."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from form_desk import dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.domain.errors import Known, Refused
from app.facts.graph import Graph
from app.facts.record import Origin
from app.forms.withdrawal import standing
from app.services.public_records import TOKEN_MISSING, PublicRecords
from app.views.main_window import MainWindow
from app.views.pages.locaben_page import LocabenPage
from app.views.pages.public_records_page import PublicRecordsPage
from app.views.pages.public_records_parts import OfferRow
from app.views.program import ProgramHouse
from app.views.widgets.band import Band
from app.views.window_keys import targets
from tests.sandbox.town_process import TownProcess, start_town
from tests.services.open_desk import NUMBER, OpenDesk
from tests.views.window_parts import named, rest


@pytest.fixture(scope="module")
def town() -> Iterator[TownProcess]:
    with start_town() as running:
        yield running


@pytest.fixture
def office(town: TownProcess, tmp_path: Path) -> Iterator[OpenDesk]:
    town.reset()
    opened = OpenDesk(tmp_path / "home", town)
    yield opened
    opened.close()


@pytest.fixture
def window(office: OpenDesk, qtbot: Any, qapp: QApplication, resources: Path) -> Iterator[Any]:
    dress(qapp, resources)
    made = MainWindow(ProgramHouse(office.house))
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.take_desk(office.desk)
    rest()
    yield made
    made.close()
    rest()


def opened(window: Any) -> PublicRecordsPage:
    window.show_page("company")
    rest()
    QTest.mouseClick(named(window, "company.public"), Qt.MouseButton.LeftButton)
    rest()
    page = window.page()
    assert isinstance(page, PublicRecordsPage)
    return page


def rows(page: PublicRecordsPage) -> dict[str, OfferRow]:
    rest()
    return {row.line.key: row for row in page.rows()}


def test_offers_are_compared_and_taken_one_by_one(window: Any, office: OpenDesk) -> None:
    page = opened(window)
    found = rows(page)
    assert found["company.name"].line.state == "same"
    assert found["company.name"].line.held_source.startswith("国税庁 法人番号公表サイト")
    new = [row for row in found.values() if row.line.state == "new"]
    assert {"補助金", "届出・認定"} <= {row.line.group for row in new}
    assert "gBizINFO" in page._credit.text()
    before = len(office.desk.records.all())
    graph = office.desk.graph
    first = next(row for row in new if row.line.key.startswith("company."))
    assert graph.fact(first.line.key).value is None  # looking alone takes nothing
    first.take.setFocus()
    QTest.keyClick(first.take, Qt.Key.Key_Return)
    rest()
    QTest.qWait(150)  # the press is shown for a moment
    fact = graph.fact(first.line.key)
    assert fact.record is not None
    assert fact.record.origin is Origin.REGISTER
    assert fact.record.locator["service"] == "gbizinfo"
    assert "gBizINFO の公開の記録から" in graph.explain(first.line.key).sentence
    now = rows(page)
    assert now[first.line.key].line.state == "same"
    assert now[first.line.key].line.held_source.startswith("gBizINFO")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName().startswith("public.take.")  # on to the next
    office.desk.keep()
    assert len(office.desk.records.all()) == before + 1
    member = next(row for row in now.values() if row.line.key.startswith("subsidies["))
    member.take.click()
    assert rows(page)[member.line.key].line.state == "same"
    assert graph.fact(member.line.key).value == member.line.public
    told = office.desk.disclosures()
    assert [(d.door, d.paths) for d in told] == [("gBizINFO", ("company.corporate_number",))]


def test_what_is_the_same_is_hidden(window: Any) -> None:
    page = opened(window)
    assert any(row.line.state == "same" for row in page.rows())
    page.hide_same.click()
    assert page.rows()
    assert all(row.line.state != "same" for row in page.rows())
    page.hide_same.click()
    assert any(row.line.state == "same" for row in page.rows())


def test_a_different_value_counts_only_when_it_is_taken(window: Any, office: OpenDesk) -> None:
    office.desk.answer_fact("company.representative.name", "別の 人")
    page = opened(window)
    row = rows(page)["company.representative.name"]
    assert row.line.state == "differs"
    assert row.line.held == "別の 人"
    assert row.line.held_origin == "typed"
    row.take.click()
    rest()
    assert office.desk.graph.fact("company.representative.name").value == row.line.public


def test_what_was_taken_in_is_taken_back_by_one_press(window: Any, office: OpenDesk) -> None:
    """Values, a whole subsidy, and what stood before; the log only grows and a new opening agrees."""
    desk, graph = office.desk, office.desk.graph
    desk.answer_fact("company.representative.name", "別の 人")
    page = opened(window)
    found = rows(page)
    assert not any(row.back.isVisibleTo(page) for row in found.values())
    member = next(k for k in found if k.startswith("subsidies["))
    new = next(k for k, r in found.items() if k.startswith("company.") and r.line.state == "new")
    taken = ("company.representative.name", new, member)
    for key in taken:
        rows(page)[key].take.click()
    members = graph.members("subsidies")
    desk.keep()
    before = [r.id for r in desk.records.all()]
    for key in taken:
        row = rows(page)[key]
        assert row.line.state == "same"
        assert row.back.isVisibleTo(page)
        row.back.setFocus()
        QTest.keyClick(row.back, Qt.Key.Key_Return)
        rest()
        QTest.qWait(150)
    now = rows(page)
    assert graph.fact("company.representative.name").value == "別の 人"
    assert now["company.representative.name"].line.state == "differs"
    assert graph.fact(new).value is None
    assert now[new].line.state == now[member].line.state == "new"
    assert len(graph.members("subsidies")) == len(members) - 1
    assert not any(now[key].back.isVisibleTo(page) for key in taken)
    desk.keep()
    log = desk.records.all()
    assert [r.id for r in log][: len(before)] == before, "nothing is taken out of the log"
    assert {r.locator["by"] for r in log[len(before) :]} == {desk.person}
    desk.records.verify_chain()
    again = Graph(desk.parts.catalogue, standing(log), graph.reference_date)
    for path in (*taken, "company.name"):
        assert again.fact(path).value == graph.fact(path).value
    rows(page)[new].take.click()
    assert graph.fact(new).value is not None, "it can be taken in again"


def test_a_part_that_does_not_come_is_named(
    window: Any, office: OpenDesk, town: TownProcess
) -> None:
    for _ in range(4):  # once for each time the wire tries
        town.weather("error_500", match="*/workplace")
    page = opened(window)
    band = page.findChild(Band, "public.band")
    assert band is not None
    assert "職場情報" in band.accessibleName()
    assert "company.name" in rows(page)
    town.reset()
    page.again.click()
    rest()
    assert page.findChild(Band, "public.band") is None


def test_without_a_token_it_says_so_and_leads_to_settings(
    window: Any, office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    records: PublicRecords = office.desk.public_records

    def refuse(_number: str) -> None:
        raise Refused(
            TOKEN_MISSING, "gBizINFO のAPIトークンがまだありません。設定で入れてください。"
        )

    monkeypatch.setattr(records, "_ask", refuse)
    page = opened(window)
    band = page.findChild(Band, "public.band")
    assert band is not None
    assert "トークンがまだありません" in band.accessibleName()
    assert office.desk.disclosures() == []  # nothing left the house
    button = band.findChild(QPushButton)
    assert button is not None
    button.click()
    rest()
    assert window.page().objectName() == "settings"


def test_a_number_nobody_knows(office: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    records = office.desk.public_records
    assert records.number == NUMBER
    monkeypatch.setattr(records, "_ask", lambda _number: None)
    with pytest.raises(Known, match="gbizinfo-unknown"):
        records.fetch()


def test_ctrl_k_goes_to_both_pages(window: Any) -> None:
    found = {t.title: t for t in targets(window)}
    found["財務の健康診断(ローカルベンチマーク)"].go()
    rest()
    assert isinstance(window.page(), LocabenPage)
    found["公開されている記録(gBizINFO)"].go()
    rest()
    assert isinstance(window.page(), PublicRecordsPage)
    window.show_page("grants")
    rest()
    named(window, "grants.locaben").click()  # type: ignore[attr-defined]
    rest()
    assert isinstance(window.page(), LocabenPage)
