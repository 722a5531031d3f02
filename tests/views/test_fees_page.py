"""納付 in the real window: the numbers a bank asks for, said that nothing is paid here; its line in 今日."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication

from app.views.main_window import MainWindow
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_fees import sent
from tests.views.case_window import press, sign_out, told
from tests.views.egov_window import page, settled, shown
from tests.views.window_parts import dressed, house, named, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]


def test_numbers_amount_and_day_are_shown_and_copied(shown: MainWindow, office: OpenDesk) -> None:
    sent(office, "X-PRACTICE-T0002")
    (row,) = office.desk.egov.fees.rows()
    page(shown, "fees")
    assert "納付は、一度からはできません" in told(shown, "fees.not_here")
    assert "ペイジー" in told(shown, "fees.not_here")
    card = named(shown, "fees.0")
    assert "1,500円" in card.accessibleName()
    assert "納付待ち" in card.accessibleName()
    assert f"{row.due.month}月{row.due.day}日" in card.accessibleName()
    assert "prime@example.jp(GビズIDプライム)" in told(shown, "fees.account")
    for name, text in (
        ("納付番号", row.fee.pay_number),
        ("収納機関番号", row.fee.facility_number),
        ("確認番号", row.fee.confirm_number),
    ):
        shown_number: Any = named(shown, f"fees.0.{name}")
        assert shown_number.text().replace(" ", "") == text
    press(shown, "fees.0.納付番号.copy")
    assert QGuiApplication.clipboard().text() == row.fee.pay_number


def test_a_payment_made_at_the_bank_is_learnt(shown: MainWindow, office: OpenDesk) -> None:
    filing_id = sent(office, "X-PRACTICE-T0002")
    fees = page(shown, "fees")
    assert fees.note == "納付待ち 1件"
    number = office.desk.filings_store.get(filing_id).receipt_number
    office.town.advance(number, "納付済み")
    fees.ask.click()
    settled()
    assert "1件" in told(shown, "fees.band")
    assert fees.note == "納付待ち 0件"
    assert "納付済み" in named(shown, "fees.0").accessibleName()


def test_the_banks_are_listed_when_asked_for(shown: MainWindow) -> None:
    page(shown, "fees")
    assert named(shown, "fees.empty")
    press(shown, "fees.banks")
    settled()
    assert named(shown, "fees.banks.card").accessibleName().startswith("納められる金融機関")


def test_signed_out_it_says_so_with_the_way_in(shown: MainWindow, office: OpenDesk) -> None:
    sent(office, "X-PRACTICE-T0002")
    sign_out(office)
    fees = page(shown, "fees")
    assert "まだサインインしていません" in told(shown, "fees.account")
    fees.ask.click()
    settled()
    assert "サインイン" in told(shown, "fees.band")
    assert named(shown, "fees.0"), "what was told stays readable"


def test_it_stands_in_today_and_leads_there(shown: MainWindow, office: OpenDesk) -> None:
    sent(office, "X-PRACTICE-T0002")
    today = page(shown, "today")
    (row,) = [r for r in today._today.due if r.page == "fees"]
    assert "1,500円" in row.note
    assert row.due is not None
    today._open_due(row)
    settled()
    assert shown.page().objectName() == "fees"
