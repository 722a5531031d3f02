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
_PLACES: dict[str, tuple[int, str]] = {}


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

    `covered`: whether a person has said that 健保・厚年 hold. `held` is what stands now, by scheme; `fixed` the fixed pay by month and `fixed_reasons` why it changed in one; `income` the person's own a year; `employment_insured` the
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
    income: int | None = None
    fixed_reasons: Mapping[str, str] = _NOTHING

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
    """One person: every fact told goes to its slot; the slots after Person's own are worked over."""
    slots: list[Any] = _EMPTY[:]
    slots[0] = key
    families: dict[str, dict[str, Any]] | None = None
    for path, value in plain.items():
        at = _SLOTS.get(path)
        if at is not None:
            slots[at] = value
        elif path[-1] == "]":
            series, month = _PLACES.get(path) or _placed(path)
            if slots[series] is None:
                slots[series] = {month: value}
            else:
                slots[series][month] = value
        elif path.startswith("dependants["):
            member, _, leaf = path[11:].partition("].")
            families = {} if families is None else families
            families.setdefault(member, {})[leaf] = value
    (
        family_name, given_name, family_kana, given_kana, kenpo, kounen, original, cash, kind,
        pay, days, in_kind, back, partial, bonus, bonus_kind, bonus_on, _,
    ) = slots[_OWN:]  # fmt: skip
    if slots[1] is None:
        slots[1] = _joined(family_name, given_name)
    if slots[2] is None:
        slots[2] = _joined(family_kana, given_kana)
    if slots[_ACQUIRED] is None and slots[_COVERED]:
        slots[_ACQUIRED] = slots[_HIRED]
    slots[_WORK_AT] = _WORK[slots[_WORK_AT]]
    if cash is not None:
        slots[_EXPECTED] = (cash, kind or 0)
    if kenpo is not None or kounen is not None:
        slots[_HELD] = _held(kenpo, kounen, slots[_SINCE], original)
    if pay is not None:
        slots[_PAY] = _pay(pay, days or _NOTHING, in_kind, back, partial)
    if slots[_FIXED] is None:
        slots[_FIXED] = _NOTHING
    if slots[_REASONS] is None:
        slots[_REASONS] = _NOTHING
    if bonus_on is not None:
        slots[_BONUSES] = _bonuses(bonus_on, bonus or _NOTHING, bonus_kind or _NOTHING)
    if families is not None:
        slots[_FAMILY] = tuple(
            [_dependant(k, v) for k, v in families.items() if not v.get("removed")]
        )
    return Person._make(slots[:_OWN])


_LEAVES = {
    "name": "name", "kana": "kana", "birth": "birth", "sex": "sex",
    "number": "social_insurance.number", "pension_number": "pension_number",
    "postal_code": "postal_code", "address": "address", "address_kana": "address_kana",
    "hired_on": "hired_on", "covered": "social_insurance.covered",
    "acquired_on": "social_insurance.acquired_on", "left_on": "left_on",
    "loss_cause": "social_insurance.loss_cause", "work": "social_insurance.work",
    "second_workplace": "social_insurance.second_workplace",
    "rehired": "social_insurance.rehired", "held_since": "social_insurance.revised_month",
    "weekly_hours": "weekly_hours",
    "employment_acquired_on": "employment_insurance.acquired_on",
    "employment_loss_cause": "employment_insurance.loss_cause",
    "certificate_wanted": "employment_insurance.certificate_wanted",
    "income": "social_insurance.yearly_income",
}  # fmt: skip
"""Which fact a field of Person is, where it is one."""
_BESIDE = (
    "family_name", "given_name", "family_kana", "given_kana", "social_insurance.kenpo_standard",
    "social_insurance.kounen_standard", "social_insurance.original_monthly",
    "social_insurance.expected_monthly", "social_insurance.expected_in_kind",
)  # fmt: skip
_SERIES = (
    "pay", "pay_days", "pay_in_kind", "back_pay", "pay_partial", "bonus", "bonus_in_kind",
    "bonus_paid_on",
)  # fmt: skip
_OWN = len(Person._fields)
_AT = {name: place for place, name in enumerate(Person._fields)}
_SLOTS = {leaf: _AT[name] for name, leaf in _LEAVES.items()}
_SLOTS |= {leaf: _OWN + place for place, leaf in enumerate(_BESIDE)}
_ACQUIRED, _COVERED, _HIRED = _AT["acquired_on"], _AT["covered"], _AT["hired_on"]
_WORK_AT, _EXPECTED, _HELD, _SINCE = _AT["work"], _AT["expected"], _AT["held"], _AT["held_since"]
_PAY, _FIXED, _BONUSES, _FAMILY = _AT["pay"], _AT["fixed"], _AT["bonuses"], _AT["dependants"]
_OTHER = _OWN + len(_BESIDE) + len(_SERIES)
_OF_SERIES = {name: _OWN + len(_BESIDE) + place for place, name in enumerate(_SERIES)}
_REASONS = _AT["fixed_reasons"]
_OF_SERIES |= {"fixed_pay": _FIXED, "fixed_pay_reason": _REASONS}
_EMPTY: list[Any] = [
    *(Person._field_defaults.get(name) for name in Person._fields),
    *(None for _ in range(_OTHER - _OWN)), None,
]  # fmt: skip
for _at in (1, 2, _FIXED, _REASONS):
    _EMPTY[_at] = None
_EMPTY[_WORK_AT] = "general"


def _placed(path: str) -> tuple[int, str]:
    """ "pay[2026-06]" → (the slot of pay, "2026-06"); a series nobody reads goes to the last slot."""
    name, _, rest = path.partition("[")
    found = _PLACES[path] = _OF_SERIES.get(name, _OTHER), rest[:-1]
    return found


def _joined(family: str | None, given: str | None) -> str:
    return f"{family}\u3000{given}" if family and given else str(family or given or "")


def _held(
    kenpo: int | None, kounen: int | None, month: str, original: int | None
) -> dict[str, Held]:
    found = {}
    if kenpo is not None:
        found[KENPO] = Held(kenpo, month, original)
    if kounen is not None:
        found[KOUNEN] = Held(kounen, month, original)
    return found


def _pay(
    cash: Mapping[str, int],
    days: Mapping[str, int],
    kind: Mapping[str, int] | None,
    back: Mapping[str, int] | None,
    partial: Mapping[str, bool] | None,
) -> Mapping[str, PayMonth]:
    if kind is None and back is None and partial is None:
        return {m: PayMonth(m, days[m], yen) for m, yen in cash.items() if m in days}
    kind, back, partial = kind or _NOTHING, back or _NOTHING, partial or _NOTHING
    return {
        m: PayMonth(m, days[m], yen, kind.get(m, 0), back.get(m, 0), bool(partial.get(m)))
        for m, yen in cash.items()
        if m in days
    }


def _bonuses(
    paid_on: Mapping[str, date], cash: Mapping[str, int], kind: Mapping[str, int]
) -> tuple[BonusPaid, ...]:
    return tuple(
        BonusPaid(day, cash.get(month, 0), kind.get(month, 0))
        for month, day in sorted(paid_on.items())
        if month in cash or month in kind
    )


def _dependant(key: str, told: Mapping[str, Any]) -> Dependant:
    return Dependant(
        member=key,
        name=_joined(told.get("family_name"), told.get("given_name")),
        kana=_joined(told.get("family_kana"), told.get("given_kana")),
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
