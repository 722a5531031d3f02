"""The page inside the embedded browser, worked with real key events; scripts only look and focus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.journeys.hand import Hand


class Web:
    """A web page as a person sees it: what it says, and keys into what has the focus."""

    def __init__(self, hand: Hand, view: Any) -> None:
        self.hand = hand
        self.view = view

    def ask(self, script: str) -> Any:
        """The value of a script in the page; only for looking and for placing the cursor."""
        told: list[Any] = []
        self.view.page().runJavaScript(f"JSON.stringify({script})", told.append)
        self.hand.qtbot.waitUntil(lambda: bool(told), timeout=10_000)
        return json.loads(told[0]) if told[0] else None

    def says(self) -> str:
        """The text of the page."""
        return str(
            self.ask("document.title + ' ' + (document.body ? document.body.innerText : '')")
        )

    def wait_for(self, words: str) -> None:
        """Waits until the page says these words and has been loaded."""

        def there() -> bool:
            return words in self.says() and self.ask("document.readyState") == "complete"

        self.hand.until(there, f"the page does not say {words!r}")
        self._painted()

    def wait_at(self, path: str) -> None:
        """Waits until a page of this path has been loaded."""

        def there() -> bool:
            ready = self.ask("document.readyState") == "complete"
            return ready and str(self.ask("location.pathname")).endswith(path)

        self.hand.until(there, f"the browser is not at {path}")
        self._painted()

    def _painted(self) -> None:
        """Waits for the first paint: until then Chromium throws keys away that nobody could aim."""
        self.hand.until(
            lambda: bool(self.ask("performance.getEntriesByType('paint').length")),
            "the page was never painted",
        )

    def focus(self, selector: str) -> None:
        """Places the cursor into an element."""
        chosen = json.dumps(selector)
        self.view.window().activateWindow()
        self.view.focusProxy().setFocus()
        script = (
            f"(() => {{ const e = document.querySelector({chosen}); if (e) e.focus(); "
            "return !!e && document.activeElement === e && document.hasFocus(); })()"
        )
        self.hand.until(lambda: self.ask(script) is True, f"{selector} is not on the page")

    def type(self, text: str) -> None:
        """Types ASCII key by key."""
        QTest.keyClicks(self.view.focusProxy(), text)

    def key(self, key: Qt.Key) -> None:
        """One key."""
        QTest.keyClick(self.view.focusProxy(), key)


class TownSide:
    """The town's side of the story, by its control API: the ledger, the log, the mailed number."""

    def __init__(self, endpoints: Mapping[str, str]) -> None:
        self._control = endpoints["control"]
        self._client = httpx.Client(
            headers={"X-Town-Token": endpoints["control_token"]}, trust_env=False, timeout=20
        )

    def _get(self, path: str) -> Any:
        answer = self._client.get(f"{self._control}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """What the control API tells of something."""
        return self._get(path)

    def post(self, path: str, order: dict[str, Any]) -> Any:
        """An order to the town."""
        answer = self._client.post(f"{self._control}/{path}", json=order)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        """Hangs up."""
        self._client.close()

    def otp(self) -> str:
        """The newest number mailed to the practice account; "-" while there is none."""
        mails = self._get("mailbox?address=prime@example.jp")["mails"]
        return str(mails[-1]["otp"]) if mails else "-"

    def ledger(self) -> list[dict[str, Any]]:
        """Every filing e-Gov's side holds."""
        filings: list[dict[str, Any]] = self._get("ledger")["filings"]
        return filings

    def log(self) -> Any:
        """The town's log."""
        return self._get("log")
