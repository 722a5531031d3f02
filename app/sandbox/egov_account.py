"""The front side of the practice e-Gov account server: authorize, choice of sign-in, GビズID broker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.sandbox import oidc, pages
from app.sandbox.accounts import Account
from app.sandbox.egov_account_tokens import EgovTokenDesk, session_state
from app.sandbox.gbizid_tokens import TokenDesk
from app.sandbox.identity import Identity, Request, Session, random_text
from app.sandbox.jwt import b64url

SESSION_LIFE = 36000
MOST_TRIES = 5
BROKER_CLIENT = "egov-renshu"
BROKER_PATH = "/auth/broker/gbizid/endpoint"


class EgovAccount:
    """Sign-in for the e-Gov API; GビズID goes through the real redirect chain to our gBizID."""

    def __init__(
        self,
        identity: Identity,
        desk: EgovTokenDesk,
        client: oidc.Client,
        accounts: dict[str, Account],
        gbizid_desk: TokenDesk,
        gbizid_origin: Callable[[str], str],
    ) -> None:
        """`gbizid_origin` gives gBizID's origin for a scheme, once the ports are known."""
        self._identity = identity
        self._desk = desk
        self._client = client
        self._accounts = accounts
        self._gbizid_desk = gbizid_desk
        self._gbizid = gbizid_origin

    def routes(self) -> list[Route]:
        """Everything under /auth."""
        desk = self._desk
        return [
            Route("/auth/auth", self.authorize, methods=["GET"]),
            Route("/auth/login", self.login, methods=["POST"]),
            Route(BROKER_PATH, self.broker, methods=["GET"]),
            Route("/auth/token", desk.token, methods=["POST"]),
            Route("/auth/token/introspect", desk.introspect, methods=["POST"]),
            Route("/auth/logout", desk.logout, methods=["POST"]),
            Route("/auth/logout", self.browser_logout, methods=["GET"]),
            Route("/auth/certs", desk.certs, methods=["GET"]),
            Route("/auth/.well-known/openid-configuration", desk.discovery, methods=["GET"]),
        ]

    async def authorize(self, web: WebRequest) -> Response:
        """GET {auth}/auth."""
        query = dict(web.query_params)
        if query.get("client_id") != self._client.id:
            return _refused("invalid_client", "ソフトウェアIDが登録と一致しません。")
        if not self._client.accepts(query.get("redirect_uri", "")):
            return _refused("invalid_redirect_uri", "redirect_uri が登録と一致しません。")
        state = query.get("state", "")
        fault = _fault(query)
        if fault:
            fields = {"error": fault[0], "error_description": fault[1], "state": state}
            return oidc.redirect(query["redirect_uri"], fields)
        request = Request(
            client_id=self._client.id,
            redirect_uri=query["redirect_uri"],
            scope=query.get("scope", "openid"),
            state=state,
            nonce=query.get("nonce", ""),
            challenge=query["code_challenge"],
            prompt=query.get("prompt", ""),
            login_hint=query.get("login_hint", ""),
            issuer=f"{oidc.origin(web)}/auth",
        )
        session = self._session(web)
        if session and request.prompt != "login":
            return self._with_code(request, session)
        if request.prompt == "none":
            fields = {"error": "login_required", "state": state}
            return oidc.redirect(request.redirect_uri, fields)
        return _choice(self._identity.open_request(request), request.login_hint)

    async def login(self, web: WebRequest) -> Response:
        """POST of the choice page: which way, or e-Gov account and password."""
        form = await web.form()
        txn = str(form.get("txn", ""))
        request = self._request(web, txn)
        if request is None:
            return _expired()
        way = form.get("idp")
        if way == "gbizid":
            return self._to_gbizid(web, txn, request)
        if way == "microsoft":
            sentence = (
                "練習の町には Microsoft アカウントの入口がありません。ほかの方法を選んでください。"
            )
            return _choice(txn, "", sentence)
        if way == "cancel":
            self._identity.requests.pop(txn, None)
            fields = {"error": "access_denied", "state": request.state}
            return oidc.redirect(request.redirect_uri, fields)
        account = self._accounts.get(f"egov:{str(form.get('account', '')).strip()}")
        if account is None or not account.knows(str(form.get("password", ""))):
            request.tries += 1
            if request.tries >= MOST_TRIES:
                self._identity.requests.pop(txn, None)
                return _expired()
            sentence = (
                "メールアドレスまたはパスワードが違います。確かめて、もう一度入れてください。"
            )
            return _choice(txn, str(form.get("account", "")), sentence)
        return self._passed(web, txn, request, f"egov:{account.address}", 0)

    def _to_gbizid(self, web: WebRequest, txn: str, request: Request) -> Response:
        verifier = random_text(self._identity.rng, 64)
        request.upstream = {"state": random_text(self._identity.rng, 32), "verifier": verifier}
        challenge = b64url(hashlib.sha256(verifier.encode("ascii")).digest())
        fields = {
            "response_type": "code",
            "client_id": BROKER_CLIENT,
            "redirect_uri": f"{oidc.origin(web)}{BROKER_PATH}",
            "scope": "openid profile email",
            "state": f"{txn}.{request.upstream['state']}",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": request.login_hint,
            "prompt": "login" if request.prompt == "login" else "",
        }
        return oidc.redirect(f"{self._gbizid(web.url.scheme)}/oauth/authorize", fields)

    async def broker(self, web: WebRequest) -> Response:
        """GET: the browser comes back from gBizID."""
        txn, _, nonce = web.query_params.get("state", "").partition(".")
        request = self._request(web, txn)
        if request is None or not nonce or request.upstream.get("state") != nonce:
            return _expired()
        if web.query_params.get("error"):
            return _choice(
                txn, "", "GビズIDでのログインが済みませんでした。もう一度選んでください。"
            )
        fields = {
            "code": web.query_params.get("code", ""),
            "redirect_uri": f"{oidc.origin(web)}{BROKER_PATH}",
            "code_verifier": request.upstream["verifier"],
        }
        request.upstream = {}
        grant, _ = self._gbizid_desk.redeem(BROKER_CLIENT, fields)
        if grant is None:
            return _choice(
                txn, "", "GビズIDでのログインを確認できませんでした。もう一度選んでください。"
            )
        return self._passed(web, txn, request, grant.account, grant.auth_stamp * 1000)

    async def browser_logout(self, web: WebRequest) -> Response:
        """GET {auth}/logout: drop the browser's session, then go back where that is registered."""
        target = web.query_params.get("post_logout_redirect_uri", "")
        known = web.query_params.get("client_id", "") == self._client.id
        if target and not (known and self._client.accepts(target)):
            return _refused("invalid_redirect_uri", "戻り先が登録と一致しません。")
        self._identity.sessions.pop(web.cookies.get(_cookie(web), ""), None)
        done: Response = pages.page(
            "ログアウトしました", pages.paragraph("この窓は閉じて構いません。")
        )
        if target:
            done = oidc.redirect(target, {"state": web.query_params.get("state", "")})
        done.delete_cookie(_cookie(web), path="/auth")
        return done

    def _request(self, web: WebRequest, txn: str) -> Request | None:
        request = self._identity.requests.get(txn)
        same = request is not None and request.issuer == f"{oidc.origin(web)}/auth"
        return request if same else None

    def _passed(
        self, web: WebRequest, txn: str, request: Request, account: str, ext_ms: int
    ) -> Response:
        self._identity.requests.pop(txn, None)
        clock = self._identity.clock
        idp = self._accounts[account].provider
        session = Session(account, clock.stamp(), idp, clock.seconds(), ext_ms)
        key = self._identity.open_session(session)
        answer = self._with_code(request, key)
        secure = web.url.scheme == "https"
        answer.set_cookie(
            _cookie(web), key, path="/auth", httponly=True, samesite="lax", secure=secure
        )
        return answer

    def _with_code(self, request: Request, session_id: str) -> Response:
        code = self._identity.issue_code(40, request, session_id)
        fields = {"state": request.state, "session_state": session_state(session_id), "code": code}
        return oidc.redirect(request.redirect_uri, fields)

    def _session(self, web: WebRequest) -> str:
        key = web.cookies.get(_cookie(web), "")
        session = self._identity.sessions.get(key)
        alive = session and self._identity.clock.seconds() < session.begun + SESSION_LIFE
        return key if alive else ""


