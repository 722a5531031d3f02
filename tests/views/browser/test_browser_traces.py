"""After a sign-in in the embedded browser nothing of it is on disk; and the real probe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.views.probe import probe_webengine

pytestmark = pytest.mark.browser

SECRET, ADDRESS, COOKIE = "Sakura-2026-himitsu", "tanaka@example.jp", "cookie-Value-8841"
CHILD = """
import sys
from app.views.probe import guard_sandbox_environment, under_tests
import os
guard_sandbox_environment(os.environ, under_tests(os.environ))
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from app.views.browser_policy import policy
from app.views.browser_session import AccountBrowser
door, secret, address = sys.argv[1:]
app = QApplication(["x"])
browser = AccountBrowser("a", policy((door,), "http://127.0.0.1:1/callback", practice=True))
window = QWidget()
window.resize(500, 400)
view, page = browser.open_view(lambda *a: None, window)
view.resize(500, 400)
window.show()
window.activateWindow()
caught = []
page.captured.connect(lambda url: caught.append(url.toString()))
page.load(QUrl(door + "/login"))
state = {"step": 0, "ticks": 0}
def go():
    proxy = view.focusProxy()
    if caught:
        app.quit()
    elif proxy is not None and page.title() != "typed " + address:
        state["ticks"] += 1
        if state["ticks"] % 20 != 5:  # once a second: a key is dropped until the page has drawn
            return
        proxy.setFocus()
        QTest.keyClick(proxy, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(proxy, address)
    elif proxy is not None and not state["step"]:
        state["step"] = 1
        QTest.keyClick(proxy, Qt.Key.Key_Tab)
        QTest.keyClicks(proxy, secret)
        QTest.keyClick(proxy, Qt.Key.Key_Return)
timer = QTimer()
timer.timeout.connect(go)
timer.start(50)
QTimer.singleShot(30000, app.quit)
app.exec()
browser.close()
print(caught)
"""
LOGIN = (
    "<form method=post action=/in><input name=id autofocus oninput=\"document.title='typed '+value\">"
    "<input name=pw type=password><button>in</button></form>"
    f"<script>localStorage.setItem('k','{COOKIE}');sessionStorage.setItem('k','{COOKIE}');"
    f"indexedDB.open('{COOKIE}')</script>"
)


def forms(text: str) -> list[bytes]:
    return [text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be")]


def test_nothing_of_a_sign_in_is_on_disk_afterwards(door: Any, root: Path, tmp_path: Path) -> None:
    door.page("/login", LOGIN, Set_Cookie=f"session={COOKIE}; Max-Age=999999")
    door.redirect("/in", "http://127.0.0.1:1/callback?code=THE-CODE-5512")
    folders = {n: tmp_path / n for n in ("home", "cache", "config", "data", "run", "tmp")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    environ = {
        **os.environ,
        "HOME": str(folders["home"]),
        "XDG_CACHE_HOME": str(folders["cache"]),
        "XDG_CONFIG_HOME": str(folders["config"]),
        "XDG_DATA_HOME": str(folders["data"]),
        "XDG_RUNTIME_DIR": str(folders["run"]),
        "TMPDIR": str(folders["tmp"]),
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", CHILD, door.address, SECRET, ADDRESS],
        env=environ,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "THE-CODE-5512" in done.stdout, done.stderr[-2000:]
    assert any(SECRET.encode() in body for body in door.posted)
    assert SECRET not in done.stderr
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    for path in left:
        content = path.read_bytes()
        for word in (SECRET, ADDRESS, ADDRESS.replace("@", "%40"), COOKIE, "THE-CODE-5512"):
            assert not any(form in content for form in forms(word)), (path, word)
    kept = {path.name for path in left}
    assert not kept & {"Cookies", "History", "Favicons", "Login Data", "Local Storage"}


def test_the_real_probe_answers_and_never_takes_this_process_down() -> None:
    result = probe_webengine()
    assert result.window
    assert result.webengine, result


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has no sandbox"
)
def test_as_root_without_the_tests_switch_the_probe_says_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ICHIDO_TEST_NO_SANDBOX")
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX")
    result = probe_webengine()
    assert (result.window, result.webengine, result.reason) == (True, False, "root")
