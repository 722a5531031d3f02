"""The clerk's story in a real window, by keyboard: employees from Excel to a decision compared, and a fee.

The sign-in is that of the first story, in the embedded browser; the company is made beforehand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.journeys.core.test_core_story import sign_in
from tests.journeys.egov.office_data import COMPANY, excel
from tests.journeys.hand import Hand
from tests.journeys.web import TownSide

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(600),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]

NUMBER = "1011001141756"
PASSPHRASE = "miso umi tegami raion"
REGULAR = "2225700"
FEE_PROCEDURE = "X-PRACTICE-T0002"


def open_company(program: Any, inner: Any) -> None:
    """A practice company with the office's own facts, as step 1 of the first story leaves it."""
    entry = inner.companies.look_up(NUMBER, practice=True)
    made = inner.companies.create(NUMBER, entry, PASSPHRASE, practice=True)
    desk = inner.desk(made.opened)
    for path, text in COMPANY.items():
        desk.answer_fact(path, text)
    program.take_desk(desk)


def take_in_employees(hand: Hand, program: Any, table: Path) -> None:
    """The insurer is asked first; then a table from Excel, whose bad row is not written at all."""
    program.show_page("social")
    hand.reach("social.insurer.kyokai")
    hand.enter()
    hand.press("social.begin")
    hand.reach("import.choose")
    program.page().choose(table)  # what the system's own dialog would hand over
    hand.see("import.columns.table")
    hand.picture("columns")
    hand.press("import.check")
    hand.until(lambda: "新しい人 3人" in hand.text("import.summary"), "the table was not looked at")
    assert "取り込めない行 1行" in hand.text("import.summary")
    hand.picture("looked-at")
    hand.press("import.take")
    hand.until(lambda: len(program.desk.social.people()) == 3, "nobody was taken in")
    kept = repr([r.value for r in program.desk.records.all()])
    assert "小林" not in kept, "not one cell of a bad row"
    assert "秘密の覚え" not in kept


def who_needs_what(hand: Hand, program: Any) -> None:
    """From spring on; the arithmetic of one person, with its grades and its law."""
    program.show_page("social")
    hand.press("social.since.change")
    hand.type("social.since.day", "2026-01-01", commit=False)
    hand.enter()
    page = program.page()
    hand.until(lambda: page.list.model.rowCount() >= 4, "nobody needs a notice")
    hand.picture("who-needs-what")
    page.list.rows.setFocus()
    hand.keys(Qt.Key.Key_Down)
    hand.press("social.arithmetic")
    hand.picture("arithmetic")


def prepare_and_send(hand: Hand, program: Any) -> str:
    """算定基礎届: the letter that cannot be sent is replaced by its lawful one; sealed, sent once."""
    program.show_page("social", form=REGULAR)
    hand.until(lambda: program.page().review is not None, "it is not prepared")
    hand.see("social.letters")
    hand.picture("letter")
    hand.press(program.page().letters.buttons[0].objectName())
    hand.until(lambda: not hand.all("social.letters"), "the letter stays")
    hand.picture("prepared")
    hand.press("social_form.send")
    hand.see("outbox.receipt_number", 60_000)
    (row,) = program.desk.filings_store.list()
    assert hand.text("outbox.receipt_number").replace(" ", "") == row.receipt_number
    hand.picture("sent")
    filing: str = row.id
    return filing


def answer_correction(hand: Hand, program: Any, town: TownSide, filing: str) -> None:
    """The office wants something put right: answered from the facts, as 部分補正."""
    number = program.desk.filings_store.get(filing).receipt_number
    town.post(f"case/{number}/advance", {"to": "審査中"})
    town.post(f"case/{number}/advance", {"to": "補正", "correct_type": "部分補正"})
    _ask(hand, program, filing, lambda: program.desk.filing(filing).sent_back)
    hand.picture("correction")
    hand.press("outbox.outcome.action0")
    hand.until(lambda: program.page().objectName() == "social_form", "the people are not shown")
    hand.until(lambda: program.page().review is not None, "the answer is not prepared")
    hand.press("social_form.send")
    hand.until(
        lambda: any(f.amends == filing and f.receipt_number for f in program.desk.filings()),
        "the answer was not sent",
        60_000,
    )
    hand.picture("answered")


