"""OpenID Connect as a client: code flow, PKCE S256, state, nonce, exact issuer, RS256 pinned.

Works for the e-Gov account server (the way a private program really has to gBizID) and for gBizID
itself, where an organisation is admitted and in practice.
"""

from __future__ import annotations

from app.services.connectors.oidc.answers import account_type
from app.services.connectors.oidc.client import Introspection, OidcClient
from app.services.connectors.oidc.config import (
    OidcConfig,
    Provider,
    egov_provider,
    provider_from,
)
from app.services.connectors.oidc.request import SignInRequest, parse_returned
from app.services.connectors.oidc.tokens import Tokens

__all__ = [
    "Introspection",
    "OidcClient",
    "OidcConfig",
    "Provider",
    "SignInRequest",
    "Tokens",
    "account_type",
    "egov_provider",
    "parse_returned",
    "provider_from",
]
