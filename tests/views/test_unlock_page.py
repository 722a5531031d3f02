"""解錠 and the steps of a new company, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollArea

from app.domain.errors import BadInput, Unreachable, VaultFault
from app.views.main_window import MainWindow
from app.views.pages.strength import strength
from app.views.pages.unlock_parts import opened_text
from tests.pictures.sample_house import CARDS, MINATO, PASSPHRASE, RECOVERY, SampleHouse
from tests.pictures.scenes.frame import ENTRY
from tests.views.window_parts import NOW, dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]


def test_focus_starts_in_the_passphrase_and_arrows_choose_without_leaving_it(
    window: MainWindow, qtbot
) -> None:  # type: ignore[no-untyped-def]
    field = window.unlock.passphrase
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert window.unlock.name.text() == CARDS[1].name
    for _ in range(9):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    assert window.unlock.name.text() == CARDS[-1].name
    assert QApplication.focusWidget() is field


def test_the_right_passphrase_opens_and_is_forgotten(
    window: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    window.unlock.passphrase.insert(PASSPHRASE)
    with qtbot.waitSignal(window.opened):
        qtbot.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    assert house.desks[-1].card is MINATO
    assert window.unlock.passphrase.text() == ""


def _fail_once(window: MainWindow, qtbot, letters: str = "wrong") -> None:  # type: ignore[no-untyped-def]
    field = window.unlock.passphrase
    field.clear()
    qtbot.keyClicks(field, letters)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest()


def test_a_wrong_passphrase_is_said_in_place_without_scolding(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    _fail_once(window, qtbot)
    band = named(window, "unlock.band")
    assert band.accessibleName() == "合言葉がちがいます。"
    assert window.unlock.passphrase.hasSelectedText()
    assert QApplication.focusWidget() is window.unlock.passphrase
    _fail_once(window, qtbot)
    _fail_once(window, qtbot)
    assert (
        named(window, "unlock.band").accessibleName()
        == "合言葉がちがいます。 復旧キーでも開けます。"
    )
    qtbot.keyClicks(window.unlock.passphrase, "x")
    assert not [b for b in window.unlock.findChildren(type(band)) if b.isVisible()], "typing calms"


def test_caps_lock_is_asked_about_only_when_it_is_on(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = window.unlock.passphrase
    qtbot.keyClick(field, "A")  # an upper-case letter without Shift: Caps Lock
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "大文字になっていませんか。" in named(window, "unlock.band").accessibleName()
    field.clear()
    qtbot.keyClick(field, "A", Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "大文字" not in named(window, "unlock.band").accessibleName()


def test_the_recovery_key_opens(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(named(window, "unlock.way"), Qt.MouseButton.LeftButton)
    field = window.unlock.recovery
    assert QApplication.focusWidget() is field
    field.insert("06K2M")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert "14組" in named(window, "unlock.band").accessibleName()
    field.setText(RECOVERY.replace("\n", "-"))
    with qtbot.waitSignal(window.opened):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_keyring_says_why_not(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(named(window, "unlock.keyring"), Qt.MouseButton.LeftButton)
    rest()
    assert "このパソコンの鍵では開きません" in named(window, "unlock.band").accessibleName()


def test_a_file_from_elsewhere_joins_the_list(
    window: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(named(window, "unlock.file"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog, "unlock.file.dialog")
    assert dialog is not None
    dialog.close()
    window.unlock.take_file(Path("/somewhere/other.vault"))
    rest()
    assert window.unlock.name.text() == "株式会社持ち込み"


def test_the_eye_shows_and_leaving_hides(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = window.unlock.passphrase
    field.insert("ひみつ")
    qtbot.mouseClick(field.eye, Qt.MouseButton.LeftButton)
    assert field.displayText() == "ひみつ"
    window.show_unlock()
    assert field.text() == ""
    field.insert("ひみつ")
    assert field.displayText() == "●●●"


def test_nothing_scrolls_in_the_smallest_window(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.resize(960, 600)
    rest()
    (scroll,) = (a for a in window.unlock.findChildren(QScrollArea) if a.parent() is window.unlock)
    assert scroll.verticalScrollBar().maximum() == 0
    assert named(window, "unlock.version").isVisible()
    for _ in range(3):
        _fail_once(window, qtbot)
    assert scroll.verticalScrollBar().maximum() == 0, "not with a band either"
    window.show_unlock()
    window.resize(1280, 800)
    rest()
    assert window.unlock.frame.height() == 472


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW.replace(hour=9, minute=5), "きょう 9:05"),
        (NOW.replace(day=2, hour=18, minute=20), "きのう 18:20"),
        (NOW.replace(month=6, day=29), "6月29日"),
        (NOW.replace(year=2025, month=6, day=29), "2025年6月29日"),
        (None, ""),
    ],
)
def test_last_opened(moment, text: str, clock) -> None:  # type: ignore[no-untyped-def]
    from app.domain.clock import JST

    aware = moment.replace(tzinfo=JST) if moment else None
    assert opened_text(aware, clock()) == text


# --- a new company


def _to_passphrase(window: MainWindow, house: SampleHouse, qtbot) -> None:  # type: ignore[no-untyped-def]
    house.companies.entry = ENTRY
    window.show_create(True)
    field = named(window, "create.number")
    qtbot.keyClicks(field, "1011001141756")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    rest()


def test_three_steps_by_keyboard_make_a_company(
    window: MainWindow, house: SampleHouse, qtbot, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    _to_passphrase(window, house, qtbot)
    assert house.companies.asked == [("1011001141756", True)]
    source = named(window, "create.found.source").accessibleName()
    assert source.startswith("国税庁 法人番号公表サイト ・ 令和8年7月3日 13:42 に取り込み")
    assert "登記の更新 令和7年4月1日" in source
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # この会社にする
    first = named(window, "create.passphrase")
    assert QApplication.focusWidget() is first
    first.insert(PASSPHRASE)  # type: ignore[attr-defined]
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    again = QApplication.focusWidget()
    assert again is named(window, "create.passphrase_again")
    again.insert(PASSPHRASE)  # type: ignore[union-attr]
    qtbot.keyClick(again, Qt.Key.Key_Return)
    rest()
    assert house.companies.made == [("1011001141756", ENTRY, PASSPHRASE, True, "")]
    spoken = named(window, "create.recovery.text").accessibleName()
    assert RECOVERY in spoken
    page = window.create_page()
    assert page.passphrase_step.first.text() == ""
    target = tmp_path / "sheet.pdf"
    page.save_sheet(target)
    rest()
    assert target.read_bytes().startswith(b"%PDF")
    _open_after_keeping(window, qtbot)


def _open_after_keeping(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    go_on = named(window, "create.sheet.next")
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    rest()
    assert window.desk is None, "not before the sheet has been kept"
    assert "しるしを付けてください" in named(window, "create.sheet.band").accessibleName()
    qtbot.keyClick(named(window, "create.recovery.kept"), Qt.Key.Key_Space)
    with qtbot.waitSignal(window.opened):
        qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)


def test_a_wrong_digit_is_said_and_the_cursor_stays(
    window: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    house.companies.fault = BadInput("number-check-digit", "法人番号の数字が合いません。")
    _to_passphrase(window, house, qtbot)
    assert named(window, "create.band").accessibleName() == "法人番号の数字が合いません。"
    assert QApplication.focusWidget() is named(window, "create.number")


def test_without_the_register_a_name_is_asked_by_hand(
    window: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    house.companies.fault = Unreachable("offline", "ネットにつながっていません。")
    _to_passphrase(window, house, qtbot)
    name = named(window, "create.name")
    qtbot.mouseClick(named(window, "create.number.next"), Qt.MouseButton.LeftButton)
    rest()
    assert "名前がまだありません" in named(window, "create.number.band").accessibleName()
    name.insert("みなと製菓")  # type: ignore[attr-defined]
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert named(window, "create.passphrase").isVisible()


def test_two_passphrases_that_differ_make_nothing(
    window: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    _to_passphrase(window, house, qtbot)
    qtbot.mouseClick(named(window, "create.number.next"), Qt.MouseButton.LeftButton)
    named(window, "create.passphrase").insert(PASSPHRASE)  # type: ignore[attr-defined]
    again = named(window, "create.passphrase_again")
    again.insert(PASSPHRASE + "。")  # type: ignore[attr-defined]
    qtbot.keyClick(again, Qt.Key.Key_Return)
    rest()
    assert house.companies.made == []
    assert "合いません" in named(window, "create.passphrase.band").accessibleName()


def test_a_vault_that_cannot_be_made_is_said(
    window: MainWindow, house: SampleHouse, qtbot, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    _to_passphrase(window, house, qtbot)

    def full(*_args: object, **_more: object) -> None:
        raise VaultFault("disk_full", "ディスクがいっぱいで書けません。")

    monkeypatch.setattr(house.companies, "create", full)
    qtbot.mouseClick(named(window, "create.number.next"), Qt.MouseButton.LeftButton)
    for name in ("create.passphrase", "create.passphrase_again"):
        named(window, name).insert(PASSPHRASE)  # type: ignore[attr-defined]
    qtbot.keyClick(named(window, "create.passphrase_again"), Qt.Key.Key_Return)
    rest()
    assert "ディスクがいっぱい" in named(window, "create.band").accessibleName()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("minato7", 0),
        ("aaaaaaaaaaaa", 1),
        ("abcdefgh1234", 1),
        ("minato1234", 1),
        ("みなと いちご 七月 はかり", 3),
        ("correct horse battery staple", 3),
    ],
)
def test_strength_counts_guesses_not_letters(text: str, level: int) -> None:
    assert strength(text).level == level
