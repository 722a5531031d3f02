"""The cards of 設定 that belong to the open company: sign-in, keys, backups, registered ids."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from app.domain.errors import Known
from app.views.background import run
from app.views.pages.settings_vault import VaultSettings
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField
from app.views.widgets.lines import wrap_label

T = TypeVar("T")
_log = logging.getLogger(__name__)
BROKE = "一度の側でつまずきました。書いたものは残っています。"
_SHOWN_BACKUPS = 3
_FORGOTTEN = "合言葉を忘れたときは、復旧シートで開けます。"


class VaultCard(Card):
    """A card whose acts run off the window's thread and answer with a band in place."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name=name)
        self._bands = QVBoxLayout()
        self.body.addLayout(self._bands)
        self._dialog: QFileDialog | None = None

    def act(
        self,
        task: Callable[[], T],
        done: Callable[[T], None],
        rest: Callable[[], None] | None = None,
    ) -> None:
        """Do `task`, then `done`; a known fault is said here, after `rest`."""

        def failed(fault: Exception) -> None:
            if rest is not None:
                rest()
            self._failed(fault)

        run(task, done, failed, self)

    def tell(
        self, kind: str, sentence: str, note: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """One band; a new one takes its place."""
        self.calm()
        name = f"{self.objectName()}.band"
        self._bands.addWidget(Band(kind, sentence, note, actions, name=name))

    def ask(self, sentence: str, note: str, do: Action, do_not: str) -> None:
        """Asks before a key is changed; the word that changes nothing has the focus."""
        self.tell("warn", sentence, note, [do, (do_not, self.calm)])
        band = self._bands.itemAt(0)
        if band is not None and isinstance(shown := band.widget(), Band):
            shown.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def calm(self) -> None:
        """Takes the band away."""
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def ask_file(self, title: str, name: str, chosen: Callable[[Path], None]) -> None:
        """A save dialog that is opened, never waited for."""
        dialog = QFileDialog(self, title)
        dialog.setObjectName(f"{self.objectName()}.dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "保存")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: chosen(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def _failed(self, fault: Exception) -> None:
        if isinstance(fault, Known):
            self.tell("warn", fault.sentence)
            return
        _log.error("settings fault %s", type(fault).__name__, exc_info=fault)
        self.tell("danger", BROKE)


class PassphraseCard(VaultCard):
    """合言葉を変える, and the recovery sheet again."""

    def __init__(self, vault: VaultSettings, practice: bool) -> None:
        super().__init__("鍵", "settings.keys")
        self.vault = vault
        self._practice = practice
        self.old = SecretField("いまの合言葉", name="settings.keys.old", spoken="いまの合言葉")
        self.new = SecretField("新しい合言葉", name="settings.keys.new", spoken="新しい合言葉")
        self.again = SecretField(
            "もう一度", name="settings.keys.again", spoken="新しい合言葉をもう一度"
        )
        fields = QHBoxLayout()
        fields.setSpacing(8)
        for field in (self.old, self.new, self.again):
            fields.addWidget(field)
        change = Button("合言葉を変える", name="settings.keys.change")
        change.clicked.connect(self.change)
        self.again.returnPressed.connect(self.change)
        fields.addWidget(change)
        self.body.addLayout(fields)
        note = "新しい合言葉にすると、前の合言葉では開けなくなります。"
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        row = QHBoxLayout()
        row.addWidget(wrap_label(_FORGOTTEN, "label", "ink").centre("label"), 1)
        sheet = Button("復旧シートをもう一度出す", "small", "printer", name="settings.keys.sheet")
        sheet.clicked.connect(self._ask_sheet)
        row.addWidget(sheet)
        self.body.addLayout(row)

    def change(self) -> None:
        """Change the passphrase; the fields are emptied at once."""
        old, new, again = self.old.text(), self.new.text(), self.again.text()
        for field in (self.old, self.new, self.again):
            field.clear()
            field.hide_letters()

        def done(_nothing: None) -> None:
            self.tell("ok", "合言葉を変えました。", "次から、新しい合言葉で開きます。")

        self.act(lambda: self.vault.change_passphrase(old, new, again), done)

    def _ask_sheet(self) -> None:
        mark = "練習-" if self._practice else ""
        self.ask_file("復旧シートを保存", f"{mark}復旧シート.pdf", self.save_sheet)

    def save_sheet(self, path: Path) -> None:
        """Write the recovery sheet to `path`."""

        def write() -> None:
            pdf = self.vault.recovery_pdf()
            try:
                path.write_bytes(pdf)
            except OSError:
                raise Known(
                    "sheet-unsaved", "そこには保存できません。別の置き場所を選んでください。"
                ) from None

        def done(_nothing: None) -> None:
            self.tell(
                "ok",
                f"{path.name} に保存しました。",
                "印刷して、パソコンとは別のところに置いてください。",
            )

        self.act(write, done)


class KeysAgainCard(VaultCard):
    """A lost or altered key file is made anew while the vault is open. `mended` tells that it was."""

    mended = Signal()

    def __init__(self, vault: VaultSettings) -> None:
        super().__init__("鍵ファイルを作りなおす", "settings.again")
        self.vault = vault
        note = (
            "合言葉を決めると、次からその合言葉で開けます。お手元の復旧シートも、そのまま使えます。"
        )
        self.body.addWidget(wrap_label(note, "label", "ink"))
        self.new = SecretField("新しい合言葉", name="settings.again.new", spoken="新しい合言葉")
        self.again = SecretField(
            "もう一度", name="settings.again.again", spoken="新しい合言葉をもう一度"
        )
        make = Button("作りなおす", name="settings.again.make")
        make.clicked.connect(lambda _=False: self.make())
        self.again.returnPressed.connect(self.make)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.new, self.again, make):
            row.addWidget(widget)
        self.body.addLayout(row)

    def make(self) -> None:
        """Make it; the fields are emptied at once."""
        new, again = self.new.text(), self.again.text()
        for field in (self.new, self.again):
            field.clear()
            field.hide_letters()
        self.act(lambda: self.vault.rebuild_keys(new, again), lambda _n: self.mended.emit())


class BackupCard(VaultCard):
    """今すぐ控えを取る, the last copies, and how to come back from one."""

    made_one = Signal()

    def __init__(self, vault: VaultSettings, file_name: str) -> None:
        super().__init__("控え(バックアップ)", "settings.backup")
        self.vault = vault
        self._file_name = file_name
        self.made = wrap_label("", "label", "ink2")
        self.body.addWidget(self.made)
        row = QHBoxLayout()
        hint = (
            "控えも暗号化されています。もどすには、解錠の画面の「ファイルを開く」で控えを選びます。"
        )
        row.addWidget(wrap_label(hint, "note", "ink2"), 1)
        now = Button("今すぐ控えを取る", "small", "save", name="settings.backup.now")
        now.clicked.connect(lambda _=False: self.ask_place())
        row.addWidget(now)
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Name the newest copies."""
        try:
            rows = self.vault.backups()[:_SHOWN_BACKUPS]
        except Known as fault:
            self.tell("warn", fault.sentence)
            return
        days = "、".join(f"{r.made_at.month}月{r.made_at.day}日 {r.made_at:%H:%M}" for r in rows)
        text = f"自動の控え: {days}" if days else "自動の控えは、まだありません。毎日 1つ取ります。"
        self.made.set_text(text)

    def ask_place(self) -> None:
        """Ask where a copy is to lie."""
        self.ask_file("控えを置くところ", self._file_name, self.save_to)

    def save_to(self, path: Path) -> None:
        """Make an encrypted copy at `path`."""
        target = path if path.suffix == ".vault" else path.with_suffix(".vault")

        def done(_nothing: None) -> None:
            note = f"開くには {target.name} と、となりの鍵のファイルの両方が要ります。"
            self.tell("ok", f"{target.name} に控えを取りました。", note)
            self.made_one.emit()

        self.act(lambda: self.vault.back_up_to(target), done)
