"""The practice jGrants list call, against section 1 of the open-data reference and real records."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.town_process import ROOT, TownProcess, start_town

PRACTICE = "a0WJ200000CDJWIMA5"
FIELDS = {
    "id",
    "name",
    "title",
    "target_area_search",
    "subsidy_max_limit",
    "acceptance_start_datetime",
    "acceptance_end_datetime",
    "target_number_of_employees",
    "institution_name",
}
BASE = {"keyword": "補助金", "sort": "created_date", "order": "ASC", "acceptance": "0"}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(town: TownProcess, web: httpx.Client) -> Iterator[Ask]:
    """A list call with the four required parameters unless told otherwise (None leaves one out)."""
    town.control("POST", "jgrants", {"rate": 0})

    def call(**changes: str | None) -> httpx.Response:
        query = {k: v for k, v in (BASE | changes).items() if v is not None}
        return web.get(f"{town.endpoints['jgrants']}/v1/public/subsidies", params=query)

    yield call
    town.reset()


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["result"]]


def real(shared: Path) -> dict[str, dict[str, Any]]:
    path = shared / "samples" / "jgrants" / "list_records_2894_2026-01-23.json"
    return {row["id"]: row for row in json.loads(path.read_text("utf-8"))}


def test_records_are_the_published_ones(ask: Ask, shared: Path) -> None:
    published = real(shared)
    answer = ask(keyword="補助金")
    body = answer.json()
    assert body["metadata"]["type"] == "https://developers.digital.go.jp/documents/jgrants/api/"
    assert body["metadata"]["resultset"]["count"] == len(body["result"]) > 1900
    assert answer.headers["content-type"].startswith("application/json")
    for row in body["result"]:
        assert set(row) == FIELDS
        if row["id"] in published:
            assert {name: row[name] for name in published[row["id"]]} == published[row["id"]]


def test_every_published_record_can_be_found(ask: Ask, shared: Path, town: TownProcess) -> None:
    published = real(shared)
    assert town.control("GET", "jgrants")["held"] == len(published) + 7
    found = {grant for word in ("事業", "補助金", "支援") for grant in ids(ask(keyword=word))}
    rest = [row for grant, row in published.items() if grant not in found]
    assert len(rest) < len(published) / 4
    for row in rest[::25]:
        word = row["title"].split()[0][:20]
        assert row["id"] in ids(ask(keyword=word)), word


def test_missing_facts_are_null_zero_or_empty(ask: Ask) -> None:
    rows = ask(keyword="補助金").json()["result"]
    assert {None, 0} <= {row["subsidy_max_limit"] for row in rows}
    assert {row["target_number_of_employees"] for row in rows} >= {"", "20名以下"}
    assert {row["institution_name"] for row in rows} >= {None, ""}
    assert None in {row["acceptance_end_datetime"] for row in rows}


@pytest.mark.parametrize(
    "changes",
    [
        {"keyword": None},
        {"keyword": ""},
        {"keyword": "金"},
        {"keyword": "金" * 256},
        {"keyword": "補助 金"},
        {"keyword": "補助　金"},
        {"sort": None},
        {"sort": "title"},
        {"order": None},
        {"order": "asc"},
        {"acceptance": None},
        {"acceptance": "2"},
        {"use_purpose": "設備整備・IT導入したい"},
        {"use_purpose": "設備整備・IT導入をしたい,人材育成を行いたい"},
        {"industry": "農業，林業"},
        {"industry": "建設業/製造業"},
        {"target_number_of_employees": "従業員の制約なし"},
        {"target_area_search": "関東"},
    ],
)
def test_wrong_parameters(ask: Ask, changes: dict[str, str | None]) -> None:
    answer = ask(**changes)
    assert answer.status_code == 400
    body = answer.json()
    assert set(body) == {"type", "errorCode", "title", "instance"}
    assert (body["title"], body["instance"]) == ("Bad Request", "/api/subsidies")


def test_bounds_of_the_keyword(ask: Ask) -> None:
    assert ask(keyword="金" * 255).status_code == 200
    assert ids(ask(keyword="申請練習用")) == [PRACTICE]


def test_one_letter_can_also_find_nothing(ask: Ask, town: TownProcess) -> None:
    town.control("POST", "jgrants", {"short_keyword": "empty"})
    assert ids(ask(keyword="金")) == []
    assert ask(keyword="").status_code == 400
    assert ask(keyword="金", sort="title").status_code == 400


def test_width_and_case_do_not_matter(ask: Ask) -> None:
    assert len(ids(ask(keyword="IoT"))) > 3
    assert ids(ask(keyword="IoT")) == ids(ask(keyword="IOT")) == ids(ask(keyword="ＩｏＴ"))
    assert len(ids(ask(keyword="デジタル"))) > 3
    assert ids(ask(keyword="デジタル")) == ids(ask(keyword="ﾃﾞｼﾞﾀﾙ"))


def test_sorting(ask: Ask) -> None:
    for sort in ("acceptance_start_datetime", "acceptance_end_datetime"):
        rows = ask(sort=sort).json()["result"]
        dates = [row[sort] or "" for row in rows]
        assert dates == sorted(dates)
        back = [row[sort] or "" for row in ask(sort=sort, order="DESC").json()["result"]]
        assert back == sorted(dates, reverse=True)
    first = ids(ask())
    assert first == sorted(first)
    assert ids(ask(order="DESC")) == first[::-1]


def test_acceptance_follows_the_clock_of_the_town(ask: Ask, town: TownProcess) -> None:
    for moment, stamp in (
        ("2025-06-01T09:00:00+09:00", "2025-06-01T00:00:00.000Z"),
        ("2030-03-31T19:59:00+09:00", "2030-03-31T10:59:00.000Z"),
    ):
        town.control("POST", "clock", {"set": moment})
        held = set(ids(ask(acceptance="1")))
        rows = ask(acceptance="0").json()["result"]
        expected = {
            row["id"]
            for row in rows
            if row["acceptance_start_datetime"] <= stamp
            and (row["acceptance_end_datetime"] or "9") >= stamp
        }
        assert held == expected
        assert PRACTICE in held
    town.control("POST", "clock", {"set": "2030-03-31T20:01:00+09:00"})
    assert PRACTICE not in ids(ask(acceptance="1"))


def test_narrowing(ask: Ask) -> None:
    tokyo = ids(ask(target_area_search="東京都"))
    rows = {row["id"]: row for row in ask().json()["result"]}
    wanted = [
        g for g, r in rows.items() if "東京都" in (r["target_area_search"] or "").split(" / ")
    ]
    assert tokyo == wanted
    small = ids(ask(target_number_of_employees="20名以下"))
    assert small == [g for g, r in rows.items() if r["target_number_of_employees"] == "20名以下"]
    farms, shops = ids(ask(industry="農業、林業")), ids(ask(industry="卸売業、小売業"))
    both = ids(ask(industry="農業、林業 / 卸売業、小売業"))
    assert set(both) == set(farms) | set(shops)
    assert PRACTICE in ids(ask(use_purpose="新たな事業を行いたい / 人材育成を行いたい"))
    named = ids(ask(institution_name="練習の町"))
    assert named
    assert all("練習の町" in rows[grant]["institution_name"] for grant in named)


def test_limit_and_offset_change_nothing(ask: Ask) -> None:
    assert ids(ask(limit="1", offset="5")) == ids(ask())


def test_the_single_request_parameter(town: TownProcess, ask: Ask, web: httpx.Client) -> None:
    url = f"{town.endpoints['jgrants']}/v1/public/subsidies"
    order = {**BASE, "acceptance": 0}
    assert ids(web.get(url, params={"request": json.dumps(order)})) == ids(ask())
    for wrong in ("{", "[]", json.dumps({"keyword": "補助金"})):
        assert web.get(url, params={"request": wrong}).status_code == 400


def test_addresses_and_methods_it_has_not(town: TownProcess, ask: Ask, web: httpx.Client) -> None:
    del ask
    base = town.endpoints["jgrants"]
    for path in ("/v2/public/subsidies", "/v1/public/subsidies/", "/v3/public/subsidies/id/x"):
        answer = web.get(base + path, params=BASE)
        assert (path, answer.status_code) == (path, 404)
        assert answer.json()["title"] == "Not Found"
    assert web.post(f"{base}/v1/public/subsidies", json=BASE).status_code == 405


def test_ten_requests_a_second(town: TownProcess, web: httpx.Client) -> None:
    url = f"{town.endpoints['jgrants']}/v1/public/subsidies/id/{PRACTICE}"
    web.get(url)
    time.sleep(1.1)
    began = time.monotonic()
    seen = [web.get(url).status_code for _ in range(15)]
    if time.monotonic() - began < 1:
        assert seen == [200] * 10 + [429] * 5
    time.sleep(1.1)
    assert web.get(url).status_code == 200
    town.control("POST", "jgrants", {"rate": 2})
    time.sleep(1.1)
    answers = [web.get(url) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["title"] == "Too Many Requests"
    town.control("POST", "jgrants", {"rate": 0})
    assert {web.get(url).status_code for _ in range(25)} == {200}


def test_weather_over_jgrants(ask: Ask, town: TownProcess, web: httpx.Client) -> None:
    town.weather("error_500", match="*/subsidies")
    assert ask().json() == {
        "type": "https://developers.digital.go.jp/documents/jgrants/api/",
        "errorCode": "E-ML-9999",
        "title": "Internal Server Error",
        "instance": "/api/subsidies",
    }
    town.weather("rate_limited", match="*/subsidies")
    assert ask().status_code == 429
    town.weather("no_answer", match="*/subsidies")
    with pytest.raises(httpx.TimeoutException):
        web.get(f"{town.endpoints['jgrants']}/v1/public/subsidies", params=BASE, timeout=0.5)
    town.weather("truncated_body", match="*/subsidies")
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    assert ask().status_code == 200


def test_put_behind_change_and_take_away(ask: Ask, town: TownProcess) -> None:
    before = ids(ask())
    extra = {"id": "a0WTEST00000000001", "title": "後から置いた補助金", "name": "S-1"}
    loaded = town.control("POST", "jgrants/load", {"records": [extra]})
    assert loaded["records"] == 1
    assert set(ids(ask())) == {*before, extra["id"]}
    town.control(
        "POST",
        "jgrants/record",
        {"id": PRACTICE, "changes": {"subsidy_max_limit": 7, "subsidy_rate": "3/4以内"}},
    )
    (row,) = ask(keyword="申請練習用").json()["result"]
    assert row["subsidy_max_limit"] == 7
    assert town.control("POST", "jgrants/remove", {"ids": [PRACTICE, "x"]}) == {"removed": 1}
    assert ids(ask(keyword="申請練習用")) == []
    town.control("POST", "jgrants/load", {"records": [extra], "replace": True})
    assert ids(ask()) == [extra["id"]]
    town.reset()
    town.control("POST", "jgrants", {"rate": 0})
    assert ids(ask()) == before


def test_wrong_orders(town: TownProcess, web: httpx.Client) -> None:
    headers = {"X-Town-Token": town.endpoints["control_token"]}
    for path, order in [
        ("jgrants", {"rate": -1}),
        ("jgrants", {"short_keyword": "maybe"}),
        ("jgrants/load", {"records": [{"title": "x"}]}),
        ("jgrants/record", {"id": "nobody", "changes": {}}),
        ("jgrants/record", {"id": PRACTICE, "changes": {"id": "other"}}),
        ("gbizinfo/company", {"corporate_number": "1011001141756", "car": {}}),
    ]:
        answer = web.post(f"{town.endpoints['control']}/{path}", json=order, headers=headers)
        assert (path, answer.status_code) == (path, 400)
        assert answer.json()["error"]


def test_a_file_can_be_put_behind_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    path.write_text(json.dumps([{"id": "a0WTEST00000000002", "title": "持参した補助金"}]), "utf-8")
    with start_town(extra=("--grants", str(path))) as town, httpx.Client(trust_env=False) as web:
        url = f"{town.endpoints['jgrants']}/v1/public/subsidies"
        assert ids(web.get(url, params=BASE | {"keyword": "持参した"})) == ["a0WTEST00000000002"]


def test_a_file_that_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    path.write_text('["x"]', "utf-8")
    command = [sys.executable, "-m", "app.sandbox", "--grants", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("--grants: every record")
