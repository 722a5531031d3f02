"""What e-Gov answers, as frozen rows. Texts are kept as they came; "" where e-Gov said nothing.

Dates e-Gov writes as `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS` (Japan time) stay texts, since they are
evidence; `moment_of` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.clock import JST


def moment_of(text: str) -> datetime | None:
    """The moment of an e-Gov date text (midnight for a bare date), None where there is none."""
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=JST)
        except ValueError:
            continue
    return None


@dataclass(frozen=True)
class FormFile:
    """One form of a procedure, as the skeleton names it."""

    form_id: str
    form_version: str
    form_name: str
    apply_file_name: str
    xsl_file_name: str
    server_check_file_name: str
    schema_file_name: str
    style_indication_file: str


@dataclass(frozen=True)
class Skeleton:
    """GET /procedure/{proc_id}: the forms' names and the ZIP of empty files."""

    proc_id: str
    zip_bytes: bytes = field(repr=False)
    configuration_file_names: tuple[str, ...]
    forms: tuple[FormFile, ...]


@dataclass(frozen=True)
class ReportItem:
    """One remark of e-Gov about a package: which form or file, which item, what about it."""

    form_name: str
    attached_file_name: str
    file_name: str
    item: str
    content: str = field(repr=False)

    @property
    def where(self) -> str:
        """The form's name, else the file's."""
        return self.form_name or self.attached_file_name or self.file_name


@dataclass(frozen=True)
class CheckResult:
    """POST /apply/check: the door's own check of a package, before anything is filed."""

    message: str
    error_count: int
    items: tuple[ReportItem, ...]


@dataclass(frozen=True)
class Receipt:
    """POST /apply: 到達番号 and what e-Gov says it took. `raw` is the exact answer."""

    arrive_id: str
    arrive_date: str
    corporation_name: str
    applicant_name: str
    apply_type: str
    proc_name: str
    ministry_name: str
    submission_destination: str
    form_names: tuple[str, ...]
    attached_file_names: tuple[str, ...]
    raw: bytes = field(repr=False)
    fees: tuple[Fee, ...] = ()

    @property
    def arrived_at(self) -> datetime | None:
        """`arrive_date` as a moment in Japan time."""
        return moment_of(self.arrive_date)


@dataclass(frozen=True)
class Fee:
    """What is to be paid for a case (Pay-easy). `pay_status` is 納付待ち, 納付済み, 納付期限切れ,
    取消 or ""; `total_fee` is yen as e-Gov writes it."""

    pay_number: str
    confirm_number: str
    facility_number: str
    pay_name_kana: str
    total_fee: str
    pay_expired: str
    pay_status: str = ""
    pay_date: str = ""
    pay_memo: str = ""
    pay_flag: str = ""


@dataclass(frozen=True)
class BulkReceipt:
    """POST /bulk-apply: e-Gov holds the ZIP; what became of each application is asked later."""

    send_number: str
    send_date: str
    file_name: str
    apply_count: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class CaseNotice:
    """A notice listed within a case. `correct_expired_date` is the last day of a 補正."""

    notice_sub_id: int
    issue_date: str
    notice_data_type: str
    notice_title: str
    notice_sentence: str
    issuer_organization: str
    correct_expired_date: str
    correct_completed_date: str


@dataclass(frozen=True)
class CaseDocument:
    """An official document listed within a case; `sign` is あり or なし."""

    notice_sub_id: int
    allowed_date: str
    doc_title: str
    doc_download_expired_date: str
    doc_download_date: str
    sign: str


@dataclass(frozen=True)
class Case:
    """One filing as e-Gov lists it (it names no proc_id). `status` is e-Gov's own word; `no` its
    number in the list it came from."""

    no: str
    arrive_id: str
    arrive_date: str
    send_number: str
    send_date: str
    status: str
    corporation_name: str
    applicant_name: str
    proc_name: str
    submission_destination: str
    withdraw_flag: str
    pay_status: str
    applied_account: str
    notices: tuple[CaseNotice, ...]
    documents: tuple[CaseDocument, ...]
    fees: tuple[Fee, ...] = ()

    @property
    def arrived_at(self) -> datetime | None:
        """`arrive_date` as a moment in Japan time."""
        return moment_of(self.arrive_date)


@dataclass(frozen=True)
class Amended:
    """POST /apply/amend: 補正 taken."""

    arrive_id: str
    amend_date: str
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Withdrawn:
    """POST /apply/withdraw: the wish to withdraw was taken (not yet granted)."""

    arrive_id: str
    withdraw_date: str
    applicant_name: str
    proc_name: str
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class ErrorReport:
    """One row of GET /apply/report: what became of one sending."""

    send_number: str
    send_date: str
    file_name: str
    apply_count: int
    arrive_count: int
    error_count: int
    arrive_ids: tuple[str, ...]
    items: tuple[ReportItem, ...]
