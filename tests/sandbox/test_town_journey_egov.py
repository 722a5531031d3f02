"""One client that knows the specification only, through every long way of the practice e-Gov API.

It shares nothing with the other helpers but the process: it fills skeletons by what they say.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_process import TownProcess

JST = timezone(timedelta(hours=9))
PROC = "X-PRACTICE-T0009"
PARTIAL = "X-PRACTICE-T0008"
PERSON = {
    "氏名": "独立　一郎",
    "氏名フリガナ": "ドクリツ　イチロウ",
    "郵便番号": "1000001",
    "住所": "東京都千代田区千代田１番１号",
    "住所フリガナ": "トウキョウトチヨダクチヨダ",
    "電話番号": "0312345678",
}
_INFO = "構成情報/管理情報"


class Client:
    """A few calls, each of which fails unless the door answers as the specification says."""

    def __init__(self, base: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(
            base_url=base, headers=headers, timeout=30, trust_env=False, verify=False
        )

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["results"]
        return found

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()["results"]
        return found

    def filled(
        self, proc_id: str, company: str, kind: str = "", first: str = ""
    ) -> dict[str, bytes]:
        """The files of an application: the skeleton with names written in."""
        skeleton = self.get(f"/procedure/{proc_id}")
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(skeleton["file_data"]))) as archive:
            files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
        main = skeleton["configuration_file_name"][0]
        root = etree.fromstring(files[main])
        for who in ("申請者情報", "連絡先情報"):
            for name, value in {**PERSON, "法人団体名": company}.items():
                self._put(root, f"{_INFO}/申請者連絡先情報/{who}/{name}", value)
        if kind:
            self._put(root, f"{_INFO}/申請種別", kind)
            self._put(root, f"{_INFO}/初回受付番号", first)
        made = {main: _bytes(root)}
        for info in skeleton["file_info"]:
            form = etree.fromstring(files[info["apply_file_name"]])
            checks = etree.fromstring(files[info["server_check_file_name"]])
            for item in checks.iter("checkItem"):
                if item.find("omitDisabled") is not None:
                    found = form.getroottree().xpath(item.findtext("xpath", ""))
                    assert isinstance(found, list)
                    (element,) = found
                    assert isinstance(element, etree._Element)
                    element.text = element.text or "独立　一郎"
            made[info["apply_file_name"]] = _bytes(form)
        return made

    @staticmethod
    def _put(root: etree._Element, path: str, value: str) -> None:
        element = root.find(path)
        assert element is not None, path
        element.text = value


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _packed(folders: dict[str, dict[str, bytes]]) -> dict[str, str]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, files in folders.items():
            for name, data in files.items():
                archive.writestr(f"{folder}/{name}", data)
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return {"file_name": "dokuritsu.zip", "file_data": encoded}


@pytest.fixture
def client(town: TownProcess) -> Iterator[Client]:
    made = Client(town.endpoints["egov_api"], town.token()["access_token"])
    town.control("POST", "pace", {"mode": "polls", "polls": [0, 0], "bulk": [1, 999]})
    with made.http:
        yield made


def until(client: Client, number: str, status: str) -> dict[str, Any]:
    """Look at a filing until it has this status."""
    for _ in range(10):
        found = client.get(f"/apply/{number}")
        if found["status"] == status:
            return found
    raise AssertionError(f"{found['status']} is not {status}")


def applied(client: Client, proc_id: str, **how: str) -> str:
    send_file = _packed({proc_id: client.filled(proc_id, "独立商店", **how)})
    body = {"proc_id": proc_id, "send_file": send_file}
    assert client.post("/apply/check", body)["error_count"] == 0
    return str(client.post("/apply", body)["arrive_id"])


def document_done(client: Client, number: str) -> None:
    """Fetch the document at once, say so, and see the procedure end."""
    found = until(client, number, "審査終了")
    (row,) = found["official_list"]
    got = client.get(f"/official_document/{number}/{row['notice_sub_id']}")
    names = [item["file_name"] for item in got["file_name_list"]]
    proof = {
        "file_name": "koubunsho.zip",
        "file_data": got["file_data"],
        "sig_verification_xml_file_name": names[0],
    }
    (result,) = client.post("/official_document/verify", proof)["verify_result"]
    assert result["official"]["validation_result"] == "正当"
    done = {"arrive_id": number, "notice_sub_id": row["notice_sub_id"]}
    assert client.post("/official_document", done)["download_date"]
    until(client, number, "手続終了")


def test_application_sent_back_and_sent_again(client: Client, town: TownProcess) -> None:
    first = applied(client, PROC)
    found = until(client, first, "審査中（補正待ち）")
    (row,) = found["notice_list"]
    notice = client.get(f"/notice/{first}/{row['notice_sub_id']}")["notice"]
    assert (notice["notice_type"], notice["correct_type"]) == ("補正", "再提出")
    second = applied(client, PROC, kind="再提出", first=first)
    assert second != first
    assert client.get(f"/apply/{first}")["status"] == "手続終了"
    document_done(client, second)
    assert [row["arrive_id"] for row in town.ledger()] == [first, second]


def test_application_amended(client: Client) -> None:
    number = applied(client, PARTIAL)
    until(client, number, "審査中（補正待ち）")
    files = client.filled(PARTIAL, "独立商店", "部分補正", number)
    body = {"arrive_id": number, "send_file": _packed({PARTIAL: files})}
    assert client.post("/apply/amend", body)["arrive_id"] == number
    document_done(client, number)


def test_forty_companies_in_the_middle_of_bad_weather(client: Client, town: TownProcess) -> None:
    proc_id = "950A010002010000"
    names = [proc_id] + [f"{proc_id}({n})" for n in range(1, 40)]
    folders = {
        name: client.filled(proc_id, f"独立商店{number}".translate(_WIDE))
        for number, name in enumerate(names)
    }
    town.weather("accepted_no_answer", match="POST */bulk-apply")
    with pytest.raises(httpx.TransportError):
        client.http.post("/bulk-apply", json={"send_file": _packed(folders)}, timeout=4)
    town.weather("error_503", match="GET */apply/lists")
    town.clock(1000)
    today = datetime.now(JST).date()
    days = {"date_from": str(today), "date_to": str(today + timedelta(days=1))}
    assert client.http.get("/apply/lists", params=days).status_code == 503
    rows = client.get("/apply/lists", **days, limit=50)["apply_list"]
    assert len({row["arrive_id"] for row in rows}) == 40
    assert len({row["corporation_name"] for row in rows}) == 40
    (number,) = {row["send_number"] for row in rows}
    (report,) = client.get("/apply/report", send_number=number)["error_report_info"]
    assert (report["arrive_count"], report["error_count"]) == (40, 0)
    assert len(town.ledger()) == 40
    document_done(client, rows[0]["arrive_id"])


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def test_withdrawal_refused_then_granted(client: Client) -> None:
    for proc_id, last in (("X-PRACTICE-T0007", "審査中"), ("X-PRACTICE-T0006", "手続終了")):
        number = applied(client, proc_id)
        found = until(client, number, "審査中")
        assert found["withdraw_flag"]
        files = client.filled(proc_id, "独立商店")
        root = etree.fromstring(files["kousei.xml"])
        changes = {
            "様式ID": "999000000000000009",
            f"{_INFO}/手続番号/手続ID": "9990000000000003",
            f"{_INFO}/初回受付番号": number,
            f"{_INFO}/申請種別": "取下げ依頼",
            "構成情報/申請書属性情報/申請書様式ID": "999000000000000003",
            "構成情報/申請書属性情報/申請書様式バージョン": "0001",
            "構成情報/申請書属性情報/申請書様式名称": "取下げ依頼XML",
            "構成情報/申請書属性情報/申請書ファイル名称": "torisageirai.xml",
        }
        for path, value in changes.items():
            Client._put(root, path, value)
        name = root.findtext(f"{_INFO}/手続名称")
        request = (
            '<?xml version="1.0" encoding="UTF-8"?><DataRoot><様式ID>999000000000000003</様式ID>'
            "<様式バージョン>0001</様式バージョン><STYLESHEET>999000000000000003.xsl</STYLESHEET>"
            f"<取下げ依頼情報><到達番号>{number}</到達番号><手続名称>{name}</手続名称>"
            "<申請者氏名>独立　一郎</申請者氏名><依頼年月日><年>2026</年><月>11</月><日>24</日>"
            "</依頼年月日><理由>独立のため</理由></取下げ依頼情報></DataRoot>"
        )
        folder = {"kousei.xml": _bytes(root), "torisageirai.xml": request.encode("utf-8")}
        send_file = _packed({"9990000000000003": folder})
        client.post("/apply/withdraw", {"arrive_id": number, "send_file": send_file})
        found = until(client, number, last)
        assert found["notice_list"][-1]["notice_data_type"] == "取下げ"
        assert ("却下" in found["notice_list"][-1]["notice_title"]) == (last == "審査中")


def test_fee_asked_and_paid(client: Client) -> None:
    proc_id = "X-PRACTICE-T0002"
    number = applied(client, proc_id)
    for _ in range(3):
        found = client.get(f"/apply/{number}")
    assert found["pay_status"] == "納付待ち"
    (row,) = client.get(f"/payment/{number}")["apply_pay_list"]
    banks = client.get("/payment/lists")["bank_list"]
    bank = banks["trust_bank"][0]["bank"][0]["financial_name"]
    order = {"arrive_id": number, "pay_number": row["pay_number"], "bank_name": bank}
    shown = client.post("/payment", {"proc_id": proc_id, **order})
    page = httpx.post(shown["URL"], trust_env=False, verify=False)
    assert "納付済み" in page.text
    assert client.get(f"/apply/{number}")["pay_status"] == "納付済み"
