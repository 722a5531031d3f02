"""One town for all its tests; each test starts with a town as on its first day."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.town_packages import Application, skeleton
from tests.sandbox.town_process import TownProcess, start_town


@pytest.fixture(scope="session")
def running_town() -> Iterator[TownProcess]:
    """The process."""
    with start_town(seed=20261124) as town:
        yield town


@pytest.fixture
def town(running_town: TownProcess) -> TownProcess:
    """The town, fresh."""
    running_town.reset()
    running_town.control("POST", "pace", {"mode": "manual"})
    return running_town


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    """A plain HTTP client that follows nothing by itself."""
    # Plain http only: without `verify` no certificate store is read for each test.
    with httpx.Client(timeout=10, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def api(town: TownProcess) -> Iterator[httpx.Client]:
    """A client of the e-Gov API, signed in as プライム by a token from the control API."""
    token = town.token()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    base = town.endpoints["egov_api"]
    with httpx.Client(
        base_url=base, headers=headers, timeout=10, trust_env=False, verify=False
    ) as client:
        yield client


@pytest.fixture
def application(api: httpx.Client) -> Application:
    """A good application, for a test to spoil or to send."""
    return Application(skeleton(api))
