"""The clock the program reads, so that tests and pictures can fix it. All times are Japan time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")

Clock = Callable[[], datetime]
"""A call that gives the present as an aware datetime in Japan time."""


def system_clock() -> datetime:
    """The machine's clock, in Japan time, to the microsecond."""
    return datetime.now(JST)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that always shows `moment` (naive moments are taken as Japan time)."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=JST)
    return lambda: aware


def today(clock: Clock) -> date:
    """The date in Japan, which legal dates are counted by."""
    return clock().astimezone(JST).date()
