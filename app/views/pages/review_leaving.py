"""What leaves, to whom, and as whom: the card that is read before 送る is pressed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.lines import WrapLabel, label, wrap_label
from app.views.widgets.plate import SealPlate


class LeavingCard(Card):
    """Company with plate and number, one sentence about what leaves, the door, account, capacity."""

    def __init__(self, card: Any, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(name="review.leaving", parent=parent)
        company = QHBoxLayout()
        company.setSpacing(12)
        company.addWidget(SealPlate(card.kanji, card.plate, 40))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(wrap_label(card.name, "heading", "ink"))
        names.addWidget(label(f"法人番号 {card.corporate_number}", "note", "ink2"))
        company.addLayout(names, 1)
        if practice:
            company.addWidget(Chip("練習", "warn", "outline", name="review.practice"))
        self.body.addLayout(company)
        self.sentence = wrap_label("", "body", "ink", bold=True)
        self.body.addWidget(self.sentence)
        self._lines: dict[str, WrapLabel] = {}
        for key, name in (("door", "送り先"), ("account", "だれの名で"), ("capacity", "立場")):
            self.body.addLayout(self._line(key, name))

    def show_review(self, review: Any) -> None:
        """Show what `Desk.review` says."""
        self.sentence.set_text(leaving_sentence(review) if review is not None else "")
        for key, name in (
            ("door", "door_sentence"),
            ("account", "account"),
            ("capacity", "capacity"),
        ):
            text = str(getattr(review, name, "") or "") if review is not None else ""
            self._lines[key].set_text(text or "まだ決まっていません。")

    def _line(self, key: str, name: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        head = wrap_label(name, "label", "ink2")
        head.setFixedWidth(current().grown(88))
        self._lines[key] = wrap_label("", "label", "ink")
        row.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._lines[key], 1, Qt.AlignmentFlag.AlignTop)
        return row


def leaving_sentence(review: Any) -> str:
    """〈何〉が〈相手〉に出ます。"""
    leaving = review.leaving
    if isinstance(leaving, str):
        return leaving
    return "、".join(str(x) for x in leaving)
