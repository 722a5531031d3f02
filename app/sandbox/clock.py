"""The town's own clock: real time, moved by whoever practises."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")


class TownClock:
    """Japan time with two shifts: `base` moves the whole town, `advance` only what the town decides.

    Signed tokens are stamped with `stamp()` (base only), because a client compares them with its own
    clock; how long a session, code or filing really lives is measured with `now()`.
    """

    def __init__(self) -> None:
        """Start at the real time."""
        self.base = timedelta(0)
        self.advanced = timedelta(0)

    def stamp(self) -> int:
        """Seconds since 1970 as written into tokens."""
        return int((datetime.now(JST) + self.base).timestamp())

    def now(self) -> datetime:
        """The time in the town, in Japan."""
        return datetime.now(JST) + self.base + self.advanced

    def seconds(self) -> float:
        """The town's time in seconds since 1970."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Let time pass in the town; a negative number is refused with ValueError."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self.advanced += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Make it `moment` in the town (a moment without a zone is Japan time)."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=JST)
        self.base = aware - datetime.now(JST)
        self.advanced = timedelta(0)

    def reset(self) -> None:
        """Back to the real time."""
        self.base = self.advanced = timedelta(0)


def day_text(moment: datetime) -> str:
    """`YYYY-MM-DD`."""
    return moment.astimezone(JST).strftime("%Y-%m-%d")


def time_text(moment: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS`, the form of the e-Gov API."""
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


def from_seconds(seconds: float) -> datetime:
    """The moment of a number of seconds since 1970, in Japan."""
    return datetime.fromtimestamp(seconds, JST)
