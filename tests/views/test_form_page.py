"""The form page over a real draft and graph: what is shown, walked, said and written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from form_desk import NOW, PERSON, PROCEDURE, FakeWindow, FormDesk, dress, record
from form_hands import desk, field, page, press, shown
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QWidget,
)

from app.facts.record import Origin
from app.views.pages.form_draft import file_name
from app.views.pages.form_page import FormPage
from app.views.widgets.form_row import FormRow, in_two

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

__all__ = ["desk", "page"]


def test_each_visible_field_has_a_named_control_that_tells_its_origin(page: FormPage) -> None:
    for cell in page.draft.cells():
        row = page.fields.row(cell.field.id)
        assert row is not None
        control = row.editor.control()
        assert control.objectName() == f"form.field.{cell.field.id}"
        assert control.accessibleName() == cell.field.label
        assert row.isVisibleTo(page.fields.widget()) is cell.visible
        if cell.visible and cell.answered and not cell.problems:
            assert "出どころ" in control.accessibleDescription()
        elif cell.visible and not cell.answered:
            told = control.accessibleDescription()
            assert "未回答" in told or "任意" in told


def test_opening_stops_at_the_first_gap(page: FormPage) -> None:
    assert page.work.current == "hihokensha_bangou"
    assert field(page, "hihokensha_bangou").hasFocus()


def test_a_draft_is_opened_by_its_id_and_named_by_what_it_is(desk: FormDesk, qtbot: Any) -> None:
    desk.open_draft(PROCEDURE, PERSON)
    page = FormPage(desk, FakeWindow(), {"draft": "d1"})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.to_review()
    page.to_interview()
    where = {"procedure": PROCEDURE, "subject": PERSON}
    window: Any = page.window_
    assert window.shown == [("review", {"draft": "d1"}), ("interview", where)]


def test_f8_walks_the_things_to_fix_both_ways(page: FormPage) -> None:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    assert page.work.current == "shimei"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    assert page.work.current == "chingin_getsugaku"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8, SHIFT)
    assert page.work.current == "shimei"


def test_ctrl_arrows_walk_sections_and_the_column_follows(page: FormPage) -> None:
    section_of = page.draft.procedure.section_of
    before = section_of[page.work.current]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, CTRL)
    after = section_of[page.work.current]
    order = [s.id for s in page.draft.procedure.sections]
    assert order.index(after) == order.index(before) + 1
    row = page.view.sections.row(after)
    assert row is not None
    assert row.accessibleDescription() == "いまここ"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, CTRL)
    assert section_of[page.work.current] == before


def test_undo_and_redo_run_through_fields(page: FormPage) -> None:
    line = field(page, "hihokensha_bangou")
    QTest.keyClicks(line, "50123456789")
    QTest.keyClick(line, Qt.Key.Key_Return)
    page.fields.go("shotei_fun")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CTRL)
    assert line.text() == ""
    assert page.work.current == "hihokensha_bangou"
    QTest.keyClick(line, Qt.Key.Key_Y, CTRL)
    assert line.text() == "5012-345678-9"


def test_tab_follows_the_form_whatever_was_built_first(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk, height=300, build=False)
    page.fields.go("houjin_mei")
    page.fields.go("jigyousho_bangou")
    visited = [page.work.current]
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if page.work.current != visited[-1]:
            visited.append(page.work.current)
    order = [c.field.id for c in page.draft.cells() if c.visible]
    assert visited == order[: len(visited)]
    assert len(visited) > 15
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, SHIFT)
    assert page.work.current in order[: len(visited)]


def test_tab_halts_at_the_remedies_of_a_band(page: FormPage) -> None:
    page.fields.go("shimei")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "form.band.shimei.substitute"


def test_a_key_repaints_only_what_changed(page: FormPage, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    real = FormRow.show_cell

    def counted(row: FormRow, cell: Any, face: Any) -> None:
        touched.append(row.field.id)
        real(row, cell, face)

    monkeypatch.setattr(FormRow, "show_cell", counted)
    QTest.keyClicks(field(page, "hihokensha_bangou"), "5")
    change = page.open_draft.kept[-1]  # type: ignore[attr-defined]
    assert set(touched) <= {"hihokensha_bangou", *change.affected}
    assert len(touched) < 6


def test_sections_count_live(page: FormPage) -> None:
    row = page.view.sections.row("hihokensha")
    assert row is not None
    assert row.line.note == "3 / 6"
    assert row.line.fix == "直す 1"
    assert row.line.state == "error"
    press(page, "form.band.shimei.substitute")
    assert (row.line.note, row.line.fix, row.line.state) == ("4 / 6", "", "part")
    assert "4 / 6" in row.accessibleName()


def test_the_cursor_and_half_typed_text_survive_a_crash(
    qtbot: Any, page: FormPage, desk: FormDesk
) -> None:
    line = field(page, "hihokensha_bangou")
    QTest.keyClicks(line, "50123456789")  # no Enter: the program dies here
    kept: Any = page.open_draft
    assert kept.kept[-1].answer.pending
    page.hide()
    again = desk.draft_from(kept.stored_answers())
    again.cursor = "seinengappi"
    desk.opened[(PROCEDURE, PERSON)] = again
    other = shown(qtbot, desk)
    assert other.work.current == "seinengappi"
    assert field(other, "hihokensha_bangou").text() == "5012-345678-9"
    assert not other.draft.answers["hihokensha_bangou"].pending


@pytest.mark.parametrize("number", [0, 1])
def test_two_statements_are_shown_and_one_is_chosen(
    qtbot: Any, desk: FormDesk, number: int
) -> None:
    path = "company.employment_insurance.office_number"
    said = replace(record(path, "13010000093", Origin.TYPED, confirmed=False), recorded_at=NOW)
    desk.graph.add(said)
    page = shown(qtbot, desk)
    row = page.fields.row("jigyousho_bangou")
    assert row is not None
    assert row.face is not None
    assert row.face.badge.conflicts == 2
    band = row.face.bands[0]
    assert [r.origin for r in band.rivals] == ["document", "typed"]
    assert "食い違い 2" in field(page, "jigyousho_bangou").accessibleDescription()
    press(page, f"form.band.jigyousho_bangou.choose.{number}")
    assert page.draft.cell("jigyousho_bangou").text == band.rivals[number].text
    assert str(page.draft.cell("jigyousho_bangou").state) == "confirmed"
    assert row.face.bands == ()


def test_f1_explains_the_field_in_focus_and_esc_returns(page: FormPage) -> None:
    page.fields.go("shimei")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F1)
    face = page.right.explain.face
    assert face is not None
    assert face.name.endswith("被保険者氏名")
    assert face.value == "髙橋　由美"
    assert face.tree is not None
    assert page.right.explain.hasFocus()
    QTest.keyClick(page.right.explain, Qt.Key.Key_Escape)
    assert field(page, "shimei").hasFocus()


def test_a_press_on_the_paper_goes_to_the_field(page: FormPage) -> None:
    page.show_paper()
    boxes = page.right.paper.paper.boxes_of("seinengappi")
    assert boxes
    assert "平成10年4月12日" in boxes[0].accessibleName()
    QTest.mouseClick(boxes[0], Qt.MouseButton.LeftButton)
    assert page.work.current == "seinengappi"


def test_widths_give_three_columns_a_tab_or_a_drawer(page: FormPage) -> None:
    page.fold(1280)
    assert page.right.explain.isVisibleTo(page)
    assert page.right.paper.isVisibleTo(page)
    page.fold(1200)
    assert page.right.explain.isVisibleTo(page)
    assert not page.right.paper.isVisibleTo(page)
    page.fold(1000)
    assert not page.view.sections.isVisible()
    assert page.view.bar.isVisible()
    assert not page.right.isVisible()
    page.fields.go("shimei")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert page.right.isVisible()
    assert page.right.paper.isVisible()
    assert page.right.geometry().right() == page.view.width() - 1
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not page.right.isVisible()
    assert field(page, "shimei").hasFocus()
    page.fold(1280)
    assert page.right.isVisible()


@pytest.mark.parametrize("text", [1.0, 1.3])
def test_no_row_is_wider_than_the_narrowest_column(
    qtbot: Any, qapp: QApplication, resources: Path, text: float
) -> None:
    dress(qapp, resources, text=text)
    page = shown(qtbot, FormDesk(resources))
    body = page.fields.widget()
    widest = body.minimumSizeHint().width()
    rows = {r.field.id: r.minimumSizeHint().width() for r in page.fields.rows()}
    room = (1120 if text == 1.0 else 1280) - 80 - 205 - 360 - 12
    assert widest <= room, sorted(rows.items(), key=lambda x: -x[1])[:3]
    dress(qapp, resources)


def test_the_status_tells_saving_and_the_share_not_typed(page: FormPage) -> None:
    line = field(page, "hihokensha_bangou")
    QTest.keyClicks(line, "50123456789")
    QTest.keyClick(line, Qt.Key.Key_Return)
    status = page.status()
    assert status.saved_at is not None
    once = page.draft.once_only
    assert status.count == f"手で入れたのは {once.filled}か所中 {once.typed}か所"
    assert once.typed == 1


def test_leaving_commits_and_writes(page: FormPage, desk: FormDesk) -> None:
    QTest.keyClicks(field(page, "hihokensha_bangou"), "50123456789")
    page.leaving()
    kept: Any = page.open_draft
    assert kept.flushed == 1
    assert not kept.kept[-1].answer.pending


def test_a_write_fault_is_said_in_place(qtbot: Any, page: FormPage) -> None:
    from app.domain.errors import VaultFault

    kept: Any = page.open_draft
    kept.fault = VaultFault(
        "disk-full", "空き容量がありません。書いたものは、空けると保存されます。"
    )
    QTest.keyClicks(field(page, "hihokensha_bangou"), "5")
    qtbot.waitUntil(lambda: page.findChild(QWidget, "form.fault") is not None)
    kept.fault = None
    QTest.keyClicks(field(page, "hihokensha_bangou"), "0")
    qtbot.waitUntil(lambda: page.findChild(QWidget, "form.fault") is None)


def test_the_form_is_written_as_pdf_where_the_person_wants_it(
    qtbot: Any, page: FormPage, tmp_path: Path
) -> None:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, CTRL)
    dialog = page.findChild(QFileDialog, "form.print")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "届.pdf"))
    dialog.reject()
    window: Any = page.window_
    qtbot.waitUntil(lambda: window.said != [])
    assert (tmp_path / "届.pdf").read_bytes().startswith(b"%PDF")
    page.write_pdf(tmp_path / "ない" / "届.pdf")
    qtbot.waitUntil(lambda: page.findChild(QWidget, "form.fault") is not None)


def test_a_long_label_breaks_by_phrase_and_leaves_no_letter_alone() -> None:
    assert in_two("商号又は名称のフリガナ") == "商号又は名称の\nフリガナ"
    assert in_two("業種コード(日本標準産業分類)") == "業種コード\n(日本標準産業分類)"
    assert all(len(part) > 2 for part in in_two("あいうえおかきくけこさしすせ").split("\n"))


def test_a_printed_form_gets_a_name_every_system_takes() -> None:
    assert file_name("届_髙橋　由美.pdf") == "届_髙橋_由美.pdf"
    assert file_name('a/b\\c:d*e?f"g') == "a_b_c_d_e_f_g"
