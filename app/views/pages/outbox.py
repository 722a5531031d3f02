"""送信箱: what was sealed, what waits for an answer, what is done; each with its receipt and events."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QWidget

from app.domain.errors import Known, SignedOut
from app.domain.filing import Stage
from app.services.filing_view import FilingView
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.cases import case_view, cases_of, form_of, notices_of, page_of, send_wish
from app.views.pages.outbox_detail import FilingDetail
from app.views.pages.outbox_hand_work import HandWork
from app.views.pages.outbox_list import FilingList
from app.views.theme import current
from app.views.widgets.band import Action
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState

_log = logging.getLogger(__name__)
_LIST, _ENDLESS = 348, 16_777_215
BROKE = "一度の側でつまずきました。書いたものは残っています。"


class OutboxDesk(Protocol):
    """The part of the desk this page needs. Those that ask a door may block."""

    def filings(self) -> Sequence[FilingView]: ...
    def filing(self, filing_id: str) -> FilingView: ...
    def send(self, filing_id: str) -> FilingView: ...
    def settle(self, filing_id: str) -> object: ...
    def unseal(self, filing_id: str) -> str: ...
    def draft(self, draft_id: str) -> Any: ...
    def open_draft(self, procedure_id: str, subject: str) -> Any: ...
    def poll(self) -> Sequence[Any]: ...
    def award_of(self, filing_id: str) -> str: ...
    def mark_seen(self, filing_id: str) -> None: ...
    def decide_unknown(self, filing_id: str, arrive_id: str | None) -> object: ...
    def prove(self, filing_id: str, folder: Path) -> Path: ...


class OutboxPage(Page):
    """List and detail. `asked` may name the filing to show: {"open": id}."""

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("outbox")
        self.place = "outbox"
        self.title = "送信箱"
        self._desk: OutboxDesk = desk
        self._open = (asked or {}).get("open", "")
        self._views: dict[str, FilingView] = {}
        self._busy = False
        self._width = 1280
        self._list = FilingList()
        self._detail = FilingDetail()
        self._dialog: QFileDialog | None = None
        start = Button("手続をえらぶ", "small", name="outbox.start")
        start.clicked.connect(lambda: window.show_page("procedures"))
        empty = EmptyState(
            "send",
            "まだ何も送っていません",
            "送ったものは、控えと一緒にここに残ります。",
            start,
            name="outbox.empty",
        )
        full = QWidget()
        row = QHBoxLayout(full)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list, _LIST)
        row.addWidget(self._detail, 660)
        self._narrow = False
        self._in_detail = bool(self._open)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(full)
        self._connect()
        self.hand = HandWork(self, self._detail, desk)
        self.fold(self._width)

    def _connect(self) -> None:
        self._list.chosen.connect(self._chosen_by_person)
        detail = self._detail
        detail.back.clicked.connect(self._to_list)
        detail.send_asked.connect(self._send)
        detail.award_asked.connect(self._award)
        detail.portal_asked.connect(lambda: self.window_.show_page("portal", open=self._open))
        detail.settle_asked.connect(self._settle)
        detail.poll_asked.connect(self._poll)
        detail.decided.connect(self._decide)
        detail.prove_asked.connect(self._ask_where)
        detail.document_asked.connect(lambda i: self.window_.show_page("documents", open=i))
        detail.fix_asked.connect(self._fix)
        detail.field_asked.connect(self._to_field)
        detail.filing_asked.connect(self.choose)
        detail.withdraw_asked.connect(self._withdraw)
        detail.fees_asked.connect(lambda: self.window_.show_page("fees"))
        QShortcut(QKeySequence("Ctrl+Shift+C"), self, self._copy_receipt)

    # -- the frame -----------------------------------------------------------------------------

    def columns(self) -> Sequence[QWidget]:
        """F6 walks through list and detail."""
        return [self._list, self._detail]

    def first_focus(self) -> QWidget | None:
        """The row of the filing shown; where it is narrow, the way back to the list."""
        if not self._list.isVisible():
            return self._detail.back if self._detail.back.isVisible() else None
        return self._list.row(self._open)

    def refresh(self) -> None:
        """Read all filings again and show the chosen one, else the first."""
        views = self._desk.filings()
        self._views = {view.id: view for view in views}
        waiting = sum(1 for view in views if view.group != "done")
        self.note = f"待っているもの {waiting} · 済んだもの {len(views) - waiting}" if views else ""
        self._stack.setCurrentIndex(1 if views else 0)
        if not views:
            return
        self._list.show_filings(views, self._open)
        if self._open not in self._views:
            self._open = self._list.first()
        self.choose(self._open)

    def fold(self, width: int) -> None:
        """Below 1120 (more with larger letters) list and detail are shown one at a time."""
        look = current()
        self._narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        self._list.setMaximumWidth(_ENDLESS if self._narrow else look.grown(_LIST))
        self._list.setVisible(not (self._narrow and self._in_detail))
        self._detail.setVisible(not self._narrow or self._in_detail)
        self._detail.back.setVisible(self._narrow)
        self._width = width

    def _chosen_by_person(self, filing_id: str) -> None:
        self.choose(filing_id)
        if self._narrow:
            self._in_detail = True
            self.fold(self._width)
            self._detail.back.setFocus()

    def _to_list(self) -> None:
        self._in_detail = False
        self.fold(self._width)
        self._list.focus_on(self._open)

    def choose(self, filing_id: str) -> None:
        """Show one filing beside the list."""
        self._open = filing_id
        self._list.mark(filing_id)
        view = self._views[filing_id]
        self._detail.show_filing(view, case_view(self._desk, view))
        self.hand.look(view)
        if not view.seen:
            self._desk.mark_seen(filing_id)

    @property
    def chosen(self) -> str:
        """The id of the filing shown."""
        return self._open

    @property
    def shown(self) -> FilingView:
        """The filing shown."""
        return self._views[self._open]

    def open(self, filing_id: str) -> None:
        """Reads all filings again and shows one."""
        self._open = filing_id
        self.refresh()

    # -- what is asked for ---------------------------------------------------------------------

    def work(self, task: Callable[[], Any], done: Callable[[Any], None], saying: str) -> None:
        """One thing at a time, off the window's thread; the answer is shown in place."""
        if self._busy:
            return
        self._busy = True
        self._detail.tell("info", saying)
        about = self._open

        def finished(result: Any) -> None:
            self._busy = False
            self.refresh()
            if self._open == about:
                done(result)
            self.window_.update_status()

        def failed(fault: Exception) -> None:
            self._busy = False
            self.refresh()
            self._say_fault(fault)
            self.window_.update_status()

        run(task, finished, failed, self)

    def _say_fault(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            _log.error("outbox fault %s", type(fault).__name__, exc_info=fault)
            self._detail.tell("danger", BROKE)
            return
        actions: list[Action] = []
        if isinstance(fault, SignedOut):
            actions = [("サインインする", lambda: self.window_.show_page("sign_in"))]
        self._detail.tell("warn", fault.sentence, actions=actions)

    def _send(self) -> None:
        ident = self._open
        self.work(lambda: self._desk.send(ident), lambda _view: None, "一度だけ送っています。")

    def _settle(self) -> None:
        ident = self._open
        self.work(lambda: self._desk.settle(ident), lambda _result: None, "役所に確かめています。")

    def _poll(self) -> None:
        def done(news: Sequence[Any]) -> None:
            if news:
                words = "\n".join(item.sentence for item in news)
                self._detail.tell("ok", "新しい知らせが届きました。", words)
            else:
                self._detail.tell("info", "新しい知らせはありません。")

        self.work(self._desk.poll, done, "役所に確かめています。")

    def _decide(self, arrive_id: str) -> None:
        ident = self._open
        self.work(
            lambda: self._desk.decide_unknown(ident, arrive_id or None),
            lambda _result: None,
            "書きとめています。",
        )

    def _fix(self) -> None:
        """What can be written on is opened: an envelope not sent is given up, a refusal is corrected."""
        view = self._views[self._open]
        where = form_of(view, case_view(self._desk, view))
        # they know of the envelope that is now given up
        self.window_.forget_pages("review", "skeleton_review", "social")
        try:
            notices = notices_of(self._desk, view)
            if view.stage is Stage.READY:
                self._desk.unseal(view.id)
            if "amends" in where and page_of(view) == "form":
                self._desk.draft(view.draft_id)
        except Known as fault:
            self._detail.tell("warn", fault.sentence)
            return
        if notices:
            self.window_.show_page("social", **notices)
        elif where:
            self.window_.show_page(page_of(view), **where)
        elif view.withdraws:
            self._open = view.withdraws
            self.refresh()
        else:
            self.window_.show_page("procedures", open=view.procedure_id)

    def _withdraw(self, reason: str, certificate: str = "") -> None:
        """The wish is sealed here and sent once; what came of it is told where it belongs."""
        cases, about = cases_of(self._desk), self._open
        if cases is None or self._busy:
            return
        try:
            wish = cases.withdraw(about, reason, certificate_id=certificate)
        except Known as fault:
            if self._detail.withdraw is not None:
                self._detail.withdraw.complain(fault.sentence)
            return
        self._open = wish
        self.refresh()

        def done(view: FilingView) -> None:
            if view.stage is Stage.ENDED:
                self.refresh()
                self.choose(about)
                words = "取下げの依頼が届きました。"
                self._detail.tell("ok", words, "認めるかどうか、役所の返事を待ちます。")

        self.work(lambda: send_wish(self._desk, wish), done, "一度だけ送っています。")

    def _to_field(self, field_id: str) -> None:
        """The form this filing was written in, at the field that is to be put right."""
        view = self._views[self._open]
        where = form_of(view, case_view(self._desk, view))
        try:
            if notices := notices_of(self._desk, view):
                self.window_.show_page("social", **notices)
                return
            draft = self._desk.draft(view.draft_id)
            if "amends" not in where:
                written = draft.draft
                where = {"procedure": written.procedure.id, "subject": written.subject}
                draft = self._desk.open_draft(*where.values())
            draft.set_cursor(field_id)
        except Known as fault:
            self._detail.tell("warn", fault.sentence)
            return
        self.window_.show_page("form", **where)

    def _award(self) -> None:
        """What follows a 採択 has a page of its own; the award is begun once for a filing."""
        try:
            key = self._desk.award_of(self._open)
        except Known as fault:
            self._detail.tell("warn", fault.sentence)
            return
        self.window_.show_page("award", award=key)

    def _copy_receipt(self) -> None:
        if self._detail.receipt is not None:
            self._detail.receipt.copy()
            self.window_.say("到達番号を写しました。")

    # -- the proof -----------------------------------------------------------------------------

    def _ask_where(self) -> None:
        """Where to put the proof; a dialog that is opened, so that nothing waits for it."""
        dialog = QFileDialog(self, "証明ファイルを置くところ")
        dialog.setObjectName("outbox.prove.dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "ここに書き出す")
        dialog.fileSelected.connect(lambda folder: self.prove_into(Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def prove_into(self, folder: Path) -> None:
        """Write the proof of the shown filing into `folder`."""
        ident = self._open

        def done(path: Path) -> None:
            note = "中の README に、確かめ方と、証明できること・できないことを書いています。"
            self._detail.tell("ok", f"証明ファイル {path.name} を書き出しました。", note)

        self.work(lambda: self._desk.prove(ident, folder), done, "証明ファイルを作っています。")
