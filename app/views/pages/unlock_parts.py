"""Parts of the first page: the list of companies, a divider with a word, the moment last opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.clock import JST
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import SecretField
from app.views.widgets.lines import dress, hairline, label
from app.views.widgets.plate import SealPlate
from app.views.widgets.row import ListRow

if TYPE_CHECKING:
    from app.views.house import Card


def opened_text(at: datetime | None, now: datetime) -> str:
    """きょう 9:10 · きのう 18:20 · 6月29日 · 2025年6月29日; "" when never opened."""
    if at is None:
        return ""
    at, now = at.astimezone(JST), now.astimezone(JST)
    days = (now.date() - at.date()).days
    translate = QCoreApplication.translate
    clock = f"{at.hour}:{at:%M}"
    if days == 0:
        return translate("unlock", "きょう {}").format(clock)
    if days == 1:
        return translate("unlock", "きのう {}").format(clock)
    if at.year == now.year:
        return translate("unlock", "{}月{}日").format(at.month, at.day)
    return translate("unlock", "{}年{}月{}日").format(at.year, at.month, at.day)


def card_note(card: Card) -> str:
    """焼津市 ・ 期限 3件"""
    translate = QCoreApplication.translate
    due = translate("unlock", "期限なし")
    if card.due_count:
        due = translate("unlock", "期限 {}件").format(card.due_count)
    return "  ・  ".join(part for part in (card.town, due) if part)


class PassphraseField(SecretField):
    """A passphrase that knows, from the letters typed, whether Caps Lock is on; ↑↓ are the list's."""

    stepped = Signal(int)

    def __init__(self, *, name: str, spoken: str) -> None:
        super().__init__(name=name, spoken=spoken)
        self.caps_lock = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        letter = event.text()
        if letter.isascii() and letter.isalpha():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock = letter.isupper() != shift
        super().keyPressEvent(event)


class CompanyList(QWidget):
    """The companies of this machine, 64 high each. `chosen` carries the card one went to."""

    chosen = Signal(object)
    confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unlock.companies")
        self.setAccessibleName(self.tr("会社をえらぶ"))
        self._cards: list[Card] = []
        self._rows: list[ListRow] = []
        self._at = -1
        holder = QWidget()
        holder.setProperty("clear", "true")
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def show_cards(self, cards: Sequence[Card], now: datetime, chosen: Card | None) -> None:
        """Shows the cards with one of them chosen (the first when None)."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._cards, self._rows, self._at = list(cards), [], -1
        for number, card in enumerate(cards):
            row = self._row(card, now, number)
            self._rows.append(row)
            self._column.addWidget(row)
        if not cards:
            self._column.addWidget(
                EmptyState(
                    "building-2",
                    self.tr("会社がまだありません"),
                    self.tr("法人番号を入れると、名前と所在地が入ります。"),
                )
            )
        self._column.addStretch(1)
        paths = [c.path for c in cards]
        start = paths.index(chosen.path) if chosen is not None and chosen.path in paths else 0
        self.choose(start)

    def current_card(self) -> Card | None:
        """The card chosen."""
        return self._cards[self._at] if 0 <= self._at < len(self._cards) else None

    def choose(self, number: int) -> None:
        """Chooses a row by its place; out of range stays at the ends."""
        if not self._rows:
            self._at = -1
            return
        self._at = max(0, min(len(self._rows) - 1, number))
        for place, row in enumerate(self._rows):
            row.set_chosen(place == self._at)
            dress(row.title, "heading" if place == self._at else "body", "ink")
        self.area.ensureWidgetVisible(self._rows[self._at], 0, 4)
        self.chosen.emit(self._cards[self._at])

    def step(self, by: int) -> None:
        """Chooses the next or previous row."""
        self.choose(self._at + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            self._rows[self._at].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def _row(self, card: Card, now: datetime, number: int) -> ListRow:
        right: list[QWidget] = [label(opened_text(card.last_opened, now), "note", "ink2")]
        if card.practice:
            right.insert(0, Chip(self.tr("練習"), "warn", "dashed"))
        row = ListRow(
            None, card.name, card_note(card), right,
            left=SealPlate(card.kanji, card.plate, 40), height=current().grown(64),
            pressable=True, bold=False, inset=12, gap=12, name=f"unlock.company.{number}",
        )  # fmt: skip
        row.setAccessibleName(
            " ".join((card.name, card_note(card), self.tr("練習") if card.practice else "")).strip()
        )
        row.pressed.connect(lambda n=number: self._press(n))
        return row

    def _press(self, number: int) -> None:
        self.choose(number)
        self.confirmed.emit(self._cards[number])


class FirstTime(QWidget):
    """What stands at the right while there is no company. `asked` says whether for practice."""

    asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        empty = EmptyState(
            "key-round",
            self.tr("はじめに、会社をくわえます"),
            self.tr("練習の町なら、\u200bほんとうの役所に\u200b届かずに\u200b試せます。"),
        )
        column.addWidget(empty)
        self.add = Button(self.tr("会社をくわえる"), "primary", name="unlock.first.add")
        self.add.clicked.connect(lambda _=False: self.asked.emit(False))
        words = self.tr("練習の町をひらく")
        practice = Button(words, icon="landmark", name="unlock.first.practice")
        practice.clicked.connect(lambda _=False: self.asked.emit(True))
        column.addWidget(self.add)
        column.addWidget(practice)
        column.addStretch(1)


def divider(word: str) -> QWidget:
    """A hairline with a word in its middle."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    row.addWidget(hairline(), 1)
    row.addWidget(label(word, "note", "ink2"))
    row.addWidget(hairline(), 1)
    return holder
