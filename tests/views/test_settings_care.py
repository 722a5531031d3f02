"""金庫 in 設定, by keyboard in the real window: what opens the vault, a new key, a look over."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.domain.errors import VaultFault
from app.services.companies import Opened
from app.services.vault_care import VaultCare
from app.store.faults import fault
from app.store.key_file import (
    unlock_with_passphrase,
    unlock_with_recovery,
)
from app.store.recovery import recovery_text
from app.views.main_window import MainWindow
from app.views.page_list import PAGES, make
from app.views.pages.rekey_page import RekeyPage
from app.views.pages.settings import SettingsPage
from tests.pictures.sample_house import PASSPHRASE, RECOVERY, SampleHouse
from tests.views.vault_desk import desk, press, shown, words
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["desk", "dressed", "house", "window"]


def test_the_way_here_leads_to_the_vault_not_to_the_top(
    window: MainWindow, desk: Any, qtbot: Any
) -> None:
    head = named(window, "settings.vault")
    page: Any = window.page()

    def at_the_top() -> bool:
        return 0 <= head.mapTo(page, head.rect().topLeft()).y() < 60

    qtbot.waitUntil(at_the_top, timeout=3000)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert any(card.isAncestorOf(focus) for card in page.safe.cards)


# --- what opens the vault


def test_what_opens_the_vault_is_listed_and_only_some_of_it_can_go(
    window: MainWindow, desk: Any
) -> None:
    names = [words(window, f"settings.openers.{n}") for n in range(4)]
    assert all("2026年4月1日から" in name for name in names)
    assert not shown(window, "settings.openers.0.remove"), "the passphrase stays"
    assert not shown(window, "settings.openers.3.remove"), "the paper ends with a new key only"
    press(window, "settings.openers.2.remove")
    assert "開けなくなります" in words(window, "settings.openers.band")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "外さない"
    QTest.keyClick(focus, Qt.Key.Key_Space)
    rest()
    assert len(desk.care.ways) == 4, "nothing without being said twice"
    press(window, "settings.openers.2.remove")
    press(window, "settings.openers.band.action0")
    assert [way.id for way in desk.care.ways] == ["p", "k", "r"]
    assert "外しました" in words(window, "settings.openers.band")


def test_an_age_recipient_is_added_or_refused_in_words(window: MainWindow, desk: Any) -> None:
    field: Any = named(window, "settings.openers.recipient")
    field.setFocus()
    QTest.keyClicks(field, "nonsense")
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "age1 で始まる" in words(window, "settings.openers.band")
    assert field.text() == "nonsense", "what was typed stays to be mended"
    field.clear()
    QTest.keyClicks(field, "age1abc")
    press(window, "settings.openers.add")
    assert "age1abc" in words(window, "settings.openers.4")
    assert field.text() == ""


# --- a new key


def test_a_new_key_ends_only_when_its_sheet_is_kept(
    window: MainWindow, desk: Any, tmp_path: Path
) -> None:
    press(window, "settings.openers.rekey")
    field: Any = named(window, "rekey.passphrase")
    assert QApplication.focusWidget() is field
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "合言葉を入れて" in words(window, "rekey.band")
    field.insert("ちがう合言葉")
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "合言葉がちがいます" in words(window, "rekey.band")
    assert field.text() == ""
    assert desk.care.keyed == []
    desk.care.note = "前のパソコンのキーリングでは開けません。"
    field.insert(PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert desk.care.keyed == [PASSPHRASE]
    assert RECOVERY in words(window, "rekey.recovery.text")
    assert "キーリング" in words(window, "rekey.note")
    press(window, "rekey.sheet.next")
    assert "しるしを付けて" in words(window, "rekey.band")
    press(window, "rekey.recovery.save")
    dialog = window.findChild(QFileDialog, "rekey.recovery.dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "sheet.pdf"))
    dialog.close()
    rest()
    assert RECOVERY.encode() in (tmp_path / "sheet.pdf").read_bytes()
    press(window, "rekey.recovery.kept")
    press(window, "rekey.sheet.next")
    assert isinstance(window.page(), SettingsPage)
    assert not window.findChildren(RekeyPage), "the key's text does not stay in the window"


def test_leaving_before_the_sheet_is_kept_is_told(window: MainWindow, desk: Any) -> None:
    press(window, "settings.openers.rekey")
    named(window, "rekey.passphrase").insert(PASSPHRASE)  # type: ignore[attr-defined]
    press(window, "rekey.ask.next")
    said: list[str] = []
    window.say = lambda sentence, undo=None: said.append(sentence)  # type: ignore[method-assign]
    window.show_page("today")
    rest()
    assert any("復旧シートをまだ残していません" in sentence for sentence in said)


def test_nothing_changes_for_who_decides_against_it(window: MainWindow, desk: Any) -> None:
    press(window, "settings.openers.rekey")
    named(window, "rekey.passphrase").insert(PASSPHRASE)  # type: ignore[attr-defined]
    press(window, "rekey.not_now")
    assert desk.care.keyed == []
    window.show_page("rekey")
    rest()
    assert named(window, "rekey.passphrase").text() == ""  # type: ignore[attr-defined]


def test_with_the_real_care_the_old_sheet_ends_and_the_new_one_opens(
    window: MainWindow, desk: Any
) -> None:
    old = recovery_text(desk.opened.key)
    keyring: Any = SimpleNamespace()
    desk.care = VaultCare(Opened(desk.vault, desk.opened.key, desk.card), keyring, desk.clock)
    window.show_page("rekey")
    rest()
    named(window, "rekey.passphrase").insert("はじめの合言葉です")  # type: ignore[attr-defined]
    press(window, "rekey.ask.next")
    page: Any = window.page()
    new = page._text
    assert new
    assert new != old
    path = desk.card.path
    assert unlock_with_recovery(path, new).raw() == desk.care.opened.key.raw()
    with pytest.raises(VaultFault):
        unlock_with_recovery(path, old)
    unlock_with_passphrase(path, "はじめの合言葉です")
    press(window, "rekey.recovery.kept")
    press(window, "rekey.sheet.next")
    assert words(window, "settings.openers.0").startswith("合言葉")
    press(window, "settings.care.check")
    assert "見つかりませんでした" in words(window, "settings.care.band")


# --- looked over


def test_looking_over_says_what_was_found(window: MainWindow, desk: Any) -> None:
    press(window, "settings.care.check")
    assert "見つかりませんでした" in words(window, "settings.care.band")
    desk.care.found = ["会社のファイルに傷があります。", "記録のつながりが合いません。"]
    press(window, "settings.care.check")
    assert "2件" in words(window, "settings.care.band")
    assert words(window, "settings.care.found1") == "記録のつながりが合いません。"
    desk.care.found = []
    press(window, "settings.care.check")
    assert not shown(window, "settings.care.found0")


def test_a_fault_while_looking_over_leaves_the_button_in_use(window: MainWindow, desk: Any) -> None:
    def broken() -> list[str]:
        raise fault("busy")

    desk.care.check = broken
    press(window, "settings.care.check")
    assert "書き込みが終わりません" in words(window, "settings.care.band")
    assert named(window, "settings.care.check").isEnabled()
    assert words(window, "settings.care.check") == "点検する"


# --- for every person


@pytest.mark.parametrize("place", ["settings", "rekey", "purge"])
def test_every_control_is_named_and_reached_with_tab(
    window: MainWindow, desk: Any, place: str
) -> None:
    window.show_page(place)
    rest()
    page: Any = window.page()
    wanted = {
        w.objectName()
        for w in page.findChildren(QWidget)
        if w.isVisible() and w.isEnabled() and w.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    }
    assert all(wanted), "every control has an object name"
    for name in wanted:
        found = named(window, name)
        assert QAccessible.queryAccessibleInterface(found).text(QAccessible.Text.Name).strip(), name
    page.setFocus()
    reached: set[str] = set()
    for _ in range(200):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    alike = {name.rsplit(".", 1)[0] for name in reached}  # one Tab stop for a row of choices
    missed = {n for n in wanted - reached if n.rsplit(".", 1)[0] not in alike}
    assert not missed


def test_the_pages_are_on_the_list(desk: Any, window: MainWindow, house: SampleHouse) -> None:
    assert "purge" in PAGES
    assert isinstance(make("rekey", desk, window, {}, house), RekeyPage)
