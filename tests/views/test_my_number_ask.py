"""個人番号 in the window: typed as dots, taken out of the field at once, handed over, and gone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.domain.errors import BadInput
from app.domain.my_number import fits
from app.services.my_number import MyNumbers
from app.services.social.numbers_asked import Asked, FileRead
from app.views.pages.my_number_ask import MyNumberAsk
from app.views.widgets.band import Band
from tests.views.window_parts import dressed, rest

__all__ = ["dressed"]

ONE, TWO = "123456789018", "999999999996"


def person(key: str, name: str, *, may_skip: bool = False) -> Asked:
    return Asked(key, name, "", None, "", "本人", "資格取得届に書きます。", may_skip, "")


PEOPLE = (person("a", "年金　太郎"), person("b", "年金　次郎", may_skip=True), person("c", "佐野"))


class File:
    """What a file gives, and what it was asked."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.bad: tuple[str, ...] = ()
        self.fault: Exception | None = None

    def __call__(self, content: bytes, asked: Sequence[Asked], into: MyNumbers) -> FileRead:
        if self.fault:
            raise self.fault
        for key, text in self.found.items():
            into.put(key, text)
        return FileRead(len(self.found), 4, self.bad)


@pytest.fixture
def file() -> File:
    return File()


@pytest.fixture
def ask(dressed: QApplication, qtbot: Any, file: File) -> Iterator[MyNumberAsk]:
    made = shown(qtbot, file)
    yield made
    made.hide()


def shown(qtbot: Any, file: File, *, practice: bool = False) -> MyNumberAsk:
    made = MyNumberAsk(file, practice=practice)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    made.ask(PEOPLE)
    made.first_focus().setFocus()
    rest()
    return made


def typed(ask: MyNumberAsk, text: str) -> None:
    QTest.keyClicks(ask.field, text)
    QTest.keyClick(ask.field, Qt.Key.Key_Return)
    rest()


def said(ask: QWidget) -> str:
    """Every word on the page, and every word a screen reader is told."""
    words = [label.text() for label in ask.findChildren(QLabel)]
    for widget in [ask, *ask.findChildren(QWidget)]:
        spoken = QAccessible.queryAccessibleInterface(widget)
        words += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if spoken is not None:
            words += [spoken.text(QAccessible.Text(kind)) for kind in range(5)]
            if (text := spoken.textInterface()) is not None:
                words.append(text.text(0, text.characterCount()))
    table: Any = ask.findChild(QWidget, "my_number.people")
    model = table.model()
    words += [
        str(model.index(row, column).data(role))
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole,
                     Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole)
    ]  # fmt: skip
    return "\n".join(words)


def bands(ask: MyNumberAsk) -> list[str]:
    return [band.spoken() for band in ask.findChildren(Band) if band.isVisible()]


def test_one_after_the_other_and_handed_over_once(ask: MyNumberAsk, qtbot: Any) -> None:
    assert ask.field.hasFocus()
    assert ask.go.word() == "封をして送る(あと 3人)"
    QTest.keyClicks(ask.field, "1234 5678")
    assert ask.told.accessibleName() == "いま 8桁です。"
    assert "12345678" not in said(ask).replace(" ", "")
    typed(ask, "9018")
    assert ask.field.text() == ""
    assert "次郎" in ask.name.text()
    assert ask.field.hasFocus()
    ask.skip.click()
    assert "佐野" in ask.name.text()
    typed(ask, TWO)
    assert ask.go.hasFocus()
    assert ask.go.word() == "封をして送る"
    assert [ask.model.state(n) for n in range(3)] == ["入れました", "なしで出す", "入れました"]
    assert ONE not in said(ask)
    with qtbot.waitSignal(ask.given):
        ask.go.click()
    numbers = ask.take()
    assert numbers.texts() == {"a": ONE, "c": TWO}
    assert not ask.take()
    numbers.wipe()


def test_a_wrong_number_is_told_and_can_be_put_right(ask: MyNumberAsk) -> None:
    typed(ask, "123456789012")
    assert "数字が合いません" in ask.told.accessibleName()
    assert "太郎" in ask.name.text()
    assert ask.field.state() == "error"
    assert "123456789012" not in said(ask)
    ask.field.selectAll()
    typed(ask, ONE)
    assert "次郎" in ask.name.text()
    assert ask.field.state() == ""
    ask.table.setCurrentIndex(ask.model.index(2, 0))
    typed(ask, ONE)
    assert "ほかの人にも入っています" in ask.told.accessibleName()
    assert ask.model.state(2) == "まだ"


def test_go_leads_to_who_is_left_and_undo_takes_back(ask: MyNumberAsk, qtbot: Any) -> None:
    ask.table.setCurrentIndex(ask.model.index(2, 0))
    typed(ask, TWO)
    with qtbot.assertNotEmitted(ask.given):
        ask.go.click()
    assert "太郎" in ask.name.text()
    ask.table.setCurrentIndex(ask.model.index(2, 0))
    ask.undo.click()
    assert ask.model.left() == 3
    assert not ask.take()


def test_all_with_a_pension_number_are_skipped_together(ask: MyNumberAsk) -> None:
    assert ask.source.skip_all.isVisible()
    ask.source.skip_all.click()
    assert [ask.model.state(n) for n in range(3)] == ["まだ", "なしで出す", "まだ"]
    assert not ask.source.skip_all.isVisible()
    assert not ask.skip.isVisible()


