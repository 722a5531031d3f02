"""One notice that is needed, its key, and the legal last days they are due on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from app.domain.social.decisions import Decision, Revision
from app.forms.deadlines import is_office_closed
from app.services.social.insurer import Insurer, Route, route_of
from app.services.social.people import BonusPaid, Dependant, Person

Key = tuple[str, str, str]
"""(form, member, event): who is reported for what. The event is a day, a month or a year."""

Content = Decision | Revision | BonusPaid | tuple[Dependant, ...] | None


class Notice(NamedTuple):
    """A notice one person needs.

    `reason` says why in one sentence; `remarks` are added to the arithmetic of `explanation`. `opens` is the first day it
    may be filed, `due` the legal last day, None where the law says only 速やかに (`due_text` has the
    words). `asks` names what is still missing in the facts; `needs_my_number` who is asked for theirs
    (people.number_key).
    `content` is what the record is written from.
    """

    form: str
    person: Person
    event: str
    reason: str
    due: date | None
    due_text: str
    opens: date
    route: Route
    remarks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    needs_my_number: tuple[str, ...] = ()
    content: Content = None

    @property
    def key(self) -> Key:
        """What this notice reports; a filing of the same key makes it done."""
        return (self.form, self.person.member, self.event)

    @property
    def explanation(self) -> tuple[str, ...]:
        """The arithmetic behind the notice, in Japanese sentences; worked out when asked."""
        if isinstance(self.content, Decision | Revision):
            return (*self.content.sentences(), *self.remarks)
        return self.remarks


@dataclass(frozen=True, slots=True)
class Aside:
    """Somebody who needs no notice where one might expect it, or of whom something must be asked."""

    member: str
    name: str = field(repr=False)
    sentence: str


@dataclass(frozen=True, slots=True)
class Needs:
    """Who needs which notice, soonest first; who does not, and why; what must be asked first."""

    notices: tuple[Notice, ...]
    left_out: tuple[Aside, ...]
    questions: tuple[Aside, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The days looked at, and the insurer: events from `since` to `today`."""

    since: date
    today: date
    insurer: Insurer

    def holds(self, day: date | None) -> bool:
        """Whether an event of this day is looked at."""
        return day is not None and self.since <= day <= self.today

    def route(self, form: str, *, spouse: bool = False) -> Route:
        """The way of a notice for this company's insurer."""
        return route_of(form, self.insurer, spouse=spouse)


@cache
def open_day(day: date) -> date:
    """The day, or the next on which the offices are open (行政機関の休日に関する法律2条)."""
    while is_office_closed(day):
        day += timedelta(days=1)
    return day


def within(fact: date, days: int) -> date:
    """The last day of "within `days` days" of a fact; the day of the fact is not counted."""
    return open_day(fact + timedelta(days=days))


def day_words(day: date) -> str:
    """2026年7月10日."""
    return f"{day.year}年{day.month}月{day.day}日"
