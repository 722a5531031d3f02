"""The cards of 設定 that belong to the open company: sign-in, keys, backups, registered ids."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.background import run
from app.views.pages.settings_vault import VaultSettings
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField, TextField
from app.views.widgets.lines import wrap_label

T = TypeVar("T")
_log = logging.getLogger(__name__)
BROKE = "一度の側でつまずきました。書いたものは残っています。"
_SHOWN_BACKUPS = 3


class VaultCard(Card):
    """A card whose acts run off the window's thread and answer with a band in place."""

    def __init__(self, title: str, vault: VaultSettings, name: str) -> None:
        super().__init__(title, name=name)
        self.vault = vault
        self._bands = QVBoxLayout()
        self.body.addLayout(self._bands)
        self._dialog: QFileDialog | None = None

    def act(self, task: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do `task`, then `done`; a known fault is said here."""
        run(task, done, self._failed, self)

    def tell(self, kind: str, sentence: str, note: str = "") -> None:
        """One band; a new one takes its place."""
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(Band(kind, sentence, note, name=f"{self.objectName()}.band"))

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
        super().__init__("鍵", vault, "settings.keys")
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
        row.addWidget(wrap_label("合言葉を忘れたときは、復旧シートで開けます。", "label", "ink"), 1)
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


class BackupCard(VaultCard):
    """今すぐ控えを取る, the last copies, and how to come back from one."""

    def __init__(self, vault: VaultSettings, file_name: str) -> None:
        super().__init__("控え(バックアップ)", vault, "settings.backup")
        self._file_name = file_name
        self.made = wrap_label("", "label", "ink2")
        self.body.addWidget(self.made)
        row = QHBoxLayout()
        hint = (
            "控えも暗号化されています。もどすには、解錠の画面の「ファイルを開く」で控えを選びます。"
        )
        row.addWidget(wrap_label(hint, "note", "ink2"), 1)
        now = Button("今すぐ控えを取る", "small", "save", name="settings.backup.now")
        now.clicked.connect(
            lambda: self.ask_file("控えを置くところ", self._file_name, self.save_to)
        )
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

    def save_to(self, path: Path) -> None:
        """Make an encrypted copy at `path`."""
        target = path if path.suffix == ".vault" else path.with_suffix(".vault")

        def done(_nothing: None) -> None:
            note = f"開くには {target.name} と、となりの鍵のファイルの両方が要ります。"
            self.tell("ok", f"{target.name} に控えを取りました。", note)

        self.act(lambda: self.vault.back_up_to(target), done)


class SignInCard(Card):
    """Who is signed in, with サインイン or サインアウト."""

    def __init__(
        self, desk: Any, sign_in: Callable[[], None], sign_out: Callable[[], None]
    ) -> None:
        super().__init__("サインイン", name="settings.sign_in")
        self._desk = desk
        row = QHBoxLayout()
        self._state = wrap_label("", "body", "ink").centre("body")
        self._state.setObjectName("settings.sign_in.state")
        row.addWidget(self._state, 1)
        self.go = Button("サインインする", "small", "log-in", name="settings.sign_in.go")
        self.out = Button("サインアウトする", "small", "log-out", name="settings.sign_in.out")
        self.go.clicked.connect(sign_in)
        self.out.clicked.connect(sign_out)
        row.addWidget(self.go)
        row.addWidget(self.out)
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Read the sign-in again."""
        state = self._desk.sign_in_state()
        said = (
            f"{state.who} でサインインしています。"
            if state.signed_in
            else "サインインしていません。"
        )
        self._state.set_text(said)
        self.go.setVisible(not state.signed_in)
        self.out.setVisible(state.signed_in)


class RegisteredCard(VaultCard):
    """The ids a real company needs at the doors; kept in its vault, shown only hidden."""

    def __init__(self, vault: VaultSettings) -> None:
        super().__init__("この会社が役所からもらったID", vault, "settings.ids")
        note = "会社のファイルの中にだけ、暗号化して置きます。"
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        self.fields: dict[str, TextField] = {
            "software_id": TextField(
                name="settings.ids.software_id", spoken="e-Gov ソフトウェアID"
            ),
            "api_key": SecretField(name="settings.ids.api_key", spoken="e-Gov APIキー"),
            "application_id": TextField(
                name="settings.ids.application_id", spoken="法人番号 Web-API アプリケーションID"
            ),
        }
        known = vault.registered()
        for name, field in self.fields.items():
            field.show_text(known[name])
            self.body.addLayout(_named(field.accessibleName(), field))
        keep = Button("IDを残す", name="settings.ids.keep")
        keep.clicked.connect(self.keep)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(keep)
        self.body.addLayout(row)

    def keep(self) -> None:
        """Keep the three ids."""
        texts = {name: field.text() for name, field in self.fields.items()}
        self.act(lambda: self.vault.register(texts), lambda _n: self.tell("ok", "IDを残しました。"))


def _named(name: str, field: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(24)
    row.addWidget(wrap_label(name, "body", "ink").centre("body"), 4)
    row.addWidget(field, 6)
    return row
