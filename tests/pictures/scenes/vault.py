"""金庫 in 設定, a new key, drafts put aside."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.services.settings import Settings
from app.views.pages.erase_page import ErasePage
from app.views.pages.purge_page import PurgePage
from app.views.pages.put_aside import AsideLine
from app.views.pages.rekey_page import RekeyPage
from app.views.pages.settings import SettingsPage
from tests.pictures.sample_house import RECOVERY
from tests.pictures.scenes.doors import COMPANY, FILINGS, Desk, Vault, Window, at, framed
from tests.pictures.stage import Stage as Scene


class Care:
    """What opens the company of the picture; nothing is wrong with it, except what is given."""

    keys_fault = ""
    backup_fault = ""

    def slots(self) -> list[Any]:
        ways = (
            ("passphrase", "合言葉"), ("keyring", "このパソコンのキーリング"),
            ("age", "age の宛先 age1qyqsz…p7dk"), ("recovery", "復旧キーの紙"),
        )  # fmt: skip
        return [
            SimpleNamespace(id=kind, kind=kind, label=label, added_at=at(4, 1))
            for kind, label in ways
        ]

    def erasable(self) -> list[Any]:
        return [SimpleNamespace(target="employees[a]", collection="employees", name="伊藤 健")]

    def would_erase(self, _target: str) -> Any:
        return SimpleNamespace(records=38, drafts=1, filings=2, with_numbers=0)

    def rekey(self, passphrase: str) -> Any:
        return SimpleNamespace(recovery_text=RECOVERY, note="")


def settings_vault(scene: Scene) -> QWidget:
    """金庫, with a backup that could not be made."""
    chosen = Settings(theme="light")
    house = SimpleNamespace(
        loaded=SimpleNamespace(settings=chosen, locked=frozenset(), problems=()), settings=chosen
    )
    card = SimpleNamespace(**vars(COMPANY), path=Path("practice-7000012050002.vault"))
    desk: Any = Desk(FILINGS, practice=True, card=card)
    desk.care = Care()
    desk.care.backup_fault = (
        "ディスクがいっぱいで書けません。空きを作ってから、もう一度してください。"
    )
    page = SettingsPage(desk, Window(), {"at": "vault"}, house)
    page.vault = Vault()
    return framed(page, "settings", scene)


def rekey(scene: Scene) -> QWidget:
    """What a new key changes."""
    desk: Any = Desk(FILINGS)
    desk.care = Care()
    return framed(RekeyPage(desk, Window(), SimpleNamespace()), "settings", scene)


def rekey_sheet(scene: Scene) -> QWidget:
    """The new sheet, not yet kept."""
    desk: Any = Desk(FILINGS)
    desk.care = Care()
    page = RekeyPage(desk, Window(), SimpleNamespace())
    page.ask.passphrase.setText("みなと いちご 七月 はかり")
    page.change()
    return framed(page, "settings", scene)


def purge(scene: Scene) -> QWidget:
    """Two drafts put aside long ago, one of late."""
    desk: Any = Desk(FILINGS)
    desk.care, desk.vault, desk.clock = Care(), None, scene.clock
    page = PurgePage(desk, Window(), {})
    title = "雇用保険被保険者資格取得届"
    lines = [
        AsideLine("d1", title, "伊藤 健", at(7, 1)),
        AsideLine("d2", title, "髙橋 由美", at(4, 20)),
        AsideLine("d3", title, "山口 弘", at(2, 3)),
    ]
    page.aside = SimpleNamespace(lines=lambda: lines)  # type: ignore[assignment]
    return framed(page, "settings", scene)


def erase(scene: Scene) -> QWidget:
    """Somebody chosen, a reason written, what goes counted."""
    desk: Any = Desk(FILINGS)
    desk.care = Care()
    page = ErasePage(desk, Window(), {})
    page._show(desk.care.erasable())
    page.who.set_value("employees[a]")
    page.reason.setText("本人の求めによる")
    page._look()
    return framed(page, "settings", scene)


SCENES = {
    "erase": erase,
    "settings-vault": settings_vault,
    "rekey": rekey,
    "rekey-sheet": rekey_sheet,
    "purge": purge,
}
ONCE = ("settings-vault", "rekey", "rekey-sheet", "purge", "erase")
