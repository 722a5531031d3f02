"""The clerk's batch in a real window, by keyboard: 算定基礎届 of forty companies, checked, sealed, sent.

The office, its companies and its sign-in are made beforehand; each company then has one arrival number.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.services.office.batch_rows import BatchState
from app.views import theme
from app.views.main_window import MainWindow
from app.views.program import ProgramHouse
from tests.journeys.hand import Hand
from tests.sandbox.town_process import start_town
from tests.services.office_town import OFFICE_WORDS, OfficeInTown, cheaper, names

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(900),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]
COUNT = 40
PATIENCE_MS = 300_000


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeInTown]:
    """Forty companies of an office that is closed."""
    cheaper(monkeypatch)
    with start_town() as town:
        made = OfficeInTown(tmp_path / "home", town, names(COUNT))
        made.office.lock()
        yield made
        made.office.lock()


@pytest.fixture
def shown(office: OfficeInTown, qtbot: Any) -> Iterator[MainWindow]:
    """The program's window at its first page."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, theme.load(office.house.resources, "light", 1.0))
    window = MainWindow(ProgramHouse(office.house))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield window
    window.close()


def test_forty_companies_have_one_arrival_number_each(
    office: OfficeInTown, shown: MainWindow, qtbot: Any, out: Path
) -> None:
    hand = Hand(qtbot, shown, out / "pictures-batch")
    hand.press("unlock.office")
    hand.type("office_open.passphrase", OFFICE_WORDS, commit=False)
    hand.enter()
    hand.until(lambda: shown.offices.office is not None, "the office does not open", 60_000)
    table: Any = shown.page()
    hand.until(
        lambda: all(r.seen_at for r in table.model.matrix.rows) and not table._looking,
        "not every company was looked at",
        PATIENCE_MS,
    )
    hand.picture("matrix")
    hand.press(table.batch.objectName())
    hand.until(lambda: shown.page().objectName() == "batch", "no batch")  # type: ignore[union-attr]
    batch: Any = shown.page()

    def all_are(state: BatchState) -> None:
        rows = batch.model.rows
        hand.until(
            lambda: not batch._working and [r.state for r in batch.model.rows] == [state] * COUNT,
            f"not every company is {state}: {[r.word for r in rows]}",
            PATIENCE_MS,
        )

    all_are(BatchState.READY)
    hand.picture("checked")
    hand.press("batch.go")
    all_are(BatchState.SEALED)
    assert office.arrivals() == {}
    hand.picture("sealed")
    hand.press("batch.go")
    hand.see("batch.confirm" if hand.all("batch.confirm") else "batch.name")
    hand.type("batch.name", "さくら事務所", commit=False)
    hand.press("batch.send")
    all_are(BatchState.SENT)
    hand.picture("sent")
    arrived = office.arrivals()
    assert len(arrived) == COUNT
    assert all(len(numbers) == 1 for numbers in arrived.values()), "one arrival number each"
