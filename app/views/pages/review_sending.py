"""Sealing and sending from the review: once, however often the button is pressed (DESIGN 4, 7).

The seal is made once; from then on every press speaks of that filing. While work runs further presses
do nothing. The desk guards the door itself; this only keeps the window honest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Known, SignedOut, Unreachable
from app.services.my_number import MyNumbers
from app.views.background import run
from app.views.pages.cases import cases_of

if TYPE_CHECKING:
    from app.forms.payload import Attachment

PROGRESS_MS = 400


class Sender(Protocol):
    """The part of the desk that sends."""

    def seal(self, draft_id: str, certificate_id: str = "") -> str:
        """Make the envelope; gives the filing's id."""

    def send(self, filing_id: str) -> Any:
        """Send the envelope once."""


Kind = Literal["info", "ok", "warn", "danger"]


@dataclass(frozen=True)
class Told:
    """What the review says of the sending. `actions`: sign_in, outbox, again."""

    kind: Kind
    sentence: str
    note: str = ""
    actions: tuple[str, ...] = ()


class ReviewSending(QObject):
    """One draft on its way out of the house; with `amends`, as the answer to the 補正 of that filing.

    `message` is the 通信欄 of an answer, `attachments` the files that go along with it, `certificate` the kept one it is signed with ("" for none),
    `numbers` the 個人番号 given for this seal, `answer` the envelope that answers already.
    """

    told = Signal(object)
    busy_changed = Signal(bool)
    progress = Signal(str)
    arrived = Signal(str)
    for_portal = Signal(str)
    """Sealed, and now to be put into a portal's pages (the filing's id)."""

    def __init__(
        self,
        desk: Sender,
        draft_id: str,
        parent: QObject,
        *,
        by_portal: bool = False,
        amends: str = "",
    ) -> None:
        super().__init__(parent)
        self._amends = amends
        self.answer = ""
        self.message = self.certificate = ""
        self.attachments: tuple[Attachment, ...] = ()
        self.numbers: MyNumbers | None = None
        self._by_portal = by_portal
        self._desk = desk
        self._draft_id = draft_id
        self.filing_id = ""
        self.busy = False
        self._words = ""
        self._late = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._late.timeout.connect(self._tell_progress)

    def start(self) -> None:
        """Seal (once) and send; a press while work runs changes nothing."""
        if self.busy:
            return
        if self.filing_id and self._by_portal:
            self.for_portal.emit(self.filing_id)
        elif self.filing_id:
            self._send()
        elif self._amends:
            self._begin("封をしています。")
            self._seal_answer()
        else:
            self._begin("封をしています。")
            signed = (self.certificate,) if self.certificate else ()
            self._run(
                lambda: self._with_numbers(self._desk.seal, self._draft_id, *signed), self._sealed
            )

    def _with_numbers(self, seal: Callable[..., str], *what: Any, **more: Any) -> str:
        """Seals with the 個人番号 that were given, and wipes them whatever comes of it."""
        numbers, self.numbers = self.numbers, None
        if numbers is None:
            return seal(*what, **more)
        with numbers:
            return seal(*what, **more, my_numbers=numbers)

    def closed(self) -> Told | None:
        """Why nothing can be sealed any more; None while it can, and once it was sealed here."""
        cases = cases_of(self._desk)
        if not self._amends or self.filing_id or cases is None:
            return None
        wanted = cases.correction(self._amends)
        if wanted is None:
            words = "この届に、いま答える補正はありません。"
            return Told("warn", words, "送信箱で様子を見てください。", ("outbox",))
        self.answer = wanted.answered_by
        if not self.answer:
            return None
        words = "この補正の答えは、もう封をしました。"
        return Told("info", words, "直すには、送信箱で封を解いてください。", ("outbox",))

    def _seal_answer(self) -> None:
        """On the window's thread, as the desk asks; a second press finds it busy or sealed."""
        cases = cases_of(self._desk)
        assert cases is not None
        files: dict[str, Any] = {"attachments": self.attachments} if self.attachments else {}
        try:
            filing_id = self._with_numbers(
                cases.amend, self._amends, message=self.message,
                certificate_id=self.certificate, **files,
            )  # fmt: skip
        except Exception as fault:
            self._failed(fault)
            return
        self._sealed(filing_id)

    def _sealed(self, filing_id: str) -> None:
        self.filing_id = filing_id
        if self._by_portal:
            self._end()
            self.for_portal.emit(filing_id)
            return
        self._send()

    def _send(self) -> None:
        self._begin("送っています。ここを離れても、二度は送りません。")
        filing_id = self.filing_id
        self._run(lambda: self._desk.send(filing_id), self._answered)

    def _answered(self, view: Any) -> None:
        self._end()
        stage = str(view.stage)
        if stage in ("accepted", "ended"):
            self.arrived.emit(self.filing_id)
        elif stage == "unknown":
            note = "役所に確かめています(もう一度は送りません)。"
            self.told.emit(Told("warn", "届いたか分かりません。", note, ("outbox",)))
        elif stage == "rejected":
            note = str(getattr(view.band, "note", ""))
            self.told.emit(Told("danger", "受け付けられませんでした。", note, ("outbox",)))
        else:
            note = "封をしたものは送信箱にあります。"
            self.told.emit(Told("info", "まだ到達していません。", note, ("outbox",)))

    def _failed(self, fault: Exception) -> None:
        self._end()
        if not isinstance(fault, Known):
            sentence = "一度の側でつまずきました。書いたものは残っています。"
            self.told.emit(Told("danger", sentence, actions=("outbox",) if self.filing_id else ()))
            raise fault
        sealed = "封をしたので、送信箱からいつでも送れます。" if self.filing_id else ""
        if isinstance(fault, SignedOut):
            self.told.emit(Told("info", fault.sentence, sealed, ("sign_in", "outbox")))
        elif isinstance(fault, Unreachable):
            self.told.emit(Told("info", fault.sentence, sealed, ("again", "outbox")))
        else:
            actions = ("outbox",) if self.filing_id else ()
            self.told.emit(Told("danger", fault.sentence, "", actions))

    def _run(self, task: Callable[[], Any], done: Callable[[Any], None]) -> None:
        run(task, done, self._failed, self)

    def _begin(self, words: str) -> None:
        self._words = words
        if not self.busy:
            self.busy = True
            self.busy_changed.emit(True)
            self._late.start()
        elif not self._late.isActive():
            self._tell_progress()

    def _end(self) -> None:
        self._late.stop()
        self.busy = False
        self.progress.emit("")
        self.busy_changed.emit(False)

    def _tell_progress(self) -> None:
        self.progress.emit(self._words)
