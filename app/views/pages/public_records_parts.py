"""One offer of 公開されている記録: what is public, what the company holds, and the button that takes it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.public_records import OfferLine
from app.views.theme import current
from app.views.widgets.badge import OriginBadge
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.lines import label, wrap_label

STATES: Final = {
    "new": ("新しい", "info", "soft", "plus"),
    "same": ("同じ", "neutral", "outline", "check"),
    "differs": ("ちがう", "warn", "dashed", "triangle-alert"),
}
"""The chip of a state: word, kind, style, outline. They differ by fill, outline and dash."""
_STATE, _BUTTON = 92, 112


class OfferRow(QWidget):
    """A row for an offer. `accepted` and `taken_back` carry its key."""

    accepted = Signal(str)
    taken_back = Signal(str)

    def __init__(self, line: OfferLine) -> None:
        super().__init__()
        self.line = line
        word, kind, style, icon = STATES[line.state]
        self.setObjectName(f"public.row.{line.key}")
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 10, 16, 10)
        row.setSpacing(16)
        row.addWidget(_fixed(Chip(word, kind, style, icon), _STATE), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(wrap_label(line.label, "label", "ink2"))
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(self._public(), 1)
        both.addLayout(self._held(), 1)
        words.addLayout(both)
        row.addLayout(words, 1)
        self.take = Button("取り入れる", small=True, name=f"public.take.{line.key}")
        self.take.setAccessibleName(f"{line.label}「{line.public}」を取り入れる")
        self.take.clicked.connect(lambda _=False: self.accepted.emit(line.key))
        if line.state == "same":
            self.take.hide()
        self.back = Button("取り消す", "quiet", small=True, name=f"public.back.{line.key}")
        self.back.setAccessibleName(f"{line.label}「{line.held}」の取り入れを取り消す")
        self.back.clicked.connect(lambda _=False: self.taken_back.emit(line.key))
        if not line.taken:
            self.back.hide()
        row.addWidget(_fixed(self._buttons(), _BUTTON), 0, Qt.AlignmentFlag.AlignTop)
        held = line.held or "まだありません"
        self.setAccessibleName(
            f"{line.label}、{word}、公開 {line.public}、{line.source}、この会社 {held}"
        )

    def _buttons(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in (self.take, self.back):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _public(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(wrap_label(self.line.public, "heading", "ink"))
        for name, value in self.line.details:
            column.addWidget(wrap_label(f"{name}: {value}", "note", "ink2"))
        column.addWidget(wrap_label(self.line.source, "note", "ink2"))
        column.addStretch(1)
        return column

    def _held(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        if not self.line.held:
            column.addWidget(wrap_label("この会社ではまだありません", "body", "ink2"))
        else:
            column.addWidget(wrap_label(self.line.held, "body", "ink"))
            if self.line.held_origin:
                badge = OriginBadge(self.line.held_origin)
                column.addWidget(badge, 0, Qt.AlignmentFlag.AlignLeft)
            if self.line.held_source:
                column.addWidget(wrap_label(self.line.held_source, "note", "ink2"))
        column.addStretch(1)
        return column


class OfferHead(QWidget):
    """The heads of the columns."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 6, 16, 6)
        row.setSpacing(16)
        row.addWidget(_fixed(label("くらべると", "note", "ink2"), _STATE))
        row.addWidget(label("公開されている値", "note", "ink2"), 1)
        row.addWidget(label("この会社が持つ値", "note", "ink2"), 1)
        row.addWidget(_fixed(None, _BUTTON))


def _fixed(part: QWidget | None, width: int) -> QWidget:
    holder = QWidget()
    holder.setFixedWidth(current().grown(width))
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    if part is not None:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
    return holder
