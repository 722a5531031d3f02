"""Every call of the e-Gov API: it is there, it wants a token, weather falls on it, trial files nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.town_packages import packed, period, send_file
from tests.sandbox.town_process import TownProcess, start_town
from tests.sandbox.town_social import bearer, fixed

NUMBER = "9002026999999999"
CALLS = [
    ("GET", "/procedure/4950000020325000"),
    ("POST", "/preprint"),
    ("POST", "/apply"),
    ("POST", "/bulk-apply"),
    ("POST", "/apply/amend"),
    ("POST", "/apply/withdraw"),
    ("POST", "/apply/check"),
    ("GET", "/apply/lists"),
    ("GET", f"/apply/{NUMBER}"),
    ("GET", "/apply/report"),
    ("GET", "/message/lists"),
    ("GET", "/message/1"),
    ("GET", "/notice/lists"),
    ("GET", f"/notice/{NUMBER}/1"),
    ("GET", f"/official_document/{NUMBER}/1"),
    ("POST", "/official_document"),
    ("POST", "/official_document/verify"),
    ("GET", "/payment/lists"),
    ("GET", f"/payment/{NUMBER}"),
    ("POST", "/payment"),
    ("POST", "/post-apply"),
    ("GET", f"/post-apply/{NUMBER}"),
    ("GET", "/post/lists"),
    ("GET", "/post/20261124000001"),
    ("POST", "/post"),
    ("GET", "/share-setting/lists"),
    ("POST", "/share-setting"),
    ("PUT", "/share-setting"),
    ("DELETE", "/share-setting"),
    ("POST", "/share-confirmation"),
]


def call(api: httpx.Client, verb: str, path: str, **more: Any) -> httpx.Response:
    body = None if verb == "GET" else {}
    return api.request(verb, path, json=body, **more)


@pytest.mark.parametrize(("verb", "path"), CALLS)
def test_call_is_there_under_any_sky(
    api: httpx.Client, town: TownProcess, verb: str, path: str
) -> None:
    answer = call(api, verb, path)
    body = answer.json()
    assert "練習の町にはありません" not in answer.text
    if answer.status_code == 200:
        assert {"title", "detail", "type", "instance"} == set(body["metadata"])
    else:
        assert answer.status_code in (400, 404)
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert {"title", "detail", "type", "instance"} <= set(body)
    nobody = call(api, verb, path, headers={"Authorization": "Bearer nothing"})
    assert nobody.status_code == 401
    town.weather("error_503", match=f"{verb} */shinsei/v2{path}")
    assert call(api, verb, path).status_code == 503
    town.weather("answer_lost", match=f"{verb} */shinsei/v2{path}")
    with pytest.raises(httpx.TransportError):
        call(api, verb, path)
    assert town.ledger() == []


def test_there_are_thirty() -> None:
    assert len(CALLS) == len(set(CALLS)) == 30


def test_trial_changes_nothing(api: httpx.Client, town: TownProcess) -> None:
    trial = {"X-eGovAPI-Trial": "true"}
    case = fixed(api, "X-PRACTICE-T0001")
    raw = packed({f"X-PRACTICE-T0001/{name}": data for name, data in case.files().items()})
    post = fixed(api, "900A013800001000")
    level = {"official_doc_permission": "READ", "post_doc_permission": "READ"}
    bodies: list[tuple[str, dict[str, Any], int]] = [
        ("/apply", case.body(), 200),
        ("/bulk-apply", {"send_file": send_file(raw)}, 202),
        ("/post-apply", post.body(), 200),
        ("/share-setting", {"gbiz_id": "member@example.jp", **level}, 200),
    ]
    for path, body, status in bodies:
        answer = api.post(path, json=body, headers=trial)
        assert answer.status_code == status, answer.text
    town.clock(60)
    assert town.ledger() == []
    assert town.control("GET", "batches")["count"] == 0
    assert api.get("/share-setting/lists").json()["results"]["share_setting_list"] == []


def test_procedures_are_told(town: TownProcess, api: httpx.Client) -> None:
    rows = town.control("GET", "procedures")["procedures"]
    assert len(rows) == len({row["proc_id"] for row in rows}) == 28
    for row in rows:
        answer = api.get(f"/procedure/{row['proc_id']}").json()["results"]
        assert [info["form_id"] for info in answer["file_info"]] == row["forms"]
        assert all(len(form) == 18 for form in row["forms"])


@pytest.mark.parametrize("kind", ["apply", "amendapply", "reamend", "partamend"])
def test_real_configuration_files_are_taken(api: httpx.Client, shared: Path, kind: str) -> None:
    proc_id = "900A010200001000"
    folder = shared / "samples" / "egov"
    form = "900A01020000100001_01.xml"
    files = {
        "kousei.xml": (folder / "kousei" / f"{kind}_{proc_id}_base_kousei.xml").read_bytes(),
        form: (folder / "shinseisho" / form).read_bytes(),
    }
    if kind != "partamend":
        files["tenpu.txt"] = b"tenpu"
    raw = packed({f"{proc_id}/{name}": data for name, data in files.items()})
    body = {"proc_id": proc_id, "send_file": send_file(raw)}
    answer = api.post("/apply/check", json=body)
    assert answer.json()["results"]["error_count"] == 0, answer.text


def test_state_keeps_bulk_delivery_and_sharing(tmp_path: Path) -> None:
    level = {"official_doc_permission": "READ", "post_doc_permission": "READ"}
    with start_town(state=tmp_path) as town:
        base = town.endpoints["egov_api"]
        with httpx.Client(base_url=base, trust_env=False, verify=False) as api:
            api.headers.update(bearer(town, "prime@example.jp"))
            files = fixed(api, "X-PRACTICE-T0001").files()
            raw = packed({f"X-PRACTICE-T0001/{name}": data for name, data in files.items()})
            sent = api.post("/bulk-apply", json={"send_file": send_file(raw)}).json()["results"]
            number = api.post("/post-apply", json=fixed(api, "900A013800001000").body()).json()
            town.advance(number["results"]["arrive_id"], "結末")
            api.post("/share-setting", json={"gbiz_id": "member@example.jp", **level})
    with start_town(state=tmp_path) as town:
        town.clock(60)
        base = town.endpoints["egov_api"]
        with httpx.Client(base_url=base, trust_env=False, verify=False) as api:
            api.headers.update(bearer(town, "prime@example.jp"))
            query = {"send_number": sent["send_number"]}
            assert api.get("/apply/lists", params=query).json()["resultset"]["count"] == 1
            assert api.get("/post/lists", params=period()).json()["resultset"]["count"] == 1
            shares = api.get("/share-setting/lists").json()["results"]["share_setting_list"]
            assert len(shares) == 1
