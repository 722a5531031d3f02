"""手渡し and 届と決定 in 送信箱: from the press to the files, the number, the documents, the comparison."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from app.domain.filing import HAND_OVER, Stage
from app.services.sealing import Sealing
from app.services.social.insurer import REGULAR
from app.views.main_window import MainWindow
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.social_town import WHO, social
from tests.services.social_town import told as known
from tests.services.test_hand_over import api, filed_by_hand
from tests.services.test_social_with_town import SPRING
from tests.views.case_window import outbox, press, shown, told
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["api", "dressed", "house", "office", "running_town", "shown", "town", "window"]


def by_hand(office: OpenDesk) -> Any:
    """The one filing of the hand-over."""
    (row,) = [r for r in office.desk.filings_store.list() if r.door == HAND_OVER]
    return row


def handed(window: MainWindow, office: OpenDesk, folder: Path) -> Any:
    """A waiting envelope handed over from its page."""
    waiting = office.sealed()
    page = outbox(window, waiting)
    press(window, "outbox.outcome.action2")
    assert page.hand.dialog is not None
    page.hand.dialog.close()
    page.hand.hand_into(folder)
    rest()
    return page


def test_from_waiting_to_the_end_by_hand(
    shown: MainWindow, office: OpenDesk, tmp_path: Path
) -> None:
    page = handed(shown, office, tmp_path)
    row = by_hand(office)
    assert page.chosen == row.id
    assert "書き出しました" in told(shown, "outbox.band")
    assert "手渡しました" in told(shown, "outbox.outcome")
    (folder,) = tmp_path.glob("*手渡し*")
    assert (folder / "手順.pdf").is_file()
    number: Any = named(shown, "outbox.hand.number")
    number.setText("123")
    press(shown, "outbox.hand.number.go")
    problem: Any = named(shown, "outbox.hand.problem")
    assert "16～18桁" in problem.plain()
    assert number.text() == "123", "what was typed stays"
    number.setText("9002026000002796")
    day: Any = named(shown, "outbox.hand.time")
    day.setText("25:99")
    press(shown, "outbox.hand.number.go")
    assert "10:23 のように" in problem.plain()
    day.setText("")
    press(shown, "outbox.hand.number.go")
    assert office.desk.filings_store.get(row.id).receipt_number == "9002026000002796"
    assert page.shown.state_word == "到達"
    paper = tmp_path / "控え.pdf"
    paper.write_bytes(b"%PDF-1.4 x")
    page.hand.take_in([paper])
    rest()
    assert "書類を入れました" in told(shown, "outbox.band")
    press(shown, "outbox.hand.finish")
    assert office.desk.filings_store.get(row.id).stage is Stage.ENDED


def test_taking_back_is_asked_once_more(
    shown: MainWindow, office: OpenDesk, tmp_path: Path
) -> None:
    page = handed(shown, office, tmp_path)
    row = by_hand(office)
    press(shown, "outbox.hand.back")
    assert office.desk.filings_store.get(row.id).stage is Stage.READY
    press(shown, "outbox.hand.back.no")
    press(shown, "outbox.hand.back")
    press(shown, "outbox.hand.back.go")
    assert office.desk.filings_store.get(row.id).stage is Stage.WITHDRAWN
    assert page._detail.hand is None
    assert office.desk.send(office.desk.seal(row.draft_id)).stage is Stage.ACCEPTED


def test_a_folder_that_cannot_be_written_is_said_and_can_be_tried_again(
    shown: MainWindow, office: OpenDesk, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    page = handed(shown, office, gone)
    assert "書けませんでした" in told(shown, "outbox.band")
    row = by_hand(office)
    assert page.chosen == row.id
    assert "まだ書き出していません" in told(shown, "outbox.outcome")
    named(shown, "outbox.hand.write")
    page.hand.hand_into(tmp_path)
    rest()
    assert "手渡しました" in told(shown, "outbox.outcome")


@pytest.mark.parametrize("grades", [0, 2])
def test_a_decision_is_shown_person_by_person(
    shown: MainWindow, office: OpenDesk, api: Any, tmp_path: Path, grades: int
) -> None:
    desk = social(office)
    known(office, "e1", WHO | SPRING | {"family_name": "髙橋", "family_kana": "タカハシ"})
    desk.accept_substitute("髙", "高")
    folder = desk.after.hand_over(REGULAR, None, tmp_path)
    csv = (folder / "届書" / "SHFD0006.CSV").read_bytes()
    number = filed_by_hand(office, api, REGULAR, csv)["arrive_id"]
    row = by_hand(office)
    office.desk.hand_overs.number(row.id, number)
    office.town.control("POST", "decisions", {"12": grades})
    office.town.advance(number, "審査終了")
    sub = api.get(f"/apply/{number}").json()["results"]["official_list"][0]["notice_sub_id"]
    found = api.get(f"/official_document/{number}/{sub}").json()["results"]
    package = tmp_path / "公文書.zip"
    package.write_bytes(base64.b64decode(found["file_data"]))
    page = outbox(shown, row.id)
    page.hand.take_in([package])
    rest()
    rest()  # reading first, then the comparison
    card: Any = named(shown, "outbox.compare")
    assert card._found.differing == (1 if grades else 0)
    if grades:
        table: Any = named(shown, "outbox.compare.table")
        spoken = [table.model().index(n, 0).data(11) for n in range(table.model().rowCount())]
        assert any("260千円、決定 300千円、ちがいます" in text for text in spoken)
        texts = [
            table.model().index(n, c).data()
            for n in range(table.model().rowCount())
            for c in range(4)
        ]
        assert all(texts)
    else:
        press(shown, "outbox.compare.all")
        named(shown, "outbox.compare.table")
    page.hand.explain_into(tmp_path / "説明.pdf")
    rest()
    assert (tmp_path / "説明.pdf").read_bytes().startswith(b"%PDF-")
    press(shown, "outbox.compare.document")
    assert shown.page().objectName() == "documents"


def test_a_form_the_door_is_closed_to_is_offered_by_hand(
    shown: MainWindow, office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.complete_draft()
    monkeypatch.setattr(Sealing, "edition_reasons", lambda *_: ("役所の様式と版が合いません。",))
    shown.show_page("review", draft=draft)
    rest()
    press(shown, "review.by_hand.action0")
    page: Any = shown.page()
    assert page.objectName() == "outbox"
    assert page.shown.hand is not None
    named(shown, "outbox.hand.write")
