"""The page and the request filter of the embedded browser. Imports WebEngine: load it lazily.

Everything a page may ask for beyond showing itself is refused here (DESIGN 7). No web channel, and
nothing here reads the page: what is typed into it stays between the person and the door. Only the
portal filler runs a script, in a world of its own, on the person's press (`portal_fill`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import QCryptographicHash, QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineFullScreenRequest,
    QWebEngineLoadingInfo,
    QWebEngineNavigationRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from app.views.browser_policy import BrowserPolicy, Standing

_Type = QWebEngineUrlRequestInfo.ResourceType
_PAGES = frozenset({_Type.ResourceTypeMainFrame, _Type.ResourceTypeNavigationPreloadMainFrame})
_FRAMES = frozenset({_Type.ResourceTypeSubFrame, _Type.ResourceTypeNavigationPreloadSubFrame})
_ABORTED = -3


class Asked(StrEnum):
    """What a page asked for and did not get."""

    POPUP = "popup"
    DOWNLOAD = "download"
    PERMISSION = "permission"
    SCHEME = "scheme"
    FULL_SCREEN = "full_screen"
    FILES = "files"
    PASSWORD = "password"
    CERTIFICATE = "certificate"
    PRINT = "print"
    PART = "part"


class RequestFilter(QWebEngineUrlRequestInterceptor):
    """Sees every request of the profile before it leaves, and blocks what is not on the door list."""

    def __init__(self, policy: BrowserPolicy, refused: Callable[[str], None]) -> None:
        super().__init__()
        self._policy = policy
        self._refused = refused

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Qt's hook: block, or let pass unchanged."""
        url, kind = info.requestUrl(), info.resourceType()
        if kind in _PAGES:
            allowed = self._policy.top_level(url) in {Standing.LISTED, Standing.NONE}
        else:
            allowed = self._policy.part(url, frame=kind in _FRAMES)
        if not allowed:
            info.block(True)
            if kind not in _PAGES:
                self._refused(url.host())


def _harden(settings: QWebEngineSettings) -> None:
    """Switch off all that a sign-in page does not need."""
    a = QWebEngineSettings.WebAttribute
    for attribute in (
        a.JavascriptCanOpenWindows,
        a.JavascriptCanAccessClipboard,
        a.JavascriptCanPaste,
        a.LocalContentCanAccessRemoteUrls,
        a.LocalContentCanAccessFileUrls,
        a.HyperlinkAuditingEnabled,
        a.ErrorPageEnabled,
        a.PluginsEnabled,
        a.PdfViewerEnabled,
        a.FullScreenSupportEnabled,
        a.ScreenCaptureEnabled,
        a.WebGLEnabled,
        a.AutoLoadIconsForPage,
        a.TouchIconsEnabled,
        a.AllowRunningInsecureContent,
        a.AllowGeolocationOnInsecureOrigins,
        a.AllowWindowActivationFromJavaScript,
        a.DnsPrefetchEnabled,
        a.NavigateOnDropEnabled,
        a.BackForwardCacheEnabled,
    ):
        settings.setAttribute(attribute, False)
    settings.setAttribute(a.PlaybackRequiresUserGesture, True)
    settings.setAttribute(a.WebRTCPublicInterfacesOnly, True)
    settings.setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )


