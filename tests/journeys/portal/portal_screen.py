"""The practice portal in the embedded browser: finds controls through open shadow roots, types keys."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.browser_policy import policy
from app.views.browser_session import AccountBrowser
from tests.journeys.hand import Hand
from tests.journeys.web import Web
from tests.sandbox.town_browser import PASSWORDS
from tests.sandbox.town_process import TownProcess

# Walks every open shadow root; `deep(s)` is the first match, `deepAll(s)` all of them.
WALK = """
const deepAll = (s, root = document) => [...root.querySelectorAll(s)].concat(
  ...[...root.querySelectorAll('*')].filter(e => e.shadowRoot).map(e => deepAll(s, e.shadowRoot)));
const deep = (s) => deepAll(s)[0];
const depth = (e) => { let n = 0; while (e.getRootNode().host) { e = e.getRootNode().host; n++; } return n; };
const focused = () => { let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement; return e; };
const button = (t) => deepAll('button').find(b => b.textContent === t);
"""


class PortalScreen:
    """A window with the page; a practice account's own browser session."""

    def __init__(self, town: TownProcess, qtbot: Any, scheme: str = "http") -> None:
        self.town = town
        at = town.endpoints
        suffix = "_https" if scheme == "https" else ""
        self.base = at[f"portal{suffix}"]
        doors = (self.base, at[f"gbizid_issuer{suffix}"])
        pin = at["tls_sha256"] if suffix else ""
        self.browser = AccountBrowser(
            "a1", policy(doors, "http://127.0.0.1:1/callback", practice=True, pin=pin)
        )
        self.window = QWidget()
        self.window.resize(1000, 860)
        box = QVBoxLayout(self.window)
        self.view, self.page = self.browser.open_view(lambda *_: None, self.window)
        box.addWidget(self.view)
        self.window.show()
        self.hand = Hand(qtbot, self.window)
        self.web = Web(self.hand, self.view)

    def wait_at(self, path: str) -> None:
        """Waits until the browser is at a page; a page that stays says why."""
        try:
            self.web.wait_at(path)
        except AssertionError as late:
            said = self.ask("deepAll('.toast,.error,[role=alert]').map(e => e.textContent)")
            raise AssertionError(f"not at {path}; the page says {said}") from late

    def open(self, path: str) -> None:
        """Goes to a page of the portal."""
        self.page.load(QUrl(self.base + path))

    def ask(self, expression: str) -> Any:
        """The value of an expression that may use WALK."""
        return self.web.ask(f"(() => {{ {WALK}; return {expression}; }})()")

    def until(self, expression: str) -> None:
        """Waits until an expression holds."""
        self.hand.until(lambda: bool(self.ask(expression)), f"not so: {expression}")

    def there(self, name: str) -> None:
        """Waits until a control has appeared."""
        self.until(f"!!deep('[name={name}]')")

    def focus(self, selector: str) -> None:
        """Places the cursor into a control, in whatever shadow root it lies."""
        self.view.window().activateWindow()
        self.view.focusProxy().setFocus()
        chosen = json.dumps(selector)
        self.until(f"deep({chosen}) && (deep({chosen}).focus(), focused() === deep({chosen}))")
        self.until("document.hasFocus()")

    def write(self, name: str, text: str) -> str:
        """Types into a control, leaves it with Tab; gives what it shows then."""
        self.focus(f"[name={name}]")
        self.web.type(text)
        self.web.key(Qt.Key.Key_Tab)
        self.until(f"focused() !== deep('[name={name}]')")
        return self.shown(name)

    def shown(self, name: str) -> str:
        """What a control shows."""
        return str(self.ask(f"(e => e.value || e.textContent)(deep('[name={name}]'))"))

    def press(self, text: str) -> None:
        """Presses the button of that text with the space bar."""
        self.view.window().activateWindow()
        self.view.focusProxy().setFocus()
        told = json.dumps(text)
        self.until(f"button({told}) && (button({told}).focus(), focused() === button({told}))")
        self.web.key(Qt.Key.Key_Space)

    def sign_in(self) -> None:
        """Through the practice gBizID, by keys."""
        web = self.web
        self.open("/")
        web.wait_at("/")
        web.focus("#login")
        web.key(Qt.Key.Key_Return)
        web.wait_at("/oauth/authorize")
        for name, text in (("account", "prime@example.jp"), ("password", PASSWORDS["prime"])):
            web.focus(f"#{name}")
            web.type(text)
            self.until(f"deep('#{name}').value === '{text}'")
        web.key(Qt.Key.Key_Return)
        web.wait_at("/oauth/login")
        web.focus("#factor-mail")
        web.key(Qt.Key.Key_Return)
        web.wait_at("/oauth/factor")
        web.focus("#otp")
        number = self.town.otp("prime@example.jp")
        web.type(number)
        self.until(f"deep('#otp').value === '{number}'")
        web.key(Qt.Key.Key_Return)
        web.wait_at("/mypage")

    def begin(self, grant: str = "a0WJ200000CDJWIMA5", first: str = "kihon") -> str:
        """A new application, of the practice grant unless told; gives its id."""
        self.open(f"/subsidy/{grant}")
        self.web.wait_at(f"/subsidy/{grant}")
        self.web.focus("#begin")
        self.web.key(Qt.Key.Key_Return)
        self.web.wait_at(f"/{first}")
        return str(self.ask("location.pathname.split('/')[2]"))

    def close(self) -> None:
        """Ends the session of the browser."""
        self.browser.close()
        self.window.close()
