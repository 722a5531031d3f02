"""個人番号 between 「送る」 and the seal: of a form with a folder, and of one of the door's own."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.filing import Stage
from app.services.social.labour import LOST
from app.views.main_window import MainWindow
from app.views.page_list import make
from app.views.pages.outbox import OutboxPage
from app.views.pages.review_page import ReviewPage
from app.views.pages.skeleton_review import SkeletonReviewPage
from tests.pictures.sample_house import SampleHouse
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_labour_filing import somebody_left
from tests.services.test_skeleton_drafts import begun, leaving
from tests.views.case_window import press, shown
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]

NUMBER = "123456789018"


def review_of_a_loss(window: MainWindow, office: OpenDesk) -> ReviewPage:
    key = somebody_left(office)
    office.desk.answer_fact(f"employees[{key}].employment_insurance.certificate_wanted", "false")
    draft = office.desk.open_draft(LOST, key)
    window.show_page("review", draft=draft.id)
    rest()
    page = window.page()
    assert isinstance(page, ReviewPage)
    return page


def typed(window: MainWindow, text: str) -> None:
    field: Any = named(window, "my_number.field")
    assert field.hasFocus()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()


def only(office: OpenDesk) -> Any:
    (row,) = office.desk.filings_store.list()
    return row


def test_a_number_is_asked_for_before_a_form_is_sealed(shown: MainWindow, office: OpenDesk) -> None:
    page = review_of_a_loss(shown, office)
    page.send()
    rest()
    assert page.numbers.asking
    assert not page._list.isVisible()
    assert office.desk.filings_store.list() == []
    assert "佐野　あかりさん(本人)" in named(shown, "my_number.name").text()  # type: ignore[attr-defined]
    typed(shown, NUMBER)
    press(shown, "my_number.go")
    assert isinstance(shown.page(), OutboxPage)
    row = only(office)
    assert row.stage is Stage.ACCEPTED
    assert NUMBER.encode() in office.desk.filings_store.leaving(row.id)
    assert NUMBER.encode() not in office.desk.filings_store.envelope(row.id)
    assert page.sending.numbers is None


def test_it_may_be_left_empty_there(shown: MainWindow, office: OpenDesk) -> None:
    page = review_of_a_loss(shown, office)
    page.send()
    rest()
    press(shown, "my_number.skip")
    page.send()  # as the button in the head does
    rest()
    row = only(office)
    assert row.stage is Stage.ACCEPTED
    assert office.desk.filings_store.kept_apart(row.id) is None


def test_stopping_shows_the_review_again_and_keeps_nothing(
    shown: MainWindow, office: OpenDesk
) -> None:
    page = review_of_a_loss(shown, office)
    page.send()
    rest()
    typed(shown, NUMBER)
    ask: Any = page.numbers.ask
    kept = next(iter(ask._numbers._held.values()))
    press(shown, "my_number.no")
    assert not page.numbers.asking
    assert page._list.isVisible()
    assert kept == bytes(12)
    page.send()
    rest()
    ask = page.numbers.ask
    assert ask.model.left() == 1, "it is asked anew"
    shown.show_page("outbox")
    rest()
    assert not page.numbers.asking
    assert office.desk.filings_store.list() == []


def test_of_the_doors_own_form_too(shown: MainWindow, house: SampleHouse, office: OpenDesk) -> None:
    for name in ("skeleton", "skeleton_review"):
        house.pages[name] = lambda d, w, asked, n=name: make(n, d, w, asked, house)  # type: ignore[misc]
    draft = begun(office, "X-PRACTICE-10191")
    leaving(draft)
    shown.show_page("skeleton", draft=draft.id)
    rest()
    own = next(p for p in draft.places.values() if p.my_number)
    field: Any = named(shown, f"skeleton.field.{own.id}")
    assert field.isReadOnly()
    assert "封をするとき" in field.placeholderText()
    shown.show_page("skeleton_review", draft=draft.id)
    rest()
    page = shown.page()
    assert isinstance(page, SkeletonReviewPage)
    page.send()
    rest()
    assert not named(shown, "my_number.one").isHidden()
    typed(shown, NUMBER)
    press(shown, "my_number.go")
    row = only(office)
    assert row.stage is Stage.ACCEPTED
    assert NUMBER.encode() in office.desk.filings_store.leaving(row.id)
    assert NUMBER.encode() not in office.desk.filings_store.envelope(row.id)
