"""What the portal's scripts call: descriptions of pages, saving, sums, files, confirmation, filing.

Every call wants the session cookie; every POST the CSRF token in `X-CSRF-Token` and, where the browser
tells one, its own origin. A dead session is 401 {"expired": true}; refusals are {"message"} and, for a
page, {"errors": [{name | table, row, name; message}]}.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox import oidc
from app.sandbox.clock import JST, from_seconds
from app.sandbox.portal_book import PortalApplication, PortalBook, PortalSession
from app.sandbox.portal_checks import calculated
from app.sandbox.portal_files import file_fault
from app.sandbox.portal_forms import Block, Field, Form, FormPage
from app.sandbox.portal_lines import page_lines, step_faults
from app.sandbox.portal_sign_in import PortalSignIn, same_token
from app.sandbox.portal_values import Values, known

Body = dict[str, Any]
_NO_STORE = {"Cache-Control": "no-store"}


class _Refusal(Exception):
    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.answer = JSONResponse({"message": message, **more}, status, _NO_STORE)


class Visit:
    """One call: the session, the application it is about, its form, the body."""

    def __init__(self, web: Request, session: PortalSession) -> None:
        """The body is read by the guard."""
        self.web = web
        self.session = session
        self.application: PortalApplication
        self.form: Form
        self.body: Body = {}

    @property
    def page(self) -> FormPage:
        """The page the path names."""
        page = self.form.page(self.web.path_params["page"])
        if page is None:
            raise _Refusal(404, "ページが見つかりません。")
        return page

    def values(self) -> Values:
        """The values of the body, with names of this page alone."""
        given = self.body.get("values")
        kept = known(self.page, given) if isinstance(given, dict) else None
        if kept is None:
            raise _Refusal(400, "この様式にない項目が送られました。画面を読み直してください。")
        return kept


Call = Callable[[Visit], Awaitable[Body]]


class PortalApi:
    """Everything under /api."""

    def __init__(
        self,
        book: PortalBook,
        forms: dict[str, list[Form]],
        sign_in: PortalSignIn,
        stranger: Callable[[str], str],
    ) -> None:
        """`stranger` gives a foreign origin for a scheme."""
        self._book = book
        self._forms = forms
        self._sign_in = sign_in
        self._stranger = stranger

    def routes(self) -> list[Route]:
        """The calls, below /api/applications/{id}."""
        table: list[tuple[str, str, Call]] = [
            ("GET", "pages/{page}", self.describe),
            ("POST", "pages/{page}", self.save),
            ("POST", "sums/{page}", self.sums),
            ("POST", "files/{name}", self.attach),
            ("POST", "files/{name}/remove", self.remove),
            ("GET", "confirm", self.confirm),
            ("POST", "submit", self.submit),
            ("GET", "receipt", self.receipt),
        ]
        return [
            Route(f"/api/applications/{{id}}/{path}", self._guarded(call), methods=[verb])
            for verb, path, call in table
        ]

    def _guarded(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(web: Request) -> Response:
            _, session = self._sign_in.session(web)
            if session is None:
                told = {"expired": True, "message": "セッションの有効期限が切れました。"}
                return JSONResponse(told, 401, _NO_STORE)
            try:
                visit = await self._visit(web, session, reading=call != self.attach)
                if web.method == "POST":
                    session.moved = self._book.clock.seconds()
                return JSONResponse(await call(visit), 200, _NO_STORE)
            except _Refusal as refusal:
                return refusal.answer

        return endpoint

    async def _visit(self, web: Request, session: PortalSession, *, reading: bool) -> Visit:
        visit = Visit(web, session)
        application = self._book.applications.get(web.path_params["id"])
        if application is None or application.account != session.account:
            raise _Refusal(404, "申請が見つかりません。")
        visit.application = application
        visit.form = self._forms[application.form][application.edition - 1]
        if web.method != "POST":
            return visit
        origin = web.headers.get("origin", oidc.origin(web))
        if origin != oidc.origin(web) or not same_token(
            session, web.headers.get("x-csrf-token", "")
        ):
            raise _Refusal(403, "画面を読み直して、もう一度お試しください。")
        if application.edition != self._book.switches.editions.get(application.form, 1):
            raise _Refusal(409, "様式が改訂されたため、この下書きは申請できません。")
        if not application.open:
            raise _Refusal(409, "この申請はすでに受け付けられています。")
        if reading:
            visit.body = await _json(web)
        return visit

    async def describe(self, visit: Visit) -> Body:
        """GET pages/{page}: blocks, what was saved, what GビズID tells, sums, when controls appear."""
        page, application = visit.page, visit.application
        values = application.values.get(page.key, {})
        first = page.key == visit.form.pages[0].key
        return {
            "title": page.title,
            "blocks": [self._block(block) for block in page.blocks],
            "values": values,
            "prefilled": application.prefilled,
            "files": {
                name: [asdict(item) for item in held] for name, held in application.files.items()
            },
            "sums": calculated(visit.form, page, values),
            "back": _neighbour(visit, -1),
            "attacks": self._attacks(visit.web) if first else [],
        }

    def _attacks(self, web: Request) -> list[Body]:
        address = f"{self._stranger(web.url.scheme)}/frame"
        return [{"kind": kind, "address": address} for kind in self._book.switches.attacks]

    def _block(self, block: Block) -> Body:
        told: Body = {"title": block.title, "fields": [self._field(item) for item in block.fields]}
        if block.rows:
            wait = self._wait(str(block.rows["name"]))
            told["rows"] = {**block.rows, "kind": "rows", "wait": wait}
        return told

    def _field(self, item: Field) -> Body:
        told = {name: value for name, value in asdict(item).items() if value}
        told |= {"options": list(item.options), "wait": self._wait(item.name)}
        if item.kind == "file":
            told["files"] = item.files
        return told

    def _wait(self, name: str) -> int:
        """When a control appears, in ms: always the same for a name, spread over the range."""
        least, most = self._book.switches.wait_ms
        return least + crc32(name.encode("utf-8")) % (most - least + 1)

    async def save(self, visit: Visit) -> Body:
        """POST {action: save | next, values}: 一時保存 takes anything, 次へ what passes the checks."""
        values, page = visit.values(), visit.page
        if visit.body.get("action") == "next":
            faults = step_faults(visit.form, page, values, visit.application)
            if faults:
                raise _Refusal(422, "入力内容に誤りがあります。", errors=faults)
        self._book.save(visit.application, page.key, values)
        now = self._book.clock.now().strftime("%Y年%m月%d日 %H:%M:%S")
        done: Body = {"saved_at": now}
        if visit.body.get("action") == "next":
            done["next"] = _neighbour(visit, 1)
        return done

    async def sums(self, visit: Visit) -> Body:
        """POST {values}: the read-only sums of a page."""
        return {"sums": calculated(visit.form, visit.page, visit.values())}

    async def attach(self, visit: Visit) -> Body:
        """POST the bytes of one file; its name stands in `filename`."""
        item = self._file(visit)
        held = visit.application.files.get(item.name, [])
        data = bytearray()
        async for part in visit.web.stream():
            # One byte too many is enough to refuse it.
            data += part[: item.most_bytes + 1 - len(data)]
        name = visit.web.query_params.get("filename", "")
        fault = file_fault(item, len(held), name, bytes(data))
        if fault:
            raise _Refusal(422, fault)
        kind = visit.web.headers.get("content-type", "")
        self._book.attach(visit.application, item.name, name, bytes(data), kind)
        return _files(visit.application, item.name)

    async def remove(self, visit: Visit) -> Body:
        """POST {place}: take a file out of the list."""
        item, place = self._file(visit), visit.body.get("place")
        held = visit.application.files.get(item.name, [])
        if not isinstance(place, int) or not 0 <= place < len(held):
            raise _Refusal(404, "ファイルが見つかりません。")
        del held[place]
        self._book.changed()
        return _files(visit.application, item.name)

    def _file(self, visit: Visit) -> Field:
        item = visit.form.file_field(visit.web.path_params["name"])
        if item is None:
            raise _Refusal(404, "この様式にない添付です。")
        return item

    async def confirm(self, visit: Visit) -> Body:
        """GET: every page's labels and values, and what is still wrong."""
        pages = [page_lines(visit.form, page, visit.application) for page in visit.form.pages]
        return {
            "pages": pages,
            "ready": not any(page["faults"] for page in pages),
            "back": f"/apply/{visit.application.id}/{visit.form.pages[-1].key}",
            "wait": self._wait("confirm"),
        }

    async def submit(self, visit: Visit) -> Body:
        """POST {confirmed: true}: file it, once."""
        if visit.body.get("confirmed") is not True:
            raise _Refusal(422, "内容を確認して、チェックしてください。")
        form, application = visit.form, visit.application
        for page in form.pages:
            if step_faults(form, page, application.values.get(page.key, {}), application):
                raise _Refusal(422, f"「{page.title}」の入力が済んでいません。")
        if not form.opens <= self._book.today() <= form.closes:
            raise _Refusal(409, "募集期間ではありません。")
        self._book.file(application)
        return {"next": f"/apply/{application.id}/receipt"}

    async def receipt(self, visit: Visit) -> Body:
        """GET: the lines of the receipt."""
        application = visit.application
        if not application.number:
            raise _Refusal(404, "まだ申請されていません。")
        moment = from_seconds(application.filed).astimezone(JST)
        lines = [
            ("受付番号", application.number),
            ("受付日時", moment.strftime("%Y年%m月%d日 %H時%M分%S秒")),
            ("補助金名", visit.form.title),
            ("補助金番号", visit.form.key),
            ("申請者", application.corporation),
            ("ステータス", application.status),
        ]
        return {"lines": lines, "wait": self._wait("receipt")}


async def _json(web: Request) -> Body:
    try:
        body = json.loads(await web.body())
    except (ValueError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise _Refusal(400, "送信内容を読み取れませんでした。")
    return body


def _neighbour(visit: Visit, step: int) -> str:
    keys = [page.key for page in visit.form.pages]
    place = keys.index(visit.page.key) + step
    if place < 0:
        return ""
    return f"/apply/{visit.application.id}/{keys[place] if place < len(keys) else 'confirm'}"


def _files(application: PortalApplication, name: str) -> Body:
    return {"files": [asdict(item) for item in application.files.get(name, [])]}
