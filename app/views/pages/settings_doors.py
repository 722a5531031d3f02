"""The cards of 設定 about the doors of the open company: who is signed in, and its own ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.views.pages.settings_keys import VaultCard
from app.views.pages.settings_vault import VaultSettings
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField, TextField
from app.views.widgets.lines import wrap_label


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

    def __init__(self, vault: VaultSettings, whose: str = "会社") -> None:
        super().__init__(f"この{whose}が役所からもらったID", "settings.ids")
        self.vault = vault
        note = f"{whose}のファイルの中にだけ、暗号化して置きます。"
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        self.fields: dict[str, TextField] = {
            "software_id": TextField(
                name="settings.ids.software_id", spoken="e-Gov ソフトウェアID"
            ),
            "api_key": SecretField(name="settings.ids.api_key", spoken="e-Gov APIキー"),
            "application_id": TextField(
                name="settings.ids.application_id", spoken="法人番号 Web-API アプリケーションID"
            ),
            "gbizinfo_token": SecretField(
                name="settings.ids.gbizinfo_token", spoken="gBizINFO APIトークン"
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
