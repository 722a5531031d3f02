"""One notice of social insurance: who is in it, what is wrong, what leaves; sealed once and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Known
from app.services.my_number import MyNumbers
from app.services.social.notice import Key, Notice
from app.services.social.views import SocialReview
from app.views.background import run
from app.views.models.need_list import due_words, form_name
from app.views.models.record_owners import RecordOwners
from app.views.page import Page, Window
from app.views.pages.cases import amending_band
from app.views.pages.form_keys import PageKeys
from app.views.pages.my_number_step import NumberStep
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.review_leaving import LeavingCard
from app.views.pages.review_sending import PROGRESS_MS, ReviewSending, Told
from app.views.pages.social_by_hand import ByHand
from app.views.pages.social_form_parts import (
    FilesCard,
    LettersCard,
    bad_letters,
    fault_rows,
    faults_card,
    reasons_left,
    replaced_card,
    replaced_rows,
    show_send,
    waiting_card,
    waiting_rows,
)
from app.views.pages.social_form_people import PeopleCard
from app.views.pages.social_insurer import union_band
from app.views.pages.social_office_asks import OfficeAsks
from app.views.pages.social_paper import UnionPaper
from app.views.pages.social_sending import NoticeSender, SocialDesk
from app.views.pages.told_bands import ToldBands
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.lines import label

BROKE = "一度の側でつまずきました。書いたものは残っています。"
_PEOPLE, _ENDLESS = 480, 16_777_215


class SocialFormPage(Page):
    """`asked`: form, the code of the notice; amends, the filing whose 補正 is answered with it."""

    folds_navigation = True
    place = "procedures"
    margin = 0

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("social_form")
        self.form = asked["form"]
        self.title = form_name(self.form)
        self._social: SocialDesk = desk.social
        self.review: SocialReview | None = None
        self._all: tuple[Notice, ...] = ()
        self._owners = RecordOwners(self.form, (), ())
        self._out: set[Key] = set()
        self._turn = 0
        self._goes_on = False
        self.notices = NoticeSender(desk, self.form)
        self.notices.amends = asked.get("amends", "")
        self.sending = self._new_sending()
        self.not_yet = Button("まだ送らない", "plain", name="social_form.not_yet")
        self.send_button = Button("送る", "primary", name="social_form.send")
        self._count = label("", "label", "ink2")
        self.leaving_card = LeavingCard(desk, signs=True)
        self.letters = LettersCard()
        self.faults = faults_card()
        self.waiting = waiting_card()
        self.replaced = replaced_card()
        self.files = FilesCard()
        self.office = OfficeAsks(desk, self._prepare)
        self.people = PeopleCard()
        self.paper = UnionPaper(self, desk, self.form, self._shown_keys)
        self.paper.told.connect(self._tell)
        self.by_hand = ByHand(self, desk, self.form, self._shown_keys)
        self.by_hand.told.connect(self._tell)
        self.by_hand.handed.connect(self._to_outbox)
        self._late = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._late.timeout.connect(lambda: self._tell(Told("info", "届を用意しています。")))
        self._lay()
        self._join()

    def _lay(self) -> None:
        self._scroll = ScrollColumn((24, 4, 16, 24))
        self._scroll.setAccessibleName("出すものの確認")
        column = self._scroll.column
        column.setSpacing(16)
        self._told = ToldBands(
            "social_form",
            {
                "sign_in": ("サインインする", lambda: self.window_.show_page("sign_in")),
                "outbox": ("送信箱を見る", lambda: self._to_outbox(self.sending.filing_id)),
                "again": ("もう一度つなぐ", self.send),
            },
        )
        column.addLayout(self._told)
        for part in (
            self.office, self.letters, self.faults, self.leaving_card, self.files, self.replaced, self.waiting,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        for part in (self.letters, self.faults, self.replaced, self.waiting):
            part.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 24, 20)
        self._row.setSpacing(8)
        self._row.addWidget(self._scroll, 1)
        self._row.addWidget(self.people)
        self.numbers = NumberStep(
            self,
            self._row,
            (self._scroll, self.people),
            self._start,
            practice=self.desk.practice,
            read=self._social.read_numbers,
        )

    def _join(self) -> None:
        self.send_button.clicked.connect(lambda _=False: self.send())
        self.not_yet.clicked.connect(lambda _=False: self._back())
        self.letters.accepted.connect(self.accept)
        self.faults.pressed.connect(self._leave_out_faulty)
        self.waiting.pressed.connect(lambda _row: self._back())
        self.people.turned.connect(self.turn)
        self.keys = PageKeys(self, {"back": self._back, "review": self.send})

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """How many are in it, the way back, and the way out."""
        return [self._count, self.not_yet, self.send_button]

    def first_focus(self) -> QWidget | None:
        """What is to be settled first; never 送る itself."""
        if self.numbers.ask is not None:
            return self.numbers.ask.first_focus()
        return next(iter(self.letters.buttons), None) or self.people.table

    def columns(self) -> Sequence[QWidget]:
        """The review and the people, or the question of 個人番号."""
        if self.numbers.ask is not None:
            return self.numbers.ask.columns()
        return [self._scroll, self.people]

    def fold(self, width: int) -> None:
        """On a narrow window the people go below what leaves."""
        look = current()
        narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        inside = self._scroll.column.indexOf(self.people) >= 0
        if not narrow:
            self.people.setFixedWidth(look.grown(_PEOPLE))
        if narrow == inside:
            return
        if narrow:
            self._row.removeWidget(self.people)
            self._scroll.column.insertWidget(5, self.people)
            self.people.setMinimumWidth(0)
            self.people.setMaximumWidth(_ENDLESS)
        else:
            self._scroll.column.removeWidget(self.people)
            self._row.addWidget(self.people)
        self.people.set_low(narrow)
        self.people.show()

    def refresh(self) -> None:
        """Prepares anew from the facts as they are now; not while something is on its way out."""
        if self.sending.busy:
            return
        if self.sending.filing_id:
            if str(self.desk.filing(self.sending.filing_id).stage) == "ready":
                return  # sealed and waiting: 送る speaks of that envelope
            self._begin_anew()
        self._prepare()

    def _new_sending(self) -> ReviewSending:
        made = ReviewSending(self.notices, self.form, self)
        made.told.connect(self._tell)
        made.progress.connect(lambda words: self._told.progress(words))
        made.busy_changed.connect(self._show_busy)
        made.arrived.connect(self._to_outbox)
        return made

    def _begin_anew(self) -> None:
        """What was sealed here has left: the page is for those who need a notice now."""
        self.sending.deleteLater()
        self.notices = NoticeSender(self.desk, self.form)
        self.sending = self._new_sending()
        self._out.clear()
        self.not_yet.set_text("まだ送らない")

    def leaving(self) -> None:
        """What was shown is hidden again, and no 個人番号 waits on a page that is left."""
        self.numbers.close()
        self.people.hide_values()

    # --- preparing, off the window's thread

    def _prepare(self) -> None:
        self.desk.take_in()
        self._turn += 1
        turn, out = self._turn, frozenset(self._out)
        self._late.start()

        def work() -> tuple[SocialReview, SocialReview]:
            amends = self.notices.amends
            whole = self._social.review_answer(amends) if amends else self._social.review(self.form)
            if not out:
                return whole, whole
            keys = [n.key for n in whole.notices if n.key not in out]
            return whole, self._social.review(self.form, keys)

        def done(found: tuple[SocialReview, SocialReview]) -> None:
            if turn == self._turn:
                self._late.stop()
                self._show(*found)

        def failed(fault: Exception) -> None:
            if turn == self._turn:
                self._late.stop()
                self._failed(fault)

        run(work, done, failed, self)

    def _failed(self, fault: Exception) -> None:
        self.review = None
        self._show_button()
        if not isinstance(fault, Known):
            self._tell(Told("danger", BROKE))
            raise fault
        self._tell(Told("danger", fault.sentence))

    def _show(self, whole: SocialReview, review: SocialReview) -> None:
        self.review, self._all = review, whole.notices
        prepared = review.prepared
        self._owners = RecordOwners(self.form, prepared.reports, whole.notices)
        self.note = f"{due_words(review.due, self.desk.clock().date())} ・ {self.desk.card.name}"
        self.people.show_people(self._all, self._out)
        self.office.show_asks(review.office_asks)
        self.letters.show_letters(bad_letters(prepared.faults, self._owners.name))
        rows = fault_rows(prepared.faults, self._owners.name)
        self.faults.show_rows(rows)
        self.faults.button.setVisible(any(row[0] != "事業所" for row in rows))
        self.waiting.show_rows(waiting_rows(prepared.waiting))
        note = "正しい字は会社の記録に残ります。説明の紙を添えて出します。"
        self.replaced.show_rows(replaced_rows(prepared.substitutions), note)
        self.files.show_files(prepared, review.attached, review.inferred)
        self.leaving_card.show_review(review)
        self._count.setText(f"{len(prepared.reports):,}人分")
        self._told.empty()
        self._show_reasons()
        self._show_button()
        if self._goes_on and (focus := self.first_focus()) is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._goes_on = False

    def _show_reasons(self) -> None:
        review, kind = self.review, self._social.insurer()
        prints = [("印刷する(PDF)", self.paper.ask)] if review and review.notices else []
        if kind is not None and (band := union_band(kind, prints)) is not None:
            self._told.addWidget(band)
        if self.notices.amends and (band := amending_band(self.desk, self.notices.amends)):
            self._told.addWidget(band)
        if review is None:
            return
        if not review.notices:
            told = "いま、この届の要る人はいません。"
            self._told.addWidget(Band("info", told, name="social_form.nobody"))
            return
        for reason in reasons_left(review):
            self._told.addWidget(Band("warn", reason, name="social_form.reason"))
        if review.prepared.ready and not review.can_seal and not self.notices.amends:
            self._told.addWidget(self.by_hand.band(self._by_hand))

    def _show_button(self) -> None:
        show_send(self.send_button, self.review)

    def _shown_keys(self) -> tuple[Key, ...]:
        """The notices of the page that are not left out."""
        return tuple(n.key for n in self._all if n.key not in self._out and not n.asks)

    # --- what is asked for

    def accept(self, letter: str, substitute: str) -> None:
        """From now on `substitute` is sent for `letter`; the keyboard goes on to what is left."""
        self._goes_on = True
        self._do(lambda: self._social.accept_substitute(letter, substitute))

    def turn(self, key: Key) -> None:
        """Takes a notice out of this filing, or back into it; an answer is whole."""
        if self.notices.amends:
            return
        self._out ^= {key}
        self._prepare()

    def send(self) -> None:
        """送る; with something to settle the page goes to it instead."""
        if self.sending.busy:
            return
        if self.numbers.ask is not None:
            self.numbers.ask.finish()
            return
        if self.sending.filing_id:
            self.sending.start()
            return
        if self.review is None or not self.review.can_seal:
            self._scroll.verticalScrollBar().setValue(0)
            focus = self.first_focus()
            if focus is not None:
                focus.setFocus()
            return
        self.by_hand.wanted = False
        if self.review.asked:
            self.numbers.open(self.review.asked)
            return
        self._start(None)

    def _by_hand(self) -> None:
        if self.review is not None and not self.sending.busy and not self.numbers.asking:
            self.by_hand.begin(self.review.asked, self.numbers)

    def _start(self, numbers: MyNumbers | None) -> None:
        assert self.review is not None
        if self.by_hand.takes(numbers):
            return
        self._told.empty()
        self.notices.keys = frozenset(self.review.prepared.reports)
        self.sending.numbers = numbers
        self.sending.certificate = self.leaving_card.certificate()
        self.sending.start()

    def _leave_out_faulty(self, row: int) -> None:
        """Takes the person of a faulty row out of this filing."""
        assert self.review is not None
        faults = [f for f in self.review.prepared.faults if not f.letters]
        fault = faults[row]
        key = self._owners.key(fault.record, fault.person)
        if key is None:
            self._tell(Told("warn", "この行がだれのものか分かりません。右の一覧で外してください。"))
            return
        self._goes_on = True
        self.turn(key)

    def _do(self, work: Callable[[], None]) -> None:
        """Keeps something off the window's thread, then prepares anew."""
        run(work, lambda _none: self._prepare(), self._failed, self)

    # --- told

    def _tell(self, told: Told) -> None:
        self._told.tell(told)
        self._scroll.verticalScrollBar().setValue(0)

    def _show_busy(self, busy: bool) -> None:
        for part in (self.send_button, self.letters, self.faults, self.people):
            part.setEnabled(not busy)
        if not busy and self.sending.filing_id:
            self.not_yet.set_text("送信箱を見る")

    def _back(self) -> None:
        if self.sending.busy:
            return
        if self.numbers.asking:
            self.numbers.close()
            return
        if filing := self.sending.filing_id or self.notices.amends:
            self._to_outbox(filing)
        else:
            self.window_.show_page("social")

    def _to_outbox(self, filing_id: str) -> None:
        """To the filing; this page begins anew the next time."""
        self.window_.update_status()
        self.window_.show_page("outbox", open=filing_id)
