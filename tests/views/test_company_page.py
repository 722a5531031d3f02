"""The company page: facts with their origins, typed by keyboard; people; what left the house."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from form_desk import NOW, PERSON, FakeWindow, FormDesk, dress, record
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QRadioButton, QWidget

from app.facts.record import Origin
from app.views.models.fact_sheet import COMPANY_SECTIONS, FactSheet
from app.views.pages.company_disclosures import DisclosureModel
from app.views.pages.company_page import CompanyPage

OFFICE = "company.employment_insurance.office_number"


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


def shown(qtbot: Any, desk: FormDesk, **asked: str) -> CompanyPage:
    page = CompanyPage(desk, FakeWindow(), asked)
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
        action.show()
    page.resize(1280, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    return page


def line(page: QWidget, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert found is not None, name
    return found


def test_the_office_number_is_typed_and_becomes_a_record(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, path="company.labour_insurance.number")
    field = line(page, "company.field.company.labour_insurance.number")
    assert field.hasFocus()
    QTest.keyClicks(field, "13101123456000")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.graph.fact("company.labour_insurance.number").value == "13101123456000"
    assert [r.origin for r in desk.stated] == [Origin.TYPED]
    row = page.fields.row("company.labour_insurance.number")
    assert row is not None
    assert row.face is not None
    assert row.face.badge.origin == "typed"
    assert row.face.note == "山本が入力 2026-07-03"


def test_what_cannot_be_read_stays_with_a_sentence(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, path="company.established_on")
    field = line(page, "company.field.company.established_on")
    QTest.keyClicks(field, "2026-02-30")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "2026-02-30"
    row = page.fields.row("company.established_on")
    assert row is not None
    assert row.face is not None
    assert row.face.bands[0].sentence == "2026年2月30日という日はありません。"
    assert desk.stated == []


def test_the_corporate_number_is_never_typed_over(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    page.fields.build_all()
    assert line(page, "company.field.company.corporate_number").isReadOnly()


def test_source_and_date_stand_under_each_value(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    page.fields.build_all()
    row = page.fields.row("company.name")
    assert row is not None
    assert row.face is not None
    assert row.face.note == "国税庁 法人番号公表サイト 2026-06-01"
    page.fields.go("company.name")
    face = page.side.explain.face
    assert face is not None
    assert (face.value, face.badge.origin) == ("株式会社みなと製菓", "register")


def test_a_conflict_is_shown_and_the_counting_record_confirmed(qtbot: Any, desk: FormDesk) -> None:
    said = replace(record(OFFICE, "13010000093", Origin.TYPED, confirmed=False), recorded_at=NOW)
    desk.graph.add(said)
    page = shown(qtbot, desk, path=OFFICE)
    row = page.fields.row(OFFICE)
    assert row is not None
    assert row.face is not None
    assert row.face.badge.conflicts == 2
    button = page.findChild(QPushButton, f"company.band.{OFFICE}.choose.0")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert row.face.bands == ()
    assert str(desk.graph.fact(OFFICE).state) == "confirmed"


def test_sections_count_what_is_known(qtbot: Any, desk: FormDesk) -> None:
    sheet = FactSheet(lambda: desk.fact_rows("company."), COMPANY_SECTIONS)
    assert [s.id for s in sheet.procedure.sections][:3] == ["basic", "office", "head"]
    assert sheet.procedure.section_of["company.head_office.street"] == "office"
    assert sheet.procedure.section_of["company.phone"] == "basic"
    assert sheet.procedure.section_of[OFFICE] == "labour"
    done, total = sheet.progress("labour")
    page = shown(qtbot, desk)
    row = page.sections.row("labour")
    assert row is not None
    assert row.line.note == f"{done} / {total}"


def test_an_employee_is_added_by_keyboard_alone(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, view="employees", add="1")
    typed = {
        "family_name": "佐野",
        "given_name": "あかり",
        "family_kana": "さの",
        "given_kana": "あかり",
    }
    for name, text in typed.items():
        field = line(page, f"company.new.{name}")
        assert field.hasFocus(), name
        field.insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    woman = page.findChild(QRadioButton, "company.new.sex.女")
    assert woman is not None
    woman.setFocus()
    QTest.keyClick(woman, Qt.Key.Key_Space)
    birth = line(page, "company.new.birth")
    QTest.keyClicks(birth, "H12.3.4")
    QTest.keyClick(birth, Qt.Key.Key_Return)
    hired = line(page, "company.new.hired_on")
    QTest.keyClicks(hired, "20260701")
    QTest.keyClick(hired, Qt.Key.Key_Return)
    assert page.add.save.hasFocus()
    QTest.keyClick(page.add.save, Qt.Key.Key_Space)
    key = next(m.key for m in desk.employees() if m.key != PERSON)
    facts = {n: desk.graph.fact(f"employees[{key}].{n}").value for n in ("name", "kana", "sex")}
    assert facts == {"name": "佐野　あかり", "kana": "サノ　アカリ", "sex": "女"}
    assert desk.graph.fact(f"employees[{key}].birth").value.isoformat() == "2000-03-04"  # type: ignore[union-attr]
    assert page.window_.said == ["佐野　あかりさんを加えました。"]  # type: ignore[attr-defined]
    name = f"employees[{key}].family_name"
    qtbot.waitUntil(lambda: page.fields.row(name) is not None)  # rows come one after the other
    assert line(page, f"company.field.{name}").text() == "佐野"


def test_an_employee_that_cannot_be_read_is_not_added(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, view="employees", add="1")
    line(page, "company.new.family_name").insert("佐野")
    line(page, "company.new.birth").insert("きのう")
    QTest.mouseClick(page.add.save, Qt.MouseButton.LeftButton)
    band = page.findChild(QWidget, "company.new.fault")
    assert band is not None
    assert "日付を読めません" in band.accessibleName()
    assert [m.key for m in desk.employees()] == [PERSON]
    assert line(page, "company.new.family_name").text() == "佐野"


def test_without_people_the_page_offers_to_add_one(qtbot: Any, qapp: Any, resources: Path) -> None:
    dress(qapp, resources)
    page = shown(qtbot, FormDesk(resources, records=[]), view="employees")
    assert line(page, "company.new.family_name").isVisibleTo(page)


def test_what_left_the_house_is_listed_newest_first(qtbot: Any, desk: FormDesk) -> None:
    desk.left = [
        SimpleNamespace(at=NOW, door="e-Gov", filing_id="f2", paths=(OFFICE,)),
        SimpleNamespace(
            at=NOW.replace(month=5), door="e-Gov", filing_id="f1", paths=("company.name", OFFICE)
        ),
    ]
    page = shown(qtbot, desk, view="disclosures")
    model = page.disclosures.model
    assert model.rowCount() == 2
    assert model.index(0, 3).data() == "f2"
    assert model.index(1, 2).data() == "商号又は名称、雇用保険適用事業所番号"
    page.show_view("company")
    page.fields.go(OFFICE)
    words = [w.text() for w in page.side.findChildren(QWidget) if hasattr(w, "text")]
    assert "7月3日 13:42  e-Gov" in words


def test_the_model_of_disclosures_is_sound() -> None:
    model = DisclosureModel([("2026-07-03 13:42", "e-Gov", "氏名", "f1")])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows([])
    model.set_rows([("a", "b", "c", "d")] * 3)
    assert tester.model() is model
    assert model.headerData(0, Qt.Orientation.Horizontal) == "いつ"


def test_keys_and_backups_are_reached_from_here(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    QTest.mouseClick(page.safety, Qt.MouseButton.LeftButton)
    assert page.window_.shown == [("settings", {"section": "keys"})]  # type: ignore[attr-defined]
