"""The place where a sign-in happens: finds the doors off the window's thread, then shows the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from app.domain.errors import Known
from app.views.background import run
from app.views.browser import BrowserFrame
from app.views.browser_policy import policy
from app.views.browser_session import BrowserSessions
from app.views.page import Page, Window
from app.views.pages.mailbox import Mails
from app.views.sign_in import SignInWays, SignInWindow
from app.views.sign_in_system import Listener
from app.views.widgets.band import Band

if TYPE_CHECKING:
    from app.services.doors import DoorAddresses
    from app.views.probe import ProbeResult

Doors = Callable[[], "DoorAddresses"]


class SignInPage(Page):
    """Shows the sign-in of the open company; goes back where the person came from when it ends."""

    bare = True
    folds_navigation = True
    place = "outbox"
    margin = 0

    def __init__(
        self,
        desk: Any,
        window: Window,
        doors: Doors,
        sessions: BrowserSessions,
        listener: Callable[[Any], Listener],
        probe: Callable[[], ProbeResult],
        mails: Mails | None,
        *,
        embedded: bool,
    ) -> None:
        super().__init__(desk, window)
        self.setObjectName("sign_in_page")
        self.title = "サインイン"
        self._doors, self._sessions, self._listener = doors, sessions, listener
        self._probe, self._mails, self._embedded = probe, mails, embedded
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._inner: SignInWindow | None = None

    def refresh(self) -> None:
        """Begins a new sign-in unless one is under way."""
        if self._inner is None:
            run(self._doors, self._show, self._failed, self)

    def walk(self, step: int) -> bool:
        """Through the frame's own parts, while the browser is open."""
        frame = self.findChild(BrowserFrame)
        if frame is not None:
            frame.walk(step)
        return frame is not None

    def leaving(self) -> None:
        """Leaving gives the attempt up."""
        self._drop()

    def _show(self, doors: DoorAddresses) -> None:
        self._drop()
        rules = policy(doors.pages, doors.redirect_uri, practice=self.desk.practice, pin=doors.pin)
        ways = SignInWays(
            rules,
            lambda: self._listener(doors),
            account_id=self.desk.doors.account_id,
            login=doors.pages[1],
            mails=self._mails,
            embedded=self._embedded,
            probe=self._probe,
        )
        inner = SignInWindow(self.desk, self._sessions, ways, self)
        inner.finished.connect(self._finished)
        inner.cancelled.connect(self._cancelled)
        self._inner = inner
        self._column.addWidget(inner)
        inner.begin()

    def _finished(self, signed_in: Any) -> None:
        self._drop()
        self.window_.back()
        self.window_.tell_signed_in()
        notice = getattr(signed_in, "notice", "")
        self.window_.say(notice or f"{signed_in.who} でサインインしました。")

    def _cancelled(self) -> None:
        self._drop()
        self.window_.back()

    def _failed(self, fault: Exception) -> None:
        self._drop()
        if not isinstance(fault, Known):
            raise fault
        self._column.addWidget(Band("danger", fault.sentence, name="sign_in.fault"))

    def _drop(self) -> None:
        self._inner = None
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.close()
                widget.deleteLater()
