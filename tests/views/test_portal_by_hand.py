"""Where the embedded browser cannot start: every value to copy, on screen and as a PDF, and the number."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from form_desk import FakeWindow, dress
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from app.domain.filing import Stage
from app.views import background
from app.views.pages.portal_page import PortalPage
from app.views.portal_copy import CopySheet
from app.views.probe import ProbeResult
from app.views.widgets.band import Band
from tests.sandbox.town_process import start_town
from tests.services.open_desk import OpenDesk
from tests.services.test_portal_seal import fill

START = "https://127.0.0.1:9443/subsidy/a0WJ200000CDJWIMA5"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenDesk, str]]:
    with start_town() as town:
        office = OpenDesk(tmp_path_factory.mktemp("home"), town)
        draft = fill(office)
        yield office, office.desk.seal(draft)
        office.close()


@pytest.fixture
def page(
    qtbot: Any, qapp: QApplication, resources: Path, sealed: tuple[OpenDesk, str]
) -> Iterator[PortalPage]:
    dress(qapp, resources)
    office, filing = sealed
    doors = SimpleNamespace(portals={"jgrants": "https://127.0.0.1:9443"}, pages=(), pin="")
    window: Any = FakeWindow()
    made = PortalPage(
        office.desk, window, {"open": filing}, lambda: doors, None,  # type: ignore[arg-type,return-value]
        lambda: ProbeResult(True, False, "root"), resources,
    )  # fmt: skip
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.refresh()
    assert background.wait()
    qtbot.waitUntil(
        lambda: bool(made.findChildren(CopySheet)) and sheet(made).ready, timeout=30_000
    )
    yield made
    made.leaving()
    background.wait()


def sheet(page: PortalPage) -> CopySheet:
    found = page.findChild(CopySheet)
    assert found is not None
    return found


def said(page: PortalPage) -> str:
    (band,) = [b for b in page.findChildren(Band, "portal.copy.band") if not b.isHidden()]
    return band.accessibleName().replace("\u200b", "")


def at(qtbot: Any, page: PortalPage, name: str) -> CopySheet:
    """The sheet at one page of the portal."""
    here = sheet(page)
    place = next(n for n, (leaf, _) in enumerate(here._pages) if leaf.id == name)
    here.show_page(place)
    qtbot.waitUntil(lambda: here.ready, timeout=30_000)
    return here


def test_every_value_stands_there_in_the_portals_order(
    qtbot: Any, page: PortalPage, sealed: tuple[OpenDesk, str]
) -> None:
    office, filing = sealed
    pages = office.desk.portal(filing).sheet()
    assert not any(leaf.confirm for leaf, _ in pages)
    assert "ブラウザ" in said(page)
    here = sheet(page)
    found: list[str] = []
    for _ in pages:
        qtbot.waitUntil(lambda: here.ready, timeout=30_000)
        found += [row.entry.key for row in here.rows()]
        if here.on.isEnabled():
            here.on.setFocus()
            QTest.keyClick(here.on, Qt.Key.Key_Space)
    wanted = [entry.key for _, entries in pages for entry in entries]
    assert found == wanted
    assert len(wanted) > 80


def test_a_value_is_copied_by_keys_and_marked(qtbot: Any, page: PortalPage) -> None:
    row = next(r for r in at(qtbot, page, "keikaku").rows() if r.entry.field_id == "b_naiyou")
    assert row.button is not None
    row.button.setFocus()
    QTest.keyClick(row.button, Qt.Key.Key_Space)
    assert QApplication.clipboard().text() == row.entry.text
    assert row.accessibleName().endswith("写しました")
    at(qtbot, page, "kihon")
    again = next(r for r in at(qtbot, page, "keikaku").rows() if r.entry.field_id == "b_naiyou")
    assert again.accessibleName().endswith("写しました"), "the mark stays when the page is left"
    ticks = [r for r in at(qtbot, page, "sensei").rows() if r.entry.control.kind == "checkbox"]
    assert ticks
    assert all(r.button is None for r in ticks), "a tick is set, not copied"


def test_a_file_is_saved_under_the_name_it_leaves_by(
    qtbot: Any, page: PortalPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    row = next(r for r in at(qtbot, page, "tenpu").rows() if r.entry.field_id == "f_kessan")
    assert row.button is not None
    row.button.click()
    assert background.wait()
    QApplication.processEvents()
    (name,) = row.entry.files
    assert (tmp_path / name).read_bytes() == b"%PDF-1.7"


def test_the_sheet_is_printed_with_every_value(
    page: PortalPage, sealed: tuple[OpenDesk, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "転記用.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    button = page.findChild(QPushButton, "portal.copy.pdf")
    assert button is not None
    button.click()
    assert background.wait()
    QApplication.processEvents()
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(path.read_bytes())).pages)
    bare = "".join(text.split())
    assert "転記用（様式ではありません）" in bare
    assert "練習" in bare
    office, filing = sealed
    for _, entries in office.desk.portal(filing).sheet():
        for entry in entries:
            for line in entry.text.splitlines():  # label, value and note stand beside each other
                assert "".join(line.split())[:12] in bare, entry.label


def test_the_portal_opens_in_the_persons_own_browser(
    page: PortalPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def opener(address: str) -> bool:
        opened.append(address)
        return False

    monkeypatch.setattr("app.views.portal_hand.open_in_browser", opener)
    sheet(page).open.click()
    assert opened == [START]
    assert "ひらけません" in said(page)


def test_the_number_is_written_in_and_what_left_is_told(
    page: PortalPage, sealed: tuple[OpenDesk, str]
) -> None:
    """The last test of this file: the filing is accepted afterwards."""
    office, filing = sealed
    by_hand = sheet(page).by_hand
    assert by_hand.sure.isHidden(), "nothing was filed, so there is no way back to offer"
    by_hand.number_typed.emit("まだ")
    assert background.wait()
    QApplication.processEvents()
    assert "受付番号を読み取れません" in said(page)
    assert office.desk.disclosures() == []
    by_hand.number_typed.emit("ＲＪ-2026-00000001-5")
    assert background.wait()
    QApplication.processEvents()
    row = office.desk.filings_store.get(filing)
    assert (row.stage, row.receipt_number) == (Stage.ACCEPTED, "RJ-2026-00000001-5")
    assert "RJ-2026-00000001-5" in said(page)
    events = office.desk.filings_store.events(filing)
    filled = [e for e in events if e.kind == "filled"]
    assert len(filled) == len([1 for _, put in office.desk.portal(filing).sheet() if put])
    told = {path for d in office.desk.disclosures() for path in d.paths}
    assert "company.contact.email" in told
