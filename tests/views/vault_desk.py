"""An open company with a real vault and a care from memory, for the tests of 金庫."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.clock import JST
from app.services.settings import Settings
from app.store.drafts import Drafts
from app.store.faults import fault
from app.store.key_file import (
    create_key_file,
)
from app.store.slots import CHEAPEST
from app.store.vault import Vault
from app.views.main_window import MainWindow
from app.views.pages.erase_page import ErasePage
from app.views.pages.procedures_page import ProceduresPage
from app.views.pages.purge_page import PurgePage
from app.views.pages.rekey_page import RekeyPage
from app.views.pages.settings import SettingsPage
from tests.pictures.sample_house import MINATO, PASSPHRASE, RECOVERY, SampleHouse
from tests.views.window_parts import named, rest

PROCEDURE = "mhlw/koyou_hoken_shikaku_shutoku"
AT = datetime(2026, 4, 1, 9, tzinfo=JST)


class Care:
    """The care of a vault, from memory."""

    keys_fault = backup_fault = ""

    def __init__(self) -> None:
        kinds = {"p": "passphrase", "k": "keyring", "a": "age", "r": "recovery"}
        self.ways = [
            SimpleNamespace(id=ident, kind=kind, label=f"開き方 {ident}", added_at=AT)
            for ident, kind in kinds.items()
        ]
        self.found: list[str] = []
        self.purged: list[date] = []
        self.keyed: list[str] = []
        self.erased: list[tuple[str, str]] = []
        self.note = ""

    def slots(self) -> list[Any]:
        return list(self.ways)

    def remove_slot(self, slot_id: str) -> None:
        self.ways = [way for way in self.ways if way.id != slot_id]

    def add_age_recipient(self, text: str) -> None:
        if not text.startswith("age1"):
            raise fault("bad_recipient")
        way = SimpleNamespace(id="a2", kind="age", label=f"age の宛先 {text}", added_at=AT)
        self.ways.append(way)

    def rekey(self, passphrase: str) -> Any:
        if passphrase != PASSPHRASE:
            raise fault("wrong_passphrase")
        self.keyed.append(passphrase)
        return SimpleNamespace(recovery_text=RECOVERY, note=self.note)

    def check(self) -> list[str]:
        return self.found

    def purge_drafts(self, before: date) -> int:
        self.purged.append(before)
        return 1

    def erasable(self) -> list[Any]:
        return [
            SimpleNamespace(target="employees[a]", collection="employees", name="伊藤 健"),
            SimpleNamespace(target="officers[b]", collection="officers", name=""),
        ]

    def would_erase(self, target: str) -> Any:
        return SimpleNamespace(
            records=12, drafts=int(target == "employees[a]"), filings=2, with_numbers=0
        )

    def erase(self, target: str, reason: str) -> Any:
        self.erased.append((target, reason))
        return self.would_erase(target)


@pytest.fixture
def desk(window: MainWindow, house: SampleHouse, tmp_path: Path, resources: Path) -> Any:
    """An open company with a real vault and a care from memory, its window at 設定「金庫」."""
    path = tmp_path / "a.vault"
    key, _ = create_key_file(path, "はじめの合言葉です", practice=False, cost=CHEAPEST)
    vault = Vault.create(
        path, key, practice=False, migrations=resources / "migrations", clock=house.clock
    )
    settings: Any = house
    settings.settings = Settings()
    settings.loaded = SimpleNamespace(settings=Settings(), locked=frozenset(), problems=())
    made: Any = house.desk(MINATO)
    made.vault, made.care = vault, Care()
    made.card = SimpleNamespace(**(vars(MINATO) | {"path": path}))
    made.opened = SimpleNamespace(key=key, vault=vault, card=made.card)
    made.accounts = SimpleNamespace(list=list)
    entry = SimpleNamespace(
        id=PROCEDURE, title="雇用保険被保険者資格取得届", authority="厚生労働省", subject="",
        door_sentence="e-Gov に送ります。", practice_only=False,
    )  # fmt: skip
    made.procedures = lambda: [entry]
    made.members = lambda _collection: []
    made.employees = list
    made.drafts = lambda: Drafts(vault).list()
    house.pages = {
        "settings": lambda d, w, a: SettingsPage(d, w, a, house),
        "rekey": lambda d, w, _a: RekeyPage(d, w, house),
        "purge": PurgePage,
        "erase": ErasePage,
        "procedures": lambda d, w, a: ProceduresPage(d, w, a),
    }
    window.take_desk(made)
    window.show_page("settings", at="vault")
    rest()
    yield made
    vault.close()


def press(window: MainWindow, name: str) -> None:
    """Focus and space bar, as at the keyboard."""
    button = named(window, name)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    rest()


def shown(window: MainWindow, name: str) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget, name) if w.isVisible()]


def words(window: MainWindow, name: str) -> str:
    return named(window, name).accessibleName()
