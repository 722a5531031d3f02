"""A company's people as the rules of social insurance see them, read from the facts at once.

A person is read from the records that count on the graph's reference date; individual numbers
(個人番号) are never read here: they are given at sealing, for the forms that need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from app.domain.social.average import PayMonth, Work
from app.domain.social.decisions import Held
from app.domain.social.grades import KENPO, KOUNEN
from app.facts.graph import Graph

_WORK = {str(w): w for w in Work}
_PLACES: dict[str, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class BonusPaid:
    """A bonus: the day it was paid, cash and kind in yen."""

    paid_on: date
    cash: int
    in_kind: int = 0


@dataclass(frozen=True, slots=True)
class Dependant:
    """被扶養者. `relation` is "spouse" or the office's two digits; `since` and `until` are days.

    Reasons and occupation are the office's digits.
    """

    member: str
    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth: date | None
    sex: str
    relation: str
    since: date | None = None
    until: date | None = None
    pension_number: str = field(default="", repr=False)
    income: int | None = None
    lives_together: bool | None = None
    since_reason: str = ""
    until_reason: str = ""
    occupation: str = ""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Person(NamedTuple):
    """One employee, by the key of its member in the facts. Texts are "" and days None where nothing was told; yen throughout.

    `covered`: whether a person has said that 健保・厚年 hold. `held` is what stands now, by scheme; `fixed` the fixed pay by month; `employment_insured` the
    days of 雇用保険 (acquired, lost).
    """

    member: str
    name: str
    kana: str
    birth: date | None = None
    sex: str = ""
    number: str = ""
    pension_number: str = ""
    postal_code: str = ""
    address: str = ""
    address_kana: str = ""
    hired_on: date | None = None
    covered: bool | None = None
    acquired_on: date | None = None
    left_on: date | None = None
    loss_cause: str = ""
    work: Work = Work.GENERAL
    second_workplace: bool = False
    rehired: bool = False
    expected: tuple[int, int] | None = None
    held: Mapping[str, Held] = _NOTHING
    held_since: str = ""
    pay: Mapping[str, PayMonth] = _NOTHING
    fixed: Mapping[str, int] = _NOTHING
    bonuses: tuple[BonusPaid, ...] = ()
    dependants: tuple[Dependant, ...] = ()
    weekly_hours: int | None = None
    employment_acquired_on: date | None = None
    employment_loss_cause: str = ""
    certificate_wanted: bool | None = None

    def __repr__(self) -> str:
        """Only which member: names and numbers do not belong into logs."""
        return f"Person({self.member})"


def number_key(person: Person, dependant: Dependant | None = None) -> str:
    """Whose 個人番号: an employee's member key, or "employee/dependant" (a dependant's key is its own
    employee's alone)."""
    return person.member if dependant is None else f"{person.member}/{dependant.member}"


def people_of(graph: Graph) -> list[Person]:
    """Every employee of the company, in the order they were added."""
    return [_person(key, told) for key, told in graph.told("employees").items()]


