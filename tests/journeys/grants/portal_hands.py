"""The portal inside the program's own window: the page by key events, the panel beside it by Tab."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.journeys.hand import Hand
from tests.journeys.portal.portal_screen import WALK
from tests.journeys.web import TownSide, Web

ACCOUNT = ("prime@example.jp", "Renshu-prime-2026")


class AtPortal:
    """Looks by script, presses by keys."""

    def __init__(self, hand: Hand, town: TownSide) -> None:
        self.hand = hand
        self.town = town
        self.web = Web(hand, hand.see("browser.page", 40_000))
        self._told: QWidget | None = None

    def ask(self, expression: str) -> Any:
        """The value of an expression over all open shadow roots."""
        return self.web.ask(f"(() => {{ {WALK}; return {expression}; }})()")

    def until(self, expression: str, why: str = "") -> None:
        """Waits until an expression holds; a page that stays says what it refuses."""
        try:
            self.hand.until(lambda: bool(self.ask(expression)), why or expression, 25_000)
        except AssertionError as late:
            said = self.ask(
                "deepAll('.toast,.error,[role=alert]').map(e => e.textContent).filter(t => t)"
            )
            raise AssertionError(f"{late}\nthe page says {said}") from late

    def at(self, path: str) -> None:
        """Waits for a page."""
        self.until(
            f"document.readyState === 'complete' && location.pathname.endsWith({json.dumps(path)})",
            f"not at {path}",
        )
        self.until("performance.getEntriesByType('paint').length > 0")

    def into(self, element: str) -> None:
        """The keyboard into one element of the page."""
        self.web.view.window().activateWindow()
        self.web.view.focusProxy().setFocus()
        self.until(f"{element} && ({element}.focus(), focused() === {element})")
        self.until("document.hasFocus()")

    def press(self, words: str) -> None:
        """The page's own button, by the space bar."""
        self.into(f"button({json.dumps(words)})")
        self.web.key(Qt.Key.Key_Space)

    def go(self, selector: str) -> None:
        """A link or button found by a selector, by Enter."""
        self.into(f"deep({json.dumps(selector)})")
        self.web.key(Qt.Key.Key_Return)

    def sign_in(self) -> None:
        """GビズID: account and password, then the mailed number."""
        self.go("#login")
        self.at("/oauth/authorize")
        for name, text in zip(("account", "password"), ACCOUNT, strict=True):
            self.into(f"deep('#{name}')")
            self.web.type(text)
            self.until(f"deep('#{name}').value === {json.dumps(text)}")
        self.web.key(Qt.Key.Key_Return)
        self.at("/oauth/login")
        before = self.town.otp()
        self.go("#factor-mail")
        self.at("/oauth/factor")
        self.hand.until(lambda: self.town.otp() not in ("-", before), "no number was mailed")
        self.into("deep('#otp')")
        self.web.type(self.town.otp())
        self.web.key(Qt.Key.Key_Return)

    def panel(self, name: str) -> None:
        """A control of the panel: F6 leaves the page, Tab goes on."""
        self.web.view.focusProxy().setFocus()
        self.hand.keys(Qt.Key.Key_F6)
        here = QApplication.focusWidget()
        assert here is not None
        assert self.hand.see("portal").isAncestorOf(here), here.objectName()
        self.hand.press(name)

    def fill(self, button: str = "portal.fill") -> None:
        """このページに入れる, and everything fits."""
        self.hand.see(button)
        self.panel(button)
        self.fits()

    def fits(self) -> None:
        """Waits until the panel says of a page not told of before that everything went in."""
        self.hand.until(self._told_anew, "the filling does not end", 60_000)
        rows = self.hand.see("portal.list").findChildren(QWidget)
        told = [w.accessibleName() for w in rows if w.objectName().startswith("portal.entry.")]
        why = [words for words in told if not words.endswith(("入りました", "合っています"))]
        assert not why

    def _told_anew(self) -> bool:
        names = ("portal.fits", "portal.left", "portal.differs")
        bands = [band for name in names for band in self.hand.all(name)]
        if not bands or bands[0] is self._told:
            return False
        self._told = bands[0]
        return True
