"""The page of an award: its tasks follow from the days typed in it; evidence goes in and out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from form_desk import FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from app.services.award import Awards
from app.services.evidence import Evidence
from app.store.documents import Documents
from app.store.meta import Meta
from app.store.vault import Vault
from app.views.pages.award_page import AwardPage
from app.views.widgets.band import Band
from app.views.widgets.row import ListRow
from tests.services.grant_desk import Ticks, open_vault
from tests.services.test_pdf_text import NOTICE, made


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = open_vault(tmp_path, Ticks())
    yield opened
    opened.close()


@pytest.fixture
def desk(qapp: QApplication, resources: Path, vault: Vault) -> Any:
    dress(qapp, resources)
    made: Any = FormDesk(resources)
    made.awards = Awards(
        made.graph, made.facts, made.library, made.catalogue, made.clock, made.stated.extend
    )
    made.documents_store = Documents(vault)
    made.evidence = Evidence(made.documents_store, Meta(vault))
    made.key = made.awards.begin("chusho/jizokuka", "20", "小箱の事業")
    return made


@pytest.fixture
def page(qtbot: Any, desk: Any) -> AwardPage:
    made = AwardPage(desk, FakeWindow(), {"award": desk.key})
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    made.refresh()
    return made


def said(page: AwardPage, task: str) -> str:
    return [r for r in page.findChildren(ListRow, f"award.task.{task}") if r.isVisible()][
        -1
    ].accessibleName()


def test_a_day_typed_moves_the_chain_on(page: AwardPage, desk: Any) -> None:
    assert page.title == "小箱の事業"
    assert "この前に" in said(page, "report")
    for name, text in (("requested_on", "R9.3.20"), ("completed_on", "令和10年3月1日")):
        holder = page.findChild(object, f"award.day.{name}")
        line = holder if isinstance(holder, QLineEdit) else holder.findChild(QLineEdit)  # type: ignore[union-attr]
        line.setFocus()
        line.setText(text)
        line.setModified(True)
        QTest.keyClick(line, Qt.Key.Key_Return)
        QApplication.processEvents()
    award = desk.awards.award(desk.key)
    report = next(t for t in award.tasks if t.id == "report")
    assert (report.state, report.due) == ("open", date(2028, 3, 31))


def test_evidence_is_added_and_given_as_a_zip(
    page: AwardPage, desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._name.setText("包装機")
    page.findChild(QPushButton, "award.voucher.new").click()
    bill, archive = tmp_path / "請求書.pdf", tmp_path / "out.zip"
    bill.write_bytes(b"%PDF-1")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bill), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(archive), ""))
    list(page.findChildren(QPushButton, "award.voucher.1.add"))[-1].click()
    list(page.findChildren(QPushButton, "award.evidence.zip"))[-1].click()
    with zipfile.ZipFile(archive) as found:
        assert found.namelist() == ["証拠書類/01_包装機/1_請求書.pdf"]


def test_a_voucher_without_a_name_is_refused_in_words(page: AwardPage) -> None:
    page.findChild(QPushButton, "award.voucher.new").click()
    assert page._faults.count() == 1


def test_a_notice_is_read_looked_at_and_recorded(page: AwardPage, desk: Any) -> None:
    page._pasted.setPlainText("あいさつ")
    page._read()
    assert page._found.count() == 1
    page._pasted.setPlainText("交付決定日　令和9年4月12日\n交付決定額　500,000円")
    page._read()
    assert desk.awards.award(desk.key).amount is None  # nothing is stated before it is looked at
    band = page.findChild(Band, "award.notice.found")
    assert "2027-04-12" in band.accessibleName()
    band.findChild(QPushButton).click()
    assert desk.awards.award(desk.key).amount == 500_000
    assert [d.name for d in desk.documents_store.list()] == ["通知.txt"]


def test_a_notice_is_read_from_a_pdf(
    qtbot: Any, page: AwardPage, desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen, read off the window's thread, looked at, recorded; the PDF itself is the origin."""
    path = tmp_path / "kettei.pdf"
    path.write_bytes(made(NOTICE))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    button = page.findChild(QPushButton, "award.notice.pdf")
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.findChild(Band, "award.notice.found") is not None, timeout=20000)
    band = page.findChild(Band, "award.notice.found")
    assert band is not None
    assert "955200" in band.accessibleName()
    (take,) = band.findChildren(QPushButton)
    take.click()
    award = desk.awards.award(desk.key)
    assert award.amount == 955_200
    assert date(2027, 3, 1) in [d.day for d in award.days]
    documents = {r.locator["document"] for r in desk.stated if "document" in r.locator}
    (kept,) = [desk.documents_store.get(document) for document in documents]
    assert (kept.name, kept.content) == ("kettei.pdf", path.read_bytes())


def test_a_pdf_that_cannot_be_read_says_what_to_do(
    qtbot: Any, page: AwardPage, tmp_path: Path
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(made(()))
    page.read_pdf(path)
    qtbot.waitUntil(lambda: page.findChild(Band, "award.notice.fault") is not None, timeout=20000)
    band = page.findChild(Band, "award.notice.fault")
    assert band is not None
    assert "文を写して" in band.accessibleName().replace("\u200b", "")
    page.read_pdf(tmp_path / "nothing.pdf")
    qtbot.waitUntil(
        lambda: any(
            "場所を確かめて" in b.accessibleName()
            for b in page.findChildren(Band, "award.notice.fault")
        ),
        timeout=20000,
    )
