"""The window of an office, over real vaults and the practice town: open, switch, batch, lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.office.batch_rows import BatchState
from app.services.office.summary import CellState
from app.services.social.insurer import REGULAR
from app.views.main_window import MainWindow
from app.views.program import ProgramHouse
from tests.sandbox.town_process import TownProcess, start_town
from tests.services.office_town import OFFICE_WORDS, PASSPHRASE, OfficeInTown, cheaper
from tests.views.window_parts import dressed, named, rest

__all__ = ["dressed"]

pytestmark = pytest.mark.timeout(300)
NAMES = ("甲商店", "乙商店", "丙商店")


@pytest.fixture(scope="module")
def running() -> Iterator[TownProcess]:
    with start_town() as town:
        yield town


@pytest.fixture
def three(
    running: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeInTown]:
    """Three companies of an office that is closed again."""
    running.reset()
    cheaper(monkeypatch)
    made = OfficeInTown(tmp_path / "home", running, NAMES)
    made.office.lock()
    yield made
    made.office.lock()


@pytest.fixture
def window(three: OfficeInTown, qtbot: Any, dressed: Any) -> Iterator[MainWindow]:
    shown = MainWindow(ProgramHouse(three.house))
    qtbot.addWidget(shown)
    shown.resize(1280, 800)
    shown.show()
    shown.activateWindow()
    qtbot.waitExposed(shown)
    rest()
    yield shown
    shown.close()
    rest()


@pytest.fixture
def until(qtbot: Any) -> Callable[[Callable[[], bool]], None]:
    def wait(true: Callable[[], bool]) -> None:
        qtbot.waitUntil(true, timeout=30_000)

    return wait


def opened(three: OfficeInTown, window: MainWindow, until: Any) -> Any:
    """The office, opened from the first page; gives the page of the table, everything seen."""
    window.unlock.office_button.click()
    window.outside._office.passphrase.setText(OFFICE_WORDS)  # type: ignore[union-attr]
    named(window, "office_open.open").click()
    until(lambda: window.offices.office is not None)
    three.office = window.offices.office  # type: ignore[assignment]
    page: Any = window.page()
    until(lambda: all(r.seen_at for r in page.model.matrix.rows) and not page._looking)
    return page


def test_one_passphrase_opens_all_and_numbers_switch(
    three: OfficeInTown, window: MainWindow, until: Any, qtbot: Any
) -> None:
    page = opened(three, window, until)
    matrix = page.model.matrix
    assert [row.name for row in matrix.rows] == list(NAMES)
    assert matrix.count(CellState.LATE) == 3, "the tenth of July is over"
    assert matrix.ready(REGULAR) == tuple(three.vault_ids)
    assert "すべての会社" in window.windowTitle()
    assert window.frame.practice.isVisible()
    for key, name in ((Qt.Key.Key_2, "乙商店"), (Qt.Key.Key_1, "甲商店")):
        window.activateWindow()
        rest()
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        until(lambda n=name: window.desk is not None and window.desk.card.name == n)
        rest()
    window.activateWindow()
    rest()
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    until(lambda: window.offices.shows_all)
    window.lock()
    assert window.offices.office is None
    with pytest.raises(ValueError, match="forgotten"):
        three.office.file.key.raw()
    assert window.stack.currentWidget() is window.unlock


def test_a_wrong_passphrase_is_said_in_place(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    window.unlock.office_button.click()
    page: Any = window.outside._office
    page.passphrase.setText(PASSPHRASE)
    named(window, "office_open.open").click()
    until(lambda: not page._busy)
    assert "合言葉がちがいます" in told(window, "office_open.band")
    assert page.passphrase.text() == ""
    assert window.offices.office is None


def test_a_place_of_one_company_asks_for_one(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    opened(three, window, until)
    window.show_page("company")
    assert named(window, "company.choose").isVisible()
    window.show_page("settings")
    assert window.page().objectName() == "office"  # type: ignore[union-attr]


def test_the_table_ticks_opens_and_says_why_by_keys(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    page = opened(three, window, until)
    table = page.table
    table.setFocus()
    table.setCurrentIndex(page.model.index(1, 2))
    assert "乙商店、算定基礎届、過ぎた" in page.why.text()
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert page.model.ticked == {(three.vault_ids[1], REGULAR)}
    assert "1社" in page.batch.word()
    table.setCurrentIndex(page.model.index(1, 4))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert page.model.ticked == {(three.vault_ids[1], REGULAR)}, "nobody needs that one"
    table.setCurrentIndex(page.model.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    until(lambda: window.desk is not None and window.desk.card.name == "乙商店")


def test_a_batch_from_the_table_to_the_arrival_numbers(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    page = opened(three, window, until)
    page.batch.click()
    batch: Any = window.page()
    assert batch.objectName() == "batch"

    def idle() -> None:
        until(lambda: not batch._working)

    idle()
    assert [r.state for r in batch.model.rows] == [BatchState.READY] * 3
    assert batch.go.word() == "3社に封をする"
    batch.go.click()
    idle()
    assert batch.go.word() == "3社を送る"
    assert three.arrivals() == {}
    batch.go.click()
    assert batch.confirm.isVisible()
    batch.office_name.setText("別の事務所")
    batch.send_now.click()
    assert "ちがいます" in told(window, "batch.band")
    assert three.arrivals() == {}, "a wrong name sends nothing"
    batch.office_name.setText("さくら事務所")
    batch.send_now.click()
    idle()
    assert [r.state for r in batch.model.rows] == [BatchState.SENT] * 3
    assert three.arrivals() == {r.name: list(r.arrivals) for r in batch.model.rows}
    assert "3社が届きました" in told(window, "batch.band")
    window.show_page("today")
    table: Any = window.page()
    until(lambda: table.model.matrix.count(CellState.REVIEW) == 3)


def test_signed_out_nothing_is_sent_and_the_way_is_shown(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    opened(three, window, until)
    three.office.accounts.drop(three.office.account.account_id)
    three.office.account._sign_ins.clear()
    window.show_page("batch", form=REGULAR, companies=",".join(three.vault_ids))
    batch: Any = window.page()
    until(lambda: not batch._working and batch.batch is not None)
    batch.go.click()
    until(lambda: not batch._working)
    batch.go.click()
    assert not batch.confirm.isVisible()
    assert "サインイン" in told(window, "batch.band")
    assert three.arrivals() == {}


def test_companies_go_out_and_come_in_by_their_own_passphrase(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    opened(three, window, until)
    window.show_page("office")
    page: Any = window.page()
    three.office.remove(three.vault_ids[0])
    page.refresh()
    card = page.companies
    card.which.set_value("0")
    card.passphrase.setText("not its own")
    card.add()
    until(lambda: "合言葉がちがいます" in _band(card))
    assert card.passphrase.text() == ""
    card.passphrase.setText(PASSPHRASE)
    card.add()
    until(lambda: "くわえました" in _band(card))
    assert len(three.office.companies()) == 3


def told(window: MainWindow, name: str) -> str:
    """What a band says, once it is laid out."""
    rest()
    return named(window, name).accessibleName()


def _band(card: Any) -> str:
    item = card._bands.itemAt(0)
    return item.widget().accessibleName() if item is not None and item.widget() else ""


def test_a_new_office_shows_its_sheet_before_it_opens(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    window.unlock.office_button.click()
    page: Any = window.outside._office
    page.name.setText("新しい事務所")
    page.first.setText("a long passphrase")
    page.second.setText("another passphrase")
    page.make.click()
    assert "ちがいます" in told(window, "office_open.band")
    page.second.setText("a long passphrase")
    page.practice.setChecked(True)
    page.make.click()
    until(lambda: page._made is not None)
    assert page.first.text() == ""
    page.sheet.button.click()
    assert window.offices.office is None, "not before the sheet is kept"
    page.sheet.kept.setChecked(True)
    page.sheet.button.click()
    until(lambda: window.offices.office is not None)
    assert window.page().objectName() == "office"  # type: ignore[union-attr]
    assert window.offices.office.practice  # type: ignore[union-attr]


def test_the_office_signs_in_by_its_own_name(
    three: OfficeInTown, window: MainWindow, until: Any
) -> None:
    """The bands of a sign-in paint without a company's colour, and say whose account it is."""
    from app.views.browser_bands import CompanyBand, CompanyStripe

    opened(three, window, until)
    desk: Any = window.desk
    card = desk.as_account().card
    band, stripe = CompanyBand(card), CompanyStripe(card.plate)
    assert band.widget.accessibleName() == "さくら事務所 として"
    for widget in (band.widget, stripe):
        widget.resize(400, 60)
        assert not widget.grab().isNull()
    page = window.house.page("sign_in", desk, window, {})
    assert page.desk.card.name == "さくら事務所"
    assert page.desk.doors.account_id == three.office.account.account_id
    page.deleteLater()
