"""What every test shares: an offscreen Qt, the shared samples, a fixed clock."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is belongs to `make bench`: no example fails for taking its time.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

if not os.environ.get("ICHIDO_X11"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_API", "pyside6")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def resources() -> Path:
    """The program's resources folder."""
    return ROOT / "resources"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples: ICHIDO_SHARED, else ../shared; skipped with a reason if absent."""
    folder = Path(os.environ.get("ICHIDO_SHARED") or ROOT.parent / "shared")
    if not (folder / "samples").is_dir():
        pytest.skip(f"the shared samples are not here (looked in {folder}; set ICHIDO_SHARED)")
    return folder


@pytest.fixture
def clock():  # type: ignore[no-untyped-def]
    """A clock fixed at 2026-07-03 13:42 in Japan."""
    from app.domain.clock import fixed_clock

    return fixed_clock(datetime(2026, 7, 3, 13, 42))
