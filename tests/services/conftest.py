"""One practice town for the tests of this folder, and an open company in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.town_process import TownProcess, start_town
from tests.services.open_desk import OpenDesk


@pytest.fixture(scope="session")
def running_town() -> Iterator[TownProcess]:
    """The town's process, shared."""
    with start_town() as town:
        yield town


@pytest.fixture
def town(running_town: TownProcess) -> TownProcess:
    """The town as on its first day."""
    running_town.reset()
    return running_town


@pytest.fixture
def office(town: TownProcess, tmp_path: Path) -> Iterator[OpenDesk]:
    """An open practice company, signed in."""
    opened = OpenDesk(tmp_path / "home", town)
    opened.sign_in()
    yield opened
    opened.close()
