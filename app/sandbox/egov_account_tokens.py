"""The back side of the practice e-Gov account server: token, introspection, logout, discovery."""

from __future__ import annotations

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox import jwt, oidc
from app.sandbox.accounts import Account
from app.sandbox.identity import Grant, Identity, digest
from app.sandbox.keys import Pair

CODE_LIFE = 60
ACCESS_LIFE = 3600
OFFLINE_LIFE = 15552000
ONLINE_LIFE = 1800


class EgovTokenDesk:
    """Tokens of the account server, Keycloak-like (e-Gov reference, section 1.2)."""

    def __init__(
        self,
        identity: Identity,
        pair: Pair,
        client: oidc.Client,
        accounts: dict[str, Account],
    ) -> None:
        """`accounts` is keyed 'provider:address'."""
        self.identity = identity
        self._pair = pair
        self._client = client
        self._accounts = accounts

    async def token(self, request: Request) -> Response:
        """POST {auth}/token."""
        refusal = self._refused(request)
        if refusal:
            return refusal
        fields = await oidc.form_fields(request)
        if fields is None or not fields.get("grant_type"):
            return oidc.token_error(400, "invalid_request", "Missing form parameter: grant_type")
        if fields["grant_type"] == "authorization_code":
            return self._by_code(fields)
        if fields["grant_type"] == "refresh_token":
            return self._by_refresh(fields)
        return oidc.token_error(400, "unsupported_grant_type", "Unsupported grant_type")

    def _refused(self, request: Request) -> Response | None:
        user, _ = oidc.basic_credentials(request)
        if user != self._client.id:
            return oidc.token_error(401, "invalid_client", "Invalid client credentials")
        if not oidc.is_client(self._client, request):
            return oidc.token_error(401, "unauthorized_client", "Invalid client secret")
        return None

    def _by_code(self, fields: dict[str, str]) -> Response:
        code = self.identity.codes.get(fields.get("code", ""))
        if code is None:
            return oidc.token_error(400, "invalid_grant", "Code not valid")
        if code.used:
            if code.grant in self.identity.grants:
                self.identity.grants[code.grant].revoked = True
            return oidc.token_error(400, "invalid_grant", "Code already used")
        code.used = True
        if self.identity.clock.seconds() > code.issued + CODE_LIFE:
            return oidc.token_error(400, "invalid_grant", "Code is expired")
        if fields.get("redirect_uri", "") != code.request.redirect_uri:
            return oidc.token_error(400, "invalid_grant", "Incorrect redirect_uri")
        if not oidc.verifier_fits(fields.get("code_verifier", ""), code.request.challenge):
            return oidc.token_error(400, "invalid_grant", "PKCE verification failed: Code mismatch")
        session = code.session
        grant = self.open_grant(
            session.account,
            code.request.scope,
            code.request.issuer,
            code.session_id,
            session.auth_stamp,
            session.ext_ms,
        )
        code.grant = grant.id
        return oidc.token_answer(self.tokens(grant, code.request.nonce))

    def open_grant(
        self, account: str, scope: str, issuer: str, session_id: str, stamp: int, ext_ms: int
    ) -> Grant:
        """Remember a finished sign-in."""
        grant = Grant(
            id=self._uuid(),
            client_id=self._client.id,
            account=account,
            scope=scope,
            issuer=issuer,
            session_id=session_id,
            auth_stamp=stamp,
            idp=self._accounts[account].provider,
            ext_ms=ext_ms,
        )
        self.identity.grants[grant.id] = grant
        return grant

    def _by_refresh(self, fields: dict[str, str]) -> Response:
        grant = self.identity.grant_of_refresh(fields.get("refresh_token", ""))
        if grant is None:
            return oidc.token_error(400, "invalid_grant", "Invalid refresh token")
        if grant.revoked:
            return oidc.token_error(400, "invalid_grant", "Session not active")
        if self.identity.clock.seconds() > grant.refresh_issued + _refresh_life(grant):
            return oidc.token_error(400, "invalid_grant", "Token is not active")
        return oidc.token_answer(self.tokens(grant, ""))

    def tokens(self, grant: Grant, nonce: str) -> dict[str, Any]:
        """Fresh tokens of a grant; the refresh token that came before is good no more."""
        jti, stamp = self._uuid(), self.identity.clock.stamp()
        grant.access[jti] = self.identity.clock.seconds()
        while len(grant.access) > 20:
            grant.access.pop(next(iter(grant.access)))
        refresh_claims = {"jti": self._uuid(), "iss": grant.issuer, "typ": "Offline"}
        refresh = jwt.sign(refresh_claims | {"iat": stamp, "sid": grant.id}, self._pair)
        grant.old_refresh = [*grant.old_refresh, grant.refresh][-5:]
        grant.refresh, grant.refresh_issued = digest(refresh), self.identity.clock.seconds()
        access = self._access_claims(grant, jti, stamp) | {"exp": stamp + ACCESS_LIFE}
        answer: dict[str, Any] = {
            "access_token": jwt.sign(access, self._pair),
            "expires_in": ACCESS_LIFE,
            "refresh_expires_in": _refresh_life(grant),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "session_state": self._state(grant),
            "scope": grant.scope,
        }
        if "openid" in grant.scope.split():
            claims = access | {"typ": "ID", "aud": grant.client_id, "jti": self._uuid()}
            claims.pop("scope")
            answer["id_token"] = jwt.sign(claims | ({"nonce": nonce} if nonce else {}), self._pair)
        self.identity.changed()
        return answer

    def _access_claims(self, grant: Grant, jti: str, stamp: int) -> dict[str, Any]:
        account = self._accounts[grant.account]
        claims: dict[str, Any] = {
            "iat": stamp,
            "auth_time": grant.auth_stamp,
            "jti": jti,
            "iss": grant.issuer,
            "aud": "account",
            "sub": subject(grant.account),
            "typ": "Bearer",
            "azp": grant.client_id,
            "session_state": self._state(grant),
            "acr": "1",
            "scope": grant.scope,
            "sid": self._state(grant),
            "email": account.address,
            "email_verified": True,
            "egov_idp": grant.idp,
        }
        if grant.idp == "gbizid":
            claims["egov_extidp_auth_time"] = grant.ext_ms
            claims["egov_gbizid_account_type"] = str(account.account_type)
        return claims

    def _state(self, grant: Grant) -> str:
        return session_state(grant.session_id)

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self.identity.rng.getrandbits(128), version=4))

    def holder(self, token: str) -> tuple[Grant, str] | None:
        """The grant and id of an access token this server signed and remembers, alive or not."""
        claims = jwt.verified(token, self._pair)
        jti = str(claims.get("jti", "")) if claims else ""
        grant = self.identity.grant_of_access(jti) if jti else None
        return (grant, jti) if grant else None

    async def introspect(self, request: Request) -> Response:
        """POST {auth}/token/introspect."""
        refusal = self._refused(request)
        if refusal:
            return refusal
        fields = await oidc.form_fields(request)
        if fields is None or not fields.get("token"):
            return oidc.token_error(400, "invalid_request", "Token not provided")
        token = fields["token"]
        held = self.holder(token)
        if held and self.identity.access_alive(held[0], held[1], ACCESS_LIFE):
            grant, jti = held
            stamp = int(jwt.verified(token, self._pair).get("iat", 0))  # type: ignore[union-attr]
            claims = self._access_claims(grant, jti, stamp) | {"exp": stamp + ACCESS_LIFE}
        else:
            found = self.identity.grant_of_refresh(token)
            if found is None or found.revoked:
                return oidc.token_answer({"active": False})
            claims = self._access_claims(found, "", self.identity.clock.stamp())
            claims |= {"typ": "Offline", "exp": int(found.refresh_issued) + _refresh_life(found)}
        extra = {"client_id": self._client.id, "username": claims["email"], "active": True}
        return oidc.token_answer(claims | extra)

    async def logout(self, request: Request) -> Response:
        """POST {auth}/logout: the grant and its browser session end; 204."""
        refusal = self._refused(request)
        if refusal:
            return refusal
        fields = await oidc.form_fields(request)
        grant = self.identity.grant_of_refresh((fields or {}).get("refresh_token", ""))
        if grant is None:
            return oidc.token_error(400, "invalid_grant", "Invalid refresh token")
        grant.revoked = True
        self.identity.sessions.pop(grant.session_id, None)
        self.identity.changed()
        return Response(status_code=204)

    async def discovery(self, request: Request) -> Response:
        """GET {auth}/.well-known/openid-configuration."""
        issuer = f"{oidc.origin(request)}/auth"
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/auth",
                "token_endpoint": f"{issuer}/token",
                "introspection_endpoint": f"{issuer}/token/introspect",
                "end_session_endpoint": f"{issuer}/logout",
                "jwks_uri": f"{issuer}/certs",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "offline_access"],
            }
        )

    async def certs(self, request: Request) -> Response:
        """GET {auth}/certs, the JWK set."""
        del request
        return JSONResponse(jwt.jwks(self._pair))


def session_state(session_id: str) -> str:
    """The public name of a browser session, which does not give its cookie away."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, session_id))


def subject(account: str) -> str:
    """The account server's own number of a person."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"renshu:{account}"))


def _refresh_life(grant: Grant) -> int:
    return OFFLINE_LIFE if "offline_access" in grant.scope.split() else ONLINE_LIFE
