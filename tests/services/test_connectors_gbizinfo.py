"""gBizINFO: exact requests, real v1 shapes, parts that fail, and what is offered of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import fixed_clock
from app.domain.errors import BadInput, Known, NoAnswer, Refused
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph, State
from app.facts.record import Origin, Record
from app.services.company_register import CompanyRegister, Offer
from app.services.connectors.gbizinfo import GBizInfo, Hojin
from app.services.connectors.gbizinfo.entry import day, hojin, whole
from app.services.wire import Wire

NUMBER = "4000012090001"
BASE = "https://api.info.gbiz.go.jp/hojin"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASIC: dict[str, Any] = {
    "corporate_number": NUMBER, "name": "見本株式会社", "kana": "みほん", "postal_code": "1000013",
    "location": "東京都千代田区霞が関１丁目３－１", "status": "-", "capital_stock": 10_000_000,
    "employee_number": 12, "date_of_establishment": "1969-11-08", "company_url": "https://x.example/",
    "industry": ["製造業"], "update_date": "2018-04-02T00:00:00+09:00", "representative_name": "架空 太郎",
}  # fmt: skip
PARTS: dict[str, Any] = {
    "certification": [{"title": "健康経営優良法人", "date_of_approval": "2023-03-08", "category": "中小規模", "government_departments": "経済産業省", "expiration_date": "2019-07-14 00:00:00.0"}],
    "commendation": [{"title": "表彰", "date_of_commendation": "2020-01-02"}],
    "subsidy": [{"title": "ものづくり補助金", "date_of_approval": "2019-09-20", "amount": "10000000", "meta-data": {"source": "経済産業省"}}, {"title": ""}],
    "procurement": [{"title": "印刷", "date_of_order": "2021-04-01T00:00:00+09:00", "amount": 1200}],
    "finance": {
        "fiscal_year_cover_page": "第20期（自　2019年11月１日　至　2020年10月31日）",
        "management_index": [
            {"period": "第20期", "net_sales_summary_of_business_results": 500, "net_sales_summary_of_business_results_unit_ref": "JPY", "ordinary_income_loss_summary_of_business_results": -7, "number_of_employees": 12, "number_of_employees_unit_ref": "pure"},
            {"period": "第19期", "net_sales_summary_of_business_results": 400},
            {"period": "?", "net_sales_summary_of_business_results": 300},
            {"period": "第18期", "net_sales_summary_of_business_results": 9, "net_sales_summary_of_business_results_unit_ref": "USD"},
        ],
    },
    "workplace": {"base_infos": {"average_age": 41.5, "average_continuous_service_years": "12.3"}, "women_activity_infos": {"female_share_of_manager": 3, "gender_total_of_manager": 9}},
}  # fmt: skip


class Door:
    """The service; `status` by part ("" is the basic answer), by version."""

    def __init__(self, **status: int) -> None:
        self.status = status
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One answer."""
        self.asked.append(request)
        _, _, version, _, number, *rest = request.url.path.split("/")
        part = rest[0] if rest else ""
        status = self.status.get(f"{version}_{part}", self.status.get(version, 200))
        if status != 200:
            return httpx.Response(
                status, json={"id": None, "message": f"{status} - x.", "errors": []}
            )
        body: dict[str, Any] = dict(BASIC)
        if part:
            body[{"workplace": "workplace_info"}.get(part, part)] = PARTS[part]
        return httpx.Response(200, json={"id": number, "message": "200 - OK.", "errors": None, "hojin-infos": [body]})  # fmt: skip


def asking(door: Door, token: str = "secret-token") -> GBizInfo:
    """The connector over a door of the test."""
    wire = Wire(practice=False, door="gBizINFO", transport=httpx.MockTransport(door))
    return GBizInfo(wire, BASE, token, "https://info.gbiz.go.jp/hojin")


