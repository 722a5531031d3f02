"""Signing in with the person's own browser: the way of RFC 8252, and the only one as root.

A one-shot listener waits at the registered return address while the browser is open. Where no
browser is installed, the address can be copied, and the return address pasted by hand.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.background import run
from app.views.browser_policy import BrowserPolicy
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import TextField
from app.views.widgets.lines import hairline, label, wrap_label


class Listener(Protocol):
    """Waits once at the return address; making one raises Known when the port is taken."""

    def wait(self, seconds: float) -> str:
        """Blocks for the whole address the browser came back with. Raises Known when none came."""

    def expect(self, sign_in_url: str) -> None:
        """Waits for the answer to this attempt only (its state), not for one a page guessed."""

    def close(self) -> None:
        """Stop waiting; `wait` then raises. Safe to call twice."""


def open_in_browser(address: str) -> bool:
    """Open `address` in the person's browser; False when there is none to open it with."""
    if sys.platform.startswith("linux") and shutil.which("xdg-open") is None:
        return False
    return bool(QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode)))


class SystemBrowserWay(QWidget):
    """What to do while the browser is open. `came(str)`: the return address, once."""

    came = Signal(str)
    wants_again = Signal()

    def __init__(
        self,
        policy: BrowserPolicy,
        listener: Callable[[], Listener],
        *,
        why: str = "",
        opener: Callable[[str], bool] = open_in_browser,
        seconds: float = 600.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._policy, self._make_listener, self._opener = policy, listener, opener
        self._seconds = seconds
        self._listener: Listener | None = None
        self._address = ""
        self._over = False
        self.setObjectName("sign_in.system")
        self._lay_out(why)

    def _lay_out(self, why: str) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        card = Card(name="sign_in.card")
        card.setMaximumWidth(720)
        body = card.body
        body.addWidget(label("いつものブラウザでサインインします", "title", "ink"))
        if why:
            body.addWidget(Band("info", why, name="sign_in.why"))
        self._state = wrap_label("", "body", "ink")
        self._state.setObjectName("sign_in.state")
        body.addWidget(self._state)
        self._bands = QVBoxLayout()
        body.addLayout(self._bands)
        body.addWidget(hairline())
        body.addWidget(label("ブラウザが開かないとき", "heading", "ink"))
        body.addWidget(wrap_label("この住所を写して、ブラウザで開いてください。", "label", "ink2"))
        self.address = TextField(name="sign_in.address", spoken="サインインの住所")
        self.address.set_state("locked")
        self.copy = Button("写す", icon="copy", name="sign_in.copy")
        self.reopen = Button("もう一度ひらく", icon="external-link", name="sign_in.reopen")
        body.addLayout(_line(self.address, self.copy, self.reopen))
        body.addWidget(hairline())
        body.addWidget(label("もどれないとき", "heading", "ink"))
        body.addWidget(
            wrap_label(
                "サインインのあと、ブラウザの住所の欄に出たものを、\n"
                "そのままここへ貼ってください。",
                "label",
                "ink2",
            )
        )
        self.pasted = TextField(name="sign_in.pasted", spoken="もどり先の住所")
        self.take = Button("これで続ける", name="sign_in.take")
        body.addLayout(_line(self.pasted, self.take))
        self.problem = label("", "label", "danger", name="sign_in.problem")
        self.problem.hide()
        body.addWidget(self.problem)
        outer.addWidget(card)
        outer.addStretch(1)
        self.copy.clicked.connect(self._copy)
        self.reopen.clicked.connect(self._open)
        self.take.clicked.connect(self._take)
        self.pasted.returnPressed.connect(self._take)
        self.pasted.textEdited.connect(lambda _text: self._complain(""))

    def begin(self, address: str) -> None:
        """Wait at the return address, then open the browser at `address`."""
        self._address = address
        self.address.show_text(address)
        self._over = False
        self._clear_bands()
        try:
            self._listener = listener = self._make_listener()
        except Exception as fault:
            self._cannot_listen(fault)
            return
        listener.expect(address)
        run(lambda: listener.wait(self._seconds), self._arrived, self._nothing_came, self)
        self._open()

    def _cannot_listen(self, fault: Exception) -> None:
        """A busy port is said plainly; the browser is not sent to somebody else's port."""
        self._say("自動ではもどれません。下の住所を使うこともできます。")
        sentence = (
            fault.sentence if isinstance(fault, Known) else "もどり先を用意できませんでした。"
        )
        self._band("warn", sentence, ("もう一度ためす", self.wants_again.emit))
        self.pasted.setFocus()

    def _open(self) -> None:
        if self._opener(self._address):
            self._say(
                "ブラウザを開きました。サインインが済むと、ここへ自動でもどります。\n"
                "この窓は閉じないでください。"
            )
            return
        self._say(
            "ブラウザが見つかりません。下の住所を写して、\nお使いのブラウザで開いてください。"
        )
        self.address.setFocus()
        length = len(self.address.text())
        self.address.setSelection(length, -length)  # backwards: the beginning stays in sight

    def _arrived(self, address: str) -> None:
        self._finish(address)

    def _nothing_came(self, fault: Exception) -> None:
        if self._over:
            return
        self._say("")
        sentence = (
            fault.sentence
            if isinstance(fault, Known)
            else "サインインの返事を受け取れませんでした。"
        )
        self._band("warn", sentence, ("もう一度ためす", self.wants_again.emit))

    def _take(self) -> None:
        text = self.pasted.text().strip()
        url = QUrl(text, QUrl.ParsingMode.StrictMode)
        if not self._policy.is_return(url):
            back = self._policy.redirect.toString()
            self._complain(f"もどり先の住所ではありません。{back} で始まるものを貼ってください。")
            return
        self._finish(text)

    def _complain(self, sentence: str) -> None:
        self.pasted.set_state("error" if sentence else "")
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _finish(self, address: str) -> None:
        if self._over:
            return
        self.stop()
        self.pasted.clear()
        self.came.emit(address)

    def stop(self) -> None:
        """Close the listener; nothing more comes."""
        self._over = True
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self.copy.set_text("写しました")

    def _say(self, text: str) -> None:
        self._state.set_text(text)
        self._state.setVisible(bool(text))

    def _band(self, kind: str, sentence: str, action: tuple[str, Callable[[], None]]) -> None:
        self._clear_bands()
        self._bands.addWidget(Band(kind, sentence, actions=[action], name="sign_in.band"))

    def _clear_bands(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()


def _line(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, 1 if number == 0 else 0)
    return row
