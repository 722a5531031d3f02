"""The portal's own page in the embedded browser, with what goes into it beside it (DESIGN 7).

Where the embedded browser cannot start, and whenever the person wants it so, the values stand there to
copy (app.views.portal_hand) and the receipt number is written in by hand; nothing is pretended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Known
from app.domain.filing import Stage
from app.forms.portal import Page as PortalLeaf
from app.forms.portal_entries import Entry
from app.services.portal_filing import Place, PortalFiling
from app.views.background import run
from app.views.browser import BrowserFrame
from app.views.browser_bands import PORTAL
from app.views.browser_policy import policy
from app.views.browser_session import BrowserSessions
from app.views.page import Page, Window
from app.views.portal_fill import Asked, Outcome, PortalFiller, Put, Seen
from app.views.portal_hand import HandWork
from app.views.portal_panel import PortalPanel
from app.views.portal_puts import known_of, puts_of
from app.views.widgets.band import Band

if TYPE_CHECKING:
    from app.services.doors import DoorAddresses
    from app.views.probe import ProbeResult

_LOOK_MS = 400
_RECEIPT_MS = 20_000


class PortalPage(Page):
    """One sealed filing being put into a portal. `asked`: open, the id of the filing."""

    bare = True
    folds_navigation = True
    place = "outbox"
    margin = 0

    def __init__(
        self,
        desk: Any,
        window: Window,
        asked: Mapping[str, str],
        doors: Callable[[], DoorAddresses],
        sessions: BrowserSessions,
        probe: Callable[[], ProbeResult],
        resources: Path,
    ) -> None:
        super().__init__(desk, window)
        self.setObjectName("portal_page")
        self.title = "ポータルで申請する"
        self._filing_id = asked["open"]
        self._doors, self._sessions, self._probe = doors, sessions, probe
        self._resources = resources
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._filing: PortalFiling | None = None
        self._frame: BrowserFrame | None = None
        self._panel: PortalPanel | None = None
        self._filler: PortalFiller | None = None
        self._place = Place("elsewhere")
        self._at: tuple[str, tuple[str, ...]] | None = None
        self._putting: Sequence[Entry] = ()
        self._asked: Sequence[Asked] = ()
        self._storing = False
        self._hand: HandWork | None = None
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)

    # --- beginning and ending

    def refresh(self) -> None:
        """Begins, unless the portal is open already."""
        if self._frame is None and self._hand is None:
            run(self._prepare, self._prepared, self._failed, self)

    def walk(self, step: int) -> bool:
        """Through the frame's own parts, while the browser is open."""
        if self._frame is not None:
            self._frame.walk(step)
        return self._frame is not None

    def leaving(self) -> None:
        """Leaving after the confirm page without a receipt leaves the outcome unknown."""
        self._drop()

    def _prepare(self) -> tuple[DoorAddresses, PortalFiling, ProbeResult]:
        return self._doors(), self.desk.portal(self._filing_id), self._probe()

    def _prepared(self, ready: tuple[DoorAddresses, PortalFiling, ProbeResult]) -> None:
        doors, filing, probe = ready
        self._drop()
        self._filing = filing
        origin = doors.portals.get(filing.portal.portal, "")
        if not probe.webengine or not origin:
            sentence = probe.sentence or "この申請のポータルは、登録されていません。"
            self._by_hand(filing, origin, sentence)
            return
        rules = policy(doors.pages, doors.redirect_uri, practice=self.desk.practice, pin=doors.pin)
        browser = self._sessions.of(self.desk.doors.account_id, rules)
        panel = PortalPanel(self.desk.practice)
        panel.fill_wanted.connect(self._fill)
        panel.again_wanted.connect(self._fill)
        panel.number_typed.connect(self._number_by_hand)
        panel.never_filed.connect(self._never_filed)
        panel.by_hand.setVisible(filing.row.stage is Stage.UNKNOWN)
        panel.hand_wanted.connect(lambda: self._by_hand(filing, origin, ""))
        panel.done_wanted.connect(lambda: self.window_.show_page("outbox", open=self._filing_id))
        frame = BrowserFrame(self.desk.card, browser, side=panel, purpose=PORTAL)
        frame.cancelled.connect(self.window_.back)
        frame.page_ready.connect(self._look)
        self._frame, self._panel = frame, panel
        self._column.addWidget(frame)
        frame.open(origin.rstrip("/") + filing.portal.start)
        assert frame.page is not None
        self._filler = PortalFiller(frame.page, origin, self._resources, self)
        self._filler.told.connect(panel.show_filling)
        self._filler.beside.connect(self._beside)
        self._filler.finished.connect(self._filled)
        self._looking.start()

    def _by_hand(self, filing: PortalFiling, origin: str, sentence: str) -> None:
        """The sheet to copy from, in place of the browser."""
        self._drop()
        self._filing = filing
        fonts = self._resources / "fonts"
        work = HandWork(self, self.window_, self.desk, filing, origin, sentence, fonts)
        self._hand = work
        self._column.addWidget(work.sheet)
        work.sheet.show()

    def first_focus(self) -> QWidget | None:
        """What can be done by hand; the browser's own frame looks after itself."""
        return self._hand.sheet.first_focus() if self._hand is not None else None

    def _drop(self) -> None:
        self._hand = None
        self._looking.stop()
        filing = self._filing
        if filing is not None and self._place.kind == "confirm":
            run(filing.left, lambda _: None, lambda _: None, self.window())
        if self._filler is not None:
            self._filler.deleteLater()
        if self._frame is not None:
            self._frame.close_page()
        self._filler = self._frame = self._panel = self._filing = None
        self._place, self._at = Place("elsewhere"), None
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.close()
                widget.deleteLater()

    # --- where the person is

    def _look(self) -> None:
        if self._filler is None or self._filler.filling or self._storing:
            return
        if self._frame is not None and self._frame.shows_page:
            self._filler.look(self._seen)
        else:  # a notice stands in place of the page: nothing goes into what nobody sees
            self._seen(None)

    def _seen(self, seen: Seen | None) -> None:
        filing, panel = self._filing, self._panel
        if filing is None or panel is None:
            return
        at = (seen.path, seen.heads) if seen else None
        if at == self._at:
            return
        self._at = at
        before = self._place
        self._place = filing.place(seen.path, seen.heads) if seen else Place("elsewhere")
        self._moved(before)

    def _moved(self, before: Place) -> None:
        filing, panel, place = self._filing, self._panel, self._place
        assert filing is not None
        assert panel is not None
        if place == before and place.kind != "elsewhere":
            return
        if place.kind == "page" and place.page is not None:
            if before.kind == "confirm":
                self._work(filing.back_to_page)
            panel.show_entries(place.page.heading or place.page.id, filing.entries(place.page))
            if panel.follow.isChecked():
                self._fill()
        elif place.kind == "confirm":
            panel.show_confirm()
            self._work(filing.at_confirm)
        elif place.kind == "receipt":
            self._read_receipt()
        elif place.kind == "expired":
            panel.follow.setChecked(False)
            panel.show_expired()
        else:
            panel.show_elsewhere()

    # --- putting in

    def _fill(self) -> None:
        filing, place = self._filing, self._place
        if filing is None or place.page is None or self._filler is None or self._filler.filling:
            return
        page = place.page
        self._putting = [e for e in filing.entries(page) if not e.held_back]
        if self._putting:
            run(lambda: self._noted(filing, page), self._put, self._failed, self)

    def _noted(self, filing: PortalFiling, page: PortalLeaf) -> list[Put]:
        """Off the window's thread: written down first, then made ready (files read from the vault)."""
        filing.note_fill(page, self._putting)
        return puts_of(self._putting, page, filing.files)

    def _put(self, puts: Sequence[Put]) -> None:
        if self._filler is not None and self._place.page is not None:
            self._asked = ()
            self._filler.fill(puts, known_of(self._place.page))

    def _beside(self, asked: Sequence[Asked]) -> None:
        """What the page asks for and did not get; written down, so that it can be looked up later."""
        self._asked = asked
        filing, page = self._filing, self._place.page
        new = [a.name for a in asked if not a.known]
        if filing is not None and page is not None and new:
            self._work(lambda: filing.note_new(page, new))

    def _filled(self, outcomes: Sequence[Outcome]) -> None:
        if self._panel is not None and self._place.kind == "page":
            self._panel.show_outcomes({o.key: o.why for o in outcomes}, self._asked)

    # --- the receipt

    def _read_receipt(self) -> None:
        filing, filler = self._filing, self._filler
        assert filing is not None
        assert filler is not None
        receipt = filing.portal.receipt
        self._storing = True

        def at_read(number: str, at: str) -> None:
            run(lambda: filing.receipt(number, at), self._stored, self._unread, self)

        def number_read(number: str) -> None:
            if not number and not patience.hasExpired():
                QTimer.singleShot(_LOOK_MS, self, ask)  # such a page writes its words late
            elif receipt.at:
                filler.read(receipt.at, lambda at: at_read(number, at))
            else:
                at_read(number, "")

        def ask() -> None:
            if self._filler is filler:
                filler.read(receipt.number, number_read)

        patience = QDeadlineTimer(_RECEIPT_MS)
        ask()

    def _unread(self, fault: Exception) -> None:
        """No number where one was expected: the person writes it in from the page."""
        self._failed(fault)
        if self._panel is not None:
            self._panel.by_hand.show()

    def _number_by_hand(self, text: str) -> None:
        filing, person = self._filing, self.desk.person
        if filing is not None:
            run(lambda: filing.receipt(text, "", by=person), self._stored, self._failed, self)

    def _never_filed(self) -> None:
        filing, person = self._filing, self.desk.person
        if filing is None or self._panel is None:
            return
        self._panel.by_hand.hide()
        run(lambda: filing.never_arrived(person), lambda _none: self._look(), self._failed, self)

    def _stored(self, number: str) -> None:
        self._storing = False
        if self._panel is not None:
            self._panel.by_hand.hide()
            self._panel.show_receipt(number)
        self.window_.update_status()

    # --- faults

    def _work(self, task: Callable[[], None]) -> None:
        run(task, lambda _: None, self._failed, self)

    def _failed(self, fault: Exception) -> None:
        self._storing = False
        if not isinstance(fault, Known):
            raise fault
        if self._panel is not None:
            self._panel.show_fault(fault.sentence)
        else:
            self._say(fault.sentence)

    def _say(self, sentence: str) -> None:
        self._column.addWidget(Band("danger", sentence, name="portal.fault"))
