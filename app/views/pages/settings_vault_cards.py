"""金庫 in 設定: what is wrong, what opens the company, its keys, copies and care, in this order."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.page import Window
from app.views.pages.settings_keys import BackupCard, KeysAgainCard, PassphraseCard
from app.views.pages.settings_openers import CareCard, OpenersCard
from app.views.pages.settings_vault import VaultSettings
from app.views.pages.vault_care import care_of
from app.views.vault_faults import BACKUP, KEYS, VaultTrouble, troubles
from app.views.walk import focusable
from app.views.widgets.band import Action, Band
from app.views.widgets.lines import label


class VaultCards(QObject):
    """The cards of the open company's vault. `changed` tells that they are to be made anew."""

    changed = Signal()

    def __init__(self, desk: Any, window: Window, vault: VaultSettings) -> None:
        super().__init__()
        self._desk, self._window = desk, window
        self.backup = BackupCard(vault, f"{desk.card.path.stem}-控え.vault")
        self.again: KeysAgainCard | None = None
        self.openers: OpenersCard | None = None
        found = troubles(desk)
        if any(trouble.about == BACKUP for trouble in found):
            self.backup.made_one.connect(self._backed_up)
        self.cards: list[QWidget] = [self._head(found)]
        if any(trouble.about == KEYS for trouble in found):
            self.again = KeysAgainCard(vault)
            self.again.mended.connect(self._mended)
            self.cards.append(self.again)
        elif (care := care_of(desk)) is not None:
            self.openers = OpenersCard(care, lambda: window.show_page("rekey"))
            self.openers.refresh()
            self.cards.append(self.openers)
        if self.again is None:
            self.cards.append(PassphraseCard(vault, bool(desk.practice)))
        self.backup.refresh()
        self.cards.append(self.backup)
        if (care := care_of(desk)) is not None:
            self.cards.append(
                CareCard(care, lambda: window.show_page("purge"), lambda: window.show_page("erase"))
            )

    def read_openers(self) -> None:
        """The keyring was switched on or off above."""
        if self.openers is not None:
            self.openers.refresh()

    def focus_first(self) -> None:
        """The keyboard goes to the first control of 金庫."""
        for card in self.cards:
            if controls := focusable(card):
                controls[0].setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _head(self, found: list[VaultTrouble]) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("金庫", "headline", bold=True, name="settings.vault"))
        for trouble in found:
            actions: list[Action] = []
            if trouble.about != KEYS:
                actions.append(("今すぐ控えを取る", self.backup.ask_place))
            name = f"settings.trouble.{trouble.about}"
            band = Band(trouble.kind, trouble.sentence, trouble.note, actions, name=name)
            column.addWidget(band)
        return head

    def _mended(self) -> None:
        self._window.say("鍵ファイルを作りなおしました。次から、新しい合言葉で開きます。")
        self.changed.emit()

    def _backed_up(self) -> None:
        self._window.say("控えを取りました。")
        self.changed.emit()
