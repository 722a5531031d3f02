"""What a door answered: status, headers and a body whose size was limited while it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import NoAnswer


@dataclass(frozen=True)
class Reply:
    """One answer. `headers` has lower-case names; `door` and `idempotent` shape later sentences."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    door: str = "相手"
    idempotent: bool = True

    @property
    def media_type(self) -> str:
        """The content type without its parameters, lower-case; "" when the door named none."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()

    def is_json(self) -> bool:
        """Whether the door calls the body JSON (application/json or any +json)."""
        return self.media_type == "application/json" or self.media_type.endswith("+json")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            NoAnswer: the body is not JSON (also when cut off), so what the door did is not known.
        """
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise unread(self.door, self.idempotent, self.status) from None


def unread(door: str, idempotent: bool, status: int | None = None) -> NoAnswer:
    """The fault of an answer that came but cannot be read."""
    tail = (
        "時間をおいて、もう一度お試しください。"
        if idempotent
        else "届いたか分かりません。もう一度は送らず、相手に確かめます。"
    )
    return NoAnswer("answer-unread", f"{door} の答えを読めませんでした。{tail}", status=status)


def silent(door: str, idempotent: bool, status: int | None = None) -> NoAnswer:
    """The fault of an answer that did not come, or came cut off."""
    tail = (
        "時間をおいて、もう一度お試しください。"
        if idempotent
        else "届いたか分かりません。もう一度は送らず、相手に確かめます。"
    )
    return NoAnswer("no-answer", f"{door} から答えが返りませんでした。{tail}", status=status)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
