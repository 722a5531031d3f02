"""The calls of e-Gov 電子申請 API v2 that filing needs (reference 1.3)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain.errors import BadInput
from app.services.connectors.egov import parse, rows
from app.services.connectors.egov.call import Caller, understand
from app.services.connectors.egov.paging import whole_list
from app.services.connectors.egov.shape import Misshapen, Shape
from app.services.wire import Wire

_PROC_ID = re.compile(r"[0-9A-Za-z]{16}")
_INFORMATION_ID = re.compile(r"[0-9A-Za-z_-]{1,16}")
_SEND_NUMBER = re.compile(r"[0-9]{18}")


class Egov:
    """e-Gov, asked with the access token that `token` gives at each call.

    `base` is the API base, e.g. https://api.e-gov.go.jp/shinsei/v2. `still_signed_in` asks the
    account server whether the sign-in lives (see `call`). Every call raises DoorFault only:
    Refused, SignedOut, Unreachable, NoAnswer; a number that cannot be one raises BadInput.
    """

    def __init__(
        self,
        wire: Wire,
        base: str,
        token: Callable[[], str],
        still_signed_in: Callable[[], bool | None] | None = None,
    ) -> None:
        self._caller = Caller(wire, base, token, still_signed_in)

    def procedure(self, proc_id: str) -> rows.Skeleton:
        """手続選択: the forms of a procedure and the ZIP of its empty files."""
        _check(_PROC_ID, proc_id, "手続ID")
        reply = self._caller.get(f"/procedure/{proc_id}", large=True)
        return understand(reply, lambda r: parse.skeleton(proc_id, r))

    def apply(
        self, proc_id: str, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.Receipt:
        """申請データ送信 (also 再提出): sent exactly once. `trial` is e-Gov's dry run.

        Raises:
            NoAnswer: whether it was filed is not known; ask with `cases`, never send again.
        """
        _check(_PROC_ID, proc_id, "手続ID")
        body = {"proc_id": proc_id, "send_file": _send_file(file_name, content)}
        reply = self._caller.file("/apply", body, trial=trial)
        return understand(reply, lambda r: parse.receipt(r, reply.body))

    def check(self, proc_id: str, file_name: str, content: bytes) -> rows.CheckResult:
        """形式チェック: what e-Gov would say about the package, with nothing filed."""
        _check(_PROC_ID, proc_id, "手続ID")
        body = {"proc_id": proc_id, "send_file": _send_file(file_name, content)}
        return understand(self._caller.ask("/apply/check", body), parse.check_result)

    def amend(self, arrive_id: str, file_name: str, content: bytes) -> rows.Amended:
        """補正データ送信 (部分補正) for a case that waits for it; sent exactly once."""
        _check(parse.ARRIVE_ID, arrive_id, "到達番号")
        body = {"arrive_id": arrive_id, "send_file": _send_file(file_name, content)}
        return understand(
            self._caller.file("/apply/amend", body),
            lambda r: rows.Amended(parse.arrive_id(r), r.text("amend_date")),
        )

    def withdraw(self, arrive_id: str, file_name: str, content: bytes) -> rows.Withdrawn:
        """取下げ依頼 for a case under examination; sent exactly once."""
        _check(parse.ARRIVE_ID, arrive_id, "到達番号")
        body = {"arrive_id": arrive_id, "send_file": _send_file(file_name, content)}
        return understand(
            self._caller.file("/apply/withdraw", body),
            lambda r: rows.Withdrawn(
                parse.arrive_id(r),
                r.text("withdraw_date"),
                r.text("applicant_name"),
                r.text("proc_name"),
            ),
        )

    def cases(self, date_from: date, date_to: date) -> list[rows.Case]:
        """申請案件一覧 of both days and all between (Japan dates), complete or a fault."""
        return self._cases(_days(date_from, date_to))

    def cases_of_send(self, send_number: str) -> list[rows.Case]:
        """申請案件一覧 of one sending (18 digits)."""
        _check(_SEND_NUMBER, send_number, "送信番号")
        return self._cases({"send_number": send_number})

    def _cases(self, query: dict[str, str]) -> list[rows.Case]:
        return whole_list(
            self._caller,
            "/apply/lists",
            query,
            key="apply_list",
            read=parse.case,
            identity=lambda c: c.arrive_id or c,
        )

    def case(self, arrive_id: str) -> rows.Case:
        """申請案件取得."""
        _check(parse.ARRIVE_ID, arrive_id, "到達番号")

        def read(r: Shape) -> rows.Case:
            found = parse.case(r)
            if found.arrive_id != arrive_id:
                raise Misshapen("results.arrive_id")
            return found

        return understand(self._caller.get(f"/apply/{arrive_id}", large=True), read)

    def reports(self, date_from: date, date_to: date) -> list[rows.ErrorReport]:
        """エラーレポート: what became of each sending of these days."""
        return whole_list(
            self._caller,
            "/apply/report",
            _days(date_from, date_to),
            key="error_report_info",
            read=parse.error_report,
            identity=lambda e: (e.send_number, e.send_date, e.file_name),
            page_size=30,
        )

    def notices(self, date_from: date, date_to: date) -> list[rows.NoticeRow]:
        """申請案件に関する通知一覧."""
        return whole_list(
            self._caller,
            "/notice/lists",
            _days(date_from, date_to),
            key="notice_list",
            read=parse.notice_row,
            identity=lambda n: (n.arrive_id, n.notice_sub_id),
        )

    def notice(self, arrive_id: str, sub_id: int) -> rows.Notice:
        """通知取得."""
        reply = self._caller.get(f"/notice/{_sub(arrive_id, sub_id)}", large=True)
        return understand(reply, lambda r: parse.notice(arrive_id, sub_id, r))

    def messages(self, date_from: date, date_to: date) -> list[rows.MessageRow]:
        """手続に関するご案内一覧."""
        return whole_list(
            self._caller,
            "/message/lists",
            _days(date_from, date_to),
            key="information_list",
            read=parse.message_row,
            identity=lambda m: m.information_id,
        )

    def message(self, information_id: str) -> rows.Message:
        """ご案内取得."""
        _check(_INFORMATION_ID, information_id, "ご案内の番号")
        reply = self._caller.get(f"/message/{information_id}", large=True)
        return understand(reply, parse.message)

    def official_document(self, arrive_id: str, sub_id: int) -> rows.OfficialDocument:
        """公文書取得: the ZIP of one official document."""
        reply = self._caller.get(f"/official_document/{_sub(arrive_id, sub_id)}", large=True)
        return understand(
            reply,
            lambda r: rows.OfficialDocument(
                arrive_id, sub_id, r.zip_content("file_data"), parse.file_names(r)
            ),
        )

    def document_done(self, arrive_id: str, sub_id: int) -> rows.DocumentDone:
        """公文書取得完了: tells e-Gov that the document is safely kept. Call it only then."""
        _sub(arrive_id, sub_id)
        body = {"arrive_id": arrive_id, "notice_sub_id": sub_id}
        reply = self._caller.ask("/official_document", body)
        return understand(reply, lambda r: parse.document_done(arrive_id, sub_id, r))

    def verify(self, file_name: str, content: bytes, signed_xml_name: str) -> rows.Verification:
        """公文書署名検証: e-Gov's own judgement of the signatures of a document ZIP."""
        body = _send_file(file_name, content) | {"sig_verification_xml_file_name": signed_xml_name}
        return understand(self._caller.ask("/official_document/verify", body), parse.verification)


def _send_file(file_name: str, content: bytes) -> dict[str, Any]:
    return {"file_name": file_name, "file_data": base64.b64encode(content).decode("ascii")}


def _days(date_from: date, date_to: date) -> dict[str, str]:
    if date_from > date_to:
        raise BadInput("egov-dates", "はじめの日が、終わりの日より後です。")
    return {"date_from": date_from.isoformat(), "date_to": date_to.isoformat()}


def _sub(arrive_id: str, sub_id: int) -> str:
    _check(parse.ARRIVE_ID, arrive_id, "到達番号")
    if not 1 <= sub_id <= 999:
        raise BadInput("egov-sub-id", "通知の番号は 1から 999までです。")
    return f"{arrive_id}/{sub_id}"


def _check(shape: re.Pattern[str], text: str, name: str) -> None:
    if not shape.fullmatch(text):
        raise BadInput("egov-number", f"{name}の形が合いません。書いてあるとおりに入れてください。")
