"""e-Gov API v2, 取下げ依頼: the call and the checks of its own small package (reference, 1.5)."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import shape, signing
from app.sandbox.clock import time_text
from app.sandbox.door import BASE, Caller, Door, envelope, json_body, wanted
from app.sandbox.findings import REFUSED, DoorRefusal, Finding, bad_request
from app.sandbox.kousei import FILE, check_person, read, text
from app.sandbox.ledger import REVIEW, Filing
from app.sandbox.package import Package, parse, read_send_file
from app.sandbox.procedures import whole_model
from app.sandbox.reception import ARRIVE_ID, Reception

WITHDRAWAL = "9990000000000003"
WITHDRAWAL_FILE = "torisageirai.xml"
_INFO = "構成情報/管理情報/"


class WithdrawCalls:
    """Call 6 of the reference's table."""

    def __init__(self, door: Door, reception: Reception, resources: Path) -> None:
        """`resources` is resources/sandbox, for the models of a withdrawal."""
        self._door = door
        self._at = reception
        folder = resources / "withdrawal"
        self._withdrawal = whole_model(etree.fromstring((folder / FILE).read_bytes()))
        self._request_form = etree.fromstring((folder / WITHDRAWAL_FILE).read_bytes())

    def routes(self) -> list[Route]:
        """The call as a route."""
        call = self._door.guarded(self.withdraw)
        return [Route(f"{BASE}/apply/withdraw", call, methods=["POST"])]

    async def withdraw(self, request: Request, caller: Caller) -> Response:
        """取下げ依頼: only while the filing is under review."""
        body = await json_body(request)
        filing = self._at.mine(wanted(body, "arrive_id", ARRIVE_ID), caller)
        if filing.status != REVIEW:
            raise bad_request("審査中でない申請は取下げできません。")
        try:
            package = read_send_file(WITHDRAWAL, body.get("send_file"))
        except DoorRefusal as refusal:
            refusal.short = True
            raise
        findings = list(self._withdrawal_findings(package, filing))
        if findings:
            raise DoorRefusal(400, *REFUSED, tuple(findings), short=True)
        if not caller.trial:
            self._at.agency.withdraw(filing)
        results = {
            "arrive_id": filing.arrive_id,
            "withdraw_date": time_text(self._at.clock.now()),
            "corporation_name": filing.corporation,
            "applicant_name": filing.applicant,
            "proc_name": filing.proc_name,
            "ministry_name": filing.ministry,
            "submission_destination": filing.destination,
        }
        return envelope(request, "取下げ依頼", results)

    def _withdrawal_findings(self, package: Package, filing: Filing) -> list[Finding]:
        """What is wrong with a 取下げ依頼 package (reference 1.5)."""
        if set(package.files) != {FILE, WITHDRAWAL_FILE}:
            names = "kousei.xml と torisageirai.xml"
            return [Finding(f"取下げ依頼のZIPファイルには {names} を入れてください。")]
        root = parse(FILE, package.files[FILE])
        form = parse(WITHDRAWAL_FILE, package.files[WITHDRAWAL_FILE])
        wrong = [part for part in (root, form) if isinstance(part, Finding)]
        if isinstance(root, Finding) or isinstance(form, Finding):
            return wrong
        findings = list(shape.compare(self._withdrawal, root, FILE))
        findings += shape.compare(self._request_form, form, WITHDRAWAL_FILE)
        for who in ("申請者情報", "連絡先情報"):
            findings += check_person(root, who)
        number, name = f"{_INFO}初回受付番号", f"{_INFO}手続名称"
        fixed = [
            (FILE, root, "様式ID", "999000000000000009"),
            (FILE, root, "様式バージョン", "0001"),
            (FILE, root, f"{_INFO}手続番号/手続ID", WITHDRAWAL),
            (FILE, root, f"{_INFO}申請種別", "取下げ依頼"),
            (FILE, root, number, filing.arrive_id),
            (FILE, root, name, filing.proc_name),
            (WITHDRAWAL_FILE, form, "様式ID", "999000000000000003"),
            (WITHDRAWAL_FILE, form, "様式バージョン", "0001"),
            (WITHDRAWAL_FILE, form, "取下げ依頼情報/到達番号", filing.arrive_id),
            (WITHDRAWAL_FILE, form, "取下げ依頼情報/手続名称", filing.proc_name),
        ]
        for file_name, part, path, value in fixed:
            if text(part, path) != value:
                item = path.rpartition("/")[2]
                findings.append(Finding(f"{item}に誤りがあります。", item, file_name))
        entries = [(entry.form_id, entry.version, entry.file_name) for entry in read(root).forms]
        if entries != [("999000000000000003", "0001", WITHDRAWAL_FILE)]:
            findings.append(Finding("申請書属性情報に誤りがあります。", "申請書属性情報", FILE))
        # Whether a request has to be signed is not known; a signature that is there has to hold.
        rule = signing.SignatureRule(0, self._at.clock.stamp())
        findings += signing.check(root, package.files, {WITHDRAWAL_FILE}, rule, FILE)
        if root.find("構成情報/添付書類属性情報") is not None:
            findings.append(Finding("添付書類は付けられません。", "添付書類属性情報", FILE))
        return findings
