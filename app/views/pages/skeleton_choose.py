"""Which procedure: by its 手続ID, or by name among those whose forms were fetched before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known, SignedOut
from app.domain.kana import search_key, to_half_width
from app.views.background import run
from app.views.models.form_face import moment_text
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.put_aside import PutAside
from app.views.pages.skeleton_page import BROKE, SkeletonPage
from app.views.pages.who_files import account_line, account_words
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow


def open_page(desk: Any, window: Window, asked: Mapping[str, str]) -> Page:
    """The form of a draft where one is named, else the choice of a procedure."""
    if asked.get("draft"):
        return SkeletonPage(desk, window, asked)
    return SkeletonChoosePage(desk, window, asked)


class SkeletonChoosePage(Page):
    """`asked` may name a procedure (`proc`) to be fetched at once, and say that it is the wish for
    電子送達 (`delivery`)."""

    place = "procedures"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("skeleton_choose")
        self._delivery = bool(asked.get("delivery"))
        self._busy = False
        self.title = "電子送達を申し込む" if self._delivery else "ほかの e-Gov の手続"
        self.field = TextField(
            asked.get("proc", ""), "手続ID(16けた)か、前に開いた手続の名前",
            name="skeleton.proc", spoken="手続ID か手続の名前",
        )  # fmt: skip
        self.go = Button("様式を取り寄せる", "primary", name="skeleton.fetch")
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._account = account_line(desk, "skeleton.account")
        self.drafts = Card("書きかけ", name="skeleton.drafts")
        self.known = Card("前に取り寄せた様式", name="skeleton.known")
        self._scroll = ScrollColumn((0, 4, 8, 24))
        self._lay()
        self.go.clicked.connect(lambda _=False: self.fetch())
        self.field.returnPressed.connect(self.fetch)
        self.field.textChanged.connect(lambda _text: self._show_known())

    def _lay(self) -> None:
        card = Card("どの手続ですか", name="skeleton.choose")
        words = (
            "一度に様式のない手続を、e-Gov が渡す様式のまま書いて出せます。"
            "手続ID は、e-Gov の手続のページに書いてあります。"
            "e-Gov は名前で探す窓口を開いていないので、名前では前に開いたものだけを探せます。"
        )
        if self._delivery:
            words = (
                "電子送達は、申し込むと役所からの知らせが e-Gov に届くしくみです。"
                "申込みの手続ID は役所ごとにちがいます。e-Gov の手続のページで確かめてください。"
            )
        card.body.addWidget(wrap_label(words, "label", "ink2"))
        if self.desk.practice:
            example = "900A013800001000" if self._delivery else "X-PRACTICE-T0002"
            line = f"練習の町では、たとえば {example} を開けます。"
            card.body.addWidget(wrap_label(line, "note", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.go)
        card.body.addLayout(row)
        card.body.addWidget(self._account)
        column = self._scroll.column
        column.setSpacing(16)
        column.addLayout(self._bands)
        column.addWidget(card)
        column.addWidget(self.drafts)
        column.addWidget(self.known)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def header_actions(self) -> list[QWidget]:
        """The way back."""
        back = Button("手続へもどる", "quiet", "arrow-left", name="skeleton.back")
        back.clicked.connect(lambda _=False: self.window_.show_page("procedures"))
        return [back]

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """The field."""
        return self.field

    def refresh(self) -> None:
        """Reads drafts and kept forms again."""
        self._account.set_text(account_words(self.desk))
        self._show_drafts()
        self._show_known()

    def fetch(self) -> None:
        """Fetches the form of what is typed, off the window's thread, and opens its draft."""
        text = to_half_width(self.field.text()).strip()
        named = [k for k in self.desk.cases.skeletons.known() if k.title == self.field.text()]
        proc_id = named[0].proc_id if named else text
        if self._busy:
            return
        if not proc_id:
            self._tell("warn", "手続ID を入れてください。")
            return
        self._busy = True
        self.go.setEnabled(False)
        self._tell("info", "e-Gov から様式を取り寄せています。")

        def rest() -> None:
            self._busy = False
            self.go.setEnabled(True)
            self._clear()

        def done(_kept: object) -> None:
            rest()
            self.open(proc_id)

        def failed(fault: Exception) -> None:
            rest()
            self._failed(fault)

        run(lambda: self.desk.cases.skeletons.fetch(proc_id), done, failed, self)

    def open(self, proc_id: str) -> None:
        """The draft of a procedure whose form is kept."""
        try:
            draft = self.desk.egov.drafts.begin(proc_id)
        except Known as fault:
            self._failed(fault)
            return
        if self._delivery:
            draft.mark_delivery()
        self.window_.show_page("skeleton", draft=draft.id)

    def _show_drafts(self) -> None:
        self.drafts.clear_rows()
        lines = self.desk.egov.drafts.lines()
        self.drafts.set_count(f"{len(lines)}件" if lines else "")
        self.drafts.setVisible(bool(lines))
        for number, line in enumerate(lines):
            on = Button("つづける", name=f"skeleton.continue.{number}")
            on.setAccessibleName(f"{line.title} をつづける")
            on.clicked.connect(
                lambda _=False, i=line.id: self.window_.show_page("skeleton", draft=i)
            )
            off = Button("しまう", "quiet", name=f"skeleton.aside.{number}")
            off.setAccessibleName(f"{line.title} をしまう")
            off.clicked.connect(lambda _=False, i=line.id: self._put_aside(i))
            note = f"手続ID {line.proc_id} ・ {moment_text(line.updated_at)} まで書きました"
            self.drafts.add_row(ListRow("file-text", line.title, note, [on, off]))

    def _put_aside(self, draft_id: str) -> None:
        def back() -> None:
            PutAside(self.desk).back(draft_id)
            self.refresh()

        try:
            self.desk.egov.drafts.discard(draft_id)
        except Known as fault:
            self.window_.say(fault.sentence)
            return
        self.window_.forget_pages("skeleton_review")
        self.refresh()
        self.window_.say("下書きをしまいました。", back)

    def _show_known(self) -> None:
        self.known.clear_rows()
        key = search_key(self.field.text())
        kept = self.desk.cases.skeletons.known()
        found = [k for k in kept if key in search_key(f"{k.title}{k.proc_id}")]
        self.known.set_count(f"{len(kept)}種類" if kept else "")
        for number, one in enumerate(found):
            begin = Button("書く", name=f"skeleton.open.{number}")
            begin.setAccessibleName(f"{one.title} を書く")
            begin.clicked.connect(lambda _=False, i=one.proc_id: self.open(i))
            at = one.fetched_at
            note = f"手続ID {one.proc_id} ・ {at.year}年{at.month}月{at.day}日に取り寄せました"
            self.known.add_row(ListRow("file-text", one.title, note, [begin], bold=False))
        if not kept:
            line = "取り寄せた様式は、つながっていなくても書けるように、ここに残ります。"
            self.known.add_row(EmptyState("file-text", "まだありません", line))
        elif not found:
            line = "手続ID を入れて「様式を取り寄せる」を押してください。"
            self.known.add_row(
                EmptyState("search", "その名前の様式は、まだ取り寄せていません", line)
            )

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            self._tell("danger", BROKE)
            raise fault
        actions: list[Action] = []
        if isinstance(fault, SignedOut):
            actions = [("サインインする", lambda: self.window_.show_page("sign_in"))]
        self._tell("warn", fault.sentence, actions)

    def _tell(self, kind: str, sentence: str, actions: Sequence[Action] = ()) -> None:
        self._clear()
        self._bands.addWidget(Band(kind, sentence, "", actions, name="skeleton.band"))

    def _clear(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
