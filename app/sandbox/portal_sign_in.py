"""The practice portal as a relying party of the practice gBizID: code flow with PKCE, プライム and メンバー only."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.sandbox import oidc, portal_pages
from app.sandbox.accounts import Account
from app.sandbox.gbizid_claims import userinfo
from app.sandbox.gbizid_tokens import TokenDesk
from app.sandbox.identity import random_text
from app.sandbox.jwt import b64url
from app.sandbox.portal_book import PortalBook, PortalSession

PORTAL_CLIENT = "portal-renshu"
CALLBACK_PATH = "/callback"
LOGIN_LIFE = 600
SCOPE = "openid profile user mandate email"
ENTRY = 1
_GRANT_PAGE = re.compile(r"/subsidy/[A-Za-z0-9]+")


@dataclass
class _Attempt:
    state: str
    verifier: str
    begun: float
    to: str


class PortalSignIn:
    """Sign-in and sign-out; who signed in at gBizID before, for whatever service, is not asked again."""

    def __init__(
        self,
        book: PortalBook,
        gbizid_desk: TokenDesk,
        accounts: dict[str, Account],
        gbizid_origin: Callable[[str], str],
    ) -> None:
        """`gbizid_origin` gives gBizID's origin for a scheme, once the ports are known."""
        self._book = book
        self._desk = gbizid_desk
        self._accounts = accounts
        self._gbizid = gbizid_origin
        self._attempts: dict[str, _Attempt] = {}

    def routes(self) -> list[Route]:
        """/login, the way back from gBizID, /logout."""
        return [
            Route("/login", self.login, methods=["GET"]),
            Route(CALLBACK_PATH, self.callback, methods=["GET"]),
            Route("/logout", self.logout, methods=["POST"]),
        ]

    def session(self, web: Request) -> tuple[str, PortalSession | None]:
        """The browser's session, its cookie's value with it."""
        key = web.cookies.get(_cookie(web), "")
        if getattr(web.state, "end_session", False):
            self._book.sessions.pop(key, None)
        return key, self._book.session(key)

    def form_target(self, web: Request) -> str:
        """The origin a sign-in form is redirected to, for the page's policy."""
        return self._gbizid(web.url.scheme)

    async def login(self, web: Request) -> Response:
        """GET /login: off to gBizID; `switch` asks there for the account again, `to` comes back to a grant."""
        rng, now = self._book.rng, self._book.clock.seconds()
        self._attempts = {
            key: item for key, item in self._attempts.items() if item.begun > now - LOGIN_LIFE
        }
        to = web.query_params.get("to", "")
        # No other address: a sign-in must not end at a page somebody else chose.
        to = to if _GRANT_PAGE.fullmatch(to) else "/mypage"
        attempt = _Attempt(random_text(rng, 32), random_text(rng, 64), now, to)
        key = random_text(rng, 32)
        self._attempts[key] = attempt
        challenge = b64url(hashlib.sha256(attempt.verifier.encode("ascii")).digest())
        fields = {
            "response_type": "code",
            "client_id": PORTAL_CLIENT,
            "redirect_uri": f"{oidc.origin(web)}{CALLBACK_PATH}",
            "scope": SCOPE,
            "state": attempt.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "login" if web.query_params.get("switch") else "",
        }
        answer = oidc.redirect(f"{self._gbizid(web.url.scheme)}/oauth/authorize", fields)
        secure = web.url.scheme == "https"
        # Lax: the browser comes back from another origin with it.
        answer.set_cookie(
            _login_cookie(web),
            key,
            max_age=LOGIN_LIFE,
            path=CALLBACK_PATH,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
        return answer

    async def callback(self, web: Request) -> Response:
        """GET: the browser comes back from gBizID with a code, or without."""
        attempt = self._attempts.pop(web.cookies.get(_login_cookie(web), ""), None)
        target = self.form_target(web)
        given = web.query_params.get("state", "").encode("utf-8")
        if attempt is None or not hmac.compare_digest(given, attempt.state.encode("ascii")):
            sentence = (
                "ログインの手続きが期限切れか、順番どおりではありません。もう一度お試しください。"
            )
            return portal_pages.front(target, sentence, 400)
        if web.query_params.get("error"):
            return portal_pages.front(target, "GビズIDでのログインが済みませんでした。")
        fields = {
            "code": web.query_params.get("code", ""),
            "redirect_uri": f"{oidc.origin(web)}{CALLBACK_PATH}",
            "code_verifier": attempt.verifier,
        }
        grant, _ = self._desk.redeem(PORTAL_CLIENT, fields)
        if grant is None:
            return portal_pages.front(target, "GビズIDでのログインを確認できませんでした。", 400)
        account = self._accounts[grant.account]
        if account.account_type == ENTRY:
            sentence = "GビズIDエントリーでは申請できません。プライムまたはメンバーが必要です。"
            return portal_pages.refused(sentence, target, switch=True)
        claims = userinfo(account, set(grant.scope.split()))
        key = self._book.open_session(grant.account, claims)
        answer = RedirectResponse(attempt.to, 302, {"Cache-Control": "no-store"})
        secure = web.url.scheme == "https"
        answer.set_cookie(
            _cookie(web), key, path="/", httponly=True, samesite="strict", secure=secure
        )
        answer.delete_cookie(_login_cookie(web), path=CALLBACK_PATH)
        return answer

    async def logout(self, web: Request) -> Response:
        """POST /logout with the CSRF token: ends the portal's session, not gBizID's."""
        key, session = self.session(web)
        form = await web.form()
        if session and not same_token(session, str(form.get("csrf", ""))):
            return portal_pages.refused("画面を読み直して、もう一度お試しください。", "", 403)
        self._book.sessions.pop(key, None)
        answer = portal_pages.logged_out(f"{self._gbizid(web.url.scheme)}/oauth/logout")
        answer.delete_cookie(_cookie(web), path="/", secure=web.url.scheme == "https")
        return answer


def same_token(session: PortalSession, given: str) -> bool:
    """Whether this is the session's CSRF token."""
    return hmac.compare_digest(given.encode("utf-8"), session.csrf.encode("ascii"))


def new_client() -> oidc.Client:
    """The portal's registration at gBizID; its redirect addresses come with the ports."""
    return oidc.Client(PORTAL_CLIENT, secrets.token_urlsafe(24), [])


def _cookie(web: Request) -> str:
    # The prefix makes the browser itself refuse the cookie without Secure, or for another path.
    return "__Host-portal_session" if web.url.scheme == "https" else "portal_session"


def _login_cookie(web: Request) -> str:
    return "portal_login_s" if web.url.scheme == "https" else "portal_login"
