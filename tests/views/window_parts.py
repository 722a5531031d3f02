"""What the tests of the window share: a dressed application, a window over the sample house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.clock import fixed_clock
from app.views import background, theme
from app.views.main_window import MainWindow
from tests.pictures.sample_house import SampleHouse

NOW = datetime(2026, 7, 3, 13, 42)


@pytest.fixture
def dressed(qapp: QApplication, resources: Path) -> Iterator[QApplication]:
    """The application in the light theme at 100 %."""
    theme.apply(qapp, theme.load(resources, "light", 1.0))
    yield qapp
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def house(dressed: QApplication, resources: Path) -> SampleHouse:
    """The sample house at 13:42."""
    return SampleHouse(resources, fixed_clock(NOW))


@pytest.fixture
def window(house: SampleHouse, qtbot) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    """The window, shown and in front."""
    made = MainWindow(house)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    rest()
    yield made
    made.close()
    rest()


def rest() -> None:
    """Lets background work, layouts and deletions come to rest."""
    for calm in range(100):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if calm >= 3 and not background.pending():
            return
        background.wait(50)


def named(root: QWidget, name: str) -> QWidget:
    """The widget of that object name; fails when there is none or more than one shown."""
    found = [w for w in root.findChildren(QWidget, name) if w.isVisible()]
    assert len(found) == 1, f"{name}: {len(found)} shown"
    return found[0]
