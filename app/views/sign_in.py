"""The sign-in: in the embedded browser where it can start, else in the person's own.

It asks for the address, shows one of the two ways, hands the return address over, and ends. Codes and
passwords pass by it only inside the return address, which is neither kept nor logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.background import run
from app.views.browser import BrowserFrame
from app.views.browser_bands import Company, CompanyBand, CompanyStripe
from app.views.browser_policy import BrowserPolicy
from app.views.browser_session import BrowserSessions
from app.views.pages.mailbox import MailboxPanel, Mails
from app.views.probe import ProbeResult, probe_webengine
from app.views.sign_in_system import Listener, SystemBrowserWay, open_in_browser
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import hairline

_log = logging.getLogger(__name__)
_LIMIT_MS = 600_000
BROKE = "一度の側でつまずきました。書いたものは残っています。"


class Request(Protocol):
    """What `begin_sign_in` gives; only its address is used here."""

    @property
    def url(self) -> str: ...


class SignsIn(Protocol):
    """The part of the desk a sign-in needs. Both calls may block: they run off the window's thread."""

    @property
    def card(self) -> Company: ...
    def begin_sign_in(self, *, embedded: bool = True) -> Request: ...
    def complete_sign_in(self, url: str) -> Any: ...


@dataclass(frozen=True)
class SignInWays:
    """What the sign-in is built with.

    `listener` makes the one-shot listener at the return address; `mails` only in a practice vault;
    `login` is the address of the GビズID site; `embedded` False (a setting) never tries the embedded
    browser; `probe` says whether it can start.
    """

    policy: BrowserPolicy
    listener: Callable[[], Listener]
    account_id: str = "main"
    login: str = ""
    factor: str = "メールの番号"
    mails: Mails | None = None
    embedded: bool = True
    probe: Callable[[], ProbeResult] = probe_webengine
    opener: Callable[[str], bool] = field(default=open_in_browser)


