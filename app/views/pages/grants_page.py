"""支援: every grant and scheme that is kept, offline, ordered by what fits this company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Known
from app.domain.grant import GrantQuery
from app.services.grants.sheet import OUTCOMES, Counts, GrantLine, GrantSheet, Kept
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.grants_detail import GrantDetailView
from app.views.pages.grants_filters import GrantFilters, Words
from app.views.pages.grants_list import GrantList
from app.views.sign_in_system import open_in_browser
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.segments import Segments

_LIST, _ENDLESS = 400, 16_777_215
_SLICE_MS = 0
BROKE = "一度の側でつまずきました。書いたものは残っています。"


class GrantsDesk(Protocol):
    """The part of `desk.grants` this page needs. `search`, `refresh` and `save_file` may block."""

    def words(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]: ...
    def employees(self) -> int | None: ...
    def take_shipped(self) -> None: ...
    def read(self) -> None: ...
    def prepare(self) -> bool: ...
    def counts(self) -> Counts: ...
    def kept(self) -> Kept: ...
    def search(self, query: GrantQuery) -> frozenset[str] | None: ...
    def order(self, among: frozenset[str] | None, outcome: str) -> Sequence[str]: ...
    def line(self, key: str) -> GrantLine: ...
    def sheet(self, key: str) -> GrantSheet: ...
    def star(self, key: str, on: bool) -> None: ...
    def answer(self, path: str, text: str) -> None: ...
    def refresh(self, progress: Any, stop: Any) -> str: ...
    def fetch(self, key: str) -> bool: ...
    def save_file(self, key: str, kind: str, name: str) -> str: ...


class GrantsPage(Page):
    """List and detail; narrow windows show one at a time. `asked`: open, a key."""

    progressed = Signal(int, int)

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("grants")
        self.place = "grants"
        self.title = "支援"
        self._grants: GrantsDesk = desk.grants
        self._open = (asked or {}).get("open", "")
        self._asked_open = self._open
        self._found: frozenset[str] | None = None
        self._turn = 0
        self._stop = False
        self._refreshing = False
        self._narrow = False
        self._in_detail = bool(self._open)
        self._width = 1280
        words = Words(*self._grants.words())
        filters = GrantFilters(words, self._grants.employees(), desk.clock)
        self._list = GrantList(self._grants.line, filters)
        self._detail = GrantDetailView()
        self._verdict = Segments(
            [("all", "すべて"), *((o, o) for o in OUTCOMES)], "all", name="grants.tab"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list, _LIST)
        row.addWidget(self._detail, 608)
        self._preparing = QTimer(self, singleShot=True, interval=_SLICE_MS)
        self._preparing.timeout.connect(self._prepare)
        self._connect()

    def _connect(self) -> None:
        self._verdict.changed.connect(lambda _chosen: self._show_list())
        self._list.wanted.connect(self._search)
        self._list.chosen.connect(self._choose)
        self._list.rows.activated.connect(lambda _index: self._to_detail())
        self._list.refresh_asked.connect(self._refresh)
        self._list.stop_asked.connect(self._stop_refresh)
        self._detail.back.clicked.connect(self._to_list)
        self._detail.star_asked.connect(self._star)
        self._detail.answered.connect(self._answer)
        self._detail.draft_asked.connect(lambda p: self.window_.show_page("procedures", open=p))
        self._detail.file_asked.connect(self._save_file)
        self._detail.link_asked.connect(self._open_link)
        self.progressed.connect(self._progress)

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """The four verdicts, and the way to ローカルベンチマーク."""
        health = Button("財務の健康診断", name="grants.locaben")
        health.clicked.connect(lambda _=False: self.window_.show_page("locaben"))
        return [self._verdict, health]

    def columns(self) -> Sequence[QWidget]:
        """F6 walks through list and detail."""
        return [self._list, self._detail]

    def first_focus(self) -> QWidget | None:
        """The search box."""
        return self._list.words if self._list.isVisible() else self._detail.back

    def fold(self, width: int) -> None:
        """Below 1120 list and detail are shown one at a time."""
        look = current()
        self._narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        self._list.setMaximumWidth(_ENDLESS if self._narrow else look.grown(_LIST))
        self._list.setVisible(not (self._narrow and self._in_detail))
        self._detail.setVisible(not self._narrow or self._in_detail)
        self._detail.back.setVisible(self._narrow)
        self._width = width

    def refresh(self) -> None:
        """Shows what is kept; the verdicts follow in slices where there are many."""
        self._list.show_kept(self._grants.kept().sentence)
        self._all_anew()
        run(self._grants.take_shipped, lambda _none: self._all_anew(), self._failed, self)

    def _all_anew(self) -> None:
        """The kept copy is read off the window's thread; its verdicts follow in slices."""

        def read(_none: None) -> None:
            self._prepare()
            self._search()

        run(self._grants.read, read, self._failed, self)

    def leaving(self) -> None:
        """A refresh under way goes on; its result is shown the next time."""
        self._preparing.stop()

    def _prepare(self) -> None:
        begun = self._preparing.isActive()
        if not self._grants.prepare():
            self._preparing.start()
            if begun:
                return
        self._show_counts()
        self._show_list()

    def _show_counts(self) -> None:
        c = self._grants.counts()
        self.note = (
            f"{c.total:,}件のうち 対象 {c.eligible:,} ・ 対象外 {c.ineligible:,}"
            f" ・ まだ分からない {c.unknown:,}"
        )

    # --- the list

    def _search(self) -> None:
        """The latest question wins; an answer to an older one is dropped."""
        self._turn += 1
        turn = self._turn
        query = self._list.filters.query(
            self._list.words.text(), starred_only=self._list.starred.isChecked()
        )

        def found(keys: frozenset[str] | None) -> None:
            if turn == self._turn:
                self._found = keys
                self._show_list()

        run(lambda: self._grants.search(query), found, self._failed, self)

    def _show_list(self) -> None:
        chosen_tab = self._verdict.chosen()
        outcome = "" if chosen_tab == "all" else chosen_tab
        keys = self._grants.order(self._found, outcome)
        chosen = self._list.show_keys(keys, self._list.words.text(), keep=self._open)
        if chosen:
            self._choose(chosen)

    def _choose(self, key: str) -> None:
        self._open = key
        self._detail.show_sheet(self._grants.sheet(key))

        def fetched(new: bool) -> None:
            if new and self._open == key:
                self._detail.show_sheet(self._grants.sheet(key))

        run(lambda: self._grants.fetch(key), fetched, lambda _fault: None, self)

    @property
    def chosen(self) -> str:
        """The key of the grant shown."""
        return self._open

    def _to_detail(self) -> None:
        if self._narrow:
            self._in_detail = True
            self.fold(self._width)
            self._detail.back.setFocus()

    def _to_list(self) -> None:
        self._in_detail = False
        self.fold(self._width)
        self._list.rows.setFocus()

    # --- what is asked for

    def _star(self, key: str, on: bool) -> None:
        self._grants.star(key, on)
        self._list.model.renew(key)
        self._detail.show_sheet(self._grants.sheet(key))
        said = "しるしを付けました。締切は「今日」に出ます。" if on else "しるしを外しました。"
        self.window_.say(said)

    def _answer(self, path: str, text: str) -> None:
        try:
            self._grants.answer(path, text)
        except Known as fault:
            self._detail.tell("danger", fault.sentence)
            return
        self._prepare()
        self.window_.update_status()
        if not self._detail.ask_next():
            self._list.rows.setFocus()

    def _save_file(self, key: str, kind: str, name: str) -> None:
        self._detail.tell("info", f"{name} を取り寄せています。")

        def done(sentence: str) -> None:
            self._detail.show_sheet(self._grants.sheet(self._open))
            self._detail.tell("ok", sentence)

        run(lambda: self._grants.save_file(key, kind, name), done, self._failed, self)

    def _open_link(self, address: str) -> None:
        """Through a question that names the host: the text of a publisher may lead anywhere."""
        url = QUrl(address, QUrl.ParsingMode.StrictMode)
        if url.scheme() not in ("https", "http") or not url.host():
            self._detail.tell("warn", f"この種類の住所は開きません。({address[:80]})")
            return

        def go() -> None:
            if open_in_browser(address):
                self.window_.say(f"{url.host()} をいつものブラウザで開きました。")
            else:
                self._detail.tell("warn", "ブラウザを開けませんでした。", address)

        sentence = f"{url.host()} を、いつものブラウザで開きますか。"
        self._detail.tell("info", sentence, address[:300], [("開く", go)])

    def _refresh(self) -> None:
        if self._refreshing:
            return
        self._refreshing, self._stop = True, False
        self._list.show_refreshing("Jグランツに聞いています。", running=True)

        def done(sentence: str) -> None:
            self._refreshing = False
            self._list.show_refreshing(sentence, running=False)
            self._all_anew()

        def failed(fault: Exception) -> None:
            self._refreshing = False
            self._list.show_refreshing(self._grants.kept().sentence, running=False)
            self._failed(fault)

        run(
            lambda: self._grants.refresh(self.progressed.emit, lambda: self._stop),
            done,
            failed,
            self,
        )

    def _progress(self, done: int, total: int) -> None:
        if self._refreshing:
            self._list.show_refreshing(f"取り寄せています {done:,} / {total:,}", running=True)

    def _stop_refresh(self) -> None:
        self._stop = True

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            self._detail.tell("danger", BROKE)
            raise fault
        self._detail.tell("warn", fault.sentence)
