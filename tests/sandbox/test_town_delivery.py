"""電子送達, 情報共有 and プレ印字."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_packages import contents, period, to_bytes
from tests.sandbox.town_process import TownProcess
from tests.sandbox.town_social import Bundle, bearer, fixed, signer, unzipped

DELIVERY = "900A013800001000"


def started(api: httpx.Client, town: TownProcess) -> str:
    answer = api.post("/post-apply", json=fixed(api, DELIVERY).body())
    assert answer.status_code == 200, answer.text
    number = str(answer.json()["results"]["arrive_id"])
    town.advance(number, "結末")
    return number


def test_delivery_from_application_to_done(api: httpx.Client, town: TownProcess) -> None:
    number = started(api, town)
    assert api.get(f"/post-apply/{number}").json()["results"]["status"] == "手続終了"
    order = {"title": "保険料のお知らせ", "sentence": "練習です。"}
    town.control("POST", f"case/{number}/deliver", order)
    rows = api.get("/post/lists", params=period()).json()["results"]["post_list"]
    assert [row["title"] for row in rows] == ["保険料のお知らせ", "電子送達のお知らせ"]
    (data,) = rows[0]["notice_data_list"]
    got = api.get(f"/post/{data['post_id']}").json()
    files = unzipped(got["results"]["file_data"])
    assert [row["file_name"] for row in got["results"]["file_name_list"]] == list(files)
    done = api.post("/post", json={"post_id": data["post_id"]}).json()["results"]
    assert set(done) == {"post_id", "notice_data_name", "download_date"}
    rows = api.get("/post/lists", params=period()).json()["results"]["post_list"]
    assert rows[0]["notice_data_list"][0]["download_date"] == done["download_date"]


def test_delivery_ends_and_stays_private(api: httpx.Client, town: TownProcess) -> None:
    town.control("POST", "lives", {"delivery": 60})
    started(api, town)
    (row,) = api.get("/post/lists", params=period()).json()["results"]["post_list"]
    post_id = row["notice_data_list"][0]["post_id"]
    other = bearer(town, "member@example.jp")
    assert api.get(f"/post/{post_id}", headers=other).status_code == 404
    assert api.get("/post/lists", params=period(), headers=other).json()["resultset"]["count"] == 0
    town.clock(61)
    assert "取得期限" in contents(api.get(f"/post/{post_id}"))


def test_each_procedure_has_its_own_call(api: httpx.Client, town: TownProcess) -> None:
    wrong = api.post("/apply", json=fixed(api, DELIVERY).body())
    assert "このAPIでは受け付けません" in contents(wrong)
    other = api.post("/post-apply", json=fixed(api, "X-PRACTICE-T0001").body())
    assert "このAPIでは受け付けません" in contents(other)
    number = api.post("/apply", json=fixed(api, "X-PRACTICE-T0001").body()).json()["results"][
        "arrive_id"
    ]
    assert api.get(f"/post-apply/{number}").status_code == 404
    signed = fixed(api, DELIVERY).signed(signer(town))
    assert "電子署名を付けられません" in contents(api.post("/post-apply", json=signed.body()))


def share(api: httpx.Client, verb: str, **more: str) -> httpx.Response:
    body = {"gbiz_id": "member@example.jp"} | more
    return api.request(verb, "/share-setting", json=body)


def test_sharing_opens_documents_once_accepted(api: httpx.Client, town: TownProcess) -> None:
    number = api.post("/apply", json=fixed(api, "950A010002010000").body()).json()["results"][
        "arrive_id"
    ]
    town.advance(number, "結末")
    (row,) = api.get(f"/apply/{number}").json()["results"]["official_list"]
    path = f"/official_document/{number}/{row['notice_sub_id']}"
    other = bearer(town, "member@example.jp")
    level = {"official_doc_permission": "DOWNLOAD", "post_doc_permission": "READ"}
    made = share(api, "POST", **level)
    assert made.json()["results"] == {"gbiz_id": "member@example.jp", **level}
    assert share(api, "POST", **level).status_code == 400
    assert api.get(path, headers=other).status_code == 404
    accept = {"gbiz_id": "prime@example.jp", "share_acceptance": "ACCEPT"}
    assert api.post("/share-confirmation", json=accept, headers=other).status_code == 200
    assert api.get(path, headers=other).status_code == 200
    (seen,) = api.get("/share-setting/lists").json()["results"]["share_setting_list"]
    assert (seen["gbiz_id"], seen["share_acceptance"]) == ("member@example.jp", "ACCEPT")
    lower = {"official_doc_permission": "READ", "post_doc_permission": "READ"}
    assert share(api, "PUT", **lower).status_code == 200
    assert api.get(path, headers=other).status_code == 404
    assert share(api, "DELETE").json()["results"] == {"gbiz_id": "member@example.jp"}
    assert share(api, "DELETE").status_code == 404
    assert api.get("/share-setting/lists").json()["results"]["share_setting_list"] == []


def test_sharing_is_for_gbizid_only(api: httpx.Client, town: TownProcess) -> None:
    egov = bearer(town, "egov@example.jp")
    assert api.get("/share-setting/lists", headers=egov).status_code == 403
    bad = {"official_doc_permission": "WRITE", "post_doc_permission": "READ"}
    assert "official_doc_permission" in contents(share(api, "POST", **bad))
    good = {"official_doc_permission": "READ", "post_doc_permission": "READ"}
    assert share(api, "POST", **good, gbiz_id="nobody@example.jp").status_code == 404
    assert share(api, "POST", **good, gbiz_id="prime@example.jp").status_code == 400


@pytest.fixture
def asked(api: httpx.Client) -> dict[str, Any]:
    bundle = Bundle(api, "X-PRACTICE-06001")
    (form,) = bundle.forms.values()
    return {
        "proc_id": "X-PRACTICE-06001",
        "form_id": "X-PRACTICE-0600101",
        "form_version": 1,
        "file_data": base64.b64encode(to_bytes(form)).decode(),
        "application_info": [
            {"label": "労働保険番号", "value": "13101123456000"},
            {"label": "アクセスコード", "value": "RENSHU01"},
        ],
    }


def test_preprint_fills_the_form(api: httpx.Client, asked: dict[str, Any]) -> None:
    made = api.post("/preprint", json=asked).json()["results"]["apply_file"]
    form = etree.fromstring(base64.b64decode(made["file_data"]))[-1]
    number = form.find("労働保険番号")
    assert number is not None
    assert "".join(str(part.text) for part in number) == "13101123456000"
    assert form.findtext("申告済概算保険料額") == "180000"


def test_preprint_refuses(api: httpx.Client, asked: dict[str, Any]) -> None:
    number, code = asked["application_info"]
    spoiled: list[tuple[dict[str, Any], int]] = [
        ({"application_info": [number, {**code, "value": "WRONG"}]}, 404),
        ({"application_info": [{**number, "value": "123"}, code]}, 400),
        ({"application_info": [number] * 11}, 400),
        ({"application_info": []}, 400),
        ({"form_version": 2}, 400),
        ({"form_id": "X-PRACTICE-0600102"}, 400),
        ({"proc_id": "X-PRACTICE-22657"}, 400),
        ({"file_data": "!"}, 400),
    ]
    for change, status in spoiled:
        assert api.post("/preprint", json={**asked, **change}).status_code == status, change
