"""A filing through the practice e-Gov API, from skeleton to fetched document, and its corrections."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_packages import (
    JST,
    PROC,
    Application,
    contents,
    filed,
    period,
    put,
    send_file,
    skeleton,
)
from tests.sandbox.town_process import TownProcess


def test_skeleton_is_one_folder_with_what_file_info_names(api: httpx.Client) -> None:
    answer = api.get(f"/procedure/{PROC}")
    body = answer.json()
    assert set(body["metadata"]) == {"title", "detail", "type", "instance"}
    info = body["results"]["file_info"][0]
    assert (info["form_id"], info["form_version"]) == ("495000020325029841", 3)
    names = set(skeleton(api))
    assert {info["apply_file_name"], info["xsl_file_name"], info["server_check_file_name"]} <= names
    assert body["results"]["configuration_file_name"] == ["kousei.xml"]
    assert "kousei.xml" in names


def test_skeleton_has_the_order_of_the_real_samples(api: httpx.Client, shared: Path) -> None:
    samples = shared / "samples" / "egov"
    pairs = {
        "kousei.xml": samples / "kousei" / f"{PROC}_base_kousei.xml",
        "495000020325029841_01.xml": samples / "shinseisho" / "495000020325029841_01.xml",
    }
    files = skeleton(api)
    for name, path in pairs.items():
        real = [element.tag for element in etree.parse(str(path)).getroot().iter()]
        assert [element.tag for element in etree.fromstring(files[name]).iter()] == real


def test_real_sample_form_is_taken(
    api: httpx.Client, shared: Path, application: Application
) -> None:
    path = shared / "samples" / "egov" / "shinseisho" / "495000020325029841_01.xml"
    application.extra[application.form_name] = path.read_bytes()
    answer = api.post("/apply/check", json=application.body())
    assert answer.json()["results"] == {"message": "エラーはありません。", "error_count": 0}


def test_receipt_and_ledger(api: httpx.Client, town: TownProcess, application: Application) -> None:
    answer = api.post("/apply", json=application.body())
    body = answer.json()
    results = body["results"]
    assert results["arrive_id"].startswith(f"900{datetime.now(JST).year}")
    assert len(results["arrive_id"]) == 16
    assert results["apply_type"] == "新規申請"
    assert results["submission_destination"] == "東京都,渋谷公共職業安定所"
    assert results["apply_form"]["form"] == [{"form_name": "雇用保険被保険者資格取得届"}]
    assert body["_links"]["status"].endswith(f"/apply/{results['arrive_id']}")
    (held,) = town.ledger()
    assert (held["arrive_id"], held["origin"]) == (results["arrive_id"], "api")
    assert held["account"] == "gbizid:prime@example.jp"


def test_trial_files_nothing(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    headers = {"X-eGovAPI-Trial": "true"}
    answer = api.post("/apply", json=application.body(), headers=headers)
    assert answer.status_code == 200
    assert town.ledger() == []
    wrong = api.post("/apply", json=application.body(), headers={"X-eGovAPI-Trial": "yes"})
    assert wrong.status_code == 400
    assert "X-eGovAPI-Trial" in contents(wrong)
    assert town.ledger() == []


def test_check_answers_200_with_a_report(api: httpx.Client, application: Application) -> None:
    put(application.form[-1], {"賃金/賃金月額": "二百"})
    answer = api.post("/apply/check", json=application.body())
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert results["error_count"] == len(results["report_list"]) == 1
    assert "半角数字" in results["report_list"][0]["content"]


def test_lists_page_and_stay_private(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    numbers = [filed(api, application) for _ in range(3)]
    answer = api.get("/apply/lists", params=period(limit=2, offset=1)).json()
    assert answer["resultset"] == {"all_count": 3, "limit": 2, "offset": 1, "count": 2}
    assert set(answer["_links"]) == {"self", "next"}
    second = api.get("/apply/lists", params=period(limit=2, offset=2)).json()
    assert set(second["_links"]) == {"self", "previous"}
    rows = answer["results"]["apply_list"] + second["results"]["apply_list"]
    assert [row["arrive_id"] for row in rows] == numbers[::-1]
    assert [row["no"] for row in rows] == [1, 2, 3]
    assert "proc_id" not in rows[0]
    zero = api.get("/apply/lists", params=period(limit=2, offset=0)).json()
    assert zero["results"] == answer["results"]
    other = town.token("member@example.jp")["access_token"]
    headers = {"Authorization": f"Bearer {other}"}
    empty = api.get("/apply/lists", params=period(), headers=headers).json()
    assert empty["results"]["apply_list"] == []
    assert api.get(f"/apply/{numbers[0]}", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"date_from": "2026-01-01"},
        {"date_from": "2026/01/01", "date_to": "2026-01-02"},
        {"date_from": "2026-1-1", "date_to": "2026-01-02"},
        {"date_from": "2026-01-01", "date_to": "２０２６-01-02"},
        {"date_from": "2026-01-03", "date_to": "2026-01-02"},
        {"date_from": "2026-01-01", "date_to": "2026-01-02", "limit": 51},
        {"date_from": "2026-01-01", "date_to": "2026-01-02", "limit": 0},
        {"date_from": "2026-01-01", "date_to": "2026-01-02", "offset": 10000},
        {"send_number": "12"},
    ],
)
def test_list_parameters_are_checked(api: httpx.Client, params: dict[str, object]) -> None:
    answer = api.get("/apply/lists", params=params)  # type: ignore[arg-type]
    assert answer.status_code == 400
    contents(answer)


def test_a_filing_alone_has_the_fields_it_has_in_the_list(
    api: httpx.Client, application: Application
) -> None:
    number = filed(api, application)
    (listed,) = api.get("/apply/lists", params=period()).json()["results"]["apply_list"]
    alone = api.get(f"/apply/{number}").json()["results"]
    assert alone == {name: value for name, value in listed.items() if name != "no"}
    assert (alone["send_number"], alone["send_date"]) == ("-", alone["arrive_date"])


def test_empty_lists_and_small_calls(api: httpx.Client, application: Application) -> None:
    number = filed(api, application)
    report = api.get("/apply/report", params=period(limit=30)).json()
    assert report["results"] == {"error_report_info": []}
    assert (
        api.get("/apply/lists", params={"send_number": "2" * 18}).json()["resultset"]["count"] == 0
    )
    guide = api.get("/message/lists", params={"date_from": "2026-04-01", "date_to": "2026-04-01"})
    (row,) = guide.json()["results"]["information_list"]
    message = api.get(f"/message/{row['information_id']}").json()["results"]["information"]
    assert message["information_title"] == row["information_title"]
    assert api.get("/message/99").status_code == 404
    assert api.get(f"/payment/{number}").json()["results"]["apply_pay_list"] == []
    banks = api.get("/payment/lists").json()["results"]["bank_list"]
    assert set(banks) == {
        "trust_bank", "shinkin_bank", "credit_union", "norinchukin_bank", "labour_bank"
    }  # fmt: skip


def test_progress_by_polls(api: httpx.Client, town: TownProcess, application: Application) -> None:
    town.control("POST", "pace", {"mode": "polls", "polls": [1, 1]})
    number = filed(api, application)
    seen = [api.get(f"/apply/{number}").json()["results"]["status"] for _ in range(5)]
    assert seen == ["到達", "審査中", "審査中", "審査終了", "審査終了"]


def test_progress_by_time(api: httpx.Client, town: TownProcess, application: Application) -> None:
    town.control("POST", "pace", {"mode": "time", "seconds": [100, 200]})
    number = filed(api, application)
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "到達"
    town.clock(101)
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "審査中"
    town.clock(201)
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "審査終了"


def test_partial_correction(api: httpx.Client, town: TownProcess, application: Application) -> None:
    number = filed(api, application)
    amend = {"arrive_id": number, "send_file": send_file(application.raw())}
    assert "対象ではありません" in contents(api.post("/apply/amend", json=amend))
    town.advance(number, "審査中")
    town.advance(number, "補正")
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == "審査中（補正待ち）"
    (row,) = item["notice_list"]
    assert row["correct_expired_date"]
    notice = api.get(f"/notice/{number}/{row['notice_sub_id']}").json()["results"]["notice"]
    assert (notice["notice_type"], notice["correct_type"]) == ("補正", "部分補正")
    refused = api.post("/apply/amend", json=amend)
    assert "申請種別" in contents(refused)
    application.kind("部分補正", "9002026999999999")
    amend["send_file"] = send_file(application.raw())
    assert "初回受付番号に誤りがあります" in contents(api.post("/apply/amend", json=amend))
    application.kind("部分補正", number)
    amend["send_file"] = send_file(application.raw())
    answer = api.post("/apply/amend", json=amend)
    assert set(answer.json()["results"]) == {"arrive_id", "amend_date"}
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == "審査中"
    assert item["notice_list"][0]["correct_completed_date"]
    assert len(town.ledger()) == 1


def test_correction_has_a_last_day(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    number = filed(api, application)
    town.advance(number, "審査中")
    town.advance(number, "補正")
    town.clock(15 * 86400)
    headers = {"Authorization": f"Bearer {town.token()['access_token']}"}
    application.kind("部分補正", number)
    amend = {"arrive_id": number, "send_file": send_file(application.raw())}
    assert "補正期限" in contents(api.post("/apply/amend", json=amend, headers=headers))


def test_resubmission_names_the_original(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    first = filed(api, application)
    application.kind("再提出", first)
    early = api.post("/apply", json=application.body())
    assert "初回受付番号に誤りがあります" in contents(early)
    town.advance(first, "審査中")
    town.advance(first, "補正", correct_type="再提出")
    second = filed(api, application)
    assert api.get(f"/apply/{first}").json()["results"]["status"] == "手続終了"
    town.advance(second, "審査中")
    town.advance(second, "補正", correct_type="再提出")
    application.kind("再提出", second)
    wrong = api.post("/apply", json=application.body())
    assert "初回受付番号に誤りがあります" in contents(wrong)
    application.kind("再提出", first)
    third = api.post("/apply", json=application.body()).json()["results"]
    assert third["apply_type"] == "再提出"
    assert api.get(f"/apply/{second}").json()["results"]["status"] == "手続終了"


def test_new_application_has_no_first_number(api: httpx.Client, application: Application) -> None:
    number = filed(api, application)
    application.kind("新規申請", number)
    assert "初回受付番号" in contents(api.post("/apply", json=application.body()))


def test_filing_made_elsewhere(api: httpx.Client, town: TownProcess) -> None:
    order = {"account": "prime@example.jp", "ago_seconds": 60}
    number = town.control("POST", "foreign-filing", order)["arrive_id"]
    (row,) = api.get("/apply/lists", params=period()).json()["results"]["apply_list"]
    assert row["arrive_id"] == number
    assert town.ledger()[0]["origin"] == "foreign"