class SignInWindow(QWidget):
    """The whole sign-in of one account. `finished(object)`: what the desk answered; `cancelled`."""

    finished = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        desk: SignsIn,
        sessions: BrowserSessions,
        ways: SignInWays,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "canvas")
        self.setWindowTitle(f"{desk.card.name} · サインイン · 一度")
        self.resize(1280, 800)
        self._desk, self._sessions, self._ways = desk, sessions, ways
        self._frame: BrowserFrame | None = None
        self._system: SystemBrowserWay | None = None
        self._over = False
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._limit = QTimer(self, singleShot=True, interval=_LIMIT_MS)
        self._limit.timeout.connect(self._too_late)
        QShortcut(QKeySequence("Ctrl+Shift+W"), self, self.cancel)

    # -- beginning -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the sign-in address, and take the way that can be taken."""
        self._over = False
        self._end_ways()
        self._show_wait("サインインを用意しています", "役所の入り口を確かめています。")
        run(self._prepare, self._prepared, self._failed, self)

    def _prepare(self) -> tuple[str, ProbeResult]:
        """Off the window's thread: the address, and whether the embedded browser can start."""
        probe = ProbeResult(True, False, "setting")
        if self._ways.embedded:
            probe = self._ways.probe()
        return self._desk.begin_sign_in(embedded=probe.webengine).url, probe

    def _prepared(self, ready: tuple[str, ProbeResult]) -> None:
        if self._over:
            return
        address, probe = ready
        self._limit.start()
        if probe.webengine:
            self._embedded(address)
        else:
            self._in_system_browser(address, "" if probe.reason == "setting" else probe.sentence)

    def _embedded(self, address: str) -> None:
        browser = self._sessions.of(self._ways.account_id, self._ways.policy)
        frame = BrowserFrame(
            self._desk.card,
            browser,
            factor=self._ways.factor,
            login=self._ways.login,
            side=self._mailbox(),
        )
        frame.captured.connect(self._captured)
        frame.cancelled.connect(self.cancel)
        frame.elsewhere.connect(self._elsewhere)
        self._frame = frame
        self._show(frame)
        frame.open(address)

    def _elsewhere(self) -> None:
        """いつものブラウザで開く: a new request, so that the first cannot be used twice."""
        self._end_ways()
        self._show_wait("サインインを用意しています", "いつものブラウザで開きます。")
        run(
            lambda: self._desk.begin_sign_in(embedded=False).url,
            lambda address: None if self._over else self._in_system_browser(address, ""),
            self._failed,
            self,
        )

    def _in_system_browser(self, address: str, why: str) -> None:
        way = SystemBrowserWay(
            self._ways.policy, self._ways.listener, why=why, opener=self._ways.opener
        )
        way.came.connect(self._complete)
        way.wants_again.connect(self.begin)
        self._system = way
        self._show(self._framed(way))
        way.begin(address)

    def _framed(self, middle: QWidget, side: bool = True) -> QWidget:
        """Whose sign-in it is above, the practice mailbox at the right."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        company = CompanyBand(self._desk.card)
        company.leave.clicked.connect(self.cancel)
        column.addWidget(CompanyStripe(self._desk.card.plate))
        column.addWidget(company.widget)
        column.addWidget(hairline())
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(middle, 1)
        mailbox = self._mailbox() if side else None
        if mailbox is not None:
            row.addWidget(hairline(vertical=True))
            row.addWidget(mailbox)
        column.addLayout(row, 1)
        return whole

    def _mailbox(self) -> MailboxPanel | None:
        if self._ways.mails is None or not self._ways.policy.practice:
            return None
        return MailboxPanel(self._ways.mails)

    # -- ending --------------------------------------------------------------------------------

    def _captured(self, url: QUrl) -> None:
        encoded = QUrl.ComponentFormattingOption.FullyEncoded
        self._complete(url.toString(encoded))

    def _complete(self, address: str) -> None:
        """The return address came: let the desk exchange it, off the window's thread."""
        self._limit.stop()
        QTimer.singleShot(0, self, self._end_ways)  # not inside the page's own signal
        self._show_wait("サインインを確かめています", "役所から返事を受け取っています。")
        run(lambda: self._desk.complete_sign_in(address), self._done, self._failed, self)

    def _done(self, result: object) -> None:
        self._over = True
        self.finished.emit(result)

    def _failed(self, fault: Exception) -> None:
        self._limit.stop()
        self._end_ways()
        if isinstance(fault, Known):
            self._show_stop(fault.sentence)
            return
        _log.error("sign-in fault %s", type(fault).__name__)
        self._show_stop(BROKE)

    def _too_late(self) -> None:
        self._end_ways()
        self._show_stop("10分たったので、このサインインは使えなくなりました。")

    def cancel(self) -> None:
        """やめて戻る, from anywhere. An answer that comes later is not waited for."""
        if self._over:
            return
        self._over = True
        self._limit.stop()
        self._end_ways()
        self.cancelled.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is やめて戻る; a part of another page that goes only ends quietly."""
        if self.isWindow():
            self.cancel()
        else:
            self._over = True
            self._limit.stop()
            self._end_ways()
        super().closeEvent(event)

    def _end_ways(self) -> None:
        if self._frame is not None:
            self._frame.close_page()
            self._frame = None
        if self._system is not None:
            self._system.stop()
            self._system = None

    # -- what is shown -------------------------------------------------------------------------

    @property
    def frame(self) -> BrowserFrame | None:
        """The embedded browser while it is shown."""
        return self._frame

    def _show_wait(self, fact: str, line: str) -> None:
        wait = EmptyState("key-round", fact, line, name="sign_in.wait")
        self._show(self._framed(wait, side=False))

    def _show_stop(self, sentence: str) -> None:
        again = Button("もう一度", "small", "rotate-cw", name="sign_in.again")
        again.clicked.connect(self.begin)
        line = "やめて戻っても、書いたものはそのままです。"
        stop = EmptyState("circle-alert", sentence, line, again, name="sign_in.stopped")
        self._show(self._framed(stop, side=False))
        again.setFocus()

    def _show(self, widget: QWidget) -> None:
        old = self._stack.currentWidget()
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        if old is not None:
            self._stack.removeWidget(old)
            old.hide()
            old.deleteLater()
