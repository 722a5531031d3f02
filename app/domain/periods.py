"""Months and legal periods: how a term counted in months ends, and months as texts "2026-06".

民法143条, 国税通則法10条1項3号: a term of n months ends on the day before the day of the same number n
months later; where that month has no such day, on its last day. The first day is not counted
(民法140条) unless the term begins at midnight, so the caller gives the day counting starts.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day `months` months later (or earlier), or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_end(start: date, months: int) -> date:
    """The last day of a term of `months` months whose first counted day is `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=1)


def years_after(day: date, years: int) -> date:
    """The day of the same number `years` years later; 29 February becomes 1 March (年齢計算)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def month_of(day: date) -> str:
    """The month a day lies in, "2026-06"."""
    return f"{day.year:04d}-{day.month:02d}"


def month_after(month: str, count: int = 1) -> str:
    """The month `count` months after "2026-06" (before it, when negative)."""
    year, rest = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year:04d}-{rest + 1:02d}"


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Every month from `first` to `last`, both counted; () when `last` is earlier."""
    found, month = [], first
    while month <= last:
        found.append(month)
        month = month_after(month)
    return tuple(found)


def first_day(month: str) -> date:
    """The first day of a month."""
    return date(int(month[:4]), int(month[5:]), 1)


def last_day(month: str) -> date:
    """The last day of a month."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def month_text(month: str) -> str:
    """A month in a sentence: "2026-06" → 2026年6月."""
    return f"{int(month[:4])}年{int(month[5:])}月"
