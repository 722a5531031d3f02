"""転記用: every value for the portal's pages in their order, each with a button that copies it.

For a machine on which the embedded browser cannot start, and for a portal that was rebuilt: the person
types or pastes into the portal in their own browser, and writes the receipt number in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.forms.portal import Page
from app.forms.portal_entries import Entry
from app.forms.portal_print import HEADING, told
from app.views.portal_by_hand import ByHand
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.field import SelectField
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import label, wrap_label
from app.views.widgets.slices import Slices

_AT_ONCE = 2
_ALL_HERE = "値はすべてここにあります。写して、いつものブラウザで申請できます。"
_WRITE = "ポータルに出したら、\u200b受付番号をここに書き写してください。"


class CopySheet(QWidget):
    """One page of the portal at a time. `save_wanted(Entry)` for files, `pdf_wanted`, `open_wanted` (the
    portal in the person's browser); `by_hand` tells the receipt number."""

    save_wanted = Signal(object)
    pdf_wanted = Signal()
    open_wanted = Signal()

    def __init__(
        self,
        sentence: str,
        pages: Sequence[tuple[Page, Sequence[Entry]]],
        *,
        practice: bool,
        unknown: bool,
    ) -> None:
        """`sentence` says why it is done by hand; `unknown`: it may have been filed already."""
        super().__init__()
        self.setObjectName("portal.copy")
        self._pages = [(page, entries) for page, entries in pages if entries]
        self._rows: list[CopyRow] = []
        self._marked: set[str] = set()
        self._slices = Slices(self)
        self._turn = 0
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(24, 8, 24, 24)
        self._column.setSpacing(16)
        self._bands = QVBoxLayout()
        self._column.addLayout(self._head(practice))
        self._column.addLayout(self._bands)
        if sentence:
            self.tell("info", sentence, _ALL_HERE)
        self._column.addLayout(self._chooser())
        self._card: Card | None = None
        self._place = self._column.count()
        self.by_hand = ByHand(_WRITE, margin=0)
        if not unknown:
            self.by_hand.without_way_back()
        receipt = Card("受付番号", name="portal.copy.receipt")
        receipt.body.addWidget(self.by_hand)
        self._column.addWidget(receipt)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setObjectName("portal.copy.area")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)
        if self._pages:
            self.show_page(0)

    def rows(self) -> list[CopyRow]:
        """The lines of the page shown, in their order."""
        return list(self._rows)

    @property
    def ready(self) -> bool:
        """Whether the page shown stands with all its lines."""
        return self._card is not None and not self._card.isHidden()

    def first_focus(self) -> QWidget:
        """The pages."""
        return self.pages

    def tell(self, kind: str, sentence: str, note: str = "") -> None:
        """A band above the page, in place of the one before."""
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        band = Band(kind, sentence, note, name="portal.copy.band")
        self._bands.addWidget(band)
        band.show()
        self._area_to_top()

    def show_page(self, number: int) -> None:
        """A page of the portal: its lines are made in turns, then stand there at once."""
        page, entries = self._pages[number]
        self._turn += 1
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
        name = page.heading or page.id
        self._card = Card(name, f"{len(entries)}か所", name=f"portal.copy.page.{page.id}")
        self._card.hide()
        self._rows = []
        for start in range(0, len(entries), _AT_ONCE):
            part = entries[start : start + _AT_ONCE]
            self._slices.run(partial(self._lines, self._turn, self._card, part))
        self._slices.run(partial(self._stand, self._turn, self._card))
        self.pages.set_value(str(number))
        self.on.setEnabled(number + 1 < len(self._pages))

    def mark(self, key: str) -> None:
        """✓ at a line: it was copied or saved."""
        self._marked.add(key)
        for row in self._rows:
            if row.entry.key == key:
                row.mark()

    def _head(self, practice: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(HEADING, "heading", "ink", name="portal.copy.title"))
        if practice:
            line.addWidget(Chip("練習", "warn", "outline"))
        line.addStretch(1)
        self.open = Button("ポータルをひらく", "plain", "external-link", name="portal.copy.open")
        self.open.clicked.connect(self.open_wanted)
        self.pdf = Button("PDF にする", "plain", "download", name="portal.copy.pdf")
        self.pdf.clicked.connect(self.pdf_wanted)
        line.addWidget(self.open)
        line.addWidget(self.pdf)
        return line

    def _chooser(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        names = [
            (str(n), f"{n + 1}. {page.heading or page.id}")
            for n, (page, _) in enumerate(self._pages)
        ]
        self.pages = SelectField(names, name="portal.copy.pages", spoken="ポータルのページ")
        self.pages.chosen.connect(self._chosen)
        self.on = Button("次のページ", "plain", "arrow-right", name="portal.copy.next")
        self.on.clicked.connect(lambda _=False: self.show_page(int(self.pages.value()) + 1))
        line.addWidget(self.pages, 1)
        line.addWidget(self.on)
        return line

    def _chosen(self, value: str) -> None:
        if value:
            self.show_page(int(value))

    def _lines(self, turn: int, card: Card, entries: Sequence[Entry]) -> None:
        if turn != self._turn:
            return
        for entry in entries:
            row = CopyRow(entry)
            row.save_wanted.connect(self.save_wanted)
            row.copied.connect(self.mark)
            if entry.key in self._marked:
                row.mark()
            self._rows.append(row)
            card.add_row(row)

    def _stand(self, turn: int, card: Card) -> None:
        if turn == self._turn:
            self._column.insertWidget(self._place, card)
            card.show()
            self._area_to_top()

    def _area_to_top(self) -> None:
        if hasattr(self, "_area"):
            self._area.verticalScrollBar().setValue(0)


class CopyRow(QWidget):
    """A value: what it is called, what it is, and the button that copies it (or saves a file)."""

    save_wanted = Signal(object)
    copied = Signal(str)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.setObjectName(f"portal.copy.row.{entry.key}")
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 8, 16, 8)
        row.setSpacing(12)
        self._icon = IconView(_icon(entry), 16, "ink2")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrap_label(entry.label, "note", "ink2"))
        value = wrap_label(entry.text or "（空欄）", "body", "ink")
        words.addWidget(value)
        note = told(entry)
        if note:
            words.addWidget(wrap_label(note, "note", "warn" if entry.held_back else "ink2"))
        row.addLayout(words, 1)
        self.button: Button | None = None
        word = _button_word(entry)
        if word:
            self.button = Button(word, small=True, name=f"portal.copy.do.{entry.key}")
            self.button.setAccessibleName(f"{entry.label}を{word}")
            self.button.clicked.connect(lambda _=False: self._press())
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName("、".join(x for x in (entry.label, entry.text, note) if x))

    def _press(self) -> None:
        if self.entry.files:
            self.save_wanted.emit(self.entry)
            return
        QGuiApplication.clipboard().setText(self.entry.text)
        self.copied.emit(self.entry.key)

    def mark(self) -> None:
        """✓: this one was copied."""
        self._icon.set_icon("check", "ok")
        self.setAccessibleName(f"{self.entry.label}、写しました")


def _icon(entry: Entry) -> str:
    if entry.held_back:
        return "ban"
    return {"file": "paperclip", "read": "eye"}.get(entry.control.kind, "copy")


def _button_word(entry: Entry) -> str:
    if entry.files and not entry.held_back:
        return "保存する"
    kind = entry.control.kind
    return "写す" if entry.text and kind in ("text", "choice", "radio", "read") else ""
