"""The card of 設定 that lists what opens the company, and the one that looks the vault over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.pages.settings_keys import VaultCard
from app.views.pages.vault_care import REMOVABLE, Care, Opener, opener_words
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.field import TextField
from app.views.widgets.lines import hairline, wrap_label
from app.views.widgets.row import ListRow


class OpenersCard(VaultCard):
    """この会社を開けるもの: each way with its 外す, a new age recipient, and the way to a new key."""

    def __init__(self, care: Care, change_key: Callable[[], None]) -> None:
        super().__init__("この会社を開けるもの", "settings.openers")
        self._care = care
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self.body.addWidget(hairline())
        note = "ほかの人の age の鍵でも開けるようにできます。age1 で始まる宛先を入れてください。"
        note += (
            "開くときは、最初の画面の「復旧キーで開く」に、その鍵（AGE-SECRET-KEY-1…）を入れます。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.recipient = TextField(
            "", "age1…", name="settings.openers.recipient", spoken="age の宛先"
        )
        self.recipient.returnPressed.connect(self.add)
        row.addWidget(self.recipient, 1)
        add = Button("宛先を足す", name="settings.openers.add")
        add.clicked.connect(lambda _=False: self.add())
        row.addWidget(add)
        self.body.addLayout(row)
        self.body.addWidget(hairline())
        row = QHBoxLayout()
        row.setSpacing(12)
        words = "紙や鍵が人の手に渡ったかもしれないときは、鍵ごと替えます。"
        row.addWidget(wrap_label(words, "label", "ink").centre("label"), 1)
        key = Button("鍵を替える", "small", "key-round", name="settings.openers.rekey")
        key.clicked.connect(lambda _=False: change_key())
        row.addWidget(key)
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Read again what opens the company."""
        self.act(self._care.slots, self._show)

    def add(self) -> None:
        """Let the age recipient open the company."""
        text = self.recipient.text().strip()

        def done(_made: object) -> None:
            self.recipient.clear()
            self.tell("ok", "この宛先の鍵でも開けるようになりました。")
            self.refresh()

        self.act(lambda: self._care.add_age_recipient(text), done)

    def _show(self, openers: Sequence[Opener]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, opener in enumerate(openers):
            if number:
                self._list.addWidget(hairline())
            self._list.addWidget(self._row(opener, number))

    def _row(self, opener: Opener, number: int) -> QWidget:
        icon, note = opener_words(opener)
        title = opener.label
        right: list[QWidget] = []
        if opener.kind in REMOVABLE:
            off = Button("外す", "small", name=f"settings.openers.{number}.remove")
            off.setAccessibleName(f"{title} を外す")
            off.clicked.connect(lambda _=False: self._ask(opener))
            right.append(off)
        name = f"settings.openers.{number}"
        return ListRow(icon, title, note, right, bold=False, inset=0, height=52, name=name)

    def _ask(self, opener: Opener) -> None:
        """A key is given up only when it is said twice."""
        title = opener.label

        def remove() -> None:
            def done(_nothing: object) -> None:
                self.tell("ok", f"{title}を外しました。", "前に取った控えは、まだ開けます。")
                self.refresh()

            self.act(lambda: self._care.remove_slot(opener.id), done)

        self.ask(f"{title}を外すと、それでは開けなくなります。", "", ("外す", remove), "外さない")


class CareCard(VaultCard):
    """点検する, and the ways to the drafts put aside and to erasing a person's records."""

    def __init__(self, care: Care, purge: Callable[[], None], erase: Callable[[], None]) -> None:
        super().__init__("点検とかたづけ", "settings.care")
        self._care = care
        self.found = QVBoxLayout()
        self.found.setSpacing(8)
        self.body.addLayout(self.found)
        self.check_button = Button("点検する", "small", "shield-check", name="settings.care.check")
        self.check_button.clicked.connect(lambda _=False: self.check())
        words = "ファイルの傷み、記録のつながり、鍵と控えを確かめます。"
        self.body.addLayout(_row(words, self.check_button))
        old = Button("しまった下書きを見る", "small", "archive", name="settings.care.purge")
        old.clicked.connect(lambda _=False: purge())
        words = "しまった下書きは、もどすか、消せます。消す前に、何が消えるかを見せます。"
        self.body.addLayout(_row(words, old))
        gone = Button("人の記録を消す", "small", "user", name="settings.care.erase")
        gone.clicked.connect(lambda _=False: erase())
        words = "本人に求められたときなどに、その人の記録を消せます。理由が残ります。"
        self.body.addLayout(_row(words, gone))

    def check(self) -> None:
        """Look the vault over, and say what was found, sentence by sentence."""
        self.check_button.set_text("点検しています…")
        self.check_button.setEnabled(False)
        self.act(self._care.check, self._show, self._rest)

    def _rest(self) -> None:
        self.check_button.setEnabled(True)
        self.check_button.set_text("点検する")

    def _show(self, found: Sequence[str]) -> None:
        self._rest()
        while (item := self.found.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if not found:
            self.tell("ok", "悪いところは見つかりませんでした。")
            return
        self.tell("warn", f"気をつけるところが {len(found)}件あります。")
        for number, sentence in enumerate(found):
            self.found.addWidget(Band("warn", sentence, name=f"settings.care.found{number}"))


def _row(words: str, button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(wrap_label(words, "label", "ink").centre("label"), 1)
    row.addWidget(button)
    return row
