"""Requests the practice e-Gov door does not take: ZIPs, bodies, tokens, withdrawals out of turn."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.sandbox.town_packages import (
    PROC,
    Application,
    contents,
    packed,
    put,
    refused,
    send_file,
    skeleton,
    to_bytes,
)
from tests.sandbox.town_process import ROOT, TownProcess

INFO = "構成情報/管理情報/"


def names_of(api: httpx.Client, rename: Callable[[str], str]) -> dict[str, bytes]:
    return {rename(k): v for k, v in Application(skeleton(api)).files().items()}


@pytest.mark.parametrize(
    ("rename", "reason"),
    [
        (lambda name: name, "フォルダ"),
        (lambda name: f"4950000020325001/{name}", "手続ID"),
        (lambda name: f"{PROC}/{PROC}/{name}", "さらにフォルダ"),
        (lambda name: f"/{PROC}/{name}", "使えない名前"),
        (lambda name: f"{PROC}/../{name}", "使えない名前"),
        (lambda name: f"../{PROC}/{name}", "使えない名前"),
        (lambda name: f"{PROC}\\{name}", "使えない名前"),
        (lambda name: f"C:/{PROC}/{name}", "使えない名前"),
        (lambda name: f"{PROC}/./{name}", "使えない名前"),
    ],
)
def test_zip_names(api: httpx.Client, rename: Callable[[str], str], reason: str) -> None:
    body = {"proc_id": PROC, "send_file": send_file(packed(names_of(api, rename)))}
    assert reason in refused(api, body)


def test_zip_link_duplicate_bomb_and_rubbish(api: httpx.Client) -> None:
    def sent(raw: bytes) -> str:
        return refused(api, {"proc_id": PROC, "send_file": send_file(raw)})

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo(f"{PROC}/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "通常のファイル" in sent(buffer.getvalue())

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{PROC}/kousei.xml", "a")
        archive.writestr(f"{PROC}/KOUSEI.xml", "b")
    assert "同じ名前" in sent(buffer.getvalue())

    bomb = packed({f"{PROC}/kousei.xml": b" " * 15_000_000})
    assert "圧縮率" in sent(bomb)
    assert "上限" in sent(packed({f"{PROC}/kousei.xml": b" " * 21_000_000}))
    assert "上限" in sent(packed({f"{PROC}/{number}": b"" for number in range(201)}))
    assert "解凍できません" in sent(b"PK\x03\x04rubbish")
    assert "ファイルがありません" in sent(packed({f"{PROC}/": b""}))
    whole = Application(skeleton(api)).raw()
    broken = bytearray(whole)
    broken[60] ^= 0xFF
    assert sent(bytes(broken))


def test_cp932_names_are_read(api: httpx.Client) -> None:
    """A ZIP made on Windows names its files in CP932, without the UTF-8 flag."""
    application = Application(skeleton(api))
    application.attach("雇用契約書", "契約書.pdf", None)
    files = {f"{PROC}/{name}": data for name, data in application.files().items()}
    raw = packed({**files, f"{PROC}/XXXXXX.pdf": b"%PDF"})
    raw = raw.replace(b"XXXXXX", "契約書".encode("cp932"))
    body = {"proc_id": PROC, "send_file": send_file(raw)}
    assert api.post("/apply", json=body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"proc_id": PROC},
        {"proc_id": "../../etc/passwd", "send_file": {}},
        {"proc_id": PROC, "send_file": []},
        {"proc_id": PROC, "send_file": {"file_name": "a.lzh", "file_data": "AAAA"}},
        {"proc_id": PROC, "send_file": {"file_name": "../a.zip", "file_data": "AAAA"}},
        {"proc_id": PROC, "send_file": {"file_name": "a.zip", "file_data": "%%%"}},
        {"proc_id": PROC, "send_file": {"file_name": "a.zip"}},
    ],
)
def test_bodies(api: httpx.Client, body: dict[str, Any]) -> None:
    refused(api, body)


def test_other_wrong_requests(api: httpx.Client) -> None:
    assert "手続が見つかりません" in refused(api, {"proc_id": "1" * 16, "send_file": {}}, 404)
    assert api.get("/procedure/1111111111111111").status_code == 404
    headers = {"Content-Type": "application/json"}
    assert api.post("/apply", content=b"{", headers=headers).status_code == 400
    assert api.post("/apply", content=b"[]", headers=headers).status_code == 400
    assert (
        api.post("/apply", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    )


def test_calls_that_are_not_offered(api: httpx.Client) -> None:
    for verb, path in [("POST", "/bulk"), ("PUT", "/apply"), ("GET", "/share-confirmation")]:
        answer = api.request(verb, path)
        assert answer.status_code == 404
        assert "練習の町にはありません" in contents(answer)


def test_tokens(api: httpx.Client, town: TownProcess, web: httpx.Client) -> None:
    url = f"{town.endpoints['egov_api']}/procedure/{PROC}"

    def asked(token: str | None) -> httpx.Response:
        return web.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})

    good = town.token()["access_token"]
    assert asked(good).status_code == 200
    head, claims, signature = good.split(".")
    forged = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for token in (None, "abc", f"{forged}.{claims}.", f"{head}.{claims}.{signature[::-1]}"):
        answer = asked(token)
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers
        contents(answer)
    town.clock(3601)
    assert "有効期限" in contents(asked(good))
    fresh = town.token()["access_token"]
    town.control("POST", "revoke", {"account": "prime@example.jp"})
    assert asked(fresh).status_code == 500


def test_egov_account_has_to_sign(api: httpx.Client, town: TownProcess) -> None:
    token = town.token("egov@example.jp")["access_token"]
    application = Application(skeleton(api))
    headers = {"Authorization": f"Bearer {token}"}
    answer = api.post("/apply", json=application.body(), headers=headers)
    assert "署名がありません" in contents(answer)


def withdrawal(number: str, **change: str) -> bytes:
    folder = ROOT / "resources" / "sandbox" / "withdrawal"
    kousei = etree.parse(str(folder / "kousei.xml")).getroot()
    form = etree.parse(str(folder / "torisageirai.xml")).getroot()
    name = "雇用保険被保険者資格取得届／電子申請"
    put(kousei, {f"{INFO}手続名称": name, f"{INFO}初回受付番号": number})
    person = {
        "氏名": "練習　太郎",
        "氏名フリガナ": "レンシュウ　タロウ",
        "郵便番号": "1500041",
        "住所": "東京都渋谷区神南",
        "住所フリガナ": "トウキョウトシブヤクジンナン",
        "電話番号": "03-0000-0001",
    }
    for who in ("申請者情報", "連絡先情報"):
        put(kousei, person, f"{INFO}申請者連絡先情報/{who}/")
    values = {
        "到達番号": number,
        "手続名称": name,
        "申請者氏名": "練習　太郎",
        "理由": "誤りのため",
    }
    put(form, {**values, **change}, "取下げ依頼情報/")
    files = {"kousei.xml": to_bytes(kousei), "torisageirai.xml": to_bytes(form)}
    return packed({f"9990000000000003/{name}": data for name, data in files.items()})


def test_withdrawal_only_under_review(api: httpx.Client, town: TownProcess) -> None:
    body = Application(skeleton(api)).body()
    number = api.post("/apply", json=body).json()["results"]["arrive_id"]
    ask = {"arrive_id": number, "send_file": send_file(withdrawal(number))}
    assert "審査中でない" in contents(api.post("/apply/withdraw", json=ask))
    town.advance(number, "審査中")
    assert api.get(f"/apply/{number}").json()["results"]["withdraw_flag"] is True
    wrong = {**ask, "send_file": send_file(withdrawal(number, 到達番号="9002026999999999"))}
    assert "到達番号に誤り" in contents(api.post("/apply/withdraw", json=wrong))
    wrong = {**ask, "send_file": body["send_file"]}
    assert "手続ID" in contents(api.post("/apply/withdraw", json=wrong))
    results = api.post("/apply/withdraw", json=ask).json()["results"]
    assert results["arrive_id"] == number
    item = api.get(f"/apply/{number}").json()["results"]
    assert (item["status"], item["withdraw_flag"]) == ("到達（取下げ処理中）", False)
    town.advance(number, "取下げ却下")
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "審査中"
    assert api.post("/apply/withdraw", json=ask).status_code == 200
    town.advance(number, "取下げ承認")
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == "手続終了"
    assert [row["notice_data_type"] for row in item["notice_list"]] == ["取下げ", "取下げ"]


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(
        st.text(st.sampled_from("ab./\\:" + "申\u0000 "), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_no_other_zip_is_ever_taken(api: httpx.Client, town: TownProcess, names: list[str]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            archive.writestr(entry, b"x")
    answer = api.post("/apply", json={"proc_id": PROC, "send_file": send_file(buffer.getvalue())})
    assert answer.status_code == 400
    assert contents(answer)
    assert town.ledger() == []


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sign=st.characters(blacklist_categories=["Cs", "Cc"]))
def test_characters_agree_with_shift_jis(api: httpx.Client, sign: str) -> None:
    """The judge is another codec: Shift_JIS has no NEC, IBM or JIS X 0213 characters."""
    application = Application(skeleton(api))
    put(application.form[-1], {"備考欄_申請者/備考": sign})
    answer = api.post("/apply/check", json=application.body()).json()["results"]
    foreign = "使用できない文字" in str(answer.get("report_list", ""))
    try:
        raw = sign.encode("shift_jis")
    except UnicodeEncodeError:
        raw = b""
    known = len(raw) == 2 or (len(raw) == 1 and sign.isascii()) or sign in "～∥－￠￡￢―"
    assert foreign is not known
