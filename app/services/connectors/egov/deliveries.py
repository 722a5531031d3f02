"""電子送達: asking to receive letters electronically, and the letters themselves (reference 1.3, 21-25).

A letter may be deleted by e-Gov once it is told that it was fetched: keep it first, then `done`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from app.services.connectors.egov import parse, parse_letters, rows
from app.services.connectors.egov.ask import PROC_ID, check_number, days, send_file
from app.services.connectors.egov.call import Caller, understand
from app.services.connectors.egov.paging import whole_list
from app.services.connectors.egov.shape import Misshapen, Shape

_POST_ID = re.compile(r"[0-9A-Za-z_-]{1,50}")


@dataclass(frozen=True)
class Letter:
    """One letter of a message: `post_id` fetches it until `expires`; `sign` is あり or なし."""

    post_id: str
    name: str
    issue_date: str
    expires: str
    fetched: str
    sign: str


@dataclass(frozen=True)
class LetterMessage:
    """One row of GET /post/lists."""

    message_id: str
    type: str
    title: str
    sentence: str
    issuer_organization: str
    issue_date: str
    received_account: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class LetterFile:
    """GET /post/{post_id}: the ZIP of one letter."""

    post_id: str
    name: str
    content: bytes = field(repr=False)
    file_names: tuple[str, ...]


@dataclass(frozen=True)
class LetterDone:
    """POST /post: e-Gov's note that the letter was fetched."""

    post_id: str
    name: str
    download_date: str


class Deliveries:
    """The calls about 電子送達. Raises as `Egov` does."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def apply(
        self, proc_id: str, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.Receipt:
        """電子送達利用申込み: sent exactly once; an unknown outcome is asked, never sent again."""
        check_number(PROC_ID, proc_id, "手続ID")
        body = {"proc_id": proc_id, "send_file": send_file(file_name, content)}
        reply = self._caller.file("/post-apply", body, trial=trial)
        return understand(reply, lambda r: parse.receipt(r, reply.body))

    def case(self, arrive_id: str) -> rows.Case:
        """電子送達状況確認."""
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")

        def read(r: Shape) -> rows.Case:
            found = parse.case(r)
            if found.arrive_id != arrive_id:
                raise Misshapen("results.arrive_id")
            return found

        return understand(self._caller.get(f"/post-apply/{arrive_id}", large=True), read)

    def list(self, date_from: date, date_to: date) -> list[LetterMessage]:
        """電子送達一覧."""
        return whole_list(
            self._caller,
            "/post/lists",
            days(date_from, date_to),
            key="post_list",
            read=_message,
            identity=lambda m: m.message_id,
        )

    def letter(self, post_id: str) -> LetterFile:
        """電子送達取得: the ZIP of one letter."""
        check_number(_POST_ID, post_id, "送達の番号")
        reply = self._caller.get(f"/post/{post_id}", large=True)
        return understand(
            reply,
            lambda r: LetterFile(
                post_id,
                r.text("notice_data_name"),
                r.zip_content("file_data"),
                parse_letters.file_names(r),
            ),
        )

    def done(self, post_id: str) -> LetterDone:
        """取得完了: tells e-Gov that the letter is safely kept. Call it only then."""
        check_number(_POST_ID, post_id, "送達の番号")

        def read(r: Shape) -> LetterDone:
            if r.text("post_id") not in ("", post_id):
                raise Misshapen("results.post_id")
            return LetterDone(post_id, r.text("notice_data_name"), r.text("download_date"))

        return understand(self._caller.ask("/post", {"post_id": post_id}), read)


def _message(m: Shape) -> LetterMessage:
    return LetterMessage(
        message_id=m.text("ministry_message_id", needed=True),
        type=m.text("type"),
        title=m.text("title"),
        sentence=m.text("message_sentence"),
        issuer_organization=m.text("issuer_organization"),
        issue_date=m.text("issue_date"),
        received_account=m.text("received_account"),
        letters=tuple(
            Letter(
                post_id=d.text("post_id", needed=True),
                name=d.text("notice_data_name"),
                issue_date=d.text("notice_issue_date"),
                expires=d.text("download_expired_date"),
                fetched=d.text("download_date"),
                sign=d.text("sign"),
            )
            for d in m.each("notice_data_list")
        ),
    )
