"""解錠: choose a company, give its passphrase. Nothing is open yet; the list comes from the index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import Known
from app.views.background import run
from app.views.pages.unlock_face import UnlockFace
from app.views.pages.unlock_hidden import meant
from app.views.widgets.field import TextField

if TYPE_CHECKING:
    from app.views.house import Card, Desk, House
    from app.views.widgets.band import Band

_PATIENCE = 400
_HINT_AFTER = 3


class UnlockPage(UnlockFace):
    """The first page at work. `opened` carries the desk; `add_asked` whether for practice.

    Where the setting hides the list, no company is named before the person names one.
    """

    opened = Signal(object)
    add_asked = Signal(bool)
    office_asked = Signal()
    settings_asked = Signal()

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(house, parent)
        self._card: Card | None = None
        self._by_recovery = False
        self._busy = False
        self._wrong = 0
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_PATIENCE)
        self._slow.timeout.connect(lambda: self.open_button.set_text(self.tr("開いています…")))
        self._join()

    def _join(self) -> None:
        self.list.chosen.connect(self._choose)
        self.list.confirmed.connect(lambda _card: self.give_focus())
        self.name_ask.asked.connect(self._find)
        self.passphrase.stepped.connect(self.list.step)
        for field in (self.passphrase, self.recovery):
            field.returnPressed.connect(self.try_open)
            field.textEdited.connect(lambda _text: self._calm())
        self.open_button.clicked.connect(lambda _=False: self.try_open())
        self.keyring_button.clicked.connect(lambda _=False: self._open_by_keyring())
        self.way_button.clicked.connect(lambda _=False: self._change_way())
        self.add_button.clicked.connect(lambda _=False: self.add_asked.emit(False))
        self.file_button.clicked.connect(lambda _=False: self._ask_file())
        self.office_button.clicked.connect(lambda _=False: self.office_asked.emit())
        self.practice_button.clicked.connect(lambda _=False: self.add_asked.emit(True))
        self.language_button.clicked.connect(lambda _=False: self._switch_language())
        self.settings_button.clicked.connect(lambda _=False: self.settings_asked.emit())
        self.nobody.asked.connect(self.add_asked)

    def refresh(self, chosen: Card | None = None, *, named: bool = False) -> None:
        """Reads the list again and forgets what was typed.

        `named` says that the person named the company chosen, so that it is shown though hidden.
        """
        cards = self.house.companies.cards()
        hidden = bool(cards) and self.house.hide_companies
        self._forget()
        self._wrong = 0
        self._card = None
        self.name_ask.forget()
        self.list.setVisible(not hidden)
        self.name_ask.setVisible(hidden)
        self.list.show_cards([] if hidden else cards, self.house.clock(), chosen)
        if hidden and named and chosen is not None:
            self._choose(chosen)
        self.chosen.setVisible(self._card is not None)
        self.unnamed.setVisible(hidden and self._card is None)
        self.nobody.setVisible(not cards)
        self._show_way()

    def give_focus(self) -> None:
        """Puts the cursor where one types."""
        goal: QWidget = self._field()
        if self._card is None:
            hidden = not self.name_ask.isHidden()
            goal = self.name_ask.field if hidden else self.nobody.add
        goal.setFocus(Qt.FocusReason.OtherFocusReason)

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
        """Under the field; above the card while no company is chosen."""
        self._calm()
        if self._card is None:
            self._told_place.addWidget(band)
            self._told_place.addSpacing(12)
            return
        self._band_place.addSpacing(8)
        self._band_place.addWidget(band)

    def _calm(self) -> None:
        for place in (self._band_place, self._told_place):
            while (item := place.takeAt(0)) is not None:
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
        self.refresh(card, named=True)
        self.give_focus()

    def _find(self, typed: str) -> None:
        """Chooses the company that was named; says in place when there is none of that name."""
        card = meant(typed, self.house.companies.cards())
        if card is None:
            words = self.tr("その名前の会社は見つかりません。「ファイルから開く」でも開けます。")
            self.name_ask.complain(words)
            return
        self.refresh(card, named=True)
        self.give_focus()

    def _switch_language(self) -> None:
        from app.views.widgets.band import Band

        sentence = self.house.switch_language()
        self._say(Band("info", sentence, name="unlock.language.band"))
