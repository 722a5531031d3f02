"""設定: made from the settings model, then what belongs to the open company (keys, backups, ids)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views import theme
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.settings_doors import RegisteredCard, SignInCard
from app.views.pages.settings_filing import OfficeCard, filing_cards
from app.views.pages.settings_rows import PRACTICE, SettingLine, Value, with_value
from app.views.pages.settings_vault import VaultSettings
from app.views.pages.settings_vault_cards import VaultCards
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.lines import hairline

if TYPE_CHECKING:
    from app.services.settings import SettingRow

GROUPS = (
    ("見た目", ("theme", "text_size")),
    ("守り", ("idle_lock_minutes", "use_keyring", "hide_companies")),
    ("サインインのしかた", ("system_browser", "redirect_host", "redirect_port", "redirect_path")),
    ("役所の窓口", ("doors",)),
    ("ファイル", ("data_folder",)),
)
_OTHERS = "そのほか"
NOT_YET = ("language",)
"""Settings whose effect is not there yet (the words in English) are not offered."""
_WIDEST = 860
_TRIES, _LAID_OUT_MS = 6, 30


def group_of(name: str) -> str:
    """The card a setting stands in; one nobody placed stands under そのほか."""
    for title, names in GROUPS:
        if name in names or name.split(".")[0] in names:
            return title
    return _OTHERS


class SettingsPage(Page):
    """Without a desk (on the first page) it shows what belongs to this computer only.

    `house` keeps the settings: `loaded`, `settings`, `keep_settings(settings)`, `companies`,
    `sessions`, `recovery_pdf(created)`.
    """

    def __init__(
        self, desk: Any, window: Window, asked: Mapping[str, str] | None, house: Any
    ) -> None:
        super().__init__(desk, window)
        self.setObjectName("settings")
        self.place = "settings"
        self.title = "設定"
        self._house = house
        self.lines: dict[str, SettingLine] = {}
        self._sign_in: SignInCard | None = None
        self.safe: VaultCards | None = None
        self._ids: RegisteredCard | None = None
        self._at = (asked or {}).get("at", "")
        self.vault = VaultSettings(desk, house) if desk is not None else None
        self._scroll = ScrollColumn((0, 4, 12, 24))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        if desk is None:
            back = Button("もどる", "quiet", "arrow-left", name="settings.back")
            back.clicked.connect(lambda: window.show_page("today"))
            head = QHBoxLayout()
            head.addWidget(back)
            head.addStretch(1)
            outer.addLayout(head)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def refresh(self) -> None:
        """Read the settings again."""
        from app.services.settings import setting_rows

        loaded = self._house.loaded
        column = self._scroll.renew()
        column.setSpacing(16)
        self.lines.clear()
        for problem in loaded.problems:
            column.addWidget(Band("warn", problem.sentence, name="settings.problem"))
        if self.vault is not None:
            self._add(self._sign_in_card())
            for card in filing_cards(self.desk):
                self._add(card)
            outside = getattr(self.window_, "outside", None)
            if outside is not None:
                self._add(OfficeCard(outside.show_office))
        rows = [r for r in setting_rows(loaded.settings, loaded.locked) if r.name not in NOT_YET]
        for title in (*(title for title, _ in GROUPS), _OTHERS):
            members = [row for row in rows if group_of(row.name) == title]
            if members:
                self._add(self._group(title, members))
        if self.vault is not None:
            self._vault_cards(self.vault)
        column.addStretch(1)
        if self._at == "vault":
            QTimer.singleShot(0, self, self._go_to_vault)
        elif self._at == "ids" and self._ids is not None:
            QTimer.singleShot(_LAID_OUT_MS, self, self._go_to_token)

    def _vault_cards(self, vault: VaultSettings) -> None:
        if not self.desk.practice:
            self._ids = RegisteredCard(vault)
            self._add(self._ids)
        self.safe = VaultCards(self.desk, self.window_, vault)
        self.safe.changed.connect(self.refresh)
        for card in self.safe.cards:
            self._add(card)

    def _go_to_vault(self, tries: int = _TRIES) -> None:
        """To what was asked for: the head of 金庫 at the top, the keyboard in its first control.

        The page is laid out in steps, so it is looked again until the place can be scrolled to.
        """
        if self.safe is None or not self.isVisible():
            return
        head, bar = self.safe.cards[0], self._scroll.verticalScrollBar()
        bar.setValue(head.y())
        if tries == _TRIES:
            self.safe.focus_first()
        if tries and (head.y() == 0 or bar.value() < head.y()):
            QTimer.singleShot(_LAID_OUT_MS, self, lambda: self._go_to_vault(tries - 1))

    def _go_to_token(self) -> None:
        """To the field of the gBizINFO token."""
        if self._ids is not None and self.isVisible():
            field = self._ids.fields["gbizinfo_token"]
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(field, 0, 80)

    def _add(self, card: QWidget) -> None:
        card.setMaximumWidth(theme.current().grown(_WIDEST))
        self._scroll.column.addWidget(card)

    def _group(self, title: str, rows: Sequence[SettingRow]) -> Card:
        card = Card(title, name=f"settings.group.{rows[0].name.split('.')[0]}")
        for number, row in enumerate(rows):
            if number:
                card.body.addWidget(hairline())
            practice = self.desk is not None and self.desk.practice
            why = PRACTICE if practice and row.name.startswith("doors.") else ""
            line = SettingLine(row, self._change, why_fixed=why)
            self.lines[row.name] = line
            card.body.addWidget(line)
        return card

    def _sign_in_card(self) -> SignInCard:
        self._sign_in = SignInCard(
            self.desk, lambda: self.window_.show_page("sign_in"), self._sign_out
        )
        self._sign_in.refresh()
        return self._sign_in

    # -- what is asked for ---------------------------------------------------------------------

    def _change(self, name: str, value: Value) -> str:
        """Keep one value, and let it count at once where it can; what counts later is said in place.

        Raises Known.
        """
        settings = with_value(self._house.settings, name, value)
        if name == "data_folder":
            from app.services.settings import check_data_folder

            check_data_folder(settings.data_folder)
        vault = self.vault if name == "use_keyring" else None
        if vault is not None and (value is True or vault.keyring_on()):
            vault.use_keyring(bool(value))
            if self.safe is not None:
                self.safe.read_openers()
        self._house.keep_settings(settings)
        if name in ("theme", "text_size"):
            self._dress(settings.theme, settings.text_size / 100)
        if self.desk is not None:
            self.window_.say("設定を残しました。")
        if name == "data_folder":
            return (
                "次に開いたときから、ここに置きます。"
                f"いまある会社のファイルは {self._house.vault_folder} に残ります。"
                "移すには、次に開いたときに「ファイルから開く」で選んでください。"
            )
        if name == "hide_companies":
            return "次に解錠の画面が出たときから変わります。"
        return ""

    def _dress(self, mode: str, text_scale: float) -> None:
        app = QApplication.instance()
        resources = theme.current().resources
        if isinstance(app, QApplication) and resources is not None:
            theme.apply(app, theme.load(resources, mode, text_scale))

    def _sign_out(self) -> None:
        """Drop the tokens, and with them the account's browser session."""

        def done(_nothing: object) -> None:
            self._house.sessions.close(self.desk.doors.account_id)
            if self._sign_in is not None:
                self._sign_in.refresh()
            self.window_.update_status()
            self.window_.say("サインアウトしました。")

        def failed(fault: Exception) -> None:
            if self._sign_in is not None:
                self._sign_in.refresh()
            if isinstance(fault, Known):
                self.window_.say(fault.sentence)
                return
            raise fault

        run(self.desk.sign_out, done, failed, self)
