"""The window: the first page while locked, the frame of a company while open, and the keys of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from app.domain.errors import Known
from app.views.attention import Attention

if TYPE_CHECKING:
    from app.views.frame import Frame
    from app.views.house import Card, Desk, House
    from app.views.office_window import OfficeWindow
    from app.views.outside import Outside
    from app.views.page import Page
    from app.views.page_shelf import PageShelf
    from app.views.pages.create_company import CreateCompanyPage
    from app.views.pages.unlock import UnlockPage
    from app.views.palette import Palette, Switcher

_MINUTE = 60_000


class MainWindow(QMainWindow):
    """The window of the program.

    `house` is the program around it. `locked` and `opened` tell what has happened to a company,
    `signed_in` that somebody signed in for the one that is open.
    With `at_once` False it is shown bare and `begin` puts the first page into it: a window stands
    there before the page is made. Until then nothing of Qt's large `Qt` namespace is imported,
    which alone would take as long as a tenth of a bare start.
    """

    locked = Signal()
    opened = Signal(object)
    signed_in = Signal()

    def __init__(self, house: House, *, at_once: bool = True) -> None:
        super().__init__()
        self.house = house
        self.desk: Desk | None = None
        self._page: Page | None = None
        self._folded_by_hand = False
        self._was_signed_in: bool | None = None
        self._close_anyway = False
        self.setObjectName("window")
        self.setMinimumSize(640, 420)
        self.resize(1280, 800)
        self.attention = Attention(self)
        self.attention.away.connect(self.lock)
        self._minute = QTimer(self)
        self._minute.timeout.connect(self.update_status)
        self.setWindowTitle(self.tr("一度"))
        if at_once:
            self.begin()

    def begin(self) -> None:
        """Makes the first page and shows it; once."""
        from app.views.icons import app_icon
        from app.views.window_keys import bind_keys

        self.setWindowIcon(app_icon(self.house.resources))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.unlock)
        self.setCentralWidget(self.stack)
        bind_keys(self)
        self.show_unlock()

    @cached_property
    def unlock(self) -> UnlockPage:
        """The first page."""
        from app.views.window_make import make_unlock

        return make_unlock(self)

    @cached_property
    def outside(self) -> Outside:
        """The pages that stand there without an open company."""
        from app.views.outside import Outside

        return Outside(self)

    @cached_property
    def offices(self) -> OfficeWindow:
        """All companies of an office at once, while one is open."""
        from app.views.office_window import OfficeWindow

        return OfficeWindow(self)

    # --- made at first use: the first picture is painted without them

    @cached_property
    def frame(self) -> Frame:
        """What stands around the pages of an open company."""
        from app.views.window_make import make_frame

        return make_frame(self)

    @cached_property
    def shelf(self) -> PageShelf:
        """The pages of the open company that were made."""
        from app.views.page_shelf import PageShelf

        return PageShelf(self)

    @cached_property
    def palette_(self) -> Palette:
        """Ctrl+K: go anywhere by name."""
        from app.views.window_make import make_palette

        return make_palette(self)

    @cached_property
    def switcher(self) -> Switcher:
        """The choice of another company."""
        from app.views.window_make import make_switcher

        return make_switcher(self)

    # --- locked

    def show_unlock(self, card: Card | None = None, *, named: bool = False) -> None:
        """Shows the first page, with a company chosen; `named` when the person has just named it."""
        self.outside.leave()
        self.unlock.refresh(card, named=named)
        self.stack.setCurrentWidget(self.unlock)
        self.unlock.give_focus()
        self.setWindowTitle(self.tr("一度"))

    def show_create(self, practice: bool = False) -> None:
        """Shows the steps of a new company, or why none can be kept today."""
        if sentence := self.house.folder_fault():
            self.unlock.tell(sentence)
            return
        self.outside.show_create(practice)

    def create_page(self) -> CreateCompanyPage:
        """The steps of a new company, while they are shown. Raises LookupError otherwise."""
        return self.outside.create_page()

    def show_company(self) -> None:
        """Goes back from a page outside to the open company, or to the first page."""
        if self.desk is None:
            self.show_unlock()
        else:
            self.outside.leave()
            self.stack.setCurrentWidget(self.frame)

    def take_new(self, desk: Desk) -> None:
        """Opens a company just made; the one that was open is locked first."""
        self.outside.leave()
        if self.desk is not None:
            self._close_desk()
        self.take_desk(desk)

    # --- open

    def take_desk(self, desk: Desk) -> None:
        """Opens the frame for a company's desk at 今日."""
        self.desk = desk
        card = desk.card
        self.frame.stripe.set_plate(card.plate)
        self.frame.navigation.company.set_company(card.name, card.kanji, card.plate)
        self.frame.practice.setVisible(desk.practice)
        self._folded_by_hand = False
        self._was_signed_in = None
        self.stack.setCurrentWidget(self.frame)
        self._minute.start(_MINUTE)
        self.attention.wait_for(lambda: self.house.idle_minutes)
        self.opened.emit(desk)
        self.show_page("today")
        from PySide6.QtCore import Qt

        self.frame.body.setFocus(Qt.FocusReason.OtherFocusReason)  # no ring before a key is pressed

    def lock(self) -> None:
        """Keeps what is being written, closes the vault, shows the first page."""
        if self.desk is None:
            return
        card = self.desk.card if self.offices.office is None else None
        self._close_desk()
        self.offices.lock()
        self.show_unlock(card)
        self.locked.emit()

    def switch_to(self, card: Card) -> None:
        """Goes to another company: the open one is locked first.

        One of the open office needs no passphrase; for another one the office is locked too.
        """
        if self.offices.switch_to(card):
            return
        if self.desk is not None and self.desk.card.path == card.path:
            return
        if self.desk is not None:
            self._close_desk()
            self.offices.lock()
            self.locked.emit()
        self.show_unlock(card, named=True)

    def show_page(self, name: str, **asked: str) -> None:
        """Goes to a page of the open company."""
        if self.desk is None:
            if self.outside.shows_settings:
                self.show_unlock()
            return
        if self._page is not None:
            self._page.leaving()
        page = self.shelf.page(name, asked)
        self._page = page
        self.frame.put(page)
        page.refresh()
        self.frame.navigation.mark(page.place or name)
        self.frame.header.set_actions(page.actions_once())
        self._refold()
        page.fold(self.width())
        self.show_words()
        self.update_status()
        QTimer.singleShot(0, self, self._keep_focus)

    def _keep_focus(self) -> None:
        from app.views.focus import keep_focus

        first = self.shelf.first
        keep_focus(self, self.frame, self._page, by_keys=self.attention.by_keys, first=first)

    def back(self) -> None:
        """Goes to the page before this one, or to 今日."""
        name, asked = self.shelf.before()
        self.show_page(name, **asked)

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Says a sentence in the status bar."""
        self.frame.status.say(sentence, undo)

    def page(self) -> Page | None:
        """The page shown."""
        return self._page

    def update_status(self) -> None:
        """Reads the saved time, counts, the 一度率 and the sign-in again."""
        desk = self.desk
        if desk is None:
            return
        from app.views.page import Status

        own = self._page.status() if self._page is not None else Status()
        bar = self.frame.status
        bar.set_saved(own.saved_at or desk.saved_at())
        bar.set_count(own.count)
        bar.set_once(own.once if own.once is not None else desk.once_ratio())
        state = desk.sign_in_state()
        bar.set_sign_in(state, desk.clock(), short=self.width() < 1120)
        self.frame.navigation.set_counts(desk.counts())
        came, self._was_signed_in = self._was_signed_in is False, state.signed_in
        if came and state.signed_in:
            self.signed_in.emit()

    def tell_signed_in(self) -> None:
        """Somebody has just signed in, also where the sign-in before had run out unnoticed."""
        self._was_signed_in = None
        self.update_status()
        if self.desk is not None:
            self.signed_in.emit()

    def forget_pages(self, *names: str) -> None:
        """Takes the pages of these names away for good."""
        self.shelf.forget_named(names)

    def _close_desk(self) -> None:
        desk, self.desk = self.desk, None
        with self._telling():
            if self._page is not None:
                self._page.leaving()
        self._page = None
        self.frame.header.set_actions([])
        self.shelf.clear()
        self._minute.stop()
        self.attention.rest()
        if desk is not None:
            from app.views.vault_faults import left_behind, note_backup

            note_backup(desk, None)
            with self._telling():
                self.offices.closing(desk)
                desk.lock()
            if sentence := left_behind(desk):
                QTimer.singleShot(0, self, lambda: self.unlock.tell(sentence))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """A machine nobody sits at must lock even when something could not be kept; it is told."""
        try:
            yield
        except Known as fault:
            sentence = fault.sentence
            QTimer.singleShot(0, self, lambda: self.unlock.tell(sentence))

    def show_words(self) -> None:
        """Writes title and note of the page shown, and the title of the window."""
        page, desk = self._page, self.desk
        if page is None or desk is None:
            return
        from app.views.words import short_name

        self.frame.header.set_words(page.title, page.note)
        words = self.tr("{} · {} · 一度").format(short_name(desk.card.name), page.title)
        if desk.practice:
            words = self.tr("練習 · {}").format(words)
        self.setWindowTitle(words)

    # --- keys and sizes

    def fold_navigation(self) -> None:
        """Makes the navigation a rail, or a column again."""
        self._folded_by_hand = not self.frame.navigation.folded
        self.frame.navigation.fold(self._folded_by_hand)

    def _refold(self) -> None:
        folds = self._folded_by_hand or bool(self._page and self._page.folds_navigation)
        if folds != self.frame.navigation.folded:
            self.frame.navigation.fold(folds)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._page is not None:
            self._page.fold(self.width())
            self.update_status()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk is not None and not self._close_anyway:
            try:
                self.desk.keep()
            except Known as fault:  # the disk is full, say: closing now would lose what was typed
                self._close_anyway = True
                self.say(f"{fault.sentence}もう一度閉じると、保存せずに終わります。")
                event.ignore()
                return
        if self.desk is not None:
            self._close_desk()
            self.offices.lock()
            self.locked.emit()
        super().closeEvent(event)
