"""A company told in facts, as the tests of social insurance need it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from app.domain.clock import JST
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.forms.nenkin.head import Office
from app.forms.nenkin.layout import load_forms
from app.services.social.tables import load_tables

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)
CATALOGUE = load_catalogue(RESOURCES)
TABLES = load_tables(RESOURCES)
FORMS = load_forms(RESOURCES)
OFFICE = Office(
    "21", "01", "ｹｲﾄ", "123", "1000000", "東京都千代田区霞が関１－２－２",
    "健保サービス株式会社", "健保　良一", ("03", "1234", "5678"),
)  # fmt: skip
TARO: dict[str, Value] = {
    "family_name": "年金", "given_name": "太郎", "family_kana": "ネンキン", "given_kana": "タロウ",
    "birth": date(1995, 4, 1), "sex": "男", "social_insurance.number": "12",
    "social_insurance.kenpo_standard": 260_000, "social_insurance.kounen_standard": 260_000,
    "social_insurance.revised_month": "2025-09",
}  # fmt: skip


def typed(path: str, value: Value) -> Record:
    return Record(path, value, Origin.TYPED, NOW, salt="0" * 32)


def company(**people: dict[str, Value]) -> Graph:
    """A graph in which each named person has these facts, on the day of the tests."""
    records = [
        typed(f"employees[{key}].{leaf}", value)
        for key, told in people.items()
        for leaf, value in told.items()
    ]
    return Graph(CATALOGUE, records, NOW.date())


def paid(months: dict[str, tuple[int, int]], name: str = "pay") -> dict[str, Value]:
    """Facts of pay: month → (days, cash)."""
    told: dict[str, Value] = {}
    for month, (days, cash) in months.items():
        told[f"pay[{month}]"] = cash
        told[f"pay_days[{month}]"] = days
    return told


SPRING = paid({"2026-04": (30, 260_000), "2026-05": (31, 260_000), "2026-06": (30, 260_000)})
