"""The browser of one account: an off-the-record profile that lives as long as the account's sign-in.

`AccountBrowser` owns profile, page and view and destroys them in the order Qt needs (page, view,
profile). WebEngine is imported only when the first page is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtWidgets import QWidget

from app.views.browser_policy import BrowserPolicy

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineProfile
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from app.views.browser_page import DoorPage, RequestFilter

Ask = Callable[[str, str, str, str], str | None]
"""A dialog a page asked for: (alert|confirm|prompt, host, message, default) → answer or None."""


class AccountBrowser(QObject):
    """One account's cookies, in memory only; gone with `close()` (sign-out, lock, program end)."""

    refused = Signal(str, str)

    def __init__(
        self, account_id: str, policy: BrowserPolicy, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.account_id = account_id
        self.policy = policy
        self._profile: QWebEngineProfile | None = None
        self._filter: RequestFilter | None = None
        self._page: DoorPage | None = None
        self._view: QWebEngineView | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a profile, and so perhaps a door's cookies, in memory."""
        return self._profile is not None

    @property
    def profile(self) -> QWebEngineProfile:
        """The off-the-record profile, made on first use."""
        if self._profile is None:
            self._profile = self._make_profile()
        return self._profile

    def _make_profile(self) -> QWebEngineProfile:
        from PySide6.QtWebEngineCore import QWebEngineProfile

        from app.views.browser_page import RequestFilter

        profile = QWebEngineProfile()
        if not profile.isOffTheRecord():
            raise RuntimeError("the browser profile must be off the record")
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
        profile.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
        )
        profile.setPersistentPermissionsPolicy(
            QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
        )
        profile.setSpellCheckEnabled(False)
        profile.setPushServiceEnabled(False)
        profile.setHttpAcceptLanguage("ja,en;q=0.5")
        self._filter = RequestFilter(self.policy, lambda host: self.refused.emit("part", host))
        profile.setUrlRequestInterceptor(self._filter)
        profile.downloadRequested.connect(self._refuse_download)
        return profile

    def _refuse_download(self, request: QWebEngineDownloadRequest) -> None:
        request.cancel()
        self.refused.emit("download", request.url().host())

    def open_view(self, ask: Ask, parent: QWidget) -> tuple[QWebEngineView, DoorPage]:
        """A fresh page in this account's profile, and the widget that shows it."""
        from PySide6.QtWebEngineWidgets import QWebEngineView

        from app.views.browser_page import DoorPage

        self.close_view()
        page = DoorPage(self.profile, self.policy, ask)
        page.refused.connect(self.refused)
        view = QWebEngineView(parent)
        view.setPage(page)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        view.setAcceptDrops(False)
        view.setObjectName("browser.page")
        view.setAccessibleName("相手のページ")
        self._page, self._view = page, view
        return view, page

    def close_view(self) -> None:
        """Destroy page and view; the profile with its session stays."""
        from shiboken6 import delete, isValid

        page, view = self._page, self._view
        self._page = self._view = None
        if page is not None and isValid(page):
            delete(page)
        if view is not None and isValid(view):
            delete(view)

    def close(self) -> None:
        """End the session: cookies, cache, page, view, profile. Safe to call twice."""
        from shiboken6 import delete, isValid

        self.close_view()
        profile, self._profile = self._profile, None
        if profile is not None and isValid(profile):
            profile.cookieStore().deleteAllCookies()
            profile.clearHttpCache()
            delete(profile)
        self._filter = None


class BrowserSessions:
    """The open account browsers of the program; all end at lock, one at its account's sign-out."""

    def __init__(self) -> None:
        self._open: dict[str, AccountBrowser] = {}

    def of(self, account_id: str, policy: BrowserPolicy) -> AccountBrowser:
        """The account's browser; a new one when it has none, or when its door list has changed."""
        browser = self._open.get(account_id)
        if browser is not None and browser.policy != policy:
            browser.close()
            browser = None
        if browser is None:
            browser = AccountBrowser(account_id, policy)
            self._open[account_id] = browser
        return browser

    def close(self, account_id: str) -> None:
        """End one account's session; nothing happens when it has none."""
        browser = self._open.pop(account_id, None)
        if browser is not None:
            browser.close()

    def close_all(self) -> None:
        """End every session: call at lock and before the program ends."""
        for account_id in list(self._open):
            self.close(account_id)


def door_url(address: str) -> QUrl:
    """A QUrl of an address the program made itself (strictly parsed)."""
    return QUrl(address, QUrl.ParsingMode.StrictMode)
