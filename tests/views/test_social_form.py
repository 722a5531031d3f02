"""One notice prepared, reviewed, sealed and sent in the real window, against the practice town."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from social_window import office, press, shown, somebody, texts, town, window

from app.domain.my_number import check_digit
from app.services.social.insurer import ACQUISITION, REGULAR, Insurer
from app.views.pages.outbox import OutboxPage
from app.views.pages.social_form_page import SocialFormPage
from tests.services.open_desk import OpenDesk
from tests.services.social_town import files_of, social, told
from tests.views.case_window import sign_out
from tests.views.window_parts import named, rest

__all__ = ["office", "town", "window"]


def opened(window: Any, form: str = REGULAR) -> SocialFormPage:
    window.show_page("social", form=form)
    rest()
    rest()  # what came last is laid out too
    page = window.page()
    assert isinstance(page, SocialFormPage)
    return page


def lines(office: OpenDesk, filing_id: str) -> list[str]:
    return files_of(office, filing_id)["SHFD0006.CSV"].decode("cp932").splitlines()[5:]


def test_a_notice_is_sealed_sent_and_leads_to_the_outbox(window: Any, office: OpenDesk) -> None:
    social(office)
    office.sign_in()
    told(office, "a", somebody())
    told(office, "b", somebody(1, family_name="佐野"))
    page = opened(window)
    assert page.send_button.word() == "送る"
    assert page.send_button.kind() == "primary"
    read = texts(page)
    assert "2人の算定基礎届が、日本年金機構（年金事務所）に出ます。" in read
    assert "本人" in read
    assert "SHFD0006.CSV ・ 2件" in read
    assert QApplication.focusWidget() is not page.send_button  # sending is never one key away
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest()
    shown_now = window.page()
    assert isinstance(shown_now, OutboxPage)
    (filing,) = office.desk.filings()
    assert str(filing.stage) in ("accepted", "ended")
    assert filing.receipt_number
    assert [line.split(",")[4] for line in lines(office, filing.id)] == ["12", "13"]
    assert office.desk.social.needs().notices == ()  # nobody twice
    again = opened(window)
    assert "いま、この届の要る人はいません" in texts(again)


def test_letters_are_shown_large_and_replaced_when_a_person_says_so(
    window: Any, office: OpenDesk
) -> None:
    desk = social(office)
    office.sign_in()
    told(office, "a", somebody(family_name="髙橋"))
    told(office, "b", somebody(1, given_name="①郎"))
    page = opened(window)
    assert page.send_button.kind() == "dashed"
    assert page.letters.isVisible()
    read = texts(page.letters)
    assert "「髙」は日本年金機構で使えない字です。" in read
    assert "髙橋　太郎の「被保険者氏名（漢字）」" in read
    assert not office.desk.filings()
    page.send()  # with something to settle it leads there
    assert QApplication.focusWidget() is page.letters.buttons[0]
    QTest.keyClick(page.letters.buttons[0], Qt.Key.Key_Space)
    rest()
    assert desk.substitutes() == {"髙": "高"}
    assert QApplication.focusWidget() is page.letters.buttons[0]  # on to the next letter
    press(window, "social.letter.0.action0")
    assert QApplication.focusWidget() is page.people.table
    assert not page.letters.isVisible()
    assert page.send_button.kind() == "primary"
    replaced = [page.replaced.model.row(n) for n in range(page.replaced.model.rowCount())]
    assert ("髙橋　太郎", "氏名", "髙橋　太郎", "高橋　太郎") in replaced
    assert any("文字の説明" in name for name in page.review.attached)  # type: ignore[union-attr]
    page.send()
    rest()
    (filing,) = office.desk.filings()
    assert [line.split(",")[6] for line in lines(office, filing.id)] == ["高橋　太郎", "年金　１郎"]
    assert office.desk.graph.fact("employees[a].family_name").value == "髙橋"


def test_what_is_wrong_is_named_and_its_person_can_be_left_out(
    window: Any, office: OpenDesk
) -> None:
    social(office)
    office.sign_in()
    told(office, "a", somebody())
    told(office, "b", somebody(1, family_name="佐野", family_kana="サノ" * 20))
    page = opened(window)
    row = page.faults.model.row(0)
    assert row[0] == "佐野　太郎"
    assert "被保険者氏名（カナ）" in row[1]
    assert page.send_button.kind() == "dashed"
    press(window, "social.faults.act")
    assert not page.faults.isVisible()
    assert page.send_button.kind() == "primary"
    assert "外す 1人" in texts(page.people)
    page.send()
    rest()
    (filing,) = office.desk.filings()
    assert len(lines(office, filing.id)) == 1
    assert [n.person.member for n in office.desk.social.needs().notices] == ["b"]


def test_people_are_turned_out_and_back_by_keys(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    told(office, "b", somebody(1))
    page = opened(window)
    table = page.people.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Space)
    rest()
    assert [k[1] for k in page.review.prepared.reports] == ["a"]  # type: ignore[union-attr]
    assert page.people.turn.word() == "入れもどす"
    QTest.keyClick(table, Qt.Key.Key_Space)
    rest()
    assert [k[1] for k in page.review.prepared.reports] == ["a", "b"]  # type: ignore[union-attr]


def test_amounts_are_hidden_until_asked_for(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    model = page.people.model
    assert "260" not in str(model.index(0, 3).data())
    assert "260" not in str(model.index(0, 3).data(int(Qt.ItemDataRole.AccessibleTextRole)))
    press(window, "social.people.show")
    assert "報酬月額 260,000円" in str(model.index(0, 3).data())
    assert "260,000" in named(window, "social.people.content").accessibleName()
    press(window, "social.people.why")
    assert "÷ 3 = 260,000円" in texts(page.people)
    window.show_page("today")
    rest()
    page = opened(window)
    assert "260" not in str(model.index(0, 3).data())
    assert "÷ 3" not in texts(page.people)


def test_who_waits_is_told_with_what_is_missing(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    facts = somebody(1)
    del facts["pay[2026-06]"]
    told(office, "b", facts)
    page = opened(window)
    (row,) = [page.waiting.model.row(n) for n in range(page.waiting.model.rowCount())]
    assert "2026年6月の給与" in row[1]
    assert page.send_button.kind() == "primary"  # the others may leave
    assert "1人の算定基礎届" in texts(page.leaving_card)
    press(window, "social.waiting.act")
    assert window.page().objectName() == "social"


def test_what_rests_on_inference_is_said(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    assert page.review is not None
    assert page.review.inferred
    assert f"確認の済んでいない読み方 {len(page.review.inferred)}か所" in texts(page.files)
    assert page.review.inferred[0] not in texts(page.files)
    press(window, "social.inferred.more")
    assert page.review.inferred[0] in texts(page.files)


def test_a_union_gets_paper_for_what_does_not_go_by_egov(
    window: Any, office: OpenDesk, tmp_path: Path, qtbot: Any
) -> None:
    social(office, Insurer.KUMIAI)
    told(office, "a", somebody())
    told(office, "b", somebody(1))
    page = opened(window)
    assert "年金(厚生年金保険)の側だけ" in named(window, "social.union").accessibleName()
    page.turn((REGULAR, "b", "2026"))
    rest()
    rest()
    press(window, "social.union.action0")
    dialog: Any = page.findChild(QFileDialog)
    assert dialog is not None
    assert "算定基礎届_組合" in dialog.selectedFiles()[0]
    target = tmp_path / "組合.pdf"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(target.exists, timeout=10_000)
    rest()
    assert target.read_bytes().startswith(b"%PDF-")
    assert "1人分を書き出しました" in named(window, "social_form.told").accessibleName()
    page.paper.write(tmp_path / "ない" / "x.pdf")
    rest()
    rest()
    assert "書けません" in named(window, "social_form.told").accessibleName()


def test_without_a_sign_in_it_is_sealed_once_and_waits(
    window: Any, office: OpenDesk, qtbot: Any
) -> None:
    social(office)
    told(office, "a", somebody())
    sign_out(office)
    page = opened(window)
    page.send()
    rest()
    (filing,) = office.desk.filings()
    assert str(filing.stage) == "ready"
    qtbot.waitUntil(lambda: bool(shown(window, "social_form.sign_in")), timeout=10_000)
    page.send()  # again: the same envelope, not another
    rest()
    assert len(office.desk.filings()) == 1
    office.sign_in()
    page.send()
    qtbot.waitUntil(lambda: window.page().objectName() == "outbox", timeout=10_000)
    (filing,) = office.desk.filings()
    assert str(filing.stage) in ("accepted", "ended")


def test_missing_facts_of_the_office_are_named(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    office.desk.answer_fact("company.phone", "")
    page = opened(window)
    assert page.send_button.kind() == "dashed"
    assert "電話番号" in " ".join(page.faults.model.row(0))
    assert page.faults.model.row(0)[0] == "事業所"
    assert not page.faults.button.isVisible()  # nobody can be left out to mend it


def test_numbers_are_asked_for_at_sealing_only_of_those_who_need_one(
    window: Any, office: OpenDesk
) -> None:
    social(office)
    office.sign_in()
    joined = {
        "social_insurance.acquired_on": date(2026, 9, 1), "social_insurance.number": "",
        "social_insurance.expected_monthly": 260_000,
    }  # fmt: skip
    told(office, "a", somebody(**joined))
    page = opened(window, ACQUISITION)
    assert not page.numbers.asking
    page.send()
    rest()
    assert page.numbers.asking
    assert not office.desk.filings()
    press(window, "my_number.no")
    assert not page.numbers.asking
    page.send()
    rest()
    press(window, "my_number.invented")
    rest()
    press(window, "my_number.go")
    rest()
    (filing,) = office.desk.filings()
    assert str(filing.stage) in ("accepted", "ended")
    assert page.sending.numbers is None
    (line,) = lines(office, filing.id)
    assert line.split(",")[12] == "*" * 12  # what is kept to be looked at is the redacted copy
    number = f"90000000000{check_digit('90000000000')}".encode()
    for name, content in files_of(office, filing.id).items():
        assert number not in content, (name, content)
    assert number.decode() not in repr(office.desk.records.all())


def test_no_number_waits_on_a_page_that_is_left(window: Any, office: OpenDesk) -> None:
    social(office)
    joined = {
        "social_insurance.acquired_on": date(2026, 9, 1), "social_insurance.number": "",
        "social_insurance.expected_monthly": 260_000,
    }  # fmt: skip
    told(office, "a", somebody(**joined))
    page = opened(window, ACQUISITION)
    page.send()
    rest()
    press(window, "my_number.invented")
    rest()
    window.show_page("today")
    rest()
    assert page.numbers.ask is None
    assert opened(window, ACQUISITION) is page
    assert not page.numbers.asking


LONG = "霞が関一丁目二番三十四号霞が関中央合同庁舎第五号館別館北棟二十二階二二〇一号室"
SHORT = "東京都千代田区霞が関１－２－３４中央合同庁舎５別館２２０１"


def test_a_long_address_is_asked_for_in_its_short_form(window: Any, office: OpenDesk) -> None:
    social(office)
    office.sign_in()
    told(office, "a", somebody())
    page = opened(window)
    assert page.office.isHidden()
    office.desk.answer_fact("company.head_office.street", LONG)
    true = office.desk.graph.fact("company.head_office.address").value
    assert isinstance(true, str)
    assert len(true) > 37
    page.refresh()
    rest()
    assert page.office.isVisible()
    assert page.review is not None
    assert not page.review.can_seal
    assert "所在地が37字を超えています" in texts(page)
    assert page.office.questions is not None
    page.office.questions.answered.emit("company.social_insurance.address_short", SHORT + "あ" * 20)
    rest()
    assert page.office.isVisible(), "still too long"
    page.office.questions.answered.emit("company.social_insurance.address_short", SHORT)
    rest()
    assert page.office.isHidden()
    assert page.review.can_seal, page.review.reasons
    assert office.desk.graph.fact("company.head_office.address").value == true
    (filing,) = office.desk.social.seal(REGULAR)
    files = files_of(office, filing)
    assert f",{SHORT}," in files["SHFD0006.CSV"].decode("cp932")
    assert f"{SHORT}</".encode() in files["X-PRACTICE-2225701_01.xml"]
    office.clock.ahead += timedelta(minutes=1)
    office.desk.answer_fact("company.head_office.street", LONG + "二")  # moved: asked anew
    page.refresh()
    told(office, "b", somebody(1))
    assert office.desk.social.review(REGULAR).office_asks
