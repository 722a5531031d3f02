"""手で出す from the page of a notice, where it cannot go by e-Gov: as in every real company."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from social_window import office, press, shown, somebody, texts, town, window

from app.domain.filing import HAND_OVER
from app.services.my_number import MyNumbers
from app.services.sealing import Sealing
from app.services.social.insurer import ACQUISITION, REGULAR
from app.views.pages.outbox import OutboxPage
from app.views.pages.social_form_page import SocialFormPage
from tests.services.open_desk import OpenDesk
from tests.services.social_town import MORE, social, told
from tests.views.window_parts import rest

__all__ = ["office", "shown", "town", "window"]

REASON = "この様式は練習用の古い版です。本番の会社では送れません。"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door as a real vault finds it: no edition of the six notices may leave."""
    monkeypatch.setattr(Sealing, "edition_reasons", lambda *_: (REASON,))


def opened(window: Any) -> SocialFormPage:
    window.show_page("social", form=REGULAR)
    rest()
    rest()
    page = window.page()
    assert isinstance(page, SocialFormPage)
    return page


@pytest.mark.usefixtures("closed")
def test_it_leads_to_the_filing_that_waits_for_its_number(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    assert page.send_button.kind() == "dashed"
    assert REASON in texts(page)
    press(page, "social_form.by_hand.action0")
    assert page.by_hand.dialog is not None
    page.by_hand.dialog.reject()
    assert office.desk.filings() == [], "nothing is sealed before a folder is chosen"
    page.by_hand.write(tmp_path)
    rest()
    after = window.page()
    assert isinstance(after, OutboxPage)
    assert after.shown.hand is not None
    assert after.shown.hand.needs_number
    (folder,) = tmp_path.glob("*手渡し*")
    assert (folder / "届書" / "SHFD0006.CSV").is_file()


@pytest.mark.usefixtures("closed")
def test_what_could_not_be_written_waits_in_the_outbox(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    page.by_hand.write(tmp_path / "gone")
    rest()
    after = window.page()
    assert isinstance(after, OutboxPage)
    assert "まだ書き出していません" in after.shown.band.sentence
    (row,) = office.desk.filings_store.list()
    assert row.door == HAND_OVER


def test_where_it_can_be_sent_the_page_offers_no_second_way(window: Any, office: OpenDesk) -> None:
    social(office)
    office.sign_in()
    told(office, "a", somebody())
    assert "手で出せます" not in texts(opened(window))


@pytest.mark.usefixtures("closed")
def test_numbers_are_asked_for_first_and_stand_only_in_the_files(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    told(office, "a", somebody() | MORE[ACQUISITION])
    window.show_page("social", form=ACQUISITION)
    rest()
    rest()
    page = window.page()
    assert isinstance(page, SocialFormPage)
    assert page.review is not None
    assert page.review.asked
    press(page, "social_form.by_hand.action0")
    assert page.by_hand.dialog is None, "the folder is asked for afterwards"
    assert page.numbers.asking
    numbers = MyNumbers()
    numbers.put("a", "123456789018")
    page.numbers.close()
    page._start(numbers)
    assert page.by_hand.dialog is not None
    page.by_hand.write(tmp_path)
    rest()
    (csv,) = tmp_path.glob("*手渡し*/届書/SHFD0006.CSV")
    assert b",123456789018," in csv.read_bytes()
    assert not numbers, "wiped"
    (row,) = office.desk.filings_store.list()
    assert b"123456789018" not in office.desk.filings_store.envelope(row.id)
