"""One attempt to sign in: what is asked, and how the returned address is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from app.domain.errors import BadInput, DoorFault, Refused
from app.services.connectors.oidc.config import OidcConfig, Provider

LIFETIME = timedelta(minutes=10)
_LONGEST_ADDRESS = 8192  # characters
_LONGEST_CODE = 4096


@dataclass(frozen=True)
class SignInRequest:
    """One attempt. `url` is opened in a browser; the rest stays here and is used once.

    `state`, `nonce` and `verifier` are 256 bits each and never shown or logged.
    """

    url: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    expires_at: datetime


def new_request(
    config: OidcConfig,
    provider: Provider,
    now: datetime,
    redirect_uri: str,
    *,
    prompt: str = "",
    login_hint: str = "",
) -> SignInRequest:
    """A fresh attempt with its own state, nonce and PKCE verifier (43 characters)."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
    query = {
        "response_type": "code",
        "client_id": config.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(config.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge.rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    if config.max_age is not None:
        query["max_age"] = str(config.max_age)
    if prompt:
        query["prompt"] = prompt
    if login_hint:
        query["login_hint"] = login_hint
    joint = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    url = provider.authorization_endpoint + joint + urlencode(query)
    return SignInRequest(url, redirect_uri, state, nonce, verifier, now + LIFETIME)


def read_return(request: SignInRequest, provider: Provider, returned: str, now: datetime) -> str:
    """The code in the returned address.

    Raises:
        Refused: another address or state or issuer, too late, or the account server said no.
        BadInput: no such address can be read.
    """
    values = _values(request.redirect_uri, returned)
    if not hmac.compare_digest(values.get("state", "").encode(), request.state.encode()):
        raise refusal("oidc-state", "別のサインインの答えが返りました。")
    if now > request.expires_at:
        raise refusal("oidc-request-expired", "サインインを始めてから 10分が過ぎました。")
    issuer = values.get("iss")
    if (issuer is None and provider.iss_in_response) or issuer not in (None, provider.issuer):
        raise refusal("oidc-iss-response", "登録した相手ではないところから答えが返りました。")
    if "error" in values:
        raise _denied(values["error"])
    code = values.get("code", "")
    if not code or len(code) > _LONGEST_CODE or not code.isascii() or not code.isprintable():
        raise refusal("oidc-code-missing", "サインインの答えに、引き換えの番号がありません。")
    return code


def parse_returned(text: str, redirect_uri: str) -> str:
    """The returned address in what a person pasted (the whole address, or the part from `?` on).

    Raises:
        BadInput: it is not an address of this sign-in.
    """
    plain = "".join(text.split()).strip("<>「」\"'")
    if plain.startswith(("?", "code=", "state=", "error=", "session_state=", "iss=")):
        plain = f"{redirect_uri}?{plain.lstrip('?')}"
    _values(redirect_uri, plain)
    return plain


def _values(redirect_uri: str, returned: str) -> dict[str, str]:
    """The query of `returned` when its address is exactly `redirect_uri`; no name twice."""
    try:
        if len(returned) > _LONGEST_ADDRESS:
            raise ValueError
        shown, registered = urlsplit(returned), urlsplit(redirect_uri)
        if (
            _place(shown) != _place(registered)
            or shown.fragment
            or "@" in shown.netloc
            or not shown.query
        ):
            raise ValueError
        pairs = parse_qsl(
            shown.query, keep_blank_values=True, strict_parsing=True, max_num_fields=20
        )
        values = dict(pairs)
        if len(values) != len(pairs):
            raise ValueError
    except ValueError:
        raise BadInput(
            "oidc-redirect",
            "サインインから戻ったアドレスではありません。"
            f"{redirect_uri} で始まるアドレスを、終わりまで写してください。",
        ) from None
    return values


def _place(parts: SplitResult) -> tuple[str, str, int | None, str]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port, parts.path


def _denied(error: str) -> DoorFault:
    if error == "access_denied":
        return Refused(
            "oidc-denied",
            "サインインは取りやめになりました。使うときに、もう一度サインインしてください。",
        )
    known = {
        "invalid_request", "invalid_scope", "unsupported_response_type", "unauthorized_client",
        "server_error", "temporarily_unavailable", "login_required", "interaction_required",
    }  # fmt: skip
    shown = error if error in known else "unknown"
    return Refused(
        "oidc-authorize",
        f"サインインの相手が受け付けませんでした。時間をおいて、もう一度お試しください。({shown})",
    )


def refusal(code: str, what: str) -> Refused:
    """A sign-in that cannot be trusted: `what` is, then what to do."""
    return Refused(code, f"{what}サインインはしていません。もう一度サインインしてください。")
