"""The back side of the practice gBizID: token endpoint, userinfo, discovery, keys."""

from __future__ import annotations

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox import jwt, oidc
from app.sandbox.accounts import Account
from app.sandbox.gbizid_claims import ARRANGED, BASE, CLAIMS, userinfo
from app.sandbox.identity import Grant, Identity, digest
from app.sandbox.keys import Pair

ACCESS_LIFE = 3600
REFRESH_LIFE = 30 * 86400
CODE_LIFE = 300


class TokenDesk:
    """Gives and checks the tokens of gBizID."""

    def __init__(
        self,
        identity: Identity,
        pair: Pair,
        clients: dict[str, oidc.Client],
        accounts: dict[str, Account],
    ) -> None:
        """`accounts` is keyed 'gbizid:address'."""
        self._identity = identity
        self._pair = pair
        self._clients = clients
        self._accounts = accounts

    async def token(self, request: Request) -> Response:
        """POST /oauth/token; a wrong client gets gBizID's own `unauthorized`."""
        user, _ = oidc.basic_credentials(request)
        client = self._clients.get(user)
        if client is None or not oidc.is_client(client, request):
            return oidc.token_error(401, "unauthorized", "client authentication failed")
        fields = await oidc.form_fields(request)
        if fields is None or not fields.get("grant_type"):
            return oidc.token_error(400, "invalid_request", "a form with grant_type is needed")
        if fields["grant_type"] == "authorization_code":
            return self._by_code(client, fields)
        if fields["grant_type"] == "refresh_token":
            return self._by_refresh(client, fields)
        return oidc.token_error(400, "unsupported_grant_type", "this grant_type is not offered")

    def _by_code(self, client: oidc.Client, fields: dict[str, str]) -> Response:
        if not fields.get("code"):
            return oidc.token_error(400, "invalid_request", "code is missing")
        grant, why = self.redeem(client.id, fields)
        if grant is None:
            return oidc.token_error(400, "invalid_grant", why)
        code = self._identity.codes[fields["code"]]
        return oidc.token_answer(self._tokens(grant, code.request.nonce))

    def redeem(self, client_id: str, fields: dict[str, str]) -> tuple[Grant | None, str]:
        """A grant for a code, or the reason why there is none; a code seen twice ends its grant."""
        code = self._identity.codes.get(fields.get("code", ""))
        if code is None or code.request.client_id != client_id:
            return None, "the code is not known"
        if code.used:
            if code.grant in self._identity.grants:
                self._identity.grants[code.grant].revoked = True
            return None, "the code was used before"
        code.used = True
        if self._identity.clock.seconds() > code.issued + CODE_LIFE:
            return None, "the code has expired"
        given = fields.get("redirect_uri", "")
        if given != code.request.redirect_uri and (given or code.request.redirect_given):
            return None, "redirect_uri differs"
        if not oidc.verifier_fits(fields.get("code_verifier", ""), code.request.challenge):
            return None, "code_verifier does not fit"
        grant = Grant(
            id=str(uuid.UUID(int=self._identity.rng.getrandbits(128), version=4)),
            client_id=client_id,
            account=code.session.account,
            scope=code.request.scope,
            issuer=code.request.issuer,
            session_id=code.session_id,
            auth_stamp=code.session.auth_stamp,
            idp="gbizid",
            ext_ms=0,
        )
        code.grant = grant.id
        self._identity.grants[grant.id] = grant
        return grant, ""

    def _by_refresh(self, client: oidc.Client, fields: dict[str, str]) -> Response:
        token = fields.get("refresh_token", "")
        if not token:
            return oidc.token_error(400, "invalid_request", "refresh_token is missing")
        grant = self._identity.grant_of_refresh(token)
        if grant is None or grant.client_id != client.id or grant.revoked:
            return oidc.token_error(401, "invalid_token", "the refresh token is not good")
        if self._identity.clock.seconds() > grant.refresh_issued + REFRESH_LIFE:
            return oidc.token_error(401, "invalid_token", "the refresh token has expired")
        wanted = set(fields.get("scope", grant.scope).split())
        if "openid" not in wanted or not wanted <= set(grant.scope.split()):
            return oidc.token_error(401, "invalid_scope", "the scope is wider, or without openid")
        return oidc.token_answer(self._tokens(grant, ""))

    def _tokens(self, grant: Grant, nonce: str) -> dict[str, Any]:
        identity, stamp = self._identity, self._identity.clock.stamp()
        account = self._accounts[grant.account]
        scopes = grant.scope.split()
        base = {"sub": account.sub, "iss": grant.issuer, "iat": stamp, "exp": stamp + ACCESS_LIFE}
        jti = str(uuid.UUID(int=identity.rng.getrandbits(128), version=4))
        grant.access[jti] = identity.clock.seconds()
        answer: dict[str, Any] = {
            "access_token": jwt.sign(base | {"azp": grant.client_id, "jti": jti}, self._pair),
            "token_type": "Bearer",
            "expires_in": ACCESS_LIFE,
            "scope": grant.scope,
        }
        if "openid" in scopes:
            claims = base | {"aud": grant.client_id, "auth_time": grant.auth_stamp}
            claims["jti"] = str(uuid.UUID(int=identity.rng.getrandbits(128), version=4))
            answer["id_token"] = jwt.sign(claims | ({"nonce": nonce} if nonce else {}), self._pair)
        if "offline_access" in scopes:
            refresh = str(uuid.UUID(int=identity.rng.getrandbits(128), version=4))
            text = jwt.unsigned({"exp": stamp + REFRESH_LIFE, "jti": refresh})
            grant.old_refresh = [*grant.old_refresh, grant.refresh][-5:]
            grant.refresh, grant.refresh_issued = digest(text), identity.clock.seconds()
            answer["refresh_token"] = text
        identity.changed()
        return answer

    async def userinfo(self, request: Request) -> Response:
        """GET or POST /oauth/userinfo."""
        claims = jwt.verified(oidc.bearer(request), self._pair)
        jti = str(claims.get("jti", "")) if claims else ""
        grant = self._identity.grant_of_access(jti) if jti else None
        if grant is None or not self._identity.access_alive(grant, jti, ACCESS_LIFE):
            return _bearer_error(401, "invalid_token")
        if "openid" not in grant.scope.split():
            return _bearer_error(403, "insufficient_scope")
        return JSONResponse(userinfo(self._accounts[grant.account], set(grant.scope.split())))

    async def discovery(self, request: Request) -> Response:
        """GET {issuer}.well-known/openid-configuration."""
        issuer = f"{oidc.origin(request)}/oauth/"
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}authorize",
                "token_endpoint": f"{issuer}token",
                "userinfo_endpoint": f"{issuer}userinfo",
                "jwks_uri": f"{issuer}keys",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": [*BASE, *ARRANGED],
                "claims_supported": CLAIMS,
            }
        )

    async def keys(self, request: Request) -> Response:
        """GET the JWK set; its address is taken from the discovery document."""
        del request
        return JSONResponse(jwt.jwks(self._pair))


def _bearer_error(status: int, error: str) -> JSONResponse:
    headers = {"WWW-Authenticate": f'Bearer realm="gbizid", error="{error}"'}
    return JSONResponse({"error": error}, status, headers)
