"""Parts of 今日: a row with its day, the interview, the legend of the year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.views.theme import current, theme_changed
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import dress, label, wrap_label
from app.views.widgets.painting import smooth
from app.views.widgets.year_strip import paint_mark

if TYPE_CHECKING:
    from app.services.obligations import DueRow

_CHIP_ICON = {"ok": "check", "danger": "circle-alert", "warn": "triangle-alert"}
_SOON = 14


def plain_sentence(text: str) -> str:
    """A sentence without its <b> marks."""
    return re.sub(r"</?b>", "", text)


class DueRowView(QWidget):
    """A duty: day, name, what is left, one chip, one button 96 wide. `opened` carries the row."""

    opened = Signal(object)

    def __init__(self, row: DueRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setObjectName(f"today.due.{row.draft_id}")
        self.setAccessibleName(f"{row.day_text} {row.left_text} {row.title} {row.note} {row.chip}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        line = QHBoxLayout(self)
        line.setContentsMargins(18, 6, 18, 6)
        line.setSpacing(14)
        line.addWidget(self._day())
        line.addLayout(self._words(), 1)
        if row.chip:
            line.addWidget(Chip(row.chip, row.kind, icon=_CHIP_ICON.get(row.kind)))
        button = Button(
            row.button,
            "primary" if row.primary else "plain",
            name=f"today.due.{row.draft_id}.open",
        )
        button.setAccessibleName(f"{row.title} {row.button}")
        button.setMinimumWidth(96)
        button.clicked.connect(lambda _=False: self.opened.emit(row))
        line.addWidget(button)
        self._measure()
        theme_changed.connect(self._measure)

    def _measure(self) -> None:
        self.setMinimumHeight(current().size("listRow") - 1)

    def _day(self) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(current().grown(64))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = self.row
        soon = bool(row.due) and row.primary
        ink = "accent" if soon or self._is_near() else "ink"
        column.addStretch(1)
        column.addWidget(label(row.day_text, "day", ink))
        column.addWidget(label(row.left_text, "note", ink if ink == "accent" else "ink2"))
        column.addStretch(1)
        return holder

    def _is_near(self) -> bool:
        digits = re.sub(r"\D", "", self.row.left_text)
        return self.row.left_text.startswith("あと") and bool(digits) and int(digits) <= _SOON

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(wrap_label(self.row.title, "heading", "ink"))
        column.addWidget(wrap_label(self.row.note, "note", "ink2"))
        column.addStretch(1)
        return column


class QuestionCard(Card):
    """まとめて答える: how many questions open how many filings."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__(name="today.questions")
        row = QHBoxLayout()
        row.setContentsMargins(18, 20, 18, 20)
        row.setSpacing(15)
        self.sentence = wrap_label("", "heading", "ink")
        self.line = wrap_label("", "note", "ink2")
        words = QVBoxLayout()
        words.setContentsMargins(0, 7, 0, 0)
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.sentence)
        words.addWidget(self.line)
        words.addStretch(1)
        self.button = Button(self.tr("まとめて答える"), name="today.questions.answer")
        self.button.clicked.connect(lambda _=False: self.pressed.emit())
        row.addWidget(IconView("file-text", 20, "accent"))
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.rows.addLayout(row)

    def show_count(self, questions: int, filings: int) -> None:
        """Says how many questions there are, and for how many filings."""
        if filings > 1:
            words = self.tr("{}つの質問に答えると、\u200b{}件がまとめて\u200b送れるようになります")
            self.sentence.set_text(words.format(questions, filings))
        else:
            words = self.tr("{}つの質問に答えると、\u200b送れるようになります")
            self.sentence.set_text(words.format(questions))
        self.line.set_text(self.tr("同じことは二度きかれません。\u200b途中でやめても残ります。"))


class _Mark(QWidget):
    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state
        self.setFixedSize(16, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        painter.translate(8, 8)
        painter.scale(0.82, 0.82)
        paint_mark(painter, QPointF(0, 0), self._state)
        painter.end()


class Legend(QWidget):
    """済んだ · 今月 · これから, each with its mark."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        words = (
            ("done", self.tr("済んだ")),
            ("now", self.tr("今月")),
            ("later", self.tr("これから")),
        )
        for state, word in words:
            row.addSpacing(16)
            row.addWidget(_Mark(state), 0, Qt.AlignmentFlag.AlignVCenter)
            text = label(word, "note", "ink2")
            dress(text, "note", "ink2")
            row.addWidget(text)


def clear(layout: QVBoxLayout) -> None:
    """Takes everything out of a column."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
