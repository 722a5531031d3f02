"""Builders the tests of the forms share: a filled company's records, a clock that moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.domain.clock import JST
from app.facts.record import Origin, Record, Value

TODAY = date(2026, 7, 3)
WHO = "山本"
E = "employees[k3x9]."

COMPANY: dict[str, Value] = {
    "company.head_office.postal_code": "1080023",
    "company.head_office.address_kana": "トウキョウトミナトクシバウラ",
    "company.phone": "03-1234-5678",
    "company.email": "soumu@minato.example.jp",
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.representative.title": "代表取締役",
    "company.employment_insurance.office_number": "13013456789",
    "company.employment_insurance.hello_work": "渋谷公共職業安定所",
    "company.employment_insurance.submission_id": "49511000010000000003829",
    "company.employment_insurance.submission_name": "東京都,渋谷公共職業安定所",
    "company.kana": "カブシキガイシャミナトセイカ",
}
EMPLOYEE: dict[str, Value] = {
    E + "family_name": "佐野",
    E + "given_name": "あかり",
    E + "family_kana": "サノ",
    E + "given_kana": "アカリ",
    E + "sex": "女",
    E + "birth": date(1996, 4, 12),
    E + "hired_on": date(2026, 7, 1),
    E + "employment_insurance.cause": "2",
    E + "pay_type": "1",
    E + "monthly_wage": 241300,
    E + "weekly_hours": 40,
    E + "weekly_minutes": 0,
    E + "contract.fixed_term": False,
    E + "employment_kind": "7",
    E + "job": "8",
}
REGISTER: dict[str, Value] = {
    "company.name": "株式会社みなと製菓",
    "company.head_office.prefecture": "東京都",
    "company.head_office.city": "港区",
    "company.head_office.street": "芝浦１－２－３",
}


class Ticking:
    """A clock that moves one second at every look, so that later acts are later."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 3, 13, 42, tzinfo=JST)

    def __call__(self) -> datetime:
        self.now = self.now.replace(microsecond=0)
        self.now = datetime.fromtimestamp(self.now.timestamp() + 1, JST)
        return self.now


def records(facts: Mapping[str, Value], origin: Origin = Origin.TYPED) -> list[Record]:
    moment = datetime(2026, 4, 1, 9, 0, tzinfo=JST)
    return [Record(path, value, origin, moment, str(value)) for path, value in facts.items()]


def company_records(**changed: Value | None) -> list[Record]:
    """The records of a company that lacks nothing; `changed` by path with dots as `__`."""
    facts = {**COMPANY, **EMPLOYEE}
    for key, value in changed.items():
        path = key.replace("__", ".")
        path = path if path.startswith("company") else E + path
        if value is None:
            facts.pop(path, None)
        else:
            facts[path] = value
    return records(REGISTER, Origin.REGISTER) + records(facts)
