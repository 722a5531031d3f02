"""Who we are at an account server, and where its endpoints are.

gBizID publishes a discovery document; for the e-Gov account server the reference names the
endpoints only, so they can be given as they are, with discovery used for the keys alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.domain.errors import Refused


@dataclass(frozen=True)
class OidcConfig:
    """What the person or the installer settled with the account server.

    `issuer` is compared exactly (gBizID's ends with a slash). `client_secret` may be empty where a
    broker adds it. `origins` are further origins (scheme://host:port) where endpoints may lie;
    without them every endpoint must lie at the issuer's own origin. `max_age` (seconds) asks for a
    recent authentication, and then `auth_time` is required.
    """

    door: str
    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "offline_access")
    provider: Provider | None = None
    origins: tuple[str, ...] = ()
    max_age: int | None = None


@dataclass(frozen=True)
class Provider:
    """The endpoints of an account server; "" where it has none."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str = ""
    userinfo_endpoint: str = ""
    introspection_endpoint: str = ""
    end_session_endpoint: str = ""
    iss_in_response: bool = False


def egov_provider(
    auth_base: str, issuer: str, *, jwks_uri: str = "", token_endpoint: str = ""
) -> Provider:
    """The e-Gov account server's endpoints below `auth_base` (reference egov 1.2).

    `token_endpoint` may be a broker's, that adds the API key and passes on; then introspection and
    logout, which want the key too, are asked of the broker, at the same places beside it as at
    e-Gov (…/token/introspect, …/logout). Without `jwks_uri` the keys are found by discovery at the
    issuer.
    """
    base = auth_base.rstrip("/")
    token = (token_endpoint or f"{base}/token").rstrip("/")
    return Provider(
        issuer=issuer,
        authorization_endpoint=f"{base}/auth",
        token_endpoint=token,
        jwks_uri=jwks_uri,
        introspection_endpoint=f"{token}/introspect",
        end_session_endpoint=f"{token.rsplit('/', 1)[0]}/logout",
    )


def discovery_address(issuer: str) -> str:
    """Where the issuer's discovery document lies (OpenID Connect Discovery 4)."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def provider_from(document: Any, config: OidcConfig) -> Provider:
    """The provider a discovery document describes.

    Raises:
        Refused: another issuer, an endpoint at a foreign origin, or no S256 or RS256.
    """
    if not isinstance(document, Mapping):
        raise _bad("oidc-discovery")
    if document.get("issuer") != config.issuer:
        raise _bad("oidc-discovery-issuer")
    for key, needed in (
        ("code_challenge_methods_supported", "S256"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("response_types_supported", "code"),
    ):
        listed = document.get(key)
        if listed is not None and (not isinstance(listed, list) or needed not in listed):
            raise _bad("oidc-discovery")
    return Provider(
        issuer=config.issuer,
        authorization_endpoint=_endpoint(document, "authorization_endpoint", config, needed=True),
        token_endpoint=_endpoint(document, "token_endpoint", config, needed=True),
        jwks_uri=_endpoint(document, "jwks_uri", config, needed=True),
        userinfo_endpoint=_endpoint(document, "userinfo_endpoint", config),
        introspection_endpoint=_endpoint(document, "introspection_endpoint", config),
        end_session_endpoint=_endpoint(document, "end_session_endpoint", config),
        iss_in_response=document.get("authorization_response_iss_parameter_supported") is True,
    )


def origin_of(url: str) -> str:
    """scheme://host:port of an address, lower-case, with the port always written."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def _endpoint(
    document: Mapping[str, Any], key: str, config: OidcConfig, *, needed: bool = False
) -> str:
    url = document.get(key)
    if url is None and not needed:
        return ""
    if not isinstance(url, str) or not url.isascii() or any(c in url for c in " \\#"):
        raise _bad("oidc-discovery-endpoint")
    try:
        origin = origin_of(url)
        allowed = {origin_of(config.issuer), *(origin_of(o) for o in config.origins)}
    except ValueError:
        raise _bad("oidc-discovery-endpoint") from None
    if "@" in urlsplit(url).netloc or origin not in allowed:
        raise _bad("oidc-discovery-endpoint")
    return url


def _bad(code: str) -> Refused:
    return Refused(
        code,
        "サインインの相手の案内が、登録した相手と合いません。サインインはしていません。設定を確かめてください。",
    )
