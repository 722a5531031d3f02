"""Bulk sending: forty applications in one ZIP, which appear only after a while."""

from __future__ import annotations

from typing import Any

import httpx

from tests.sandbox.town_packages import contents, packed, period, send_file
from tests.sandbox.town_process import TownProcess
from tests.sandbox.town_social import Bundle, fixed, pension

PROC = "X-PRACTICE-T0001"


def zipped(bundles: dict[str, Bundle]) -> bytes:
    """Each package in its own folder."""
    files = {f"{f}/{n}": d for f, b in bundles.items() for n, d in b.files().items()}
    return packed(files)


def folders(api: httpx.Client, count: int) -> dict[str, Bundle]:
    """So many good packages, numbered as the real bulk ZIP is."""
    names = [PROC] + [f"{PROC}({n})" for n in range(1, count)]
    return {name: fixed(api, PROC) for name in names}


def sent(api: httpx.Client, raw: bytes, **more: Any) -> dict[str, Any]:
    answer = api.post("/bulk-apply", json={"send_file": send_file(raw, "matome.zip")}, **more)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    assert set(body["_links"]) == {"self", "list", "report"}
    return body["results"]  # type: ignore[no-any-return]


def test_forty_appear_late_and_once(api: httpx.Client, town: TownProcess) -> None:
    results = sent(api, zipped(folders(api, 40)))
    assert len(results["send_number"]) == 18
    assert results["apply_count"] == 40
    query = {"send_number": results["send_number"], "limit": 50}
    short = {"send_number": results["send_number"], "limit": 30}
    assert api.get("/apply/lists", params=query).json()["resultset"]["all_count"] == 0
    assert api.get("/apply/report", params=short).json()["results"]["error_report_info"] == []
    town.clock(16)
    rows = api.get("/apply/lists", params=query).json()["results"]["apply_list"]
    assert len(rows) == len({row["arrive_id"] for row in rows}) == 40
    assert {row["send_number"] for row in rows} == {results["send_number"]}
    (report,) = api.get("/apply/report", params=short).json()["results"]["error_report_info"]
    assert (report["apply_count"], report["arrive_count"], report["error_count"]) == (40, 40, 0)
    by_day = api.get("/apply/lists", params=period()).json()["resultset"]["all_count"]
    assert by_day == len(town.ledger()) == 40


def test_batch_appears_after_some_looks_too(api: httpx.Client, town: TownProcess) -> None:
    query = {"send_number": sent(api, zipped(folders(api, 2)))["send_number"]}
    seen = [api.get("/apply/lists", params=query).json()["resultset"]["count"] for _ in range(4)]
    assert seen == [0, 0, 2, 2]
    town.control("POST", "pace", {"mode": "manual", "bulk": [0, 300]})
    query = {"send_number": sent(api, zipped(folders(api, 1)))["send_number"]}
    assert api.get("/apply/lists", params=query).json()["resultset"]["count"] == 1


def test_one_bad_folder_stops_no_other(api: httpx.Client, town: TownProcess) -> None:
    held = folders(api, 3)
    held[f"{PROC}(1)"].fill({"氏名": "髙　花子"})
    held["X-PRACTICE-99999"] = fixed(api, PROC)
    held["X-PRACTICE-22657"] = pension(api, "2265700", b"nonsense")
    query = {"send_number": sent(api, zipped(held))["send_number"]}
    town.clock(16)
    (report,) = api.get("/apply/report", params=query).json()["results"]["error_report_info"]
    assert (report["apply_count"], report["arrive_count"], report["error_count"]) == (5, 2, 3)
    bad = {row["folder_name"]: row["report_list"] for row in report["result"] if row["report_list"]}
    assert "髙（U+9AD9）" in bad[f"{PROC}(1)"][0]["content"]
    assert bad[f"{PROC}(1)"][0]["detail"]
    assert "手続が見つかりません" in bad["X-PRACTICE-99999"][0]["content"]
    assert len(town.ledger()) == 2


def test_frame_of_the_zip_is_checked_at_once(api: httpx.Client, town: TownProcess) -> None:
    good = fixed(api, PROC).files()
    spoiled = {
        "手続IDのフォルダ": {"kousei.xml": b"x"},
        "構成管理XMLがありません": {f"{PROC}/a.xml": b"x"},
        "ファイルがありません": {},
    }
    for reason, files in spoiled.items():
        answer = api.post("/bulk-apply", json={"send_file": send_file(packed(files))})
        assert answer.status_code == 400
        body = answer.json()
        assert body["error_count"] == len(body["error"])
        assert set(body["error"][0]) == {"errorFolder", "errorFile", "content"}
        assert reason in body["error"][0]["content"]
    broken = api.post("/bulk-apply", json={"send_file": send_file(b"PK nothing")})
    assert "解凍できません" in broken.json()["error"][0]["content"]
    assert "send_file" in contents(api.post("/bulk-apply", json={}))
    assert "kousei.xml" in good
    assert town.control("GET", "batches")["count"] == 0


def test_trial_and_strangers(api: httpx.Client, town: TownProcess) -> None:
    raw = zipped(folders(api, 1))
    tried = sent(api, raw, headers={"X-eGovAPI-Trial": "true"})
    town.clock(16)
    query = {"send_number": tried["send_number"]}
    assert api.get("/apply/lists", params=query).json()["resultset"]["count"] == 0
    number = sent(api, raw)["send_number"]
    town.clock(16)
    other = {"Authorization": f"Bearer {town.token('member@example.jp')['access_token']}"}
    seen = api.get("/apply/lists", params={"send_number": number}, headers=other).json()
    assert seen["resultset"]["count"] == 0
    assert len(town.ledger()) == 1


def test_lost_answer_leaves_one_batch(api: httpx.Client, town: TownProcess) -> None:
    raw = zipped(folders(api, 3))
    town.weather("answer_lost", match="POST */bulk-apply")
    try:
        api.post("/bulk-apply", json={"send_file": send_file(raw)})
    except httpx.TransportError:
        pass
    else:
        raise AssertionError("the answer was not lost")
    town.clock(16)
    rows = api.get("/apply/lists", params=period()).json()["results"]["apply_list"]
    assert len(rows) == 3
    assert len({row["send_number"] for row in rows}) == 1
    assert town.control("GET", "batches")["batches"][0]["arrive_count"] == 3
