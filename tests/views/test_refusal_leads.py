"""What the office wants put right leads to its field, in the real window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FormDesk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.errors import Known
from app.domain.filing import Stage
from app.services.filing_view import BandText, FilingView
from app.services.refusals import RefusalLine
from app.views.main_window import MainWindow
from app.views.pages.form_page import FormPage
from app.views.pages.outbox import OutboxPage
from tests.pictures.sample_house import SampleHouse
from tests.views.test_outbox_documents import DONE
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]


def refused(draft_id: str) -> FilingView:
    """A refusal whose first line leads to a field and whose second leads nowhere."""
    lines = (
        RefusalLine("申請書", "賃金月額", "桁が多すぎます。", "chingin_getsugaku", "賃金月額"),
        RefusalLine("添付書類", "", "読めない書類があります。"),
    )
    return replace(
        DONE, stage=Stage.REJECTED, state_word="受け付けられず", state_kind="danger",
        receipt_number="", decided=(), draft_id=draft_id, procedure_id=PROCEDURE,
        band=BandText("danger", "受け付けられませんでした", "2件あります。"), refusals=lines,
    )  # fmt: skip


@pytest.fixture
def desk(window: MainWindow, house: SampleHouse, resources: Path) -> FormDesk:
    made: Any = FormDesk(resources)
    draft = made.open_draft(PROCEDURE, PERSON)
    made.filings = lambda: [refused(draft.id)]
    made.mark_seen = lambda _id: None
    house.pages = {"outbox": lambda d, w, _asked: OutboxPage(d, w), "form": FormPage}
    window.desk = made
    window.stack.setCurrentWidget(window.frame)
    window.show_page("outbox")
    rest()
    return made  # type: ignore[no-any-return]


def test_a_refusal_leads_to_its_field_by_keyboard(desk: FormDesk, window: MainWindow) -> None:
    button = named(window, "outbox.refusal0.go")
    assert button.accessibleName() == "賃金月額 桁が多すぎます。 この欄へ"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    rest()
    page: Any = window.page()
    assert isinstance(page, FormPage)
    assert page.work.current == "chingin_getsugaku"
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName().startswith("form.field.chingin_getsugaku")


def test_a_line_that_leads_nowhere_is_shown_without_a_button(
    desk: FormDesk, window: MainWindow
) -> None:
    assert "添付書類" in _words(named(window, "outbox.refusals"))
    assert not window.findChildren(type(named(window, "outbox.refusal0.go")), "outbox.refusal1.go")


def test_a_form_that_cannot_be_opened_is_said(desk: Any, window: MainWindow) -> None:
    def gone(_id: str) -> None:
        raise Known("procedure-gone", "この様式は、もうありません。")

    desk.draft = gone
    QTest.mouseClick(named(window, "outbox.refusal0.go"), Qt.MouseButton.LeftButton)
    rest()
    assert "もうありません" in named(window, "outbox.band").accessibleName()
    assert isinstance(window.page(), OutboxPage)


def _words(root: Any) -> str:
    from app.views.widgets.lines import WrapLabel

    return " ".join(w.plain() for w in root.findChildren(WrapLabel))
