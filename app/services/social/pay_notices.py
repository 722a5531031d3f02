"""Notices that come from pay: 月額変更届, 算定基礎届, 賞与支払届."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from app.domain.errors import BadInput
from app.domain.periods import first_day, month_after, month_of, month_text
from app.domain.social.average import PayMonth
from app.domain.social.bonus import standard_bonus
from app.domain.social.decisions import Decision, Revision, regular, revision, spring_of
from app.domain.social.qualification import coverage
from app.services.social.insurer import BONUS, REGULAR, REVISION
from app.services.social.notice import Aside, Notice, Span, day_words, open_day, within
from app.services.social.people import Person
from app.services.social.tables import SocialTables


def revisions(person: Person, span: Span, tables: SocialTables) -> Iterator[Notice]:
    """月額変更届 for every change of fixed pay whose fourth month has come.

    A change that what stands now already covers (改定月 in or after that month) is over.
    """
    if person.acquired_on is None or not person.held or not person.fixed:
        return
    for month, direction in _fixed_changes(person):
        starts = month_after(month, 3)
        if not span.holds(first_day(starts)) or person.held_since >= starts:
            continue
        if not _insured_through(person, month, starts):
            continue
        found = _revision(person, month, direction, tables)
        if found is None or not found.due:
            continue
        yield Notice(
            form=REVISION,
            person=person,
            event=starts,
            reason=f"{month_text(month)}に固定的賃金が{'上' if direction > 0 else '下'}がり、"
            f"3か月の平均で{found.gap}等級以上変わったため（{month_text(starts)}から改定）。",
            due=None,
            due_text="速やかに",
            opens=first_day(starts),
            route=span.route(REVISION),
            asks=_asks(person),
            needs_my_number=_older(person, first_day(starts), tables),
            content=found,
        )


def _fixed_changes(person: Person) -> Iterator[tuple[str, int]]:
    for month in sorted(person.fixed):
        before = person.fixed.get(month_after(month, -1))
        now = person.fixed[month]
        if before is not None and before != now:
            yield month, 1 if now > before else -1


def _insured_through(person: Person, month: str, starts: str) -> bool:
    begun = person.acquired_on is not None and month_of(person.acquired_on) <= month
    return begun and (person.left_on is None or person.left_on >= first_day(starts))


def _revision(person: Person, month: str, direction: int, tables: SocialTables) -> Revision | None:
    wanted = (month, month_after(month), month_after(month, 2))
    months = [person.pay[m] for m in wanted if m in person.pay]
    if len(months) < len(wanted):
        return None
    day = first_day(month_after(month, 3))
    return revision(
        months, person.work, person.held, direction, tables.both(day), tables.figures(day)
    )


def regulars(
    person: Person,
    span: Span,
    tables: SocialTables,
    revised: Collection[str],
    left_out: list[Aside],
) -> Iterator[Notice]:
    """算定基礎届 of the year, for all insured on 1 July but those the law leaves out.

    `revised`: the months from which this person's 月額変更届 take effect, filed or needed now.
    """
    year = _year_of(span.today.year)
    acquired, left = person.acquired_on, person.left_on
    if acquired is None or acquired > year.first or not span.holds(year.first):
        return
    if left is not None and left < year.first:
        if left >= year.april:
            _leave_out(left_out, person, f"{day_words(left)}に退職したので")
        return
    if acquired >= year.june:
        _leave_out(left_out, person, "6月1日以後に資格を取得したので")
        return
    if year.july in revised or person.held_since == year.july:
        _leave_out(left_out, person, "7月から月額変更で改定されるので")
        return
    yield _regular(person, span, tables, year)


def _leave_out(left_out: list[Aside], person: Person, why: str) -> None:
    left_out.append(Aside(person.member, person.name, f"{why}、算定基礎届は要りません。"))


class _Year(NamedTuple):
    """The days of a year's 定時決定: 1 April, 1 June, 1 July, the legal last day, 1 September."""

    number: int
    april: date
    june: date
    first: date
    due: date
    starts: date
    july: str
    spring: tuple[str, str, str]
    reason: str


