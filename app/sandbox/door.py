"""What every call of the e-Gov API shares: the token, the trial header, the envelope, the paging."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox import oidc
from app.sandbox.accounts import Account
from app.sandbox.egov_account_tokens import ACCESS_LIFE, EgovTokenDesk
from app.sandbox.findings import DoorRefusal, bad_request, not_found

BASE = "/shinsei/v2"
Body = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who asks: the account's key and whether nothing is to be filed (X-eGovAPI-Trial)."""

    key: str
    account: Account
    trial: bool


Call = Callable[[Request, Caller], Awaitable[Response]]


class Door:
    """Checks every caller before a call is served, and turns refusals into problem bodies."""

    def __init__(self, desk: EgovTokenDesk, accounts: dict[str, Account]) -> None:
        """`desk` is the account server that gave the tokens."""
        self._desk = desk
        self._accounts = accounts

    def guarded(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of a call."""

        async def endpoint(request: Request) -> Response:
            try:
                return await call(request, self._caller(request))
            except DoorRefusal as refusal:
                return refusal.answer(request.url.path)

        return endpoint

    def routes(self) -> list[Route]:
        """Whatever else is asked: 404 with a problem body, for a signed-in caller too."""
        verbs = ["GET", "POST", "PUT", "DELETE"]
        return [Route("/{anything:path}", self.guarded(self._nothing), methods=verbs)]

    async def _nothing(self, request: Request, caller: Caller) -> Response:
        del request, caller
        raise not_found("このAPIは練習の町にはありません。")

    def _caller(self, request: Request) -> Caller:
        token = oidc.bearer(request)
        held = self._desk.holder(token) if token else None
        if held is None:
            raise _unauthorized("アクセストークンが確認できません。")
        grant, jti = held
        if getattr(request.state, "revoke", False):
            grant.revoked = True
        if grant.revoked:
            # The real door was seen to answer 500, not 401, to a token revoked on the server.
            raise DoorRefusal(500, "システムエラー", "処理中にエラーが発生しました。")
        if not self._desk.identity.access_alive(grant, jti, ACCESS_LIFE):
            raise _unauthorized("アクセストークンの有効期限が切れています。")
        trial = request.headers.get("x-egovapi-trial", "false").lower()
        if trial not in ("true", "false"):
            raise bad_request("X-eGovAPI-Trial は true または false で指定してください。")
        return Caller(grant.account, self._accounts[grant.account], trial == "true")


def _unauthorized(detail: str) -> DoorRefusal:
    return DoorRefusal(401, "認証エラー", detail)


async def json_body(request: Request) -> Body:
    """The JSON object of a POST; raises DoorRefusal."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise DoorRefusal(415, "メディアタイプエラー", "Content-Type は application/json です。")
    try:
        body = json.loads(await request.body())
    except (ValueError, UnicodeDecodeError):
        raise bad_request("リクエストボディがJSONではありません。") from None
    if not isinstance(body, dict):
        raise bad_request("リクエストボディがJSONオブジェクトではありません。")
    return body


def wanted(body: Body, name: str, pattern: str) -> str:
    """A text field of a body that has to look like `pattern`; raises DoorRefusal."""
    value = body.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise bad_request(f"{name} に誤りがあります。")
    return value


def envelope(
    request: Request,
    title: str,
    results: Body,
    *,
    links: dict[str, str] | None = None,
    resultset: dict[str, int] | None = None,
) -> JSONResponse:
    """A success body."""
    body: Body = {
        "metadata": {
            "title": title,
            "detail": "正常に処理しました。",
            "type": "about:blank",
            "instance": request.url.path,
        },
        "results": results,
    }
    if links:
        body["_links"] = links
    if resultset is not None:
        body["resultset"] = resultset
    return JSONResponse(body)


@dataclass(frozen=True)
class Page:
    """The dates and the page a list call asks for."""

    first: datetime
    last: datetime
    limit: int
    offset: int


def page_of(request: Request, most: int = 50) -> Page:
    """date_from, date_to, limit and offset of a list call; raises DoorRefusal."""
    query = request.query_params
    days = []
    for name in ("date_from", "date_to"):
        text = query.get(name, "")
        try:
            # strptime alone would take 2026-7-3 too.
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            days.append(datetime.strptime(text, "%Y-%m-%d"))
        except ValueError:
            raise bad_request(f"{name} はYYYY-MM-DDで指定してください。") from None
    if days[0] > days[1]:
        raise bad_request("date_from は date_to 以前の日付を指定してください。")
    return replace(paged(request, most), first=days[0], last=days[1])


def paged(request: Request, most: int = 50) -> Page:
    """limit and offset alone, for a list asked for by number; raises DoorRefusal."""
    query = request.query_params
    limit = _number(query.get("limit", str(most)), 1, most, "limit")
    # The reference is unsure whether pages count from 1 or 0, and clients do both.
    offset = max(1, _number(query.get("offset", "1"), 0, 9999, "offset"))
    return Page(datetime.min, datetime.max, limit, offset)


def _number(text: str, least: int, most: int, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not least <= int(text) <= most:
        raise bad_request(f"{name} は{least}から{most}で指定してください。")
    return int(text)


def listed(
    request: Request,
    title: str,
    name: str,
    rows: Sequence[Any],
    page: Page,
    shape: Callable[[int, Any], Any] = lambda number, row: row,
) -> JSONResponse:
    """One page of a list, with its links and counts; `shape` makes a row from its number (from 1)."""
    begin = (page.offset - 1) * page.limit
    part = rows[begin : begin + page.limit]
    shown = [shape(number, row) for number, row in enumerate(part, begin + 1)]
    links = {"self": _link(request, page.offset)}
    if page.offset > 1:
        links["previous"] = _link(request, page.offset - 1)
    if begin + page.limit < len(rows):
        links["next"] = _link(request, page.offset + 1)
    counts = {
        "all_count": len(rows),
        "limit": page.limit,
        "offset": page.offset,
        "count": len(shown),
    }
    return envelope(request, title, {name: shown}, links=links, resultset=counts)


def _link(request: Request, offset: int) -> str:
    url = request.url.include_query_params(offset=offset)
    return f"{url.path}?{url.query}"
