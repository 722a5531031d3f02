"""The other way in: the person's own browser, with a one-shot listener or a pasted address."""

from __future__ import annotations

import os
import re
import socket
from html import unescape
from typing import Any

import httpx
import pytest

from tests.journeys.core.test_core_story import NUMBER, PASSPHRASE
from tests.journeys.hand import Hand
from tests.journeys.web import TownSide

pytestmark = [pytest.mark.x11, pytest.mark.timeout(200)]
REDIRECT = "http://127.0.0.1:53682/callback"


class Browser:
    """A plain browser elsewhere: follows, fills the first form, never runs a script."""

    def __init__(self, town: TownSide) -> None:
        self.town = town
        self.client = httpx.Client(trust_env=False, timeout=20)

    def sign_in(self, address: str) -> str:
        """Walks the pages to the return address and gives it, without opening it."""
        page: httpx.Response | str = self._follow(self.client.get(address))
        for _ in range(10):
            if isinstance(page, str):
                return page
            page = self._send(page)
        raise AssertionError("the sign-in has no end")

    def _follow(self, answer: httpx.Response) -> httpx.Response | str:
        while answer.is_redirect:
            target = str(answer.url.join(answer.headers["location"]))
            if target.startswith(REDIRECT):
                return target
            answer = self.client.get(target)
        return answer

    def _send(self, page: httpx.Response) -> httpx.Response | str:
        form = re.search(r"<form([^>]*)>(.*?)</form>", page.text, re.S)
        assert form is not None, page.text
        action = re.search(r'action="([^"]*)"', form[1])
        fields: dict[str, str] = {}
        for tag in re.findall(r"<(?:input|button)[^>]*>", form[2]):
            if name := re.search(r'name="([^"]*)"', tag):
                value = re.search(r'value="([^"]*)"', tag)
                fields.setdefault(unescape(name[1]), unescape(value[1]) if value else "")
        told = {
            "account": "prime@example.jp",
            "password": "Renshu-prime-2026",
            "idp": "gbizid",
            "factor": "mail",
        }
        fields |= {k: v for k, v in told.items() if k in fields}
        if "otp" in fields:
            fields["otp"] = self.town.otp()
        target = str(page.url.join(unescape(action[1]))) if action else str(page.url)
        return self._follow(self.client.post(target, data=fields))


@pytest.fixture
def ready(program: Any, inner: Any, qtbot: Any, tmp_path: Any) -> Any:
    """An open practice company, at the page of the system-browser way."""
    entry = inner.companies.look_up(NUMBER, practice=True)
    made = inner.companies.create(NUMBER, entry, PASSPHRASE, practice=True)
    program.take_desk(inner.desk(made.opened))
    town = TownSide(inner.town.endpoints())
    hand = Hand(qtbot, program, tmp_path)
    browser = Browser(town)
    yield program, hand, browser
    browser.client.close()
    town.close()


@pytest.fixture
def system_way(inner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting いつものブラウザでサインインする; the test is the browser."""
    inner.keep_settings(inner.settings.model_copy(update={"system_browser": True}))
    monkeypatch.setattr("app.views.sign_in_system.QDesktopServices.openUrl", lambda _url: False)


def test_the_listener_takes_the_answer(system_way: None, ready: Any) -> None:
    program, hand, browser = ready
    program.show_page("sign_in")
    address = hand.see("sign_in.address").text()
    assert address.startswith("http://127.0.0.1:")
    hand.picture("system-browser")
    returned = browser.sign_in(address)
    answer = browser.client.get(returned)
    assert answer.status_code == 200
    assert "一度" in answer.text
    hand.until(lambda: program.desk.sign_in_state().signed_in, "nobody is signed in")
    with pytest.raises(httpx.HTTPError):
        browser.client.get(returned)


def test_a_pasted_address_does_as_well(system_way: None, ready: Any) -> None:
    program, hand, browser = ready
    program.show_page("sign_in")
    returned = browser.sign_in(hand.see("sign_in.address").text())
    hand.type("sign_in.pasted", "https://example.jp/callback?code=1", commit=False)
    hand.enter()
    assert hand.text("sign_in.problem")
    hand.type("sign_in.pasted", returned, commit=False)
    hand.enter()
    hand.until(lambda: program.desk.sign_in_state().signed_in, "nobody is signed in")


def test_a_busy_port_is_said_plainly(system_way: None, ready: Any) -> None:
    program, hand, browser = ready
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 53682))
        other.listen(1)
        program.show_page("sign_in")
        assert "53682" in hand.text("sign_in.band")
        returned = browser.sign_in(hand.see("sign_in.address").text())
        hand.type("sign_in.pasted", returned, commit=False)
        hand.enter()
        hand.until(lambda: program.desk.sign_in_state().signed_in, "nobody is signed in")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only as root does Chromium refuse its sandbox"
)
def test_as_root_the_program_takes_this_way_by_itself(
    program: Any, inner: Any, qtbot: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ICHIDO_TEST_NO_SANDBOX", "QTWEBENGINE_DISABLE_SANDBOX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("app.views.sign_in_system.QDesktopServices.openUrl", lambda _url: False)
    entry = inner.companies.look_up(NUMBER, practice=True)
    made = inner.companies.create(NUMBER, entry, PASSPHRASE, practice=True)
    program.take_desk(inner.desk(made.opened))
    program.show_page("sign_in")
    hand = Hand(qtbot, program, tmp_path)
    hand.see("sign_in.address", 40_000)
    assert "root" in hand.text("sign_in.why")
    program.show_page("today")
