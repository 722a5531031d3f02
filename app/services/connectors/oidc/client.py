"""The calls to an account server: start, finish, refresh, introspect, userinfo, log out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from app.domain.clock import JST, Clock
from app.domain.errors import Refused
from app.services.connectors.oidc.answers import (
    WHAT,
    account_type,
    ended,
    mapping,
    text_of,
    token_fault,
)
from app.services.connectors.oidc.config import (
    OidcConfig,
    Provider,
    discovery_address,
    provider_from,
)
from app.services.connectors.oidc.keys import KeySet
from app.services.connectors.oidc.request import (
    SignInRequest,
    new_request,
    read_return,
    refusal,
)
from app.services.connectors.oidc.tokens import (
    Tokens,
    check_access_token,
    check_claims,
    claims_of,
    kid_of,
    lifetime,
)
from app.services.wire import Reply, Wire

_ANSWER_LIMIT = 256 * 1024  # bytes


@dataclass(frozen=True)
class Introspection:
    """What the account server says of a token; claims e-Gov adds: egov_idp and its companions.

    `gbizid_account_type` is 1 エントリー, 2 プライム, 3 メンバー, 0 when not said.
    """

    active: bool
    subject: str = ""
    username: str = ""
    identity_provider: str = ""
    gbizid_account_type: int = 0
    expires_at: datetime | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


class OidcClient:
    """A client of one account server, for one vault. Safe to use from several threads."""

    def __init__(self, wire: Wire, config: OidcConfig, clock: Clock) -> None:
        self.config = config
        self._wire = wire
        self._clock = clock
        self._keys = KeySet(wire)
        self._provider: Provider | None = None
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    @property
    def has_introspection(self) -> bool:
        """Whether this account server can be asked about a token."""
        return bool(self.provider().introspection_endpoint)

    @property
    def has_userinfo(self) -> bool:
        """Whether this account server tells who signed in."""
        return bool(self.provider().userinfo_endpoint)

    def provider(self) -> Provider:
        """The endpoints: as configured, or by discovery (asked once and kept).

        Raises:
            Refused: the discovery document names another issuer or foreign endpoints.
        """
        with self._lock:
            known = self._provider
        if known is None:
            known = self._find_provider()
            with self._lock:
                self._provider = known
        return known

    def start(
        self, redirect_uri: str = "", *, prompt: str = "", login_hint: str = ""
    ) -> SignInRequest:
        """A fresh attempt; open its `url` in a browser within ten minutes.

        `redirect_uri` must be one that is registered; by default the configured one.
        """
        return new_request(
            self.config,
            self.provider(),
            self._clock(),
            redirect_uri or self.config.redirect_uri,
            prompt=prompt,
            login_hint=login_hint,
        )

    def finish(self, request: SignInRequest, returned_url: str) -> Tokens:
        """Exchange the code in the returned address for tokens, and check the ID token.

        Raises:
            Refused: an answer that cannot be trusted; its code names the check.
            NoAnswer, Unreachable: see the wire; a new attempt is needed.
        """
        provider, now = self.provider(), self._clock()
        code = read_return(request, provider, returned_url, now)
        self._use_once(request, now)
        answer = self._token_call(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": request.redirect_uri,
                "code_verifier": request.verifier,
            }
        )
        return self._tokens(answer, nonce=request.nonce, expected_subject=None)

    def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for the refresh token, which this uses up: save them before using them.

        Raises:
            SignedOut: there is no refresh token, or it was refused.
        """
        if not tokens.refresh_token:
            raise ended("oidc-no-refresh")
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        answer = self._token_call(form)
        fresh = self._tokens(answer, nonce=None, expected_subject=tokens.subject)
        if not fresh.refresh_token:  # a server that does not rotate leaves the old one good
            fresh = replace(
                fresh,
                refresh_token=tokens.refresh_token,
                refresh_expires_at=tokens.refresh_expires_at,
            )
        return fresh if fresh.id_token else replace(fresh, id_token=tokens.id_token)

    def introspect(self, access_token: str) -> Introspection:
        """What the account server says of an access token (RFC 7662).

        Raises:
            Refused: this account server has no introspection, or refused us.
        """
        url = self.provider().introspection_endpoint
        if not url:
            raise Refused(
                "oidc-no-introspection", "この相手には、サインインの状態をたずねる口がありません。"
            )
        reply = self._post(url, {"token": access_token, "token_type_hint": "access_token"})
        if reply.status != 200:
            raise token_fault(reply)
        said = mapping(reply)
        if not isinstance(said.get("active"), bool):
            raise refusal("oidc-introspection", WHAT)
        if not said["active"]:
            return Introspection(active=False)
        kind, until = said.get("egov_gbizid_account_type"), said.get("exp")
        return Introspection(
            active=True,
            subject=text_of(said, "sub"),
            username=text_of(said, "username"),
            identity_provider=text_of(said, "egov_idp"),
            gbizid_account_type=account_type(kind),
            expires_at=datetime.fromtimestamp(until, UTC).astimezone(JST)
            if isinstance(until, int) and 0 < until < 2**40
            else None,
            claims=said,
        )

    def userinfo(self, tokens: Tokens) -> dict[str, Any]:
        """The claims of whoever signed in; their `sub` must be the ID token's.

        Raises:
            SignedOut: the token is not taken. Refused: another sub, or no userinfo here.
        """
        url = self.provider().userinfo_endpoint
        if not url:
            raise Refused(
                "oidc-no-userinfo", "この相手には、だれがサインインしたかをたずねる口がありません。"
            )
        reply = self._wire.request(
            "GET",
            url,
            headers={"Authorization": f"Bearer {tokens.access_token}"},
            limit=_ANSWER_LIMIT,
        )
        if reply.status == 401:
            raise ended("oidc-userinfo-ended", reply.status)
        if reply.status != 200:
            raise token_fault(reply)
        said = dict(mapping(reply))
        if said.get("sub") != tokens.subject:
            raise refusal("oidc-userinfo-sub", "サインインした人と、返ってきた人が違います。")
        return said

    def logout(self, tokens: Tokens) -> None:
        """End the session at the account server, where it has a way (e-Gov: 204).

        Raises:
            DoorFault: the server was not reached or did not agree; the tokens are dropped anyway.
        """
        url = self.provider().end_session_endpoint
        if url and tokens.refresh_token:
            reply = self._post(url, {"refresh_token": tokens.refresh_token})
            if not 200 <= reply.status < 300:
                raise token_fault(reply)

    def _find_provider(self) -> Provider:
        given = self.config.provider
        if given is not None:
            if given.issuer != self.config.issuer:
                raise refusal("oidc-discovery-issuer", "設定の発行者どうしが合いません。")
            if given.jwks_uri:
                return given
        reply = self._wire.request(
            "GET", discovery_address(self.config.issuer), limit=_ANSWER_LIMIT
        )
        if reply.status != 200:
            raise Refused(
                "oidc-discovery",
                "サインインの相手の案内が見つかりません。設定のアドレスを確かめてください。",
                status=reply.status,
            )
        found = provider_from(reply.json(), self.config)
        return replace(given, jwks_uri=found.jwks_uri) if given is not None else found

    def _use_once(self, request: SignInRequest, now: datetime) -> None:
        mark = hashlib.sha256(request.state.encode()).hexdigest()
        with self._lock:
            self._used = {m: t for m, t in self._used.items() if t >= now}
            if mark in self._used:
                raise refusal("oidc-request-used", "このサインインの答えは、もう使われています。")
            self._used[mark] = request.expires_at

    def _token_call(self, form: dict[str, str]) -> Mapping[str, Any]:
        reply = self._post(self.provider().token_endpoint, form)
        if reply.status != 200:
            raise token_fault(reply, refreshing=form["grant_type"] == "refresh_token")
        return mapping(reply)

    def _post(self, url: str, form: dict[str, str]) -> Reply:
        config = self.config
        if not config.client_secret:
            form = form | {"client_id": config.client_id}
        return self._wire.request(
            "POST",
            url,
            form=form,
            basic=(config.client_id, config.client_secret) if config.client_secret else None,
            idempotent=True,  # nothing is filed here, whatever becomes of the answer …
            retry=False,  # … but a code and a refresh token are used up by the first call
            limit=_ANSWER_LIMIT,
        )

    def _tokens(
        self, answer: Mapping[str, Any], *, nonce: str | None, expected_subject: str | None
    ) -> Tokens:
        now = self._clock()
        access, id_token = text_of(answer, "access_token"), text_of(answer, "id_token")
        if not access or not (access.isascii() and access.isprintable()):
            raise refusal("oidc-token-answer", WHAT)
        if text_of(answer, "token_type").lower() != "bearer":
            raise refusal("oidc-token-answer", WHAT)
        subject = expected_subject
        if id_token:
            key = self._keys.key(kid_of(id_token), self.provider().jwks_uri, now)
            claims = claims_of(id_token, key)
            subject = check_claims(claims, self.config, now, nonce=nonce)
            check_access_token(claims, access)
        if subject is None:
            raise refusal("oidc-token-answer", WHAT)
        if expected_subject is not None and subject != expected_subject:
            raise refusal("oidc-sub", "サインインした人が、途中で変わりました。")
        refresh = text_of(answer, "refresh_token")
        return Tokens(
            access_token=access,
            expires_at=lifetime(answer, "expires_in", now, 3600),
            subject=subject,
            refresh_token=refresh,
            refresh_expires_at=lifetime(answer, "refresh_expires_in", now, 0)
            if refresh and answer.get("refresh_expires_in")
            else None,
            id_token=id_token,
            scope=text_of(answer, "scope"),
        )
