"""What is wrong with the files around a vault is said on 今日, with a button that mends it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.errors import VaultFault
from app.services.sign_in import SignInState
from app.store.faults import fault
from app.views.main_window import MainWindow
from app.views.page import Page
from app.views.pages.sign_in_page import SignInPage
from app.views.vault_faults import troubles
from app.views.watch import Watch
from tests.pictures.sample_house import MINATO, SampleHouse
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]
SIGNED_OUT = SignInState(False, None, "")


class _Settings(Page):
    def __init__(self, desk: Any, window: Any, asked: Any) -> None:
        super().__init__(desk, window)
        self.title, self.asked = "設定", dict(asked)


@pytest.fixture
def desk(window: MainWindow, house: SampleHouse) -> Any:
    house.pages = {"settings": _Settings}
    made: Any = house.desk(MINATO)
    made.vault = SimpleNamespace(keys_fault=None, backup_fault=None)
    made.backups, made.full = 0, True

    def back_up() -> None:
        made.backups += 1
        if made.full:
            raise fault("disk_full")

    made.back_up = back_up
    made.polls = 0

    def poll() -> list[Any]:
        made.polls += 1
        return []

    made.poll = poll
    made.take_in = lambda: None
    return made


def test_a_backup_that_failed_is_said_and_made_from_the_band(
    window: MainWindow, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.views.watch.BACK_UP_MS", 0)
    watch = Watch(window)
    window.take_desk(desk)
    rest()
    rest()
    band = named(window, "today.trouble.backup")
    assert band.accessibleName().startswith("きょうの控えが取れませんでした。")
    assert "ディスクがいっぱい" in band.accessibleName()
    _press(window, "today.trouble.backup.action0")
    assert named(window, "today.trouble.backup").isVisible(), "not mended yet"
    desk.full = False
    _press(window, "today.trouble.backup.action0")
    assert not troubles(desk)
    assert not window.findChildren(type(band), "today.trouble.backup")
    watch.setParent(None)


def test_a_lost_key_file_leads_to_the_settings(window: MainWindow, desk: Any) -> None:
    desk.vault.keys_fault = fault("keys_missing")
    window.take_desk(desk)
    rest()
    band = named(window, "today.trouble.keys")
    assert "鍵ファイル" in band.accessibleName()
    assert "復旧キーが要ります" in band.accessibleName()
    _press(window, "today.trouble.keys.action0")
    page: Any = window.page()
    assert isinstance(page, _Settings)
    assert page.asked == {"at": "vault"}


def test_a_sound_vault_says_nothing(window: MainWindow, desk: Any) -> None:
    window.take_desk(desk)
    rest()
    assert not [w for w in window.findChildren(Page) if "trouble" in w.objectName()]
    assert troubles(desk) == []


def test_the_care_of_a_vault_is_believed_before_the_vault_itself(desk: Any) -> None:
    desk.care = SimpleNamespace(keys_fault="鍵の話です。", backup_fault="")
    assert [t.sentence for t in troubles(desk)] == ["鍵の話です。"]


def test_a_backup_missed_at_closing_is_told_on_the_first_page(
    window: MainWindow, desk: Any
) -> None:
    def lock() -> None:
        desk.vault.backup_fault = fault("read_only")

    desk.lock = lock
    window.take_desk(desk)
    rest()
    window.lock()
    rest()
    assert "閉じるときの控え" in named(window, "unlock.told").accessibleName()


# --- asking the doors


def test_signing_in_asks_the_doors_at_once(window: MainWindow, desk: Any) -> None:
    desk.sign_in = SIGNED_OUT
    watch = Watch(window)
    window.take_desk(desk)
    rest()
    watch.ask()
    rest()
    assert desk.polls == 0, "nobody is signed in"
    desk.sign_in = SignInState(True, desk.saved, "山本 湊")
    window.tell_signed_in()
    rest()
    assert desk.polls == 1
    window.tell_signed_in()
    rest()
    assert desk.polls == 2, "signing in again counts too"
    watch.setParent(None)


def test_the_page_where_one_signs_in_tells_it(
    window: MainWindow, house: SampleHouse, desk: Any
) -> None:
    def no_doors() -> Any:
        raise VaultFault("x", "窓口が分かりません。")

    def sign_in_page(of: Any, where: Any, _asked: Any) -> SignInPage:
        unused: Any = None
        return SignInPage(of, where, no_doors, unused, unused, unused, None, embedded=True)

    house.pages = {"sign_in": sign_in_page}
    window.take_desk(desk)
    window.show_page("sign_in")
    rest()
    told: list[bool] = []
    window.signed_in.connect(lambda: told.append(True))
    page: Any = window.page()
    page._finished(SimpleNamespace(who="山本 湊"))
    rest()
    assert told == [True]


def test_a_sign_in_while_the_doors_are_asked_asks_once_more(
    window: MainWindow, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Any] = []
    monkeypatch.setattr(
        "app.views.watch.run", lambda task, done, failed, _owner: held.append((task, done, failed))
    )
    watch = Watch(window)
    window.take_desk(desk)
    watch.ask()
    window.tell_signed_in()
    window.tell_signed_in()
    assert len(held) == 1
    held[0][1]([])
    rest()
    assert len(held) == 2, "once, not for each"
    held[1][2](VaultFault("x", "つながりません。"))
    rest()
    assert len(held) == 2
    watch.setParent(None)


def _press(window: MainWindow, name: str) -> None:
    button = named(window, name)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    rest()
