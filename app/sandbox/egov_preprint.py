"""e-Gov API v2, /preprint: a form filled with what the agency already knows (made up here)."""

from __future__ import annotations

import base64
import binascii
import re

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import shape
from app.sandbox.door import BASE, Body, Caller, Door, envelope, json_body, wanted
from app.sandbox.findings import Finding, bad_package, bad_request, not_found
from app.sandbox.package import parse
from app.sandbox.reception import PROC_ID, Reception

FORM_ID = r"[0-9A-Za-z-]{18}"
ACCESS_CODE = "RENSHU01"
_NUMBER, _CODE = "労働保険番号", "アクセスコード"
_PARTS = (("府県", 2), ("所掌", 1), ("管轄", 2), ("基幹番号", 6), ("枝番号", 3))
# What the town says of every labour-insurance number: invented, the same for all.
_KNOWN = {
    "申告済概算保険料額": "180000",
    "確定/労災/料率": "3",
    "確定/雇用/料率": "14.5",
    "確定/一般拠出金/料率": "0.02",
    "件数": "1",
}


class PreprintCalls:
    """Call 2 of the reference's table."""

    def __init__(self, door: Door, reception: Reception) -> None:
        """`reception` knows the procedures."""
        self._door = door
        self._at = reception

    def routes(self) -> list[Route]:
        """The call as a route."""
        return [Route(f"{BASE}/preprint", self._door.guarded(self.preprint), methods=["POST"])]

    async def preprint(self, request: Request, caller: Caller) -> Response:
        """プレ印字データ取得: 労働保険番号 and アクセスコード open the data."""
        del caller
        body = await json_body(request)
        procedure = self._at.procedure(wanted(body, "proc_id", PROC_ID))
        form_id = wanted(body, "form_id", FORM_ID)
        form = next((one for one in procedure.forms if one.form_id == form_id), None)
        if not procedure.preprint or form is None:
            raise bad_request("この手続・様式にはプレ印字データがありません。")
        version = body.get("form_version")
        if isinstance(version, bool) or not re.fullmatch(r"[0-9]{1,4}", str(version)):
            raise bad_request("form_version は1から9999で指定してください。")
        if int(str(version)) != int(form.form_version):
            raise bad_request("form_version に誤りがあります。")
        number = _told(body)
        root = _form(body, form.apply_file_name)
        findings = list(shape.compare(form.model, root, form.apply_file_name))
        if findings:
            raise bad_package(findings)
        _fill(shape.children(root)[-1], number)
        data = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
        encoded = base64.b64encode(data).decode("ascii")
        apply_file = {"file_name": form.apply_file_name, "file_data": encoded}
        return envelope(request, "プレ印字データ取得", {"apply_file": apply_file})


def _told(body: Body) -> str:
    """The labour-insurance number of application_info; raises DoorRefusal."""
    rows = body.get("application_info")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 10:
        raise bad_request("application_info は1件から10件で指定してください。")
    told: dict[str, str] = {}
    for row in rows:
        if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in _ROW):
            raise bad_request("application_info の label と value を指定してください。")
        told[row["label"]] = row["value"]
    number = told.get(_NUMBER, "")
    if not re.fullmatch(r"[0-9]{14}", number):
        raise bad_request(f"{_NUMBER}は半角数字14桁で指定してください。")
    if told.get(_CODE) != ACCESS_CODE:
        raise not_found("労働保険番号とアクセスコードに該当するデータがありません。")
    return number


_ROW = ("label", "value")


def _form(body: Body, name: str) -> etree._Element:
    try:
        data = base64.b64decode(body.get("file_data", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise bad_request("file_data は Base64 で指定してください。") from None
    root = parse(name, data)
    if isinstance(root, Finding):
        raise bad_package([root])
    return root


def _fill(form: etree._Element, number: str) -> None:
    place = 0
    for part, size in _PARTS:
        element = form.find(f"{_NUMBER}/{part}")
        if element is not None:
            element.text = number[place : place + size]
        place += size
    for path, value in _KNOWN.items():
        element = form.find(path)
        if element is not None:
            element.text = value
