"""A small OpenID provider of the tests' own, signing with `cryptography` alone.

It is right by default; a test makes it lie by changing one thing (`claims`, `head`, `sign`, `keys`,
`answer`). It keeps codes and refresh tokens single-use as RFC 6749 asks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.domain.clock import JST
from app.services.connectors.oidc import OidcClient, OidcConfig
from app.services.wire import Wire
from tests.services.certificates import rsa_key

CLIENT, SECRET = "soft-ware-1", "api-key-9"
REDIRECT = "http://127.0.0.1:53682/callback"


class Watch:
    def __init__(self) -> None:
        self.now = datetime(2026, 7, 3, 13, 42, tzinfo=JST)

    def __call__(self) -> datetime:
        return self.now


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: rsa.RSAPrivateKey, kid: str, **more: Any) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    n, e = (v.to_bytes((v.bit_length() + 7) // 8, "big") for v in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": b64(n), "e": b64(e)} | more


def rs256(signed: bytes, key: rsa.RSAPrivateKey) -> bytes:
    return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def public_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hs256(signed: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, signed, hashlib.sha256).digest()


class OpenIdProvider:
    """The provider at `issuer`, reached through `transport`."""

    def __init__(self, clock: Callable[[], datetime], issuer: str = "http://127.0.0.1:9000/oauth/"):
        self.issuer = issuer
        self.base = issuer.rstrip("/")
        self._clock = clock
        self.key = rsa_key("first")
        self.kid = "k1"
        self.keys: Any = [jwk(self.key, "k1")]
        self.claims: dict[str, Any] = {}
        self.without: set[str] = set()
        self.head: dict[str, Any] = {}
        self.sign: Callable[[bytes], bytes] | None = None
        self.answer: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.people: dict[str, Any] = {"sub": "1242", "account_type": 2}
        self.introspection: dict[str, Any] = {"active": True, "sub": "1242"}
        self.rotate = True
        self.refresh_error = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh_tokens: set[str] = set()
        self.seen: list[httpx.Request] = []
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
        self.transport = httpx.MockTransport(self._handle)

    def count(self, path: str) -> int:
        return sum(1 for r in self.seen if r.url.path.endswith(path))

    def authorize(self, url: str, **more: str) -> str:
        """What a browser is redirected to after the person signed in."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        code = secrets.token_hex(11)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "session_state": "s-1"} | more
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def id_token(self, nonce: str = "", access_token: str = "") -> str:
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": "1242",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 3600,
            "auth_time": now - 30,
            "jti": secrets.token_hex(8),
        }
        if nonce:
            claims["nonce"] = nonce
        if access_token:
            claims["at_hash"] = b64(hashlib.sha256(access_token.encode()).digest()[:16])
        claims |= self.claims
        claims = {k: v for k, v in claims.items() if k not in self.without}
        head = {k: v for k, v in ({"alg": "RS256", "kid": self.kid} | self.head).items() if v != ""}
        signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
        signature = self.sign(signed.encode()) if self.sign else rs256(signed.encode(), self.key)
        return f"{signed}.{b64(signature)}"

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if (told := self.before(request)) is not None:
            return told
        path = request.url.path
        if path.endswith("/.well-known/openid-configuration"):
            return httpx.Response(200, json=self._discovery())
        if path.endswith("/jwks.json"):
            body = self.keys if isinstance(self.keys, dict) else {"keys": self.keys}
            return httpx.Response(200, json=body)
        if path.endswith("/token"):
            return self._token(request)
        if path.endswith("/introspect"):
            return httpx.Response(200, json=self.introspection)
        if path.endswith("/userinfo"):
            return httpx.Response(200, json=self.people)
        if path.endswith("/logout"):
            return httpx.Response(204)
        return httpx.Response(404)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys/jwks.json",
            "userinfo_endpoint": f"{self.base}/userinfo",
            "introspection_endpoint": f"{self.base}/token/introspect",
            "end_session_endpoint": f"{self.base}/logout",
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
        } | self.document

    def _token(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Basic {_basic()}":
            return httpx.Response(401, json={"error": "unauthorized"})
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        if form["grant_type"] == "refresh_token":
            return self._refresh(form)
        asked = self.codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        challenge = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return self._grant(asked.get("nonce", ""))

    def _refresh(self, form: dict[str, str]) -> httpx.Response:
        if self.refresh_error or form["refresh_token"] not in self.refresh_tokens:
            error = self.refresh_error or "invalid_token"
            return httpx.Response(401, json={"error": error})
        if self.rotate:
            self.refresh_tokens.remove(form["refresh_token"])
        return self._grant("")

    def _grant(self, nonce: str) -> httpx.Response:
        access = secrets.token_hex(16)
        # As gBizID's: looks like an unsigned JWT and must never be parsed.
        unsigned = b64(json.dumps({"alg": "none"}).encode())
        refresh = f"{unsigned}.{secrets.token_hex(12)}."
        body: dict[str, Any] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": self.id_token(nonce, access),
            "scope": "openid offline_access",
            "refresh_token": refresh,
            "refresh_expires_in": 15_552_000,
        } | self.answer
        self.refresh_tokens.add(refresh)
        return httpx.Response(200, json={k: v for k, v in body.items() if v is not None})


def _basic() -> str:
    return base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()


def client_of(provider, watch, /, **more) -> OidcClient:
    config = OidcConfig(
        door="GビズID",
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uri=REDIRECT,
        scopes=("openid", "profile", "offline_access"),
    )
    wire = Wire(practice=True, door="GビズID", transport=provider.transport, clock=watch)
    return OidcClient(wire, replace(config, **more), watch)
