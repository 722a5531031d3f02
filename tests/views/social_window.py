"""A real window over an open practice company with employees, and the practice town behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from form_desk import dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.facts.record import Value
from app.views.main_window import MainWindow
from app.views.program import ProgramHouse
from tests.sandbox.town_process import TownProcess, start_town
from tests.services.open_desk import OpenDesk
from tests.services.social_town import WHO, pay
from tests.views.window_parts import named, rest

SPRING = pay({"2026-04": (30, 260_000), "2026-05": (31, 260_000), "2026-06": (30, 260_000)})


@pytest.fixture(scope="module")
def town() -> Iterator[TownProcess]:
    with start_town() as running:
        yield running


@pytest.fixture
def office(town: TownProcess, tmp_path: Path) -> Iterator[OpenDesk]:
    town.reset()
    opened = OpenDesk(tmp_path / "home", town)
    yield opened
    opened.close()


@pytest.fixture
def window(office: OpenDesk, qtbot: Any, qapp: QApplication, resources: Path) -> Iterator[Any]:
    dress(qapp, resources)
    made = MainWindow(ProgramHouse(office.house))
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.take_desk(office.desk)
    rest()
    yield made
    made.close()
    rest()


def somebody(number: int = 0, **more: Value) -> dict[str, Value]:
    """Facts of an insured employee with the pay of spring, each told from the others."""
    mine: dict[str, Value] = {
        "social_insurance.number": str(12 + number), "pension_number": f"{1234567890 + number}",
        "birth": date(1995, 4, 1 + number % 28),
    }  # fmt: skip
    return {**WHO, **SPRING, **mine, **more}


def shown(window: QWidget, name: str) -> list[QWidget]:
    """The controls of that name that are seen."""
    return [w for w in window.findChildren(QWidget, name) if w.isVisible()]


def press(window: QWidget, name: str, key: Qt.Key = Qt.Key.Key_Space) -> None:
    """Focus and a key, as at the keyboard."""
    button = named(window, name)
    button.setFocus()
    QTest.keyClick(button, key)
    rest()
    QTest.qWait(120)  # a button pressed by Enter shows its press for a moment
    rest()


def texts(root: QWidget) -> str:
    """Everything that can be read in a part of the window, also by a screen reader."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisible():
            found.append(widget.accessibleName())
            text = getattr(widget, "text", None)
            if callable(text):
                found.append(str(text()))
    return "\n".join(found)
