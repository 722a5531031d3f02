"""What e-Gov answers of notices, messages and official documents, as frozen rows.

Texts are kept as they came; "" where e-Gov said nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attachment:
    """A file that came with a notice or a message."""

    file_name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class NoticeRow:
    """One row of GET /notice/lists."""

    arrive_id: str
    notice_sub_id: int
    notice_issue_date: str
    type: str
    title: str
    issuer_organization: str
    proc_name: str
    notified_account: str


@dataclass(frozen=True)
class Notice:
    """GET /notice/{arrive_id}/{notice_sub_id}.

    `notice_type` is お知らせ, 納付, 補正 or 取下げ; `correct_type` 部分補正, 再提出 or
    手続終了(再提出可).
    """

    arrive_id: str
    notice_sub_id: int
    issue_date: str
    notice_type: str
    correct_type: str
    correct_expired_date: str
    correct_completed_date: str
    notice_title: str
    notice_sentence: str
    issuer_organization: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class MessageRow:
    """One row of GET /message/lists (手続に関するご案内)."""

    information_id: str
    issue_date: str
    issuer_organization: str
    information_title: str


@dataclass(frozen=True)
class Message:
    """GET /message/{information_id}."""

    information_id: str
    issue_date: str
    issuer_organization: str
    information_title: str
    information_data: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class OfficialDocument:
    """GET /official_document: the ZIP of a 公文書 and the names inside it."""

    arrive_id: str
    notice_sub_id: int
    zip_bytes: bytes = field(repr=False)
    file_names: tuple[str, ...]


@dataclass(frozen=True)
class DocumentDone:
    """POST /official_document: e-Gov's note that the document was fetched."""

    arrive_id: str
    notice_sub_id: int
    proc_name: str
    doc_title: str
    download_date: str
    file_names: tuple[str, ...]


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature of an official document, as e-Gov judged it."""

    validation_result: str
    certificate_result: str
    publisher: str
    owner: str
    serial_number: str
    start_date: str
    end_date: str


@dataclass(frozen=True)
class Verification:
    """POST /official_document/verify: e-Gov's judgement of every signature of a file."""

    file_name: str
    official: tuple[SignatureVerdict, ...]
    government: tuple[SignatureVerdict, ...]
