"""Asking for one company: the basic answer, then each part; v1 where v2 does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.domain.corporate_number import parse_corporate_number
from app.domain.errors import DoorFault, NoAnswer, Refused
from app.services.connectors.gbizinfo.entry import ACTIVITIES, Hojin, hojin
from app.services.wire import Reply, Wire, unread

DOOR: Final = "gBizINFO"
_PARTS: Final = (*ACTIVITIES, "finance", "workplace")
_LIMIT: Final = 16 * 1024 * 1024
_TOKEN: Final = "X-hojinInfo-api-token"


class GBizInfo:
    """The REST API at `base`, e.g. https://api.info.gbiz.go.jp/hojin, with the user's own token.

    `base_v1` is where version 1 answers (https://info.gbiz.go.jp/hojin); "" means at `base`.
    """

    def __init__(self, wire: Wire, base: str, token: str, base_v1: str = "") -> None:
        self._wire = wire
        self._bases = {"v2": base.rstrip("/"), "v1": (base_v1 or base).rstrip("/")}
        self._token = token.strip()

    def company(self, number: str) -> Hojin | None:
        """What the service knows of a company, None when it knows none of this number.

        A part that does not come (the service has parts that answer 404 or 500) is named in
        `missing`; the others stand.

        Raises:
            BadInput: the number cannot be one (nothing is asked).
            Refused: no token, or it was refused.
            Unreachable, Busy, NoAnswer: see the wire.
        """
        plain = parse_corporate_number(number)
        if not self._token:
            raise Refused(
                "gbizinfo-token-missing",
                "gBizINFO のAPIトークンがまだありません。Web API の利用申請で受け取ったものを、設定で入れてください。",
            )
        try:
            return self._company("v2", plain)
        except NoAnswer as fault:
            first: DoorFault = fault
        try:
            return self._company("v1", plain)
        except (NoAnswer, Refused):
            raise first from None

    def _company(self, version: str, number: str) -> Hojin | None:
        basic = self._ask(version, number, "")
        if basic is None:
            return None
        parts: dict[str, Mapping[str, Any]] = {"": basic}
        missing: list[str] = []
        for part in _PARTS:
            try:
                found = self._ask(version, number, part)
            except NoAnswer:
                missing.append(part)
                continue
            if found is None:
                missing.append(part)
            else:
                parts[part] = found
        return hojin(parts, tuple(missing), version)

    def _ask(self, version: str, number: str, part: str) -> Mapping[str, Any] | None:
        """One part. The address never ends in a slash: the service takes that for an error."""
        url = f"{self._bases[version]}/{version}/hojin/{number}" + (f"/{part}" if part else "")
        params = {"metadata_flg": "true"} if version == "v2" else None
        headers = {_TOKEN: self._token, "Accept": "application/json"}
        reply = self._wire.request("GET", url, headers=headers, params=params, limit=_LIMIT)
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise _fault(reply)
        told = reply.json()
        rows = told.get("hojin-infos") if isinstance(told, dict) else None
        if rows is None and isinstance(told, dict) and told.get("errors"):
            raise _refused(reply)
        if not isinstance(rows, list):
            raise unread(DOOR, True, reply.status)
        return next(
            (r for r in rows if isinstance(r, dict) and r.get("corporate_number") == number), None
        )


def _fault(reply: Reply) -> DoorFault:
    if reply.status in (401, 403):
        return Refused(
            "gbizinfo-token",
            "gBizINFO のAPIトークンが受け付けられませんでした。設定のトークンを確かめてください。",
            status=reply.status,
        )
    if reply.status == 400:
        return _refused(reply)
    return NoAnswer(
        "gbizinfo-trouble",
        f"{DOOR} がいま答えられません。時間をおいて、もう一度お試しください。",
        status=reply.status,
    )


def _refused(reply: Reply) -> Refused:
    return Refused(
        "gbizinfo-refused",
        f"{DOOR} はこの問い合わせを受け付けませんでした。法人番号を見くらべてください。",
        status=reply.status,
    )
