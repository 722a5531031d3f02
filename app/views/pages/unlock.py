"""解錠: choose a company, give its passphrase. Nothing is open yet; the list comes from the index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Known
from app.views.background import run
from app.views.pages.unlock_parts import CompanyList, FirstTime, PassphraseField, divider
from app.views.theme import current, theme_changed
from app.views.widgets.button import Button
from app.views.widgets.card import Card as CardFrame
from app.views.widgets.field import TextField
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.logo import Logo
from app.views.widgets.plate import SealPlate

if TYPE_CHECKING:
    from app.views.house import Card, Desk, House
    from app.views.widgets.band import Band

_PATIENCE = 400
_HINT_AFTER = 3


class UnlockPage(QWidget):
    """One card of 880 × 472. `opened` carries the desk; `add_asked` whether for practice."""

    opened = Signal(object)
    add_asked = Signal(bool)
    settings_asked = Signal()

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.house = house
        self._card: Card | None = None
        self._by_recovery = False
        self._busy = False
        self._wrong = 0
        self.setObjectName("unlock")
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_PATIENCE)
        self._slow.timeout.connect(lambda: self.open_button.set_text(self.tr("開いています…")))
        self._make_controls()
        self._lay()
        self._measure()
        theme_changed.connect(self._measure)

    def _make_controls(self) -> None:
        self.list = CompanyList()
        self.list.chosen.connect(self._choose)
        self.list.confirmed.connect(lambda _card: self.give_focus())
        self.passphrase = PassphraseField(name="unlock.passphrase", spoken=self.tr("合言葉"))
        self.passphrase.stepped.connect(self.list.step)
        self.passphrase.returnPressed.connect(self.try_open)
        self.passphrase.textEdited.connect(lambda _text: self._calm())
        spoken = self.tr("復旧キー")
        self.recovery = TextField(
            "", self.tr("紙にある14組"), name="unlock.recovery", spoken=spoken
        )
        self.recovery.returnPressed.connect(self.try_open)
        self.recovery.textEdited.connect(lambda _text: self._calm())
        self.recovery.hide()
        self.open_button = Button(self.tr("開く"), "primary", name="unlock.open")
        self.open_button.clicked.connect(lambda _=False: self.try_open())
        words = self.tr("このパソコンの鍵で開く")
        self.keyring_button = Button(words, icon="fingerprint-pattern", name="unlock.keyring")
        self.keyring_button.clicked.connect(lambda _=False: self._open_by_keyring())
        self.way_button = Button("", "quiet", "key-round", name="unlock.way")
        self.way_button.clicked.connect(lambda _=False: self._change_way())
        self.add_button = Button(self.tr("会社をくわえる"), "quiet", "plus", name="unlock.add")
        self.add_button.clicked.connect(lambda _=False: self.add_asked.emit(False))
        words = self.tr("ファイルから開く")
        self.file_button = Button(words, "quiet", "folder-key", name="unlock.file")
        self.file_button.clicked.connect(lambda _=False: self._ask_file())
        words = self.tr("練習の町をひらく")
        self.practice_button = Button(words, "quiet", name="unlock.practice")
        self.practice_button.clicked.connect(lambda _=False: self.add_asked.emit(True))
        self.language_button = Button("English", "quiet", name="unlock.language")
        self.language_button.clicked.connect(lambda _=False: self._switch_language())
        # Nothing is promised that is not there: the words in English come as a file of their own.
        self._has_english = (self.house.resources / "i18n" / "en.qm").exists()
        self.settings_button = Button(self.tr("設定"), "quiet", "settings", name="unlock.settings")
        self.settings_button.clicked.connect(lambda _=False: self.settings_asked.emit())

    # --- layout

    def _lay(self) -> None:
        canvas = QWidget()
        canvas.setProperty("clear", "true")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(32, 18, 32, 17)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addSpacing(12)
        column.addStretch(42)
        column.addWidget(self._middle(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(22)
        column.addLayout(self._practice_line())
        column.addStretch(58)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(label(self.house.version_line, "note", "ink2", name="unlock.version"))
        column.addLayout(foot)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Logo(self.house.resources, 32))
        row.addWidget(label(self.tr("一度"), "wordmark"))
        row.addWidget(label(self.tr("一度だけ書く。"), "label", "ink2"))
        row.addStretch(1)
        row.addWidget(self.language_button)
        if not self._has_english:
            self.language_button.hide()
        row.addWidget(self.settings_button)
        return row

    def _practice_line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(IconView("landmark", 16, "ink2"))
        words = self.tr("はじめての方は、練習用の役所あてに、ひととおり試せます。")
        row.addWidget(label(words, "label", "ink2"))
        row.addWidget(self.practice_button)
        row.addStretch(1)
        return row

    def _middle(self) -> QFrame:
        self.frame = CardFrame(name="unlock.card")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left(), 482)
        row.addWidget(hairline(vertical=True))
        row.addLayout(self._right(), 395)
        self.frame.rows.addLayout(row, 1)
        return self.frame

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(23, 21, 16, 23)
        column.setSpacing(12)
        column.addWidget(label(self.tr("会社をえらぶ"), "headline", bold=True))
        column.addWidget(self.list, 1)
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addWidget(self.add_button)
        links.addWidget(self.file_button)
        links.addStretch(1)
        column.addLayout(links)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(32, 31, 31, 24)
        column.setSpacing(0)
        self.chosen = QWidget()
        inner = QVBoxLayout(self.chosen)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._who())
        inner.addSpacing(28)
        self.way_label = label("", "label", "ink2")
        inner.addWidget(self.way_label)
        inner.addSpacing(7)
        inner.addWidget(self.passphrase)
        inner.addWidget(self.recovery)
        self._band_place = QVBoxLayout()
        inner.addLayout(self._band_place)
        inner.addSpacing(12)
        inner.addWidget(self.open_button)
        inner.addSpacing(18)
        inner.addWidget(divider(self.tr("または")))
        inner.addSpacing(18)
        inner.addWidget(self.keyring_button)
        inner.addSpacing(8)
        inner.addWidget(self.way_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.chosen)
        self.nobody = FirstTime()
        self.nobody.asked.connect(self.add_asked)
        column.addWidget(self.nobody, 1)
        column.addStretch(1)
        column.addSpacing(12)
        column.addLayout(self._promise())
        return column

    def _who(self) -> QHBoxLayout:
        self.plate = SealPlate("一", "ai", 56)
        self.name: QLabel = label("", "headline", bold=True, name="unlock.name")
        self.name.setWordWrap(True)
        self.number: QLabel = label("", "note", "ink2", name="unlock.number")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.number)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.plate)
        row.addLayout(words, 1)
        return row

    def _promise(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconView("lock-keyhole", 16, "ink2"))
        words = self.tr(
            "会社の情報は、\u200b暗号化した\u200b一つのファイルとして\n\u200bこのパソコンの\u200b中だけにあります。"
        )
        row.addWidget(wrap_label(words, "note", "ink2"), 1)
        return row

    def _measure(self) -> None:
        theme = current()
        self.frame.setMinimumSize(880, theme.grown(472))
        self.frame.setMaximumWidth(880 if theme.text_scale <= 1 else 1040)

    # --- what happens

    def refresh(self, chosen: Card | None = None) -> None:
        """Reads the list again and forgets what was typed."""
        cards = self.house.companies.cards()
        self._forget()
        self._wrong = 0
        self._card = None
        self.list.show_cards(cards, self.house.clock(), chosen)
        self.chosen.setVisible(bool(cards))
        self.nobody.setVisible(not cards)
        self._show_way()

    def give_focus(self) -> None:
        """Puts the cursor where one types."""
        if self._card is None:
            self.nobody.add.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._field().setFocus(Qt.FocusReason.OtherFocusReason)

    def try_open(self) -> None:
        """Opens with what was typed."""
        card, companies = self._card, self.house.companies
        text = self._field().text()
        if card is None or self._busy:
            return
        if self._by_recovery:
            self._open(lambda: companies.open_with_recovery(card, text))
        else:
            self._open(lambda: companies.open(card, text))

    def _open_by_keyring(self) -> None:
        card = self._card
        if card is not None and not self._busy:
            self._open(lambda: self.house.companies.open_with_keyring(card))

    def _open(self, way: Callable[[], Any]) -> None:
        self._calm()
        self._busy = True
        self._slow.start()
        run(lambda: self.house.desk(way()), self._is_open, self._failed, self)

    def _is_open(self, desk: Desk) -> None:
        self._rest()
        self._forget()
        self.opened.emit(desk)

    def _failed(self, fault: Exception) -> None:
        self._rest()
        if not isinstance(fault, Known):
            raise fault
        from app.views.widgets.band import Band

        sentence, note = fault.sentence, ""
        if fault.code == "wrong_passphrase":
            self._wrong += 1
            sentence = self.tr("合言葉がちがいます。")
            if self.passphrase.caps_lock:
                note = self.tr("大文字になっていませんか。")
            if self._wrong >= _HINT_AFTER:
                note = self.tr("復旧キーでも開けます。")
        self._say(Band("danger", sentence, note, name="unlock.band"))
        self._field().set_state("error")
        self._field().selectAll()
        self.give_focus()

    def _rest(self) -> None:
        self._busy = False
        self._slow.stop()
        self.open_button.set_text(self.tr("開く"))

    def tell(self, sentence: str) -> None:
        """Says something of the whole program, e.g. a switch it does not take."""
        from app.views.widgets.band import Band

        self._say(Band("warn", sentence, name="unlock.told"))

    def _say(self, band: Band) -> None:
        self._calm()
        self._band_place.addSpacing(8)
        self._band_place.addWidget(band)

    def _calm(self) -> None:
        while (item := self._band_place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.passphrase.set_state("")
        self.recovery.set_state("")

    def _forget(self) -> None:
        self.passphrase.clear()
        self.passphrase.hide_letters()
        self.recovery.clear()
        self._by_recovery = False
        self._calm()
        self._show_way()

    def _choose(self, card: Card) -> None:
        if self._card is not None and self._card.path != card.path:
            self._forget()
            self._wrong = 0
        self._card = card
        self.plate.set(card.kanji, card.plate)
        self.name.setText(card.name)
        self.name.setToolTip(card.name)
        self.number.setText(self.tr("法人番号 {}").format(card.corporate_number))

    def _field(self) -> TextField:
        return self.recovery if self._by_recovery else self.passphrase

    def _change_way(self) -> None:
        self._by_recovery = not self._by_recovery
        self._calm()
        self._show_way()
        self.give_focus()

    def _show_way(self) -> None:
        self.passphrase.setVisible(not self._by_recovery)
        self.recovery.setVisible(self._by_recovery)
        self.way_label.setText(self.tr("復旧キー") if self._by_recovery else self.tr("合言葉"))
        words = self.tr("合言葉で開く") if self._by_recovery else self.tr("復旧キーで開く")
        self.way_button.set_text(words)

    def _ask_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, self.tr("会社のファイルをえらぶ"))
        dialog.setObjectName("unlock.file.dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("会社のファイル (*.vault)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.take_file(Path(path)))
        dialog.open()

    def take_file(self, path: Path) -> None:
        """Puts a vault file from elsewhere into the list and chooses it."""
        run(lambda: self.house.companies.import_file(path), self._file_taken, self._failed, self)

    def _file_taken(self, card: Card) -> None:
        self.refresh(card)
        self.give_focus()

    def _switch_language(self) -> None:
        from app.views.widgets.band import Band

        sentence = self.house.switch_language()
        self._say(Band("info", sentence, name="unlock.language.band"))
