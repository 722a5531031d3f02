"""The window: the first page, the steps of a new company, 今日, and what is laid over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from app.services.connectors.houjin_bangou import RegisterEntry
from app.services.obligations import Today, today_page
from app.views import background
from app.views.main_window import MainWindow
from tests.pictures.sample_house import MINATO, RECOVERY, SampleDesk, SampleHouse, opened_pair
from tests.pictures.stage import NOW, Stage

ENTRY = RegisterEntry(
    sequence_number="1",
    corporate_number="1011001141756",
    process="01",
    correct="0",
    update_date=date(2025, 4, 1),
    change_date=date(2025, 3, 20),
    name="株式会社みなと製菓",
    name_image_id="",
    kind="301",
    prefecture_name="静岡県",
    city_name="焼津市",
    street_number="本町一丁目2番3号",
    address_image_id="",
    prefecture_code="22",
    city_code="212",
    post_code="4250022",
    address_outside="",
    address_outside_image_id="",
    close_date=None,
    close_cause="",
    successor_corporate_number="",
    change_cause="",
    assignment_date=date(2015, 10, 5),
    latest="1",
    en_name="",
    en_prefecture_name="",
    en_city_name="",
    en_address_outside="",
    furigana="ミナトセイカ",
    hihyoji="0",
)


def _window(stage: Stage) -> MainWindow:
    return MainWindow(SampleHouse(stage.resources, stage.clock))


def unlock(stage: Stage) -> QWidget:
    """Four companies, twelve letters typed."""
    window = _window(stage)
    window.unlock.passphrase.setText("x" * 12)
    return window


def unlock_wrong(stage: Stage) -> QWidget:
    """A wrong passphrase, the third time."""
    window = _window(stage)
    for _ in range(3):
        window.unlock.passphrase.setText("ちがう")
        window.unlock.try_open()
        while background.pending():
            background.wait(50)
            QApplication.processEvents()
    return window


def unlock_hidden(stage: Stage) -> QWidget:
    """No company is named before the person names one."""
    window = _window(stage)
    window.house.hide_companies = True
    window.show_unlock()
    return window


def unlock_first(stage: Stage) -> QWidget:
    """No company yet."""
    window = _window(stage)
    window.house.companies.list = []
    window.show_unlock()
    return window


def today(stage: Stage) -> QWidget:
    """A full day."""
    window = _window(stage)
    window.take_desk(window.house.desk(MINATO))
    return window


def today_trouble(stage: Stage) -> QWidget:
    """A backup that could not be made, and a key file that is gone."""
    window = _window(stage)
    desk: Any = window.house.desk(MINATO)
    desk.care = SimpleNamespace(
        keys_fault="鍵ファイル(.keys)が見つかりません。復旧キーで開けます。",
        backup_fault="ディスクがいっぱいで書けません。空きを作ってから、もう一度してください。",
    )
    window.take_desk(desk)
    return window


def today_practice(stage: Stage) -> QWidget:
    """The first day of a practice company: nothing yet."""
    window = _window(stage)
    empty: Today = today_page(NOW.date(), (), ())
    card = replace(MINATO, practice=True)
    window.take_desk(SampleDesk(card, stage.clock, day=empty, practice=True, once=None, saved=None))
    return window


def palette(stage: Stage) -> QWidget:
    """Ctrl+K with a word in romaji."""
    window = today(stage)
    assert isinstance(window, MainWindow)
    window.resize(1280, 800)
    window.palette_.open()
    window.palette_.field.setText("koyou")
    return window


def switcher(stage: Stage) -> QWidget:
    """The companies under the plate, the navigation a rail."""
    window = today(stage)
    assert isinstance(window, MainWindow)
    window.fold_navigation()
    window.resize(1280, 800)
    window.switcher.open()
    return window


def create_number(stage: Stage) -> QWidget:
    """The register's row, with source and date."""
    window = _window(stage)
    window.house.companies.entry = ENTRY
    window.show_create(True)
    page = window.create_page()
    page.number_step.field.setText("1011001141756")
    page.number_step.go_on.emit()
    return window


def create_passphrase(stage: Stage) -> QWidget:
    """Two passphrases that differ."""
    window = _window(stage)
    window.show_create(False)
    page = window.create_page()
    page.go_to(1)
    page.passphrase_step.first.setText("みなと いちご 七月 はかり")
    page.passphrase_step.second.setText("みなと いちご 七月")
    page.passphrase_step.go_on.emit()
    return window


def create_sheet(stage: Stage) -> QWidget:
    """The recovery sheet, not yet kept."""
    window = _window(stage)
    window.show_create(False)
    page = window.create_page()
    page.take_created(opened_pair(RECOVERY))
    return window


SCENES = {
    "unlock": unlock,
    "unlock-wrong": unlock_wrong,
    "unlock-first": unlock_first,
    "unlock-hidden": unlock_hidden,
    "today": today,
    "today-practice": today_practice,
    "today-trouble": today_trouble,
    "palette": palette,
    "switcher": switcher,
    "create-number": create_number,
    "create-passphrase": create_passphrase,
    "create-sheet": create_sheet,
}

USUAL = ("unlock", "today")
ONCE = (
    "unlock-wrong",
    "unlock-first",
    "unlock-hidden",
    "today-practice",
    "today-trouble",
    "palette",
    "switcher",
    "create-number",
    "create-passphrase",
    "create-sheet",
)
