"""確かめて送る, for a procedure without a folder: every value with its origin, who files, the door's own check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.domain.filing import Capacity
from app.services.my_number import MyNumbers
from app.views.background import run
from app.views.page import Page, Status, Window
from app.views.pages.documents_view import size_words
from app.views.pages.my_number_step import NumberStep
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.review_leaving import LeavingCard
from app.views.pages.review_sending import ReviewSending, Told
from app.views.pages.skeleton_page import BROKE
from app.views.pages.who_files import account_name
from app.views.theme import current
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow
from app.views.widgets.slices import Slices

if TYPE_CHECKING:
    from app.services.connectors.egov import CheckResult
    from app.services.skeleton_draft import SkeletonDraft

_NAME = 232
DOOR = "e-Gov に、この様式のまま送ります。送ったあとの知らせも e-Gov から届きます。"
DELIVERY = "e-Gov の電子送達の窓口に送ります。"


@dataclass(frozen=True)
class _Leaving:
    """What the card of what leaves shows."""

    leaving: str
    door_sentence: str
    account: str
    capacity: Capacity


class _Answers:
    """The arrived filings, as the sending asks for them."""

    def __init__(self, desk: Any, draft: Callable[[], SkeletonDraft]) -> None:
        self._desk, self._draft = desk, draft

    def correction(self, filing_id: str) -> Any:
        return self._desk.cases.correction(filing_id)

    def amend(
        self, filing_id: str, *, message: str = "", certificate_id: str = "",
        my_numbers: MyNumbers | None = None, **_more: Any,
    ) -> str:  # fmt: skip
        filing: str = self._desk.egov.amend(
            filing_id, self._draft(), message=message, certificate_id=certificate_id,
            my_numbers=my_numbers,
        )  # fmt: skip
        return filing


class _Sender:
    """The desk, sealing this draft."""

    def __init__(self, desk: Any, draft: Callable[[], SkeletonDraft]) -> None:
        self._desk, self._draft = desk, draft
        self.cases = _Answers(desk, draft)

    def seal(
        self, draft_id: str, certificate_id: str = "", my_numbers: MyNumbers | None = None
    ) -> str:
        sealed: str = self._desk.egov.seal(
            self._draft(), certificate_id=certificate_id, my_numbers=my_numbers
        )
        return sealed

    def send(self, filing_id: str) -> Any:
        return self._desk.send(filing_id)


class SkeletonReviewPage(Page):
    """`asked`: `draft` (its id); `amends`, the filing whose 補正 it answers."""

    place = "procedures"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("skeleton_review")
        self.draft: SkeletonDraft = desk.egov.drafts.get(asked["draft"])
        self.amends = asked.get("amends", "")
        self.title = "確かめて送る"
        self.note = f"{self.draft.title} ・ {desk.card.name}"
        self.sending = ReviewSending(
            _Sender(desk, lambda: self.draft), self.draft.id, self, amends=self.amends
        )
        self.not_yet = Button("まだ送らない", name="skeleton.not_yet")
        self.send_button = Button("送る", "primary", name="skeleton.send")
        self.check = Button(
            "e-Gov の形式チェックを受ける", "small", "shield-check", name="skeleton.check"
        )
        self.leaving_card = LeavingCard(desk, amends=self.amends, signs=True, files=False)
        self._values = Card("出す値", name="skeleton.values")
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._slices = Slices(self)
        self._scroll = ScrollColumn((0, 4, 8, 24))
        self._lay()
        self._join()

    def _lay(self) -> None:
        column = self._scroll.column
        column.setSpacing(16)
        column.addLayout(self._bands)
        column.addWidget(self.leaving_card)
        check = QHBoxLayout()
        words = "出す前に、e-Gov に形を確かめてもらえます。何も提出されません。"
        check.addWidget(wrap_label(words, "note", "ink2"), 1)
        check.addWidget(self.check)
        column.addLayout(check)
        column.addWidget(self._values)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.numbers = NumberStep(
            self, outer, (self._scroll,), self._start, practice=self.desk.practice
        )

    def _join(self) -> None:
        self.send_button.clicked.connect(lambda _=False: self.send())
        self.not_yet.clicked.connect(lambda _=False: self.back())
        self.check.clicked.connect(lambda _=False: self.ask_check())
        self.sending.told.connect(self._show_told)
        self.sending.progress.connect(self._show_progress)
        self.sending.busy_changed.connect(self._show_busy)
        self.sending.arrived.connect(self._to_outbox)

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """The way back, and the way out."""
        return [self.not_yet, self.send_button]

    def columns(self) -> Sequence[QWidget]:
        """One column, or the numbers that are asked for."""
        return [self._scroll] if self.numbers.ask is None else self.numbers.ask.columns()

    def first_focus(self) -> QWidget | None:
        """The check; never 送る itself."""
        return self.check

    def status(self) -> Status:
        """When the draft was kept."""
        return Status(self.draft.saved_at)

    def refresh(self) -> None:
        """Reads the draft again."""
        if not self.sending.filing_id:
            self.draft = self.desk.egov.drafts.get(self.draft.id)
        rows = self.draft.rows()
        standing = self.desk.standing.filer()
        self.leaving_card.show_review(
            _Leaving(
                f"{self.draft.title}の {len(rows)}か所の値が e-Gov に出ます。",
                DELIVERY if self.draft.delivery else DOOR,
                account_name(self.desk),
                standing.capacity,
            )
        )
        self._show_values(rows)
        self._clear()
        reasons = self.desk.egov.drafts.reasons(self.draft)
        for reason in reasons:
            self._bands.addWidget(Band("warn", reason, name="skeleton.reason"))
        if (closed := self.sending.closed()) is not None:
            self._show_told(closed)
        self.send_button.setEnabled(not reasons and closed is None)

    # --- what a person does

    def send(self) -> None:
        """Seals once and sends once, however often it is pressed; 個人番号 are asked for before."""
        if self.sending.busy:
            return
        if self.numbers.ask is not None:
            self.numbers.ask.finish()
            return
        asked = () if self.sending.filing_id else self.draft.asked()
        if asked:
            self.numbers.open(asked)
        else:
            self._start(None)

    def leaving(self) -> None:
        """No 個人番号 waits on a page that is left."""
        self.numbers.close()

    def _start(self, numbers: MyNumbers | None) -> None:
        self._clear()
        self.sending.numbers = numbers
        self.sending.message = self.leaving_card.message()
        self.sending.certificate = self.leaving_card.certificate()
        self.sending.start()

    def back(self) -> None:
        """Back to the form; to 送信箱 once it is sealed."""
        if self.sending.busy:
            return
        if self.numbers.asking:
            self.numbers.close()
            return
        if self.sending.filing_id:
            self._to_outbox(self.sending.filing_id)
            return
        more = {"amends": self.amends} if self.amends else {}
        self.window_.show_page("skeleton", draft=self.draft.id, **more)

    def ask_check(self) -> None:
        """形式チェック, off the window's thread; what it says is shown in place."""
        if self.sending.busy or not self.check.isEnabled():
            return
        self.check.setEnabled(False)
        self._show_progress("e-Gov に形を確かめてもらっています。何も提出していません。")

        def done(result: CheckResult) -> None:
            self.check.setEnabled(True)
            self._clear()
            if not result.error_count:
                words = "e-Gov の形式チェックで、直すところはありませんでした。"
                self._bands.addWidget(Band("ok", words, name="skeleton.checked"))
                return
            for item in result.items:
                words = " ・ ".join(x for x in (item.where, item.item) if x)
                self._bands.addWidget(Band("danger", item.content, words, name="skeleton.checked"))

        def failed(fault: Exception) -> None:
            self.check.setEnabled(True)
            if not isinstance(fault, Known):
                self._show_told(Told("danger", BROKE))
                raise fault
            signed_out = type(fault).__name__ == "SignedOut"
            self._show_told(Told("warn", fault.sentence, "", ("sign_in",) if signed_out else ()))

        run(lambda: self.desk.egov.check(self.draft), done, failed, self)

    # --- showing

    def _show_values(self, rows: Sequence[tuple[Any, str, str]]) -> None:
        self._values.clear_rows()
        files = self.draft.files()
        more = f" ・ 添える書類 {len(files)}件" if files else ""
        self._values.set_count(f"{len(rows)}か所{more}")
        chunks = [rows[n : n + 6] for n in range(0, len(rows), 6)]

        def make(chunk: Sequence[tuple[Any, str, str]]) -> None:
            for place, text, origin in chunk:
                self._values.add_row(_value_row(place, text, origin))

        def make_files() -> None:
            for one in files:
                note = f"{one.file_name} ・ {size_words(one.size)}"
                self._values.add_row(ListRow("paperclip", one.title, note, bold=False))

        self._slices.run(*(lambda c=c: make(c) for c in chunks), make_files)

    def _show_told(self, told: Told) -> None:
        self._clear()
        words = {
            "sign_in": ("サインインする", lambda: self.window_.show_page("sign_in")),
            "outbox": (
                "送信箱を見る",
                lambda: self._to_outbox(
                    self.sending.filing_id or self.sending.answer or self.amends
                ),
            ),
            "again": ("もう一度つなぐ", self.sending.start),
        }
        actions = [words[name] for name in told.actions]
        self._bands.addWidget(
            Band(told.kind, told.sentence, told.note, actions, name="skeleton.told")
        )
        self._scroll.verticalScrollBar().setValue(0)

    def _show_progress(self, words: str) -> None:
        self._clear()
        if words:
            self._bands.addWidget(Band("info", words, icon="send", name="skeleton.progress"))

    def _show_busy(self, busy: bool) -> None:
        self.send_button.setEnabled(not busy)
        self.not_yet.setEnabled(not busy)
        if not busy and self.sending.filing_id:
            self.not_yet.set_text("送信箱を見る")

    def _clear(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _to_outbox(self, filing_id: str) -> None:
        self.window_.update_status()
        self.window_.show_page("outbox", open=filing_id)


def _value_row(place: Any, text: str, origin: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(19, 6, 16, 6)
    line.setSpacing(16)
    head = QWidget()
    head.setFixedWidth(current().grown(_NAME))
    words = QVBoxLayout(head)
    words.setContentsMargins(0, 0, 0, 0)
    words.setSpacing(0)
    words.addWidget(wrap_label(place.label, "label", "ink2"))
    if place.group:
        words.addWidget(wrap_label(place.group, "note", "ink2"))
    line.addWidget(head)
    line.addWidget(wrap_label(text, "body", "ink"), 1)
    if origin:
        line.addWidget(OriginBadge(origin), 0, Qt.AlignmentFlag.AlignTop)
    row.setAccessibleName(f"{place.group} {place.label} {text}".strip())
    return row
