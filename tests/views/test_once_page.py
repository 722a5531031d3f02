"""一度率: the page that says which cells were typed or chosen, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView, QWidget

from app.facts.record import Origin
from app.views.models.once import FACT, LEFT_BLANK, once_drafts, sentence
from app.views.pages.once_page import OncePage


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


def shown(qtbot: Any, desk: FormDesk) -> OncePage:
    page = OncePage(desk, FakeWindow())
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.refresh()
    return page


def test_without_drafts_it_says_what_will_come(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    button = page.findChild(QPushButton, "once.start")
    assert button is not None
    button.click()
    assert page.window_.shown == [("procedures", {})]  # type: ignore[attr-defined]


def test_typed_chosen_and_blank_are_told_apart(desk: FormDesk) -> None:
    draft = desk.open_draft(PROCEDURE, PERSON).draft
    draft.answer("shotei_fun", "30")
    draft.answer("keiyaku_sadame", "無")
    draft.leave_blank("hihokensha_bangou")
    (found,) = once_drafts(desk)
    told = {line.field_id: (line.value, line.how, line.why) for line in found.lines}
    assert told["shotei_fun"] == ("30 分", "入力", FACT)
    assert told["keiyaku_sadame"][1] == "選択"
    assert told["hihokensha_bangou"] == ("空欄", "空欄", LEFT_BLANK)
    assert len(found.lines) == found.typed == draft.once_only.typed
    assert sentence([found]).startswith(
        f"{found.filled}か所のうち {found.filled - found.typed}か所"
    )


def test_what_came_by_itself_is_not_listed(desk: FormDesk) -> None:
    draft = desk.open_draft(PROCEDURE, PERSON).draft
    (found,) = once_drafts(desk)
    assert draft.cell("jigyousho_bangou").origin is Origin.DOCUMENT
    assert "jigyousho_bangou" not in {line.field_id for line in found.lines}


def test_a_line_leads_to_its_field(qtbot: Any, desk: FormDesk) -> None:
    open_draft = desk.open_draft(PROCEDURE, PERSON)
    open_draft.draft.answer("keiyaku_sadame", "無")
    page = shown(qtbot, desk)
    table = page.findChild(QTableView, "once.table.d1")
    assert table is not None
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert open_draft.cursor == "keiyaku_sadame"
    assert page.window_.shown == [  # type: ignore[attr-defined]
        ("form", {"procedure": PROCEDURE, "subject": PERSON})
    ]


def test_how_to_raise_it_is_said(qtbot: Any, desk: FormDesk) -> None:
    desk.open_draft(PROCEDURE, PERSON)
    page = shown(qtbot, desk)
    words = " ".join(w.text() for w in page.findChildren(QLabel))
    assert "一度率は上がります" in words
    silent = [
        w for w in page.findChildren(QWidget)
        if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus and not w.accessibleName()
    ]  # fmt: skip
    assert not silent
