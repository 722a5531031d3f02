"""How often one door may be asked, and how long to stay away after it said "too often".

Nothing here sleeps: a wait is either short enough for the caller's thread (the wire decides) or is
raised as `Busy` with the moment from which asking makes sense again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from app.domain.errors import Unreachable

HOUJIN_BANGOU_STEPS = (30, 60, 300, 1800)
"""Seconds to stay away after the first, second, … 403 of the corporate-number Web-API."""

_LONGEST = timedelta(hours=24)
_JITTER = timedelta(seconds=1)  # threads read the clock in one order and arrive in another


class Busy(Unreachable):
    """The door asked us to come back later; this request was not taken, so nothing was filed.

    `until` is the moment (Japan time) from which asking makes sense again.
    """

    def __init__(self, door: str, until: datetime, *, seconds: int, status: int | None) -> None:
        wait = f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分"
        super().__init__(
            "door-busy",
            f"{door} が混み合っています。{wait}ほど待ってから、もう一度お試しください。",
            status=status,
        )
        self.until = until
        self.seconds = seconds


@dataclass
class Pace:
    """The rhythm of one door.

    `interval` is the least time between two requests in seconds; `statuses` are the answers that
    mean "too often"; `steps` the growing waits in seconds when the door names none itself.
    """

    interval: float = 0.0
    statuses: frozenset[int] = frozenset({429})
    steps: Sequence[int] = (5, 30, 60, 300)
    _refusals: int = 0
    _closed_until: datetime | None = None
    _next_slot: datetime | None = None
    _seen: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def closed_until(self, now: datetime) -> datetime | None:
        """The moment up to which the door asked to be left alone, or None."""
        with self._lock:
            self._follow(now)
            until = self._closed_until
        return until if until is not None and until > now else None

    def reserve(self, now: datetime) -> float:
        """Take the next free slot; the seconds from `now` until it begins."""
        with self._lock:
            self._follow(now)
            slot = max(now, self._next_slot) if self._next_slot else now
            self._next_slot = slot + timedelta(seconds=self.interval)
        return (slot - now).total_seconds()

    def refused(self, now: datetime, retry_after: str) -> datetime:
        """Note a "too often"; the moment from which asking makes sense again."""
        with self._lock:
            step = self.steps[min(self._refusals, len(self.steps) - 1)]
            self._refusals += 1
            wait = _retry_after(retry_after, now) or timedelta(seconds=step)
            self._closed_until = now + min(wait, _LONGEST)
            return self._closed_until

    def _follow(self, now: datetime) -> None:
        """A clock that was set back must not make a wait longer: waits move back with it."""
        back = self._seen - now if self._seen is not None else timedelta()
        if back > _JITTER:
            self._next_slot = self._next_slot - back if self._next_slot else None
            self._closed_until = self._closed_until - back if self._closed_until else None
        if self._seen is None or back > _JITTER or now > self._seen:
            self._seen = now

    def answered(self) -> None:
        """Note an ordinary answer: the waits start again from the first step."""
        with self._lock:
            self._refusals = 0
            self._closed_until = None


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """The wait of a Retry-After header (seconds or an HTTP date), None when it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 86_400)) or None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        return None
    return moment - now if moment > now else None
