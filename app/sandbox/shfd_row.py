"""One line of the pension office's file, and its days: a number for the era, then YYMMDD."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

ERAS = {
    "1": (1868, date(1868, 1, 25), "明治"),
    "3": (1912, date(1912, 7, 30), "大正"),
    "5": (1926, date(1926, 12, 25), "昭和"),
    "7": (1989, date(1989, 1, 8), "平成"),
    "9": (2019, date(2019, 5, 1), "令和"),
}


def western(era: str, text: str) -> date | None:
    """The day of an era's number and YYMMDD, or None when there is no such day."""
    if era not in ERAS or not re.fullmatch(r"[0-9]{6}", text) or text[:2] == "00":
        return None
    first, start, _ = ERAS[era]
    try:
        made = date(first + int(text[:2]) - 1, int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
    later = [begin for _, begin, _ in ERAS.values() if begin > start]
    return made if made >= start and (not later or made < min(later)) else None


def written_day(day: date | None) -> str:
    """As a document writes it: 平成7年4月1日; empty for None."""
    if day is None:
        return ""
    first, _, name = max(era for era in ERAS.values() if era[1] <= day)
    return f"{name}{day.year - first + 1}年{day.month}月{day.day}日"


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True)
class Row:
    """One data line; columns are counted from 1, as the specification does."""

    values: list[str]
    names: list[str]
    today: date

    def __getitem__(self, number: int) -> str:
        return self.values[number - 1]

    def name(self, number: int) -> str:
        """The column's name."""
        return self.names[number - 1]

    def yen(self, number: int) -> int:
        """An amount; an empty one is 0."""
        return int(self[number] or "0")


def day_of(row: Row, number: int) -> date | None:
    """The day whose 元号 stands in column `number`."""
    return western(row[number], row[number + 1])


def plan(names: list[str]) -> tuple[list[int], list[int]]:
    """The columns of a form where a date begins, and where a 基礎年金番号 does."""
    dates = [
        index
        for index, name in enumerate(names, 1)
        if name.endswith("（元号）") and names[index : index + 1] and "年月日）" in names[index]
    ]
    return dates, [n for n, name in enumerate(names, 1) if name.endswith("（課所符号）")]
