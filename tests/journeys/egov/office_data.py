"""What the clerk of the story brings along: the office's own facts, and a table of employees with pay."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

COMPANY = {
    "company.phone": "03-1234-5678",
    "company.email": "keiri@example.co.jp",
    "company.head_office.address_kana": "トウキョウトシブヤクジンナン",
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.social_insurance.prefecture": "21",
    "company.social_insurance.district": "01",
    "company.social_insurance.mark": "ケイト",
    "company.social_insurance.office_number": "123",
    "company.social_insurance.submission_id": "X-PRACTICE-PENSION-2101",
    "company.social_insurance.submission_name": "日本年金機構,渋谷年金事務所",
}
HEADINGS = [
    "社員番号", "氏名", "フリガナ", "生年月日", "性別", "基礎年金番号", "被保険者整理番号", "資格取得年月日",
    "健保標準報酬月額", "厚年標準報酬月額", "改定年月", "2026年4月 支給額", "2026年4月 基礎日数",
    "2026年5月 支給額", "2026年5月 基礎日数", "2026年6月 支給額", "2026年6月 基礎日数", "メモ",
]  # fmt: skip
PEOPLE: list[list[Any]] = [
    ["E1", "髙橋 由美", "タカハシ ユミ", date(1993, 4, 1), "女", "1234567890", "12", date(2015, 4, 1),
     260000, 260000, "2025-09", 260000, 30, 262000, 31, 264000, 30, "秘密の覚え"],
    ["E2", "伊藤 健", "イトウ ケン", date(1990, 3, 9), "男", "2234567890", "13", date(2018, 10, 1),
     300000, 300000, "2025-09", 300000, 30, 300000, 31, 318000, 30, ""],
    ["E3", "佐野 明", "サノ アキラ", date(1985, 5, 5), "男", "3234567890", "14", date(2010, 4, 1),
     340000, 340000, "2025-09", 380000, 30, 382000, 31, 381000, 30, ""],
]  # fmt: skip
BAD: list[Any] = [
    "E4", "小林大樹", "コバヤシ ダイキ", "きのう", "男", "41", "15", date(2020, 4, 1),
    200000, 200000, "2025-09", "二十万", 30, 200000, 31, 200000, 30, "",
]  # fmt: skip


def excel(path: Path) -> Path:
    """The table as an Excel file: three good rows and a bad one."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, *PEOPLE, BAD):
        sheet.append(row)
    book.save(path)
    return path
