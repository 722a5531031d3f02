"""An outcome nobody knows yet: asked again, or decided by the person who has looked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.services.filing_view import CandidateLine
from app.views.pages.outbox_parts import grouped
from app.views.widgets.button import Button
from app.views.widgets.lines import label, wrap_label


class UnknownChooser(QFrame):
    """Nobody knows yet whether it arrived: ask again, or the person who has looked decides.

    `settle_asked`: ask the door now. `decided(str)`: the 到達番号 it is, or "" when the person has
    made sure that it is none of them and it never arrived.
    """

    settle_asked = Signal()
    decided = Signal(str)

    def __init__(self, candidates: Sequence[CandidateLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outbox.unknown")
        self.setProperty("surface", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._group = QButtonGroup(self)
        self._choices: dict[str, QRadioButton] = {}
        self._lead(candidates)
        for number, line in enumerate(candidates):
            self._choice(number, line)
        self.is_it = Button("選んだものがこの届です", name="outbox.unknown.is_it")
        self.is_it.setVisible(bool(candidates))
        self.ask = Button("今すぐ確かめる", icon="refresh-cw", name="outbox.unknown.ask")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.ask)
        row.addWidget(self.is_it)
        row.addStretch(1)
        self._column.addLayout(row)
        self._never(bool(candidates))
        self.ask.clicked.connect(self.settle_asked)
        self.is_it.clicked.connect(self._choose)

    def _lead(self, candidates: Sequence[CandidateLine]) -> None:
        if candidates:
            head = f"この届かもしれないものが {len(candidates)}件あります。どれですか。"
            note = (
                "到達の時刻と、e-Gov のマイページを見くらべてください。\n"
                "分からなければ、選ばずに待てます。二度は送りません。"
            )
        else:
            head = "この届は、まだ e-Gov の一覧に出ていません。"
            note = "一覧に出るまで、数分かかることがあります。確かめつづけます。"
        self._column.addWidget(label(head, "heading", "ink"))
        self._column.addWidget(wrap_label(note, "label", "ink2"))

    def _choice(self, number: int, line: CandidateLine) -> None:
        radio = QRadioButton(f"{grouped(line.arrive_id)}\u3000{line.sentence}")
        radio.setObjectName(f"outbox.unknown.candidate{number}")
        radio.setAccessibleName(f"到達番号 {grouped(line.arrive_id)}、{line.sentence}")
        self._group.addButton(radio)
        self._choices[line.arrive_id] = radio
        self._column.addWidget(radio)

    def _never(self, candidates: bool) -> None:
        """Back to ready only by a person who has looked: two acts, so never by a slip."""
        word = "どれも、この届ではありません。" if candidates else ""
        self.sure = QCheckBox(f"{word}e-Gov のマイページで、届いていないことを確かめました")
        self.sure.setObjectName("outbox.unknown.sure")
        self.sure.setAccessibleName(self.sure.text())
        self.never = Button("封をした状態にもどす", "small", name="outbox.unknown.never")
        self.never.hide()
        self.sure.toggled.connect(self.never.setVisible)
        self.never.clicked.connect(lambda: self.decided.emit(""))
        row = QHBoxLayout()
        row.addWidget(self.sure)
        row.addWidget(self.never)
        row.addStretch(1)
        self._column.addLayout(row)

    def _choose(self) -> None:
        for ident, radio in self._choices.items():
            if radio.isChecked():
                self.decided.emit(ident)
                return
        first = next(iter(self._choices.values()))
        first.setFocus(Qt.FocusReason.OtherFocusReason)
