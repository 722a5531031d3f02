"""Packages as a third party's program would make them: from the real samples' shape, with values."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from lxml import etree

JST = timezone(timedelta(hours=9))
PROC = "4950000020325000"
FORM = "495000020325029841_01.xml"
PERSON = {
    "氏名": "練習　太郎",
    "氏名フリガナ": "レンシュウ　タロウ",
    "法人団体名": "株式会社練習",
    "郵便番号": "1500041",
    "住所": "東京都渋谷区神南１丁目８番１７号",
    "住所フリガナ": "トウキョウトシブヤクジンナン",
    "電話番号": "03-0000-0001",
    "電子メールアドレス": "prime@example.jp",
}
VALUES = {
    "被保険者氏名": "試験　花子",
    "被保険者氏名フリガナ": "シケン　ハナコ",
    "性別": "女",
    "生年月日/年号": "平成",
    "生年月日/年": "5",
    "生年月日/月": "5",
    "生年月日/日": "5",
    "事業所番号/事業所番号4桁": "1111",
    "事業所番号/事業所番号6桁": "222222",
    "事業所番号/事業所番号CD": "3",
    "資格取得年月日/年号": "令和",
    "資格取得年月日/年": "8",
    "資格取得年月日/月": "7",
    "資格取得年月日/日": "1",
    "被保険者となったことの原因": "2",
    "賃金/支払の態様": "1",
    "賃金/賃金月額": "250",
    "雇用形態": "7",
    "職種": "3",
    "契約期間の定め": "無",
    "一週間の所定労働時間/時間": "40",
    "一週間の所定労働時間/分": "0",
    "事業所名称": "株式会社練習",
    "事業主/住所": "東京都渋谷区神南１丁目８番１７号",
    "事業主/氏名": "株式会社練習　代表取締役　練習　太郎",
    "事業主/電話番号/市外局番": "03",
    "事業主/電話番号/市内局番": "0000",
    "事業主/電話番号/加入者番号": "0001",
    "届出年月日/年号": "令和",
    "届出年月日/年": "8",
    "届出年月日/月": "7",
    "届出年月日/日": "3",
    "あて先": "渋谷",
}


def skeleton(api: httpx.Client, proc_id: str = PROC) -> dict[str, bytes]:
    """The files of a skeleton, by name inside its folder."""
    results = api.get(f"/procedure/{proc_id}").json()["results"]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(results["file_data"]))) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def put(root: etree._Element, values: dict[str, str], base: str = "") -> None:
    """Set the texts at paths."""
    for path, value in values.items():
        element = root.find(base + path)
        assert element is not None, base + path
        element.text = value


def to_bytes(root: etree._Element) -> bytes:
    """As a file."""
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


class Application:
    """A good application that a test can spoil before it is packed."""

    def __init__(self, files: dict[str, bytes], proc_id: str = PROC) -> None:
        """Fill the skeleton."""
        self.proc_id = proc_id
        self.kousei = etree.fromstring(files["kousei.xml"])
        self.form_name = next(name for name in files if name.endswith("_01.xml"))
        self.form = etree.fromstring(files[self.form_name])
        self.extra: dict[str, bytes] = {}
        self.without: set[str] = set()
        for who in ("申請者情報", "連絡先情報"):
            put(self.kousei, PERSON, f"構成情報/管理情報/申請者連絡先情報/{who}/")
        if proc_id == PROC:
            put(self.form[-1], VALUES)
            self.destination("49511000010000000003829", "東京都,渋谷公共職業安定所")

    def destination(self, number: str, name: str) -> None:
        """Set 提出先情報."""
        put(self.kousei, {"提出先識別子": number, "提出先名称": name}, "構成情報/提出先情報/")

    def kind(self, kind: str, first_number: str = "") -> Application:
        """Set 申請種別 and 初回受付番号."""
        put(self.kousei, {"申請種別": kind, "初回受付番号": first_number}, "構成情報/管理情報/")
        return self

    def attach(self, label: str, file_name: str, data: bytes | None) -> None:
        """Name an attachment, and pack it unless `data` is None."""
        entry = etree.fromstring(
            "<添付書類属性情報><添付種別>添付</添付種別><添付書類名称/><添付書類ファイル名称/>"
            "<提出情報>1</提出情報></添付書類属性情報>"
        )
        put(entry, {"添付書類名称": label, "添付書類ファイル名称": file_name})
        before = self.kousei.find("構成情報/管理情報")
        assert before is not None
        before.addnext(entry)
        if data is not None:
            self.extra[file_name] = data

    def files(self) -> dict[str, bytes]:
        """The files to pack."""
        made = {"kousei.xml": to_bytes(self.kousei), self.form_name: to_bytes(self.form)}
        return {k: v for k, v in {**made, **self.extra}.items() if k not in self.without}

    def raw(self) -> bytes:
        """The ZIP."""
        return packed({f"{self.proc_id}/{name}": data for name, data in self.files().items()})

    def body(self) -> dict[str, Any]:
        """The body of POST /apply."""
        return {"proc_id": self.proc_id, "send_file": send_file(self.raw())}


def packed(files: dict[str, bytes]) -> bytes:
    """A ZIP of exactly these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def send_file(raw: bytes, name: str = "shinsei.zip") -> dict[str, str]:
    """A send_file object."""
    return {"file_name": name, "file_data": base64.b64encode(raw).decode("ascii")}


def contents(answer: httpx.Response) -> str:
    """All findings of a problem body, as one text."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    body = answer.json()
    assert {"title", "detail", "type", "instance"} <= set(body)
    rows = body.get("report_list", [])
    for row in rows:
        # The report on a 取下げ依頼 has no names of forms and attachments.
        names = {"form_name", "attached_file_name"} & set(row)
        assert set(row) - names == {"file_name", "item", "content"}
        assert bool(names) != body["instance"].endswith("/withdraw")
    return "\n".join(row["content"] for row in rows) or str(body["detail"])


def today(shift: int = 0) -> str:
    """A day near today in Japan, YYYY-MM-DD."""
    return (datetime.now(JST) + timedelta(days=shift)).strftime("%Y-%m-%d")


def period(**more: object) -> dict[str, Any]:
    """Days around today for a list call."""
    return {"date_from": today(-1), "date_to": today(40), **more}


def filed(api: httpx.Client, application: Application) -> str:
    """Send a good application; gives its 到達番号."""
    answer = api.post("/apply", json=application.body())
    assert answer.status_code == 200, answer.text
    return str(answer.json()["results"]["arrive_id"])


def refused(api: httpx.Client, body: dict[str, Any], status: int = 400) -> str:
    """Send a body the door does not take; gives its reasons."""
    answer = api.post("/apply", json=body)
    assert answer.status_code == status, answer.text
    return contents(answer)
