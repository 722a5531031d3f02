"""JSON Web Tokens as the two sign-in servers make them: RS256 only, plus gBizID's unsigned refresh token."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from app.sandbox.keys import Pair


def b64url(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """The bytes of an unpadded base64url text; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(claims: dict[str, Any], pair: Pair) -> str:
    """A compact RS256 token with the key id in its header."""
    header = {"alg": "RS256", "typ": "JWT", "kid": pair.kid}
    text = f"{_part(header)}.{_part(claims)}"
    signature = pair.key.sign(text.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{b64url(signature)}"


def unsigned(claims: dict[str, Any]) -> str:
    """gBizID's refresh token: a token with alg none and an empty signature."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def verified(token: str, pair: Pair) -> dict[str, Any] | None:
    """The claims of a token this key signed, else None."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header = json.loads(from_b64url(parts[0]))
        if header.get("alg") != "RS256" or header.get("kid") != pair.kid:
            return None
        pair.key.public_key().verify(
            from_b64url(parts[2]),
            f"{parts[0]}.{parts[1]}".encode("ascii"),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
        claims = json.loads(from_b64url(parts[1]))
    except (ValueError, AttributeError, InvalidSignature):
        return None
    return claims if isinstance(claims, dict) else None


def jwks(pair: Pair) -> dict[str, Any]:
    """The public key as a JWK set."""
    numbers = pair.key.public_key().public_numbers()
    key = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": pair.kid,
        "n": b64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "e": b64url(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")),
    }
    return {"keys": [key]}


def _part(value: dict[str, Any]) -> str:
    return b64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
