"""Days as the pension office writes them: an era's digit and YYMMDD, "9" and "080401"."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.domain.era import ERAS, to_wareki

_FIRST_YEARS = {str(era.pension_digit): era.first_day.year for era in ERAS}


@lru_cache(maxsize=65536)
def written(day: date) -> tuple[str, str]:
    """The era's digit and the six digits of a day. Raises BadInput before 1873."""
    w = to_wareki(day)
    return str(w.era.pension_digit), f"{w.year:02d}{w.month:02d}{w.day:02d}"


@lru_cache(maxsize=65536)
def read(era: str, digits: str) -> date | None:
    """The day, or None where there is no such day in that era."""
    first = _FIRST_YEARS.get(era)
    if first is None or len(digits) != 6 or digits[:2] == "00":
        return None
    try:
        day = date(first + int(digits[:2]) - 1, int(digits[2:4]), int(digits[4:]))
        return day if str(to_wareki(day).era.pension_digit) == era else None
    except Exception:
        return None


@lru_cache(maxsize=4096)
def written_month(month: str) -> tuple[str, str, str]:
    """The era's digit, the year and the month of "2026-09": ("9", "08", "09")."""
    era, digits = written(date(int(month[:4]), int(month[5:]), 1))
    return era, digits[:2], digits[2:4]
