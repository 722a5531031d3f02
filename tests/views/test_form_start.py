"""Starting a form and answering its questions one by one: the procedures and interview pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.facts.record import Blank
from app.views.models.interview import questions
from app.views.pages.interview_page import InterviewPage
from app.views.pages.procedures_page import ProceduresPage
from app.views.widgets.button import Button

WHERE = {"procedure": PROCEDURE, "subject": PERSON}


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


def shown(qtbot: Any, page: Any) -> Any:
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(1100, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    return page


def click(page: QWidget, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_procedure_is_started_for_a_chosen_person(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, ProceduresPage(desk, FakeWindow(), {}))
    click(page, f"procedures.start.{PROCEDURE}")
    row = page.findChild(QWidget, f"procedures.subject.{PERSON}")
    assert row is not None
    assert row.hasFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert page.window_.shown == [("form", WHERE)]


def test_the_palette_starts_a_procedure_at_once(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, ProceduresPage(desk, FakeWindow(), {"open": PROCEDURE}))
    assert page.chooser.isVisible()


def test_without_people_the_chooser_leads_to_adding_one(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    page = shown(
        qtbot, ProceduresPage(FormDesk(resources, records=[]), FakeWindow(), {"open": PROCEDURE})
    )
    click(page, "procedures.subject.add")
    assert page.window_.shown == [("company", {"view": "employees", "add": "1"})]


def test_open_drafts_can_be_gone_on_with(qtbot: Any, desk: FormDesk) -> None:
    desk.open_draft(PROCEDURE, PERSON)
    page = shown(qtbot, ProceduresPage(desk, FakeWindow(), {}))
    click(page, "procedures.continue.0")
    assert page.window_.shown == [("form", WHERE)]


def test_a_practice_edition_is_not_started_in_a_real_company(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    real = FormDesk(resources, practice=False)
    page = shown(qtbot, ProceduresPage(real, FakeWindow(), {}))
    button = page.findChild(Button, f"procedures.start.{PROCEDURE}")
    assert button is not None
    assert button.kind() == "dashed"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.window_.shown == []
    assert "練習の会社" in page.window_.said[0]


def test_questions_are_asked_in_the_order_of_the_form_and_once(desk: FormDesk) -> None:
    open_draft = desk.open_draft(PROCEDURE, PERSON)
    asked = questions([open_draft, open_draft])  # type: ignore[list-item]
    assert [q.field_id for q in asked] == list(open_draft.draft.gaps())
    assert len({q.key for q in asked}) == len(asked)


def test_the_interview_goes_from_question_to_question_by_enter(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, InterviewPage(desk, FakeWindow(), WHERE))
    assert page.row.field.id == "hihokensha_bangou"
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "50123456789")
    QTest.keyClick(field, Qt.Key.Key_Return)
    path = f"employees[{PERSON}].employment_insurance.number"
    assert desk.graph.fact(path).value == "50123456789"
    assert page.row.field.id == "genin"  # 取得区分 follows from the number


def test_a_wrong_answer_keeps_the_question(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, InterviewPage(desk, FakeWindow(), WHERE))
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "501")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.row.field.id == "hihokensha_bangou"
    assert "11桁" in page.row.face.bands[0].sentence


def test_blank_and_later_go_on_and_later_is_counted(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, InterviewPage(desk, FakeWindow(), WHERE))
    click(page, "interview.link.hihokensha_bangou.blank")
    draft = desk.open_draft(PROCEDURE, PERSON).draft
    assert isinstance(draft.cell("hihokensha_bangou").value, Blank)
    seen = []
    while page.row is not None:
        seen.append(page.row.field.id)
        click(page, "interview.later")
    assert set(seen) == set(draft.gaps())
    assert page.done.isVisible()
    assert f"{len(seen)}つ" in page.done.line.plain()
    click(page, "interview.finish")
    assert page.window_.shown[-1] == ("form", WHERE)


def test_the_question_before_can_be_changed(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, InterviewPage(desk, FakeWindow(), WHERE))
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "50123456789")
    QTest.keyClick(field, Qt.Key.Key_Return)
    click(page, "interview.previous")
    assert page.row.field.id == "hihokensha_bangou"
    assert page.row.editor.text() == "5012-345678-9"
