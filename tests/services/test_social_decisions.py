"""標準報酬決定通知書 of the practice town beside what was filed, and what the facts learn from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from app.domain.errors import BadInput
from app.domain.filing import Stage
from app.facts.record import Origin, Value
from app.services.social.comparing import Outcome
from app.services.social.insurer import ACQUISITION, BONUS, LOSS, REGULAR, REVISION
from tests.services.open_desk import OpenDesk
from tests.services.social_town import WHO, pay, social, told
from tests.services.test_social_with_town import MORE, SPRING

SECOND: Mapping[str, Value] = WHO | {
    "family_name": "厚生", "family_kana": "コウセイ", "given_name": "花子", "given_kana": "ハナコ",
    "social_insurance.number": "13",
}  # fmt: skip


def decided(office: OpenDesk, form: str, otherwise: Mapping[str, int] | None = None) -> str:
    """Files a form, lets the town decide, fetches the document; gives the filing's id."""
    (filing,) = office.desk.social.seal(form)
    view = office.desk.send(filing)
    office.town.control("POST", "decisions", dict(otherwise or {}))
    office.town.advance(view.receipt_number, "審査終了")
    office.desk.poll()
    office.desk.take_in()
    return filing


def now(office: OpenDesk, leaf: str, day: date, member: str = "e1") -> object:
    """What counts for a member on a day."""
    return office.desk.graph.at(day).fact(f"employees[{member}].social_insurance.{leaf}").value


def test_who_was_decided_as_filed_is_told_in_one_sentence(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    told(office, "e2", SECOND | SPRING)
    found = desk.after.compare(decided(office, REGULAR))
    assert found is not None
    assert found.sentence == "2人とも、届のとおりに決まりました。"
    assert {p.member for p in found.people} == {"e1", "e2"}
    assert all(p.sentence == "" for p in found.people)


def test_a_difference_comes_first_with_both_figures_and_what_to_do(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    told(office, "e2", SECOND | SPRING)
    filing = decided(office, REGULAR, {"13": 2})
    found = desk.after.compare(filing)
    assert found is not None
    assert found.sentence == "2人のうち1人が、届とちがいます。"
    first, second = found.people
    assert (first.member, first.outcome, second.outcome) == ("e2", Outcome.DIFFERS, Outcome.SAME)
    health = next(c for c in first.cells if "健康保険" in c.label)
    assert (health.filed, health.decided, health.differs) == ("260千円", "300千円", True)
    for words in (
        "届では260千円、決定では300千円",
        "報酬月額260,000円から",
        "賃金台帳",
        "訂正の届",
    ):
        assert words in first.sentence, words
    view = office.desk.filing(filing)
    assert (view.decided, view.state_word) == ((), "決定")


def test_decided_amounts_count_from_the_month_and_come_from_the_document(office: OpenDesk) -> None:
    social(office)
    told(office, "e1", WHO | pay({
        "2026-04": (30, 300_000), "2026-05": (31, 300_000), "2026-06": (30, 300_000),
    }))  # fmt: skip
    filing = decided(office, REGULAR)
    assert now(office, "kenpo_standard", date(2026, 8, 31)) == 260_000
    assert now(office, "kenpo_standard", date(2026, 9, 1)) == 300_000
    assert now(office, "kounen_standard", date(2026, 9, 1)) == 300_000
    assert now(office, "revised_month", date(2026, 9, 1)) == "2026-09"
    assert now(office, "original_monthly", date(2026, 9, 1)) == 300_000
    made = {
        r.path.rpartition(".")[2]: r for r in office.desk.records.all()
        if getattr(r, "locator", {}).get("filing") == filing
    }  # fmt: skip
    assert set(made) == {"kenpo_standard", "kounen_standard", "revised_month", "original_monthly"}
    assert made["kenpo_standard"].origin is Origin.DOCUMENT
    assert made["original_monthly"].origin is Origin.FILING
    document = office.desk.documents_store.get(made["kenpo_standard"].locator["document"])
    assert document.content.startswith(b"PK")


def test_asking_again_states_nothing_twice(office: OpenDesk) -> None:
    social(office)
    told(office, "e1", WHO | SPRING)
    filing = decided(office, REGULAR)
    count = len(office.desk.records.all())
    office.desk.poll()
    office.desk.take_in()
    assert len(office.desk.records.all()) == count
    assert [e.kind for e in office.desk.filings_store.events(filing)].count("decided") == 1


def test_an_amount_decided_otherwise_leaves_no_report_of_pay_to_judge_by(office: OpenDesk) -> None:
    social(office)
    told(office, "e1", WHO | SPRING | {"social_insurance.original_monthly": 262_000})
    decided(office, REGULAR, {"12": 3})
    assert now(office, "kenpo_standard", date(2026, 9, 1)) == 320_000
    (person,) = [p for p in office.desk.social.people() if p.member == "e1"]
    assert person.held["kenpo"].original is None
    assert person.held["kenpo"].judged == 320_000


def test_an_acquisition_learns_its_number_and_first_amounts(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[ACQUISITION] | {"social_insurance.number": "77"})
    filing = decided(office, ACQUISITION)
    found = desk.after.compare(filing)
    assert found is not None
    (person,) = found.people
    labels = {c.label: (c.filed, c.decided) for c in person.cells}
    assert labels["被保険者整理番号"] == ("77", "77")
    assert labels["資格取得年月日"][0] == labels["資格取得年月日"][1]
    made = [
        r for r in office.desk.records.all() if getattr(r, "locator", {}).get("filing") == filing
    ]
    assert {r.path.rpartition(".")[2] for r in made} >= {"number", "kenpo_standard"}
    day = office.desk.graph.fact("employees[e1].social_insurance.acquired_on").value
    assert all(r.valid_from in (day, day.replace(day=1)) for r in made)


@pytest.mark.parametrize("form", [LOSS, REVISION, BONUS])
def test_the_other_notices_are_compared_too(office: OpenDesk, form: str) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[form])
    found = desk.after.compare(decided(office, form))
    assert found is not None
    (person,) = found.people
    assert (person.outcome, found.doubts) == (Outcome.SAME, ())
    assert person.cells


def test_a_filing_without_a_decision_has_nothing_to_compare(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    (filing,) = desk.seal(REGULAR)
    assert desk.after.compare(filing) is None
    office.desk.send(filing)
    office.desk.documents_store.keep("別.xml", b"<DOC><BODY><TITLE>x</TITLE></BODY></DOC>", "official",
                                     filing)  # fmt: skip
    with pytest.raises(BadInput, match="decision-title"):
        desk.after.compare(filing)
    assert office.desk.filing(filing).stage is Stage.ACCEPTED


def test_a_thousand_people_are_compared_within_two_seconds(office: OpenDesk) -> None:
    from time import perf_counter

    desk = social(office)
    for n in range(1000):
        told(office, f"p{n}", WHO | SPRING | {"social_insurance.number": str(n + 1)})
    filing = decided(office, REGULAR, {"500": 1})
    began = perf_counter()
    found = desk.after.compare(filing)
    took = perf_counter() - began
    assert found is not None
    assert (len(found.people), found.differing) == (1000, 1)
    assert found.people[0].member == "p499"
    print(f"{took:.2f} s")
    assert took < 2
