"""Who needs which notice and why: the one answer for a company, nobody twice, what is filed left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date

from app.services.social.insurer import REVISION, Insurer
from app.services.social.life_notices import aged, families, joined, labour, left
from app.services.social.notice import Aside, Key, Needs, Notice, Span
from app.services.social.pay_notices import bonuses, regulars, revisions
from app.services.social.people import Person
from app.services.social.tables import SocialTables

_NONE: frozenset[str] = frozenset()


def needs_of(
    people: Iterable[Person],
    tables: SocialTables,
    *,
    today: date,
    since: date,
    insurer: Insurer,
    filed: Collection[Key] = (),
) -> Needs:
    """The notices for events from `since` to `today` that are not among the `filed` keys.

    Raises BadInput where a legal table does not reach the days looked at.
    """
    span = Span(since, today, insurer)
    done = set(filed)
    revised: dict[str, set[str]] = {}
    for form, member, event in done:
        if form == REVISION:
            revised.setdefault(member, set()).add(event)
    notices: list[Notice] = []
    left_out: list[Aside] = []
    questions: list[Aside] = []
    for person in people:
        if person.covered is None and person.acquired_on is None and span.holds(person.hired_on):
            told = "雇い入れましたが、健保・厚年の被保険者になるかが分かりません。"
            questions.append(Aside(person.member, person.name, told))
        for notice in _of_one(person, span, tables, revised, left_out):
            if notice.key not in done:
                done.add(notice.key)
                notices.append(notice)
    notices.sort(key=lambda n: (n.due or date.max, n.form, n.person.kana, n.event))
    return Needs(tuple(notices), tuple(left_out), tuple(questions))


def _of_one(
    person: Person,
    span: Span,
    tables: SocialTables,
    filed: Mapping[str, Set[str]],
    left_out: list[Aside],
) -> Iterable[Notice]:
    figures = tables.figures(span.today)
    if person.acquired_on is not None:
        if span.holds(person.acquired_on):
            yield from joined(person, span, figures)
        if person.left_on is not None:
            yield from left(person, span, figures)
        if (
            person.birth is not None
            and span.today.year - person.birth.year >= figures.kounen_age - 1
        ):
            yield from aged(person, span, tables, left_out)
        if person.dependants:
            yield from families(person, span, figures)
        revised = filed.get(person.member, _NONE)
        if person.fixed:
            changed = list(revisions(person, span, tables))
            yield from changed
            revised = revised | {n.event for n in changed}
        yield from regulars(person, span, tables, revised, left_out)
        if person.bonuses:
            yield from bonuses(person, span, tables)
    if person.employment_acquired_on is not None or person.weekly_hours is not None:
        yield from labour(person, span)