def _person(key: str, plain: Mapping[str, Any]) -> Person:
    series: dict[str, dict[str, Any]] = {}
    dependants: dict[str, dict[str, Any]] = {}
    for path in [path for path in plain if "[" in path]:
        what, which = _PLACES.get(path) or _placed(path)
        if what == "dependants":
            member, _, leaf = which.partition("].")
            dependants.setdefault(member, {})[leaf] = plain[path]
        elif what in series:
            series[what][which] = plain[path]
        else:
            series[what] = {which: plain[path]}
    get = plain.get
    expected = get("social_insurance.expected_monthly")
    return Person(
        member=key,
        name=_joined(plain, "name"),
        kana=_joined(plain, "kana"),
        birth=get("birth"),
        sex=get("sex", ""),
        number=get("social_insurance.number", ""),
        pension_number=get("pension_number", ""),
        postal_code=get("postal_code", ""),
        address=get("address", ""),
        address_kana=get("address_kana", ""),
        hired_on=get("hired_on"),
        covered=get("social_insurance.covered"),
        acquired_on=get(
            "social_insurance.acquired_on",
            get("hired_on") if get("social_insurance.covered") else None,
        ),
        left_on=get("left_on"),
        loss_cause=get("social_insurance.loss_cause", ""),
        work=_WORK[get("social_insurance.work", "general")],
        second_workplace=bool(get("social_insurance.second_workplace", False)),
        rehired=bool(get("social_insurance.rehired", False)),
        expected=None
        if expected is None
        else (expected, get("social_insurance.expected_in_kind", 0)),
        held=_held(plain),
        held_since=get("social_insurance.revised_month", ""),
        pay=_pay(series),
        fixed=series.get("fixed_pay", {}),
        bonuses=_bonuses(series),
        dependants=tuple([_dependant(k, v) for k, v in dependants.items() if not v.get("removed")]),
        weekly_hours=get("weekly_hours"),
        employment_acquired_on=get("employment_insurance.acquired_on"),
        employment_loss_cause=get("employment_insurance.loss_cause", ""),
        certificate_wanted=get("employment_insurance.certificate_wanted"),
    )


def _placed(path: str) -> tuple[str, str]:
    """ "pay[2026-06]" → ("pay", "2026-06"); the leaves of dependants are not remembered."""
    name, _, rest = path.partition("[")
    if name == "dependants":
        return name, rest
    _PLACES[path] = name, rest[:-1]
    return _PLACES[path]


def _joined(plain: Mapping[str, Any], what: str) -> str:
    if what in plain:
        return str(plain[what])
    family, given = plain.get(f"family_{what}", ""), plain.get(f"given_{what}", "")
    return f"{family}\u3000{given}" if family and given else str(family or given)


def _held(plain: Mapping[str, Any]) -> dict[str, Held]:
    kenpo, kounen = (
        plain.get("social_insurance.kenpo_standard"),
        plain.get("social_insurance.kounen_standard"),
    )
    month, original = (
        plain.get("social_insurance.revised_month", ""),
        plain.get("social_insurance.original_monthly"),
    )
    found = {}
    if kenpo is not None:
        found[KENPO] = Held(kenpo, month, original)
    if kounen is not None:
        found[KOUNEN] = Held(kounen, month, original)
    return found


def _pay(series: Mapping[str, Mapping[str, Any]]) -> Mapping[str, PayMonth]:
    cash = series.get("pay", _NOTHING)
    days, kind = series.get("pay_days", _NOTHING), series.get("pay_in_kind", _NOTHING)
    back, partial = series.get("back_pay", _NOTHING), series.get("pay_partial", _NOTHING)
    if not kind and not back and not partial:
        return {m: PayMonth(m, days[m], yen) for m, yen in cash.items() if m in days}
    return {
        m: PayMonth(m, days[m], yen, kind.get(m, 0), back.get(m, 0), bool(partial.get(m)))
        for m, yen in cash.items()
        if m in days
    }


def _bonuses(series: Mapping[str, Mapping[str, Any]]) -> tuple[BonusPaid, ...]:
    if "bonus_paid_on" not in series:
        return ()
    cash, kind = series.get("bonus", _NOTHING), series.get("bonus_in_kind", _NOTHING)
    return tuple(
        BonusPaid(day, cash.get(month, 0), kind.get(month, 0))
        for month, day in sorted(series["bonus_paid_on"].items())
        if month in cash or month in kind
    )


def _dependant(key: str, told: Mapping[str, Any]) -> Dependant:
    return Dependant(
        member=key,
        name=_joined(told, "name"),
        kana=_joined(told, "kana"),
        birth=told.get("birth"),
        sex=told.get("sex", ""),
        relation=told.get("relation", ""),
        since=told.get("since"),
        until=told.get("until"),
        pension_number=told.get("pension_number", ""),
        income=told.get("income"),
        lives_together=told.get("lives_together"),
        since_reason=told.get("since_reason", ""),
        until_reason=told.get("until_reason", ""),
        occupation=told.get("occupation", ""),
    )
