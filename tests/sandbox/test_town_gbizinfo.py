"""The practice gBizINFO against its OpenAPI file (version 2) and real answers of version 1."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.town_process import TownProcess

NUMBER = "1011001141756"
PLAIN = "1010001072706"
CHILDREN = {
    "certification": "certification",
    "commendation": "commendation",
    "corporation": "corporation-info",
    "finance": "finance",
    "patent": "patent",
    "procurement": "procurement",
    "subsidy": "subsidy",
    "workplace": "workplace_info",
}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(town: TownProcess, web: httpx.Client) -> Iterator[Ask]:
    """A call with the registered token; the path begins with the version."""

    def call(path: str, **params: str) -> httpx.Response:
        headers = {"X-hojinInfo-api-token": town.endpoints["gbizinfo_token"]}
        return web.get(f"{town.endpoints['gbizinfo']}{path}", params=params, headers=headers)

    yield call
    town.reset()


def infos(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    body = answer.json()
    assert (body["message"], body["errors"]) == ("200 - OK.", None)
    rows: list[dict[str, Any]] = body["hojin-infos"]
    return rows


def fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any], path: str) -> None:
    """Fail unless every key of `value` is in the OpenAPI schema, with its type."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type", "object")
    types = {"string": str, "integer": int, "number": (int, float), "array": list, "object": dict}
    assert isinstance(value, types[kind]), path
    if kind == "array":
        for item in value:
            fits(item, schema["items"], schemas, f"{path}[]")
    elif kind == "object" and "properties" in schema:
        for name, part in value.items():
            assert name in schema["properties"], f"{path}.{name}"
            fits(part, schema["properties"][name], schemas, f"{path}.{name}")


@pytest.mark.parametrize("child", ["", *CHILDREN])
@pytest.mark.parametrize("metadata", ["true", "false"])
def test_version_2_keeps_its_schema(ask: Ask, shared: Path, child: str, metadata: str) -> None:
    path = shared / "samples" / "gbizinfo" / "openapi_v2.json"
    schemas = json.loads(path.read_text("utf-8"))["components"]["schemas"]
    name = "HojinInfoForChildV2" if child else "HojinInfoV2"
    tail = f"/{child}" if child else ""
    for number in (NUMBER, PLAIN):
        answer = ask(f"/v2/hojin/{number}{tail}", metadata_flg=metadata)
        (row,) = infos(answer)
        assert answer.json()["id"] == number
        fits(row, schemas[name], schemas, name)
        assert ("meta-data" in json.dumps(row)) == (
            metadata == "true" and bool(tail == "" or (row[CHILDREN[child]]))
        )
        if child:
            assert CHILDREN[child] in row


def test_version_1_looks_like_the_recorded_answers(ask: Ask, shared: Path) -> None:
    for child in ("certification", "procurement", "subsidy", "workplace"):
        path = shared / "samples" / "gbizinfo" / f"v1_hojin_{child}.json"
        recorded = json.loads(path.read_text("utf-8"))
        answer = ask(f"/v1/hojin/{PLAIN}/{child}")
        (row,) = infos(answer)
        assert list(answer.json()) == list(recorded)
        (real,) = recorded["hojin-infos"]
        # The town's company has no English name, and what is absent is left out.
        assert set(row) == set(real) - {"name_en"}
        assert row[CHILDREN[child]] == real[CHILDREN[child]]
    (row,) = infos(ask("/v1/hojin", corporate_number=PLAIN))
    assert row["number_of_activity"] == "0"
    assert row["update_date"] == "2021-07-14T00:00:00+09:00"


def test_fields_only_version_1_has(ask: Ask) -> None:
    (first,) = infos(ask(f"/v1/hojin/{NUMBER}/certification"))
    (second,) = infos(ask(f"/v2/hojin/{NUMBER}/certification"))
    assert first["certification"][0]["expiration_date"] == "2027-06-02 00:00:00.0"
    assert "expiration_date" not in second["certification"][0]
    (first,) = infos(ask(f"/v1/hojin/{NUMBER}/subsidy"))
    assert first["subsidy"][1]["joint_signatures"]
    assert isinstance(first["subsidy"][0]["amount"], str)
    (row,) = infos(ask(f"/v2/hojin/{NUMBER}/procurement"))
    assert isinstance(row["procurement"][0]["amount"], int)
    assert row["procurement"][0]["date_of_order"].endswith("+09:00")
    assert ask(f"/v1/hojin/{NUMBER}/corporation").status_code == 404


