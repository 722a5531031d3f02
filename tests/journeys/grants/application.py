"""What the company of the story says in its application, and how keys put it into the form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from app.views.widgets.field import SelectField
from tests.journeys.hand import Hand
from tests.sandbox.portal_answers import PDF

Cell = tuple[int, str, str]
"""Row (from 0), column, text."""
COMPANY = {
    "company.kana": "チムニーコーヒー",
    "company.established_on": "2010-04-01",
    "company.capital": "10,000,000",
    "company.industry_code": "7672",
    "company.fiscal_year_end_month": "3",
    "company.head_office.postal_code": "150-0041",
    "company.representative.family_name": "練習",
    "company.representative.given_name": "太郎",
    "company.representative.family_kana": "れんしゅう",
    "company.representative.given_kana": "たろう",
    "company.representative.title": "代表取締役",
    "company.contact.family_name": "練習",
    "company.contact.given_name": "花子",
    "company.contact.family_kana": "れんしゅう",
    "company.contact.given_kana": "はなこ",
    "company.contact.phone": "03-0000-0001",
    "company.contact.email": "hanako@example.jp",
    "company.contact.postal_code": "1500041",
    "company.contact.area": "東京都渋谷区",
    "company.contact.street": "神南１丁目８番１７号",
    "company.employee_count": "12",
}
BEFORE_COSTS = {
    "jouji": "8",
    "inin": "false",
    "b_meisho": "焙煎機で通信販売を始める事業",
    "b_gaiyou": "焙煎機を入れ、豆の通信販売を始めます。",
    "b_naiyou": "店で焙煎した豆を、申込みの翌日に発送します。\n包装を小分けにします。",
    "ruikei": "2",
    "seichou": "1",
    "kaishi": "2027-04-01",
    "kanryou": "令和9年12月31日",
    "kuiki": "3",
    "genjou": "売上が店頭にかたよっています。",
    "kouka": "売上の一割を通信販売にします。",
    "hoka": "false",
}
COSTS: Sequence[Cell] = (
    (0, "kubun", "1"),
    (0, "naiyou", "焙煎機"),
    (0, "uchiwake", "1,000,000円×1台"),
    (0, "zeikomi", "1,100,000"),
    (0, "zeinuki", "1,000,000"),
    (1, "kubun", "8"),
    (1, "naiyou", "ちらし"),
    (1, "uchiwake", "10円×10,000枚"),
    (1, "zeikomi", "110,000"),
    (1, "zeinuki", "100,000"),
)
YEAR: dict[str, Sequence[Cell]] = {
    "c_kikan": (
        (0, "fiscal_date", "2026-03-31"),
        (0, "period_start", "2025-04-01"),
        (0, "period_end", "2026-03-31"),
        (0, "employees_at_end", "12"),
    ),
    "c_shisan": ((0, "total_assets", "30,000,000"),),
    "c_fusai": ((0, "total_debt", "10,000,000"),),
    "c_soneki": (
        (0, "revenues", "50,000,000"),
        (0, "costs", "20,000,000"),
        (0, "sga", "25,000,000"),
        (0, "non_operating_income", "100,000"),
        (0, "non_operating_expenses", "50,000"),
        (0, "net_income", "3,000,000"),
    ),
}
OFFICERS: Sequence[Cell] = (
    (0, "yakushoku", "代表取締役"),
    (0, "sei", "練習"),
    (0, "mei", "太郎"),
    (0, "sei_kana", "レンシュウ"),
    (0, "mei_kana", "タロウ"),
    (0, "seinen", "1980-01-01"),
)
HOLDERS: Sequence[Cell] = (
    (0, "kubun", "個人"),
    (0, "meisho", "練習　太郎"),
    (0, "juusho", "東京都渋谷区"),
    (0, "hiritsu", "66.67"),
)
OATHS = {"sairiyou": "true", "chinage": "true", "chinage_ritsu": "3.0", "saitei": "1250"}
FILES = {"f_kessan": ("kessan.pdf", PDF + b"1"), "f_touki": ("touki.pdf", PDF + b"2")}


def answer(hand: Hand, program: Any, field_id: str, text: str) -> None:
    """One field that is no table, by the keys its kind takes."""
    field = program.page().draft.cell(field_id).field
    name = f"form.field.{field_id}"
    if field.kind in ("choice", "yes_no"):
        hand.choose(name, text)
    elif field.kind in ("choices", "consent"):
        for part in text.split(","):
            hand.press(f"{name}.{part}")
    elif field.kind == "long_text":
        hand.reach(name)
        for number, line in enumerate(text.split("\n")):
            if number:
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            hand.write(line)
        hand.keys(Qt.Key.Key_Tab)
    else:
        hand.type(name, text)


def fill_table(hand: Hand, field_id: str, cells: Sequence[Cell], *, rows: int = 0) -> None:
    """Adds `rows`, walks to each cell with the arrow keys and writes it."""
    name = f"form.field.{field_id}"
    for _ in range(rows):
        hand.press(f"{name}.add")
    grid = hand.reach(name)
    for row, column, text in cells:
        _walk(grid, row, column)
        _write(hand, grid, text)


def _walk(grid: Any, row: int, column: str) -> None:
    model = grid.model()
    wanted = model.find(model.rows[row].key, column)
    for _ in range(80):
        here = grid.currentIndex()
        if (here.row(), here.column()) == (wanted.row(), wanted.column()):
            return
        if here.row() != wanted.row():
            key = Qt.Key.Key_Down if here.row() < wanted.row() else Qt.Key.Key_Up
        else:
            key = Qt.Key.Key_Right if here.column() < wanted.column() else Qt.Key.Key_Left
        QTest.keyClick(grid, key)
    raise AssertionError(f"the arrow keys do not reach {row} {column}")


def _write(hand: Hand, grid: Any, text: str) -> None:
    QTest.keyClick(grid, Qt.Key.Key_F2)
    lists = [box for box in grid.findChildren(SelectField) if box.isVisible()]
    if lists:
        (box,) = lists
        for _ in range(box.findData(text) - box.currentIndex()):
            QTest.keyClick(box.view(), Qt.Key.Key_Down)
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
    else:
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit), line
        line.selectAll()
        hand.write(text)
        QTest.keyPress(line, Qt.Key.Key_Return)  # the line is gone before a release
    QApplication.processEvents()


def attach(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, field_id: str, path: Path, content: bytes
) -> None:
    """A file into its slot: the button by keys, the system's own dialog answered for the person."""
    path.write_bytes(content)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    hand.press(f"form.field.{field_id}")
    hand.until(lambda: path.name in hand.text(f"form.row.{field_id}"), f"{path.name} is not there")
