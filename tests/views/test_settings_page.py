"""設定: made from the model; a locked row cannot be changed; keys, backups and ids of a real vault."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import fixed_clock
from app.domain.errors import BadInput, VaultFault
from app.services.settings import Settings, setting_rows
from app.store.accounts import Accounts
from app.store.key_file import create_key_file, unlock_with_passphrase
from app.store.vault import Vault
from app.views import theme
from app.views.pages.settings import GROUPS, NOT_YET, SettingsPage, group_of
from app.views.pages.settings_rows import with_value


class House:
    def __init__(self, locked: frozenset[str] = frozenset()) -> None:
        self.settings = Settings()
        self.locked = locked
        self.kept: list[Settings] = []
        self.closed: list[str] = []
        self.sessions = SimpleNamespace(close=self.closed.append)
        self.vault_folder = Path("/いまの場所/companies")

    @property
    def loaded(self) -> Any:
        return SimpleNamespace(settings=self.settings, locked=self.locked, problems=())

    def keep_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.kept.append(settings)

    def recovery_pdf(self, created: Any) -> bytes:
        return b"%PDF " + created.recovery_text.encode()


class Window:
    def __init__(self) -> None:
        self.said: list[str] = []

    def show_page(self, name: str, **asked: str) -> None: ...
    def back(self) -> None: ...
    def say(self, sentence: str, undo: Any = None) -> None:
        self.said.append(sentence)

    def update_status(self) -> None: ...
    def tell_signed_in(self) -> None: ...
    def forget_pages(self, *names: str) -> None: ...


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, resources: Path) -> None:
    theme.apply(qapp, theme.load(resources, "light"))


@pytest.fixture
def desk(tmp_path: Path, resources: Path, clock: Any) -> Any:
    path = tmp_path / "a.vault"
    key, _ = create_key_file(path, "はじめの合言葉です", practice=False)
    vault = Vault.create(
        path, key, practice=False, migrations=resources / "migrations", clock=clock
    )
    state = SimpleNamespace(signed_in=True, who="山本")
    made = SimpleNamespace(
        card=SimpleNamespace(path=path), practice=False, clock=clock, vault=vault,
        accounts=Accounts(vault), opened=SimpleNamespace(key=key, vault=vault),
        sign_in_state=lambda: state, doors=SimpleNamespace(account_id="egov"),
        sign_out=lambda: setattr(state, "signed_in", False),
    )  # fmt: skip
    yield made
    vault.close()


def page_of(qtbot: QtBot, desk: Any, house: House, window: Window | None = None) -> SettingsPage:
    page = SettingsPage(desk, window or Window(), {}, house)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.refresh()
    page.show()
    return page


def child(page: QWidget, name: str) -> Any:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_every_setting_of_the_model_has_its_row_with_a_name(qtbot: QtBot) -> None:
    page = page_of(qtbot, None, House())
    rows = [row for row in setting_rows(Settings()) if row.name not in NOT_YET]
    assert set(page.lines) == {row.name for row in rows}
    for row in rows:
        assert child(page, f"settings.{row.name}").accessibleName() == row.label
    titles = {title for title, _ in GROUPS}
    assert {group_of(row.name) for row in rows} <= titles  # nothing fell under そのほか


def test_a_choice_counts_at_once(qtbot: QtBot) -> None:
    house = House()
    page = page_of(qtbot, None, house)
    child(page, "settings.theme.dark").click()
    assert house.settings.theme == "dark"
    assert theme.current().mode == "dark"


def test_a_number_is_taken_in_any_width_and_refused_in_words(qtbot: QtBot) -> None:
    house = House()
    page = page_of(qtbot, None, house)
    field = child(page, "settings.idle_lock_minutes")
    field.setText("３０")
    field.editingFinished.emit()
    assert house.settings.idle_lock_minutes == 30
    assert field.text() == "30"
    field.setText("999")
    field.editingFinished.emit()
    assert house.settings.idle_lock_minutes == 30
    assert (
        child(page, "settings.idle_lock_minutes.problem").text() == "240 までの数で入れてください。"
    )


def test_an_address_must_be_https(qtbot: QtBot) -> None:
    house = House()
    page = page_of(qtbot, None, house)
    field = child(page, "settings.doors.egov_api")
    field.setText("http://api.e-gov.go.jp/")
    field.editingFinished.emit()
    assert house.kept == []
    assert "https" in child(page, "settings.doors.egov_api.problem").text()


def test_a_locked_setting_cannot_be_changed(qtbot: QtBot) -> None:
    house = House(frozenset({"doors.egov_api", "theme"}))
    page = page_of(qtbot, None, house)
    field = child(page, "settings.doors.egov_api")
    assert field.isReadOnly()
    field.setText("https://other.example/")
    field.editingFinished.emit()
    child(page, "settings.theme.dark").click()
    assert house.kept == []


def test_a_value_of_another_kind_is_refused() -> None:
    with pytest.raises(BadInput):
        with_value(Settings(), "redirect_port", "x")


def test_the_passphrase_is_changed_only_by_who_knows_it(qtbot: QtBot, desk: Any) -> None:
    page = page_of(qtbot, desk, House())
    old, new, again = (child(page, f"settings.keys.{n}") for n in ("old", "new", "again"))

    def change(*texts: str) -> str:
        for field, text in zip((old, new, again), texts, strict=True):
            field.setText(text)
        before = page.findChild(QWidget, "settings.keys.band")
        child(page, "settings.keys.change").click()
        assert [f.text() for f in (old, new, again)] == ["", "", ""]
        qtbot.waitUntil(
            lambda: page.findChild(QWidget, "settings.keys.band") not in (None, before),
            timeout=20000,
        )
        return str(child(page, "settings.keys.band").accessibleName())

    assert "合いません" in change(
        "はじめの合言葉です", "あたらしい合言葉です", "あたらしい合言葉で"
    )
    change("ちがう合言葉でした", "あたらしい合言葉です", "あたらしい合言葉です")
    unlock_with_passphrase(desk.card.path, "はじめの合言葉です")
    assert "変えました" in change(
        "はじめの合言葉です", "あたらしい合言葉です", "あたらしい合言葉です"
    )
    unlock_with_passphrase(desk.card.path, "あたらしい合言葉です")
    with pytest.raises(VaultFault):
        unlock_with_passphrase(desk.card.path, "はじめの合言葉です")


def test_a_backup_and_the_recovery_sheet_are_written(
    qtbot: QtBot, desk: Any, tmp_path: Path, resources: Path
) -> None:
    page = page_of(qtbot, desk, House())
    assert page.safe is not None
    page.safe.backup.save_to(tmp_path / "copy")
    qtbot.waitUntil(lambda: (tmp_path / "copy.keys").exists(), timeout=10000)
    key = unlock_with_passphrase(tmp_path / "copy.vault", "はじめの合言葉です")
    clock = fixed_clock(desk.clock())
    Vault.open(
        tmp_path / "copy.vault", key, migrations=resources / "migrations", clock=clock
    ).close()
    from app.views.pages.settings_keys import PassphraseCard

    page.findChild(PassphraseCard).save_sheet(tmp_path / "sheet.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "sheet.pdf").exists(), timeout=10000)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF ")


def test_the_ids_of_the_doors_lie_in_the_vault_only(qtbot: QtBot, desk: Any) -> None:
    house = House()
    page = page_of(qtbot, desk, house)
    for name, text in (("software_id", "SOFT"), ("api_key", "KEY-1"), ("application_id", "APP")):
        child(page, f"settings.ids.{name}").setText(text)
    child(page, "settings.ids.keep").click()
    qtbot.waitUntil(lambda: len(desk.accounts.list()) == 2, timeout=10000)
    again = page_of(qtbot, desk, house)
    assert child(again, "settings.ids.api_key").text() == "KEY-1"
    child(again, "settings.ids.gbizinfo_token").setText("TOKEN-2")
    child(again, "settings.ids.keep").click()
    qtbot.waitUntil(lambda: len(desk.accounts.list()) == 3, timeout=10000)
    assert desk.accounts.get("gbizinfo").tokens == {"token": "TOKEN-2"}
    assert "KEY-1" not in house.settings.model_dump_json()
    assert "TOKEN-2" not in house.settings.model_dump_json()


def test_who_lacks_the_token_is_led_to_its_field(qtbot: QtBot, desk: Any) -> None:
    page = SettingsPage(desk, Window(), {"at": "ids"}, House())
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    qtbot.waitUntil(lambda: child(page, "settings.ids.gbizinfo_token").hasFocus())
    assert not child(page, "settings.ids.gbizinfo_token").visibleRegion().isEmpty()


def test_signing_out_ends_the_browser_session_too(qtbot: QtBot, desk: Any) -> None:
    house, window = House(), Window()
    page = page_of(qtbot, desk, house, window)
    child(page, "settings.sign_in.out").click()
    qtbot.waitUntil(lambda: house.closed == ["egov"])
    assert child(page, "settings.sign_in.go").isVisible()


def test_in_practice_the_doors_are_the_towns(qtbot: QtBot, desk: Any) -> None:
    desk.practice = True
    page = page_of(qtbot, desk, House())
    assert child(page, "settings.doors.egov_api").isReadOnly()
    assert page.findChild(QWidget, "settings.ids.keep") is None
