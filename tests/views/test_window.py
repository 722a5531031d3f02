"""The frame by keyboard: places, lock, rail, palette, columns, text size, title, status."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from app.services.sign_in import SignInState
from app.views import theme
from app.views.main_window import MainWindow
from app.views.page import Page, Status, Target
from app.views.pages.not_here import NotHerePage
from app.views.pages.today import TodayPage
from tests.pictures.sample_house import CARDS, MINATO, SampleDesk, SampleHouse
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "window"]
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class _Written(Page):
    """A page with one field that says what it was told."""

    folds_navigation = True

    def __init__(self, desk, window, asked):  # type: ignore[no-untyped-def]
        super().__init__(desk, window)
        self.title, self.note = "算定基礎届", "2人め"
        self.told: list[str] = []
        self.field = QLineEdit()
        self.field.setObjectName("form.field.shimei")
        QVBoxLayout(self).addWidget(self.field)

    def refresh(self) -> None:
        self.told.append("refresh")

    def leaving(self) -> None:
        self.told.append("leaving")

    def status(self) -> Status:
        return Status(count="手で入れたのは 90か所中 12か所", once=0.5)

    def targets(self) -> list[Target]:
        return [Target("氏名", "1 被保険者", self.field.setFocus)]


@pytest.fixture
def opened(window: MainWindow, house: SampleHouse) -> MainWindow:
    """A window with the sample company open at 今日."""
    house.pages = dict.fromkeys(
        ("company", "procedures", "outbox", "documents", "settings"), _Written
    )
    window.take_desk(house.desk(MINATO))
    rest()
    return window


def test_opens_at_today_with_name_and_status(opened: MainWindow) -> None:
    assert isinstance(opened.page(), TodayPage)
    assert opened.windowTitle() == "みなと製菓 · 今日 · 一度"
    bar = opened.frame.status
    assert bar.saved.text() == "13:42 に保存しました"
    assert bar.once.figure() == "87 %"
    assert bar.sign_in.text() == "GビズID サインイン中 残り 48 分"
    assert opened.frame.navigation.places["today"].count() == 3
    assert not opened.frame.practice.isVisible()


@pytest.mark.parametrize(
    ("key", "place"),
    [(Qt.Key.Key_2, "company"), (Qt.Key.Key_5, "procedures"), (Qt.Key.Key_6, "outbox"),
     (Qt.Key.Key_7, "documents"), (Qt.Key.Key_0, "settings")],
)  # fmt: skip
def test_alt_and_a_digit_go_to_a_place(opened: MainWindow, qtbot, key, place: str) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(opened, key, ALT)
    assert isinstance(opened.page(), _Written)
    assert opened.frame.navigation.places[place].isChecked()
    assert opened.windowTitle() == "みなと製菓 · 算定基礎届 · 一度"
    qtbot.keyClick(opened, Qt.Key.Key_1, ALT)
    assert isinstance(opened.page(), TodayPage)


def test_a_place_this_version_does_not_have_says_so(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(opened, Qt.Key.Key_3, ALT)
    assert isinstance(opened.page(), NotHerePage)
    qtbot.mouseClick(named(opened, "books.back"), Qt.MouseButton.LeftButton)
    assert isinstance(opened.page(), TodayPage)


def test_ctrl_l_keeps_what_is_written_then_locks(
    opened: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    opened.show_page("procedures")
    page = opened.page()
    assert isinstance(page, _Written)
    with qtbot.waitSignal(opened.locked):
        qtbot.keyClick(opened, Qt.Key.Key_L, CTRL)
    assert page.told == ["refresh", "leaving"]
    assert house.desks[-1].locks == 1
    assert opened.desk is None
    assert opened.stack.currentWidget() is opened.unlock
    assert opened.windowTitle() == "一度"
    assert QApplication.focusWidget() is opened.unlock.passphrase
    rest()
    assert not list(opened.frame.findChildren(_Written)), "no page outlives the lock"


def test_locks_when_nobody_is_there(house: SampleHouse, window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    house.idle_minutes = 1
    window.take_desk(house.desk(MINATO))
    assert window.attention.idle.isActive()
    assert window.attention.idle.interval() == 60_000
    window.attention.idle.setInterval(1)
    with qtbot.waitSignal(window.locked):
        window.attention.idle.start()
    assert house.desks[-1].locks == 1


def test_closing_the_window_locks(opened: MainWindow, house: SampleHouse) -> None:
    opened.close()
    assert house.desks[-1].locks == 1


def test_ctrl_b_folds_and_pages_fold_by_themselves(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    nav = opened.frame.navigation
    assert nav.width() == 204
    opened.show_page("procedures")
    assert nav.width() == 76
    opened.show_page("today")
    assert nav.width() == 204
    qtbot.keyClick(opened, Qt.Key.Key_B, CTRL)
    assert nav.width() == 76
    opened.show_page("outbox")
    opened.show_page("today")
    assert nav.width() == 76, "what a person folded stays folded"


@pytest.mark.parametrize("typed", ["てつづき", "tetsuduki", "TETSUZUKI", "手続"])
def test_the_palette_answers_kana_and_romaji(opened: MainWindow, qtbot, typed: str) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(opened, Qt.Key.Key_K, CTRL)
    assert opened.palette_.isVisible()
    opened.palette_.field.setText(typed)
    assert "手続" in opened.palette_.titles()
    qtbot.keyClick(opened.palette_.field, Qt.Key.Key_Return)
    assert opened.frame.navigation.places["procedures"].isChecked()
    assert not opened.palette_.isVisible()


def test_the_palette_knows_fields_companies_and_says_when_nothing_is_found(
    opened: MainWindow, qtbot
) -> None:  # type: ignore[no-untyped-def]
    opened.show_page("procedures")
    page = opened.page()
    assert isinstance(page, _Written)
    qtbot.keyClick(opened, Qt.Key.Key_K, CTRL)
    opened.palette_.field.setText("shimei")
    assert opened.palette_.titles() == ["氏名"]
    qtbot.keyClick(opened.palette_.field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.field
    qtbot.keyClick(opened, Qt.Key.Key_K, CTRL)
    opened.palette_.field.setText("花の木")
    assert opened.palette_.titles() == ["合同会社花の木"]
    opened.palette_.field.setText("zzzz")
    assert opened.palette_.titles() == []
    qtbot.keyClick(opened.palette_.field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.field, "the focus comes back"


def test_f6_walks_through_all_columns_and_back(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    columns = [opened.frame.navigation, *opened.page().columns(), opened.frame.status]
    opened.frame.navigation.company.setFocus()
    seen = []
    for _ in columns:
        qtbot.keyClick(opened, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        seen.append(next(c for c in columns if c is focus or c.isAncestorOf(focus)).objectName())
    assert seen[0] == "today.due"
    assert len(set(seen)) == len(seen) >= 4
    assert seen[-1] == "nav"
    qtbot.keyClick(opened, Qt.Key.Key_F6, SHIFT)
    assert opened.frame.status.isAncestorOf(QApplication.focusWidget())


def test_another_company_locks_the_open_one_first(
    opened: MainWindow, house: SampleHouse, qtbot
) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(opened, Qt.Key.Key_3, CTRL)
    assert house.desks[-1].locks == 1
    assert opened.unlock.name.text() == CARDS[2].name


def test_the_switcher_filters_by_name_and_number(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(opened.frame.navigation.company, Qt.MouseButton.LeftButton)
    opened.switcher.field.setText("5999900001233")
    assert opened.switcher.titles() == ["青葉工務店株式会社", "会社をくわえる"]
    qtbot.keyClick(opened.switcher.field, Qt.Key.Key_Return)
    assert opened.unlock.name.text() == "青葉工務店株式会社"


def test_practice_is_said_on_every_page_and_in_the_title(
    window: MainWindow, house: SampleHouse
) -> None:
    card = replace(MINATO, practice=True)
    window.take_desk(SampleDesk(card, house.clock, practice=True))
    assert window.frame.practice.isVisible()
    assert window.windowTitle() == "練習 · みなと製菓 · 今日 · 一度"


def test_a_page_speaks_in_the_status_bar_and_undo_is_offered(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    opened.show_page("procedures")
    bar = opened.frame.status
    assert bar.count.text() == "手で入れたのは 90か所中 12か所"
    assert bar.once.figure() == "50 %"
    undone: list[int] = []
    opened.say("行を消しました。", lambda: undone.append(1))
    assert bar.count.text() == "行を消しました。"
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert bar.count.text() == "手で入れたのは 90か所中 12か所"


def test_signed_out_is_said_with_what_still_works(opened: MainWindow, house: SampleHouse) -> None:
    house.desks[-1].sign_in = SignInState(False)
    opened.update_status()
    words = opened.frame.status.sign_in.text()
    assert words == "サインインしていません(下書きはそのまま書けます)"


def test_text_size_steps_and_is_remembered(opened: MainWindow, house: SampleHouse, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.keyClick(opened, Qt.Key.Key_Plus, CTRL)
    assert theme.current().text_scale == 1.15
    assert house.looks == [("light", 1.15)]
    for _ in range(5):
        qtbot.keyClick(opened, Qt.Key.Key_Plus, CTRL)
    assert theme.current().text_scale == 1.3
    for _ in range(9):
        qtbot.keyClick(opened, Qt.Key.Key_Minus, CTRL)
    assert theme.current().text_scale == 0.9


def test_back_goes_where_one_was(opened: MainWindow) -> None:
    opened.show_page("outbox")
    opened.show_page("procedures")
    opened.back()
    assert opened.frame.navigation.places["outbox"].isChecked()
    opened.back()
    assert isinstance(opened.page(), TodayPage)
    opened.back()
    assert isinstance(opened.page(), TodayPage)
