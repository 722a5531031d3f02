"""A company's people as the rules of social insurance see them, read from the facts at once.

A person is read from the records that count on the graph's reference date; individual numbers
(個人番号) are never read here: they are given at sealing, for the forms that need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.social.average import PayMonth, Work
from app.domain.social.decisions import Held
from app.domain.social.grades import KENPO, KOUNEN
from app.facts.graph import Graph
from app.facts.record import Blank, Record

_SOCIAL = "social_insurance."
_SERIES = ("pay[", "pay_", "fixed_pay[", "back_pay[", "bonus")


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


@dataclass(frozen=True, slots=True)
class Person:
    """One employee, by the key of its member in the facts. Texts are "" and days None where nothing was told; yen throughout.

    `covered`: whether a person has said that 健保・厚年 hold. `held` is what stands now, by scheme; `fixed` the fixed pay by month; `employment_insured` the
    days of 雇用保険 (acquired, lost).
    """

    member: str
    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth: date | None = None
    sex: str = ""
    number: str = ""
    pension_number: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    address_kana: str = field(default="", repr=False)
    hired_on: date | None = None
    covered: bool | None = None
    acquired_on: date | None = None
    left_on: date | None = None
    loss_cause: str = ""
    work: Work = Work.GENERAL
    second_workplace: bool = False
    rehired: bool = False
    expected: tuple[int, int] | None = None
    held: Mapping[str, Held] = field(default_factory=dict)
    pay: Mapping[str, PayMonth] = field(default_factory=dict)
    fixed: Mapping[str, int] = field(default_factory=dict)
    bonuses: tuple[BonusPaid, ...] = ()
    dependants: tuple[Dependant, ...] = ()
    weekly_hours: int | None = None
    employment_acquired_on: date | None = None


def people_of(graph: Graph) -> list[Person]:
    """Every employee of the company, in the order they were added."""
    return [_person(key, told) for key, told in graph.told("employees").items()]


def _person(key: str, told: Mapping[str, Record]) -> Person:
    plain: dict[str, Any] = {}
    series: dict[str, dict[str, Any]] = {}
    nested: dict[str, dict[str, Any]] = {}
    for path, record in told.items():
        value = record.value
        if isinstance(value, Blank):
            continue
        if path.startswith("dependants["):
            member, _, leaf = path[11:].partition("].")
            nested.setdefault(member, {})[leaf] = value
        elif path.endswith("]") and path.startswith(_SERIES):
            name, _, month = path[:-1].partition("[")
            series.setdefault(name, {})[month] = value
        else:
            plain[path] = value
    get = plain.get
    expected = get(_SOCIAL + "expected_monthly")
    return Person(
        member=key,
        name=_joined(plain, "name"),
        kana=_joined(plain, "kana"),
        birth=get("birth"),
        sex=get("sex", ""),
        number=get(_SOCIAL + "number", ""),
        pension_number=get("pension_number", ""),
        postal_code=get("postal_code", ""),
        address=get("address", ""),
        address_kana=get("address_kana", ""),
        hired_on=get("hired_on"),
        covered=get(_SOCIAL + "covered"),
        acquired_on=get(
            _SOCIAL + "acquired_on", get("hired_on") if get(_SOCIAL + "covered") else None
        ),
        left_on=get("left_on"),
        loss_cause=get(_SOCIAL + "loss_cause", ""),
        work=Work(get(_SOCIAL + "work", "general")),
        second_workplace=bool(get(_SOCIAL + "second_workplace", False)),
        rehired=bool(get(_SOCIAL + "rehired", False)),
        expected=None if expected is None else (expected, get(_SOCIAL + "expected_in_kind", 0)),
        held=_held(plain),
        pay=_pay(series),
        fixed=series.get("fixed_pay", {}),
        bonuses=_bonuses(series),
        dependants=tuple(_dependant(k, v) for k, v in nested.items() if not v.get("removed")),
        weekly_hours=get("weekly_hours"),
        employment_acquired_on=get("employment_insurance.acquired_on"),
    )


def _joined(plain: Mapping[str, Any], what: str) -> str:
    whole = plain.get(what)
    if whole:
        return str(whole)
    parts = (plain.get(f"family_{what}", ""), plain.get(f"given_{what}", ""))
    return "\u3000".join(part for part in parts if part)


def _held(plain: Mapping[str, Any]) -> dict[str, Held]:
    month = plain.get(_SOCIAL + "revised_month", "")
    original = plain.get(_SOCIAL + "original_monthly")
    return {
        scheme: Held(standard, month, original)
        for scheme in (KENPO, KOUNEN)
        if (standard := plain.get(f"{_SOCIAL}{scheme}_standard")) is not None
    }


def _pay(series: Mapping[str, Mapping[str, Any]]) -> dict[str, PayMonth]:
    none: Mapping[str, Any] = {}
    days, kind = series.get("pay_days", none), series.get("pay_in_kind", none)
    back, partial = series.get("back_pay", none), series.get("pay_partial", none)
    return {
        month: PayMonth(
            month,
            days[month],
            cash,
            kind.get(month, 0),
            back.get(month, 0),
            bool(partial.get(month, False)),
        )
        for month, cash in series.get("pay", none).items()
        if month in days
    }


def _bonuses(series: Mapping[str, Mapping[str, Any]]) -> tuple[BonusPaid, ...]:
    none: Mapping[str, Any] = {}
    cash, kind = series.get("bonus", none), series.get("bonus_in_kind", none)
    return tuple(
        BonusPaid(day, cash.get(month, 0), kind.get(month, 0))
        for month, day in sorted(series.get("bonus_paid_on", none).items())
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
