"""Asking the API: the list by one keyword, the detail of one grant, a file of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import quote

from app.domain.errors import BadInput, DoorFault, NoAnswer, Refused
from app.domain.folding import fold
from app.domain.grant import Grant, GrantDetail
from app.services.connectors.jgrants.file_text import OneFile
from app.services.connectors.jgrants.hollow import Hollow, TooMuch
from app.services.connectors.jgrants.parse import (
    KINDS,
    NotJson,
    read_json,
    records,
    to_detail,
    to_grant,
)
from app.services.wire import Pace, Reply, Wire, unread

DOOR: Final = "Jグランツ"
DETAIL_LIMIT: Final = 200_000_000  # bytes of one detail answer, files and all
FILE_LIMIT: Final = 50_000_000  # bytes of one file that is taken into a vault
_LIST_LIMIT: Final = 64 * 1024 * 1024
_LISTS: Final = {kind: name for name, kind in KINDS.items()}


def jgrants_pace() -> Pace:
    """At most ten requests a second (the terms of use), and away for 2, 5, 10 seconds after a 429.

    It remembers, so one of them serves every wire to this door as long as the program runs.
    """
    return Pace(interval=0.105, statuses=frozenset({429}), steps=(2, 5, 10))


@dataclass(frozen=True)
class ListQuery:
    """The parameters of the list (section 1.2); what is empty is not sent.

    `keyword` has 2 to 255 letters and no blanks; several purposes or industries are one of them.
    """

    keyword: str
    sort: str = "acceptance_end_datetime"
    order: str = "ASC"
    open_only: bool = False
    purposes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    employees: str = ""
    areas: tuple[str, ...] = ()
    institution: str = ""

    def parameters(self) -> dict[str, str]:
        """The flat query parameters. Raises BadInput for a keyword the API does not take."""
        keyword = self.keyword.strip()
        if not 2 <= len(keyword) <= 255 or " " in fold(keyword):
            raise BadInput(
                "grant-keyword", "Jグランツで探すことばは、空白を入れずに2文字から255文字までです。"
            )
        told = {
            "use_purpose": " / ".join(self.purposes),
            "industry": " / ".join(self.industries),
            "target_number_of_employees": self.employees,
            "target_area_search": " / ".join(self.areas),
            "institution_name": self.institution,
        }
        return {
            "keyword": keyword,
            "sort": self.sort,
            "order": self.order,
            "acceptance": "1" if self.open_only else "0",
        } | {name: value for name, value in told.items() if value}


class JGrants:
    """The public API at `base`, e.g. https://api.jgrants-portal.go.jp/exp (no key, read only).

    The wire should have been made with a `jgrants_pace`.
    """

    def __init__(self, wire: Wire, base: str) -> None:
        self._wire = wire
        self._base = base.rstrip("/")

    def list(self, query: ListQuery | str) -> Iterator[Grant]:
        """The grants one keyword finds, in the API's order; rows that are no grant are left out.

        Raises:
            BadInput: a keyword the API does not take (nothing is asked).
            Refused, Unreachable, Busy, NoAnswer: see the wire.
        """
        asked = query if isinstance(query, ListQuery) else ListQuery(query)
        reply = self._wire.request(
            "GET", f"{self._base}/v1/public/subsidies", params=asked.parameters(), limit=_LIST_LIMIT
        )
        if reply.status != 200:
            raise _fault(reply)
        try:
            rows = records(read_json(reply.body))
        except NotJson:
            raise unread(DOOR, True, reply.status) from None
        del reply
        for row in rows:
            grant = to_grant(row, practice=self._wire.practice)
            if grant is not None:
                yield grant

    def detail(self, ident: str) -> GrantDetail:
        """One grant in full, files named but not held: v2, and v1 where v2 has no usable answer.

        Raises:
            Refused: there is no such grant.
            Unreachable, Busy, NoAnswer: see the wire.
        """
        try:
            return self._detail("v2", ident)
        except (NoAnswer, Refused) as fault:
            # "Too large" comes again in v1, and a grant that is unknown is so in both: but v2 is
            # the younger one and has been seen to fail alone, so only its own answer is not trusted.
            if fault.code == "answer-too-large":
                raise
            first: DoorFault = fault
        try:
            return self._detail("v1", ident)
        except Refused:
            raise first from None

    def file(self, ident: str, kind: str, name: str, sink: IO[bytes]) -> int:
        """Writes one file into `sink` (which can seek and truncate) and gives its size in bytes.

        The answer is read as it comes and never held, and no further than the file's end. `kind` is
        guideline, outline or form.

        Raises:
            Refused: the grant or the file is not there (any more), or larger than `FILE_LIMIT`.
            Unreachable, Busy, NoAnswer: see the wire.
        """
        for version in ("v2", "v1"):
            wanted = OneFile(_LISTS.get(kind, kind), name, sink, FILE_LIMIT, DOOR)
            try:
                self._ask(version, ident, Hollow(wanted))
            except (NoAnswer, Refused) as fault:
                wanted.take_back()
                again = fault.code in ("answer-unread", "grant-not-found", "jgrants-trouble")
                if version == "v1" or not again:
                    raise
                continue
            if wanted.found:
                return wanted.size
            wanted.take_back()
        raise Refused(
            "attachment-gone",
            f"この添付は、{DOOR}にもうありません。新しい内容を取り直してから選んでください。",
        )

    def _detail(self, version: str, ident: str) -> GrantDetail:
        hollow = Hollow()
        status = self._ask(version, ident, hollow)
        try:
            rows = records(read_json(hollow.text))
        except NotJson:
            raise unread(DOOR, True, status) from None
        row = next((r for r in rows if r.get("id") == ident), None)
        if row is None:
            if rows:
                raise unread(DOOR, True, status)
            raise _gone(status)
        found = to_detail(row, hollow.sizes, practice=self._wire.practice)
        if found is None:
            raise unread(DOOR, True, status)
        return found

    def _ask(self, version: str, ident: str, hollow: Hollow) -> int:
        url = f"{self._base}/{version}/public/subsidies/id/{quote(ident, safe='')}"
        try:
            reply = self._wire.request("GET", url, limit=DETAIL_LIMIT, sink=hollow.take)
        except TooMuch:
            raise NoAnswer(
                "answer-too-large", f"{DOOR}の答えが大きすぎるため、途中で読むのをやめました。"
            ) from None
        if reply.status != 200:
            raise _fault(reply)
        return reply.status


def _gone(status: int) -> Refused:
    return Refused(
        "grant-not-found",
        f"この支援は、{DOOR}の今のデータに見つかりません。",
        status=status,
    )


def _fault(reply: Reply) -> DoorFault:
    code = _error_code(reply)
    tail = f"({code})" if code else ""
    if reply.status == 404:
        return _gone(404)
    if reply.status in (400, 401, 405, 406, 415):
        return Refused(
            "jgrants-refused",
            f"{DOOR}はこの問い合わせを受け付けませんでした。ことばや条件を変えてください。{tail}",
            status=reply.status,
        )
    return NoAnswer(
        "jgrants-trouble",
        f"{DOOR}がいま答えられません。時間をおいて、もう一度お試しください。{tail}",
        status=reply.status,
    )


def _error_code(reply: Reply) -> str:
    try:
        told: Any = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    code = told.get("errorCode") if isinstance(told, Mapping) else None
    return (
        code
        if isinstance(code, str)
        and code.isascii()
        and len(code) < 20
        and code.replace("-", "").isalnum()
        else ""
    )
