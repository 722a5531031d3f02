"""e-Gov API v2, what is asked about one filing: its state, notices, official documents."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.agency import Agency
from app.sandbox.clock import TownClock, from_seconds, time_text
from app.sandbox.door import BASE, Caller, Door, envelope, json_body, listed, page_of, wanted
from app.sandbox.egov_post import ShareBook
from app.sandbox.findings import bad_request, not_found
from app.sandbox.ledger import Document, Filing, Ledger, Notice


class InquiryCalls:
    """Calls 9 and 13 to 16 of the reference's table."""

    def __init__(
        self, door: Door, ledger: Ledger, agency: Agency, clock: TownClock, shares: ShareBook
    ) -> None:
        """`agency` lets a filing move on when it is looked at; `shares` opens documents to others."""
        self._shares = shares
        self._door = door
        self._ledger = ledger
        self._agency = agency
        self._clock = clock

    def routes(self) -> list[Route]:
        """The calls as routes; lists come before the numbers that look like them."""
        table = [
            ("GET", "/apply/{arrive_id}", self.filing),
            ("GET", "/notice/lists", self.notices),
            ("GET", "/notice/{arrive_id}/{sub_id}", self.notice),
            ("GET", "/official_document/{arrive_id}/{sub_id}", self.document),
            ("POST", "/official_document", self.document_done),
        ]
        guard = self._door.guarded
        return [Route(BASE + path, guard(call), methods=[verb]) for verb, path, call in table]

    def _mine(self, arrive_id: str, caller: Caller, *, shared: bool = False) -> Filing:
        """A filing of the caller, or with `shared` one whose documents the caller may fetch."""
        if not re.fullmatch(r"[0-9]{16,18}", arrive_id):
            raise bad_request("arrive_id に誤りがあります。")
        filing = self._ledger.filings.get(arrive_id)
        if filing is None or not (
            filing.account == caller.key
            or (shared and self._shares.allows(filing.account, caller.key, "official_doc"))
        ):
            raise not_found("到達番号に該当する申請案件がありません。")
        return filing

    async def filing(self, request: Request, caller: Caller) -> Response:
        """申請案件取得."""
        filing = self._mine(request.path_params["arrive_id"], caller)
        self._agency.touch(filing, poll=True)
        return envelope(request, "申請案件取得", filing.detail())

    async def notices(self, request: Request, caller: Caller) -> Response:
        """申請案件に関する通知一覧."""
        page = page_of(request)
        found: list[tuple[float, dict[str, Any]]] = []
        for filing in self._ledger.of(caller.key):
            self._agency.touch(filing, poll=False)
            for notice in filing.notices:
                day = from_seconds(notice.issued).date()
                if page.first.date() <= day <= page.last.date():
                    found.append((notice.issued, _line(filing, notice)))
        found.sort(key=lambda row: row[0], reverse=True)
        rows = [row for _, row in found]
        return listed(request, "申請案件に関する通知一覧取得", "notice_list", rows, page)

    async def notice(self, request: Request, caller: Caller) -> Response:
        """申請案件に関する通知取得."""
        filing = self._mine(request.path_params["arrive_id"], caller)
        sub_id = _sub_id(request.path_params["sub_id"])
        notice = next((item for item in filing.notices if item.sub_id == sub_id), None)
        if notice is None:
            raise not_found("通知が見つかりません。")
        row = notice.row()
        results = {
            "issuer_organization": notice.issuer,
            "notice_issue_date": row["issue_date"],
            "notice_type": notice.kind,
            "correct_type": notice.correct_type,
            "correct_expired_date": row["correct_expired_date"],
            "correct_completed_date": row["correct_completed_date"],
            "notice_title": notice.title,
            "notice_sentence": notice.sentence,
            "attached_file_list": notice.files,
            **_about(filing),
        }
        return envelope(request, "申請案件に関する通知取得", {"notice": results})

    def _document(self, arrive_id: str, sub_id: int, caller: Caller) -> tuple[Filing, Document]:
        filing = self._mine(arrive_id, caller, shared=True)
        found = next((item for item in filing.documents if item.sub_id == sub_id), None)
        if found is None:
            raise not_found("公文書が見つかりません。")
        if self._clock.seconds() > found.expires:
            raise bad_request("公文書の取得期限を過ぎています。")
        return filing, found

    async def document(self, request: Request, caller: Caller) -> Response:
        """公文書取得; it may be fetched again until its day has passed."""
        arrive_id = request.path_params["arrive_id"]
        _, document = self._document(arrive_id, _sub_id(request.path_params["sub_id"]), caller)
        results = {"file_data": document.data, "file_name_list": _names(document.names)}
        links = {"self": request.url.path, "complete": f"{BASE}/official_document"}
        return envelope(request, "公文書取得", results, links=links)

    async def document_done(self, request: Request, caller: Caller) -> Response:
        """公文書取得完了."""
        body = await json_body(request)
        sub_id = _sub_id(str(body.get("notice_sub_id", "")))
        arrive_id = wanted(body, "arrive_id", r"[0-9]{16,18}")
        filing, document = self._document(arrive_id, sub_id, caller)
        if not caller.trial:
            self._agency.fetched(filing, document)
        results = {
            "arrive_id": filing.arrive_id,
            "notice_sub_id": document.sub_id,
            "proc_name": filing.proc_name,
            "doc_title": document.title,
            "download_date": time_text(from_seconds(document.downloaded or self._clock.seconds())),
            "file_name_list": _names(document.names),
        }
        return envelope(request, "公文書取得完了", results)


def _about(filing: Filing) -> dict[str, Any]:
    return {
        "corporation_name_list": [{"corporation_name": filing.corporation}],
        "applicant_name_list": [{"applicant_name": filing.applicant}],
        "proc_name": filing.proc_name,
        "notified_account": filing.account.partition(":")[2],
    }


def _line(filing: Filing, notice: Notice) -> dict[str, Any]:
    return {
        "issuer_organization": notice.issuer,
        "arrive_id": filing.arrive_id,
        "notice_sub_id": notice.sub_id,
        "notice_issue_date": time_text(from_seconds(notice.issued)),
        "type": notice.kind,
        "title": notice.title,
        **_about(filing),
    }


def _names(names: list[str]) -> list[dict[str, str]]:
    return [{"file_name": name} for name in names]


def _sub_id(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        raise bad_request("notice_sub_id は1から999で指定してください。")
    return int(text)
