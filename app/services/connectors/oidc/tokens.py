"""The tokens of a sign-in, and the checks an ID token must pass (OpenID Connect Core 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.services.connectors.oidc.config import OidcConfig
from app.services.connectors.oidc.request import refusal

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

SKEW = 60  # seconds a clock may be off
_LONGEST_TOKEN = 16 * 1024
_WHAT = "サインインの答えが、登録した相手のものと確かめられません。"


@dataclass(frozen=True)
class Tokens:
    """What a sign-in gave. The texts are secrets: kept in the vault only, never shown.

    `refresh_token` is an opaque text (gBizID's looks like an unsigned JWT; it is never parsed).
    """

    access_token: str = field(repr=False)
    expires_at: datetime
    subject: str
    refresh_token: str = field(default="", repr=False)
    refresh_expires_at: datetime | None = None
    id_token: str = field(default="", repr=False)
    scope: str = ""

    def to_json(self) -> dict[str, str]:
        """Texts only, as the vault keeps them."""
        until = self.refresh_expires_at
        return {
            "access_token": self.access_token,
            "expires_at": self.expires_at.isoformat(),
            "subject": self.subject,
            "refresh_token": self.refresh_token,
            "refresh_expires_at": until.isoformat() if until else "",
            "id_token": self.id_token,
            "scope": self.scope,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> Tokens:
        """The tokens the vault kept. Raises KeyError or ValueError on another shape."""
        until = kept.get("refresh_expires_at", "")
        return cls(
            access_token=kept["access_token"],
            expires_at=datetime.fromisoformat(kept["expires_at"]),
            subject=kept["subject"],
            refresh_token=kept.get("refresh_token", ""),
            refresh_expires_at=datetime.fromisoformat(until) if until else None,
            id_token=kept.get("id_token", ""),
            scope=kept.get("scope", ""),
        )


def kid_of(token: str) -> str:
    """The kid an ID token names, after its head was checked.

    Raises:
        Refused: not a compact JWS, another algorithm than RS256, no kid, or critical extensions.
    """
    parts = token.split(".")
    if len(token) > _LONGEST_TOKEN or len(parts) != 3 or not all(parts):
        raise refusal("oidc-token-shape", _WHAT)
    try:
        head = json.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (ValueError, RecursionError):
        raise refusal("oidc-token-shape", _WHAT) from None
    if not isinstance(head, dict) or head.get("alg") != "RS256":
        raise refusal("oidc-alg", _WHAT)
    if "crit" in head:
        raise refusal("oidc-token-shape", _WHAT)
    kid = head.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= 256:
        raise refusal("oidc-kid", _WHAT)
    return kid


def claims_of(token: str, key: RSAKey) -> dict[str, Any]:
    """The claims of an ID token whose RS256 signature `key` made.

    Raises:
        Refused: the signature does not fit, or no claims can be read.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        return dict(jwt.decode(token, key, algorithms=["RS256"]).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise refusal("oidc-signature", _WHAT) from None


def check_claims(
    claims: Mapping[str, Any], config: OidcConfig, now: datetime, *, nonce: str | None
) -> str:
    """The subject, when issuer, audience, times and nonce are right.

    `nonce` None means a refreshed ID token, which need not repeat it.

    Raises:
        Refused: naming by its code the claim that is wrong.
    """
    if claims.get("iss") != config.issuer:
        raise refusal("oidc-iss", _WHAT)
    _check_audience(claims, config.client_id)
    _check_times(claims, now, config.max_age)
    said = claims.get("nonce")
    if nonce is not None and not (
        isinstance(said, str) and hmac.compare_digest(said.encode(), nonce.encode())
    ):
        raise refusal("oidc-nonce", _WHAT)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise refusal("oidc-sub", _WHAT)
    return subject


def check_access_token(claims: Mapping[str, Any], access_token: str) -> None:
    """When the ID token carries at_hash, the access token must be the one it was made for."""
    said = claims.get("at_hash")
    if said is None:
        return
    half = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
    made = base64.urlsafe_b64encode(half).rstrip(b"=")
    if not (isinstance(said, str) and hmac.compare_digest(said.encode(), made)):
        raise refusal("oidc-at-hash", _WHAT)


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        raise refusal("oidc-aud", _WHAT)
    party = claims.get("azp")
    if (len(listed) > 1 and party is None) or (party is not None and party != client_id):
        raise refusal("oidc-azp", _WHAT)


def _check_times(claims: Mapping[str, Any], now: datetime, max_age: int | None) -> None:
    seconds = now.timestamp()
    if seconds >= _time(claims, "exp") + SKEW:
        raise refusal(
            "oidc-expired",
            "サインインの答えの期限が過ぎています。パソコンの時計を確かめてください。",
        )
    issued = _time(claims, "iat")
    if issued > seconds + SKEW:
        raise refusal(
            "oidc-iat", "サインインの答えが未来の時刻です。パソコンの時計を確かめてください。"
        )
    if "nbf" in claims and _time(claims, "nbf") > seconds + SKEW:
        raise refusal(
            "oidc-nbf", "サインインの答えが未来の時刻です。パソコンの時計を確かめてください。"
        )
    if "auth_time" not in claims and max_age is None:
        return
    signed_in = _time(claims, "auth_time")
    if signed_in > seconds + SKEW:
        raise refusal("oidc-auth-time", _WHAT)
    if max_age is not None and seconds > signed_in + max_age + SKEW:
        raise refusal("oidc-auth-time", _WHAT)


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise refusal(f"oidc-{name.replace('_', '-')}", _WHAT)
    return float(value)


def lifetime(answer: Mapping[str, Any], key: str, now: datetime, default: int) -> datetime:
    """`now` plus the seconds an answer names (number or digits), held between 0 and ten years."""
    value = answer.get(key, default)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int):
        value = default
    return now + timedelta(seconds=max(0, min(value, 315_360_000)))
