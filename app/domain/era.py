"""Japanese eras (和暦) beside the western calendar, and dates as people type them.

元号法, and the 改元 orders: 明治6年1月1日 is the first day of the solar calendar; each era starts
on the day named here. A form writes the first year as 1, a sentence as 元.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from app.domain.errors import BadInput


@dataclass(frozen=True)
class Era:
    """One era: official name, initial, first day, and the digit the pension office uses."""

    name: str
    initial: str
    first_day: date
    pension_digit: int


ERAS = (
    Era("令和", "R", date(2019, 5, 1), 9),
    Era("平成", "H", date(1989, 1, 8), 7),
    Era("昭和", "S", date(1926, 12, 25), 5),
    Era("大正", "T", date(1912, 7, 30), 3),
    Era("明治", "M", date(1868, 10, 23), 1),
)
_SOLAR_CALENDAR = date(1873, 1, 1)
_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True)
class Wareki:
    """A date in an era: `year` is 1 for 元年."""

    era: Era
    year: int
    month: int
    day: int


def to_wareki(day: date) -> Wareki:
    """The era date of `day`. Raises BadInput before the solar calendar (1873-01-01)."""
    if day >= _SOLAR_CALENDAR:
        for era in ERAS:
            if day >= era.first_day:
                return Wareki(era, day.year - era.first_day.year + 1, day.month, day.day)
    raise BadInput("date-too-old", "明治6年1月1日より前の日付は扱えません。")


def wareki_text(day: date, *, weekday: bool = False) -> str:
    """令和8年7月10日, or 令和8年7月10日(金) with `weekday`."""
    w = to_wareki(day)
    year = "元" if w.year == 1 else str(w.year)
    text = f"{w.era.name}{year}年{w.month}月{w.day}日"
    return f"{text}({_WEEKDAYS[day.weekday()]})" if weekday else text


_WESTERN = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$")
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTM])(元|\d{1,2})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?$"
)


def parse_date(text: str) -> date:
    """A date from 2026-07-10, 20260710, R8.7.10, 令和8年7月10日 and their full-width twins.

    Raises:
        BadInput: no date can be read, the day does not exist, or it lies outside the named era.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if match := _WESTERN.fullmatch(plain):
        year, month, day = match[1], match[2] or match[4], match[3] or match[5]
        return _real_day(
            int(year), int(month), int(day), f"{int(year)}年{int(month)}月{int(day)}日"
        )
    if match := _ERA.fullmatch(plain):
        era = next(e for e in ERAS if match[1] in (e.name, e.initial))
        number = 1 if match[2] == "元" else int(match[2])
        spoken = f"{era.name}{match[2]}年{int(match[3])}月{int(match[4])}日"
        if number == 0:
            raise BadInput("date-not-real", f"{spoken}という日はありません。")
        found = _real_day(era.first_day.year + number - 1, int(match[3]), int(match[4]), spoken)
        if found < _SOLAR_CALENDAR or to_wareki(found).era is not era:
            raise BadInput(
                "date-outside-era", f"{spoken}という日はありません。元号を確かめてください。"
            )
        return found
    raise BadInput(
        "date-unread", "日付を読めません。2026-07-10 や 令和8年7月10日 のように入れてください。"
    )


def _real_day(year: int, month: int, day: int, spoken: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput("date-not-real", f"{spoken}という日はありません。") from None