def test_composed_facts_are_marked_and_carry_no_real_person(ask: Ask) -> None:
    for child in ("certification", "commendation", "patent", "procurement", "subsidy"):
        (row,) = infos(ask(f"/v2/hojin/{NUMBER}/{child}"))
        assert all(item["title"].startswith("【練習】") for item in row[child])
    (row,) = infos(ask(f"/v2/hojin/{NUMBER}"))
    assert row["representative_name"] == "練習　太郎"
    assert row["kana"] == "ちむにーこーひー"
    assert row["status"] == "-"


def test_token(town: TownProcess, web: httpx.Client) -> None:
    url = f"{town.endpoints['gbizinfo']}/v2/hojin/{NUMBER}"
    answer = web.get(url)
    assert answer.json() == {"id": None, "message": "401 - Unauthorized.", "errors": []}
    assert answer.status_code == 401
    assert web.get(url, headers={"X-hojinInfo-api-token": "wrong"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/v2/hojin/", {"corporate_number": NUMBER}, 404),
        (f"/v2/hojin/{NUMBER}/", {}, 404),
        (f"/v2/hojin/{NUMBER}/cars", {}, 404),
        ("/v2/hojin/4000012090001", {}, 404),
        ("/v2/hojin/123", {}, 400),
        ("/v1/hojin", {}, 400),
        ("/v2/hojin", {"corporate_number": "12"}, 400),
        ("/v2/hojin", {"name": "株式会社", "page": "11"}, 400),
        ("/v2/hojin", {"name": "株式会社", "page": "0"}, 400),
        ("/v2/hojin", {"name": "株式会社", "limit": "5001"}, 400),
        ("/v2/hojin", {"name": "株式会社", "exist_flg": "yes"}, 400),
        ("/v2/hojin", {"corporate_type": "301,999"}, 400),
        ("/v2/hojin", {"month_average_predetermined_overtime_hours": "D"}, 400),
        ("/v2/hojin/updateInfo", {"from": "20210101"}, 400),
        ("/v2/hojin/updateInfo", {"from": "2021-01-01", "to": "20211231"}, 400),
    ],
)
def test_refusals(ask: Ask, path: str, params: dict[str, str], status: int) -> None:
    answer = ask(path, **params)
    assert answer.status_code == status
    body = answer.json()
    assert (body["id"], body["message"][:3]) == (None, str(status))
    assert all(set(item) == {"item", "message"} for item in body["errors"])


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"corporate_number": NUMBER}, True),
        ({"name": "Ｃｏｆｆｅｅ"}, True),
        ({"name": "coffee"}, False),
        ({"exist_flg": "true"}, True),
        ({"exist_flg": "false"}, False),
        ({"corporate_type": "301,305", "prefecture": "13", "city": "113"}, True),
        ({"prefecture": "27"}, False),
        ({"capital_stock_from": "5000000", "capital_stock_to": "5000000"}, True),
        ({"employee_number_from": "13"}, False),
        ({"founded_year": "2020,2021"}, True),
        ({"net_sales_summary_of_business_results_from": "70000000"}, True),
        ({"total_assets_summary_of_business_results_to": "100"}, False),
        ({"average_continuous_service_years": "A"}, True),
        ({"average_age": "A,C"}, False),
        ({"month_average_predetermined_overtime_hours": "A"}, True),
        ({"female_workers_proportion": "C"}, True),
        ({"procurement": "総務"}, True),
        ({"procurement_amount_from": "198001"}, False),
        ({"subsidy": "持続化"}, True),
        ({"subsidy_amount_to": "450000"}, True),
        ({"ministry": "27"}, True),
        ({"ministry": "8"}, False),
        ({"source": "2,6"}, True),
    ],
)
def test_search(ask: Ask, params: dict[str, str], found: bool) -> None:
    rows = infos(ask("/v2/hojin", **params))
    assert (NUMBER in [row["corporate_number"] for row in rows]) is found
    assert all(isinstance(row["number_of_activity"], str) for row in rows)


