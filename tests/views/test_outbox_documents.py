"""送信箱 and 書類庫: what they show of filings and documents, and what they ask the desk for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import JST
from app.domain.errors import Known, SignedOut
from app.domain.filing import Stage
from app.services.filing_view import BandText, CandidateLine, DecidedRow, EventLine, FilingView
from app.store.rows import DisclosureRow, DocumentRow
from app.views import theme
from app.views.pages.documents import DocumentsPage
from app.views.pages.documents_view import verdict_kind
from app.views.pages.outbox import OutboxPage
from app.views.pages.outbox_parts import grouped

AT = datetime(2026, 6, 5, 10, 14, 27, tzinfo=JST)
DONE = FilingView(
    id="f1", title="資格取得届", procedure_id="p", stage=Stage.ENDED, door="e-Gov",
    door_status="審査終了", account="山本", capacity="本人", subject_name="伊藤 健", sealed_at=AT,
    sha256="ab" * 32, receipt_number="20260605101427885", receipt_at=AT, state_word="決定",
    state_kind="ok", group="done", summary="6月11日に決定",
    band=BandText("ok", "届きました", ""),
    decided=(DecidedRow("被保険者番号", "なし", "1301-123456-7", "新しい", "document", "d1"),
             DecidedRow("賃金月額", "240千円", "260千円", "ちがいます", "document", "d1")),
    events=(EventLine(AT, "決定", "", True),), chain_ok=True, practice=True,
    documents=(DocumentRow("d1", "確認通知書.xml", "official", "f1", "署名はありません。", "0" * 64, 10, AT),),
)  # fmt: skip
READY = replace(
    DONE, id="f2", title="月額変更届", stage=Stage.READY, group="sealed", state_word="送る前",
    state_kind="wait", receipt_number="", receipt_at=None, can_send=True, decided=(), documents=(),
    band=BandText("info", "まだ到達していません", "つながると送ります。"),
)  # fmt: skip
UNKNOWN = replace(
    READY, id="f3", title="喪失届", stage=Stage.UNKNOWN, group="waiting", state_word="確かめ中",
    state_kind="warn", can_send=False, band=BandText("warn", "届いたか分かりません。", "確かめています。"),
    candidates=(CandidateLine("111122223333444455", "10:14:27"), CandidateLine("999", "10:14:30")),
)  # fmt: skip


class Desk:
    practice = True

    def __init__(self, *views: FilingView) -> None:
        self.views = {view.id: view for view in views}
        self.calls: list[tuple[Any, ...]] = []
        self.fault: Exception | None = None
        self.text = "本文"
        self.kept = [
            DocumentRow(
                "d1", "確認通知書.xml", "official", "f1", "署名はありません。", "0" * 64, 10, AT
            ),
            DocumentRow("d2", "../通知.txt", "notice", "f1", "", "1" * 64, 10, AT.replace(day=1)),
        ]

    def filings(self) -> list[FilingView]:
        return list(self.views.values())

    def _did(self, *call: Any) -> None:
        self.calls.append(call)
        if self.fault:
            raise self.fault

    def send(self, ident: str) -> None:
        self._did("send", ident)
        sent = {
            "stage": Stage.ACCEPTED,
            "group": "waiting",
            "receipt_number": "2026",
            "receipt_at": AT,
        }
        self.views[ident] = replace(self.views[ident], can_send=False, **sent)

    def settle(self, ident: str) -> None:
        self._did("settle", ident)

    def poll(self) -> list[Any]:
        self._did("poll")
        return []

    def decide_unknown(self, ident: str, arrive_id: str | None) -> None:
        self._did("decide", ident, arrive_id)

    def mark_seen(self, ident: str) -> None:
        self._did("seen", ident)

    def prove(self, ident: str, folder: Path) -> Path:
        self._did("prove", ident)
        path = folder / "証明.zip"
        path.write_bytes(b"PK")
        return path

    def documents(self) -> list[DocumentRow]:
        return self.kept

    def document_text(self, ident: str) -> str:
        self._did("text", ident)
        return self.text

    def document_bytes(self, ident: str) -> bytes:
        return b"exact \xff bytes"

    def disclosures(self) -> list[DisclosureRow]:
        return [DisclosureRow(1, AT, "e-Gov", "f1", ("employees[k].kana", "company.name"))]


class Window:
    def __init__(self) -> None:
        self.shown: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []

    def show_page(self, name: str, **asked: str) -> None:
        self.shown.append((name, asked))

    def back(self) -> None: ...

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        self.said.append(sentence)

    def update_status(self) -> None: ...


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, resources: Path) -> None:
    theme.apply(qapp, theme.load(resources, "light"))


def shown(qtbot: QtBot, page: Any) -> Any:
    qtbot.addWidget(page)
    page.resize(1048, 680)
    page.refresh()
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def child(page: QWidget, name: str) -> Any:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_the_receipt_is_grouped_and_copied_bare(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage(Desk(DONE), Window()))
    assert child(page, "outbox.receipt_number").text() == "2026 0605 1014 27885"
    QTest.keyClick(
        page, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert QGuiApplication.clipboard().text() == "20260605101427885"
    assert grouped("202606051014278850") == "2026 0605 1014 2788 50"


def test_a_row_decided_otherwise_is_marked_and_explained(qtbot: QtBot) -> None:
    window = Window()
    page = shown(qtbot, OutboxPage(Desk(DONE), window))
    model = child(page, "outbox.decided").model()
    from app.views.widgets.figure_delegate import BOLD_ROLE, FILL_ROLE

    fills = [model.index(row, 0).data(FILL_ROLE) for row in range(model.rowCount())]
    assert fills == [None, "warnSoft"]
    assert model.index(1, 2).data(BOLD_ROLE)
    child(page, "outbox.why").click()
    child(page, "outbox.why.document0").click()
    assert window.shown == [("documents", {"open": "d1"})]


def test_arrow_keys_move_through_the_groups_in_order(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage(Desk(DONE, UNKNOWN, READY), Window()))
    assert page.chosen == "f2"  # sealed stands first
    child(page, "outbox.row.f2").setFocus()
    QTest.keyClick(child(page, "outbox.row.f2"), Qt.Key.Key_Down)
    assert page.chosen == "f3"
    QTest.keyClick(child(page, "outbox.row.f3"), Qt.Key.Key_End)
    assert page.chosen == "f1"


def test_sending_happens_once_and_shows_the_receipt(qtbot: QtBot) -> None:
    desk = Desk(READY)
    page = shown(qtbot, OutboxPage(desk, Window()))
    button = child(page, "outbox.outcome.action0")
    button.click()
    button.click()
    qtbot.waitUntil(lambda: page.findChild(QWidget, "outbox.receipt_number") is not None)
    assert desk.calls == [("send", "f2")]


def test_signed_out_offers_the_sign_in(qtbot: QtBot) -> None:
    desk, window = Desk(READY), Window()
    desk.fault = SignedOut("signed-out", "サインインしていません。")
    page = shown(qtbot, OutboxPage(desk, window))
    child(page, "outbox.outcome.action0").click()
    qtbot.waitUntil(lambda: page.findChild(QWidget, "outbox.band.action0") is not None)
    child(page, "outbox.band.action0").click()
    assert window.shown == [("sign_in", {})]


def test_an_unknown_one_is_decided_only_by_what_a_person_chose(qtbot: QtBot) -> None:
    desk = Desk(UNKNOWN)
    page = shown(qtbot, OutboxPage(desk, Window()))
    child(page, "outbox.unknown.is_it").click()
    assert desk.calls == []
    child(page, "outbox.unknown.candidate1").click()
    child(page, "outbox.unknown.is_it").click()
    qtbot.waitUntil(lambda: desk.calls == [("decide", "f3", "999")])


def test_never_arrived_needs_two_acts(qtbot: QtBot) -> None:
    desk = Desk(UNKNOWN)
    page = shown(qtbot, OutboxPage(desk, Window()))
    assert not child(page, "outbox.unknown.never").isVisible()
    child(page, "outbox.unknown.sure").click()
    child(page, "outbox.unknown.never").click()
    qtbot.waitUntil(lambda: desk.calls == [("decide", "f3", None)])


def test_settling_now_asks_the_door(qtbot: QtBot) -> None:
    desk = Desk(UNKNOWN)
    page = shown(qtbot, OutboxPage(desk, Window()))
    child(page, "outbox.unknown.ask").click()
    qtbot.waitUntil(lambda: desk.calls == [("settle", "f3")])


def test_the_proof_dialog_is_opened_never_waited_for(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(DONE)
    page = shown(qtbot, OutboxPage(desk, Window()))
    child(page, "outbox.prove").click()
    dialog = page.findChild(QFileDialog, "outbox.prove.dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    qtbot.waitUntil(lambda: (tmp_path / "証明.zip").exists())
    qtbot.waitUntil(lambda: page.findChild(QWidget, "outbox.band") is not None)


def test_a_broken_chain_is_said(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage(Desk(replace(DONE, chain_ok=False)), Window()))
    assert "合いません" in child(page, "outbox.chain").text()


def test_an_empty_outbox_says_what_will_come(qtbot: QtBot) -> None:
    window = Window()
    page = shown(qtbot, OutboxPage(Desk(), window))
    child(page, "outbox.start").click()
    assert window.shown == [("procedures", {})]


def test_a_narrow_window_shows_list_and_detail_in_turn(qtbot: QtBot) -> None:
    page = shown(qtbot, OutboxPage(Desk(DONE, READY), Window()))
    page.fold(960)
    assert child(page, "outbox.list").isVisible()
    assert not child(page, "outbox.detail").isVisible()
    QTest.keyClick(child(page, "outbox.row.f1"), Qt.Key.Key_Return)
    assert child(page, "outbox.detail").isVisible()
    assert not child(page, "outbox.list").isVisible()
    child(page, "outbox.back").click()
    assert child(page, "outbox.list").isVisible()


# -- 書類庫 -----------------------------------------------------------------------------------


def test_a_document_is_shown_as_plain_text_and_loads_nothing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(DONE)
    desk.text = "<img src='http://127.0.0.1:9/x.png'><a href='file:///etc/passwd'>押す</a>"
    page = shown(qtbot, DocumentsPage(desk, Window()))
    text = child(page, "documents.text")
    qtbot.waitUntil(lambda: text.toPlainText() != "")
    assert text.toPlainText() == desk.text
    assert (
        text.loadResource(
            QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/hostname")
        )
        is None
    )
    text.setSource(QUrl("file:///etc/hostname"))
    assert text.toPlainText() == desk.text


def test_a_document_that_cannot_be_read_here_can_still_be_saved(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(DONE)
    desk.fault = Known("document-no-text", "ここでは読めません。")
    page = shown(qtbot, DocumentsPage(desk, Window(), {"open": "d2"}))
    qtbot.waitUntil(lambda: page.findChild(QWidget, "documents.band") is not None)
    child(page, "documents.save").click()
    dialog = page.findChild(QFileDialog, "documents.save.dialog")
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "練習-通知.txt"
    dialog.fileSelected.emit(str(tmp_path / "out.txt"))
    dialog.reject()
    qtbot.waitUntil(lambda: (tmp_path / "out.txt").exists())
    assert (tmp_path / "out.txt").read_bytes() == b"exact \xff bytes"


def test_a_place_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(qtbot, DocumentsPage(Desk(DONE), Window()))
    page.save_to(tmp_path / "none" / "x")
    qtbot.waitUntil(lambda: page.findChild(QWidget, "documents.band") is not None)
    assert "保存できません" in child(page, "documents.band").accessibleName()


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        ("署名を確かめ、変わっていません。証明書はたどれました。有効期間の中です。", "ok"),
        ("署名を確かめ、変わっていません。証明書の認証局は、ここでは確かめられません。", "warn"),
        (
            "署名を確かめ、変わっていません。証明書はたどれました。いまは証明書の有効期間の外です。",
            "warn",
        ),
        ("署名はありません。", "info"),
        ("署名と文書が合いません。役所に確かめてください。", "danger"),
    ],
)
def test_a_verdict_is_never_shown_better_than_it_is(verdict: str, kind: str) -> None:
    assert verdict_kind(verdict) == kind


def test_what_left_the_house_is_listed(qtbot: QtBot) -> None:
    page = shown(qtbot, DocumentsPage(Desk(DONE), Window()))
    child(page, "documents.segment.left").click()
    model = child(page, "documents.disclosures").model()
    assert [model.index(0, c).data() for c in range(4)] == [
        "2026-06-05 10:14", "e-Gov", "資格取得届", "2項目",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [OutboxPage, DocumentsPage])
def test_every_control_has_a_name(qtbot: QtBot, kind: Any) -> None:
    page = shown(qtbot, kind(Desk(DONE, UNKNOWN), Window(), {"open": "f3"}))
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName(), widget
