"""人の記録を消す: who, why, and what goes and what stays, shown before anything is gone (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views import theme
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.vault_care import Erasable, Erased, care_of
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SelectField, TextField
from app.views.widgets.lines import label, wrap_label

_WIDEST = 860
_KINDS = {
    "employees": "従業員",
    "officers": "役員",
    "shareholders": "株主",
    "offices": "事業所",
}
_ABOUT = (
    "消した記録は、もう戻せません。金庫の記録には、いつ、どんな理由で消したかだけが残ります。\n"
    "送った届は、法律が残すよう求めているので消えません。前に取った控えにも残ります。"
)


class ErasePage(Page):
    """One person at a time; the button names how much goes and is there only when all is said."""

    place = "settings"

    def __init__(self, desk: Any, window: Window, _asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("erase")
        self.title = "人の記録を消す"
        self._known: dict[str, Erasable] = {}
        self.who = SelectField((), name="erase.who", spoken="だれの記録を消すか")
        self.who.chosen.connect(lambda _target: self._look())
        self.reason = TextField(
            "", "たとえば　本人の求めによる", name="erase.reason", spoken="消す理由"
        )
        self.reason.textChanged.connect(lambda _text: self._offer())
        card = Card(name="erase.card")
        card.setMaximumWidth(theme.current().grown(_WIDEST))
        for words, control in (("だれの記録ですか", self.who), ("消す理由", self.reason)):
            card.body.addWidget(label(words, "label", "ink2"))
            card.body.addWidget(control)
        card.body.addWidget(wrap_label(_ABOUT, "body", "ink"))
        self.counted = wrap_label("", "body", "ink")
        self.counted.setObjectName("erase.counted")
        self.counted.hide()
        card.body.addWidget(self.counted)
        self._bands = QVBoxLayout()
        card.body.addLayout(self._bands)
        self.do_not = Button("消さない", name="erase.not")
        self.do_not.clicked.connect(lambda _=False: self._to_settings())
        self.do = Button("消す", name="erase.do")
        self.do.clicked.connect(lambda _=False: self.erase())
        self.do.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.do_not)
        foot.addWidget(self.do)
        holder = QWidget()
        holder.setMaximumWidth(theme.current().grown(_WIDEST))
        holder.setLayout(foot)
        self._scroll = ScrollColumn((0, 4, 12, 24))
        self._scroll.column.setSpacing(16)
        self._scroll.column.addWidget(card)
        self._scroll.column.addWidget(holder)
        self._scroll.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """Who it is about."""
        return self.who

    def refresh(self) -> None:
        """Read who there is, off the window's thread: it looks through every record."""
        care = care_of(self.desk)
        if care is not None:
            run(care.erasable, self._show, self._failed, self)

    def erase(self) -> None:
        """Erase what was counted, for the reason that was written."""
        care, target = care_of(self.desk), self.who.value()
        if care is None or not target:
            return
        called = self._called(self._known[target])
        try:
            gone = care.erase(target, self.reason.text())
        except Known as fault:
            self._say(fault.sentence)
            return
        self._to_settings()
        self.window_.say(f"{called}の記録 {gone.records}件を消しました。")

    def _show(self, found: Sequence[Erasable]) -> None:
        chosen = self.who.value()
        self._known = {one.target: one for one in found}
        self.who.clear()
        self.who.addItem("", "")
        for one in found:
            self.who.addItem(self._called(one), one.target)
        self.who.set_value(chosen)
        self._look()

    def _called(self, one: Erasable) -> str:
        kind = _KINDS.get(one.collection, "")
        name = one.name or "名前の記録がない人"
        return f"{name}（{kind}）" if kind else name

    def _look(self) -> None:
        """Count what would go for the one who is chosen."""
        self._clear()
        care, target = care_of(self.desk), self.who.value()
        self.counted.setVisible(bool(target))
        if care is not None and target:
            try:
                self.counted.setText(_told(care.would_erase(target)))
            except Known as fault:
                self._say(fault.sentence)
        self._offer()

    def _offer(self) -> None:
        self.do.setVisible(bool(self.who.value() and self.reason.text().strip()))

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            raise fault
        self._say(fault.sentence)

    def _say(self, sentence: str) -> None:
        self._clear()
        self._bands.addWidget(Band("danger", sentence, name="erase.band"))

    def _clear(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _to_settings(self) -> None:
        self.window_.show_page("settings", at="vault")


def _told(what: Erased) -> str:
    drafts = f"と、まだ封をしていない下書き {what.drafts}件" if what.drafts else ""
    stays = f"送った届 {what.filings}件には残ります。" if what.filings else ""
    if what.with_numbers:
        stays += f"うち {what.with_numbers}件は、手続が終わるまで個人番号も封の中にあります。"
    return f"記録 {what.records}件{drafts}が消えます。{stays}"
