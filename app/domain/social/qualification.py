"""When a qualification is had and lost, which months carry a premium, and which are exempt.

健康保険法36条, 156条, 159条; 厚生年金保険法14条, 19条, 81条の2; 年齢計算ニ関スル法律 (an age is reached on
the day before the birthday).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.periods import add_months, month_after, month_of, months_between, years_after
from app.domain.social.figures import Figures

_DAY = timedelta(days=1)


def reached(birth: date, age: int) -> date:
    """The day an age is reached: the day before the birthday."""
    return years_after(birth, age) - _DAY


def loss_by_leaving(left_on: date) -> date:
    """資格喪失日 of somebody who left or died: the next day."""
    return left_on + _DAY


def late_elderly_from(birth: date, figures: Figures) -> date:
    """The day 健康保険 ends for the 後期高齢者医療: the 75th birthday itself.

    Sources differ (the day before by one of them); the reading of 高確法52条 is not confirmed, which
    matters to people born on the 1st of a month.
    """
    return years_after(birth, figures.kenpo_age)


class Coverage(NamedTuple):
    """Which schemes hold for a person of this age on a day; `over70` is a 70歳以上被用者."""

    kenpo: bool
    kounen: bool
    over70: bool


_YOUNG = Coverage(kenpo=True, kounen=True, over70=False)


def coverage(birth: date, day: date, figures: Figures) -> Coverage:
    """What an insured worker of this birth is in on `day`."""
    if day.year - birth.year + 1 < figures.kounen_age:
        return _YOUNG  # 70 is reached no earlier than on the last day of the year before
    return _aged(birth, day, figures)


def _aged(birth: date, day: date, figures: Figures) -> Coverage:
    seventy = day >= reached(birth, figures.kounen_age)
    return Coverage(
        kenpo=day < late_elderly_from(birth, figures), kounen=not seventy, over70=seventy
    )


def kaigo_in(birth: date, month: str, figures: Figures) -> bool:
    """Whether the premium of a month has 介護: from the month 40 is reached to that before 65."""
    first = month_of(reached(birth, figures.kaigo_from_age))
    return first <= month < month_of(reached(birth, figures.kaigo_to_age))


def premium_months(acquired_on: date, lost_on: date) -> tuple[str, ...]:
    """The months with a premium: from acquiring to the month before losing; both in one month: that."""
    first, last = month_of(acquired_on), month_after(month_of(lost_on), -1)
    if month_of(lost_on) == first:
        return (first,)
    return months_between(first, last)


@dataclass(frozen=True, slots=True)
class Exemption:
    """Months without premium for a leave, and whether bonuses of those months are exempt too."""

    months: tuple[str, ...]
    bonuses: bool
    sentence: str


def maternity_exemption(start: date, end: date) -> Exemption:
    """産前産後休業: from its first month to the month before that of the day after its end."""
    months = _leave_months(start, end)
    return Exemption(
        months, bool(months), _leave_sentence(months, "開始月から終了日の翌日の月の前月まで")
    )


def childcare_exemption(
    start: date, end: date, figures: Figures, *, worked_days: int = 0
) -> Exemption:
    """育児休業等: the same, and also 14 days inside one month (leaves begun 2022-10-01 or later).

    `worked_days`: days worked during 出生時育児休業, taken off the 14. Bonuses are exempt only where
    the leave is longer than one month.
    """
    months = _leave_months(start, end)
    longer = end >= add_months(start, 1)
    if months:
        return Exemption(
            months, longer, _leave_sentence(months, "開始月から終了日の翌日の月の前月まで")
        )
    days = (end - start).days + 1 - worked_days
    enough = days >= figures.ikukyu_days and start >= date(2022, 10, 1)
    if enough:
        return Exemption(
            (month_of(start),), False, f"同じ月のうちに{days}日休むので、その月は免除です。"
        )
    return Exemption((), False, f"同じ月のうちの{days}日なので、免除される月はありません。")


def _leave_months(start: date, end: date) -> tuple[str, ...]:
    return months_between(month_of(start), month_after(month_of(end + _DAY), -1))


def _leave_sentence(months: tuple[str, ...], rule: str) -> str:
    if not months:
        return "終了日の翌日が開始月のうちにあるので、免除される月はありません。"
    return f"{rule}の{len(months)}か月が免除です。"