def test_the_requests_are_exact_and_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    door = Door()
    with caplog.at_level("DEBUG"):
        company = asking(door).company(NUMBER)
    assert company is not None
    paths = [request.url.path for request in door.asked]
    assert paths == [f"/hojin/v2/hojin/{NUMBER}"] + [f"/hojin/v2/hojin/{NUMBER}/{p}" for p in PARTS]
    assert {r.headers["X-hojinInfo-api-token"] for r in door.asked} == {"secret-token"}
    assert {r.headers["Accept"] for r in door.asked} == {"application/json"}
    assert {dict(r.url.params)["metadata_flg"] for r in door.asked} == {"true"}
    assert "secret-token" not in caplog.text
    assert NUMBER not in caplog.text


def test_everything_is_read() -> None:
    company = asking(Door()).company(NUMBER)
    assert company is not None
    assert "status" not in company.texts
    assert company.updated_on == date(2018, 4, 2)
    kinds = [(a.kind, a.title, a.day, a.amount) for a in company.activities]
    assert kinds == [
        ("certification", "健康経営優良法人", date(2023, 3, 8), None),
        ("commendation", "表彰", date(2020, 1, 2), None),
        ("subsidy", "ものづくり補助金", date(2019, 9, 20), 10_000_000),
        ("procurement", "印刷", date(2021, 4, 1), 1200),
    ]
    assert company.activities[0].expires_on == date(2019, 7, 14)
    assert company.activities[2].source == "経済産業省"
    terms = [(t.ends, dict(t.figures)) for t in company.terms]
    assert terms == [
        ("2020-10", {"net_sales": 500, "ordinary_income": -7, "employees": 12}),
        ("2019-10", {"net_sales": 400}),
        ("", {"net_sales": 300}),
    ]
    assert company.workplace["average_age"] == Fraction(83, 2)
    assert company.missing == ()


def test_parts_that_fail_are_named_and_the_others_stand() -> None:
    company = asking(Door(v2_certification=404, v2_subsidy=500)).company(NUMBER)
    assert company is not None
    assert company.missing == ("certification", "subsidy")
    assert [a.kind for a in company.activities] == ["commendation", "procurement"]


def test_v1_is_the_other_way() -> None:
    door = Door(v2=500)
    company = asking(door).company(NUMBER)
    assert company is not None
    assert company.version == "v1"
    assert door.asked[1].url == f"https://info.gbiz.go.jp/hojin/v1/hojin/{NUMBER}"
    with pytest.raises(NoAnswer):
        asking(Door(v2=500, v1=500)).company(NUMBER)


def test_refusals_say_what_to_do() -> None:
    for status in (401, 403):
        with pytest.raises(Refused) as caught:
            asking(Door(v2=status)).company(NUMBER)
        assert caught.value.code == "gbizinfo-token"
        assert "トークン" in caught.value.sentence
    with pytest.raises(Refused) as caught:
        asking(Door(), token="  ").company(NUMBER)
    assert caught.value.code == "gbizinfo-token-missing"
    with pytest.raises(BadInput):
        asking(Door()).company("4000012090002")
    assert asking(Door(v2=404)).company(NUMBER) is None


def test_the_real_answers_of_v1_are_read(shared: Path) -> None:
    def door(request: httpx.Request) -> httpx.Response:
        part = request.url.path.partition(f"{NUMBER}/")[2]
        name = f"v1_hojin_{part}.json" if part else "v1_hojin.json"
        path = shared / "samples/gbizinfo" / name
        if "/v2/" in request.url.path or not path.exists():
            return httpx.Response(500)
        return httpx.Response(200, content=path.read_bytes(), headers={"Content-Type": "application/json;charset=UTF-8"})  # fmt: skip

    wire = Wire(practice=False, transport=httpx.MockTransport(door))
    company = GBizInfo(wire, BASE, "t").company(NUMBER)
    assert company is not None
    assert company.texts["name"] == "経済産業省"
    assert company.missing == ("commendation", "finance")
    assert company.workplace == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2019-07-14 00:00:00.0", date(2019, 7, 14)), ("2018-04-02T00:00:00+09:00", date(2018, 4, 2)),
     ("1969-11-08", date(1969, 11, 8)), ("2019-02-30", None), ("", None), (None, None), (5, None)],
)  # fmt: skip
def test_days_come_in_many_shapes(text: object, expected: date | None) -> None:
    assert day(text) == expected


