"""The front side of the practice gBizID: authorize, sign-in pages, second factor, code."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import gbizid_pages, oidc
from app.sandbox.accounts import Account
from app.sandbox.gbizid_claims import granted_scope
from app.sandbox.gbizid_tokens import TokenDesk
from app.sandbox.identity import Identity, Request, Session
from app.sandbox.mailbox import Mailbox

OTP_LIFE = 600
SESSION_LIFE = 3600
MOST_TRIES = 5


class GbizId:
    """The provider: gBizID reference, sections 1.2 to 1.4."""

    def __init__(
        self,
        identity: Identity,
        desk: TokenDesk,
        clients: dict[str, oidc.Client],
        accounts: dict[str, Account],
        mailbox: Mailbox,
        practice_base: Callable[[], str],
    ) -> None:
        """`practice_base` gives the address of the mailbox pages, once it is known."""
        self._identity = identity
        self._desk = desk
        self._clients = clients
        self._accounts = accounts
        self._mailbox = mailbox
        self._practice = practice_base

    def routes(self) -> list[Route]:
        """Everything under /oauth."""
        desk = self._desk
        return [
            Route("/oauth/authorize", self.authorize, methods=["GET"]),
            Route("/oauth/login", self.login, methods=["POST"]),
            Route("/oauth/factor", self.factor, methods=["POST"]),
            Route("/oauth/otp", self.otp, methods=["POST"]),
            Route("/oauth/app", self.app, methods=["POST"]),
            Route("/oauth/logout", self.logout, methods=["GET"]),
            Route("/oauth/token", desk.token, methods=["POST"]),
            Route("/oauth/userinfo", desk.userinfo, methods=["GET", "POST"]),
            Route("/oauth/keys", desk.keys, methods=["GET"]),
            Route("/oauth/.well-known/openid-configuration", desk.discovery, methods=["GET"]),
        ]

    async def authorize(self, web: WebRequest) -> Response:
        """GET /oauth/authorize."""
        query = dict(web.query_params)
        client = self._clients.get(query.get("client_id", ""))
        if client is None:
            return gbizid_pages.refused("invalid_client", "client_id が登録と一致しません。")
        given = query.get("redirect_uri", "")
        target = given or client.redirects[0]
        if given and not client.accepts(given):
            return gbizid_pages.refused("invalid_grant", "redirect_uri が登録と一致しません。")
        state = query.get("state", "")
        scope = granted_scope(query.get("scope", ""), client.arranged)
        fault = _fault(query, scope)
        if fault:
            fields = {"error": fault[0], "error_description": fault[1], "state": state}
            return oidc.redirect(target, fields | {"scope": query.get("scope", "")})
        request = Request(
            client_id=client.id,
            redirect_uri=target,
            scope=scope or "",
            state=state,
            nonce=query.get("nonce", ""),
            challenge=query.get("code_challenge", ""),
            prompt=query.get("prompt", ""),
            login_hint=query.get("login_hint", ""),
            issuer=f"{oidc.origin(web)}/oauth/",
            redirect_given=bool(given),
        )
        session = self._session(web)
        if session and request.prompt != "login":
            return self._with_code(request, session)
        return gbizid_pages.login(self._identity.open_request(request), request.login_hint)

    async def login(self, web: WebRequest) -> Response:
        """POST account and password."""
        txn, request, form = await self._step(web)
        if request is None:
            return _expired()
        if form.get("action") == "cancel":
            return self._denied(txn, request)
        account = self._accounts.get(f"gbizid:{str(form.get('account', '')).strip()}")
        if account is None or not account.knows(str(form.get("password", ""))):
            request.tries += 1
            if request.tries >= MOST_TRIES:
                return self._denied(txn, request)
            sentence = "アカウントIDまたはパスワードが違います。確かめて、もう一度入れてください。"
            return gbizid_pages.login(txn, str(form.get("account", "")), sentence)
        request.account, request.tries = f"gbizid:{account.address}", 0
        return gbizid_pages.factor(txn)

    async def factor(self, web: WebRequest) -> Response:
        """POST the choice of the second factor."""
        txn, request, form = await self._step(web)
        if request is None or not request.account:
            return _expired()
        if form.get("factor") == "app":
            request.factor, request.otp = "app", f"{self._identity.rng.randrange(10, 100)}"
            request.otp_until = self._identity.clock.seconds() + OTP_LIFE
            self._accounts[request.account].approved_number = ""
            return gbizid_pages.app_number(txn, request.otp, f"{self._practice()}/phone")
        request.factor = "mail"
        return self._mail(txn, request)

    async def otp(self, web: WebRequest) -> Response:
        """POST the mailed code."""
        txn, request, form = await self._step(web)
        if request is None or request.factor != "mail":
            return _expired()
        if form.get("action") == "cancel":
            return self._denied(txn, request)
        if form.get("action") == "again":
            return self._mail(txn, request)
        if self._identity.clock.seconds() > request.otp_until:
            return self._mail(txn, request, "期限が過ぎたため、新しいものを送りました。")
        given = str(form.get("otp", "")).strip()
        if not hmac.compare_digest(given.encode("utf-8"), request.otp.encode("ascii")):
            request.tries += 1
            if request.tries >= MOST_TRIES:
                return self._denied(txn, request)
            sentence = "ワンタイムパスワードが違います。メールを確かめて、もう一度入れてください。"
            return gbizid_pages.otp(txn, _address(request), self._box(request), sentence)
        return self._passed(web, txn, request)

    async def app(self, web: WebRequest) -> Response:
        """POST 'typed into the app'."""
        txn, request, form = await self._step(web)
        if request is None or request.factor != "app":
            return _expired()
        if form.get("action") == "cancel":
            return self._denied(txn, request)
        if self._identity.clock.seconds() > request.otp_until:
            return self._denied(txn, request)
        account = self._accounts[request.account]
        if account.approved_number != request.otp:
            sentence = "アプリでの認証がまだ確認できません。番号を入れてから押してください。"
            phone = f"{self._practice()}/phone"
            return gbizid_pages.app_number(txn, request.otp, phone, sentence)
        account.approved_number = ""
        return self._passed(web, txn, request)

    async def logout(self, web: WebRequest) -> Response:
        """GET: end the browser's session here; services that are signed in already go on."""
        self._identity.sessions.pop(web.cookies.get(_cookie(web), ""), None)
        answer = gbizid_pages.logged_out()
        answer.delete_cookie(_cookie(web))
        return answer

    async def _step(self, web: WebRequest) -> tuple[str, Request | None, FormData]:
        form = await web.form()
        txn = str(form.get("txn", ""))
        request = self._identity.requests.get(txn)
        same = request is not None and request.issuer == f"{oidc.origin(web)}/oauth/"
        return txn, request if same else None, form

    def _mail(self, txn: str, request: Request, message: str = "") -> Response:
        request.otp = f"{self._identity.rng.randrange(10**6):06d}"
        request.otp_until = self._identity.clock.seconds() + OTP_LIFE
        self._mailbox.deliver(
            _address(request),
            "【練習】GビズID ワンタイムパスワードのお知らせ",
            f"ワンタイムパスワードは {request.otp} です。10分以内に入れてください。",
            request.otp,
        )
        return gbizid_pages.otp(txn, _address(request), self._box(request), message)

    def _box(self, request: Request) -> str:
        return f"{self._practice()}/mailbox?address={_address(request)}"

    def _passed(self, web: WebRequest, txn: str, request: Request) -> Response:
        self._identity.requests.pop(txn, None)
        clock = self._identity.clock
        session = Session(request.account, clock.stamp(), "gbizid", clock.seconds())
        key = self._identity.open_session(session)
        answer = self._with_code(request, key)
        secure = web.url.scheme == "https"
        answer.set_cookie(_cookie(web), key, httponly=True, samesite="lax", secure=secure)
        return answer

    def _with_code(self, request: Request, session_id: str) -> Response:
        code = self._identity.issue_code(22, request, session_id)
        return oidc.redirect(request.redirect_uri, {"code": code, "state": request.state})

    def _session(self, web: WebRequest) -> str:
        key = web.cookies.get(_cookie(web), "")
        session = self._identity.sessions.get(key)
        alive = session and self._identity.clock.seconds() < session.begun + SESSION_LIFE
        return key if alive else ""

    def _denied(self, txn: str, request: Request) -> Response:
        self._identity.requests.pop(txn, None)
        fields = {"error": "access_denied", "error_description": "the person did not sign in"}
        return oidc.redirect(request.redirect_uri, {**fields, "state": request.state})


def _fault(query: dict[str, str], scope: str | None) -> tuple[str, str] | None:
    """Why an authorization request is refused by redirect, if it is."""
    if not query.get("response_type"):
        return "invalid_request", "response_type is missing"
    if query["response_type"] != "code":
        return "unsupported_response_type", "only code is offered"
    if scope is None:
        return "invalid_scope", "a scope is unknown or not arranged"
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "")
    if (challenge or method) and (method != "S256" or not oidc.good_challenge(challenge)):
        return "invalid_request", "code_challenge_method must be S256 with a 43 character challenge"
    if query.get("prompt", "login") != "login":
        return "invalid_request", "only prompt=login is offered"
    return None


def _address(request: Request) -> str:
    return request.account.partition(":")[2]


def _cookie(web: WebRequest) -> str:
    return "gbizid_session_s" if web.url.scheme == "https" else "gbizid_session"


def _expired() -> Response:
    return gbizid_pages.refused(
        "invalid_request", "この画面は期限が過ぎたか、順番どおりではありません。"
    )
