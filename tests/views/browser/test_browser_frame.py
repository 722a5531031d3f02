"""The frame around the page: its bands, its keys, its dialogs; a whole sign-in by real keys."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Refused
from app.views import theme
from app.views.browser import BrowserFrame
from app.views.browser_policy import Standing, policy
from app.views.browser_session import AccountBrowser, BrowserSessions
from app.views.probe import ProbeResult
from app.views.sign_in import SignInWays, SignInWindow

pytestmark = pytest.mark.browser

BACK = "http://127.0.0.1:1/callback"
COMPANY = SimpleNamespace(
    name="株式会社みなと製菓", plate="ai", kanji="港", corporate_number="7000012050002"
)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, resources: Path) -> None:
    theme.apply(qapp, theme.load(resources, "light"))


@pytest.fixture
def frame(qtbot: QtBot, door: Any) -> Iterator[BrowserFrame]:
    browser = AccountBrowser("a1", policy((door.address,), BACK, practice=True))
    made = BrowserFrame(COMPANY, browser)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_page()
    QApplication.processEvents()
    browser.close()
    made.close()
    made.deleteLater()


def child(widget: QWidget, name: str) -> Any:
    found = widget.findChild(QWidget, name)
    assert found is not None, name
    return found


def loaded(qtbot: QtBot, frame: BrowserFrame, address: str) -> None:
    frame.open(address)
    with qtbot.waitSignal(frame._page.loadFinished, timeout=15000):
        pass


def test_the_bar_names_the_door_and_never_its_query(
    qtbot: QtBot, frame: BrowserFrame, door: Any
) -> None:
    loaded(qtbot, frame, door.page("/top/login", "x") + "?state=secret-state")
    qtbot.waitUntil(lambda: frame.address.parts()[1] == "127.0.0.1")
    assert frame.address.standing is Standing.LISTED
    assert frame.address.parts()[2].endswith("/top/login")
    assert "登録済みの役所" in frame.address.accessibleName()
    assert "secret-state" not in "".join(frame.address.parts()) + frame.address.accessibleName()


def test_a_strangers_address_is_shown_amber_and_the_way_out_has_focus(
    qtbot: QtBot, frame: BrowserFrame, door: Any, stranger: Any
) -> None:
    frame.open(door.redirect("/go", stranger.address + "/login"))
    qtbot.waitUntil(lambda: frame.address.standing is Standing.UNLISTED, timeout=15000)
    assert child(frame, "browser.notice").isVisible()
    assert not child(frame, "browser.page").isVisible()
    frame.activateWindow()
    qtbot.waitUntil(lambda: child(frame, "browser.leave").hasFocus(), timeout=5000)
    assert stranger.seen == []


def test_a_bad_certificate_is_red_and_its_page_not_shown(qtbot: QtBot, tls_door: Any) -> None:
    tls_door.page("/", "fake")
    browser = AccountBrowser("a", policy((tls_door.address,), BACK, practice=True))
    frame = BrowserFrame(COMPANY, browser)
    frame.show()
    frame.open(tls_door.address + "/")
    qtbot.waitUntil(lambda: frame.address.standing is Standing.BAD_CERTIFICATE, timeout=15000)
    assert "暗号なし" in frame.address.accessibleName()
    assert not child(frame, "browser.page").isVisible()
    assert tls_door.seen == []
    browser.close()
    frame.close()
    frame.deleteLater()


@pytest.mark.parametrize("pinned", [True, False])
def test_the_certificate_panel_comes_from_a_second_handshake(
    qtbot: QtBot, tls_door: Any, own_certificate: tuple[Any, str], pinned: bool
) -> None:
    from app.views.browser_panel import CertificatePanel

    pin = own_certificate[1] if pinned else ""
    panel = CertificatePanel(policy((tls_door.address,), BACK, practice=True, pin=pin))
    qtbot.addWidget(panel)
    panel.open_for(QUrl(tls_door.address + "/"))
    qtbot.waitUntil(lambda: panel.facts is not None, timeout=15000)
    assert panel.facts is not None
    assert panel.facts.trusted is pinned
    assert panel.facts.fingerprint.replace(" ", "").lower() == own_certificate[1]
    assert panel.facts.owner == "practice town"


def test_a_page_without_tls_says_so(qtbot: QtBot, frame: BrowserFrame, door: Any) -> None:
    loaded(qtbot, frame, door.page("/", "x"))
    child(frame, "browser.certificate").click()
    qtbot.waitUntil(lambda: frame.certificate.facts is not None, timeout=5000)
    assert frame.certificate.facts is not None
    assert "暗号を使っていません" in frame.certificate.facts.sentence
    assert not frame.certificate.facts.trusted


def test_pages_dialogs_are_ours_and_can_be_silenced(
    qtbot: QtBot, frame: BrowserFrame, door: Any
) -> None:
    text = "let n=0; for (let i=0;i<50;i++) n += confirm('押して') ? 1 : 0; document.title = 'n'+n"
    asked: list[str] = []

    def answer() -> None:
        if frame.question.waiting:
            asked.append(frame.question.accessibleName())
            if frame.question.silence.isVisible():
                frame.question.silence.click()
            else:
                frame.question.go.click()

    timer = QTimer()
    timer.timeout.connect(answer)
    timer.start(10)
    frame.open(door.page("/", f"<script>{text}</script>"))
    qtbot.waitUntil(lambda: frame._page.title() == "n1", timeout=15000)
    timer.stop()
    assert len(asked) == 2
    assert asked[0].startswith("127.0.0.1")
    assert QApplication.activeModalWidget() is None


def test_leaving_while_a_page_asks_ends_both(qtbot: QtBot, frame: BrowserFrame, door: Any) -> None:
    left: list[bool] = []

    def leave() -> None:
        if frame.question.waiting and not left:
            left.append(True)
            child(frame, "browser.leave").click()

    timer = QTimer()
    timer.timeout.connect(leave)
    timer.start(10)
    page = door.page("/", "<script>while (true) confirm('stay')</script>")
    with qtbot.waitSignal(frame.cancelled, timeout=15000):
        frame.open(page)
    timer.stop()
    qtbot.waitUntil(lambda: frame.findChild(QWidget, "browser.page") is None, timeout=5000)
    assert not frame.question.waiting


def test_the_keys_of_the_frame_win_over_the_page(
    qtbot: QtBot, frame: BrowserFrame, door: Any
) -> None:
    greedy = "<input autofocus><script>addEventListener('keydown',e=>e.preventDefault())</script>"
    loaded(qtbot, frame, door.page("/", greedy))
    frame.activateWindow()
    proxy = frame._view.focusProxy()
    proxy.setFocus()
    QTest.keyClick(proxy, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: child(frame, "browser.leave").hasFocus(), timeout=5000)
    proxy.setFocus()
    QTest.keyClick(proxy, Qt.Key.Key_Escape)
    assert frame.isVisible()
    with qtbot.waitSignal(frame.cancelled, timeout=5000):
        QTest.keyClick(
            proxy,
            Qt.Key.Key_W,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )


def test_every_control_of_the_frame_can_be_reached_and_has_a_name(frame: BrowserFrame) -> None:
    for name in (
        "browser.leave", "browser.back", "browser.reload", "browser.address",
        "browser.certificate", "browser.elsewhere",
    ):  # fmt: skip
        widget = child(frame, name)
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, name
        assert widget.accessibleName(), name


class Desk:
    """A desk that answers as the real one."""

    def __init__(self, address: str) -> None:
        self.card = COMPANY
        self.address = address
        self.returned: list[str] = []
        self.fault: Exception | None = None
        self.begun = 0

    def begin_sign_in(self, *, embedded: bool) -> SimpleNamespace:
        assert embedded
        self.begun += 1
        return SimpleNamespace(url=self.address)

    def complete_sign_in(self, url: str) -> str:
        self.returned.append(url)
        if self.fault:
            raise self.fault
        return "signed in"


LOGIN = (
    "<form method=post action=/login>"
    "<input name=id autofocus oninput='document.title=value'>"
    "<input name=pw type=password><button>go</button></form>"
)
OTP = (
    "<form method=post action=/otp><input name=otp autofocus oninput='document.title=value'></form>"
)


def type_first(qtbot: QtBot, frame: BrowserFrame, text: str) -> QWidget:
    """Type into the first field; Chromium drops keys until a new page has drawn its first frame."""
    proxy = frame._view.focusProxy()
    proxy.setFocus()

    def typed() -> bool:
        if frame._page.title() == text:
            return True
        QTest.keyClick(proxy, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(proxy, text)
        qtbot.wait(60)
        return frame._page.title() == text

    qtbot.waitUntil(typed, timeout=15000)
    return proxy


def login_site(door: Any) -> str:
    door.page("/login", OTP)
    door.redirect("/otp", BACK + "?code=THE-CODE&state=s")
    return str(door.page("/auth", LOGIN))


def window_of(desk: Desk, door: Any, sessions: BrowserSessions, **more: Any) -> SignInWindow:
    ways = SignInWays(
        policy((door.address,), BACK, practice=True),
        listener=lambda: pytest.fail("no listener in the embedded way"),
        login=door.address,
        probe=lambda: ProbeResult(True, True),
        **more,
    )
    window = SignInWindow(desk, sessions, ways)
    window.show()
    return window


def test_a_person_signs_in_with_keys_alone(qtbot: QtBot, door: Any) -> None:
    desk, sessions = Desk(login_site(door)), BrowserSessions()
    mails = lambda: [{"at": "2026-07-03T13:42", "subject": "番号", "text": "t", "otp": "482913"}]  # noqa: E731
    window = window_of(desk, door, sessions, mails=mails)
    window.begin()
    qtbot.waitUntil(
        lambda: window.frame is not None and door.seen.count("/auth") == 1, timeout=15000
    )
    frame = window.frame
    assert frame is not None
    qtbot.waitUntil(lambda: frame._stack.currentWidget() is frame._view, timeout=15000)
    window.activateWindow()
    assert frame.step == 1
    proxy = type_first(qtbot, frame, "someone@example.jp")
    QTest.keyClick(proxy, Qt.Key.Key_Tab)
    QTest.keyClicks(proxy, "pass phrase 1")
    with qtbot.waitSignal(frame._page.loadFinished, timeout=15000):
        QTest.keyClick(proxy, Qt.Key.Key_Return)
    assert urllib.parse.parse_qs(door.posted[0].decode()) == {
        "id": ["someone@example.jp"],
        "pw": ["pass phrase 1"],
    }
    assert frame.step == 2
    qtbot.waitUntil(lambda: window.findChild(QWidget, "mailbox.otp") is not None, timeout=5000)
    assert child(window, "mailbox.otp").text() == "482913"
    proxy = type_first(qtbot, frame, "482913")
    with qtbot.waitSignal(window.finished, timeout=15000) as done:
        QTest.keyClick(proxy, Qt.Key.Key_Return)
    assert done.args == ["signed in"]
    assert door.posted[1] == b"otp=482913"
    assert desk.returned == [BACK + "?code=THE-CODE&state=s"]
    QApplication.processEvents()
    assert window.findChild(QWidget, "browser.page") is None
    sessions.close_all()
    window.close()
    window.deleteLater()


def test_a_refusal_is_said_and_can_be_tried_again(qtbot: QtBot, door: Any) -> None:
    desk, sessions = Desk(door.redirect("/auth", BACK + "?error=access_denied")), BrowserSessions()
    desk.fault = Refused("sign-in-denied", "サインインは取りやめになりました。")
    window = window_of(desk, door, sessions)
    window.begin()
    qtbot.waitUntil(lambda: window.findChild(QWidget, "sign_in.again") is not None, timeout=15000)
    assert "取りやめ" in child(window, "sign_in.stopped").accessibleName()
    desk.fault = None
    with qtbot.waitSignal(window.finished, timeout=15000):
        child(window, "sign_in.again").click()
    assert desk.begun == 2
    sessions.close_all()
    window.close()
    window.deleteLater()
