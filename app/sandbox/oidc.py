"""Small parts both sign-in servers share: client authentication, PKCE, redirects, form reading."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse

from app.sandbox.jwt import b64url

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Client:
    """A relying party: id, secret, registered redirect addresses, scopes arranged beforehand.

    A loopback address registered without a port is good at any port (RFC 8252 section 7.3).
    """

    id: str
    secret: str
    redirects: list[str]
    arranged: tuple[str, ...] = ()

    def accepts(self, redirect: str) -> bool:
        """Whether a redirect address is registered."""
        return any(_same(registered, redirect) for registered in self.redirects)


def _same(registered: str, given: str) -> bool:
    if registered == given:
        return True
    one, two = urlsplit(registered), urlsplit(given)
    try:
        free = one.port is None and one.scheme == "http" and one.hostname == "127.0.0.1"
        return (
            free
            and two.port is not None
            and (two.scheme, two.netloc, two.path) == ("http", f"127.0.0.1:{two.port}", one.path)
            and (two.query, two.fragment) == ("", "")
        )
    except ValueError:
        return False


def basic_credentials(request: Request) -> tuple[str, str]:
    """The user and password of an Authorization: Basic header, or two empty texts."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, secret = base64.b64decode(rest, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(user), unquote_plus(secret)


def bearer(request: Request) -> str:
    """The token of an Authorization: Bearer header, or an empty text."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


def is_client(client: Client, request: Request) -> bool:
    """Whether the Basic credentials are the client's."""
    user, secret = basic_credentials(request)
    same_user = hmac.compare_digest(user.encode(), client.id.encode())
    return hmac.compare_digest(secret.encode(), client.secret.encode()) and same_user


async def form_fields(request: Request) -> dict[str, str] | None:
    """The urlencoded body; None when it is another type, or a field stands twice."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return None
    try:
        pairs = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


def good_challenge(text: str) -> bool:
    """Whether this can be an S256 code challenge."""
    return bool(_CHALLENGE.fullmatch(text))


def verifier_fits(verifier: str, challenge: str) -> bool:
    """PKCE: no challenge wants no verifier; a challenge wants the verifier that hashes to it."""
    if not challenge:
        return not verifier
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = b64url(hashlib.sha256(verifier.encode("ascii")).digest())
    return hmac.compare_digest(made, challenge)


def redirect(address: str, fields: dict[str, str]) -> RedirectResponse:
    """302 to an address with the non-empty fields in its query."""
    given = {name: value for name, value in fields.items() if value}
    sign = "&" if urlsplit(address).query else "?"
    location = f"{address}{sign}{urlencode(given)}" if given else address
    return RedirectResponse(location, 302, {"Cache-Control": "no-store"})


def token_error(status: int, error: str, description: str) -> JSONResponse:
    """An error of a token endpoint."""
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="renshu"'
    return JSONResponse({"error": error, "error_description": description}, status, headers)


def token_answer(body: dict[str, Any]) -> JSONResponse:
    """A good answer of a token endpoint."""
    return JSONResponse(body, 200, {"Cache-Control": "no-store", "Pragma": "no-cache"})


def origin(request: Request) -> str:
    """Scheme, host and port the request came to."""
    return f"{request.url.scheme}://{request.url.netloc}"
