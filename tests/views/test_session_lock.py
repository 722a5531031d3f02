"""The vault locks when the desktop says that its screen is locked: a real D-Bus, a real signal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_LISTENER = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication, QTimer
from app.views.session_lock import SessionLock
app = QCoreApplication([])
lock = SessionLock()
heard = lock.listen()
told = []
lock.away.connect(lambda: (told.append(1), app.quit()))
send = ["dbus-send", "--session", "--type=signal", "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver.ActiveChanged"]
QTimer.singleShot(200, lambda: subprocess.run([*send, "boolean:false"], check=True))
QTimer.singleShot(900, lambda: (sys.exit("unlocking counts as locking") if told else None))
QTimer.singleShot(1000, lambda: subprocess.run([*send, "boolean:true"], check=True))
QTimer.singleShot(8000, app.quit)
app.exec()
print(heard, len(told))
"""


@pytest.mark.keyring
def test_a_locked_screen_is_heard(root: Path, tmp_path: Path) -> None:
    if not (shutil.which("dbus-run-session") and shutil.which("dbus-send")):
        if os.environ.get("ICHIDO_REQUIRE_TOOLS"):
            pytest.fail("dbus is missing")
        pytest.skip("dbus-run-session or dbus-send is not on this machine")
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", _LISTENER],
        cwd=root,
        env={**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heard, told = done.stdout.split()
    assert int(heard) >= 1
    assert told == "1"


def test_without_a_bus_nothing_is_heard_and_nothing_breaks(
    qtbot: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.views.session_lock import SessionLock

    lock = SessionLock()
    assert lock.heard == 0
    said: list[bool] = []
    lock.away.connect(lambda: said.append(True))
    lock.switched(False)
    assert not said
    lock.switched(True)
    lock.locked()
    assert said == [True, True]
