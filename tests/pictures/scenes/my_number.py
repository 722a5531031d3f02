"""個人番号を入れる: two given, one to be typed, one who goes by the 基礎年金番号."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.my_number import MyNumbers
from app.services.social.numbers_asked import Asked, FileRead
from app.views.page import Page
from app.views.pages.my_number_ask import MyNumberAsk
from tests.pictures.scenes.doors import FILINGS, Desk, Window, framed
from tests.pictures.stage import Stage as Scene

_FORM = "資格取得届に書きます。"
_MAY = "基礎年金番号と住所で出せます。"
_NOT = "基礎年金番号が分かれば、それと住所で出せます。"
PEOPLE = tuple(
    Asked(f"e{n}", name, "", None, "", who, sentence, may, why)
    for n, (name, who, sentence, may, why) in enumerate((
        ("佐野　あかり", "本人", _FORM, False, _NOT),
        ("髙橋　由美", "本人", _FORM, True, _MAY),
        ("髙橋　一", "被扶養者", "髙橋　由美さんの被扶養者（異動）届に書きます。", False,
         "この人には基礎年金番号で代える欄がありません。"),
        ("中村　聡子", "本人", _FORM, True, _MAY),
        ("小林　大樹", "本人", _FORM, False, _NOT),
    ))
)  # fmt: skip


class Place(Page):
    """A page that holds the question, as the page of a notice does."""

    folds_navigation = True
    place = "procedures"
    margin = 0

    def __init__(self, *, practice: bool) -> None:
        desk: Any = Desk(FILINGS, practice=practice)
        super().__init__(desk, Window())
        self.title = "資格取得届"
        self.note = "期限 2026-07-06(月) ・ 出すまえに、個人番号を入れます"
        self.ask = MyNumberAsk(lambda *_: FileRead(0, 0, ()), practice=practice, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ask)
        self.ask.ask(PEOPLE)


def my_number(scene: Scene) -> QWidget:
    """A real company: two are settled, the third was mistyped."""
    page = Place(practice=False)
    ask = page.ask
    ask.field.setText("123456789018")
    ask.take_button.click()
    ask.skip.click()
    ask.field.setText("123456789012")
    ask.take_button.click()
    return framed(page, "procedures", scene)


def my_number_practice(scene: Scene) -> QWidget:
    """A practice company, after a file was read with a row that is no number."""
    page = Place(practice=True)
    numbers = MyNumbers()
    numbers.put("e0", "123456789018")
    bad = ("4行目: 個人番号の数字が合いません。カードか通知書と 1桁ずつ見くらべてください。",)
    page.ask._took(page.ask.model.asked, FileRead(1, 12, bad), numbers)
    return framed(page, "procedures", scene)


SCENES = {"my-number": my_number, "my-number-practice": my_number_practice}
USUAL = ["my-number"]
ONCE = ["my-number-practice"]