def compare_decision(hand: Hand, program: Any, town: TownSide, filing: str) -> None:
    """標準報酬決定通知書 comes back and is set beside what was filed, person by person."""
    number = program.desk.filings_store.get(filing).receipt_number
    town.post("decisions", {"12": 1})
    town.post(f"case/{number}/advance", {"to": "審査終了"})
    _ask(hand, program, filing, lambda: bool(program.desk.filing(filing).compared))
    hand.see("outbox.compare.document")
    words = hand.text("outbox.detail")
    assert "届と決定を、ひとりずつ比べる" in words
    assert "1人 ちがいます" in _all_words(program) or "1人 ちがいます" in words
    hand.picture("compared")


def fee(hand: Hand, program: Any, town: TownSide) -> None:
    """A procedure without a form of ours, on the door's own form; its fee, with the bank's numbers."""
    program.show_page("skeleton")
    hand.type("skeleton.proc", FEE_PROCEDURE, commit=False)
    hand.press("skeleton.fetch")
    hand.until(lambda: program.page().objectName() == "skeleton", "its form did not come", 30_000)
    page = program.page()
    hand.until(lambda: len(page.rows) == len(page.draft.places), "its form is not whole")
    for place in [p.id for p in page.draft.places.values() if p.required]:
        if hand.all(f"skeleton.offer.{place}"):
            hand.press(f"skeleton.offer.{place}")
    hand.picture("skeleton")
    assert page.draft.gaps() == []
    hand.press("skeleton.review")
    hand.press("skeleton.check")
    hand.until(lambda: bool(hand.all("skeleton.checked")), "the door did not check", 30_000)
    hand.picture("skeleton-review")
    hand.press("skeleton.send")
    hand.see("outbox.receipt_number", 60_000)
    filing = program.desk.filings()[0].id
    number = program.desk.filings_store.get(filing).receipt_number
    town.post(f"case/{number}/advance", {"to": "納付待ち"})
    _ask(hand, program, filing, lambda: bool(program.desk.egov.fees.rows()))
    program.show_page("today")
    hand.until(
        lambda: any("納付" in r.title for r in program.page()._today.due), "今日 says nothing of it"
    )
    hand.picture("today")
    program.show_page("fees")
    hand.see("fees.0.納付番号")
    (row,) = program.desk.egov.fees.rows()
    assert hand.text("fees.0.納付番号").replace(" ", "") == row.fee.pay_number
    assert (
        "一度からはできません" in program.page().findChild(object, "fees.not_here").accessibleName()
    )
    hand.picture("fee")


def letters(hand: Hand, program: Any, town: TownSide) -> None:
    """電子送達: fetched, kept, read with the three verdicts."""
    number = program.desk.filings_store.list()[-1].receipt_number
    town.post(
        f"case/{number}/deliver", {"title": "保険料のお知らせ", "sentence": "口座振替の日です。"}
    )
    program.show_page("deliveries")
    hand.press("deliveries.ask")
    hand.until(
        lambda: "口座振替の日です" in program.page().text.toPlainText(), "no letter is read", 30_000
    )
    hand.until(lambda: bool(hand.all("documents.verdict.中身")), "no verdict", 30_000)
    hand.picture("letter-read")


def _ask(hand: Hand, program: Any, filing: str, holds: Any) -> None:
    """今すぐ確かめる until it is so, as a person would."""
    program.show_page("outbox", open=filing)

    def so() -> bool:
        if holds():
            return True
        if hand.all("outbox.poll"):
            hand.press("outbox.poll")
        return False

    hand.until(so, "the door tells nothing new", 60_000)
    program.show_page("outbox", open=filing)
    hand.qtbot.wait(300)  # what came last is laid out too


def _all_words(program: Any) -> str:
    shown = (w for w in program.findChildren(QWidget) if w.isVisible())
    return " ".join(w.accessibleName() for w in shown)


def test_egov_story(program: Any, inner: Any, qtbot: Any, out: Path, tmp_path: Path) -> None:
    hand = Hand(qtbot, program, out / "pictures")
    open_company(program, inner)
    town = TownSide(inner.town.endpoints())
    town.post("pace", {"mode": "manual"})
    take_in_employees(hand, program, excel(tmp_path / "給与.xlsx"))
    who_needs_what(hand, program)
    sign_in(hand, program, town)
    hand.until(lambda: not hand.all("sign_in_page"), "the sign-in does not lead back")
    filing = prepare_and_send(hand, program)
    answer_correction(hand, program, town, filing)
    compare_decision(hand, program, town, filing)
    fee(hand, program, town)
    letters(hand, program, town)
    assert len(town.ledger()) == 2, "one arrival for each, the answer belongs to its case"
    (out / "town-log.json").write_text(
        json.dumps(town.log(), ensure_ascii=False, indent=1), "utf-8"
    )
    town.close()
