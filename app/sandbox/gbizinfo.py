"""The practice gBizINFO REST API, versions 1 and 2 under /hojin, with the server bugs that are known.

Wire: open-data reference, section 2, and the API's own OpenAPI file.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.clock import TownClock
from app.sandbox.gbizinfo_book import CHILDREN, CompanyBook, Row, basic_of, child_of, row_of
from app.sandbox.gbizinfo_search import KNOWN, faults, fits

TOKEN_HEADER = "x-hojininfo-api-token"
UPDATES_PAGE = 100
_PHRASES = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
Errors = list[dict[str, str]]


class Refused(Exception):
    """An answer with an error status and perhaps entries of `errors`."""

    def __init__(self, status: int, errors: Errors | None = None) -> None:
        """`errors` is the list of the body."""
        super().__init__(status)
        self.status = status
        self.errors = errors or []


def fault_body(status: int) -> tuple[str, bytes]:
    """Content type and body of an error, as version 1 was seen to write that of 400."""
    return _written({"id": None, "message": f"{status} - {_PHRASES[status]}.", "errors": []})


def _written(body: Row) -> tuple[str, bytes]:
    return "application/json;charset=UTF-8", json.dumps(body, ensure_ascii=False).encode()


class GBizInfo:
    """All calls; `rate` is requests a second (0 = no limit), `bugs` the known faults of version 2."""

    def __init__(self, book: CompanyBook, token: str, clock: TownClock) -> None:
        """`token` is the only one that is registered."""
        self.book = book
        self._token = token
        self._clock = clock
        self._calls: list[float] = []
        self.reset()

    def reset(self) -> None:
        """Switches and companies as on the first day."""
        self.rate = 0
        self.bugs = True
        self._calls.clear()
        self.book.reset()

    def routes(self) -> list[Route]:
        """GET only; an address that ends with a slash is unknown, as the real API warns."""
        verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
        routes = []
        for version in (1, 2):
            base = f"/hojin/v{version}/hojin"
            table: list[tuple[str, Callable[[Request, int], Row]]] = [
                ("", self._search),
                ("/updateInfo", self._updates),
                ("/updateInfo/{child}", self._updates),
                ("/{number}", self._company),
                ("/{number}/{child}", self._company),
            ]
            routes += [
                Route(base + path, self._guarded(call, version), methods=verbs)
                for path, call in table
            ]
        return [*routes, Route("/{rest:path}", self._guarded(_nothing, 2), methods=verbs)]

    def _guarded(self, call: Callable[[Request, int], Row], version: int) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            try:
                self._admit(request)
                body = call(request, version)
            except Refused as refused:
                message = f"{refused.status} - {_PHRASES[refused.status]}."
                body = {"id": None, "message": message, "errors": refused.errors}
                kind, raw = _written(body)
                return Response(raw, refused.status, media_type=kind)
            kind, raw = _written(body)
            return Response(raw, media_type=kind)

        return endpoint

    def _admit(self, request: Request) -> None:
        now = self._clock.seconds()
        self._calls = [moment for moment in self._calls if now - 1 < moment <= now]
        if self.rate and len(self._calls) >= self.rate:
            raise Refused(429)
        self._calls.append(now)
        given = request.headers.get(TOKEN_HEADER, "")
        if not given:
            raise Refused(401)
        if not hmac.compare_digest(given.encode("utf-8"), self._token.encode("ascii")):
            raise Refused(403)
        if request.method not in ("GET", "HEAD"):
            raise Refused(405)

    def _search(self, request: Request, version: int) -> Row:
        query = dict(request.query_params)
        if self.bugs and version == 2 and (query.get("patent") or query.get("certification")):
            raise Refused(404)
        wrong = faults(query)
        if wrong or not any(query.get(name) for name in KNOWN):
            raise Refused(400, wrong)
        found = [
            company
            for number, company in self.book.companies().items()
            if fits(company, self.book.places.get(number, {}), query)
        ]
        page, limit = int(query.get("page") or "1"), int(query.get("limit") or "1000")
        shown = found[(page - 1) * limit : page * limit]
        metadata = query.get("metadata_flg") == "true"
        return _body(None, [row_of(company, metadata=metadata) for company in shown])

    def _company(self, request: Request, version: int) -> Row:
        number, child = request.path_params["number"], request.path_params.get("child")
        if child is not None and not _offered(child, version):
            raise Refused(404)
        if not re.fullmatch(r"[0-9]{13}", number):
            raise Refused(400, [{"item": "corporate_number", "message": "値に誤りがあります。"}])
        company = self.book.companies().get(number)
        if company is None:
            raise Refused(404)
        metadata = request.query_params.get("metadata_flg") == "true" and version == 2
        if child is None:
            return _body(number, [basic_of(company, version, metadata=metadata)])
        return _body(number, [child_of(company, child, version, metadata=metadata)])

    def _updates(self, request: Request, version: int) -> Row:
        query, child = request.query_params, request.path_params.get("child")
        if child is not None and not _offered(child, version):
            raise Refused(404)
        first, last = _day(query.get("from", ""), "from"), _day(query.get("to", ""), "to")
        page = query.get("page") or "1"
        if not re.fullmatch(r"[1-9][0-9]{0,6}", page):
            raise Refused(400, [{"item": "page", "message": "値に誤りがあります。"}])
        if self.bugs and version == 2 and child in ("patent", "subsidy"):
            raise Refused(500)
        metadata = query.get("metadata_flg") == "true" and version == 2
        found = []
        for company in self.book.companies().values():
            day = str(company["basic"].get("update_date", ""))[:10].replace("-", "")
            if first <= day <= last and (child is None or company.get(CHILDREN[child])):
                found.append(company)
        begin = (int(page) - 1) * UPDATES_PAGE
        rows = [
            child_of(company, child, version, metadata=metadata)
            if child
            else basic_of(company, version, metadata=metadata)
            for company in found[begin : begin + UPDATES_PAGE]
        ]
        return _body(None, rows) | {
            "totalCount": str(len(found)),
            "totalPage": str(-(-len(found) // UPDATES_PAGE)),
            "pageNumber": page,
        }


def _nothing(request: Request, version: int) -> Row:
    del request, version
    raise Refused(404)


def _offered(child: str, version: int) -> bool:
    """Places of business are new in version 2; 表彰 is in both."""
    return child in CHILDREN and (version == 2 or child != "corporation")


def _day(text: str, name: str) -> str:
    try:
        # strptime alone would take 2021 1 1 too.
        if not re.fullmatch(r"[0-9]{8}", text):
            raise ValueError
        datetime.strptime(text, "%Y%m%d")
    except ValueError:
        message = "yyyyMMddで指定してください。"
        raise Refused(400, [{"item": name, "message": message}]) from None
    return text


def _body(number: str | None, rows: list[Row]) -> Row:
    return {"id": number, "errors": None, "message": "200 - OK.", "hojin-infos": rows}
