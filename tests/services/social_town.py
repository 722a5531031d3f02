"""A practice company with people whose facts make each of the six pension notices, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

from app.domain.clock import today
from app.facts.record import Origin, Record, Value
from app.services.social.desk import SocialDesk
from app.services.social.insurer import Insurer
from tests.services.open_desk import OpenDesk

FACTS = {
    "company.social_insurance.prefecture": "21",
    "company.social_insurance.district": "01",
    "company.social_insurance.mark": "ケイト",
    "company.social_insurance.office_number": "123",
    "company.social_insurance.submission_id": "X-PRACTICE-PENSION-2101",
    "company.social_insurance.submission_name": "日本年金機構,渋谷年金事務所",
}
WHO: dict[str, Value] = {
    "family_name": "年金", "given_name": "太郎", "family_kana": "ネンキン", "given_kana": "タロウ",
    "birth": date(1995, 4, 1), "sex": "男", "pension_number": "1234567890",
    "social_insurance.number": "12", "social_insurance.acquired_on": date(2015, 4, 1),
    "social_insurance.kenpo_standard": 260_000, "social_insurance.kounen_standard": 260_000,
    "social_insurance.revised_month": "2025-09", "postal_code": "1008916",
    "address": "東京都千代田区霞が関１－２－２", "address_kana": "トウキョウトチヨダクカスミガセキ1-2-2",
}  # fmt: skip


def told(office: OpenDesk, member: str, facts: Mapping[str, Value]) -> None:
    """Facts about an employee, as an import would store them."""
    now = office.clock()
    records = [
        Record(f"employees[{member}].{leaf}", value, Origin.BOOKS, now, str(value))
        for leaf, value in facts.items()
    ]
    office.desk.records.append(records)
    office.desk._arrive(records)
    office.desk.take_in()


def pay(months: Mapping[str, tuple[int, int]]) -> dict[str, Value]:
    """Month → (days, yen)."""
    found: dict[str, Value] = {}
    for month, (days, yen) in months.items():
        found |= {f"pay[{month}]": yen, f"pay_days[{month}]": days}
    return found


def social(office: OpenDesk, insurer: Insurer = Insurer.KYOKAI) -> SocialDesk:
    """The company's social desk, its office told, looking at the whole year."""
    for path, text in FACTS.items():
        office.desk.answer_fact(path, text)
    desk = office.desk.social
    desk.set_insurer(insurer)
    desk.set_since(date(today(office.clock).year, 1, 1))
    office.desk.take_in()
    return desk


def files_of(office: OpenDesk, filing_id: str) -> dict[str, bytes]:
    """The files of a sealed package, without their folder."""
    raw = office.desk.filings_store.envelope(filing_id)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
