"""A pension notice that the office wants put right, answered in the real window from the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from social_window import office, press, texts, town, window

from app.services.social.insurer import LOSS
from app.views.pages.outbox import OutboxPage
from app.views.pages.social_form_page import SocialFormPage
from tests.services.open_desk import OpenDesk
from tests.services.social_town import MORE, WHO, advanced, files_of, social, told
from tests.views.window_parts import rest

__all__ = ["office", "town", "window"]


def filed(office: OpenDesk) -> str:
    desk = social(office)
    office.sign_in()
    told(office, "a", WHO | MORE[LOSS])
    (filing,) = desk.seal(LOSS)
    office.desk.send(filing)
    return filing


def outbox(window: Any, filing: str) -> OutboxPage:
    window.show_page("outbox", open=filing)
    rest()
    rest()
    page = window.page()
    assert isinstance(page, OutboxPage)
    return page


def answering(window: Any) -> SocialFormPage:
    rest()
    rest()
    page = window.page()
    assert isinstance(page, SocialFormPage)
    return page


def test_a_correction_leads_to_the_people_and_is_answered_once(
    window: Any, office: OpenDesk
) -> None:
    filing = filed(office)
    number = advanced(office, filing, "補正", correct_type="再提出")
    told(office, "a", {"left_on": date(2026, 9, 30)})
    outbox(window, filing)._fix()
    page = answering(window)
    assert "補正に答えています" in texts(page)
    assert "1人の資格喪失届" in texts(page)
    assert page.send_button.kind() == "primary"
    page.turn(office.desk.social.reports(filing)[0])  # an answer is whole
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert isinstance(window.page(), OutboxPage)
    answer = next(f for f in office.desk.filings() if f.amends == filing)
    assert str(answer.stage) == "accepted"
    files = files_of(office, answer.id)
    assert f"<初回受付番号>{number}<".encode() in files["kousei.xml"]
    assert b",9,081001,4,9,080930," in files["SHFD0006.CSV"]
    assert len(office.desk.filings()) == 2


def test_an_envelope_given_up_leads_back_to_its_people(window: Any, office: OpenDesk) -> None:
    desk = social(office)
    told(office, "a", WHO | MORE[LOSS])
    (filing,) = desk.seal(LOSS)
    outbox(window, filing)._fix()
    page = answering(window)
    assert "1人の資格喪失届" in texts(page)
    assert str(office.desk.filing(filing).stage) == "withdrawn"
    press(window, "social_form.not_yet")
    assert type(window.page()).__name__ == "SocialPage"


def test_the_way_back_from_an_answer_is_its_filing(window: Any, office: OpenDesk) -> None:
    filing = filed(office)
    advanced(office, filing, "補正", correct_type="部分補正")
    outbox(window, filing)._fix()
    answering(window)
    press(window, "social_form.not_yet")
    page = window.page()
    assert isinstance(page, OutboxPage)
    assert page._open == filing
