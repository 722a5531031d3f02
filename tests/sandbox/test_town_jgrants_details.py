"""The practice jGrants details of both versions, and a plain client that walks from list to file."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.test_town_jgrants import BASE, PRACTICE
from tests.sandbox.town_process import TownProcess

FILES = ("application_guidelines", "outline_of_grant", "application_form")
Detail = Callable[[str, int], httpx.Response]


@pytest.fixture
def detail(town: TownProcess, web: httpx.Client) -> Iterator[Detail]:
    """A detail call by id and version."""
    town.control("POST", "jgrants", {"rate": 0})

    def call(grant: str, version: int) -> httpx.Response:
        return web.get(f"{town.endpoints['jgrants']}/v{version}/public/subsidies/id/{grant}")

    yield call
    town.reset()


def one(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200
    body = answer.json()
    assert body["metadata"]["resultset"]["count"] == 1
    (row,) = body["result"]
    assert isinstance(row, dict)
    return row


def kinds(town: TownProcess) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for grant, kind in town.control("GET", "jgrants")["kinds"].items():
        found.setdefault(kind, []).append(grant)
    return found


@pytest.mark.parametrize("version", [1, 2])
def test_fields_are_those_of_the_specification(detail: Detail, shared: Path, version: int) -> None:
    path = shared / "samples" / "jgrants" / f"spec_example_detail_v{version}.json"
    example = json.loads(path.read_text("utf-8"))["result"][0]
    row = one(detail(PRACTICE, version))
    assert set(row) == set(example)
    assert row["name"] == "S-00006007"
    assert "練習" in row["detail"]
    ends = row if version == 1 else row["workflow"][0]
    assert ends["project_end_deadline"] > ends["acceptance_end_datetime"]
    for name in FILES:
        assert all(set(item) == {"name", "data"} for item in row[name])
    if version == 2:
        assert set(row["workflow"][0]) == set(example["workflow"][0])


def test_every_attachment_is_a_whole_pdf(detail: Detail) -> None:
    row = one(detail(PRACTICE, 2))
    for name in FILES:
        for item in row[name]:
            data = base64.b64decode(item["data"], validate=True)
            assert data.startswith(b"%PDF-")
            place = int(re.findall(rb"startxref\n([0-9]+)\n%%EOF\n$", data)[0])
            assert data[place : place + 4] == b"xref"


def test_date_shapes(town: TownProcess, detail: Detail) -> None:
    shapes = set()
    grants = town.control("GET", "jgrants")["composed"]
    assert len(grants) > 200
    broken = kinds(town)["broken"]
    for grant in [grant for grant in grants if grant not in broken][::8]:
        for call in one(detail(grant, 2))["workflow"] or []:
            date = call["acceptance_start_datetime"]
            shapes.add(re.sub("[0-9]", "9", date))
    assert shapes == {"9999-99-99T99:99Z", "9999-99-99T99:99:99Z", "9999-99-99T99:99:99.999Z"}


def test_workflow_of_several_rounds_or_none(town: TownProcess, detail: Detail) -> None:
    found = kinds(town)
    calls = one(detail(found["rounds"][0], 2))["workflow"]
    assert [call["fiscal_year_round"] for call in calls] == ["第1回", "第2回", "第3回"]
    assert one(detail(found["no_workflow"][0], 2))["workflow"] is None
    assert one(detail(found["no_limit"][0], 2))["subsidy_max_limit"] == 0


def test_hostile_html_is_served_as_it_is(town: TownProcess, detail: Detail) -> None:
    hostile = kinds(town)["hostile"]
    assert len(hostile) == 3
    text = "".join(one(detail(grant, 2))["detail"] for grant in hostile)
    for mark in (
        "<script",
        "onerror=",
        "<iframe",
        "javascript:",
        "<style",
        "style=",
        "spy.invalid",
    ):
        assert mark in text
    names = [item["name"] for g in hostile for item in one(detail(g, 1))["application_form"]]
    assert any(".." in name for name in names)


def test_control_characters_make_invalid_json(town: TownProcess, detail: Detail) -> None:
    (grant,) = kinds(town)["broken"]
    for version in (1, 2):
        answer = detail(grant, version)
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()
        assert json.loads(answer.text, strict=False)["result"][0]["id"] == grant


@pytest.mark.parametrize(("grant", "status"), [("a0WXXXXXXXXXXXXXXX", 404), ("x" * 19, 400)])
def test_unknown_ids(detail: Detail, grant: str, status: int) -> None:
    for version in (1, 2):
        answer = detail(grant, version)
        assert answer.status_code == status
        assert set(answer.json()) == {"type", "errorCode", "title", "instance"}


def test_a_record_without_a_composed_detail(town: TownProcess, detail: Detail) -> None:
    grant = "a0W2x000003QWzbEAG"
    assert grant not in town.control("GET", "jgrants")["composed"]
    first, second = one(detail(grant, 1)), one(detail(grant, 2))
    assert first["acceptance_start_datetime"] == "2020-01-09T01:00:00.000Z"
    assert first["detail"] is first["use_purpose"] is first["subsidy_rate"] is None
    assert second["workflow"][0]["acceptance_end_datetime"] == "2020-02-14T08:00:00.000Z"
    assert [second[name] for name in FILES] == [[], [], []]


def test_a_large_detail_is_made_while_it_is_sent(town: TownProcess, web: httpx.Client) -> None:
    town.control("POST", "jgrants", {"rate": 0, "big": {"id": PRACTICE, "megabytes": 40}})
    url = f"{town.endpoints['jgrants']}/v2/public/subsidies/id/{PRACTICE}"
    whole = bytearray()
    with web.stream("GET", url) as answer:
        assert "content-length" not in answer.headers
        for part in answer.iter_bytes():
            whole += part
    assert len(whole) > 40_000_000 * 4 // 3
    data = base64.b64decode(json.loads(whole)["result"][0]["application_guidelines"][0]["data"])
    assert len(data) > 40_000_000
    assert data.startswith(b"%PDF-")
    assert data.endswith(b"%%EOF\n")
    town.control("POST", "jgrants", {"big": None})
    assert len(web.get(url).content) < 100_000
    town.reset()


def test_a_loaded_detail_without_a_list_record(town: TownProcess, detail: Detail) -> None:
    given = {
        "id": "a0WTEST00000000003",
        "title": "詳細だけの補助金",
        "detail": "<p>本文</p>",
        "workflow": [
            {"target_area_search": "大分県", "acceptance_start_datetime": "2025-10-01T15:00Z"}
        ],
    }
    town.control("POST", "jgrants/load", {"details": [given]})
    row = one(detail(given["id"], 2))  # type: ignore[arg-type]
    assert row["workflow"] == given["workflow"]
    assert row["detail"] == "<p>本文</p>"
    assert one(detail(given["id"], 1))["target_area_search"] == "大分県"  # type: ignore[arg-type]


def test_a_change_is_seen_in_list_and_details(town: TownProcess, detail: Detail) -> None:
    changes = {"title": "名前が変わった練習", "subsidy_rate": "3/4以内"}
    town.control("POST", "jgrants/record", {"id": PRACTICE, "changes": changes})
    for version in (1, 2):
        row = one(detail(PRACTICE, version))
        assert (row["title"], row["subsidy_rate"]) == ("名前が変わった練習", "3/4以内")


def test_a_plain_client_walks_from_the_list_to_the_files(town: TownProcess) -> None:
    town.control("POST", "jgrants", {"rate": 0})
    with httpx.Client(base_url=town.endpoints["jgrants"], trust_env=False) as client:
        found = {}
        for word in ("事業", "補助金", "支援", "助成", "奨励"):
            answer = client.get(
                "/v1/public/subsidies", params=BASE | {"keyword": word, "acceptance": "1"}
            )
            found |= {row["id"]: row for row in answer.json()["result"]}
        assert PRACTICE in found
        files = 0
        for grant in found:
            answer = client.get(f"/v2/public/subsidies/id/{grant}")
            row = json.loads(answer.text, strict=False)["result"][0]
            assert row["title"] == found[grant]["title"]
            assert row["front_subsidy_detail_page_url"].endswith(f"/subsidy/{grant}")
            for name in FILES:
                files += sum(base64.b64decode(i["data"])[:4] == b"%PDF" for i in row[name])
        assert files > 20
