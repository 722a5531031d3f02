"""Which companies the first page names, and where their files are kept: two settings that count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.bootstrap import House, Places
from app.domain.errors import Known
from app.services.settings import check_data_folder, first_look
from app.views.main_window import MainWindow
from app.views.pages.unlock_hidden import meant
from app.views.program import ProgramHouse
from tests.pictures.sample_house import CARDS, MINATO, PASSPHRASE, SampleHouse
from tests.views.test_settings_page import House as SettingsHouse
from tests.views.test_settings_page import child, page_of
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]


@pytest.fixture
def hidden(window: MainWindow, house: SampleHouse) -> MainWindow:
    house.hide_companies = True
    window.show_unlock()
    rest()
    return window


def _words(window: MainWindow) -> str:
    """Everything that can be read or heard in the window."""
    labels = [w.text() for w in window.findChildren(QLabel) if w.isVisible()]
    spoken = [w.accessibleName() for w in QApplication.allWidgets() if w.isVisible()]
    return " ".join([window.windowTitle(), *labels, *spoken])


def _names_one(window: MainWindow) -> bool:
    words = _words(window)
    return any(card.name in words or card.corporate_number in words for card in CARDS)


def test_no_company_is_named_where_the_list_is_hidden(hidden: MainWindow, qtbot: Any) -> None:
    assert not _names_one(hidden)
    assert QApplication.focusWidget() is named(hidden, "unlock.company_name")
    qtbot.keyClick(hidden, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert not _names_one(hidden), "no shortcut names one either"


def test_a_name_that_is_typed_opens(hidden: MainWindow, house: SampleHouse, qtbot: Any) -> None:
    field = named(hidden, "unlock.company_name")
    field.insert("どこにもない会社")  # type: ignore[attr-defined]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "見つかりません" in named(hidden, "unlock.company_name.problem").text()  # type: ignore[attr-defined]
    field.clear()  # type: ignore[attr-defined]
    field.insert("みなと製菓")  # type: ignore[attr-defined]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert hidden.unlock.name.text() == MINATO.name
    assert QApplication.focusWidget() is hidden.unlock.passphrase
    hidden.unlock.passphrase.insert(PASSPHRASE)
    with qtbot.waitSignal(hidden.opened):
        qtbot.keyClick(hidden.unlock.passphrase, Qt.Key.Key_Return)
    hidden.lock()
    rest()
    assert not _names_one(hidden), "after a lock it is not named again"


def test_a_file_that_is_chosen_is_shown_alone(hidden: MainWindow) -> None:
    hidden.unlock.take_file(Path("/somewhere/other.vault"))
    rest()
    assert hidden.unlock.name.text() == "株式会社持ち込み"
    assert not _names_one(hidden)


@pytest.mark.parametrize(
    "typed", ["株式会社みなと製菓", " みなと製菓 ", "４９９９９００００１２３４", "4999900001234"]
)
def test_a_company_goes_by_name_or_number(typed: str) -> None:
    assert meant(typed, CARDS) is MINATO


@pytest.mark.parametrize("typed", ["", "株式会社", "みなと", "499990000123"])
def test_less_than_a_whole_name_names_none(typed: str) -> None:
    assert meant(typed, CARDS) is None


# --- the folder


def _house(tmp_path: Path, resources: Path, **settings: Any) -> House:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "settings.json").write_text(json.dumps(settings), "utf-8")
    return House(resources, Places(home, home / "settings.json", home / "policy.toml"))


def test_vaults_are_kept_where_it_was_chosen_from_the_next_start(
    tmp_path: Path, resources: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    now = _house(tmp_path, resources)
    usual = now.companies.folder
    now.keep_settings(now.settings.model_copy(update={"data_folder": str(other)}))
    assert now.companies.folder == usual, "not under a running program"
    after = _house(tmp_path, resources, data_folder=str(other))
    assert after.companies.folder == other
    assert after.folder_fault() == ""


def test_a_folder_that_is_not_there_is_told_and_nothing_is_made_in_it(
    dressed: QApplication, tmp_path: Path, resources: Path, qtbot: Any
) -> None:
    gone = tmp_path / "gone"
    inner = _house(tmp_path, resources, data_folder=str(gone))
    shown = MainWindow(ProgramHouse(inner))
    qtbot.addWidget(shown)
    shown.show()
    shown.show_create(True)
    rest()
    assert "見つかりません" in named(shown, "unlock.told").accessibleName()
    assert shown.stack.currentWidget() is shown.unlock
    assert not gone.exists()


def test_a_file_that_cannot_be_taken_is_said_though_there_is_no_company(
    window: MainWindow, house: SampleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.companies.list = []
    window.show_unlock()

    def incomplete(_path: Path) -> None:
        raise Known("import-incomplete", "鍵のファイルがありません。")

    monkeypatch.setattr(house.companies, "import_file", incomplete)
    window.unlock.take_file(Path("/somewhere/other.vault"))
    rest()
    assert "鍵のファイル" in named(window, "unlock.band").accessibleName()


def test_the_first_page_reads_both_settings_and_the_policy(tmp_path: Path, resources: Path) -> None:
    inner = _house(tmp_path, resources, hide_companies=False, data_folder="relative")
    (tmp_path / "home" / "policy.toml").write_text("hide_companies = true\n", "utf-8")
    assert ProgramHouse(inner).hide_companies is True
    assert inner.vault_folder == tmp_path / "home" / "companies", "a relative place is none"
    file = inner.where.settings
    file.write_text('{"data_folder": 5, "hide_companies": "yes"}', "utf-8")
    assert first_look(file).data_folder == ""
    assert first_look(file).hide_companies is False


def test_a_changed_folder_says_when_it_counts_and_what_stays(qtbot: Any, tmp_path: Path) -> None:
    house = SettingsHouse()
    page = page_of(qtbot, None, house)
    field, later = (child(page, f"settings.data_folder{part}") for part in ("", ".later"))
    field.setText(str(tmp_path / "none"))
    field.editingFinished.emit()
    assert house.kept == []
    assert "ありません" in child(page, "settings.data_folder.problem").text()
    field.setText("どこか")
    field.editingFinished.emit()
    assert house.kept == []
    field.setText(str(tmp_path))
    field.editingFinished.emit()
    assert house.settings.data_folder == str(tmp_path)
    assert "次に開いたときから" in later.plain()
    assert "/いまの場所/companies" in later.plain()


def test_what_the_administrator_chose_is_shown_as_fixed(qtbot: Any) -> None:
    house = SettingsHouse(frozenset({"data_folder", "hide_companies"}))
    page = page_of(qtbot, None, house)
    assert child(page, "settings.data_folder").isReadOnly()
    assert not child(page, "settings.data_folder.pick").isEnabled()
    child(page, "settings.hide_companies.true").click()
    assert house.kept == []
    assert all(page.lines[n].fixed for n in ("data_folder", "hide_companies"))


def test_a_folder_nobody_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", refused)
    with pytest.raises(Known, match="書けません"):
        check_data_folder(str(tmp_path))
