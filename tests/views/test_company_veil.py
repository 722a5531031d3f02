"""The sheet of a person: personal facts hidden until asked for, their gaps counted, nothing typed lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from form_desk import PERSON, FakeWindow, FormDesk, dress, record
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from app.facts.record import Origin
from app.views.models.fact_sheet import PERSON_SECTIONS, FactSheet
from app.views.pages.company_page import CompanyPage
from app.views.widgets import masked
from app.views.widgets.masked import ShowButton

BIRTH, WAGE, PENSION, JOB = (
    f"employees[{PERSON}].{leaf}" for leaf in ("birth", "monthly_wage", "pension_number", "job")
)
SECRETS = ("1998-04-12", "2,840,000", "0123456789", "平成10年")


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    made = FormDesk(resources)
    made.graph.add(record(PENSION, "0123456789", Origin.TYPED))
    return made


def shown(qtbot: Any, desk: FormDesk, **asked: str) -> CompanyPage:
    page = CompanyPage(desk, FakeWindow(), {"view": "employees", **asked})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(1280, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    page.fields.build_all()
    return page


def veil(page: CompanyPage, section: str) -> ShowButton:
    found = page.findChild(ShowButton, f"company.field.veil.{section}")
    assert found is not None
    return found


def line(page: QWidget, path: str) -> QLineEdit:
    found = page.findChild(QLineEdit, f"company.field.{path}")
    assert found is not None, path
    return found


def press(button: ShowButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def readable(page: QWidget) -> str:
    """Everything that can be read or is spoken of what is on the screen."""
    words = []
    for w in page.findChildren(QWidget):
        if w.isVisibleTo(page):
            words += [w.accessibleName(), w.accessibleDescription()]
            words += [w.text()] if isinstance(w, QLineEdit | QLabel) else []
    return " ".join(words)


def test_personal_facts_are_behind_a_line_and_the_name_is_not(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    words = readable(page)
    assert not [s for s in SECRETS if s in words]
    assert "髙橋" in words
    assert line(page, JOB).isVisible()
    button = veil(page, "person")
    assert button.accessibleName() == "性別・生年月日など 8か所を見せる"
    press(button)
    assert line(page, BIRTH).text() == "1998-04-12"
    assert line(page, BIRTH).isVisible()
    assert line(page, PENSION).isVisible()
    assert not line(page, WAGE).isVisible()  # of another section, not asked for
    assert button.accessibleName() == "性別・生年月日など 8か所を隠す"
    press(button)
    assert not [s for s in SECRETS if s in readable(page)]


def test_the_gaps_behind_a_line_are_counted_and_reached(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    row = page.fields.row("veil.person")
    assert row is not None
    assert row.face is not None
    # nationality, postal code, address and its kana; sex, birth and pension number are known, age is computed
    assert row.face.badge.word == "まだ 4"
    assert "まだ答えていない欄が 4か所あります。" in row.face.note
    press(veil(page, "person"))
    field = line(page, f"employees[{PERSON}].nationality")
    assert field.isVisible()
    field.setFocus()
    QTest.keyClicks(field, "JP")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert row.face.badge.word == "まだ 3"


def test_a_section_without_gaps_says_so(desk: FormDesk) -> None:
    rows = [r for r in desk.fact_rows(f"employees[{PERSON}].") if r.path in (BIRTH, JOB)]
    sheet = FactSheet(lambda: rows, PERSON_SECTIONS, f"employees[{PERSON}].", veiled=True)
    cell = sheet.cell("veil.person")
    assert (cell.answered, cell.note) == (True, "生年月日を隠しています。")
    assert sheet.progress("person") == (1, 1)


def test_records_that_differ_behind_a_line_are_told(desk: FormDesk) -> None:
    desk.graph.add(record(BIRTH, date(1999, 1, 1), Origin.BOOKS, confirmed=False))
    prefix = f"employees[{PERSON}]."
    sheet = FactSheet(lambda: desk.fact_rows(prefix), PERSON_SECTIONS, prefix, veiled=True)
    assert "記録が食い違う欄が 1か所あります。" in sheet.cell("veil.person").note


def test_a_link_to_a_fact_counts_as_asking(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, path=BIRTH)
    assert line(page, BIRTH).hasFocus()
    assert not line(page, WAGE).isVisible()
    assert "1998-04-12" in readable(page.side)
    target = next(t for t in page.targets() if t.title == "賃金月額")
    target.go()
    assert line(page, WAGE).hasFocus()
    assert [t.title for t in page.targets() if t.title == "個人の情報"] == []


def test_the_fact_of_a_link_is_in_view_when_all_rows_stand(qtbot: Any, desk: FormDesk) -> None:
    page = CompanyPage(desk, FakeWindow(), {"path": BIRTH})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(960, 500)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    qtbot.waitUntil(lambda: page.fields.row(f"employees[{PERSON}].student") is not None)
    row = page.fields.row(BIRTH)
    assert row is not None
    top = row.mapTo(page.fields.viewport(), row.rect().topLeft()).y()
    assert 0 <= top <= page.fields.viewport().height() - row.height()


def test_after_a_minute_it_is_hidden_and_what_was_typed_is_kept(
    qtbot: Any, desk: FormDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masked, "SHOWN_MS", 1500)
    page = shown(qtbot, desk, path=WAGE)
    field, button = line(page, WAGE), veil(page, "work")
    field.selectAll()
    for digit in "300000":  # longer than the minute of this test, in all
        QTest.keyClick(field, digit)
        qtbot.wait(350)
        assert field.isVisible()
    qtbot.waitUntil(lambda: not field.isVisible())
    assert desk.graph.fact(WAGE).value == 300_000
    assert not button.isChecked()
    assert button.hasFocus()
    assert "300,000" not in readable(page)  # not beside the sheet either
    page.refresh()
    assert "300,000" not in readable(page)


def test_moving_in_a_field_keeps_it_and_a_word_being_composed_too(
    qtbot: Any, desk: FormDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masked, "SHOWN_MS", 1500)
    path = f"employees[{PERSON}].address"
    page = shown(qtbot, desk, path=path)
    field = line(page, path)
    for _ in range(6):
        QTest.keyClick(field, Qt.Key.Key_Left)
        qtbot.wait(350)
        assert field.isVisible()
    QApplication.sendEvent(field, QInputMethodEvent("とうきょう", []))
    qtbot.wait(2500)
    assert field.isVisible()
    done = QInputMethodEvent()
    done.setCommitString("東京都")
    QApplication.sendEvent(field, done)
    qtbot.waitUntil(lambda: not field.isVisible())
    assert desk.graph.fact(path).value == "東京都"


def test_what_cannot_be_read_is_hidden_and_stands_there_again(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, path=BIRTH)
    field, button = line(page, BIRTH), veil(page, "person")
    field.selectAll()
    QTest.keyClicks(field, "2026-02-30")
    button.hide_again()
    row, hidden = page.fields.row(BIRTH), page.fields.row("veil.person")
    assert row is not None
    assert hidden is not None
    assert hidden.face is not None
    assert "読めない入力が 1か所あります。" in hidden.face.note
    assert "2026年2月30日" not in readable(page)
    assert desk.stated == []
    press(button)
    assert field.isVisible()
    assert field.text() == "2026-02-30"
    assert row.face is not None
    assert row.face.bands[0].sentence == "2026年2月30日という日はありません。"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1998-04-12")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert row.face.bands == ()
    assert desk.stated == []  # as it was known: no second record


def test_leaving_the_page_hides(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    press(veil(page, "person"))
    page.hide()
    page.show()
    assert not line(page, BIRTH).isVisible()


def test_another_person_begins_hidden_and_a_new_one_is_open(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    press(veil(page, "person"))
    other = desk.add_member("employees", {"family_name": "佐野", "birth": "2000-01-02"})
    page.show_person(other)
    page.fields.build_all()
    birth = f"employees[{other}].birth"
    assert not line(page, birth).isVisible()
    page.add.added.emit(other)
    page.fields.build_all()
    assert line(page, birth).isVisible()


def test_the_button_is_on_the_way_of_tab(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    page.fields.go(f"employees[{PERSON}].kana")
    QTest.keyClick(line(page, f"employees[{PERSON}].kana"), Qt.Key.Key_Tab)
    button = veil(page, "person")
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(button, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName().startswith(f"company.field.employees[{PERSON}].sex")


def test_what_is_personal_of_an_employee_is_marked(desk: FormDesk) -> None:
    open_ = {
        r.path.removeprefix(f"employees[{PERSON}].")
        for r in desk.fact_rows(f"employees[{PERSON}].")
        if not r.personal
    }
    hidden = {"birth", "sex", "address", "pension_number", "monthly_wage", "employment_insurance.number"}  # fmt: skip
    hidden |= {"social_insurance.number", "social_insurance.kenpo_standard", "social_insurance.kounen_standard"}  # fmt: skip
    assert not open_ & hidden
    assert {"job", "hired_on", "weekly_hours"} <= open_
