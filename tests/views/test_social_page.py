"""社会保険の届 in the real window: the insurer first, who needs what and why, questions, hidden values."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from social_window import office, press, shown, somebody, texts, town, window

from app.services.social.insurer import REGULAR, Insurer
from app.services.social.notice import Notice
from app.views.models.need_list import NeedListModel
from app.views.pages.social_page import SocialPage
from app.views.window_keys import targets
from tests.services.open_desk import OpenDesk
from tests.services.social_town import social, told
from tests.views.window_parts import named, rest

__all__ = ["office", "town", "window"]


def opened(window: Any) -> SocialPage:
    window.show_page("social")
    rest()
    page = window.page()
    assert isinstance(page, SocialPage)
    return page


def row_of(page: SocialPage, member: str, form: str = REGULAR) -> int:
    return page.list.model.row_of_key((form, member, "2026"))


def go(page: SocialPage, row: int) -> None:
    page.list.rows.setFocus()
    page.list.rows.setCurrentIndex(page.list.model.index(row))
    rest()


def test_the_insurer_is_asked_before_anything_else(window: Any, office: OpenDesk) -> None:
    told(office, "a", somebody())
    page = opened(window)
    assert shown(window, "social.insurer.kumiai")
    assert not shown(window, "social.words")
    assert not shown(window, "social.tab")
    assert not any(row.is_chosen() for row in page.question.rows.values())  # nothing is preset
    focused = QApplication.focusWidget()
    assert focused is page.question.rows[Insurer.KYOKAI]
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.question.rows[Insurer.KUMIAI]
    QTest.keyClick(page.question.rows[Insurer.KUMIAI], Qt.Key.Key_Return)
    rest()
    assert office.desk.social.insurer() is Insurer.KUMIAI
    assert not shown(window, "social.insurer.kumiai")
    band = named(window, "social.union").accessibleName()
    assert "年金(厚生年金保険)の側だけ" in band
    assert "印刷" in band
    assert opened(window) is page
    assert shown(window, "social.words")  # it is asked once


def test_the_insurer_can_be_changed(window: Any, office: OpenDesk) -> None:
    social(office, Insurer.KUMIAI)
    told(office, "a", somebody())
    page = opened(window)
    press(window, "social.insurer.change")
    assert page.question.rows[Insurer.KUMIAI].is_chosen()
    press(window, "social.insurer.kyokai", Qt.Key.Key_Return)
    assert office.desk.social.insurer() is Insurer.KYOKAI
    assert not shown(window, "social.union")
    assert page.insurer.word() == "協会けんぽ"


def test_a_company_without_people_is_led_to_the_import(window: Any, office: OpenDesk) -> None:
    social(office)
    opened(window)
    press(window, "social.begin")
    assert window.page().objectName() == "social_import"


def test_who_needs_what_and_why(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    told(office, "b", somebody(1, family_name="佐野"))
    page = opened(window)
    model = page.list.model
    group = model.index(0)
    assert str(model.data(group)) == "算定基礎届  2人"
    assert page.list.rows.currentIndex() == group
    assert "7月10日" in texts(page.detail)
    go(page, row_of(page, "a"))
    read = texts(page.detail)
    assert "2026年7月1日に被保険者" in read  # the reason
    assert "7月10日まで" in read  # the law's words
    assert "令和8年7月10日" in read
    assert "÷ 3 = 260,000円" not in read  # the arithmetic only when asked for
    press(window, "social.arithmetic")
    assert "(260,000 + 260,000 + 260,000) ÷ 3 = 260,000円" in texts(page.detail)
    assert "20等級260,000円" in texts(page.detail)
    press(window, "social.arithmetic")
    assert "÷ 3" not in texts(page.detail)


def test_personal_values_are_hidden_until_asked_for_and_hide_again(
    window: Any, office: OpenDesk
) -> None:
    social(office)
    told(office, "a", somebody())
    told(office, "b", somebody(1))
    page = opened(window)
    go(page, row_of(page, "a"))
    secret = ("1234567890", "千代田区", "平成7年4月1日")
    assert not any(word in texts(window) for word in secret)
    press(window, "social.personal.show")
    assert all(word in texts(page.detail) for word in secret)
    press(window, "social.personal.show")
    assert not any(word in texts(window) for word in secret)
    press(window, "social.personal.show")
    go(page, row_of(page, "b"))  # another person: hidden again
    assert not any(word in texts(window) for word in ("1234567890", "1234567891"))
    press(window, "social.personal.show")
    window.show_page("today")
    rest()
    page = opened(window)
    assert not any(word in texts(window) for word in secret)


def test_a_value_hides_by_itself(window: Any, office: OpenDesk, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.views.widgets.masked.SHOWN_MS", 30)
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    go(page, row_of(page, "a"))
    button: Any = named(window, "social.personal.show")
    button.setChecked(True)
    assert "1234567890" in texts(page.detail)
    QTest.qWait(80)
    assert "1234567890" not in texts(page.detail)


def test_a_question_is_answered_on_the_spot(window: Any, office: OpenDesk) -> None:
    social(office)
    facts = somebody()
    del facts["pay[2026-06]"], facts["birth"]
    told(office, "a", facts)
    page = opened(window)
    page.tabs._segments["questions"].click()
    rest()
    assert page.list.model.rowCount() == 1
    go(page, 0)
    days = "employees[a].pay_days[2026-06]"
    assert not shown(window, f"social.ask.{days}")  # what is known is not asked again
    QTest.keyClick(page.list.rows, Qt.Key.Key_Return)
    field: Any = QApplication.focusWidget()
    assert field.objectName() == "social.ask.employees[a].birth"
    field.setText("平成7年13月1日")
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    assert shown(window, "social.ask.fault.employees[a].birth")
    assert office.desk.graph.fact("employees[a].birth").value is None
    field.setText("平成7年4月1日")
    QTest.keyClick(field, Qt.Key.Key_Return)
    rest()
    pay: Any = QApplication.focusWidget()  # the keyboard goes on to the next question
    assert pay.objectName() == "social.ask.employees[a].pay[2026-06]"
    pay.setText("260,000")
    QTest.keyClick(pay, Qt.Key.Key_Return)
    rest()
    assert office.desk.graph.fact("employees[a].pay[2026-06]").value == 260_000
    assert page.list.model.rowCount() == 0
    (notice,) = office.desk.social.needs().notices
    assert notice.asks == ()


def test_whether_somebody_is_insured_is_asked(window: Any, office: OpenDesk) -> None:
    from app.domain.clock import today

    social(office)
    hired = today(office.clock)
    names = {"family_name": "新田", "given_name": "花", "hired_on": hired, "weekly_hours": 10}
    told(office, "n", names)
    page = opened(window)
    page.tabs._segments["questions"].click()
    rest()
    go(page, 0)
    press(window, "social.ask.employees[n].social_insurance.covered.はい")
    assert office.desk.graph.fact("employees[n].social_insurance.covered").value is True
    forms = [n.form for n in office.desk.social.needs().notices]
    assert forms == ["2200700"]


def test_who_needs_none_and_why(window: Any, office: OpenDesk) -> None:
    from datetime import date

    social(office)
    told(office, "a", somebody(**{"social_insurance.acquired_on": date(2026, 6, 2)}))
    page = opened(window)
    page.tabs._segments["left_out"].click()
    rest()
    assert "6月1日以後に資格を取得した" in texts(page.detail)


def test_names_and_numbers_find_people(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    told(office, "b", somebody(1, family_name="佐野", family_kana="サノ"))
    page = opened(window)
    for words in ("さの", "佐野", "13"):
        page.list.words.setText(words)
        rest()
        model = page.list.model
        what = [model.what(model.index(n)) for n in range(model.rowCount())]
        assert [n.person.member for n in what if isinstance(n, Notice)] == ["b"], words
    page.list.words.setText("だれもいない")
    rest()
    assert "見つかりません" in named(window, "social.empty").accessibleName() or shown(
        window, "social.empty"
    )


def test_a_thousand_people_make_no_widget_each(window: Any, office: OpenDesk) -> None:
    social(office)
    few = opened(window)
    before = len(window.findChildren(QWidget))
    for number in range(1_000):
        told_at_once(office, f"p{number:04d}", somebody(number))
    office.desk.take_in()
    few.refresh()
    rest()
    assert few.list.model.rowCount() == 1_001
    assert len(window.findChildren(QWidget)) - before < 60
    longest = scrolled(few)
    assert longest < 0.1, longest


def told_at_once(office: OpenDesk, member: str, facts: dict[str, Any]) -> None:
    from app.facts.record import Origin, Record

    now = office.clock()
    office.desk._arrive(
        [
            Record(f"employees[{member}].{leaf}", value, Origin.BOOKS, now, str(value))
            for leaf, value in facts.items()
        ]
    )


def scrolled(page: SocialPage) -> float:
    """The longest of the turns in which the list goes down, in seconds of this thread's own work."""
    import time

    longest = 0.0
    bar = page.list.rows.verticalScrollBar()
    for place in range(0, bar.maximum(), max(1, bar.maximum() // 40)):
        begun = time.thread_time()
        bar.setValue(place)
        QApplication.processEvents()
        longest = max(longest, time.thread_time() - begun)
    return longest


def test_another_first_day_is_looked_from(window: Any, office: OpenDesk) -> None:
    desk = social(office)
    told(office, "a", somebody())
    page = opened(window)
    assert "1月1日からの出来事を見ています" in texts(page.list)
    press(window, "social.since.change")
    day: Any = QApplication.focusWidget()
    day.setText("令和9年1月1日")
    QTest.keyClick(day, Qt.Key.Key_Return)
    rest()
    assert shown(window, "social.since.fault")
    day.setText("令和8年7月2日")
    QTest.keyClick(day, Qt.Key.Key_Return)
    rest()
    assert desk.since().isoformat() == "2026-07-02"
    assert "7月2日からの出来事を見ています" in texts(page.list)
    assert page.list.model.rowCount() == 0


def test_it_is_reached_from_everywhere(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    window.show_page("procedures")
    rest()
    press(window, "procedures.social.open")
    assert isinstance(window.page(), SocialPage)
    titles = {target.title: target for target in targets(window)}
    titles["従業員と給与を取り込む"].go()
    rest()
    assert window.page().objectName() == "social_import"
    titles["賞与支払届"].go()
    rest()
    assert window.page().objectName() == "social_form"
    window.show_page("today")
    rest()
    press(window, f"today.due.award.{REGULAR}.notices.2026-07-10.open")
    page = window.page()
    assert isinstance(page, SocialPage)
    assert page.list.model.place(page.list.rows.currentIndex()) == ("group", REGULAR, "2026-07-10")


@pytest.mark.parametrize("width", [960, 1280])
def test_list_and_detail_by_keys(window: Any, office: OpenDesk, width: int) -> None:
    social(office)
    told(office, "a", somebody())
    window.resize(width, 640)
    page = opened(window)
    go(page, row_of(page, "a"))
    QTest.keyClick(page.list.rows, Qt.Key.Key_Return)
    rest()
    assert page.detail.isVisible()
    if width < 1120:
        assert not page.list.isVisible()
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Escape)
    rest()
    assert page.list.rows.hasFocus()
    QTest.keyClick(page.list.rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert window.page().objectName() == "social_form"


def test_the_list_is_read_aloud(window: Any, office: OpenDesk) -> None:
    social(office)
    told(office, "a", somebody())
    page = opened(window)
    model: NeedListModel = page.list.model
    index = model.index(row_of(page, "a"))
    spoken = model.data(index, int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith("年金　太郎、")
    assert "被保険者" in spoken


def test_a_notice_handed_in_on_paper_is_marked_and_taken_back(
    window: Any, office: OpenDesk
) -> None:
    desk = social(office)
    told(office, "a", somebody())
    told(office, "b", somebody(1, family_name="佐野"))
    page = opened(window)
    key = (REGULAR, "a", "2026")
    go(page, row_of(page, "a"))
    press(window, "social.paper")
    assert page.detail._mark is not None
    day = page.detail._mark.day
    assert day.text() == ""
    press(window, "social.paper.settle")
    assert named(window, "social.paper.fault").accessibleName()
    day.set_text("2099-01-01")
    press(window, "social.paper.settle")
    assert "今日までの日" in named(window, "social.paper.fault").accessibleName()
    assert desk.on_paper() == ()
    day.set_text("2026-07-03")
    press(window, "social.paper.settle")
    assert row_of(page, "a") < 0
    assert row_of(page, "b") > 0
    assert [n.key[1] for n in desk.needs().notices] == ["b"]
    assert desk.review(REGULAR).prepared.reports == ((REGULAR, "b", "2026"),), "nobody twice"
    assert not desk.filed(), "no filing stands for it"
    page.tabs.set_chosen("left_out")
    page._show_rows()
    (row,) = (
        n
        for n in range(page.list.model.rowCount())
        if page.list.model._rows[n].what in desk.on_paper()
    )
    go(page, row)
    read = texts(page.detail)
    assert "2026年7月3日に紙で出しました" in read
    (said,) = desk.paper.all()
    assert (said.notice, said.by, said.back_at) == (key, office.desk.person, "")
    press(window, "social.paper.back")
    assert desk.on_paper() == ()
    assert {n.key[1] for n in desk.needs().notices} == {"a", "b"}
    (said,) = desk.paper.all()
    assert said.back_at, "what was said and taken back stays on record"
