"""Notices of a working life: joined, left, 70 and 75 years, dependants; and 雇用保険 joined and left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.periods import add_months, month_of
from app.domain.social.figures import Figures
from app.domain.social.grades import KOUNEN
from app.domain.social.qualification import late_elderly_from, loss_by_leaving, reached
from app.services.social.insurer import (
    ACQUISITION,
    DEPENDANTS,
    LABOUR_ACQUISITION,
    LABOUR_LOSS,
    LOSS,
    SEVENTY,
)
from app.services.social.labour import certificate_words
from app.services.social.notice import Aside, Notice, Span, day_words, open_day, within
from app.services.social.people import Dependant, Person, number_key
from app.services.social.tables import SocialTables

_LABOUR_HOURS = 20


def lost_on(person: Person, figures: Figures) -> date | None:
    """The day 健保・厚年 ended by leaving, or None."""
    return None if person.left_on is None else loss_by_leaving(person.left_on)


def joined(person: Person, span: Span, figures: Figures) -> Iterator[Notice]:
    """資格取得届."""
    day = person.acquired_on
    if day is None or not span.holds(day):
        return
    asks = []
    if person.expected is None:
        asks.append("取得時の報酬月額")
    if person.birth is None:
        asks.append("生年月日")
    due = within(day, figures.filing_days)
    yield Notice(
        form=ACQUISITION,
        person=person,
        event=day.isoformat(),
        reason=f"{day_words(day)}に資格を取得したため。",
        due=due,
        due_text=f"取得の日から{figures.filing_days}日以内",
        opens=day,
        route=span.route(ACQUISITION),
        asks=tuple(asks),
        needs_my_number=(person.member,),
    )


def left(person: Person, span: Span, figures: Figures) -> Iterator[Notice]:
    """資格喪失届 of somebody who left or died."""
    day = lost_on(person, figures)
    if person.acquired_on is None or person.left_on is None or day is None or not span.holds(day):
        return
    word = "死亡した" if person.loss_cause == "5" else "退職した"
    yield Notice(
        form=LOSS,
        person=person,
        event=day.isoformat(),
        reason=f"{day_words(person.left_on)}に{word}ため（喪失日はその翌日の{day_words(day)}）。",
        due=within(day, figures.filing_days),
        due_text=f"喪失日から{figures.filing_days}日以内",
        opens=day,
        route=span.route(LOSS),
        asks=() if person.birth else ("生年月日",),
        needs_my_number=() if person.pension_number else (person.member,),
    )


def aged(
    person: Person, span: Span, tables: SocialTables, left_out: list[Aside]
) -> Iterator[Notice]:
    """資格喪失届 at 75, and 70歳到達届 where the amount differs from the day before."""
    figures = tables.figures(span.today)
    if person.birth is None or person.acquired_on is None:
        return
    if span.today.year - person.birth.year + 1 < figures.kounen_age:
        return
    day = late_elderly_from(person.birth, figures)
    if span.holds(day) and _works_on(person, day):
        yield Notice(
            form=LOSS,
            person=person._replace(loss_cause="7"),
            event=day.isoformat(),
            reason=f"{day_words(day)}に{figures.kenpo_age}歳になり、後期高齢者医療に移るため"
            "（喪失日を誕生日とするのは、確認の済んでいない読み方です）。",
            due=within(day, figures.filing_days),
            due_text=f"喪失日から{figures.filing_days}日以内",
            opens=day,
            route=span.route(LOSS),
            needs_my_number=() if person.pension_number else (person.member,),
        )
    seventy = reached(person.birth, figures.kounen_age)
    if span.holds(seventy) and _works_on(person, seventy):
        yield from _seventy(person, seventy, span, tables, left_out)


def _works_on(person: Person, day: date) -> bool:
    begun = person.acquired_on is not None and person.acquired_on < day
    return begun and (person.left_on is None or person.left_on >= day)


def _seventy(
    person: Person, day: date, span: Span, tables: SocialTables, left_out: list[Aside]
) -> Iterator[Notice]:
    figures, held = tables.figures(span.today), person.held.get(KOUNEN)
    pay = person.pay.get(month_of(day))
    grade = None if pay is None else tables.grades.on(KOUNEN, day).of(pay.total)
    if held is None or grade is None or grade.standard == held.standard:
        told = (
            "標準報酬月額に相当する額が前日と同じなら"
            if held is None or grade is None
            else "標準報酬月額に相当する額が前日と同じなので"
        )
        sentence = f"{day_words(day)}に{figures.kounen_age}歳になりました。{told}、70歳到達届は要りません。"
        left_out.append(Aside(person.member, person.name, sentence))
        return
    yield Notice(
        form=SEVENTY,
        person=person,
        event=day.isoformat(),
        reason=f"{day_words(day)}に{figures.kounen_age}歳になり、標準報酬月額に相当する額が"
        f"{held.standard:,}円から{grade.standard:,}円に変わるため。",
        due=within(day, figures.filing_days),
        due_text=f"到達した日から{figures.filing_days}日以内",
        opens=day,
        route=span.route(SEVENTY),
        needs_my_number=() if person.pension_number else (person.member,),
    )


def families(person: Person, span: Span, figures: Figures) -> Iterator[Notice]:
    """被扶養者（異動）届, one for each day on which dependants came or went."""
    if person.acquired_on is None or not person.dependants:
        return
    for way, name in (("since", "被扶養者になった"), ("until", "被扶養者でなくなった")):
        days: dict[date, list[Dependant]] = {}
        for dependant in person.dependants:
            day = getattr(dependant, way)
            if day is not None and span.holds(day):
                days.setdefault(day, []).append(dependant)
        for day, who in sorted(days.items()):
            numbers = [person.member, *(number_key(person, d) for d in who)]
            yield Notice(
                form=DEPENDANTS,
                person=person,
                event=f"{way}:{day.isoformat()}",
                reason=f"{day_words(day)}に{len(who)}人が{name}ため。",
                due=within(day, figures.filing_days),
                due_text=f"その日から{figures.filing_days}日以内",
                opens=day,
                route=span.route(DEPENDANTS, spouse=any(d.relation == "spouse" for d in who)),
                asks=tuple("被扶養者の生年月日" for d in who if d.birth is None)[:1],
                needs_my_number=tuple(numbers) if way == "since" else (),
                content=tuple(who),
            )


def labour(person: Person, span: Span) -> Iterator[Notice]:
    """雇用保険 資格取得届 and 資格喪失届; a leaver of 59 or more always gets 離職証明書."""
    begun = person.employment_acquired_on
    if begun is None and (person.weekly_hours or 0) >= _LABOUR_HOURS:
        begun = person.hired_on
    if begun is None:
        return
    if span.holds(begun):
        tenth = add_months(begun.replace(day=10), 1)
        yield Notice(
            form=LABOUR_ACQUISITION,
            person=person,
            event=begun.isoformat(),
            reason=f"{day_words(begun)}に雇用保険の被保険者になったため。",
            due=open_day(tenth),
            due_text="翌月10日まで",
            opens=begun,
            route=span.route(LABOUR_ACQUISITION),
            needs_my_number=(person.member,),
        )
    if person.left_on is not None and span.holds(loss_by_leaving(person.left_on)):
        told = f"{day_words(person.left_on)}に離職したため。{certificate_words(person)}"
        day = loss_by_leaving(person.left_on)
        yield Notice(
            form=LABOUR_LOSS,
            person=person,
            event=day.isoformat(),
            reason=told,
            due=open_day(day + timedelta(days=10)),
            due_text="被保険者でなくなった日の翌日から10日以内",
            opens=day,
            route=span.route(LABOUR_LOSS),
        )
