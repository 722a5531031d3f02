"""Days as the pension office writes them: an era's digit and YYMMDD, "9" and "080401"."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.domain.era import ERAS, to_wareki

_FIRST_DAYS = [(era.first_day, str(era.pension_digit), era.first_day.year - 1) for era in ERAS]
_SPANS = {
    digit: (max(first, date(1873, 1, 1)), end, before)
    for (first, digit, before), end in zip(
        _FIRST_DAYS, [date.max, *[first for first, _, _ in _FIRST_DAYS]], strict=False
    )
}


@lru_cache(maxsize=65536)
def written(day: date) -> tuple[str, str]:
    """The era's digit and the six digits of a day. Raises BadInput before 1873."""
    if day.year < 1873:
        to_wareki(day)
    place = 0
    while day < _FIRST_DAYS[place][0]:
        place += 1
    _, digit, before = _FIRST_DAYS[place]
    return digit, f"{(day.year - before) * 10_000 + day.month * 100 + day.day:06d}"


@lru_cache(maxsize=65536)
def read(era: str, digits: str) -> date | None:
    """The day, or None where there is no such day in that era."""
    span = _SPANS.get(era)
    if span is None or len(digits) != 6 or digits[:2] == "00":
        return None
    first, end, before = span
    try:
        day = date(before + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
    return day if first <= day < end else None


@lru_cache(maxsize=4096)
def written_month(month: str) -> tuple[str, str, str]:
    """The era's digit, the year and the month of "2026-09": ("9", "08", "09")."""
    era, digits = written(date(int(month[:4]), int(month[5:]), 1))
    return era, digits[:2], digits[2:4]
