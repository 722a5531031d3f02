"""Parts of preparing a notice: letters to replace, what is wrong, who waits, what rests on inference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.letters import Substitution
from app.services.social.notice import Aside
from app.services.social.prepare import Prepared
from app.services.social.views import SocialReview
from app.views.models.social_tables import TextTable
from app.views.theme import current
from app.views.widgets.band import Action, LetterBand
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import wrap_label

SHOWN_ROWS = 8
"""Rows of a table seen at once; the rest is scrolled to, so that nothing is made for a thousand."""
_NAMED = 3
_LAST = 120


@dataclass
class BadLetter:
    """One letter the office does not take: what may stand for it, and in whose fields it stands."""

    letter: str
    substitutes: tuple[str, ...]
    places: list[str] = field(default_factory=list, repr=False)


Named = Callable[[int, str], str]
"""Whose a record is, by its number and the name that stands in it."""


def bad_letters(faults: Sequence[RecordFault], name: Named) -> list[BadLetter]:
    """The letters of all faults, each once, in the order they are met."""
    found: dict[str, BadLetter] = {}
    for fault in faults:
        for bad in fault.letters:
            entry = found.setdefault(bad.character, BadLetter(bad.character, bad.substitutes))
            entry.places.append(_place(fault, name))
    return list(found.values())


def _place(fault: RecordFault, name: Named) -> str:
    who = name(fault.record, fault.person) or (
        "事業所" if fault.record == 0 else f"{fault.record}件め"
    )
    return f"{who}の「{fault.field}」" if fault.field else who


class LettersCard(Card):
    """Each bad letter large, with its substitutes. `accepted` carries letter and substitute."""

    accepted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("使えない字", name="social.letters")
        self.buttons: list[Button] = []

    def show_letters(self, letters: Sequence[BadLetter]) -> None:
        """Shows them; hidden when there are none."""
        while (item := self.body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.buttons = []
        self.setVisible(bool(letters))
        self.set_count(f"{len(letters)}字")
        for number, bad in enumerate(letters):
            band = self._band(number, bad)
            self.buttons += band.buttons
            self.body.addWidget(band)
            band.show()

    def _band(self, number: int, bad: BadLetter) -> LetterBand:
        actions: list[Action] = [
            (f"「{good}」に替えて送る", self._calling(bad.letter, good)) for good in bad.substitutes
        ]
        good = bad.substitutes[0] if bad.substitutes else ""
        sentence = f"「{bad.letter}」は日本年金機構で使えない字です。"
        if good:
            sentence += f"「{good}」に替えて送れます。"
        else:
            sentence += "替わりの字が見つかりません。本人の事実を直してください。"
        rest = len(bad.places) - _NAMED
        note = "、".join(bad.places[:_NAMED]) + (f" ほか {rest:,}か所" if rest > 0 else "")
        note += "。正しい字は会社の記録に残り、替えたことは説明の紙で伝えます。"
        return LetterBand(bad.letter, good, sentence, note, actions, name=f"social.letter.{number}")

    def _calling(self, letter: str, good: str) -> Callable[[], None]:
        return lambda: self.accepted.emit(letter, good)


class TableCard(Card):
    """A table of texts in a card, a few rows high, with one button for the row that is chosen."""

    pressed = Signal(int)

    def __init__(
        self,
        title: str,
        headings: Sequence[str],
        widths: Sequence[int],
        *,
        name: str,
        button: str = "",
    ) -> None:
        super().__init__(title, name=name)
        self.model = TextTable(headings)
        self.table = Table(name=f"{name}.table", spoken=title)
        self.table.setModel(self.model)
        self._widths = tuple(widths)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.note = wrap_label("", "note", "ink2")
        self.note.hide()
        self.whole = wrap_label("", "label", "ink")
        self.table.selectionModel().currentRowChanged.connect(self._spell)
        self.body.addWidget(self.note)
        self.body.addWidget(self.table)
        self.body.addWidget(self.whole)
        self.button = Button(button, small=True, name=f"{name}.act")
        if button:
            self.button.clicked.connect(lambda _=False: self._press())
            self.table.activated.connect(lambda index: self.pressed.emit(index.row()))
            self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.button.setParent(self)
            self.button.hide()

    def show_rows(self, rows: Sequence[tuple[str, ...]], note: str = "") -> None:
        """These rows; the card is hidden when there are none."""
        self.model.show(rows)
        self.setVisible(bool(rows))
        self.set_count(f"{len(rows):,}件" if rows else "")
        self.note.set_text(note)
        self.note.setVisible(bool(note))
        self._place_columns()
        seen = min(len(rows), SHOWN_ROWS)
        height = self.table.verticalHeader().defaultSectionSize() * seen
        self.table.setFixedHeight(self.table.horizontalHeader().height() + height + 2)
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._spell()

    def _spell(self) -> None:
        """The last column of the chosen row whole, where the table has no room for it."""
        index = self.table.currentIndex()
        text = self.model.row(index.row())[-1] if index.isValid() else ""
        metrics = QFontMetrics(current().font("body"))
        room = self.table.viewport().width() - sum(self._columns())
        fits = metrics.horizontalAdvance(text) + 16 <= room
        self.whole.set_text("" if fits else text)
        self.whole.setVisible(not fits)

    def _columns(self) -> list[int]:
        """The widths of all columns but the last, narrower where the last has too little room."""
        look = current()
        wanted = [look.grown(width) for width in self._widths]
        room = self.table.viewport().width() - look.grown(_LAST)
        if sum(wanted) <= room or room <= 0:
            return wanted
        return [width * room // sum(wanted) for width in wanted]

    def _place_columns(self) -> None:
        for column, width in enumerate(self._columns()):
            self.table.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_columns()
        self._spell()

    def _press(self) -> None:
        if self.table.currentIndex().isValid():
            self.pressed.emit(self.table.currentIndex().row())


def faults_card() -> TableCard:
    """What is wrong, person and field by name; bad letters have their own card."""
    return TableCard(
        "直すところ", ("氏名", "項目", "どう直すか"), (150, 190), name="social.faults",
        button="この人を外して、ほかを出す",
    )  # fmt: skip


def fault_rows(faults: Sequence[RecordFault], name: Named) -> list[tuple[str, ...]]:
    """The rows of that card."""
    return [
        (name(f.record, f.person) or "事業所", f.field, f.sentence) for f in faults if not f.letters
    ]


def waiting_card() -> TableCard:
    """Who is not in the files because something is missing."""
    return TableCard(
        "足りないものがあって、今回は出さない人", ("氏名", "わけ"), (150,), name="social.waiting",
        button="きくことに答える",
    )  # fmt: skip


def waiting_rows(waiting: Sequence[Aside]) -> list[tuple[str, ...]]:
    """The rows of that card."""
    return [(a.name or "氏名はまだ", a.sentence) for a in waiting]


def replaced_card() -> TableCard:
    """What is sent in place of what is true."""
    return TableCard(
        "替えて出す字", ("氏名", "項目", "正しい表記", "出す表記"), (150, 120, 160),
        name="social.replaced",
    )  # fmt: skip


def replaced_rows(substitutions: Sequence[Substitution]) -> list[tuple[str, ...]]:
    """The rows of that card."""
    return [(s.person or "事業所", s.field, s.true, s.sent) for s in substitutions]


class FilesCard(Card):
    """The files that leave, and which of their fields rest on inference."""

    def __init__(self) -> None:
        super().__init__("出すもの", name="social.files")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.body.addLayout(self._lines)
        self.more = Button("", small=True, icon="chevron-right", name="social.inferred.more")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_inferred)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._inferred = QWidget()
        self._inferred.setObjectName("social.inferred")
        self._sentences = QVBoxLayout(self._inferred)
        self._sentences.setContentsMargins(0, 0, 0, 0)
        self._sentences.setSpacing(4)
        self._inferred.hide()
        self.body.addWidget(self._inferred)
        self._count = 0

    def show_files(
        self, prepared: Prepared, attached: Sequence[str], inferred: Sequence[str]
    ) -> None:
        """The files, what goes along, and the sentences on inference."""
        for layout in (self._lines, self._sentences):
            while (item := layout.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
        for file in prepared.files:
            told = f"{file.name} ・ {file.records:,}件 ・ {len(file.content):,}バイト(媒体通番 {file.serial:03d})"
            self._lines.addWidget(wrap_label(told, "body", "ink"))
        if not prepared.files:
            self._lines.addWidget(wrap_label("まだ出せる形になっていません。", "body", "ink2"))
        names = [name for name in attached if name not in {f.name for f in prepared.files}]
        if names:
            self._lines.addWidget(wrap_label(f"添えるもの: {'、'.join(names)}", "label", "ink2"))
        self._count = len(inferred)
        for sentence in inferred:
            self._sentences.addWidget(wrap_label(sentence, "label", "ink"))
        self.more.setVisible(bool(inferred))
        self._show_inferred(self.more.isChecked())

    def _show_inferred(self, on: bool) -> None:
        self.more.set_text(f"確認の済んでいない読み方 {self._count}か所{'をしまう' if on else ''}")
        self.more.set_icon("chevron-down" if on else "chevron-right")
        self._inferred.setVisible(on and self._count > 0)


def reasons_left(review: SocialReview) -> list[str]:
    """Why it cannot be sealed, without what the cards below name person by person."""
    below = tuple(f.sentence for f in review.prepared.faults)
    if not below:
        return list(review.reasons)
    counted = "ほかに、直すところ"
    return [r for r in review.reasons if not (r.endswith(below) or r.startswith(counted))]


def show_send(button: Button, review: SocialReview | None) -> None:
    """送る as it stands: filled when it can be pressed, else dashed with how much is left."""
    ready = review is not None and review.can_seal
    left = len(review.reasons) if review is not None else 0
    not_yet = f"送る(あと {left}つ)" if left else "まだ送れません"
    button.set_text("送る" if ready else not_yet)
    button.set_kind("primary" if ready else "dashed")
    button.setToolTip("\n".join(review.reasons) if review is not None else "")
