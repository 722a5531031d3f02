"""電子送達とご案内 in the real window: asked, kept, marked unread, read, and its verdicts."""

from __future__ import annotations

from typing import Any

from app.views.main_window import MainWindow
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_deliveries import delivered
from tests.views.case_window import press, told
from tests.views.egov_window import page, settled, shown
from tests.views.window_parts import dressed, house, named, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]


def test_what_came_is_unread_until_it_is_opened(shown: MainWindow, office: OpenDesk) -> None:
    delivered(office, "保険料のお知らせ")
    letters = page(shown, "deliveries")
    assert named(shown, "deliveries.empty")
    assert "申し込んでいません" in letters.state.plain()
    letters.ask.click()
    settled()
    assert "保険料のお知らせ" in told(shown, "deliveries.band")
    today = page(shown, "today")
    rows = [r for r in today._today.came_back if r.page == "deliveries"]
    assert len(rows) >= 1, "the one not opened yet"
    letters = page(shown, "deliveries")
    for key in list(letters._rows):
        letters._chosen(key)
        settled()
    assert letters.note.startswith("未読 0")
    assert office.desk.egov.letters() == []


def test_a_letter_is_read_with_its_three_verdicts(shown: MainWindow, office: OpenDesk) -> None:
    delivered(office)
    office.desk.egov.deliveries.look()
    key = next(
        f"{d.kind}.{d.id}" for d in office.desk.egov.deliveries.rows() if d.kind == "delivery"
    )
    letters = page(shown, "deliveries", open=key)
    assert "お知らせです" in letters.text.toPlainText()
    words = named(shown, "documents.verdicts").accessibleName()
    assert "署名したときのままです" in words
    assert "認証局までたどれました" in words
    assert "有効でした" in words
    assert "署名あり" in words
    press(shown, "deliveries.document")
    settled()
    assert shown.page().objectName() == "documents"
    assert "署名したときのままです" in named(shown, "documents.verdicts").accessibleName()
    press(shown, "documents.verify")
    settled()
    assert "e-Gov の検証: 正当、証明書 有効" in told(shown, "documents.band")


def test_guidance_is_words_only(shown: MainWindow, office: OpenDesk) -> None:
    office.desk.egov.deliveries.look()
    key = next(
        f"{d.kind}.{d.id}" for d in office.desk.egov.deliveries.rows() if d.kind == "guidance"
    )
    letters = page(shown, "deliveries", open=key)
    assert "練習の町です" in letters.text.toPlainText()
    boxes: Any = [w for w in shown.findChildren(type(letters._verdict)) if w.isVisible()]
    assert boxes == [], "nobody signs a guidance"


def test_signing_up_begins_here(shown: MainWindow, office: OpenDesk) -> None:
    page(shown, "deliveries")
    press(shown, "deliveries.join")
    settled()
    chosen: Any = shown.page()
    assert chosen.title == "電子送達を申し込む"
    chosen.field.setText("900A013800001000")
    press(shown, "skeleton.fetch")
    settled()
    form: Any = shown.page()
    assert form.draft.delivery
    assert "別の窓口" in told(shown, "skeleton.delivery")
    assert office.desk.filings() == []
