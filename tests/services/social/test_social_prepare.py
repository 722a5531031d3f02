"""From notices to files: what is ready, what waits, what was replaced, and the office of the head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from social_company import CATALOGUE, FORMS, NOW, OFFICE, SPRING, TABLES, TARO, company, typed

from app.domain.errors import BadInput
from app.facts.graph import Graph
from app.facts.record import Value
from app.forms.nenkin.head import Head
from app.forms.nenkin.reading import read_file
from app.services.social.insurer import REGULAR, SEVENTY, Insurer
from app.services.social.needs import needs_of
from app.services.social.office import office_of
from app.services.social.people import people_of
from app.services.social.prepare import Prepared, next_serial, prepare
from app.services.social.writing import Writing

DAY = date(2026, 7, 3)
STAFF = TARO | SPRING | {"social_insurance.acquired_on": date(2024, 4, 1)}


def prepared(accepted: dict[str, str] | None = None, **people: dict[str, Value]) -> Prepared:
    needs = needs_of(
        people_of(company(**people)), TABLES, today=DAY, since=date(2026, 6, 1),
        insurer=Insurer.KYOKAI,
    )  # fmt: skip
    writing = Writing(FORMS, OFFICE, TABLES.figures(DAY), DAY, accepted=accepted or {})
    return prepare(REGULAR, needs.notices, writing, Head(OFFICE, DAY))


def test_who_is_complete_is_in_the_file_and_who_is_not_waits() -> None:
    found = prepared(a=STAFF, b=STAFF | {"social_insurance.revised_month": ""}, c=STAFF)
    assert found.ready
    assert [key[1] for key in found.reports] == ["a", "c"]
    assert found.files[0].records == 2
    assert [w.member for w in found.waiting] == ["b"]
    assert "従前の標準報酬月額と改定月" in found.waiting[0].sentence
    again = read_file(found.files[0].content, FORMS, today=DAY)
    assert (again.faults, len(again.records)) == ((), 2)
    assert next_serial(found.files) == 2


def test_a_letter_stops_the_file_until_its_substitute_is_accepted() -> None:
    people = {"a": STAFF | {"family_name": "髙橋"}}
    stopped = prepared(**people)
    assert not stopped.ready
    assert stopped.faults[0].letters[0].substitutes == ("高",)
    assert (stopped.sheet, stopped.files) == ("", ())
    sent = prepared({"髙": "高"}, **people)
    assert sent.ready
    assert "正しい表記: 髙橋　太郎　CSV の表記: 高橋　太郎" in sent.sheet
    assert "高橋　太郎".encode("cp932") in sent.files[0].content


def test_a_wrong_head_is_told_and_nothing_leaves() -> None:
    needs = needs_of(
        people_of(company(a=STAFF)), TABLES, today=DAY, since=date(2026, 6, 1),
        insurer=Insurer.KYOKAI,
    )  # fmt: skip
    office = replace(OFFICE, district="99")
    writing = Writing(FORMS, office, TABLES.figures(DAY), DAY)
    found = prepare(REGULAR, needs.notices, writing, Head(office, DAY))
    assert not found.ready
    assert "郡市区符号" in found.faults[0].sentence


def test_a_notice_without_a_csv_is_not_one_of_the_forms() -> None:
    assert SEVENTY not in FORMS.forms


COMPANY: dict[str, Value] = {
    "social_insurance.prefecture": "21", "social_insurance.district": "01",
    "social_insurance.mark": "ケイト", "social_insurance.office_number": "123",
    "head_office.postal_code": "1000000", "head_office.prefecture": "東京都",
    "head_office.city": "千代田区", "head_office.street": "霞が関1-2-2", "name": "健保サービス株式会社",
    "representative.family_name": "健保", "representative.given_name": "良一",
    "phone": "03-1234-5678",
}  # fmt: skip


def office_facts(**change: Value) -> Graph:
    told = COMPANY | {k.replace("__", "."): v for k, v in change.items()}
    records = [typed(f"company.{leaf}", value) for leaf, value in told.items() if value != ""]
    return Graph(CATALOGUE, records, NOW.date())


def test_the_office_comes_from_the_facts() -> None:
    office, replaced = office_of(office_facts())
    assert (office, replaced) == (OFFICE, ())
    office, replaced = office_of(office_facts(name="㈱髙木"), {"髙": "高", "㈱": "株式会社"})
    assert office.name == "株式会社高木"
    assert replaced[0].true == "㈱髙木"


def test_what_the_office_lacks_is_named() -> None:
    with pytest.raises(BadInput, match="郡市区符号・事業所番号がありません"):
        office_of(office_facts(social_insurance__district="", social_insurance__office_number=""))
    with pytest.raises(BadInput, match="区切って"):
        office_of(office_facts(phone="0312345678"))
