"""Asking the register, and reading its XML hardened (no DTD, no entity, no network)."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date

from lxml import etree

from app.domain.corporate_number import parse_corporate_number
from app.domain.errors import DoorFault, NoAnswer, Refused, Unreachable
from app.services.connectors.houjin_bangou.entry import RegisterEntry
from app.services.wire import HOUJIN_BANGOU_STEPS, Pace, Reply, Wire, unread

DOOR = "国税庁の法人番号システム"
_XML_TYPES = ("application/xml", "text/xml", "+xml")
_LIMIT = 2 * 1024 * 1024  # bytes; one number is a few kilobytes
_ID_SENTENCE = "国税庁のアプリケーションIDが登録されていないか、期限が切れています。設定のIDを確かめてください。"


def register_pace() -> Pace:
    """The rhythm the Web-API wants: after a 403, away for 30 s, then 1, 5 and 30 minutes.

    It remembers, so one of them serves every wire to this door as long as the program runs.
    """
    return Pace(statuses=frozenset({403, 429}), steps=HOUJIN_BANGOU_STEPS)


class HoujinBangou:
    """The corporate-number Web-API at `base`, e.g. https://api.houjin-bangou.nta.go.jp/4.

    `application_id` is the thirteen-character id the tax agency gave; the wire should have been
    made with a `register_pace`.
    """

    def __init__(self, wire: Wire, base: str, application_id: str) -> None:
        self._wire = wire
        self._base = base.rstrip("/")
        self._id = application_id.strip()

    def by_number(self, number: str) -> RegisterEntry | None:
        """The newest row of one company, None when the register has no such number.

        Raises:
            BadInput: the number cannot be one (nothing is asked).
            Refused: the id or the number was refused.
            Unreachable, Busy, NoAnswer: see the wire.
        """
        plain = parse_corporate_number(number)
        if not self._id:
            raise Refused(
                "register-id-missing",
                "国税庁のアプリケーションIDがまだありません。設定で入れてください。",
            )
        reply = self._wire.request(
            "GET",
            f"{self._base}/num",
            params={"id": self._id, "number": plain, "type": "12", "history": "0"},
            headers={"Accept": "application/xml"},
            accept=_XML_TYPES,
            limit=_LIMIT,
        )
        if reply.status != 200:
            raise _fault(reply)
        try:
            found = [e for e in _entries(reply.body) if e.corporate_number == plain]
        except _Misshapen:
            raise unread(DOOR, True, reply.status) from None
        newest = [e for e in found if e.latest == "1"] or found
        return max(newest, key=lambda e: (e.update_date, e.change_date), default=None)


def _fault(reply: Reply) -> DoorFault:
    status = reply.status
    if status == 403:  # a wire with `register_pace` says this itself, and keeps away
        return Unreachable(
            "register-busy",
            f"{DOOR}が混み合っています。30秒ほど待ってから、もう一度お試しください。",
            status=status,
        )
    if status == 404:
        return Refused("register-id", _ID_SENTENCE, status=status)
    if status == 400:
        # The body's form is not in the reference: only a three-digit code in it is trusted.
        code = re.search(rb"(?<!\d)\d{3}(?!\d)", reply.body[:200])
        tail = f"(コード {code[0].decode()})" if code else ""
        return Refused(
            "register-refused",
            f"国税庁はこの問い合わせを受け付けませんでした。法人番号を見くらべてください。{tail}",
            status=status,
        )
    return NoAnswer(
        "register-trouble",
        f"{DOOR}がいま答えられません。時間をおいて、もう一度お試しください。",
        status=status,
    )


class _Misshapen(Exception):
    pass


def _entries(body: bytes) -> list[RegisterEntry]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _Misshapen from None
    if root.getroottree().docinfo.internalDTD is not None or root.tag != "corporations":
        raise _Misshapen
    rows = root.findall("corporation")
    if _text(root, "count") != str(len(rows)):
        raise _Misshapen
    updated = _day(_text(root, "lastUpdateDate"))
    return [_entry(row, updated) for row in rows]


def _entry(row: etree._Element, updated: date | None) -> RegisterEntry:
    values: dict[str, str | date | None] = {}
    for item in fields(RegisterEntry):
        if item.name == "last_update_date":
            continue
        text = _text(row, _camel(item.name))
        values[item.name] = _day(text) if item.name.endswith("_date") else text
    if values["update_date"] is None or values["change_date"] is None or not values["name"]:
        raise _Misshapen
    return RegisterEntry(**values, last_update_date=updated)  # type: ignore[arg-type]


def _text(parent: etree._Element, name: str) -> str:
    found = parent.findall(name)
    if len(found) > 1 or (found and len(found[0])):
        raise _Misshapen
    return (found[0].text or "").strip() if found else ""


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Misshapen from None


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
