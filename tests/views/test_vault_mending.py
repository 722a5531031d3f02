"""Drafts put aside and cleared away, a lost key file and a missed backup mended, in the real window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.domain.errors import BadInput
from app.store.drafts import Drafts
from app.store.faults import fault
from app.store.key_file import (
    unlock_with_passphrase,
)
from app.views.main_window import MainWindow
from app.views.pages.erase_page import ErasePage
from app.views.pages.purge_page import PurgePage
from app.views.pages.settings import SettingsPage
from app.views.pages.settings_vault import VaultSettings
from tests.views.vault_desk import AT, PROCEDURE, desk, press, shown, words
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["desk", "dressed", "house", "window"]


# --- drafts


def test_a_draft_is_put_aside_had_back_and_cleared_away_by_name(
    window: MainWindow, desk: Any
) -> None:
    drafts = Drafts(desk.vault)
    kept = drafts.create(PROCEDURE, "2026-01", "")
    window.show_page("procedures")
    rest()
    press(window, "procedures.aside.0")
    assert [row.id for row in drafts.list(discarded=True)] == [kept]
    press_undo(window)
    assert [row.id for row in drafts.list()] == [kept]
    press(window, "procedures.aside.0")
    window.show_page("settings", at="vault")
    rest()
    press(window, "settings.care.purge")
    assert QApplication.focusWidget() is named(window, "purge.not"), "the word that loses nothing"
    assert "雇用保険被保険者資格取得届" in words(window, f"purge.draft.{kept}")
    assert not shown(window, "purge.do"), "put aside today: nothing is old enough"
    press(window, f"purge.back.{kept}")
    assert [row.id for row in drafts.list()] == [kept]


def test_only_what_was_shown_is_cleared_away(
    window: MainWindow, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_page("purge")
    rest()
    page: Any = window.page()
    long_ago = SimpleNamespace(id="d9", title="届", subject_name="伊藤 健", at=AT)
    monkeypatch.setattr(page.aside, "lines", lambda: [long_ago])
    page.refresh()
    assert words(window, "purge.do") == "1件を消す"
    page.span.set_value("365")
    page.refresh()
    assert not shown(window, "purge.do")
    page.span.set_value("30")
    page.refresh()
    press(window, "purge.do")
    assert desk.care.purged == [date(2026, 6, 3)]
    assert isinstance(window.page(), SettingsPage)


def test_a_clearing_that_fails_is_said_and_nothing_is_claimed(
    window: MainWindow, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_before: date) -> int:
        raise fault("read_only")

    desk.care.purge_drafts = full
    window.show_page("purge")
    rest()
    page: Any = window.page()
    line = SimpleNamespace(id="d9", title="届", subject_name="", at=AT)
    monkeypatch.setattr(page.aside, "lines", lambda: [line])
    page.refresh()
    press(window, "purge.do")
    assert "書けません" in words(window, "purge.band")
    assert isinstance(window.page(), PurgePage)


# --- erasing what must go


def test_a_person_is_erased_for_a_reason_after_what_goes_was_counted(
    window: MainWindow, desk: Any
) -> None:
    press(window, "settings.care.erase")
    page: Any = window.page()
    rest()
    assert page.who.count() == 3
    assert QApplication.focusWidget() is page.who
    assert not shown(window, "erase.do")
    page.who.setCurrentIndex(1)
    page.who.activated.emit(1)
    told = page.counted.text().replace("\u200b", "")
    assert "記録 12件と、まだ封をしていない下書き 1件が消えます。送った届 2件には" in told
    assert not shown(window, "erase.do"), "no reason, no erasing"
    page.reason.setText("本人の求めによる")
    assert shown(window, "erase.do")
    press(window, "erase.do")
    assert desk.care.erased == [("employees[a]", "本人の求めによる")]
    assert isinstance(window.page(), SettingsPage)


def test_an_erasing_that_fails_is_said_and_nothing_is_claimed(
    window: MainWindow, desk: Any
) -> None:
    def full(_target: str, _reason: str) -> None:
        raise fault("read_only")

    desk.care.erase = full
    window.show_page("erase")
    page: Any = window.page()
    rest()
    assert page.who.count() == 3
    page.who.setCurrentIndex(2)
    page.who.activated.emit(2)
    assert "名前の記録がない人（役員）" in page.who.currentText()
    page.reason.setText("理由")
    press(window, "erase.do")
    assert "書けません" in words(window, "erase.band")
    assert isinstance(window.page(), ErasePage)


# --- a key file that was lost


def test_a_lost_key_file_is_made_anew_while_the_vault_is_open(
    window: MainWindow, desk: Any
) -> None:
    path = desk.card.path
    for left in (path.with_suffix(".keys"), path.with_suffix(".keys.bak")):
        left.unlink(missing_ok=True)
    del desk.care
    desk.vault.keys_fault = fault("keys_missing")
    window.show_page("settings", at="vault")
    rest()
    assert "見つかりません" in words(window, "settings.trouble.keys")
    assert not shown(window, "settings.keys.old"), "no passphrase opens it now"
    for name, text in (("new", "あたらしい合言葉です"), ("again", "あたらしい合言葉で")):
        named(window, f"settings.again.{name}").insert(text)  # type: ignore[attr-defined]
    press(window, "settings.again.make")
    assert "合いません" in words(window, "settings.again.band")
    for name in ("new", "again"):
        named(window, f"settings.again.{name}").insert("あたらしい合言葉です")  # type: ignore[attr-defined]
    press(window, "settings.again.make")
    assert not shown(window, "settings.trouble.keys")
    assert unlock_with_passphrase(path, "あたらしい合言葉です").raw() == desk.opened.key.raw()


def test_a_missed_backup_is_made_from_the_band(
    window: MainWindow, desk: Any, tmp_path: Path
) -> None:
    del desk.care
    desk.vault.backup_fault = fault("disk_full")
    window.show_page("settings", at="vault")
    rest()
    assert "ディスクがいっぱい" in words(window, "settings.trouble.backup")
    press(window, "settings.trouble.backup.action0")
    dialog = window.findChild(QFileDialog, "settings.backup.dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "copy.vault"))
    dialog.close()
    rest()
    assert (tmp_path / "copy.vault").exists()
    assert not shown(window, "settings.trouble.backup")


def test_a_short_passphrase_makes_no_key_file(desk: Any) -> None:
    with pytest.raises(BadInput):
        VaultSettings(desk, SimpleNamespace()).rebuild_keys("短い", "短い")


def press_undo(window: MainWindow) -> None:
    undo = next(
        w
        for w in window.frame.status.findChildren(QWidget)
        if w.isVisible() and "戻す" in w.accessibleName()
    )
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    rest()
