"""The account server's public keys: few, small, RSA, each with its own kid."""

from __future__ import annotations

import base64
import json
import re
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.errors import NoAnswer, Refused
from app.services.connectors.oidc.request import refusal
from app.services.wire import Wire

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

MOST_KEYS = 20
MOST_BYTES = 64 * 1024
_BITS = range(2048, 8193)
_FRESH = timedelta(hours=1)
_WHAT = "サインインの相手の鍵を確かめられません。"


class KeySet:
    """The keys at one jwks_uri, kept an hour; an unknown kid fetches them again, once a check."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._keys: dict[str, RSAKey] = {}
        self._from = ""
        self._fetched: datetime | None = None
        self._lock = threading.Lock()

    def key(self, kid: str, jwks_uri: str, now: datetime) -> RSAKey:
        """The public key named `kid`.

        Raises:
            Refused: no such key, or a key set beyond the limits.
        """
        with self._lock:
            held = self._fetched is not None and self._from == jwks_uri
            fresh = held and self._fetched is not None and now - self._fetched < _FRESH
            if not (fresh and kid in self._keys):
                self._keys = self._fetch(jwks_uri)
                self._from, self._fetched = jwks_uri, now
            if kid not in self._keys:
                raise refusal("oidc-kid", _WHAT)
            return self._keys[kid]

    def _fetch(self, jwks_uri: str) -> dict[str, RSAKey]:
        try:
            reply = self._wire.request(
                "GET",
                jwks_uri,
                accept=("application/json", "application/jwk-set+json"),
                limit=MOST_BYTES,
            )
        except NoAnswer as fault:
            if fault.code == "answer-too-large":
                raise refusal("oidc-keys-large", _WHAT) from None
            raise
        if reply.status != 200:
            raise Refused(
                "oidc-keys", f"{_WHAT}時間をおいて、もう一度お試しください。", status=reply.status
            )
        try:
            return read_keys(json.loads(reply.body))
        except (ValueError, RecursionError):
            raise refusal("oidc-keys", _WHAT) from None


def read_keys(document: Any) -> dict[str, RSAKey]:
    """The usable RSA signing keys of a JWKS by kid; keys of other kinds are passed over.

    Raises:
        Refused: more than twenty keys, a kid twice, or an RSA key of a size nobody should use.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(k, dict) for k in listed):
        raise refusal("oidc-keys", _WHAT)
    if len(listed) > MOST_KEYS:
        raise refusal("oidc-keys-large", _WHAT)
    found: dict[str, RSAKey] = {}
    kids: set[str] = set()
    for item in listed:
        kid = item.get("kid")
        if not isinstance(kid, str) or not kid:
            continue  # a token must name its key, so a nameless key is never used
        if kid in kids:
            raise refusal("oidc-keys-twice", _WHAT)
        kids.add(kid)
        if _for_signatures(item):
            found[kid] = _public_key(item)
    return found


def _for_signatures(item: dict[str, Any]) -> bool:
    operations = item.get("key_ops")
    return (
        item.get("kty") == "RSA"
        and item.get("use", "sig") == "sig"
        and item.get("alg", "RS256") == "RS256"
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )


def _public_key(item: dict[str, Any]) -> RSAKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from joserfc.jwk import RSAKey

    # Only n and e are taken: a private part or anything else in the set is never looked at.
    modulus, exponent = _number(item.get("n")), _number(item.get("e"))
    if modulus.bit_length() not in _BITS or not 3 <= exponent < 2**33 or exponent % 2 == 0:
        raise refusal("oidc-key-size", _WHAT)
    try:
        return RSAKey.import_key(RSAPublicNumbers(exponent, modulus).public_key())
    except ValueError:
        raise refusal("oidc-keys", _WHAT) from None


def _number(text: Any) -> int:
    """A Base64url unsigned number of a JWK (RFC 7518, 6.3.1)."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise refusal("oidc-keys", _WHAT)
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise refusal("oidc-keys", _WHAT) from None
    return int.from_bytes(raw, "big")
