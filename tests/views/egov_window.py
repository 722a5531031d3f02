"""A real window over an open practice company and the town, with every page there is."""

from __future__ import annotations

from typing import Any

import pytest

from app.views.main_window import MainWindow
from app.views.page_list import PAGES, make
from tests.pictures.sample_house import SampleHouse
from tests.services.open_desk import OpenDesk
from tests.views.window_parts import rest


@pytest.fixture
def shown(window: MainWindow, house: SampleHouse, office: OpenDesk) -> MainWindow:
    """The window of the open company."""
    pages: dict[str, Any] = {
        name: lambda d, w, asked, n=name: make(n, d, w, asked, house) for name in (*PAGES, "today")
    }
    house.pages = pages
    window.desk = office.desk  # type: ignore[assignment]
    window.stack.setCurrentWidget(window.frame)
    return window


def page(window: MainWindow, name: str, **asked: str) -> Any:
    """Goes to a page and lets it come to rest."""
    window.show_page(name, **asked)
    settled()
    found: Any = window.page()
    return found


def settled() -> None:
    """Lets slices and background work come to rest."""
    for _ in range(4):
        rest()
