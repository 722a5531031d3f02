"""Answering in the form page: by keyboard, by press, and with an input method."""

from __future__ import annotations

from form_desk import PERSON, FormDesk
from form_hands import commit_composed, compose, desk, field, names, page, press
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QRadioButton,
)

from app.facts.record import Blank
from app.views.pages.form_page import FormPage

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

__all__ = ["desk", "page"]


def test_digits_are_kept_at_each_key_and_stated_on_enter(page: FormPage, desk: FormDesk) -> None:
    line = field(page, "hihokensha_bangou")
    QTest.keyClicks(line, "5012345678")
    kept = page.open_draft.kept  # type: ignore[attr-defined]
    assert [c.answer.source_text for c in kept][-1] == "5012345678"
    assert all(c.answer.pending and not c.records for c in kept)
    assert line.text() == "5012345678"
    QTest.keyClicks(line, "9")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "5012-345678-9"
    path = f"employees[{PERSON}].employment_insurance.number"
    assert desk.graph.fact(path).value == "50123456789"
    assert page.work.current == "shutoku_kubun"
    assert page.window_.shown == []  # type: ignore[attr-defined]


def test_too_few_digits_say_so_when_the_field_is_left(page: FormPage) -> None:
    line = field(page, "hihokensha_bangou")
    QTest.keyClicks(line, "501")
    row = page.fields.row("hihokensha_bangou")
    assert row is not None
    assert row.face is not None
    assert (row.face.bands, row.face.badge.origin) == ((), "typed")  # not scolded half way
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert row.face.state == "error"
    assert "11桁" in row.face.bands[0].sentence
    assert line.state() == "error"  # type: ignore[attr-defined]
    assert "11桁" in line.accessibleDescription()


def test_kana_is_converted_on_commit_only(page: FormPage) -> None:
    page.fields.go("shimei_kana")
    line = field(page, "shimei_kana")
    line.selectAll()
    commit_composed(line, "たかはし　ゆみ")
    assert line.text() == "たかはし　ゆみ"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "タカハシ　ユミ"
    row = page.fields.row("shimei_kana")
    assert row is not None
    assert row.face is not None
    assert row.face.note == "カタカナに直しました。"
    assert row.face.links == ()  # the form takes nothing else, so there is nothing to take back


def test_a_conversion_the_form_does_not_need_is_taken_back(page: FormPage) -> None:
    page.fields.go("teishutsusaki_meishou")
    line = field(page, "teishutsusaki_meishou")
    commit_composed(line, "第２公共職業安定所")
    assert line.text() == "第２公共職業安定所"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "第2公共職業安定所"
    assert page.draft.cell("teishutsusaki_meishou").note == "半角に直しました。"
    press(page, "form.link.teishutsusaki_meishou.restore")
    assert line.text() == "第２公共職業安定所"
    assert page.draft.cell("teishutsusaki_meishou").note == ""


def test_no_key_acts_while_a_word_is_composed(page: FormPage) -> None:
    page.fields.go("shimei")
    line = field(page, "shimei")
    compose(line, "たか")
    assert page.fields.composing()
    kept = len(page.open_draft.kept)  # type: ignore[attr-defined]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Z, Qt.Key.Key_Period):
        QTest.keyClick(line, key, CTRL)
    QTest.keyClick(line, Qt.Key.Key_F8)
    assert page.work.current == "shimei"
    assert page.window_.shown == []  # type: ignore[attr-defined]
    assert len(page.open_draft.kept) == kept  # type: ignore[attr-defined]
    commit_composed(line, "高")
    assert not page.fields.composing()
    QTest.keyClick(line, Qt.Key.Key_Return, CTRL)
    assert page.window_.shown[-1][0] == "review"  # type: ignore[attr-defined]


