"""Legal last days: the day of a later month, moved past days on which public offices are closed."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def is_office_closed(day: date) -> bool:
    """Whether the State's offices are closed: weekend, national holiday, 29 December to 3 January.

    行政機関の休日に関する法律 第1条.
    """
    import jpholiday

    if day.weekday() >= 5 or (day.month, day.day) in _YEAR_END:
        return True
    return bool(jpholiday.is_holiday(day))


_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def due_date(basis: date, month_offset: int, day: int) -> date:
    """Day `day` (or the last day) of the month `month_offset` months after `basis`.

    A last day on which the offices are closed moves to the next open day (同法 第2条).
    """
    months = basis.year * 12 + basis.month - 1 + month_offset
    year, month = divmod(months, 12)
    month += 1
    return _open(date(year, month, min(day, calendar.monthrange(year, month)[1])))


def due_after(basis: date, days: int) -> date:
    """The `days`-th day after `basis`, which is itself not counted (民法 第140条), or the next open one."""
    return _open(basis + timedelta(days=days))


def _open(due: date) -> date:
    while is_office_closed(due):
        due += timedelta(days=1)
    return due
