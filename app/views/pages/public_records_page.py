"""公開されている記録: what gBizINFO says of the company, offered one by one against what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.public_records import GROUP_ORDER, TOKEN_MISSING, Answered, OfferLine
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.public_records_parts import OfferHead, OfferRow
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import label, wrap_label

BROKE = "一度の側でつまずきました。書いたものは残っています。"
WHAT_LEAVES = "gBizINFO に出るのは、この会社の法人番号だけです。"


class Records(Protocol):
    """The part of `desk.public_records` this page needs. `fetch` may block."""

    def fetch(self) -> Answered: ...
    def lines(self, answered: Answered) -> list[OfferLine]: ...
    def accept(self, line: OfferLine) -> None: ...
    def take_back(self, line: OfferLine) -> None: ...


class PublicRecordsPage(Page):
    """Asks when it is first shown; what was told is kept until the vault is closed."""

    place = "company"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("public_records")
        self.title = "公開されている記録"
        self._records: Records = desk.public_records
        self._answered: Answered | None = None
        self._asking = False
        self._rows: list[OfferRow] = []
        self.hide_same = Button("同じものは隠す", small=True, name="public.hide")
        self.hide_same.setCheckable(True)
        self.again = Button("聞きなおす", icon="refresh-cw", small=True, name="public.again")
        self._said = wrap_label("", "label", "ink2")
        self._said.setObjectName("public.said")
        self._scroll = ScrollColumn((0, 4, 8, 24))
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(16)
        self._credit = label("", "note", "ink2", name="public.credit")
        self._lay()
        self.hide_same.toggled.connect(lambda _on: self._show())
        self.again.clicked.connect(lambda _=False: self.ask())

    def _lay(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._said, 1)
        self.hide_same.hide()
        top.addWidget(self.hide_same)
        top.addWidget(self.again)
        column = self._scroll.column
        column.setSpacing(16)
        column.addLayout(top)
        column.addLayout(self._bands)
        column.addLayout(self._cards)
        column.addWidget(self._credit)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """The way back to 会社."""
        back = Button("会社へもどる", "quiet", "arrow-left", name="public.back")
        back.clicked.connect(lambda _=False: self.window_.show_page("company"))
        return [back]

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """What can be pressed first."""
        return next((row.take for row in self.rows() if row.line.state != "same"), self.again)

    def refresh(self) -> None:
        """Asks the first time; afterwards compares again with what the company holds now."""
        if self._answered is None:
            self.ask()
        else:
            self._show()

    # --- asking

    def ask(self) -> None:
        """Asks gBizINFO, off the window's thread."""
        if self._asking:
            return
        self._asking = True
        self.again.setEnabled(False)
        _clear(self._bands)
        self._said.set_text(f"gBizINFO に聞いています。\u200b{WHAT_LEAVES}")

        def done(answered: Answered) -> None:
            self._rest()
            self._answered = answered
            self._show()

        run(self._records.fetch, done, self._failed, self)

    def _rest(self) -> None:
        self._asking = False
        self.again.setEnabled(True)

    def _failed(self, fault: Exception) -> None:
        self._rest()
        self._said.set_text("" if self._answered is None else self._sentence([]))
        if not isinstance(fault, Known):
            self._tell("danger", BROKE)
            raise fault
        actions: list[Action] = []
        if fault.code.startswith("gbizinfo-token"):
            actions = [("設定をひらく", lambda: self.window_.show_page("settings", at="ids"))]
        note = "なくても、ほかの仕事はすべてできます。" if fault.code == TOKEN_MISSING else ""
        self._tell("warn", fault.sentence, note, actions)

    # --- showing

    def rows(self) -> list[OfferRow]:
        """The rows shown."""
        return list(self._rows)

    def _show(self) -> None:
        if self._answered is None:
            return
        _clear(self._bands)
        _clear(self._cards)
        self._rows = []
        try:
            lines = self._records.lines(self._answered)
        except Known as fault:
            self._said.set_text("")
            self._tell("danger", fault.sentence)
            return
        self._said.set_text(self._sentence(lines))
        self.hide_same.show()
        self._credit.setText(self._answered.credit)
        if self._answered.missing:
            parts = "、".join(self._answered.missing)
            self._tell(
                "warn", f"届かなかったもの: {parts}",
                "gBizINFO がいま答えられません。ほかは下のとおりです。時間をおいて聞きなおせます。",
            )  # fmt: skip
        shown = [x for x in lines if x.state != "same" or not self.hide_same.isChecked()]
        for group in GROUP_ORDER:
            members = [line for line in shown if line.group == group]
            if members:
                card = self._card(group, members)
                self._cards.addWidget(card)
                card.show()  # at once: the keyboard may go into it
        if not shown:
            self._cards.addWidget(_nothing(bool(lines)))

    def _sentence(self, lines: Sequence[OfferLine]) -> str:
        count = {
            state: sum(x.state == state for x in lines) for state in ("new", "differs", "same")
        }
        told = self._answered.updated_on if self._answered is not None else None
        when = f"gBizINFO の {told.year}年{told.month}月{told.day}日の記録です。" if told else ""
        if not lines:
            return when
        return (
            f"{when}\u200b新しい {count['new']}件 ・ \u200bちがう {count['differs']}件 ・ "
            f"\u200b同じ {count['same']}件。\u200bひとつずつ見て取り入れます。"
        )

    def _card(self, group: str, lines: Sequence[OfferLine]) -> Card:
        card = Card(group, f"{len(lines)}件", name=f"public.group.{group}")
        card.add_row(OfferHead())
        for line in lines:
            row = OfferRow(line)
            row.accepted.connect(self._accept)
            row.taken_back.connect(self._take_back)
            self._rows.append(row)
            card.add_row(row)
        return card

    def _accept(self, key: str) -> None:
        """One offer becomes facts; the keyboard goes on to the next that can be taken."""
        rows = self.rows()
        place = next((n for n, row in enumerate(rows) if row.line.key == key), None)
        if place is None:
            return
        line = rows[place].line
        after = [row.line.key for row in (*rows[place + 1 :], *rows[:place])]
        try:
            self._records.accept(line)
        except Known as fault:
            self._tell("danger", fault.sentence)
            return
        self._show()
        self.window_.update_status()
        self.window_.say(f"{line.label}を取り入れました。出どころは gBizINFO です。")
        left = {row.line.key: row for row in self.rows() if row.line.state != "same"}
        following = next((left[k] for k in after if k in left), None)
        (following.take if following is not None else self.again).setFocus()

    def _take_back(self, key: str) -> None:
        """What was taken in counts no more; the keyboard stays at the offer."""
        line = next((row.line for row in self.rows() if row.line.key == key), None)
        if line is None:
            return
        try:
            self._records.take_back(line)
        except Known as fault:
            self._tell("danger", fault.sentence)
            return
        self._show()
        self.window_.update_status()
        self.window_.say(f"{line.label}の取り入れを取り消しました。記録には残っています。")
        row = next((row for row in self.rows() if row.line.key == key), None)
        (row.take if row is not None and row.line.state != "same" else self.again).setFocus()

    def _tell(
        self, kind: str, sentence: str, note: str = "", actions: Sequence[Action] = ()
    ) -> None:
        self._bands.addWidget(Band(kind, sentence, note, actions, name="public.band"))


def _nothing(hidden: bool) -> EmptyState:
    line = "「同じものは隠す」をやめると、すべて見られます。" if hidden else ""
    fact = "ちがうものも新しいものもありません" if hidden else "公開されている記録はありません"
    return EmptyState("landmark", fact, line, name="public.empty")


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()  # not at once: it may be one of its buttons that asks for this
