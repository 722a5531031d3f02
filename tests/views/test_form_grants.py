"""The editors a grant application needs, by keyboard: tables, long texts, file slots, consents."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from form_desk import FakeWindow, FormDesk, dress, record
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from app.facts.record import Origin, Record
from app.services.draft_files import DraftFiles
from app.services.draft_renewal import KeptAnswer, Renewal
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.vault import Vault
from app.views.pages.form_page import FormPage
from app.views.widgets.band import Band
from app.views.widgets.form_consent import ConsentEditor
from app.views.widgets.form_long import LongTextEditor
from app.views.widgets.form_table import TableEditor
from tests.services.grant_desk import Ticks, open_vault

PROCEDURE = "chusho/jizokuka"


def company() -> list[Record]:
    """A company with officers and shareholders, and the books of its last year."""
    said: dict[str, Any] = {
        "officers[of1].title": "代表取締役",
        "officers[of1].family_name": "山本",
        "officers[of1].given_name": "湊",
        "shareholders[sh1].name": "山本　湊",
        "shareholders[sh1].ratio": Fraction(2, 3),
        "company.kind": "301",
        "company.name": "株式会社みなと製菓",
    }
    found = [record(path, value, Origin.REGISTER) for path, value in said.items()]
    found.append(record("financials.revenues[2026-03]", 48_250_000, Origin.BOOKS))
    return found


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources, records=company())


@pytest.fixture
def page(qtbot: Any, desk: FormDesk) -> FormPage:
    return shown(qtbot, desk)


def shown(qtbot: Any, desk: FormDesk) -> FormPage:
    page = FormPage(desk, FakeWindow(), {"procedure": PROCEDURE, "subject": ""})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(1320, 800)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    page.arrive()
    page.fields.build_all()
    return page


def editor(page: FormPage, field_id: str) -> Any:
    page.fields.go(field_id)
    row = page.fields.row(field_id)
    assert row is not None
    return row.editor


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_in(text: str) -> None:
    """Opens the present cell by a key and types; an input method puts whole words in like this."""
    QTest.keyClick(focus(), Qt.Key.Key_A)
    line = focus()
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.setModified(True)
    line.textEdited.emit(text)


def write(text: str) -> None:
    """Types into the present cell of a grid and finishes it with Enter."""
    type_in(text)
    QTest.keyPress(focus(), Qt.Key.Key_Return)  # the cell's editor is gone before a release
    QApplication.processEvents()


def test_a_row_is_added_and_written_by_keys_alone(page: FormPage) -> None:
    table: TableEditor = editor(page, "keihi")
    assert focus().objectName() == "form.field.keihi.add"
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert focus() is table.control()
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    write("チラシ")
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    write("5,000枚")
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    write("１２０，０００")
    shown_table = page.draft.cell("keihi").table
    assert shown_table is not None
    cells = shown_table.rows[0].cells
    assert (cells["naiyou"].value, cells["kingaku"].value) == ("チラシ", 120_000)
    QTest.keyClick(focus(), Qt.Key.Key_Insert)
    assert len(page.draft.cell("keihi").table.rows) == 2  # type: ignore[union-attr]
    QTest.keyClick(focus(), Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert len(page.draft.cell("keihi").table.rows) == 1  # type: ignore[union-attr]


def test_a_choice_in_a_cell_and_its_emptying(page: FormPage) -> None:
    table: TableEditor = editor(page, "keihi")
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    grid = table.control()
    model = table._rows
    model.setData(model.index(0, 0), "2")
    assert page.draft.cell("keihi").table.rows[0].cells["kubun"].text == "② 広報費"  # type: ignore[union-attr]
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert not page.draft.cell("keihi").table.rows[0].cells["kubun"].answered  # type: ignore[union-attr]


def test_each_keystroke_in_a_cell_is_kept_and_escape_takes_it_back(
    page: FormPage, desk: FormDesk
) -> None:
    editor(page, "keihi")
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    type_in("チ")
    assert isinstance(focus(), QLineEdit)
    kept = desk.opened[(PROCEDURE, "")].kept[-1].answer
    assert kept is not None
    assert kept.pending
    assert "チ" in kept.source_text
    QTest.keyPress(focus(), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert page.draft.cell("keihi").table.rows[0].cells["naiyou"].text == ""  # type: ignore[union-attr]


def test_a_prefilled_cell_says_where_it_came_from(page: FormPage) -> None:
    table: TableEditor = editor(page, "shusshisha")
    table._grid.setCurrentIndex(table._rows.find("sh1", "hiritsu"))
    assert "登記" in table._told.plain()
    spoken = str(
        table._rows.data(table._rows.find("sh1", "hiritsu"), Qt.ItemDataRole.AccessibleTextRole)
    )
    assert "出資比率" in spoken
    assert "66.666667%" in spoken


def test_a_fact_typed_in_a_table_is_a_fact(page: FormPage, desk: FormDesk) -> None:
    table: TableEditor = editor(page, "yakuin")
    model = table._rows
    model.setData(model.find("of1", "yakushoku"), "取締役社長")
    assert desk.graph.fact("officers[of1].title").value == "取締役社長"


def test_a_long_text_counts_letters_and_sheets_and_offers_its_versions(
    page: FormPage, desk: FormDesk, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)  # an offscreen menu grabs nothing
    drafts = Drafts(vault)
    draft_id = drafts.create(PROCEDURE, "x")
    open_draft = desk.opened[(PROCEDURE, "")]
    open_draft.files = DraftFiles(draft_id, page.draft, drafts, Documents(vault))
    long: LongTextEditor = editor(page, "keiei_1")
    assert isinstance(long, LongTextEditor)
    long._sheet.insertPlainText("あ" * 41)
    assert long._count.text() == "41 / 2,000字　約 0.1枚(40字×36行)"
    page.fields.commit_row("keiei_1")
    for text in ("はじめの文。", "つぎの文。"):
        page.work.commit("keiei_1", text)
        answer = page.draft.answers["keiei_1"]
        drafts.save(draft_id, {"keiei_1": answer.to_json()})
        vault.clock()
    long.stops()[1].click()  # type: ignore[attr-defined]
    menu = page.findChild(QMenu, "form.versions")
    assert menu is not None
    assert "はじめの文。" in menu.actions()[0].text()
    menu.actions()[0].trigger()
    assert page.draft.cell("keiei_1").value == "はじめの文。"


def test_a_file_goes_into_its_slot_and_out(
    page: FormPage, desk: FormDesk, vault: Vault, tmp_path: Path
) -> None:
    open_draft = desk.opened[(PROCEDURE, "")]
    open_draft.files = DraftFiles("d", page.draft, Drafts(vault), Documents(vault))
    slot = editor(page, "f_bs")
    good, bad = tmp_path / "BS.pdf", tmp_path / "BS.docx"
    good.write_bytes(b"%PDF-1.7")
    bad.write_bytes(b"PK\x03\x04")
    slot.acted.emit(f"attach:{bad}")
    assert not page.draft.cell("f_bs").answered
    assert "PDF" in page.view.findChild(Band, "form.fault").sentence.plain()
    slot.acted.emit(f"attach:{good}")
    assert page.draft.cell("f_bs").text == "BS.pdf"
    assert [s.accessibleName() for s in slot.stops()][2] == "BS.pdf を外す"
    slot.stops()[2].click()
    assert not page.draft.cell("f_bs").answered


def test_a_file_of_the_library_goes_into_a_slot_by_keys(
    qtbot: Any, page: FormPage, desk: FormDesk, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the slot would take is offered, each content once; nothing is copied into the vault."""
    open_draft = desk.opened[(PROCEDURE, "")]
    documents = Documents(vault)
    open_draft.files = DraftFiles("d", page.draft, Drafts(vault), documents)
    sheet = documents.keep("2026年3月期_貸借対照表.pdf", b"%PDF-1.7 BS", "attachment")
    documents.keep("先に入れた名前.pdf", b"%PDF-1.7 BS", "notice-pdf")
    documents.keep("計算.xlsx", b"PK\x03\x04", "attachment")
    documents.keep("偽物.pdf", b"PK\x03\x04 not a pdf", "attachment")
    before = len(documents.list())
    monkeypatch.setattr(QMenu, "popup", lambda *_args: None)  # no keyboard to grab here
    editor(page, "f_bs")
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus().objectName() == "form.field.f_bs.library"
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.findChild(QMenu, "form.library") is not None, timeout=5000)
    menu = page.findChild(QMenu, "form.library")
    assert menu is not None
    told = [action.toolTip() for action in menu.actions()]
    assert told == ["偽物.pdf", "2026年3月期_貸借対照表.pdf"]
    menu.actions()[0].trigger()
    assert not page.draft.cell("f_bs").answered
    assert "PDF" in page.view.findChild(Band, "form.fault").sentence.plain()
    menu.actions()[1].trigger()
    menu.close()
    assert page.draft.cell("f_bs").text == "2026年3月期_貸借対照表.pdf"
    assert f'"document":"{sheet}"' in str(page.draft.cell("f_bs").value)
    assert [row.name for row in open_draft.files.library("f_bs")] == ["偽物.pdf"]
    assert len(documents.list()) == before