class DoorPage(QWebEnginePage):
    """A page that can only be a door's page.

    `captured(url)`: the registered return address came, once, before any network.
    `blocked(url, standing)`: the page wanted to leave the door list and stayed where it was.
    `refused(what, host)`: it asked for something it does not get. `failed(reason, code)`: no page.
    """

    captured = Signal(QUrl)
    blocked = Signal(QUrl, str)
    refused = Signal(str, str)
    bad_certificate = Signal(QUrl, str)
    failed = Signal(str, int)
    moved = Signal(QUrl, bool)
    ready = Signal()

    def __init__(
        self,
        profile: QWebEngineProfile,
        policy: BrowserPolicy,
        ask: Callable[[str, str, str, str], str | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(profile, parent)
        self._policy = policy
        self._ask = ask
        self._captured = False
        _harden(self.settings())
        self.navigationRequested.connect(self._navigation)
        self.certificateError.connect(self._certificate)
        self.loadingChanged.connect(self._loading)
        self.renderProcessTerminated.connect(lambda *_: self.failed.emit("ended", 0))
        self._refuse_requests()

    def standing(self, url: QUrl) -> Standing:
        """What the door list says of an address."""
        return self._policy.top_level(url)

    def _refuse_requests(self) -> None:
        """Answer no to every kind of request a page can make of the program."""
        self.newWindowRequested.connect(lambda r: self._no(Asked.POPUP, r.requestedUrl()))
        self.permissionRequested.connect(self._permission)
        self.fullScreenRequested.connect(self._full_screen)
        self.registerProtocolHandlerRequested.connect(lambda r: r.reject())
        self.fileSystemAccessRequested.connect(lambda r: r.reject())
        self.desktopMediaRequested.connect(lambda r: r.cancel())
        self.webAuthUxRequested.connect(lambda r: r.cancel())
        self.selectClientCertificate.connect(self._client_certificate)
        self.printRequested.connect(lambda: self._no(Asked.PRINT, self.url()))
        self.authenticationRequired.connect(lambda url, _auth: self._no(Asked.PASSWORD, url))
        self.proxyAuthenticationRequired.connect(
            lambda url, _auth, _host: self._no(Asked.PASSWORD, url)
        )

    def _no(self, what: Asked, url: QUrl) -> None:
        self.refused.emit(what.value, url.host())

    def _permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        self._no(Asked.PERMISSION, permission.origin())

    def _full_screen(self, request: QWebEngineFullScreenRequest) -> None:
        request.reject()
        self._no(Asked.FULL_SCREEN, request.origin())

    def _client_certificate(self, selection: QWebEngineClientCertificateSelection) -> None:
        selection.selectNone()
        self._no(Asked.CERTIFICATE, QUrl(f"https://{selection.host().host()}"))

    def _navigation(self, request: QWebEngineNavigationRequest) -> None:
        """Decide before any network: return address, door, or no."""
        url = request.url()
        if not request.isMainFrame():
            if self._policy.part(url, frame=True):
                request.accept()
            else:
                request.reject()
                self._no(Asked.PART, url)
            return
        if self._policy.is_return(url):
            request.reject()
            if not self._captured:
                self._captured = True
                self.captured.emit(url)
            return
        standing = self._policy.top_level(url)
        if standing in {Standing.LISTED, Standing.NONE} and not self._captured:
            submitted = QWebEngineNavigationRequest.NavigationType.FormSubmittedNavigation
            self.moved.emit(url, request.navigationType() == submitted)
            request.accept()
            return
        request.reject()
        if not self._captured:
            self.blocked.emit(url, standing.value)

    def _certificate(self, fault: QWebEngineCertificateError) -> None:
        """Refuse, save the practice town's own certificate by its fingerprint on this machine."""
        chain = fault.certificateChain()
        digest = ""
        if chain:
            sha256 = QCryptographicHash.Algorithm.Sha256
            digest = bytes(chain[0].digest(sha256).data()).hex()
        if fault.isOverridable() and self._policy.pinned(fault.url(), digest):
            fault.acceptCertificate()
            return
        fault.rejectCertificate()
        if fault.isMainFrame():
            self.bad_certificate.emit(fault.url(), fault.type().name)

    def _loading(self, info: QWebEngineLoadingInfo) -> None:
        status = QWebEngineLoadingInfo.LoadStatus
        domain = QWebEngineLoadingInfo.ErrorDomain
        if info.status() == status.LoadSucceededStatus:
            self.ready.emit()
        if info.status() != status.LoadFailedStatus or self._captured:
            return
        if info.errorCode() == _ABORTED or info.errorDomain() == domain.CertificateErrorDomain:
            return
        if info.errorDomain() == domain.HttpStatusCodeDomain:
            self.ready.emit()  # the door's own page for 404 or 500 is shown as it is
            return
        self.failed.emit(info.errorDomain().name, info.errorCode())

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage:
        """No second window, ever."""
        return None  # type: ignore[return-value]

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, old: Sequence[str], accepted: Sequence[str]
    ) -> list[str]:
        """No file of this machine goes into a page."""
        self._no(Asked.FILES, self.url())
        return []

    def javaScriptAlert(self, origin: QUrl | str, message: str) -> None:
        """Drawn by us, in our frame, naming the host."""
        self._ask("alert", QUrl(origin).host(), message, "")

    def javaScriptConfirm(self, origin: QUrl | str, message: str) -> bool:
        """Drawn by us; True only when the person pressed 続ける."""
        return self._ask("confirm", QUrl(origin).host(), message, "") is not None

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str) -> tuple[bool, str]:
        """Drawn by us; (answered, text)."""
        answer = self._ask("prompt", QUrl(origin).host(), message, default)
        return answer is not None, answer or ""

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        """A page's own remarks are not kept: they can hold anything."""
