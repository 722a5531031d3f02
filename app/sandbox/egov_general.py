"""e-Gov API v2, what belongs to no filing: guidance, verification."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import xmldsig
from app.sandbox.clock import JST, time_text
from app.sandbox.door import BASE, Caller, Door, envelope, json_body, listed, page_of, wanted
from app.sandbox.findings import bad_request, not_found
from app.sandbox.keys import TownKeys

GUIDANCE = {
    "information_id": "1",
    "issuer_organization": "練習の町",
    "issue_date": "2026-04-01 09:00:00",
    "proc_first_category": "練習",
    "proc_second_category": "",
    "proc_third_category": "",
    "information_title": "練習の町のご案内",
}


class GeneralCalls:
    """Calls 11, 12 and 17 of the reference's table."""

    def __init__(self, door: Door, keys: TownKeys) -> None:
        """`keys` holds the authority documents are verified with."""
        self._door = door
        self._keys = keys

    def routes(self) -> list[Route]:
        """The calls as routes; they come before the numbers that look like them."""
        table = [
            ("GET", "/message/lists", self.messages),
            ("GET", "/message/{information_id}", self.message),
            ("POST", "/official_document/verify", self.verify),
        ]
        guard = self._door.guarded
        return [Route(BASE + path, guard(call), methods=[verb]) for verb, path, call in table]

    async def messages(self, request: Request, caller: Caller) -> Response:
        """手続に関するご案内一覧."""
        del caller
        page = page_of(request)
        day = datetime.fromisoformat(GUIDANCE["issue_date"]).date()
        rows = [GUIDANCE] if page.first.date() <= day <= page.last.date() else []
        return listed(request, "手続に関するご案内一覧取得", "information_list", rows, page)

    async def message(self, request: Request, caller: Caller) -> Response:
        """手続に関するご案内取得."""
        del caller
        if request.path_params["information_id"] != GUIDANCE["information_id"]:
            raise not_found("ご案内が見つかりません。")
        shown = {key: value for key, value in GUIDANCE.items() if key != "information_id"}
        text = "ここは練習の町です。実際の役所には何も送られません。"
        information = {**shown, "information_data": text, "attached_file_list": []}
        return envelope(request, "手続に関するご案内取得", {"information": information})

    async def verify(self, request: Request, caller: Caller) -> Response:
        """公文書署名検証 of a document ZIP."""
        del caller
        body = await json_body(request)
        wanted(body, "file_name", r".+\.zip")
        name = wanted(body, "sig_verification_xml_file_name", r".+\.xml")
        try:
            raw = base64.b64decode(body.get("file_data", ""), validate=True)
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                data = archive.read(name)
        except (binascii.Error, TypeError, ValueError, zipfile.BadZipFile, KeyError):
            raise bad_request("署名検証XMLファイルを取り出せません。") from None
        result = self._verified(data)
        results = {"sig_verification_xml_file_name": name, "verify_result": [result]}
        return envelope(request, "公文書署名検証", results)

    def _verified(self, data: bytes) -> dict[str, Any]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            raise bad_request("署名検証XMLファイルの形式に誤りがあります。") from None
        signature = root.find(f"{{{xmldsig.DS}}}Signature")
        bodies = {str(item.get("ID")): item for item in root.iter("BODY")}
        if signature is None:
            raise bad_request("署名がありません。")
        try:
            certificates = xmldsig.verify(signature, bodies, {})
        except xmldsig.BadSignature as fault:
            failed = {"validation_result": f"検証失敗：{fault}", "certificate_result": "-"}
            return {"official": failed, "government": []}
        leaf = certificates[0]
        good = _issued_by(leaf, self._keys.authority.certificate)
        official = {
            "validation_result": "正当",
            "certificate_result": "有効" if good else "確認できません",
            "certificate_count": str(len(certificates)),
            "publisher": _common(leaf.issuer),
            "owner": _common(leaf.subject),
            **_dates_and_names(leaf),
        }
        return {"official": official, "government": [_dates_and_names(c) for c in certificates[1:]]}


def _issued_by(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _common(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _dates_and_names(certificate: x509.Certificate) -> dict[str, str]:
    return {
        "publisher_dn": certificate.issuer.rfc4514_string(),
        "owner_dn": certificate.subject.rfc4514_string(),
        "serial_number": f"{certificate.serial_number:X}",
        "start_date": time_text(certificate.not_valid_before_utc.astimezone(JST)),
        "end_date": time_text(certificate.not_valid_after_utc.astimezone(JST)),
    }
