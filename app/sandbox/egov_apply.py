"""e-Gov API v2, what is sent in one by one: skeleton, application, check, correction, delivery."""

from __future__ import annotations

import base64

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.clock import time_text
from app.sandbox.door import BASE, Body, Caller, Door, envelope, json_body, wanted
from app.sandbox.findings import bad_package, bad_request, not_found
from app.sandbox.ledger import CORRECTION
from app.sandbox.package import read_send_file
from app.sandbox.procedures import proc_names
from app.sandbox.reception import (
    AGAIN,
    ARRIVE_ID,
    NEW,
    PARTIAL,
    Reception,
    receipt,
    wrong_first_number,
)


class ApplyCalls:
    """Calls 1, 3, 5, 7, 21 and 22 of the reference's table."""

    def __init__(self, door: Door, reception: Reception) -> None:
        """`reception` examines and enters."""
        self._door = door
        self._at = reception

    def routes(self) -> list[Route]:
        """The calls as routes."""
        guard = self._door.guarded
        return [
            Route(f"{BASE}/procedure/{{proc_id}}", guard(self.procedure), methods=["GET"]),
            Route(f"{BASE}/apply", guard(self.apply), methods=["POST"]),
            Route(f"{BASE}/apply/check", guard(self.check), methods=["POST"]),
            Route(f"{BASE}/apply/amend", guard(self.amend), methods=["POST"]),
            Route(f"{BASE}/post-apply", guard(self.post_apply), methods=["POST"]),
            Route(f"{BASE}/post-apply/{{arrive_id}}", guard(self.post_state), methods=["GET"]),
        ]

    async def procedure(self, request: Request, caller: Caller) -> Response:
        """手続選択: the skeleton."""
        del caller
        procedure = self._at.procedure(request.path_params["proc_id"])
        results: Body = {
            "file_data": base64.b64encode(procedure.skeleton()).decode("ascii"),
            "configuration_file_name": proc_names(procedure),
            "file_info": procedure.file_info(),
        }
        return envelope(request, "手続選択", results)

    async def apply(self, request: Request, caller: Caller) -> Response:
        """申請データ送信, also 再提出."""
        return await self._take(request, caller, "申請データ送信", "apply")

    async def post_apply(self, request: Request, caller: Caller) -> Response:
        """電子送達利用申込み."""
        return await self._take(request, caller, "電子送達利用申込み", "post-apply")

    async def _take(self, request: Request, caller: Caller, title: str, path: str) -> Response:
        body = await json_body(request)
        procedure, package = self._at.sent(body, delivery=path == "post-apply")
        examined = self._at.examine(procedure, package, (NEW, AGAIN), caller)
        waiting = self._at.resubmitted(procedure, examined, caller)
        if examined.findings:
            raise bad_package(examined.findings)
        filing = self._at.filing(procedure, package, examined, caller)
        if not caller.trial:
            self._at.enter(filing, waiting)
        status = f"{BASE}/{path}/{filing.arrive_id}"
        links = {"self": f"{BASE}/{path}", "status": status}
        return envelope(request, title, receipt(filing), links=links)

    async def post_state(self, request: Request, caller: Caller) -> Response:
        """電子送達状況確認."""
        filing = self._at.mine(request.path_params["arrive_id"], caller)
        if not filing.delivery:
            raise not_found("電子送達の利用申込みではありません。")
        self._at.agency.touch(filing, poll=True)
        return envelope(request, "電子送達状況確認", filing.detail())

    async def check(self, request: Request, caller: Caller) -> Response:
        """形式チェック実行: 200 also when there are findings."""
        procedure, package = self._at.sent(await json_body(request), delivery=None)
        examined = self._at.examine(procedure, package, (NEW, AGAIN, PARTIAL), caller)
        rows = [finding.row() for finding in examined.findings]
        message = "エラーがあります。" if rows else "エラーはありません。"
        results: Body = {"message": message, "error_count": len(rows)}
        if rows:
            results["report_list"] = rows
        return envelope(request, "形式チェック実行", results)

    async def amend(self, request: Request, caller: Caller) -> Response:
        """補正データ送信, for 部分補正 only."""
        body = await json_body(request)
        filing = self._at.mine(wanted(body, "arrive_id", ARRIVE_ID), caller)
        if filing.status != CORRECTION or filing.correct_type != PARTIAL:
            raise bad_request("この申請は部分補正の対象ではありません。")
        if self._at.late(filing):
            raise bad_request("補正期限を過ぎています。")
        procedure = self._at.procedure(filing.proc_id)
        package = read_send_file(procedure.proc_id, body.get("send_file"))
        examined = self._at.examine(procedure, package, (PARTIAL,), caller)
        if examined.configuration.first_number != filing.arrive_id:
            examined.findings.append(wrong_first_number())
        if examined.findings:
            raise bad_package(examined.findings)
        if not caller.trial:
            filing.subject = examined.subject or filing.subject
            filing.pension = examined.pension or filing.pension
            filing.outcome = ""
            self._at.agency.corrected(filing, examined.sha256)
        at = time_text(self._at.clock.now())
        results = {"arrive_id": filing.arrive_id, "amend_date": at}
        return envelope(request, "補正データ送信", results)
