"""The calls of e-Gov 電子申請 API v2 about filings (reference 1.3); the others are parts of `Egov`."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import date

from app.domain.errors import BadInput
from app.services.connectors.egov import letters, parse, parse_letters, rows
from app.services.connectors.egov.ask import PROC_ID, check_number, days, send_file
from app.services.connectors.egov.call import Caller, understand
from app.services.connectors.egov.deliveries import Deliveries
from app.services.connectors.egov.paging import whole_list
from app.services.connectors.egov.payments import Payments
from app.services.connectors.egov.shape import Misshapen, Shape
from app.services.connectors.egov.sharing import Sharing
from app.services.wire import Wire

_INFORMATION_ID = re.compile(r"[0-9A-Za-z_-]{1,16}")


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
        self.payments = Payments(self._caller)
        self.deliveries = Deliveries(self._caller)
        self.sharing = Sharing(self._caller)

    def preprint(
        self, proc_id: str, form_id: str, form_version: str, content: bytes, keys: Mapping[str, str]
    ) -> letters.Attachment:
        """プレ印字データ取得: the application form with what the office already knows filled in.

        `keys` (label → value, 1 to 10) are such as 労働保険番号 and アクセスコード; they open the
        office's record of a company, so they are never in a fault or a log.
        """
        check_number(PROC_ID, proc_id, "手続ID")
        if not 1 <= len(keys) <= 10:
            raise BadInput("egov-preprint", "プレ印字に使う番号は 1から 10までです。")
        body = {
            "proc_id": proc_id,
            "form_id": form_id,
            "form_version": int(form_version),
            "file_data": base64.b64encode(content).decode("ascii"),
            "application_info": [{"label": k, "value": v} for k, v in keys.items()],
        }
        reply = self._caller.ask("/preprint", body, large=True)
        return understand(
            reply,
            lambda r: letters.Attachment(
                r.inner("apply_file").file_name("file_name"),
                r.inner("apply_file").content("file_data"),
            ),
        )

    def procedure(self, proc_id: str) -> rows.Skeleton:
        """手続選択: the forms of a procedure and the ZIP of its empty files."""
        check_number(PROC_ID, proc_id, "手続ID")
        reply = self._caller.get(f"/procedure/{proc_id}", large=True)
        return understand(reply, lambda r: parse.skeleton(proc_id, r))

    def apply(
        self, proc_id: str, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.Receipt:
        """申請データ送信 (also 再提出): sent exactly once. `trial` is e-Gov's dry run.

        Raises:
            NoAnswer: whether it was filed is not known; ask with `cases`, never send again.
        """
        check_number(PROC_ID, proc_id, "手続ID")
        body = {"proc_id": proc_id, "send_file": send_file(file_name, content)}
        reply = self._caller.file("/apply", body, trial=trial)
        return understand(reply, lambda r: parse.receipt(r, reply.body))

    def bulk_apply(
        self, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.BulkReceipt:
        """bulk送信: several applications in one ZIP; sent exactly once.

        What it answers is only that e-Gov holds the ZIP (202). The cases come up in
        `cases_of_send` after a while, and what did not become one in `reports_of_send`.

        Raises:
            NoAnswer: whether it was taken is not known; ask with `cases`, never send again.
        """
        body = {"send_file": send_file(file_name, content)}
        reply = self._caller.file("/bulk-apply", body, trial=trial)
        return understand(reply, lambda r: parse.bulk_receipt(r, reply.body))

    def check(self, proc_id: str, file_name: str, content: bytes) -> rows.CheckResult:
        """形式チェック: what e-Gov would say about the package, with nothing filed."""
        check_number(PROC_ID, proc_id, "手続ID")
        body = {"proc_id": proc_id, "send_file": send_file(file_name, content)}
        return understand(self._caller.ask("/apply/check", body), parse.check_result)

    def amend(
        self, arrive_id: str, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.Amended:
        """補正データ送信 (部分補正) for a case that waits for it; sent exactly once."""
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")
        body = {"arrive_id": arrive_id, "send_file": send_file(file_name, content)}
        reply = self._caller.file("/apply/amend", body, trial=trial)
        return understand(
            reply, lambda r: rows.Amended(parse.arrive_id(r), r.text("amend_date"), reply.body)
        )

    def withdraw(
        self, arrive_id: str, file_name: str, content: bytes, *, trial: bool = False
    ) -> rows.Withdrawn:
        """取下げ依頼 for a case under examination; sent exactly once."""
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")
        body = {"arrive_id": arrive_id, "send_file": send_file(file_name, content)}
        reply = self._caller.file("/apply/withdraw", body, trial=trial)
        return understand(
            reply,
            lambda r: rows.Withdrawn(
                parse.arrive_id(r),
                r.text("withdraw_date"),
                r.text("applicant_name"),
                r.text("proc_name"),
                reply.body,
            ),
        )

    def cases(self, date_from: date, date_to: date) -> list[rows.Case]:
        """申請案件一覧 of both days and all between (Japan dates), complete or a fault."""
        return self._cases(days(date_from, date_to))

    def cases_of_send(self, send_number: str) -> list[rows.Case]:
        """申請案件一覧 of one sending (18 digits)."""
        check_number(parse.SEND_NUMBER, send_number, "送信番号")
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
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")

        def read(r: Shape) -> rows.Case:
            found = parse.case(r)
            if found.arrive_id != arrive_id:
                raise Misshapen("results.arrive_id")
            return found

        return understand(self._caller.get(f"/apply/{arrive_id}", large=True), read)

    def reports(self, date_from: date, date_to: date) -> list[rows.ErrorReport]:
        """エラーレポート: what became of each sending of these days."""
        return self._reports(days(date_from, date_to))

    def reports_of_send(self, send_number: str) -> list[rows.ErrorReport]:
        """エラーレポート of one sending (18 digits)."""
        check_number(parse.SEND_NUMBER, send_number, "送信番号")
        return self._reports({"send_number": send_number})

    def _reports(self, query: dict[str, str]) -> list[rows.ErrorReport]:
        return whole_list(
            self._caller,
            "/apply/report",
            query,
            key="error_report_info",
            read=parse.error_report,
            identity=lambda e: (e.send_number, e.send_date, e.file_name),
            page_size=30,
        )

    def notices(self, date_from: date, date_to: date) -> list[letters.NoticeRow]:
        """申請案件に関する通知一覧."""
        return whole_list(
            self._caller,
            "/notice/lists",
            days(date_from, date_to),
            key="notice_list",
            read=parse_letters.notice_row,
            identity=lambda n: (n.arrive_id, n.notice_sub_id),
        )

    def notice(self, arrive_id: str, sub_id: int) -> letters.Notice:
        """通知取得."""
        reply = self._caller.get(f"/notice/{_sub(arrive_id, sub_id)}", large=True)
        return understand(reply, lambda r: parse_letters.notice(arrive_id, sub_id, r))

    def messages(self, date_from: date, date_to: date) -> list[letters.MessageRow]:
        """手続に関するご案内一覧."""
        return whole_list(
            self._caller,
            "/message/lists",
            days(date_from, date_to),
            key="information_list",
            read=parse_letters.message_row,
            identity=lambda m: m.information_id,
        )

    def message(self, information_id: str) -> letters.Message:
        """ご案内取得."""
        check_number(_INFORMATION_ID, information_id, "ご案内の番号")
        reply = self._caller.get(f"/message/{information_id}", large=True)
        return understand(reply, parse_letters.message)

    def official_document(self, arrive_id: str, sub_id: int) -> letters.OfficialDocument:
        """公文書取得: the ZIP of one official document."""
        reply = self._caller.get(f"/official_document/{_sub(arrive_id, sub_id)}", large=True)
        return understand(
            reply,
            lambda r: letters.OfficialDocument(
                arrive_id, sub_id, r.zip_content("file_data"), parse_letters.file_names(r)
            ),
        )

    def document_done(self, arrive_id: str, sub_id: int) -> letters.DocumentDone:
        """公文書取得完了: tells e-Gov that the document is safely kept. Call it only then."""
        _sub(arrive_id, sub_id)
        body = {"arrive_id": arrive_id, "notice_sub_id": sub_id}
        reply = self._caller.ask("/official_document", body)
        return understand(reply, lambda r: parse_letters.document_done(arrive_id, sub_id, r))

    def verify(self, file_name: str, content: bytes, signed_xml_name: str) -> letters.Verification:
        """公文書署名検証: e-Gov's own judgement of the signatures of a document ZIP."""
        body = send_file(file_name, content) | {"sig_verification_xml_file_name": signed_xml_name}
        return understand(
            self._caller.ask("/official_document/verify", body), parse_letters.verification
        )


def _sub(arrive_id: str, sub_id: int) -> str:
    check_number(parse.ARRIVE_ID, arrive_id, "到達番号")
    if not 1 <= sub_id <= 999:
        raise BadInput("egov-sub-id", "通知の番号は 1から 999までです。")
    return f"{arrive_id}/{sub_id}"