def test_pages_of_a_search(ask: Ask) -> None:
    everyone = [row["corporate_number"] for row in infos(ask("/v2/hojin", name="社"))]
    pages = [
        row["corporate_number"]
        for page in ("1", "2", "3")
        for row in infos(ask("/v2/hojin", name="社", limit="40", page=page))
    ]
    assert pages == everyone[:120]
    assert len(everyone) > 100
    assert infos(ask("/v2/hojin", name="社", limit="0")) == []


def test_updates_count_in_texts(ask: Ask) -> None:
    answer = ask("/v2/hojin/updateInfo", **{"from": "20210714", "to": "20210714", "page": "2"})
    body = answer.json()
    assert isinstance(body["totalCount"], str)
    assert body["totalPage"] == str(-(-int(body["totalCount"]) // 100))
    assert body["pageNumber"] == "2"
    assert len(infos(answer)) == min(100, int(body["totalCount"]) - 100)
    rows = infos(ask("/v2/hojin/updateInfo/procurement", **{"from": "20210101", "to": "20220101"}))
    assert [row["corporate_number"] for row in rows] == [NUMBER]
    assert infos(ask("/v2/hojin/updateInfo", **{"from": "20220101", "to": "20230101"})) == []


def test_known_bugs_can_be_switched_off(ask: Ask, town: TownProcess) -> None:
    span = {"from": "20210101", "to": "20220101"}
    calls: list[tuple[str, dict[str, str], int]] = [
        ("/v2/hojin", {"patent": "ちむ"}, 404),
        ("/v2/hojin", {"certification": "経営革新"}, 404),
        ("/v2/hojin/updateInfo/patent", span, 500),
        ("/v2/hojin/updateInfo/subsidy", span, 500),
    ]
    assert [ask(path, **params).status_code for path, params, _ in calls] == [c[2] for c in calls]
    assert infos(ask("/v1/hojin", certification="経営革新"))
    town.control("POST", "gbizinfo", {"bugs": False})
    for path, params, _ in calls:
        assert [row["corporate_number"] for row in infos(ask(path, **params))] == [NUMBER]


def test_rate_and_weather(ask: Ask, town: TownProcess) -> None:
    town.control("POST", "gbizinfo", {"rate": 2})
    time.sleep(1.1)
    seen = [ask(f"/v2/hojin/{NUMBER}").status_code for _ in range(3)]
    assert seen == [200, 200, 429]
    town.control("POST", "gbizinfo", {"rate": 0})
    town.weather("error_500", match=f"*/{NUMBER}")
    assert ask(f"/v2/hojin/{NUMBER}").json()["message"] == "500 - Internal Server Error."
    town.weather("reset_before", match=f"*/{NUMBER}")
    with pytest.raises(httpx.NetworkError):
        ask(f"/v2/hojin/{NUMBER}")
    assert ask(f"/v2/hojin/{NUMBER}").status_code == 200


def test_companies_can_be_added_and_taken_away(ask: Ask, town: TownProcess) -> None:
    order = {"corporate_number": NUMBER, "basic": {"employee_number": 99}, "subsidy": []}
    town.control("POST", "gbizinfo/company", order)
    assert infos(ask(f"/v2/hojin/{NUMBER}"))[0]["employee_number"] == 99
    assert infos(ask(f"/v2/hojin/{NUMBER}/subsidy"))[0]["subsidy"] == []
    assert infos(ask(f"/v2/hojin/{NUMBER}/finance"))[0]["finance"]
    town.control("POST", "gbizinfo/company", {"corporate_number": "8999999000001"})
    assert ask("/v2/hojin/8999999000001").status_code == 200
    town.control("POST", "gbizinfo/remove", {"corporate_number": NUMBER})
    assert ask(f"/v2/hojin/{NUMBER}").status_code == 404
    town.reset()
    assert infos(ask(f"/v2/hojin/{NUMBER}"))[0]["employee_number"] == 12