@cache
def _year_of(year: int) -> _Year:
    first = date(year, 7, 1)
    return _Year(
        year, date(year, 4, 1), date(year, 6, 1), first, open_day(date(year, 7, 10)),
        date(year, 9, 1), f"{year:04d}-07", spring_of(year),
        f"{year}年7月1日に被保険者（又は70歳以上被用者）であるため。",
    )  # fmt: skip


def _regular(person: Person, span: Span, tables: SocialTables, year: _Year) -> Notice:
    asks = _asks(person)
    months, missing = _spring(person, year)
    decision: Decision | None = None
    remarks: tuple[str, ...] = ()
    if missing:
        asks += tuple([f"{month_text(m)}の給与と支払基礎日数" for m in missing])
    else:
        both, figures = tables.both(year.starts), tables.figures(year.starts)
        try:
            decision = regular(year.number, months, person.work, person.held, both, figures)
        except BadInput as missing_fact:
            asks += (missing_fact.sentence,)
    if person.fixed and any(m in year.spring[1:] for m, _ in _fixed_changes(person)):
        remarks = ("8月・9月に月額変更の予定なら、申し出て算定基礎届を省けます。",)
    older = () if person.pension_number else _older(person, year.starts, tables)
    return Notice(
        REGULAR, person, str(year.number), year.reason, year.due, "7月10日まで", year.first,
        span.route(REGULAR), remarks, asks, older, decision,
    )  # fmt: skip


def _spring(person: Person, year: _Year) -> tuple[list[PayMonth], list[str]]:
    """April to June; a month before the person came counts as no days and no pay."""
    months = [person.pay[month] for month in year.spring if month in person.pay]
    if len(months) == len(year.spring):
        return months, []
    months, missing = [], []
    came = month_of(person.acquired_on) if person.acquired_on else ""
    for month in year.spring:
        pay = person.pay.get(month)
        if pay is None and month < came:
            pay = PayMonth(month, 0, 0)
        if pay is None:
            missing.append(month)
        else:
            months.append(pay)
    return months, missing


def bonuses(person: Person, span: Span, tables: SocialTables) -> Iterator[Notice]:
    """賞与支払届, one for each bonus; the facts hold one a month, paid on its day."""
    if person.acquired_on is None:
        return
    cap_year: dict[int, int] = {}
    for bonus in person.bonuses:
        day = bonus.paid_on
        figures = tables.figures(day)
        year = day.year if day.month >= 4 else day.year - 1
        before = cap_year.get(year, 0)
        found = standard_bonus(bonus.cash + bonus.in_kind, figures, kenpo_before=before)
        cap_year[year] = before + found.kenpo
        insured = person.acquired_on <= day and (person.left_on is None or day <= person.left_on)
        if not insured or not span.holds(day):
            continue
        yield Notice(
            form=BONUS,
            person=person,
            event=day.isoformat(),
            reason=f"{day_words(day)}に賞与を支払ったため。",
            due=within(day, figures.filing_days),
            due_text=f"支給日から{figures.filing_days}日以内",
            opens=day,
            route=span.route(BONUS),
            remarks=found.sentences(),
            asks=() if person.birth else ("生年月日",),
            needs_my_number=_older(person, day, tables),
            content=bonus,
        )


def _asks(person: Person) -> tuple[str, ...]:
    if person.birth is not None and person.held_since:
        return ()
    asks = [] if person.birth else ["生年月日"]
    return tuple(asks if person.held_since else [*asks, "従前の標準報酬月額と改定月"])


def _older(person: Person, day: date, tables: SocialTables) -> tuple[str, ...]:
    """Who is asked for a 個人番号: 70歳以上被用者 without a 基礎年金番号."""
    if person.birth is None or person.pension_number:
        return ()
    return (person.member,) if coverage(person.birth, day, tables.figures(day)).over70 else ()
