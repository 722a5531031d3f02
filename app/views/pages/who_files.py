"""Who is signed in at e-Gov, and in what role filings leave: one line for every page about e-Gov."""

from __future__ import annotations

from typing import Any

from app.domain.errors import Known
from app.services.sign_in.session import ACCOUNT_TYPES
from app.views.widgets.lines import WrapLabel, wrap_label


def account_words(desk: Any) -> str:
    """The account, its kind at gBizID or e-Gov, and the capacity it files in."""
    return f"アカウント {account_name(desk)} ・ 立場 {capacity_words(desk)}"


def account_name(desk: Any) -> str:
    """The account that is signed in, with its kind: GビズIDプライム, メンバー, or e-Gov's own."""
    state = desk.sign_in_state()
    if not state.signed_in:
        return "まだサインインしていません"
    kind = ACCOUNT_TYPES.get(getattr(state, "account_type", 0), "")
    return f"{state.who}(GビズID{kind})" if kind else f"{state.who}(e-Gov アカウント)"


def capacity_words(desk: Any) -> str:
    """本人, or 提出代行 with the office's name."""
    standing = getattr(desk, "standing", None)
    try:
        agent = standing.agent() if standing is not None else None
    except Known:
        agent = None
    return f"提出代行({agent.office})" if agent is not None else "本人"


def account_line(desk: Any, name: str) -> WrapLabel:
    """The line as a label; `name` is its object name."""
    made = wrap_label(account_words(desk), "note", "ink2")
    made.setObjectName(name)
    return made
