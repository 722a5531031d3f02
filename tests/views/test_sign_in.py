"""The system-browser way: the one-shot listener, no browser installed, a pasted address, a busy port."""

from __future__ import annotations

import socket
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Refused
from app.services.sign_in import LoopbackListener
from app.views import sign_in_system, theme
from app.views.browser_policy import policy
from app.views.browser_session import BrowserSessions
from app.views.probe import ProbeResult
from app.views.sign_in import SignInWays, SignInWindow

COMPANY = SimpleNamespace(
    name="株式会社みなと製菓", plate="ai", kanji="港", corporate_number="7000012050002"
)
ADDRESS = "http://127.0.0.1:9/auth?client_id=x&state=s"


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, resources: Path) -> None:
    theme.apply(qapp, theme.load(resources, "light"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Desk:
    card = COMPANY

    def __init__(self) -> None:
        self.returned: list[str] = []
        self.begun: list[bool] = []
        self.fault: Exception | None = None

    def begin_sign_in(self, *, embedded: bool) -> SimpleNamespace:
        self.begun.append(embedded)
        return SimpleNamespace(url=ADDRESS)

    def complete_sign_in(self, url: str) -> str:
        self.returned.append(url)
        if self.fault:
            raise self.fault
        return "signed in"


class Stand:
    """A sign-in window as root sees it, with what it opened."""

    def __init__(self, port: int, opens: bool, **more: Any) -> None:
        self.desk = Desk()
        self.back = f"http://127.0.0.1:{port}/callback"
        self.opened: list[str] = []

        def opener(address: str) -> bool:
            self.opened.append(address)
            return opens

        ways = SignInWays(
            policy(("http://127.0.0.1:9/",), self.back, practice=True),
            lambda: LoopbackListener("127.0.0.1", port, "/callback"),
            probe=lambda: ProbeResult(True, False, "root"),
            opener=opener,
            **more,
        )
        self.window = SignInWindow(self.desk, BrowserSessions(), ways)

    def child(self, name: str) -> Any:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def has(self, name: str) -> bool:
        return self.window.findChild(QWidget, name) is not None


@pytest.fixture
def stands(qtbot: QtBot) -> Iterator[list[Stand]]:
    made: list[Stand] = []
    yield made
    for stand in made:
        stand.window.close()
        stand.window.deleteLater()


def begun(qtbot: QtBot, stands: list[Stand], stand: Stand) -> Stand:
    stands.append(stand)
    stand.window.show()
    stand.window.begin()
    qtbot.waitUntil(lambda: stand.has("sign_in.system"), timeout=5000)
    return stand


def browse(address: str) -> bytes:
    """What a browser does that is sent to `address`."""
    where = urllib.parse.urlsplit(address)
    with socket.create_connection((str(where.hostname), int(where.port or 80)), timeout=10) as line:
        target = f"{where.path}?{where.query}"
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
        return line.makefile("rb").read()


def test_the_listener_takes_the_answer_of_the_persons_browser(
    qtbot: QtBot, stands: list[Stand]
) -> None:
    stand = begun(qtbot, stands, Stand(free_port(), opens=True))
    qtbot.waitUntil(lambda: stand.opened == [ADDRESS], timeout=5000)
    answers: list[bytes] = []
    browser = threading.Thread(
        target=lambda: answers.append(browse(stand.back + "?code=c1&state=s"))
    )
    with qtbot.waitSignal(stand.window.finished, timeout=10000) as done:
        browser.start()
    browser.join(10)
    assert done.args == ["signed in"]
    assert stand.desk.returned == [stand.back + "?code=c1&state=s"]
    assert stand.desk.begun == [False]
    assert "受け取りました" in answers[0].decode()


def test_without_a_browser_the_address_can_be_copied_and_the_return_pasted(
    qtbot: QtBot, stands: list[Stand]
) -> None:
    stand = begun(qtbot, stands, Stand(free_port(), opens=False))
    qtbot.waitUntil(lambda: "見つかりません" in stand.child("sign_in.state").plain(), timeout=5000)
    assert stand.child("sign_in.address").text() == ADDRESS
    stand.child("sign_in.copy").click()
    assert QGuiApplication.clipboard().text() == ADDRESS
    stand.child("sign_in.pasted").setText("https://evil.example/?code=1")
    stand.child("sign_in.take").click()
    assert stand.desk.returned == []
    assert stand.back in stand.child("sign_in.problem").text()
    stand.child("sign_in.pasted").setText(f"  {stand.back}?code=c2&state=s \n")
    with qtbot.waitSignal(stand.window.finished, timeout=10000):
        stand.child("sign_in.take").click()
    assert stand.desk.returned == [stand.back + "?code=c2&state=s"]


def test_a_busy_port_is_said_plainly_and_no_browser_is_sent_there(
    qtbot: QtBot, stands: list[Stand]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        stand = begun(qtbot, stands, Stand(other.getsockname()[1], opens=True))
        qtbot.waitUntil(lambda: stand.has("sign_in.band"), timeout=5000)
        assert "ポート" in stand.child("sign_in.band").accessibleName()
        assert stand.opened == []
    with qtbot.waitSignal(stand.window.finished, timeout=10000):
        stand.child("sign_in.pasted").setText(stand.back + "?code=c3&state=s")
        stand.child("sign_in.take").click()


def test_leaving_frees_the_port_and_asks_nobody(qtbot: QtBot, stands: list[Stand]) -> None:
    port = free_port()
    stand = begun(qtbot, stands, Stand(port, opens=True))
    qtbot.waitUntil(lambda: stand.opened == [ADDRESS], timeout=5000)
    with qtbot.waitSignal(stand.window.cancelled, timeout=5000):
        stand.child("browser.leave").click()

    def free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    qtbot.waitUntil(free, timeout=5000)
    assert stand.desk.returned == []


def test_a_refusal_of_the_door_is_shown_with_a_way_on(qtbot: QtBot, stands: list[Stand]) -> None:
    stand = begun(qtbot, stands, Stand(free_port(), opens=True))
    stand.desk.fault = Refused("gbizid-other-company", "別の会社のアカウントです。")
    stand.child("sign_in.pasted").setText(stand.back + "?code=c&state=s")
    stand.child("sign_in.take").click()
    qtbot.waitUntil(lambda: stand.has("sign_in.stopped"), timeout=10000)
    assert "別の会社" in stand.child("sign_in.stopped").accessibleName()
    stand.child("sign_in.again").click()
    qtbot.waitUntil(lambda: stand.has("sign_in.system"), timeout=5000)


def test_a_fault_of_ours_shows_no_text_of_the_exception(
    qtbot: QtBot, stands: list[Stand], caplog: pytest.LogCaptureFixture
) -> None:
    stand = begun(qtbot, stands, Stand(free_port(), opens=True))
    stand.desk.fault = RuntimeError("token=very-secret")
    stand.child("sign_in.pasted").setText(stand.back + "?code=THE-CODE&state=s")
    stand.child("sign_in.take").click()
    qtbot.waitUntil(lambda: stand.has("sign_in.stopped"), timeout=10000)
    assert "つまずきました" in stand.child("sign_in.stopped").accessibleName()
    assert "very-secret" not in caplog.text
    assert "THE-CODE" not in caplog.text


def test_the_practice_mailbox_stands_beside_in_a_practice_vault_only(
    qtbot: QtBot, stands: list[Stand]
) -> None:
    mail = {"at": "2026-07-03T13:41:02", "subject": "番号", "text": "本文", "otp": "482913"}
    stand = begun(qtbot, stands, Stand(free_port(), opens=True, mails=lambda: [mail]))
    qtbot.waitUntil(lambda: stand.has("mailbox.otp"), timeout=5000)
    stand.child("mailbox.copy").click()
    assert QGuiApplication.clipboard().text() == "482913"
    other = begun(qtbot, stands, Stand(free_port(), opens=True))
    assert not other.has("mailbox")


def test_without_xdg_open_there_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(sign_in_system.shutil, "which", lambda _name: None)
    assert not sign_in_system.open_in_browser("http://127.0.0.1/")
