"""A real window over an open practice company and the practice town, for tests of arrived filings."""

from __future__ import annotations

from typing import Any

import pytest

from app.views.main_window import MainWindow
from app.views.page_list import make
from tests.pictures.sample_house import SampleHouse
from tests.services.open_desk import OpenDesk
from tests.views.window_parts import named, rest


@pytest.fixture
def shown(window: MainWindow, house: SampleHouse, office: OpenDesk) -> MainWindow:
    """The window of the open company, at 送信箱."""
    names = ("outbox", "form", "review", "procedures", "documents")
    pages: dict[str, Any] = {
        name: lambda d, w, asked, n=name: make(n, d, w, asked, house) for name in names
    }
    house.pages = pages
    window.desk = office.desk  # type: ignore[assignment]
    window.stack.setCurrentWidget(window.frame)
    return window


def outbox(window: MainWindow, filing_id: str) -> Any:
    """送信箱 at a filing."""
    window.show_page("outbox")
    rest()
    page: Any = window.page()
    page.choose(filing_id)
    rest()
    return page


def press(window: MainWindow, name: str) -> None:
    """Presses the one shown control of that name."""
    button: Any = named(window, name)
    button.click()
    rest()


def told(window: MainWindow, name: str) -> str:
    """What a band says."""
    return named(window, name).accessibleName()


def sign_out(office: OpenDesk) -> None:
    """Nobody is signed in any more."""
    office.desk.accounts.drop("egov")
    office.desk.doors.__dict__.pop("egov", None)
    office.desk.doors.account._sign_ins.clear()
