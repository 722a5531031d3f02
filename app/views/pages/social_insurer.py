"""The first question of 社会保険: which health insurer, since it decides what goes by e-Gov at all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.social.insurer import Insurer
from app.views.theme import current
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow

NAMES = {
    Insurer.KYOKAI: "協会けんぽ",
    Insurer.KUMIAI: "健康保険組合",
    Insurer.KOKUHO: "国民健康保険組合",
}
_NOTES = {
    Insurer.KYOKAI: "保険証や資格確認書に「全国健康保険協会」とあります。\u200b健康保険も年金も e-Gov で出せます。",
    Insurer.KUMIAI: "「○○健康保険組合」とあります。\u200be-Gov で出せるのは年金の側だけです。\u200b"
    "組合の分は印刷して、その組合の方法で出します。",
    Insurer.KOKUHO: "「○○国民健康保険組合」とあります。\u200be-Gov で出せるのは年金の側だけです。\u200b"
    "組合の分は印刷して、その組合の方法で出します。",
}
_WIDE = 640


class InsurerQuestion(QWidget):
    """Three answers, none chosen before a person has said. `chosen` carries the insurer."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("social.insurer")
        card = Card(name="social.insurer.card")
        card.setMaximumWidth(current().grown(_WIDE))
        card.body.addWidget(wrap_label("健康保険は、どこに入っていますか", "title", "ink"))
        told = "どの届を e-Gov で出せるかが、これで決まります。\u200bいちど答えると、次からはききません。"
        card.body.addWidget(wrap_label(told, "body", "ink2"))
        holder = Card(name="social.insurer.answers")
        self.rows: dict[Insurer, ListRow] = {}
        for kind, name in NAMES.items():
            row = ListRow(
                "shield-check", name, _NOTES[kind], pressable=True, height=76,
                name=f"social.insurer.{kind}",
            )  # fmt: skip
            row.pressed.connect(lambda k=kind: self.chosen.emit(k))
            self.rows[kind] = row
            holder.add_row(row)
        card.body.addWidget(holder)
        self._told = QVBoxLayout()
        card.body.addLayout(self._told)
        self.leave = Button("変えずにもどる", "quiet", small=True, name="social.insurer.leave")
        self.leave.clicked.connect(lambda _=False: self.left.emit())
        card.body.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def ask(self, now: Insurer | None) -> None:
        """Asks; `now` is what was said before and stays marked."""
        for kind, row in self.rows.items():
            row.set_chosen(kind is now)
        self.leave.setVisible(now is not None)

    def tell(self, sentence: str) -> None:
        """Says why the answer could not be kept."""
        band = Band("danger", sentence, name="social.insurer.fault")
        self._told.addWidget(band)
        band.show()


def union_band(kind: Insurer, actions: Sequence[Action] = ()) -> Band | None:
    """What of a union's notices goes by e-Gov and what does not; None for 協会けんぽ.

    `actions` are what the page can do about it: print.
    """
    if kind is Insurer.KYOKAI:
        return None
    return Band(
        "info",
        "e-Gov で出せるのは、年金(厚生年金保険)の側だけです。",
        f"{NAMES[kind]}の分は e-Gov では出せません。\u200b"
        f"{'' if actions else '届を用意するページで'}印刷して、その組合の方法で出してください。",
        actions,
        icon="printer",
        name="social.union",
    )