def test_nothing_of_it_reaches_the_clipboard_or_the_undo(ask: MyNumberAsk) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("mine")
    QTest.keyClicks(ask.field, ONE)
    ask.field.selectAll()
    for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
        QTest.keyClick(ask.field, key, Qt.KeyboardModifier.ControlModifier)
    ask.field.copy()
    ask.field.cut()
    assert clipboard.text() == "mine"
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(4, 4), QPoint(4, 4))
    QApplication.sendEvent(ask.field, menu)
    assert menu.isAccepted()
    assert QApplication.activePopupWidget() is None
    assert not ask.field.dragEnabled()
    ask.field.setText(ONE)
    typed(ask, "")
    assert "次郎" in ask.name.text()
    ask.field.undo()
    ask.field.redo()
    assert ask.field.text() == ""


def test_leaving_and_hiding_wipe_it(ask: MyNumberAsk, qtbot: Any) -> None:
    typed(ask, ONE)
    kept = ask._numbers._held["a"]
    QTest.keyClicks(ask.field, "99999")
    ask.hide()
    assert ask.field.text() == ""
    ask.show()
    with qtbot.waitSignal(ask.left):
        QTest.keyClick(ask.field, Qt.Key.Key_Escape)
    assert kept == bytes(12)
    assert not ask.take()


def test_a_file_gives_them_and_tells_its_bad_rows(
    ask: MyNumberAsk, file: File, tmp_path: Path
) -> None:
    path = tmp_path / "番号.csv"
    path.write_text("x", "utf-8")
    file.found, file.bad = {"a": ONE, "c": TWO}, ("3行目: 個人番号は 12桁です。",)
    ask.source.read_file(path)
    rest()
    assert [ask.model.state(n) for n in range(3)] == ["入れました", "まだ", "入れました"]
    assert bands(ask) == [
        "2人分を読みました。ほかの 4行は、この届では要らないので読んでいません。 3行目: 個人番号は 12桁です。"
    ]
    assert ONE not in said(ask)
    assert "次郎" in ask.name.text()
    assert ask.field.hasFocus()
    assert [p.name for p in tmp_path.iterdir()] == ["番号.csv"]
    assert ask.take().texts() == {"a": ONE, "c": TWO}


@pytest.mark.parametrize(("content", "fault", "told"), [
    (b"x", BadInput("numbers-headings", "見出しを確かめてください。"), "見出しを"),
    (b"", None, "空か"),
    (None, None, "読めません"),
])  # fmt: skip
def test_a_file_that_is_none_is_told(
    ask: MyNumberAsk, file: File, tmp_path: Path, content: bytes | None, fault: Any, told: str
) -> None:
    path = tmp_path / "番号.csv"
    if content is not None:
        path.write_bytes(content)
    file.fault = fault
    ask.source.read_file(path)
    rest()
    (band,) = bands(ask)
    assert told in band
    assert ask.source.file.isEnabled()
    assert ask.model.left() == 3


def test_a_number_from_a_file_that_somebody_has_is_not_taken(
    ask: MyNumberAsk, file: File, tmp_path: Path
) -> None:
    typed(ask, ONE)
    path = tmp_path / "番号.csv"
    path.write_text("x", "utf-8")
    file.found = {"c": ONE}
    ask.source.read_file(path)
    rest()
    assert ask.model.state(2) == "まだ"
    assert "佐野さん: 同じ個人番号" in bands(ask)[0]


def test_in_a_practice_company_numbers_are_invented(
    dressed: QApplication, qtbot: Any, file: File, ask: MyNumberAsk
) -> None:
    assert not ask.source.invented.isVisible()
    practice = shown(qtbot, file, practice=True)
    assert bands(practice) == ["練習です。ほんものの個人番号は入れないでください。"]
    practice.source.invented.click()
    rest()
    texts = practice.take().texts()
    assert set(texts) == {"a", "b", "c"}
    assert all(fits(text) for text in texts.values())


def test_narrow_the_field_stands_above_the_people(ask: MyNumberAsk) -> None:
    ask.resize(700, 700)
    rest()
    one = ask.field.mapTo(ask, QPoint(0, 0)).y()
    assert one < ask.people.mapTo(ask, QPoint(0, 0)).y()
    ask.resize(1200, 700)
    rest()
    assert ask.people.mapTo(ask, QPoint(0, 0)).x() < ask.field.mapTo(ask, QPoint(0, 0)).x()


def test_a_thousand_people_hold_no_turn_up(ask: MyNumberAsk) -> None:
    many = [person(f"p{n}", f"人　{n}", may_skip=n % 2 == 0) for n in range(1000)]
    began = time.perf_counter()
    ask.ask(many)
    asked = time.perf_counter() - began
    began = time.perf_counter()
    ask.source.skip_all.click()
    skipped = time.perf_counter() - began
    ask.field.setText(ONE)
    began = time.perf_counter()
    ask.take_button.click()
    one = time.perf_counter() - began

    assert max(asked, skipped, one) < 0.1, (asked, skipped, one)
    assert ask.model.left() == 499
