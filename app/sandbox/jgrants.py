"""The practice jGrants API: /exp/v1/public/subsidies, its details of version 1 and 2, read only.

Wire: open-data reference, section 1. No key, no paging; ten requests a second, then 429.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.sandbox.clock import TownClock
from app.sandbox.jgrants_book import GrantBook
from app.sandbox.jgrants_composed import FILES
from app.sandbox.jgrants_values import (
    ACCEPTANCES,
    AREAS,
    EMPLOYEES,
    INDUSTRIES,
    JOIN,
    ORDERS,
    PURPOSES,
    SORTS,
)
from app.sandbox.pdf import base64_parts, pdf_parts

TYPE = "https://developers.digital.go.jp/documents/jgrants/api/"
RATE = 10
_TITLES = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_REQUIRED = {"sort": SORTS, "order": ORDERS, "acceptance": ACCEPTANCES}
_SEVERAL = {"use_purpose": PURPOSES, "industry": INDUSTRIES}
_SINGLE = {"target_number_of_employees": EMPLOYEES, "target_area_search": AREAS}
_BIG = "\ue001"
_BROKEN = "\ue000"
SHORT = ("400", "empty")


class BadQuery(Exception):
    """A list request whose parameters the API answers with 400."""


def fault_body(status: int) -> tuple[str, bytes]:
    """Content type and body of an error; only that of 500 is published, the others have its shape."""
    code = "E-ML-9999" if status == 500 else f"E-ML-0{status}"
    body = {"type": TYPE, "errorCode": code, "title": _TITLES[status], "instance": "/api/subsidies"}
    return "application/json", json.dumps(body, separators=(",", ":")).encode()


def _fault(status: int) -> Response:
    kind, body = fault_body(status)
    return Response(body, status, media_type=kind)


class JGrants:
    """The three calls; `rate` is requests a second (0 = no limit), `big` makes one detail large."""

    def __init__(self, book: GrantBook, clock: TownClock) -> None:
        """`book` holds the grants; `clock` decides what is open."""
        self.book = book
        self._clock = clock
        self._calls: list[float] = []
        self.reset()

    def reset(self) -> None:
        """Limits and switches as on the first day."""
        self.rate = RATE
        self.short_keyword = "400"
        self.big: dict[str, int] = {}
        self._calls.clear()
        self.book.reset()

    def routes(self) -> list[Route]:
        """GET only; everything else is 404 or 405 with an error body."""
        v1, v2 = "/exp/v1/public/subsidies", "/exp/v2/public/subsidies"
        table: list[tuple[str, Callable[[Request], Response]]] = [
            (v1, self._list),
            (f"{v1}/id/{{grant}}", lambda request: self._detail(request, 1)),
            (f"{v2}/id/{{grant}}", lambda request: self._detail(request, 2)),
        ]
        verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
        routes = [Route(path, self._limited(call), methods=verbs) for path, call in table]
        return [*routes, Route("/{rest:path}", self._limited(lambda _: _fault(404)), methods=verbs)]

    def _limited(self, call: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            if self._too_many():
                return _fault(429)
            if request.method not in ("GET", "HEAD"):
                return _fault(405)
            return call(request)

        return endpoint

    def _too_many(self) -> bool:
        now = self._clock.seconds()
        self._calls = [moment for moment in self._calls if now - 1 < moment <= now]
        if self.rate and len(self._calls) >= self.rate:
            return True
        self._calls.append(now)
        return False

    def _list(self, request: Request) -> Response:
        try:
            query = _given(request)
            short = self.short_keyword == "empty" and len(query.get("keyword", "")) == 1
            _check({**query, "keyword": "__"} if short else query)
        except BadQuery:
            return _fault(400)
        rows = [] if short else self.book.find(query, self._clock.now().astimezone(UTC))
        return _answer(rows)

    def _detail(self, request: Request, version: int) -> Response:
        grant = request.path_params["grant"]
        if len(grant) > 18:
            return _fault(400)
        detail = self.book.detail(grant, version)
        if detail is None:
            return _fault(404)
        size = self.big.get(grant)
        if size:
            return _streamed(detail, size)
        text = json.dumps(_envelope([detail]), ensure_ascii=False, separators=(",", ":"))
        # Raw control characters inside a JSON text are what makes some real details unreadable.
        body = text.replace(_BROKEN, "\x0b\n\x1f").encode()
        return Response(body, media_type="application/json")


def _given(request: Request) -> dict[str, str]:
    """The parameters of a list call: flat ones, or one `request` with a JSON object."""
    query = dict(request.query_params)
    if "request" not in query:
        return query
    try:
        held = json.loads(query["request"])
    except ValueError:
        raise BadQuery("request") from None
    if not isinstance(held, dict):
        raise BadQuery("request")
    return {name: str(value) for name, value in held.items() if value is not None}


def _check(query: dict[str, str]) -> None:
    keyword = query.get("keyword", "")
    if not 2 <= len(keyword) <= 255 or re.search(r"\s", keyword):
        raise BadQuery("keyword")
    for name, values in _REQUIRED.items():
        if query.get(name) not in values:
            raise BadQuery(name)
    for name, values in _SEVERAL.items():
        if query.get(name) and not set(query[name].split(JOIN)) <= set(values):
            raise BadQuery(name)
    for name, values in _SINGLE.items():
        if query.get(name) and query[name] not in values:
            raise BadQuery(name)


def _envelope(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"metadata": {"type": TYPE, "resultset": {"count": len(rows)}}, "result": rows}


def _answer(rows: list[dict[str, Any]]) -> Response:
    return JSONResponse(_envelope(rows))


def _streamed(detail: dict[str, Any], size: int) -> Response:
    """A detail whose first guideline has about `size` bytes, made while it is sent."""
    files = {name: list(detail[name]) for name in FILES}
    files[FILES[0]].insert(0, {"name": "公募要領（大きい練習用）.pdf", "data": _BIG})
    text = json.dumps(_envelope([{**detail, **files}]), ensure_ascii=False)
    head, tail = (part.encode() for part in text.split(_BIG))

    def parts() -> Iterator[bytes]:
        yield head
        yield from base64_parts(pdf_parts(["練習の町が作った大きな書類です"], size))
        yield tail

    async def sent() -> AsyncIterator[bytes]:
        for part in parts():
            yield part

    return StreamingResponse(sent(), media_type="application/json")
