"""Records of 算定基礎届 (2225700), 月額変更届 (2221700) and 賞与支払届 (2265700) from people and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from app.domain.periods import first_day
from app.domain.social.average import Average, PayMonth, Work
from app.domain.social.decisions import Decision, Revision
from app.domain.social.grades import KENPO, KOUNEN
from app.domain.social.qualification import Coverage
from app.forms.nenkin.dates import written, written_month
from app.services.social.people import BonusPaid, Person
from app.services.social.writing import Writing, amount, thousands

_NOTHING = (amount(0),) * 3
_NO_MONTH = ("", "", "")
_NEITHER = ("", "")
_NOBODY = ("", "", "")


@lru_cache(maxsize=128)
def _two(days: int) -> str:
    return str(days).zfill(2)


def _flag(holds: bool) -> str:
    return "1" if holds else ""


def _former(person: Person, covered: Coverage) -> tuple[str, ...]:
    """従前の標準報酬月額 of the schemes the person is in, and since when."""
    kenpo, kounen = person.held.get(KENPO), person.held.get(KOUNEN)
    return (
        thousands(kenpo.standard) if kenpo and covered.kenpo else "",
        thousands(kounen.standard) if kounen and covered.kounen else "",
        *(written_month(person.held_since) if person.held_since else _NO_MONTH),
    )


def _raise(person: Person, months: tuple[PayMonth, ...]) -> tuple[str, str]:
    """昇（降）給月 and its direction: the first of the months in which fixed pay changed."""
    before: int | None = None
    for pay in months:
        fixed = person.fixed.get(pay.month)
        if before is not None and fixed is not None and fixed != before:
            return pay.month[5:], "1" if fixed > before else "2"
        before = fixed if fixed is not None else before
    return _NEITHER


def _back_pay(months: tuple[PayMonth, ...]) -> tuple[str, str]:
    paid = [p for p in months if p.back_pay]  # more than one: the first month, the whole amount
    return (paid[0].month[5:], amount(sum(p.back_pay for p in paid))) if paid else _NEITHER


def _amounts(average: Average) -> tuple[str, ...]:
    a, b, c = average.months
    cash = amount(a.cash), amount(b.cash), amount(c.cash)
    kind, total = _NOTHING, cash
    if a.in_kind or b.in_kind or c.in_kind:
        kind = amount(a.in_kind), amount(b.in_kind), amount(c.in_kind)
        total = amount(a.total), amount(b.total), amount(c.total)
    return (
        a.month[5:], b.month[5:], c.month[5:], _two(a.days), _two(b.days), _two(c.days),
        *cash, *kind, *total, amount(average.total), amount(average.average or 0),
        "" if average.corrected is None else amount(average.corrected),
    )  # fmt: skip


def _partial(average: Average) -> bool:
    a, b, c = average.months
    return a.partial or b.partial or c.partial


def _older(writing: Writing, person: Person, covered: Coverage) -> Sequence[str]:
    """個人番号 and 基礎年金番号, which only a 70歳以上被用者 has here."""
    return writing.numbers(person) if covered.over70 else _NOBODY


@lru_cache(maxsize=64)
def _first_day(month: str) -> date:
    return first_day(month)


def regular_record(writing: Writing, person: Person, decision: Decision) -> list[str]:
    """One line of 算定基礎届. Where no month counts, sum and average are 0 (not in our sources)."""
    average = decision.average
    if average is None:
        raise ValueError("a regular decision has an average")
    covered = writing.covered(person, _first_day(decision.starts))
    work = average.work
    return [
        *writing.begin("2225700"), person.number if covered.kenpo else "",
        *writing.name_and_birth(person), *written_month(decision.starts),
        *_former(person, covered),
        *(_raise(person, average.months) if person.fixed else _NEITHER),
        *_back_pay(average.months), *_amounts(average), *_older(writing, person, covered),
        "1" if covered.over70 else "", "", "1" if person.second_workplace else "", "",
        "1" if _partial(average) else "", "", "1" if work is Work.SHORT else "",
        "1" if work is Work.PART else "", "", "", "" if covered.kenpo else "1",
    ]  # fmt: skip


def revision_record(writing: Writing, person: Person, revision: Revision) -> list[str]:
    """One line of 月額変更届, with why fixed pay changed (昇給・降給の理由) where that was told."""
    average = revision.average
    if average is None:
        raise ValueError("a revision has an average")
    covered = writing.covered(person, _first_day(revision.starts))
    only70 = not covered.kenpo
    reason = person.fixed_reasons.get(average.months[0].month, "")
    return [
        *writing.begin("2221700"),
        "" if only70 else person.number,
        *writing.name_and_birth(person),
        *written_month(revision.starts),
        *_former(person, covered),
        average.months[0].month[5:] if revision.direction else "",
        {1: "1", -1: "2", 0: ""}[revision.direction],
        *_back_pay(average.months),
        *_amounts(average),
        *_older(writing, person, covered),
        _flag(covered.over70),
        _flag(person.second_workplace),
        _flag(average.work is Work.SHORT),
        writing.wide(person, "昇（降）給の理由", reason) if reason else "",
        _flag(revision.kenpo_only),
        "",
        _flag(only70),
    ]


def bonus_record(writing: Writing, person: Person, bonus: BonusPaid) -> list[str]:
    """One line of 賞与支払届."""
    covered = writing.covered(person, bonus.paid_on)
    only70 = not covered.kenpo
    unit = writing.figures.bonus_unit
    return [
        *writing.begin("2265700"),
        "" if only70 else person.number,
        *writing.name_and_birth(person),
        *written(bonus.paid_on),
        amount(bonus.cash),
        amount(bonus.in_kind),
        amount((min(bonus.cash, 9_999_999) + min(bonus.in_kind, 9_999_999)) // unit * unit),
        *_older(writing, person, covered),
        _flag(covered.over70),
        _flag(person.second_workplace),
        "",
        _flag(only70),
    ]
