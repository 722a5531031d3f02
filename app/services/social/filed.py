"""What stored filings report: the keys of their notices, and the facts each notice was written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.errors import BadInput
from app.domain.filing import Stage
from app.facts.record import Record
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    FORM_NAMES,
    LOSS,
    REGULAR,
    REVISION,
)
from app.services.social.notice import Key, Notice
from app.services.social.people import Dependant
from app.store.filings import Filings
from app.store.rows import FilingRow

NOTICE = "notice"
"""The entry of a filing's fact that holds the key of a notice."""

_OVER = (Stage.REJECTED, Stage.WITHDRAWN)
_WHO = frozenset({
    "name", "family_name", "given_name", "kana", "family_kana", "given_kana", "birth",
    "pension_number", "hired_on", "social_insurance.number", "social_insurance.covered",
    "social_insurance.acquired_on", "social_insurance.second_workplace",
})  # fmt: skip
_HELD = frozenset({
    "social_insurance.kenpo_standard", "social_insurance.kounen_standard",
    "social_insurance.original_monthly", "social_insurance.revised_month", "social_insurance.work",
})  # fmt: skip
_PAID = ("pay", "pay_days", "pay_in_kind", "back_pay", "pay_partial", "fixed_pay")
_GIVEN = ("bonus", "bonus_in_kind", "bonus_paid_on")
_MORE: Mapping[str, frozenset[str]] = {
    ACQUISITION: frozenset({
        "sex", "postal_code", "address", "address_kana", "social_insurance.work",
        "social_insurance.rehired", "social_insurance.expected_monthly",
        "social_insurance.expected_in_kind",
    }),
    LOSS: frozenset({"left_on", "social_insurance.loss_cause", "social_insurance.rehired"}),
    DEPENDANTS: frozenset({
        "sex", "postal_code", "address", "social_insurance.yearly_income",
    }),
    REVISION: _HELD,
    REGULAR: _HELD,
    BONUS: frozenset(),
}  # fmt: skip


class Filed:
    """Reads the notices that the filings of one company report; each filing is read once."""

    def __init__(self, filings: Filings, procedures: Iterable[str]) -> None:
        self._filings = filings
        self._procedures = frozenset(procedures)
        self._read: dict[str, tuple[Key, ...]] = {}

    def keys(self) -> dict[Key, str]:
        """Which filing reports a notice, the latest sealed where several do."""
        found: dict[Key, str] = {}
        for row in reversed(self._filings.list()):
            if row.procedure_id in self._procedures and row.stage not in _OVER:
                found.update(dict.fromkeys(self.of(row), row.id))
        return found

    def of(self, row: FilingRow) -> tuple[Key, ...]:
        """The notices in one filing, in the order of its file."""
        known = self._read.get(row.id)
        if known is None:
            known = self._read[row.id] = keys_in(row.facts)
        return known


def keys_in(facts: Iterable[Mapping[str, Any]]) -> tuple[Key, ...]:
    """The keys of the notices among a filing's facts. Raises BadInput where one is no key."""
    found: list[Key] = []
    for fact in facts:
        if NOTICE in fact:
            try:
                form, member, event = map(str, fact[NOTICE])
            except (TypeError, ValueError):
                raise BadInput("filing-notice", "提出の記録の届のところが読めません。") from None
            found.append((form, member, event))
    return tuple(found)


def notice_fact(notice: Notice, place: int, records: Mapping[str, Record]) -> dict[str, Any]:
    """How a filing keeps one notice: its key, whom it is about, the records it was written from."""
    person = notice.person
    who = f"整理番号 {person.number}" if person.number else "整理番号なし"
    used = used_leaves(notice, records)
    return {
        "field": f"{NOTICE}/{place}",
        "label": FORM_NAMES[notice.form],
        "path": f"employees[{person.member}]",
        "value": None,
        "text": f"{who}　{person.name}",
        "sent": "",
        "origin": "derived",
        "record": "",
        "source_text": "",
        "locator": {},
        "typed": False,
        "substituted": False,
        NOTICE: list(notice.key),
        "records": {leaf: [records[leaf].origin.value, records[leaf].id] for leaf in used},
    }


def used_leaves(notice: Notice, told: Iterable[str]) -> Sequence[str]:
    """Which of the facts told about a person go into a notice, as paths inside the member."""
    plain = _WHO | _MORE[notice.form]
    months = _months(notice)
    names = _GIVEN if notice.form == BONUS else _PAID
    if notice.form == REVISION:
        names = (*names, "fixed_pay_reason")
    whole = plain | {f"{name}[{month}]" for name in names for month in months}
    among = _dependants(notice)
    return [leaf for leaf in told if leaf in whole or leaf.startswith(among)]


def _months(notice: Notice) -> tuple[str, ...]:
    average = getattr(notice.content, "average", None)
    if average is not None:
        return tuple(pay.month for pay in average.months)
    return (notice.event[:7],) if notice.form == BONUS else ()


def _dependants(notice: Notice) -> tuple[str, ...]:
    if notice.form == ACQUISITION:
        return tuple(f"dependants[{d.member}].since" for d in notice.person.dependants)
    if notice.form == DEPENDANTS and isinstance(notice.content, tuple):
        among = (d for d in notice.content if isinstance(d, Dependant))
        return tuple(f"dependants[{d.member}]." for d in among)
    return ()
