"""What goes on by itself while a company is open: asking the doors, backing up, locking after sleep."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Known
from app.views.background import run
from app.views.main_window import MainWindow
from app.views.vault_faults import note_backup

if TYPE_CHECKING:
    from app.views.session_lock import SessionLock

PRACTICE_POLL_MS = 10_000
REAL_POLL_MS = 600_000
SLEEP_CHECK_MS = 5_000
BACK_UP_MS = 60_000
SLEPT_SECONDS = 30.0


class Watch(QObject):
    """What goes on by itself: asking the doors, and locking after the computer slept."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._asking = False
        self._again = False
        self._poll = QTimer(self)
        self._poll.timeout.connect(self.ask)
        window.opened.connect(self._begin)
        window.locked.connect(self._poll.stop)
        window.signed_in.connect(self.ask)
        self._beat = (time.time(), time.monotonic())
        self._pulse = QTimer(self, interval=SLEEP_CHECK_MS)
        self._pulse.timeout.connect(self._look_at_clock)
        self._pulse.start()
        self._session: SessionLock | None = None

    def listen(self) -> None:
        """Hears the desktop's own lock and sleep; after the first window, since it asks D-Bus."""
        from app.views.session_lock import SessionLock

        self._session = SessionLock(self)
        self._session.away.connect(self._window.lock)
        self._session.listen()

    def _begin(self, desk: Any) -> None:
        QTimer.singleShot(BACK_UP_MS, self, lambda: self._back_up(desk))
        self._poll.start(PRACTICE_POLL_MS if desk.practice else REAL_POLL_MS)

    def _back_up(self, desk: Any) -> None:
        """The day's backup; one that cannot be made is shown on 今日 and in 設定."""

        def failed(fault: Exception) -> None:
            if id(self._window.desk) != id(desk):
                return
            note_backup(desk, fault if isinstance(fault, Known) else None)
            page = self._window.page()
            if page is not None and page.objectName() == "today":
                page.refresh()
            if not isinstance(fault, Known):
                raise fault

        if id(self._window.desk) == id(desk):
            run(desk.back_up, lambda _: note_backup(desk, None), failed, self)

    def ask(self) -> None:
        """Asks the doors of the open company, when somebody is signed in and something is under way.

        Asked for while the doors are being asked, it asks once more afterwards: the first call may
        have begun before the sign-in that made it worth asking.
        """
        desk: Any = self._window.desk
        if desk is None or not desk.sign_in_state().signed_in:
            return
        if not (desk.counts()["outbox"] or _letters_due(desk)):
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._poll.start()
        run(desk.poll, lambda news: self._came(desk, news), self._failed, self)

    def _came(self, desk: Any, news: Sequence[Any]) -> None:
        self._rest()
        if id(self._window.desk) != id(desk):
            return
        desk.take_in()
        self._window.update_status()
        page = self._window.page()
        if news:
            self._window.say(news[-1].sentence)
            if page is not None and page.objectName() in (
                "outbox",
                "today",
                "documents",
                "company",
            ):
                page.refresh()

    def _failed(self, fault: Exception) -> None:
        self._rest()
        if not isinstance(fault, Known):
            raise fault
        self._window.update_status()

    def _rest(self) -> None:
        self._asking = False
        if self._again:
            self._again = False
            QTimer.singleShot(0, self, self.ask)

    def _look_at_clock(self) -> None:
        """The monotonic clock stands still while the computer sleeps; then the vault is locked."""
        wall, steady = time.time(), time.monotonic()
        slept = (wall - self._beat[0]) - (steady - self._beat[1])
        self._beat = (wall, steady)
        if slept > SLEPT_SECONDS:
            self._window.lock()


def _letters_due(desk: Any) -> bool:
    """Whether letters that expire should be fetched although no filing is under way."""
    egov = getattr(desk, "egov", None)
    with suppress(Known):
        return egov is not None and bool(egov.deliveries.due())
    return False
