"""e-Gov API v2, what is sent in: skeleton, application, check, correction, withdrawal."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import shape
from app.sandbox.agency import Agency
from app.sandbox.clock import TownClock, time_text
from app.sandbox.door import BASE, Body, Caller, Door, envelope, json_body, wanted
from app.sandbox.findings import Finding, bad_package, bad_request, not_found
from app.sandbox.intake import Examined, examine
from app.sandbox.kousei import FILE, Configuration, check_person, read, text
from app.sandbox.ledger import CORRECTION, REVIEW, Filing, Ledger
from app.sandbox.package import Package, parse, read_send_file
from app.sandbox.procedures import Procedure, whole_model

PROC_ID = r"[0-9A-Za-z]{16}"
ARRIVE_ID = r"[0-9]{16,18}"
WITHDRAWAL = "9990000000000003"
WITHDRAWAL_FILE = "torisageirai.xml"
NEW, AGAIN, PARTIAL = "新規申請", "再提出", "部分補正"
_INFO = "構成情報/管理情報/"


class ApplyCalls:
    """Calls 1, 3, 5, 6 and 7 of the reference's table."""

    def __init__(
        self,
        door: Door,
        ledger: Ledger,
        agency: Agency,
        procedures: dict[str, Procedure],
        clock: TownClock,
        resources: Path,
    ) -> None:
        """`resources` is resources/sandbox, for the models of a withdrawal."""
        self._door = door
        self._ledger = ledger
        self._agency = agency
        self._procedures = procedures
        self._clock = clock
        folder = resources / "withdrawal"
        self._withdrawal = whole_model(etree.fromstring((folder / FILE).read_bytes()))
        self._request_form = etree.fromstring((folder / WITHDRAWAL_FILE).read_bytes())

    def routes(self) -> list[Route]:
        """The calls as routes."""
        guard = self._door.guarded
        return [
            Route(f"{BASE}/procedure/{{proc_id}}", guard(self.procedure), methods=["GET"]),
            Route(f"{BASE}/apply", guard(self.apply), methods=["POST"]),
            Route(f"{BASE}/apply/check", guard(self.check), methods=["POST"]),
            Route(f"{BASE}/apply/amend", guard(self.amend), methods=["POST"]),
            Route(f"{BASE}/apply/withdraw", guard(self.withdraw), methods=["POST"]),
        ]

    async def procedure(self, request: Request, caller: Caller) -> Response:
        """手続選択: the skeleton."""
        del caller
        procedure = self._procedure(request.path_params["proc_id"])
        results: Body = {
            "file_data": base64.b64encode(procedure.skeleton()).decode("ascii"),
            "configuration_file_name": [FILE],
            "file_info": procedure.file_info(),
        }
        return envelope(request, "手続選択", results)

    async def apply(self, request: Request, caller: Caller) -> Response:
        """申請データ送信, also 再提出."""
        body = await json_body(request)
        procedure, package = self._sent(body)
        examined = self._examine(procedure, package, (NEW, AGAIN), caller)
        waiting = self._resubmitted(procedure, examined, caller)
        if examined.findings:
            raise bad_package(examined.findings)
        filing = self._filing(procedure, package, examined, caller)
        if not caller.trial:
            filing.arrive_id = self._ledger.next_number()
            self._ledger.take(filing)
            if waiting is not None:
                self._agency.replaced(waiting)
        return envelope(
            request,
            "申請データ送信",
            _receipt(filing),
            links={"self": f"{BASE}/apply", "status": f"{BASE}/apply/{filing.arrive_id}"},
        )

    async def check(self, request: Request, caller: Caller) -> Response:
        """形式チェック実行: 200 also when there are findings."""
        procedure, package = self._sent(await json_body(request))
        examined = self._examine(procedure, package, (NEW, AGAIN, PARTIAL), caller)
        rows = [finding.row() for finding in examined.findings]
        message = "エラーがあります。" if rows else "エラーはありません。"
        results: Body = {"message": message, "error_count": len(rows)}
        if rows:
            results["report_list"] = rows
        return envelope(request, "形式チェック実行", results)

    async def amend(self, request: Request, caller: Caller) -> Response:
        """補正データ送信, for 部分補正 only."""
        body = await json_body(request)
        filing = self._mine(wanted(body, "arrive_id", ARRIVE_ID), caller)
        if filing.status != CORRECTION or filing.correct_type != PARTIAL:
            raise bad_request("この申請は部分補正の対象ではありません。")
        if self._late(filing):
            raise bad_request("補正期限を過ぎています。")
        procedure = self._procedure(filing.proc_id)
        package = read_send_file(procedure.proc_id, body.get("send_file"))
        examined = self._examine(procedure, package, (PARTIAL,), caller)
        if examined.configuration.first_number != filing.arrive_id:
            examined.findings.append(_wrong_first_number())
        if examined.findings:
            raise bad_package(examined.findings)
        if not caller.trial:
            filing.subject = examined.subject or filing.subject
            self._agency.corrected(filing, examined.sha256)
        at = time_text(self._clock.now())
        results = {"arrive_id": filing.arrive_id, "amend_date": at}
        return envelope(request, "補正データ送信", results)

    async def withdraw(self, request: Request, caller: Caller) -> Response:
        """取下げ依頼: only while the filing is under review."""
        body = await json_body(request)
        filing = self._mine(wanted(body, "arrive_id", ARRIVE_ID), caller)
        if filing.status != REVIEW:
            raise bad_request("審査中でない申請は取下げできません。")
        package = read_send_file(WITHDRAWAL, body.get("send_file"))
        findings = list(self._withdrawal_findings(package, filing))
        if findings:
            raise bad_package(findings)
        if not caller.trial:
            self._agency.withdraw(filing)
        results = {
            "arrive_id": filing.arrive_id,
            "withdraw_date": time_text(self._clock.now()),
            "corporation_name": filing.corporation,
            "applicant_name": filing.applicant,
            "proc_name": filing.proc_name,
            "ministry_name": filing.ministry,
            "submission_destination": filing.destination,
        }
        return envelope(request, "取下げ依頼", results)

    def _procedure(self, proc_id: str) -> Procedure:
        found = self._procedures.get(proc_id)
        if found is None:
            raise not_found("手続が見つかりません。")
        return found

    def _mine(self, arrive_id: str, caller: Caller) -> Filing:
        filing = self._ledger.filings.get(arrive_id)
        if filing is None or filing.account != caller.key:
            raise not_found("到達番号に該当する申請案件がありません。")
        return filing

    def _sent(self, body: Body) -> tuple[Procedure, Package]:
        procedure = self._procedure(wanted(body, "proc_id", PROC_ID))
        return procedure, read_send_file(procedure.proc_id, body.get("send_file"))

    def _examine(
        self, procedure: Procedure, package: Package, kinds: tuple[str, ...], caller: Caller
    ) -> Examined:
        unsigned = procedure.unsigned_with_gbizid and caller.account.provider == "gbizid"
        return examine(procedure, package, kinds, signature_wanted=not unsigned)

    def _late(self, filing: Filing) -> bool:
        open_ones = [item for item in filing.notices if item.kind == "補正" and not item.completed]
        return any(self._clock.seconds() > item.expires for item in open_ones)

    def _resubmitted(
        self, procedure: Procedure, examined: Examined, caller: Caller
    ) -> Filing | None:
        """The filing a 再提出 stands for; a wrong 初回受付番号 is a finding.

        It has to name the ORIGINAL application, also when a later 再提出 is the one that waits.
        """
        configuration: Configuration = examined.configuration
        number = configuration.first_number
        if configuration.kind != AGAIN:
            if number and configuration.kind:
                examined.findings.append(_wrong_first_number())
            return None
        original = self._ledger.filings.get(number)
        if original is None or (original.account, original.proc_id, original.first_number) != (
            caller.key,
            procedure.proc_id,
            "",
        ):
            examined.findings.append(_wrong_first_number())
            return None
        chain = [item for item in self._ledger.of(caller.key) if item.first_number == number]
        for item in [*chain, original]:
            if item.correct_type in ("再提出", "手続終了(再提出可)") and not self._late(item):
                return item
        examined.findings.append(_wrong_first_number())
        return None

    def _filing(
        self, procedure: Procedure, package: Package, examined: Examined, caller: Caller
    ) -> Filing:
        made = examined.configuration
        return Filing(
            arrive_id=f"900{self._clock.now().year}000000000",
            account=caller.key,
            proc_id=procedure.proc_id,
            proc_name=procedure.name,
            ministry=procedure.ministry,
            destination=made.destination,
            kind=made.kind,
            applicant=made.applicant,
            corporation=made.corporation,
            arrived=self._clock.seconds(),
            file_name=package.file_name,
            sha256=examined.sha256,
            first_number=made.first_number,
            subject=examined.subject,
            form_names=[entry.name for entry in made.forms],
            attachments=[name for name, _ in made.attachments],
        )

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
        if root.find("構成情報/添付書類属性情報") is not None:
            findings.append(Finding("添付書類は付けられません。", "添付書類属性情報", FILE))
        return findings


def _wrong_first_number() -> Finding:
    sentence = "構成管理XML.初回受付番号に誤りがあります"
    return Finding(sentence, "構成情報.管理情報.初回受付番号", FILE)


def _receipt(filing: Filing) -> dict[str, Any]:
    return {
        "arrive_id": filing.arrive_id,
        "arrive_date": time_text_of(filing),
        "corporation_name": filing.corporation,
        "applicant_name": filing.applicant,
        "apply_type": filing.kind,
        "proc_name": filing.proc_name,
        "ministry_name": filing.ministry,
        "submission_destination": filing.destination,
        "apply_form": {
            "form": [{"form_name": name} for name in filing.form_names],
            "attached_file": [{"attached_file_name": name} for name in filing.attachments],
        },
    }


def time_text_of(filing: Filing) -> str:
    """The 到達日時 of a filing."""
    return str(filing.detail()["arrive_date"])
