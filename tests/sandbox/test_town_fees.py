"""Fees, withdrawal and the fixed ends of the test procedures."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from tests.sandbox.town_packages import contents
from tests.sandbox.town_process import TownProcess
from tests.sandbox.town_social import Bundle, day, fixed, leaving, withdrawal

LABOUR = ("X-PRACTICE-LABOUR-1301", "東京労働局,渋谷労働基準監督署")
ENDS = {
    "950A010002010000": ("審査終了", ""),
    "950A010700008000": ("審査終了", ""),
    "X-PRACTICE-T0001": ("審査中", "お知らせ"),
    "X-PRACTICE-T0002": ("審査中", "納付"),
    "X-PRACTICE-T0003": ("審査中", ""),
    "X-PRACTICE-T0004": ("審査中", ""),
    "X-PRACTICE-T0005": ("審査中", ""),
    "X-PRACTICE-T0006": ("審査中", ""),
    "X-PRACTICE-T0007": ("審査中", ""),
    "X-PRACTICE-T0008": ("審査中（補正待ち）", "補正"),
    "X-PRACTICE-T0009": ("審査中（補正待ち）", "補正"),
    "X-PRACTICE-T0010": ("手続終了", "補正"),
}
PAYMENTS = {
    "X-PRACTICE-T0002": "納付待ち",
    "X-PRACTICE-T0003": "納付済み",
    "X-PRACTICE-T0004": "納付期限切れ",
    "X-PRACTICE-T0005": "取消",
}


def sent(api: httpx.Client, bundle: Bundle) -> dict[str, Any]:
    answer = api.post("/apply", json=bundle.body())
    assert answer.status_code == 200, answer.text
    results: dict[str, Any] = answer.json()["results"]
    return results


def declaration(api: httpx.Client, first: str = "98765") -> Bundle:
    """A good 年度更新 declaration."""
    values = {
        "労働保険番号/府県": "13",
        "労働保険番号/所掌": "1",
        "労働保険番号/管轄": "01",
        "労働保険番号/基幹番号": "123456",
        "労働保険番号/枝番号": "000",
        **day(8, 7, 1, "提出年月日"),
        "常時使用労働者数": "12",
        "雇用保険被保険者数": "10",
        **day(7, 4, 1, "確定/算定期間開始"),
        **day(8, 3, 31, "確定/算定期間終了"),
        "確定/労働保険料": "180000",
        "概算/労働保険料": "180000",
        "延納の申請": "1",
        "申告済概算保険料額": "170000",
        "期別納付額/第一期": first,
        "事業/所在地": "東京都渋谷区神南１丁目８番１７号",
        "事業/名称": "株式会社練習",
        "事業主/住所": "東京都渋谷区神南１丁目８番１７号",
        "事業主/名称": "株式会社練習",
        "事業主/氏名": "練習　太郎",
        "電話番号": "03-0000-0001",
    }
    return Bundle(api, "X-PRACTICE-06001").destination(*LABOUR).fill(values)


@pytest.mark.parametrize("proc_id", list(ENDS))
def test_fixed_end(api: httpx.Client, town: TownProcess, proc_id: str) -> None:
    number = sent(api, fixed(api, proc_id))["arrive_id"]
    town.control("POST", "pace", {"mode": "polls", "polls": [1, 1]})
    status, notice = ENDS[proc_id]
    item: dict[str, Any] = {}
    for _ in range(6):
        item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == status
    assert not notice or [row["notice_data_type"] for row in item["notice_list"]] == [notice]
    assert item["pay_status"] == PAYMENTS.get(proc_id, "-")
    if proc_id.startswith("950A"):
        sign = {"950A010002010000": "あり", "950A010700008000": "なし"}[proc_id]
        assert item["official_list"][0]["sign"] == sign


@pytest.mark.parametrize(
    ("proc_id", "last"), [("X-PRACTICE-T0006", "手続終了"), ("X-PRACTICE-T0007", "審査中")]
)
def test_withdrawal_is_answered(
    api: httpx.Client, town: TownProcess, proc_id: str, last: str
) -> None:
    bundle = fixed(api, proc_id)
    number = sent(api, bundle)["arrive_id"]
    town.advance(number, "審査中")
    assert api.get(f"/apply/{number}").json()["results"]["withdraw_flag"] is True
    answer = api.post("/apply/withdraw", json=withdrawal(bundle, number))
    assert answer.status_code == 200, answer.text
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "到達（取下げ処理中）"
    again = api.post("/apply/withdraw", json=withdrawal(bundle, number))
    assert "取下げできません" in contents(again)
    town.control("POST", "pace", {"mode": "polls", "polls": [0, 9]})
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == last
    (notice,) = item["notice_list"]
    assert notice["notice_data_type"] == "取下げ"
    assert ("承認" in notice["notice_title"]) == (last == "手続終了")


def test_fee_is_paid_at_the_bank(api: httpx.Client, web: httpx.Client, town: TownProcess) -> None:
    receipt = sent(api, declaration(api))
    (owed,) = receipt["apply_pay_list"]
    assert owed["total_fee"] == 98765
    number = receipt["arrive_id"]
    (row,) = api.get(f"/payment/{number}").json()["results"]["apply_pay_list"]
    assert (row["pay_status"], row["pay_flag"], len(row["pay_number"])) == ("納付待ち", True, 16)
    banks = api.get("/payment/lists").json()["results"]["bank_list"]
    bank = banks["shinkin_bank"]["bank"][0]["financial_name"]
    order = {
        "proc_id": "X-PRACTICE-06001",
        "arrive_id": number,
        "pay_number": row["pay_number"],
        "bank_name": bank,
    }
    shown = api.post("/payment", json=order).json()["results"]
    handed = json.loads(base64.b64decode(shown["information_link_data"]))
    assert handed["pay_number"] == row["pay_number"]
    assert {"facility_number", "treasury_money_code", "parameter_tag_name"} <= set(shown)
    assert "98,765円" in web.get(shown["URL"]).text
    assert web.post(shown["URL"]).status_code == 200
    item = api.get(f"/apply/{number}").json()["results"]
    assert (item["pay_status"], item["apply_pay_count"]) == ("納付済み", 1)
    assert item["apply_pay_list"][0]["pay_date"]
    assert "納付済み" in contents(api.post("/payment", json=order))
    for name, value, reason in (
        ("bank_name", "ほかの銀行", "bank_name"),
        ("pay_number", "1" * 16, "納付番号"),
        ("proc_id", "950A010002010000", "proc_id"),
    ):
        assert reason in contents(api.post("/payment", json={**order, name: value}))
    assert town.ledger()[0]["payments"][0]["status"] == "納付済み"


def test_unpaid_fee_lapses(api: httpx.Client, town: TownProcess) -> None:
    town.control("POST", "lives", {"payment": 600})
    number = sent(api, declaration(api, "1000"))["arrive_id"]
    town.clock(601)
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["pay_status"] == "納付期限切れ"
    assert item["apply_pay_list"][0]["pay_flag"] is False


def test_declaration_is_checked(api: httpx.Client) -> None:
    wrong = declaration(api).fill({"延納の申請": "2", "労働保険番号/管轄": "1"})
    text = contents(api.post("/apply", json=wrong.body()))
    assert "延納の申請は1、3のいずれか" in text
    assert "労働保険番号・管轄は2文字" in text


def test_leaving_with_and_without_the_certificate(api: httpx.Client, town: TownProcess) -> None:
    for proc_id in ("X-PRACTICE-10191", "X-PRACTICE-10192"):
        bundle = leaving(api, proc_id)
        number = sent(api, bundle)["arrive_id"]
        town.advance(number, "審査終了")
        (row,) = api.get(f"/apply/{number}").json()["results"]["official_list"]
        assert row["doc_title"] == "雇用保険被保険者資格喪失確認通知書"
    bundle = leaving(api, "X-PRACTICE-10192").fill({"離職理由区分": ""}, form=1)
    assert "離職理由区分は必須" in contents(api.post("/apply", json=bundle.body()))


def test_documents_end_soon_when_told(api: httpx.Client, town: TownProcess) -> None:
    town.control("POST", "lives", {"document": 60})
    number = sent(api, fixed(api, "950A010002010000"))["arrive_id"]
    town.advance(number, "結末")
    (row,) = api.get(f"/apply/{number}").json()["results"]["official_list"]
    path = f"/official_document/{number}/{row['notice_sub_id']}"
    assert api.get(path).status_code == 200
    town.clock(61)
    assert "取得期限" in contents(api.get(path))
    done = {"arrive_id": number, "notice_sub_id": row["notice_sub_id"]}
    assert "取得期限" in contents(api.post("/official_document", json=done))
