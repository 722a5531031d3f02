"""Days as the pension office's file writes them: a number for the era, then YYMMDD."""

from __future__ import annotations

import re
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
