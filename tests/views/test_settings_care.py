"""金庫 in 設定, by keyboard in the real window: what opens the vault, a new key, a look over, old drafts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.domain.clock import JST
from app.domain.errors import BadInput, VaultFault
from app.services.companies import Opened
from app.services.settings import Settings
from app.services.vault_care import VaultCare
from app.store.drafts import Drafts
from app.store.faults import fault
from app.store.key_file import (
    create_key_file,
    unlock_with_passphrase,
    unlock_with_recovery,
)
from app.store.recovery import recovery_text
from app.store.slots import CHEAPEST
from app.store.vault import Vault
from app.views.main_window import MainWindow
from app.views.page_list import PAGES, make
from app.views.pages.procedures_page import ProceduresPage
from app.views.pages.purge_page import PurgePage
from app.views.pages.rekey_page import RekeyPage
from app.views.pages.settings import SettingsPage
from app.views.pages.settings_vault import VaultSettings
from tests.pictures.sample_house import MINATO, PASSPHRASE, RECOVERY, SampleHouse
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]
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


def press_undo(window: MainWindow) -> None:
    undo = next(
        w
        for w in window.frame.status.findChildren(QWidget)
        if w.isVisible() and "戻す" in w.accessibleName()
    )
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    rest()
