"""確かめて送る: the whole form once more, what leaves and to whom, and the one button that sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.my_number import MyNumbers
from app.views import theme
from app.views.background import run
from app.views.models.form_state import left_to_do
from app.views.models.review_ticks import Ticks
from app.views.page import Page, Status, Window
from app.views.pages.form_draft import form_status, opened, where_of
from app.views.pages.form_keys import PageKeys
from app.views.pages.my_number_step import NumberStep
from app.views.pages.review_cells import GapCard, ReviewCells
from app.views.pages.review_leaving import LeavingCard
from app.views.pages.review_sending import ReviewSending, Told
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.form_paper import FormPaper
from app.views.widgets.lines import label

if TYPE_CHECKING:
    from app.views.models.seen import OpenDraft

PAPER_WIDTH = 440
PAPER_WIDTH_NARROW = 320
SHEET_ROOM = 24
BELOW = 940


class ReviewPage(Page):
    """The review of one draft. `asked` names it: `draft` (its id), or procedure and subject."""

    folds_navigation = True
    place = "procedures"
    margin = 0

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("review")
        self.open_draft: OpenDraft = opened(desk, asked)
        self.draft = self.open_draft.draft
        self.ticks = Ticks(self.open_draft, desk.clock)
        self.by_portal = self.draft.procedure.door == "portal"
        self.amends = asked.get("amends", "")
        self.sending = ReviewSending(
            desk, self.open_draft.id, self, by_portal=self.by_portal, amends=self.amends
        )
        self.review: Any = None
        self.title = "確かめて送る"
        self.note = f"{self.draft.procedure.title} ・ {desk.card.name}"
        self.not_yet = Button("まだ送らない", "plain", name="review.not_yet")
        self.send_button = Button("送る", "primary", name="review.send")
        self._count = label("", "label", "ink2")
        self.leaving_card = LeavingCard(
            desk, amends=self.amends, signs=self.draft.procedure.door == "egov"
        )
        self.gaps = GapCard()
        self.cells = ReviewCells(self.draft, self.ticks)
        self.paper = FormPaper("review.paper")
        self._lay()
        self._join()

    def header_actions(self) -> list[QWidget]:
        """How much was ticked, the way back, and the way out."""
        return [self._count, self.not_yet, self.send_button]

    def first_focus(self) -> QWidget | None:
        """What is left to do, else the first thing to tick; never 送る itself."""
        if self.gaps.isVisible() and self.gaps.buttons:
            return self.gaps.buttons[0]
        return self.cells.first_box()

    def columns(self) -> Sequence[QWidget]:
        """The list and the paper, or the number that is asked for."""
        return [self._list, self.paper] if self.numbers.ask is None else self.numbers.ask.columns()

    def status(self) -> Status:
        """As on the form page."""
        return form_status(self.open_draft)

    def refresh(self) -> None:
        """Read the draft and the review again."""
        self.draft.refresh()
        try:
            self.open_draft.flush()
            self.review = self.desk.review(self.open_draft.id)
        except Known as fault:
            self._show_told(Told("danger", fault.sentence))
            self.review = None
        self._load_paper()
        self.gaps.show_gaps(self.draft)
        self.cells.refresh()
        self.leaving_card.show_review(self.review)
        self._show_button()
        self._show_count()

    def leaving(self) -> None:
        """Ticks are answers of the draft: write them. No 個人番号 waits on a page that is left."""
        self.numbers.close()
        self.open_draft.flush()

    def fold(self, width: int) -> None:
        """The paper grows narrower on a narrow window; with large letters it goes below the list."""
        if self.numbers.asking:
            return
        narrow = width < 1120
        below = width < theme.current().grown(BELOW)
        paper = PAPER_WIDTH if below or not narrow else PAPER_WIDTH_NARROW
        self.paper.setFixedWidth(paper)
        self._sheet.setFixedWidth(paper + SHEET_ROOM)
        if below == self._sheet.isHidden():
            return
        self._sheet.setHidden(below)
        if below:
            part = self._sheet.takeWidget()
            self._column.insertWidget(self._column.count() - 1, part)
            part.show()
        else:
            self._column.removeWidget(self._paper_part)
            self._sheet.setWidget(self._paper_part)

    def send(self) -> None:
        """送る; with gaps the list of them is shown instead, and 個人番号 are asked for before."""
        if self.sending.busy:
            return
        if self.numbers.ask is not None:
            self.numbers.ask.finish()
            return
        if not self._can_send():
            target = self.gaps if self.gaps.isVisibleTo(self) else self.leaving_card
            self._list.ensureWidgetVisible(target)
            self.gaps.focus_first()
            return
        asked = () if self.sending.filing_id else getattr(self.review, "asked", ())
        if asked:
            self.numbers.open(asked)
        else:
            self._start(None)

    def _start(self, numbers: MyNumbers | None) -> None:
        self._clear_told()
        self.sending.numbers = numbers
        self.sending.message = self.leaving_card.message()
        self.sending.certificate = self.leaving_card.certificate()
        self.sending.attachments = self.leaving_card.attachments()
        self.sending.start()

    # building

    def _lay(self) -> None:
        body = QWidget()
        body.setProperty("clear", "true")
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 4, 16, 24)
        column.setSpacing(16)
        self._told = QVBoxLayout()
        self._told.setSpacing(8)
        column.addLayout(self._told)
        for part in (self.leaving_card, self.gaps, self.cells):
            column.addWidget(part)
        column.addStretch(1)
        self._column = column
        self._list = _scroll(body, "review.list", "出す値の一覧")
        sheet = QWidget()
        sheet.setProperty("clear", "true")
        side = QVBoxLayout(sheet)
        side.setContentsMargins(0, 4, 12, 24)
        self.paper.setFixedWidth(PAPER_WIDTH)
        side.addWidget(self.paper)
        side.addStretch(1)
        self._paper_part = sheet
        self._sheet = _scroll(sheet, "review.sheet", "様式")
        self._sheet.setFixedWidth(PAPER_WIDTH + SHEET_ROOM)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list, 1)
        row.addWidget(self._sheet)
        self.numbers = NumberStep(
            self, row, (self._list, self._sheet), self._start, practice=self.desk.practice
        )

    def _join(self) -> None:
        self.send_button.clicked.connect(self.send)
        self.not_yet.clicked.connect(self.to_form)
        self.cells.wanted.connect(self.to_form)
        self.cells.seen.connect(self._mark)
        self.cells.ticks_changed.connect(self._show_count)
        self.gaps.wanted.connect(self.to_form)
        self.paper.pressed.connect(self.to_form)
        self.sending.told.connect(self._show_told)
        self.sending.progress.connect(self._show_progress)
        self.sending.busy_changed.connect(self._show_busy)
        self.sending.arrived.connect(self._to_outbox)
        self.sending.for_portal.connect(lambda i: self.window_.show_page("portal", open=i))
        self.keys = PageKeys(self, {"back": self.to_form, "review": self.send})

    def to_form(self, field_id: str = "") -> None:
        """Back to the form, to a field when one was pressed; not while it is being sent."""
        if self.sending.busy:
            return
        if self.numbers.asking:
            self.numbers.close()
            return
        if isinstance(field_id, str) and field_id:
            self.open_draft.set_cursor(field_id)
        self.window_.show_page("form", **where_of(self.open_draft, self.amends))

    # showing

    def _can_send(self) -> bool:
        if left_to_do(self.draft) or self.sending.closed() is not None:
            return False
        return bool(self.review is not None and self.review.can_send)

    def _show_button(self) -> None:
        left = left_to_do(self.draft)
        if self._can_send():
            self.send_button.set_text("封をして、ポータルを開く" if self.by_portal else "送る")
            self.send_button.set_kind("primary")
            return
        self.send_button.set_text(f"送る(あと {left}か所)" if left else "まだ送れません")
        self.send_button.set_kind("dashed")
        reasons = list(self.review.reasons) if self.review is not None else []
        self.send_button.setToolTip("\n".join(str(r) for r in reasons))
        if not left:
            self._clear_told()
            if (closed := self.sending.closed()) is not None:
                self._show_told(closed)
            for reason in reasons:
                self._told.addWidget(Band("warn", str(reason), name="review.reason"))
            if getattr(self.review, "by_hand", False) and not self.amends:
                self._told.addWidget(self._offer_by_hand())

    def _offer_by_hand(self) -> Band:
        return Band(
            "info",
            "手で出せます",
            "入れる値と手順の紙を書き出し、e-Gov のアプリで人が出します。",
            [("手で出す", self._hand_over)],
            name="review.by_hand",
        )

    def _hand_over(self) -> None:
        """Sealed for a person; 送信箱 writes it out and awaits the 到達番号."""
        ident = self.open_draft.id

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault
            self._show_told(Told("warn", fault.sentence))

        run(lambda: self.desk.hand_over_draft(ident), self._to_outbox, failed, self)

    def _show_count(self) -> None:
        ticked, total = self.ticks.count(self.draft.cells())
        self._count.setText(f"確かめた {ticked} / {total}")

    def _load_paper(self) -> None:
        from app.forms.layout import load_layout

        try:
            layout = load_layout(self.draft.procedure)
        except Known as fault:
            self._show_told(Told("danger", fault.sentence))
            return
        self.paper.show_layout(layout, practice=self.desk.practice)
        self.paper.set_cells({c.field.id: c for c in self.draft.cells()})

    def _mark(self, field_id: str) -> None:
        self.paper.mark(field_id)
        self.cells.mark(field_id)

    def _show_told(self, told: Told) -> None:
        self._clear_told()
        words = {
            "sign_in": ("サインインする", self._sign_in),
            "outbox": ("送信箱を見る", self._see_outbox),
            "again": ("もう一度つなぐ", self.sending.start),
        }
        actions = [words[name] for name in told.actions]
        band = Band(told.kind, told.sentence, told.note, actions, name="review.told")
        for button, name in zip(band.buttons, told.actions, strict=True):
            button.setObjectName(f"review.{name}")
        self._told.addWidget(band)
        self._list.verticalScrollBar().setValue(0)

    def _show_progress(self, words: str) -> None:
        if words:
            self._clear_told()
            self._told.addWidget(Band("info", words, icon="send", name="review.progress"))
            self._list.verticalScrollBar().setValue(0)
        else:
            self._clear_told()

    def _show_busy(self, busy: bool) -> None:
        self.send_button.setEnabled(not busy)
        self.not_yet.setEnabled(not busy)
        self.cells.setEnabled(not busy)
        if not busy:
            sealed = bool(self.sending.filing_id)
            self.not_yet.set_text("送信箱を見る" if sealed else "まだ送らない")
            if sealed:
                self.not_yet.clicked.disconnect()
                self.not_yet.clicked.connect(self._see_outbox)

    def _clear_told(self) -> None:
        while (item := self._told.takeAt(0)) is not None:
            if (band := item.widget()) is not None:
                band.hide()
                band.deleteLater()

    def _sign_in(self) -> None:
        self.window_.show_page("sign_in")

    def _see_outbox(self) -> None:
        self._to_outbox(self.sending.filing_id or self.sending.answer or self.amends)

    def _to_outbox(self, filing_id: str) -> None:
        self.window_.update_status()
        self.window_.show_page("outbox", open=filing_id)


def _scroll(body: QWidget, name: str, spoken: str) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setObjectName(name)
    scroll.setAccessibleName(spoken)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    return scroll
