"""The functions of expressions: exact arithmetic, named rounding, dates, texts.

Every function is pure and total over known values: what has no answer raises NoValue, which makes
the outcome "not known". Rounding has a name and a unit; sizes are compared exactly.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from app.domain.areas import PREFECTURES
from app.domain.jsic import class_of, division_of
from app.facts.outcome import NoValue, bounded, no_blank
from app.facts.paths import is_period
from app.facts.record import BLANK

Number = int | Fraction


def add(a: Number, b: Number) -> Number:
    """a + b."""
    return bounded(a + b)


def subtract(a: Number, b: Number) -> Number:
    """a − b."""
    return bounded(a - b)


def multiply(a: Number, b: Number) -> Number:
    """a × b."""
    return bounded(a * b)


def divide(a: Number, b: Number) -> Number:
    """a ÷ b, exactly. Raises NoValue for b = 0."""
    if not b:
        raise NoValue
    return bounded(Fraction(a, b))


def negate(a: Number) -> Number:
    """−a."""
    return -a


def _rounded(value: Number, unit: Number, way: Callable[[int, int], int]) -> Number:
    """The multiple of `unit` that `way` picks for value / unit, given as whole n / d with d > 0."""
    if unit <= 0:
        raise NoValue
    steps = way(value.numerator * unit.denominator, value.denominator * unit.numerator)
    return bounded(steps * unit)


def _toward_zero(n: int, d: int) -> int:
    return n // d if n >= 0 else -(-n // d)


def _half_away(n: int, d: int) -> int:
    return (2 * n + d) // (2 * d) if n >= 0 else -((-2 * n + d) // (2 * d))


def _half_to_zero(n: int, d: int) -> int:
    return -((d - 2 * n) // (2 * d)) if n >= 0 else (2 * n + d) // (2 * d)


def floor_to(value: Number, unit: Number = 1) -> Number:
    """The largest multiple of `unit` not above the value."""
    return _rounded(value, unit, int.__floordiv__)


def ceil_to(value: Number, unit: Number = 1) -> Number:
    """The smallest multiple of `unit` not below the value."""
    return _rounded(value, unit, lambda n, d: -(-n // d))


def trunc_to(value: Number, unit: Number = 1) -> Number:
    """The multiple of `unit` next to the value on the side of zero."""
    return _rounded(value, unit, _toward_zero)


def round_half_up(value: Number, unit: Number = 1) -> Number:
    """四捨五入: the nearest multiple, a half away from zero."""
    return _rounded(value, unit, _half_away)


def round_half_down(value: Number, unit: Number = 1) -> Number:
    """五捨六入: the nearest multiple, a half towards zero (an employee's share of a premium)."""
    return _rounded(value, unit, _half_to_zero)


def round_half_even(value: Number, unit: Number = 1) -> Number:
    """The nearest multiple, a half to the even one."""
    return _rounded(value, unit, lambda n, d: round(Fraction(n, d)))


def age(birth: date, on: date) -> int:
    """Full years on a day, counted as people count: one more on each birthday (満年齢).

    Raises NoValue for a day before the birth.
    """
    if on < birth:
        raise NoValue
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def attained_on(birth: date, years: int) -> date:
    """The day on which an age is reached in law: the day before the birthday (年齢計算ニ関スル法律)."""
    year = birth.year + years
    if not 1 <= year <= 9999:
        raise NoValue
    leap_born = (birth.month, birth.day) == (2, 29)
    real = not leap_born or monthrange(year, 2)[1] == 29
    birthday = date(year, birth.month, birth.day) if real else date(year, 3, 1)
    return add_days(birthday, -1)


def add_days(day: date, days: int) -> date:
    """The day `days` later."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise NoValue from None


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day (民法143条2項)."""
    count = day.year * 12 + day.month - 1 + months
    if not 12 <= count < 120_000:
        raise NoValue
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def on_day(day: date, number: int) -> date:
    """The `number`-th of the month of a day, or that month's last day where it has none (31: 末日)."""
    if not 1 <= number <= 31:
        raise NoValue
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def add_years(day: date, years: int) -> date:
    """The same day `years` later, 29 February becoming 28 where there is none."""
    return add_months(day, years * 12)


def days_between(start: date, end: date) -> int:
    """Days from `start` to `end`, the first day not counted (民法140条)."""
    return (end - start).days


def months_between(start: date, end: date) -> int:
    """Full months from `start` to `end`; negative the other way round."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if add_months(start, months) > end else months


def month_of(day: date) -> str:
    """The month of a day as a period, "2026-06"."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(period: str) -> date:
    """The first day of a month. Raises NoValue for a text that is no month."""
    if not is_period(period) or period < "0001":
        raise NoValue
    return date(int(period[:4]), int(period[5:]), 1)


def last_day(period: str) -> date:
    """The last day of a month. Raises NoValue for a text that is no month."""
    first = first_day(period)
    return first.replace(day=monthrange(first.year, first.month)[1])


def fiscal_year(end_month: int, day: date) -> str:
    """The fiscal year a day lies in, named by the month in which it ends."""
    if not 1 <= end_month <= 12:
        raise NoValue
    return month_of(date(day.year + (day.month > end_month), end_month, 1))


def months_before(day: date, count: int) -> tuple[str, ...]:
    """The `count` months that lie wholly before the month of `day`, oldest first."""
    if not 0 <= count <= 1_200:
        raise NoValue
    return tuple(month_of(add_months(day.replace(day=1), -back)) for back in range(count, 0, -1))


def months_through(start: date, end: date) -> tuple[str, ...]:
    """Every month from that of `start` to that of `end`, both included."""
    span = (end.year - start.year) * 12 + end.month - start.month
    if span > 1_200:
        raise NoValue
    return tuple(month_of(add_months(start.replace(day=1), step)) for step in range(span + 1))


def fiscal_years_before(end_month: int, day: date, count: int) -> tuple[str, ...]:
    """The `count` fiscal years that ended before the one `day` lies in, oldest first."""
    if not 0 <= count <= 100:
        raise NoValue
    this = first_day(fiscal_year(end_month, day))
    return tuple(month_of(add_years(this, -back)) for back in range(count, 0, -1))


def concat(*parts: Any) -> Any:
    """The texts one after the other, blanks left out."""
    return _text("".join(part for part in parts if part is not BLANK))


def join(separator: Any, *parts: Any) -> Any:
    """The texts that are not blank, with the separator between them."""
    between = "" if separator is BLANK else separator
    return _text(between.join(part for part in parts if part is not BLANK))


def _text(text: str) -> Any:
    if len(text) > 100_000:
        raise NoValue
    return no_blank(text)


def left(text: str, count: int) -> Any:
    """The first `count` characters."""
    return no_blank(text[: max(count, 0)])


def right(text: str, count: int) -> Any:
    """The last `count` characters."""
    return no_blank(text[-count:] if count > 0 else "")


def middle(text: str, start: int, count: int) -> Any:
    """`count` characters from the `start`-th on (the first is 1)."""
    if start < 1 or count < 0:
        raise NoValue
    return no_blank(text[start - 1 : start - 1 + count])


def length(text: str) -> int:
    """How many characters."""
    return len(text)


def starts_with(text: str, head: str) -> bool:
    """Whether a text begins with another."""
    return text.startswith(head)


def contains(text: str, part: str) -> bool:
    """Whether a text holds another."""
    return part in text


def prefecture_of(address: str) -> str:
    """The prefecture an address begins with. Raises NoValue where it begins with none."""
    for prefecture in PREFECTURES:
        if address.startswith(prefecture):
            return prefecture
    raise NoValue


def industry_division(code: str) -> str:
    """The letter of the JSIC division of an industry code. Raises NoValue for no code."""
    return _told(division_of(code))


def industry_class(code: str, digits: int) -> str:
    """The first 2, 3 or 4 digits of an industry code. Raises NoValue where it does not reach so far."""
    depth = {2: "middle", 3: "minor", 4: "detail"}.get(digits)
    return _told(class_of(code, depth) if depth else None)


def _told(found: str | None) -> str:
    if found is None:
        raise NoValue
    return found


def is_blank(value: Any) -> bool:
    """Whether a fact was left blank on purpose, or does not apply."""
    return value is BLANK


def year(day: date) -> int:
    """The year of a day."""
    return day.year


def month(day: date) -> int:
    """The month of a day, 1 to 12."""
    return day.month


def day_of_month(day: date) -> int:
    """The day of the month, 1 to 31."""
    return day.day
