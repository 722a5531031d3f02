"""The embedded browser of one account, in a frame of native bands (DESIGN 7, LOOK 3).

Stripe, company band, address bar, explanation and steps are widgets of ours outside the page view.
WebEngine is imported when `open` is called, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.views import theme
from app.views.browser_bands import (
    SIGN_IN,
    AddressBand,
    Company,
    CompanyBand,
    CompanyStripe,
    Purpose,
    QuestionBand,
    StepsBand,
    explain_line,
)
from app.views.browser_panel import CertificatePanel
from app.views.browser_policy import BrowserPolicy, Standing, ascii_host, site_of
from app.views.browser_session import AccountBrowser
from app.views.browser_words import blocked_words, failed_words, refused_sentence
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import hairline

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from app.views.browser_page import DoorPage

_SETTLE_MS = 40  # a page may change its address thousands of times; the bar follows at this pace


@runtime_checkable
class Worked(Protocol):
    """A panel beside the page that a person works with the keyboard."""

    def first_focus(self) -> QWidget | None:
        """Where F6 leads."""


class BrowserFrame(QWidget):
    """Bands and page. `captured(QUrl)`: the return address; `cancelled`; `elsewhere`: other way.

    `login` is the address of the site where the person signs in (GビズID); a form sent there means
    step 2. `side` is a panel of ours beside the page (the practice mailbox), or None.
    """

    captured = Signal(QUrl)
    cancelled = Signal()
    elsewhere = Signal()
    page_ready = Signal()
    """A page of a door has been loaded and is shown."""

    def __init__(
        self,
        company: Company,
        browser: AccountBrowser,
        *,
        factor: str = "メールの番号",
        login: str = "",
        side: QWidget | None = None,
        purpose: Purpose = SIGN_IN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("browser")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._browser = browser
        self._standing = Standing.NONE
        self._login = site_of(QUrl(login))
        self._start = QUrl()
        self._purpose = purpose
        self._company = CompanyBand(company, purpose)
        self.steps = StepsBand(factor)
        self._place = AddressBand()
        self.address = self._place.address
        self.question = QuestionBand()
        self.certificate = CertificatePanel(browser.policy)
        self._notice: Band | None = None
        self._stack = QStackedWidget()
        self._view: QWebEngineView | None = None
        self._page: DoorPage | None = None
        self._page_side = side
        self._pace = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._pace.timeout.connect(self._show_address)
        self._lay_out(company)
        self._connect()
        self._shortcuts()

    # -- building ------------------------------------------------------------------------------

    def _lay_out(self, company: Company) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(CompanyStripe(company.plate))
        column.addWidget(self._company.widget)
        column.addWidget(self._place.widget)
        column.addWidget(explain_line(self._browser.policy.practice, self._purpose))
        column.addWidget(hairline())
        self._notices = QVBoxLayout()
        self._notices.setSpacing(0)
        self._notices.addWidget(self.certificate)
        self._notices.addWidget(self.question)
        column.addLayout(self._notices)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        if self._page_side is not None:
            middle.addWidget(hairline(vertical=True))
            middle.addWidget(self._page_side)
        column.addLayout(middle, 1)
        if self._purpose.steps:
            column.addWidget(hairline())
            column.addWidget(self.steps.widget)
        else:
            self.steps.widget.setParent(self)
            self.steps.widget.hide()

    def _connect(self) -> None:
        self._company.leave.clicked.connect(self.leave)
        self.steps.elsewhere.clicked.connect(self.elsewhere)
        self._place.back.clicked.connect(self._go_back)
        self._place.reload.clicked.connect(self._read_again)
        self._place.certificate.clicked.connect(self._toggle_certificate)
        self._browser.refused.connect(self._refused)

    def _shortcuts(self) -> None:
        for keys, call in (
            ("Ctrl+Shift+W", self.leave),
            ("F6", lambda: self.walk(1)),
            ("Shift+F6", lambda: self.walk(-1)),
            ("F5", self._read_again),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, call)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            # The window has F6 too; of two shortcuts Qt tells one, now this, now that.
            shortcut.activatedAmbiguously.connect(call)

    # -- the page ------------------------------------------------------------------------------

    @property
    def policy(self) -> BrowserPolicy:
        """The door list in force."""
        return self._browser.policy

    @property
    def page(self) -> DoorPage | None:
        """The page while one is open."""
        return self._page

    @property
    def shows_page(self) -> bool:
        """Whether the page itself is to be seen, and not a notice of ours in its place."""
        return self._view is not None and self._stack.currentWidget() is self._view

    @property
    def step(self) -> int:
        """The sign-in step shown, 1 to 3."""
        return self.steps.step

    def open(self, address: str) -> None:
        """Open `address` in a fresh page of the account's session."""
        self._start = QUrl(address, QUrl.ParsingMode.StrictMode)
        view, page = self._browser.open_view(self.question.ask, self)
        view.setZoomFactor(theme.current().text_scale)
        self._view, self._page = view, page
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        page.captured.connect(self._captured)
        page.blocked.connect(self._blocked)
        page.bad_certificate.connect(lambda url, _kind: self.refuse(url, Standing.BAD_CERTIFICATE))
        page.failed.connect(self._failed)
        page.moved.connect(self._moved)
        page.ready.connect(self._ready)
        page.urlChanged.connect(lambda _url: self._pace.start())
        page.load(self._start)
        view.setFocus()

    def _moved(self, url: QUrl, submitted: bool) -> None:
        """A page is on its way: the bar already shows whose. Nothing in the page is read.

        So the step is told by addresses alone: a form that leaves the sign-in site's page is taken
        as account and password, and what follows as the second factor.
        """
        self.question.new_page()
        self._clear_notice()
        here = site_of(self._page.url()) if self._page is not None else None
        if submitted and here is not None and here == (self._login or here):
            self.steps.set_step(2)
        self._standing = self.policy.top_level(url)
        self._say_address(url)

    def _ready(self) -> None:
        self._show_page()
        self._show_address()
        self.page_ready.emit()

    def _show_page(self) -> None:
        if self._view is not None:
            self._stack.setCurrentWidget(self._view)

    def _show_address(self) -> None:
        """Follow the page's own address (history entries too), which Chromium keeps to its site."""
        if self._page is None or self._stack.currentWidget() is not self._view:
            return
        url = self._page.url()
        if url.scheme() in {"http", "https"}:
            self._standing = self.policy.top_level(url)
            self._say_address(url)

    def _say_address(self, url: QUrl) -> None:
        secure = url.scheme() == "https" and self._standing is Standing.LISTED
        self.address.show_address(url, self._standing, secure=secure)

    def _captured(self, url: QUrl) -> None:
        self.steps.set_step(3)
        self.captured.emit(url)

    def _blocked(self, url: QUrl, standing: str) -> None:
        if Standing(standing) is Standing.SCHEME:
            self._say(refused_sentence("scheme", ""))
            return
        self.refuse(url, Standing(standing))

    def refuse(self, url: QUrl, standing: Standing) -> None:
        """Show the address that was refused, in its colour, and no page; the way out has focus."""
        self._standing = standing
        self.address.show_address(url, standing, secure=False)
        self._show_notice("ban", *blocked_words(standing, ascii_host(url)))
        self._company.leave.setFocus()

    def _failed(self, reason: str, code: int) -> None:
        self._show_notice("wifi-off", *failed_words(reason, code))

    def _show_notice(self, icon: str, fact: str, line: str) -> None:
        again = Button("始めのページから", "small", name="browser.again")
        again.clicked.connect(self._begin_again)
        notice = EmptyState(icon, fact, line, again, name="browser.notice")
        old = self._stack.currentWidget()
        self._stack.addWidget(notice)
        self._stack.setCurrentWidget(notice)
        if old is not None and old is not self._view:
            self._stack.removeWidget(old)
            old.deleteLater()

    def _begin_again(self) -> None:
        if self._page is None or self._view is None:
            return
        self.steps.set_step(1)
        self._show_page()
        self._page.load(self._start)
        self._view.setFocus()

    # -- what the page asked for ---------------------------------------------------------------

    def _refused(self, what: str, host: str) -> None:
        self._say(refused_sentence(what, host))

    def _say(self, sentence: str) -> None:
        """One band for all; a page that asks a hundred times changes its words, not its number."""
        if self._notice is not None and self._notice.sentence.plain() == sentence:
            return
        self._clear_notice()
        self._notice = Band(
            "warn", sentence, actions=[("閉じる", self._clear_notice)], name="browser.refused"
        )
        self._notices.addWidget(self._notice)

    def _clear_notice(self) -> None:
        if self._notice is not None:
            self._notices.removeWidget(self._notice)
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None

    # -- our bands -----------------------------------------------------------------------------

    def leave(self) -> None:
        """やめて戻る: the page ends, the account's session stays until sign-out or lock."""
        self.close_page()
        self.cancelled.emit()

    def close_page(self) -> None:
        """Destroy page and view. Safe to call twice, and while the page waits for an answer."""
        self._pace.stop()
        self._page = self._view = None
        if self.question.waiting:
            self.question.dismiss()
            QTimer.singleShot(0, self._browser, self._browser.close_view)
            return
        self._browser.close_view()

    def _go_back(self) -> None:
        self._show_page()
        if self._page is not None and self._page.history().canGoBack():
            self._page.history().back()
        self._pace.start()

    def _read_again(self) -> None:
        self._show_page()
        if self._page is not None:
            self._page.triggerAction(self._page.WebAction.Reload)

    def _toggle_certificate(self) -> None:
        if self.certificate.isVisible():
            self.certificate.hide()
        else:
            self.certificate.open_for(self.address.url)
            self.certificate.shut.setFocus()

    def walk(self, step: int) -> None:
        """F6: from the page to what stands beside it, if it can be worked, to the band, to the page."""
        side = self._page_side
        beside = side.first_focus() if isinstance(side, Worked) and side.isVisible() else None
        now = QApplication.focusWidget()
        if step < 0 or now is self._company.leave:
            self._enter_page()
        elif beside is not None and not (side and now and side.isAncestorOf(now)):
            beside.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._company.leave.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter_page(self) -> None:
        inside = self._stack.currentWidget()
        if inside is not None:
            inside.setFocus(Qt.FocusReason.ShortcutFocusReason)