@given(st.one_of(st.none(), st.booleans(), st.text(), st.integers(), st.floats(), st.binary()))
def test_a_whole_number_is_one_or_nothing(value: object) -> None:
    found = whole(value)
    assert found is None or 0 <= found < 10**16


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["certification", "finance", "management_index", "title", "meta-data", "workplace_info", "base_infos", "period", "name", "amount"]), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["", *PARTS]), st.dictionaries(st.sampled_from([*BASIC, *PARTS, "workplace_info"]), JSON)))  # fmt: skip
def test_any_shape_is_survived(parts: Mapping[str, Mapping[str, Any]]) -> None:
    json.dumps({**hojin(parts, (), "v2").texts})


# --- offers


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The real catalogue."""
    return load_catalogue(Path(__file__).parents[2] / "resources")


def record(path: str, value: Any, **parts: Any) -> Record:
    """A typed record."""
    return Record(path, value, Origin.TYPED, NOW, **parts)


def register(catalogue: Catalogue, *records: Record) -> tuple[CompanyRegister, Graph, list[Record]]:
    """The use case over a graph with these records; what is kept is listed."""
    kept: list[Record] = []
    graph = Graph(catalogue, records, NOW.date())
    return CompanyRegister(catalogue, graph, kept.extend, fixed_clock(NOW), "山本"), graph, kept


def the_company() -> Hojin:
    """The company of these tests."""
    company = asking(Door()).company(NUMBER)
    assert company is not None
    return company


def by_path(offers: list[Offer]) -> dict[str, Offer]:
    """Offers by the path without its member."""
    return {offer.path: offer for offer in offers}


def test_each_offer_stands_beside_what_is_held(catalogue: Catalogue) -> None:
    use, graph, kept = register(
        catalogue,
        record("company.name", "見本 株式会社"),
        record("company.capital", 5_000_000),
    )
    before = graph.revision
    offers = by_path(use.offers(the_company()))
    assert graph.revision == before
    assert kept == []
    name, capital = offers["company.name"], offers["company.capital"]
    assert (name.state, name.held) == ("same", "見本 株式会社")
    assert (capital.state, capital.held_value, capital.value) == ("differs", 5_000_000, 10_000_000)
    assert capital.date == date(2018, 4, 2)
    assert offers["industry.division"].value == "E"
    assert offers["company.kana"].value == "ミホン"
    assert offers["company.established_on"].value == date(1969, 11, 8)
    assert offers["financials.revenues[2020-10]"].value == 500
    assert offers["company.workplace.average_age"].value == Fraction(83, 2)
    assert offers["company.workplace.female_managers"].value == 3
    assert all(o.records and o.records[0].origin is Origin.REGISTER for o in offers.values())
    assert all(o.records[0].locator["service"] == "gbizinfo" for o in offers.values())
    assert {o.state for o in offers.values()} == {"new", "same", "differs"}


def test_accepting_makes_it_count_and_is_offered_as_the_same_afterwards(catalogue: Catalogue) -> None:  # fmt: skip
    held = record("company.capital", 5_000_000, valid_from=date(2026, 1, 1))
    use, graph, kept = register(catalogue, held, record("financials.revenues[2020-10]", 501))
    offers = use.offers(the_company())
    for offer in offers:
        use.accept(offer)
    assert graph.fact("company.capital").value == 10_000_000
    assert graph.fact("financials.revenues[2020-10]").value == 500
    assert graph.fact("company.capital").state is State.CONFIRMED
    (member,) = graph.members("subsidies")
    assert graph.fact(f"subsidies[{member}].amount").value == 10_000_000
    assert len(graph.members("certifications")) == len(graph.members("procurements")) == 1
    assert all(r.confirmed_by == "山本" for r in kept)
    again = use.offers(the_company())
    assert {o.state for o in again} == {"same"}
    assert [o.path for o in again] == [o.path for o in offers]


def test_another_company_is_not_offered(catalogue: Catalogue) -> None:
    use, _, _ = register(catalogue, record("company.corporate_number", "1290001089235"))
    with pytest.raises(Known) as caught:
        use.offers(the_company())
    assert caught.value.code == "register-other-company"
