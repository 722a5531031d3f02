"""Social insurance in a real window, by keyboard: from a pay table to the sealed 算定基礎届."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from app.domain.clock import today
from tests.journeys.core.test_core_story import create_company
from tests.journeys.hand import Hand

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(300),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]
OFFICE = {
    "company.phone": "03-1234-5678",
    "company.email": "keiri@example.co.jp",
    "company.head_office.address_kana": "トウキョウトシブヤクジンナン",
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.social_insurance.prefecture": "21",
    "company.social_insurance.district": "01",
    "company.social_insurance.mark": "ケイト",
    "company.social_insurance.office_number": "123",
    "company.social_insurance.submission_id": "X-PRACTICE-PENSION-2101",
    "company.social_insurance.submission_name": "日本年金機構,渋谷年金事務所",
}


def table(year: int) -> str:
    """Three good rows, one of them with a letter the office does not take, and a bad one."""
    months = ",".join(f"{year}年{n}月 支給額,{year}年{n}月 基礎日数" for n in (4, 5, 6))
    head = f"社員番号,氏名,フリガナ,性別,生年月日,被保険者整理番号,資格取得日,標準報酬月額,厚年標準報酬月額,改定年月,{months}"
    pay = "260000,30,260000,31,260000,30"
    last = year - 1
    return "\r\n".join((
        head,
        f"E1,年金 太郎,ネンキン タロウ,男,1995-04-01,12,2015-04-01,260000,260000,{last}-09,{pay}",
        f"E2,髙橋 由美,タカハシ ユミ,女,1990-05-02,13,2016-04-01,260000,260000,{last}-09,{pay}",
        f"E3,佐野 あかり,サノ アカリ,女,1991-02-30,14,2016-04-01,260000,260000,{last}-09,{pay}",
        f"E4,伊藤 健,イトウ ケン,男,1988-07-07,15,2016-04-01,260000,260000,{last}-09,{pay}",
    ))  # fmt: skip


def go_by_name(hand: Hand, words: str) -> None:
    """Ctrl+K, the words, Enter."""
    hand.keys(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    hand.see("palette")
    hand.write(words)
    hand.enter()


def test_from_a_pay_table_to_the_sealed_notice(
    program: Any, qtbot: Any, out: Path, tmp_path: Path
) -> None:
    hand = Hand(qtbot, program, out / "pictures")
    create_company(hand, out)
    desk = program.desk
    for path, text in OFFICE.items():
        desk.answer_fact(path, text)
    year = today(desk.clock).year
    pay = tmp_path / "給与.csv"
    pay.write_bytes(table(year).encode("utf-8-sig"))

    go_by_name(hand, "従業員と給与")
    hand.press("import.choose")
    dialog = hand.see("import.dialog")
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(pay))
    dialog.close()
    hand.see("import.columns.table")
    hand.picture("import-columns")
    hand.keys(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "新しい人 3人" in hand.text("import.summary")
    assert "1行" in hand.text("import.summary")
    hand.see("import.bad")
    hand.picture("import-checked")
    assert desk.social.people() == []
    hand.press("import.take")
    hand.until(lambda: len(desk.social.people()) == 3, "nobody was taken in")
    hand.picture("import-done")
    hand.press("import.band.action0")

    hand.see("social.insurer.kyokai")
    hand.picture("insurer")
    hand.reach("social.insurer.kyokai")
    hand.enter()
    hand.press("social.since.change")
    hand.type("social.since.day", f"{year}-01-01", commit=False)
    hand.enter()
    page = program.page()
    hand.until(lambda: page.list.model.rowCount() == 4, "who needs 算定基礎届 is not listed")
    hand.reach("social.rows")
    for _ in range(2):
        hand.keys(Qt.Key.Key_Down)
    hand.press("social.arithmetic")
    hand.until(lambda: "÷ 3 = 260,000円" in hand.text("social.arithmetic.lines"), "no arithmetic")
    hand.picture("needs")
    hand.press("social.prepare")

    hand.see("social.letter.0")
    hand.picture("letters")
    hand.press("social.letter.0.action0")
    hand.until(lambda: program.page().send_button.kind() == "primary", "it cannot be sealed")
    hand.picture("ready")
    assert "3人の算定基礎届" in hand.text("review.leaving")
    hand.keys(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hand.press("social_form.outbox")
    hand.until(lambda: program.page().objectName() == "outbox", "the outbox is not shown")
    hand.picture("outbox")
    (filing,) = desk.filings()
    assert str(filing.stage) == "ready"
    with zipfile.ZipFile(io.BytesIO(desk.filings_store.envelope(filing.id))) as envelope:
        (name,) = [n for n in envelope.namelist() if n.endswith("SHFD0006.CSV")]
        lines = envelope.read(name).decode("cp932").splitlines()[5:]
    assert [line.split(",")[4] for line in lines] == ["15", "13", "12"]  # by their kana
    assert [line.split(",")[6] for line in lines][1] == "高橋　由美"
    assert desk.social.needs().notices == ()
    assert QApplication.focusWidget() is not None
