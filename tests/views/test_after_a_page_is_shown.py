"""Where the keyboard is after a page change, and what stands around a page."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout

from app.services.sign_in import SignInState
from app.views.page import Page
from tests.pictures.sample_house import MINATO, SampleHouse
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]


class _Two(Page):
    """A page with two controls."""

    def __init__(self, desk: Any, window: Any, asked: Any) -> None:
        super().__init__(desk, window)
        self.title = "二つ"
        column = QVBoxLayout(self)
        self.first, self.second = QPushButton("一"), QLineEdit()
        for control in (self.first, self.second):
            column.addWidget(control)


class _Own(_Two):
    """A page that says itself where the keyboard goes."""

    def first_focus(self) -> QLineEdit:
        return self.second


class _Bare(_Two):
    bare = True


@pytest.fixture
def opened(window: Any, house: SampleHouse) -> Any:
    house.pages = {"documents": _Two, "outbox": _Own, "sign_in": _Bare, "once": _Two}
    window.take_desk(house.desk(MINATO))
    rest()
    return window


def test_a_key_leads_to_the_first_control_of_the_page(opened: Any) -> None:
    opened.frame.navigation.company.setFocus()
    QTest.keyClick(opened, Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
    rest()
    assert QApplication.focusWidget() is opened.page().first


def test_a_page_may_name_another_first_control(opened: Any) -> None:
    opened.frame.navigation.places["outbox"].click()
    rest()
    assert QApplication.focusWidget() is opened.page().second


def test_reached_by_the_mouse_nothing_is_ringed(opened: Any) -> None:
    opened.attention.by_keys = False
    opened.frame.navigation.places["documents"].setFocus()
    opened.show_page("documents")
    rest()
    assert QApplication.focusWidget() is opened.frame.body


def test_a_focus_in_the_page_stays(opened: Any) -> None:
    opened.show_page("documents")
    rest()
    opened.page().second.setFocus()
    opened.show_page("documents")
    rest()
    assert QApplication.focusWidget() is opened.page().second


def test_the_sign_in_brings_its_own_bands(opened: Any) -> None:
    opened.show_page("sign_in")
    rest()
    for part in (opened.frame.header, opened.frame.navigation, opened.frame.stripe):
        assert not part.isVisible()
    assert opened.frame.status.isVisible()
    opened.back()
    rest()
    assert opened.frame.header.isVisible()
    assert opened.frame.navigation.isVisible()


def test_the_once_meter_opens_its_page(opened: Any) -> None:
    named(opened, "status.once").click()  # type: ignore[attr-defined]
    rest()
    assert opened.page().title == "二つ"
    assert not any(b.isChecked() for b in opened.frame.navigation.places.values())


def test_signing_in_is_told_once(opened: Any) -> None:
    told: list[bool] = []
    opened.signed_in.connect(lambda: told.append(True))
    for signed in (True, False, False, True, True):
        opened.desk.sign_in = SignInState(signed, None, "山本" if signed else "")
        opened.update_status()
    assert told == [True]


def test_the_settings_open_without_a_company(
    window: Any, house: SampleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.settings import Settings
    from app.views.pages.settings import SettingsPage

    kept: list[Settings] = []
    monkeypatch.setattr(
        house, "loaded", SimpleNamespace(settings=Settings(), locked=frozenset(), problems=()),
        raising=False,
    )  # fmt: skip
    monkeypatch.setattr(house, "settings", Settings(), raising=False)
    monkeypatch.setattr(house, "keep_settings", kept.append, raising=False)
    house.pages = {"settings": lambda desk, win, asked: SettingsPage(desk, win, asked, house)}
    named(window, "unlock.settings").click()  # type: ignore[attr-defined]
    rest()
    named(window, "settings.theme.dark").click()  # type: ignore[attr-defined]
    rest()
    assert [s.theme for s in kept] == ["dark"]
    named(window, "settings.back").click()  # type: ignore[attr-defined]
    rest()
    assert window.stack.currentWidget() is window.unlock


def test_a_long_name_of_a_company_is_cut_nowhere_but_beside_its_plate(
    window: Any, house: SampleHouse
) -> None:
    name = "株式会社" + "日本国際先端技術開発研究所食品製造販売事業推進協会本社"
    house.companies.list = [replace(c, name=name) for c in house.companies.list]
    window.show_unlock()
    rest()
    label = named(window, "unlock.name")
    assert label.height() >= label.heightForWidth(label.width())
    window.take_desk(house.desk(replace(MINATO, name=name)))
    rest()
    assert window.frame.navigation.company.toolTip() == name