def test_a_refused_letter_is_shown_large_and_substituted_by_key(page: FormPage) -> None:
    page.fields.go("shimei")
    row = page.fields.row("shimei")
    assert row is not None
    assert row.face is not None
    band = row.face.bands[0]
    assert (band.letter, band.instead) == ("髙", "高")
    assert "form.band.shimei.substitute" in names(page)
    QTest.keyClick(field(page, "shimei"), Qt.Key.Key_Period, CTRL)
    cell = page.draft.cell("shimei")
    assert cell.text == "髙橋　由美"
    assert cell.sent_text == "高橋　由美"
    assert row.face.bands == ()
    assert "form.link.shimei.fix" in names(page)


def test_a_refused_letter_is_said_at_the_key_that_types_it(page: FormPage) -> None:
    page.fields.go("bikou_ran")
    field(page, "bikou_ran").insert("①")
    QTest.keyClick(field(page, "bikou_ran"), Qt.Key.Key_Space)
    row = page.fields.row("bikou_ran")
    assert row is not None
    assert row.face is not None
    assert row.face.bands[0].letter == "①"


def test_a_warning_is_called_right_and_asked_again_when_the_value_changes(page: FormPage) -> None:
    press(page, "form.band.chingin_getsugaku.accept")
    row = page.fields.row("chingin_getsugaku")
    assert row is not None
    assert row.face is not None
    assert row.face.bands == ()
    assert row.face.note == "山本さんが 7月3日 13:42 に、このままで正しいと確かめました。"
    line = field(page, "chingin_getsugaku")
    page.fields.go("chingin_getsugaku")
    line.selectAll()
    QTest.keyClicks(line, "3100")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "3,100"
    assert [b.kind for b in row.face.bands] == ["warn"]


def test_a_choice_starts_empty_is_chosen_and_emptied_by_key(page: FormPage) -> None:
    buttons = page.findChildren(QRadioButton)
    mine = [b for b in buttons if b.objectName().startswith("form.field.shutoku_kubun.")]
    assert len(mine) == 2
    assert not any(b.isChecked() for b in mine)
    page.fields.go("shutoku_kubun")
    QTest.keyClick(mine[0], Qt.Key.Key_Space)
    assert page.draft.cell("shutoku_kubun").value == "1"
    QTest.keyClick(mine[0], Qt.Key.Key_Delete)
    assert not page.draft.cell("shutoku_kubun").answered
    assert not any(b.isChecked() for b in mine)


def test_blank_on_purpose_is_an_answer_and_opens_what_depends_on_it(page: FormPage) -> None:
    press(page, "form.link.hihokensha_bangou.blank")
    assert isinstance(page.draft.cell("hihokensha_bangou").value, Blank)
    row = page.fields.row("hihokensha_bangou")
    assert row is not None
    assert row.face is not None
    assert row.face.badge.word == "空欄"
    assert row.face.note == "空欄のまま送ります。"


def test_an_assumed_value_is_confirmed_in_place(page: FormPage) -> None:
    assert str(page.draft.cell("shikaku_shutoku_bi").state) == "assumed"
    press(page, "form.link.shikaku_shutoku_bi.confirm")
    assert str(page.draft.cell("shikaku_shutoku_bi").state) == "confirmed"
    assert not page.draft.cell("shikaku_shutoku_bi").typed


def test_the_other_calendar_stands_beside_a_date(page: FormPage) -> None:
    page.fields.go("seinengappi")
    line = field(page, "seinengappi")
    line.selectAll()
    QTest.keyClicks(line, "S63.1.7")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "1988-01-07"
    assert page.draft.cell("seinengappi").wareki.startswith("昭和63年1月7日")


def test_what_a_condition_hides_takes_no_room_until_it_is_asked(page: FormPage) -> None:
    hidden = page.fields.row("keiyaku_kaishi")
    assert hidden is not None
    assert not hidden.isVisible()
    page.fields.go("keiyaku_sadame")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert page.draft.cell("keiyaku_sadame").value is True
    assert hidden.isVisibleTo(page.fields.widget())
