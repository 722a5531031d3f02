"""The whole program in one process with its real window; the practice town as its real child."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import House, Places

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a journey leaves what it made: OUT of `make story`, else a temporary folder."""
    folder = Path(os.environ.get("ICHIDO_STORY_OUT") or tmp_path / "out")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def inner(tmp_path: Path, out: Path) -> Iterator[House]:
    """The house that bootstrap builds, below a folder of its own."""
    home = tmp_path / "home"
    house = House(
        ROOT / "resources",
        Places(home, home / "settings.json", home / "policy.toml"),
        person="山本 湊",
    )
    yield house
    house.close()
    for name in ("companies",):
        if os.environ.get("ICHIDO_STORY_OUT") and (home / name).is_dir():
            shutil.copytree(home / name, out / name, dirs_exist_ok=True)


@pytest.fixture
def program(inner: House, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The window of the program, shown."""
    from PySide6.QtWidgets import QApplication

    from app.views import theme
    from app.views.background import wait
    from app.views.main_window import MainWindow
    from app.views.probe import guard_sandbox_environment, under_tests
    from app.views.program import ProgramHouse
    from app.views.watch import Watch

    guard_sandbox_environment(os.environ, under_tests(os.environ))
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, theme.load(inner.resources, "light", 1.0))
    house = ProgramHouse(inner)
    window = MainWindow(house)
    window.locked.connect(house.sessions.close_all)
    watch = Watch(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield window
    window.close()
    house.sessions.close_all()
    wait()
    watch.setParent(None)
    window.deleteLater()
    qtbot.wait(10)