def test_statements_are_agreed_to_one_by_one(page: FormPage) -> None:
    consent: ConsentEditor = editor(page, "sensei")
    for _ in range(5):
        QTest.keyClick(focus(), Qt.Key.Key_Space)
        consent.take_focus()
    assert page.draft.cell("sensei").value == "1,2,3,4,5"
    assert not page.draft.cell("sensei").problems


def test_a_new_edition_is_told_above_the_fields(qtbot: Any, desk: FormDesk) -> None:
    open_draft = desk.open_draft(PROCEDURE, "")
    open_draft.renewal = Renewal(
        "a", "b", (("x", "新しい欄"),), (KeptAnswer("y", "なくなった欄", "答え"),)
    )
    page = shown(qtbot, desk)
    band = page.view.findChild(Band, "form.renewal")
    assert band is not None
    assert "新しい欄" in band.accessibleName()
    assert "なくなった欄「答え」" in band.accessibleName()
    page.work.commit("jigyoumei", "小箱の事業")
    page._saved()
    assert page.view.findChild(Band, "form.renewal") is band


def test_tab_goes_through_a_table_and_on(page: FormPage) -> None:
    editor(page, "yakuin")
    names = []
    for _ in range(4):
        names.append(focus().objectName())
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert names[:3] == [
        "form.field.yakuin",
        "form.field.yakuin.add",
        "form.field.yakuin.remove",
    ]
    assert not names[3].startswith("form.field.yakuin")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = open_vault(tmp_path, Ticks())
    yield opened
    opened.close()
