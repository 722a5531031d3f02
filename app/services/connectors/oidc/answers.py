"""Reading an account server's answers, and what its errors mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DoorFault, Known, NoAnswer, Refused, SignedOut
from app.services.connectors.oidc.request import refusal
from app.services.wire import Reply

WHAT = "サインインの相手の答えを読めませんでした。"


def account_type(said: Any) -> int:
    """A gBizID account type sent as a number or as text: 1, 2 or 3; 0 for anything else."""
    return int(said) if str(said) in ("1", "2", "3") and not isinstance(said, bool) else 0


def mapping(reply: Reply) -> Mapping[str, Any]:
    said = reply.json()
    if not isinstance(said, Mapping):
        raise refusal("oidc-token-answer", WHAT)
    return said


def text_of(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""


def token_fault(reply: Reply, *, refreshing: bool = False) -> DoorFault:
    """What an error of the token endpoint means; gBizID says `unauthorized` for a bad client."""
    status, error = reply.status, ""
    try:
        error = text_of(mapping(reply), "error")
    except Known:
        error = ""
    if error in ("unauthorized", "invalid_client", "unauthorized_client"):
        return Refused(
            "oidc-client",
            "ソフトウェアIDか APIキーが、相手の登録と合いません。設定を確かめてください。",
            status=status,
        )
    if refreshing and error in ("invalid_grant", "invalid_token", "invalid_scope"):
        return ended("oidc-refresh-refused", status)
    if error == "invalid_grant":
        return Refused(
            "oidc-code-used",
            "サインインの引き換えの期限が過ぎたか、もう使われています。もう一度サインインしてください。",
            status=status,
        )
    if status >= 500 or not error:
        return NoAnswer(
            "oidc-trouble",
            "サインインの相手がいま答えられません。時間をおいて、もう一度お試しください。",
            status=status,
        )
    return refusal("oidc-token-refused", "サインインの相手が受け付けませんでした。")


def ended(code: str, status: int | None = None) -> SignedOut:
    return SignedOut(
        code, "サインインの期限が切れました。もう一度サインインしてください。", status=status
    )
