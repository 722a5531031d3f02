"""A practice company with people whose facts make each of the six pension notices, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

from app.domain.clock import today
from app.facts.record import Origin, Record, Value
from app.services.social.desk import SocialDesk
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    LOSS,
    REGULAR,
    REVISION,
    Insurer,
)
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


SPRING = pay({"2026-04": (30, 260_000), "2026-05": (31, 260_000), "2026-06": (30, 260_000)})
SUMMER = pay({"2026-07": (31, 340_000), "2026-08": (31, 340_000), "2026-09": (30, 340_000)})
MORE: dict[str, dict[str, Value]] = {
    ACQUISITION: {
        "social_insurance.acquired_on": date(2026, 9, 1), "social_insurance.number": "",
        "social_insurance.expected_monthly": 260_000,
    },
    LOSS: {"left_on": date(2026, 8, 31)},
    DEPENDANTS: {
        "dependants[d1].family_name": "年金", "dependants[d1].given_name": "久美",
        "dependants[d1].family_kana": "ネンキン", "dependants[d1].given_kana": "クミ",
        "dependants[d1].birth": date(1996, 3, 26), "dependants[d1].sex": "女",
        "dependants[d1].relation": "spouse", "dependants[d1].since": date(2026, 9, 8),
        "dependants[d1].since_reason": "1", "dependants[d1].occupation": "1",
        "dependants[d1].income": 0, "dependants[d1].pension_number": "4321098765",
        "dependants[d1].lives_together": True,
    },
    REVISION: SUMMER | {
        "fixed_pay[2026-06]": 260_000, "fixed_pay[2026-07]": 340_000,
        "fixed_pay[2026-08]": 340_000, "fixed_pay[2026-09]": 340_000,
    },
    REGULAR: SPRING,
    BONUS: {"bonus[2026-07]": 500_500, "bonus_paid_on[2026-07]": date(2026, 7, 10)},
}  # fmt: skip
LINES = {
    ACQUISITION: "2200700,21,01,ｹｲﾄ,123,,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,1,1,,,,1234,567890,9,080901,0,0260000,0000000,0260000,,,,,,100,8916,ﾄｳｷｮｳﾄﾁﾖﾀﾞｸｶｽﾐｶﾞｾｷ1-2-2,東京都千代田区霞が関１－２－２,,",
    LOSS: "2201700,21,01,ｹｲﾄ,123,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,,1234,567890,9,080901,4,9,080831,,,,,,,,,",
    DEPENDANTS: "2202700,21,01,ｹｲﾄ,1,{day},12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,1,,1234,567890,,100,8916,東京都千代田区霞が関１－２－２,1,{day},ﾈﾝｷﾝ ｸﾐ,年金　久美,7,080326,2,,4321,098765,,,,1,,,,,,,,,9,080908,1,,1,0"
    + "," * 90,
    REVISION: "2221700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,10,0260,0260,9,07,09,07,1,,,07,08,09,31,31,30,0340000,0340000,0340000,0000000,0000000,0000000,0340000,0340000,0340000,1020000,0340000,,,,,,,,,,,",
    REGULAR: "2225700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,09,0260,0260,9,07,09,,,,,04,05,06,30,31,30,0260000,0260000,0260000,0000000,0000000,0000000,0260000,0260000,0260000,0780000,0260000,,,,,,,,,,,,,,,",
    BONUS: "2265700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,080710,0500500,0000000,0500000,,,,,,,",
}


def advanced(office: OpenDesk, filing_id: str, word: str, **more: str) -> str:
    """Lets the town go on with a filing and asks; gives its 到達番号."""
    number = office.desk.filings_store.get(filing_id).receipt_number
    office.town.advance(number, word, **more)
    office.desk.poll()
    return number
