"""しまった下書き: what would be lost is shown by name before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.clock import today
from app.domain.errors import Known
from app.views import theme
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.put_aside import AsideLine, PutAside
from app.views.pages.vault_care import care_of
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import ChoiceField
from app.views.widgets.lines import label, wrap_label
from app.views.widgets.row import ListRow

SPANS = (("0", "きのうまでに"), ("30", "30日より前に"), ("365", "1年より前に"))
_USUAL = "30"
_WIDEST = 860
_LOST = (
    "消えるのは、その下書きにだけ書いた答えです。もう戻せません。\n"
    "会社と従業員の事実、送った届、受け取った書類は、消えません。"
)
_NOTHING = "「手続」で下書きをしまうと、ここに移ります。"


class PurgePage(Page):
    """Every draft put aside has its way back; those put aside long ago can be cleared away."""

    place = "settings"

    def __init__(self, desk: Any, window: Window, _asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("purge")
        self.title = "しまった下書き"
        self.aside = PutAside(desk)
        self._busy = False
        self.span = ChoiceField(SPANS, name="purge.span", spoken="いつしまった下書きを消すか")
        self.span.set_value(_USUAL)
        self.span.chosen.connect(self._chosen)
        choose = Card(name="purge.choose")
        choose.body.addWidget(label("消すのは、いつしまったものですか", "label", "ink2"))
        choose.body.addWidget(self.span)
        choose.body.addWidget(wrap_label(_LOST, "body", "ink"))
        self._bands = QVBoxLayout()
        choose.body.addLayout(self._bands)
        self.lost = Card("消える下書き", name="purge.lost")
        self.kept = Card("残る下書き", name="purge.kept")
        self.do_not = Button("消さない", name="purge.not")
        self.do_not.clicked.connect(lambda _=False: self._to_settings())
        self.do = Button("", name="purge.do")
        self.do.clicked.connect(lambda _=False: self.purge())
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.do_not)
        foot.addWidget(self.do)
        self._scroll = ScrollColumn((0, 4, 12, 24))
        column = self._scroll.column
        column.setSpacing(16)
        for card in (choose, self.lost, self.kept):
            card.setMaximumWidth(theme.current().grown(_WIDEST))
            column.addWidget(card)
        holder = QWidget()
        holder.setMaximumWidth(theme.current().grown(_WIDEST))
        holder.setLayout(foot)
        column.addWidget(holder)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """The word that loses nothing."""
        return self.do_not

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What was pressed to come here is hidden, and Qt would hand its focus to the first choice.
        QTimer.singleShot(0, self.do_not, self.do_not.setFocus)

    @property
    def before(self) -> date:
        """Drafts put aside before this day would go."""
        return today(self.desk.clock) - timedelta(days=int(self.span.value() or _USUAL))

    def refresh(self) -> None:
        """List what would be lost, and what would stay."""
        before = self.before
        lines = self.aside.lines()
        lost = [line for line in lines if line.at.date() < before]
        kept = [line for line in lines if line.at.date() >= before]
        for card, members in ((self.lost, lost), (self.kept, kept)):
            card.clear_rows()
            card.set_count(f"{len(members)}件" if members else "")
            for line in members:
                card.add_row(self._row(line))
        if not lost:
            words = "しまった下書きは、どれもこれより新しいものです。" if kept else _NOTHING
            self.lost.add_row(EmptyState("archive", "消える下書きはありません", words))
        self.kept.setVisible(bool(kept))
        self.do.setVisible(bool(lost))
        self.do.set_text(f"{len(lost)}件を消す")

    def _row(self, line: AsideLine) -> ListRow:
        words = (
            line.subject_name,
            f"{line.at.year}年{line.at.month}月{line.at.day}日にしまいました",
        )
        back = Button("もどす", "small", name=f"purge.back.{line.id}")
        back.setAccessibleName(f"{line.title} {line.subject_name} をもどす")
        back.clicked.connect(lambda _=False: self._bring_back(line))
        note = "  ・  ".join(word for word in words if word)
        return ListRow("file-text", line.title, note, [back], name=f"purge.draft.{line.id}")

    def _bring_back(self, line: AsideLine) -> None:
        try:
            self.aside.back(line.id)
        except Known as fault:
            self._say(fault.sentence)
            return
        self.refresh()
        self.do_not.setFocus(Qt.FocusReason.OtherFocusReason)
        self.window_.say(f"{line.title}をもどしました。「手続」から続けられます。")

    def purge(self) -> None:
        """Clear away exactly what is listed."""
        care = care_of(self.desk)
        if care is None or self._busy:
            return
        self._busy, before = True, self.before
        self.do.set_text("消しています…")

        def done(gone: int) -> None:
            self._busy = False
            self._to_settings()
            self.window_.say(f"下書き {gone}件を消しました。")

        def failed(fault: Exception) -> None:
            self._busy = False
            self.refresh()
            if not isinstance(fault, Known):
                raise fault
            self._say(fault.sentence)

        run(lambda: care.purge_drafts(before), done, failed, self)

    def _chosen(self, value: str) -> None:
        if not value:  # a span is always chosen
            self.span.set_value(_USUAL)
        self.refresh()

    def _say(self, sentence: str) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(Band("danger", sentence, name="purge.band"))

    def _to_settings(self) -> None:
        self.window_.show_page("settings", at="vault")
