"""A stand-in for e-Gov that hands out prepared answers, for the tests of its connector."""

from __future__ import annotations

import base64
import json
from datetime import date

import httpx

from app.services.connectors.egov import Egov
from app.services.wire import Wire

PROC = "4950000020325000"
ARRIVE = "9002026000002796"
ZIP = b"PK\x03\x04" + b"\0" * 40
BASE = "https://api.e-gov.go.jp/shinsei/v2"
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 3)


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def good(results: object, **more: object) -> httpx.Response:
    body = {"metadata": {"title": "正常終了", "detail": "", "type": "", "instance": ""}}
    return httpx.Response(200, json=body | {"results": results} | more)


def problem(status: int, **more: object) -> httpx.Response:
    body = {
        "title": "入力",
        "detail": "郵便番号に誤りがあります。",
        "type": "about:blank",
        "instance": "/apply",
    }
    return httpx.Response(
        status, json=body | more, headers={"Content-Type": "application/problem+json"}
    )


class Door:
    """Hands out prepared answers and remembers what was asked."""

    def __init__(self, *answers: object, alive: object = None) -> None:
        self.answers = list(answers)
        self.seen: list[httpx.Request] = []
        wire = Wire(practice=False, door="e-Gov", transport=httpx.MockTransport(self._handle))
        self.egov = Egov(wire, BASE + "/", lambda: "T0KEN", alive)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        told = self.answers.pop(0)
        if isinstance(told, Exception):
            raise told
        assert isinstance(told, httpx.Response)
        return told

    @property
    def body(self) -> dict:
        return json.loads(self.seen[-1].content)


RECEIPT = {
    "arrive_id": ARRIVE, "arrive_date": "2026-07-03 13:42:27", "corporation_name": "株式会社みなと製菓",
    "applicant_name": "山本　花", "apply_type": "新規申請", "proc_name": "雇用保険被保険者資格取得届／電子申請",
    "ministry_name": "厚生労働省", "submission_destination": "渋谷公共職業安定所",
    "apply_form": {"form": [{"form_name": "取得届"}], "attached_file": [{"attached_file_name": "a.pdf"}]},
}  # fmt: skip


def case_item(number: str = ARRIVE, **more: object) -> dict[str, object]:
    return {
        "no": 1, "send_number": "-", "status": "審査中", "arrive_id": number,
        "arrive_date": "2026-07-03 13:42:27", "corporation_name": "株式会社みなと製菓",
        "proc_name": "雇用保険被保険者資格取得届／電子申請", "pay_status": "-",
        "notice_list": [{"notice_sub_id": 1, "issue_date": "2026-07-03", "notice_title": "お知らせ"}],
        "official_list": [{"notice_sub_id": "2", "allowed_date": "2026-07-03", "doc_title": "確認通知書", "sign": "あり"}],
    } | more  # fmt: skip
