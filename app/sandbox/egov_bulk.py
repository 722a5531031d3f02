"""e-Gov API v2, bulk: sending, and what appears in the lists only after a while (reference 1.3)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox.accounts import Account
from app.sandbox.batch import Batch, BatchBook, split
from app.sandbox.clock import JST, from_seconds, time_text
from app.sandbox.door import BASE, Body, Caller, Door, envelope, json_body, listed, page_of, paged
from app.sandbox.findings import DoorRefusal, bad_request
from app.sandbox.ledger import Filing
from app.sandbox.package import read_send_file
from app.sandbox.reception import AGAIN, NEW, Reception

SEND_NUMBER = r"[0-9]{18}"
MOST_SENT = 100_000_000
# Seconds one call may spend on batches that wait.
BUDGET = 1.5


class BulkCalls:
    """Calls 4, 8 (by either key) and 10 of the reference's table."""

    def __init__(
        self, door: Door, reception: Reception, book: BatchBook, accounts: dict[str, Account]
    ) -> None:
        """`accounts` tells later under whose rules a batch was sent."""
        self._door = door
        self._at = reception
        self._book = book
        self._accounts = accounts

    def routes(self) -> list[Route]:
        """The calls as routes; they come before /apply/{arrive_id}."""
        guard = self._door.guarded
        return [
            Route(f"{BASE}/bulk-apply", guard(self.send), methods=["POST"]),
            Route(f"{BASE}/apply/lists", guard(self.filings), methods=["GET"]),
            Route(f"{BASE}/apply/report", guard(self.report), methods=["GET"]),
        ]

    async def send(self, request: Request, caller: Caller) -> Response:
        """bulk送信: 202; nothing but the frame of the ZIP is looked at now."""
        body = await json_body(request)
        name, raw = _sent(body)
        parts, faults = split(raw)
        if faults:
            problem: Body = {
                "title": "申請データチェックエラー",
                "detail": "送信データに誤りがあります。",
                "type": "about:blank",
                "instance": request.url.path,
                "error_count": len(faults),
                "error": [fault.row() for fault in faults],
            }
            return JSONResponse(problem, 400, media_type="application/problem+json")
        sent = self._at.clock.seconds()
        number = self._book.next_number()
        if not caller.trial:
            batch = Batch(number, caller.key, name, sent, len(parts))
            batch.waiting = {k: base64.b64encode(v).decode("ascii") for k, v in parts.items()}
            self._book.batches[number] = batch
            self._at.ledger.changed()
        results = {
            "send_number": number,
            "send_date": time_text(from_seconds(sent)),
            "file_name": name,
            "apply_count": len(parts),
        }
        links = {
            "self": f"{BASE}/bulk-apply",
            "list": f"{BASE}/apply/lists?send_number={number}",
            "report": f"{BASE}/apply/report?send_number={number}",
        }
        answer = envelope(request, "bulk送信", results, links=links)
        answer.status_code = 202
        return answer

    def settle(self) -> None:
        """Look at every batch whose time has come, all at once (for the control API)."""
        for batch in self._due(None):
            while batch.waiting:
                self._enter(batch)

    async def _settle(self, account: str) -> None:
        """The same for one account, for a short while: the next look goes on; others are served."""
        until = time.monotonic() + BUDGET
        for batch in self._due(account):
            while batch.waiting and time.monotonic() < until:
                self._enter(batch)
                await asyncio.sleep(0)

    def _due(self, account: str | None) -> list[Batch]:
        polls, seconds = self._at.agency.pace.bulk
        now = self._at.clock.seconds()
        return [
            batch
            for batch in self._book.batches.values()
            if account in (None, batch.account)
            and (now - batch.sent >= seconds or batch.looks > polls)
        ]

    def _enter(self, batch: Batch) -> None:
        """Take the next folder of a batch."""
        caller = Caller(batch.account, self._accounts[batch.account], trial=False)
        folder = next(iter(batch.waiting))
        filing, rows = self._one(folder, batch.waiting.pop(folder), batch, caller)
        batch.results.append(
            {
                "arrive_id": filing.arrive_id if filing else "",
                "arrive_date": str(filing.detail()["arrive_date"]) if filing else "",
                "proc_name": filing.proc_name if filing else "",
                "folder_name": folder,
                "report_list": rows,
            }
        )
        self._at.ledger.changed()

    def _one(
        self, folder: str, data: str, batch: Batch, caller: Caller
    ) -> tuple[Filing | None, list[dict[str, str]]]:
        """One folder: its filing, or the lines of its error report."""
        try:
            procedure = self._at.procedure(folder[:16])
            if procedure.delivery:
                raise bad_request("この手続はこのAPIでは受け付けません。")
            send_file = {"file_name": batch.file_name, "file_data": data}
            package = read_send_file(procedure.proc_id, send_file)
        except DoorRefusal as refusal:
            rows = [finding.row() for finding in refusal.findings]
            none = dict.fromkeys(("form_name", "attached_file_name", "file_name", "item"), "-")
            rows = rows or [{**none, "content": refusal.detail}]
            return None, [{**row, "detail": refusal.detail} for row in rows]
        examined = self._at.examine(procedure, package, (NEW, AGAIN), caller)
        waiting = self._at.resubmitted(procedure, examined, caller)
        if examined.findings:
            detail = "申請データに誤りがあります。"
            return None, [{**finding.row(), "detail": detail} for finding in examined.findings]
        filing = self._at.filing(procedure, package, examined, caller)
        filing.send_number, filing.sent = batch.send_number, batch.sent
        self._at.enter(filing, waiting)
        return filing, []

    def _batches(self, request: Request, caller: Caller) -> list[Batch] | None:
        """The batch of a send_number in the query (one look at it), or None without that key."""
        number = request.query_params.get("send_number")
        if not number:
            return None
        if not re.fullmatch(SEND_NUMBER, number):
            raise bad_request("send_number に誤りがあります。")
        found = [one for one in self._book.of(caller.key) if one.send_number == number]
        for batch in found:
            batch.looks += 1
        return found

    async def filings(self, request: Request, caller: Caller) -> Response:
        """申請案件一覧 by send_number or by days."""
        batches = self._batches(request, caller)
        await self._settle(caller.key)
        lag = float(getattr(request.state, "lag", 0.0))
        ledger = self._at.ledger
        if batches is None:
            page = page_of(request)
            found = ledger.between(caller.key, page.first, page.last, lag)
        else:
            page = paged(request)
            numbers = {batch.send_number for batch in batches if not batch.waiting}
            found = [item for item in ledger.of(caller.key) if item.send_number in numbers]
            until = self._at.clock.seconds() - lag
            found = [item for item in reversed(found) if lag == 0 or item.arrived <= until]

        def item(number: int, filing: Filing) -> dict[str, object]:
            self._at.agency.touch(filing, poll=True)
            return filing.item(number)

        return listed(request, "申請案件一覧取得", "apply_list", found, page, item)

    async def report(self, request: Request, caller: Caller) -> Response:
        """エラーレポート of bulk sending; a batch that was not looked at yet is missing."""
        batches = self._batches(request, caller)
        await self._settle(caller.key)
        page = page_of(request, 30) if batches is None else paged(request, 30)
        if batches is None:
            begin = page.first.replace(tzinfo=JST).timestamp()
            end = (page.last.replace(tzinfo=JST) + timedelta(days=1)).timestamp()
            batches = [one for one in self._book.of(caller.key) if begin <= one.sent < end]
        rows: list[Any] = [batch.report() for batch in batches if not batch.waiting]
        return listed(request, "エラーレポート取得", "error_report_info", rows, page)


def _sent(body: Body) -> tuple[str, bytes]:
    """Name and bytes of `send_file`; raises DoorRefusal."""
    send_file = body.get("send_file")
    if not isinstance(send_file, dict):
        raise bad_request("send_file を指定してください。")
    name, data = send_file.get("file_name"), send_file.get("file_data")
    if not isinstance(name, str) or not re.fullmatch(r"[^/\\:*?\"<>|\x00-\x1f]{1,200}\.zip", name):
        raise bad_request("send_file.file_name は拡張子 zip のファイル名で指定してください。")
    if not isinstance(data, str) or not data or len(data) > MOST_SENT:
        raise bad_request("send_file.file_data を指定してください。")
    try:
        return name, base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("send_file.file_data は Base64 で指定してください。") from None