def _fault(query: dict[str, str]) -> tuple[str, str] | None:
    if query.get("response_type") != "code":
        return "unsupported_response_type", "only code is offered"
    if not set(query.get("scope", "openid").split()) <= {"openid", "offline_access"}:
        return "invalid_scope", "only openid and offline_access are offered"
    if query.get("code_challenge_method") != "S256":
        return "invalid_request", "Missing parameter: code_challenge_method"
    if not oidc.good_challenge(query.get("code_challenge", "")):
        return "invalid_request", "Invalid parameter: code_challenge"
    return None


def _choice(txn: str, hint: str = "", message: str = "") -> HTMLResponse:
    """The page that offers the three ways; buttons idp-gbizid, idp-egov, idp-microsoft."""
    gbizid = pages.form(
        "/auth/login",
        pages.hidden("txn", txn),
        pages.button("GビズIDでログイン", "idp", "gbizid"),
        pages.button("Microsoft アカウントでログイン", "idp", "microsoft", "quiet"),
    )
    own = pages.form(
        "/auth/login",
        pages.hidden("txn", txn),
        pages.field("account", "e-Govアカウント（メールアドレス）", hint, "email"),
        pages.field("password", "パスワード", "", "password"),
        pages.button("e-Govアカウントでログイン", "idp", "egov"),
        pages.button("やめる", "idp", "cancel", "quiet"),
    )
    return pages.page("e-Gov ログイン", pages.band(message) + gbizid + "<hr>" + own)


def _refused(code: str, sentence: str) -> HTMLResponse:
    body = pages.band(sentence) + f'<p>コード：<span id="code">{code}</span></p>'
    return pages.page("ログインできません", body, 400)


def _expired() -> HTMLResponse:
    return _refused(
        "expired", "この画面は期限が過ぎたか、順番どおりではありません。もう一度始めてください。"
    )


def _cookie(web: WebRequest) -> str:
    return "egov_session_s" if web.url.scheme == "https" else "egov_session"
