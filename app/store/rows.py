"""The rows the store gives and takes: frozen, plain, and without SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.filing import Capacity, Stage


@dataclass(frozen=True)
class DraftRow:
    """A draft as stored. `answers` (field id → answer in JSON values) is filled by `load` only.

    `sealed` says that at least one filing was made from it.
    """

    id: str
    procedure_id: str
    edition: str
    subject: str
    created_at: datetime
    updated_at: datetime
    cursor: str = ""
    discarded_at: datetime | None = None
    sealed: bool = False
    answers: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class HistoryRow:
    """What one field of a draft said at a time; `answer` is None when it was cleared."""

    draft_id: str
    field_id: str
    answer: dict[str, Any] | None
    saved_at: datetime


@dataclass(frozen=True)
class NewFiling:
    """Everything that is sealed for good when a draft leaves the house.

    `facts` are plain JSON objects (path, value, origin, record id, label, cell text).
    `sha256` is that of `envelope`, in hex. `twin_key` names account, company and procedure:
    of filings with one key only one may be in flight. Where 個人番号 of `people` stand in what leaves,
    `envelope` is the redacted copy and `apart` the bytes that leave (see app.store.apart).
    """

    draft_id: str
    procedure_id: str
    edition: str
    door: str
    company_name: str
    corporate_number: str
    account_id: str
    capacity: Capacity
    subject: str
    title: str
    facts: list[dict[str, Any]]
    envelope: bytes = field(repr=False)
    envelope_name: str
    sha256: str
    sealed_at: datetime
    practice: bool
    twin_key: str = ""
    apart: bytes = field(default=b"", repr=False)
    people: int = 0

    def __post_init__(self) -> None:
        if not self.twin_key:
            key = twin_key(self.account_id, self.corporate_number, self.procedure_id)
            object.__setattr__(self, "twin_key", key)


def twin_key(account_id: str, corporate_number: str, procedure_id: str) -> str:
    """The key that two filings share when only one of them may be in flight."""
    return "\n".join((account_id, corporate_number, procedure_id))


@dataclass(frozen=True)
class NewEvent:
    """One thing that happened to a filing, to be appended to its chain.

    `kind` is a short English id, `title` and `note` are shown. `at` None means now.
    """

    kind: str
    title: str
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class EventRow:
    """An event of a filing with its place in the hash chain."""

    filing_id: str
    n: int
    at: datetime
    kind: str
    title: str
    note: str
    data: dict[str, Any]
    salt: str = field(repr=False)
    digest: str
    chain: str

    def content(self) -> dict[str, Any]:
        """What `digest` commits to, in plain JSON values."""
        return {
            "filing": self.filing_id,
            "n": self.n,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "title": self.title,
            "note": self.note,
            "data": self.data,
        }


@dataclass(frozen=True)
class FilingRow:
    """A sealed filing: what never changes, then where it is now. The envelope is read apart."""

    id: str
    draft_id: str
    procedure_id: str
    edition: str
    door: str
    company_name: str
    corporate_number: str
    account_id: str
    capacity: Capacity
    subject: str
    title: str
    facts: Sequence[dict[str, Any]]
    envelope_name: str
    envelope_size: int
    sha256: str
    sealed_at: datetime
    practice: bool
    twin_key: str
    record_head: str
    seal_salt: str = field(repr=False)
    stage: Stage
    door_status: str = ""
    receipt_number: str = ""
    receipt_at: datetime | None = None
    receipt: dict[str, Any] = field(default_factory=dict)

    def sealed(self) -> dict[str, Any]:
        """The sealed part in plain JSON values; the first event's "seal" is its salted digest."""
        return {
            "id": self.id,
            "draft_id": self.draft_id,
            "procedure_id": self.procedure_id,
            "edition": self.edition,
            "door": self.door,
            "company_name": self.company_name,
            "corporate_number": self.corporate_number,
            "account_id": self.account_id,
            "capacity": self.capacity.value,
            "subject": self.subject,
            "title": self.title,
            "facts": list(self.facts),
            "envelope_name": self.envelope_name,
            "envelope_size": self.envelope_size,
            "sha256": self.sha256,
            "sealed_at": self.sealed_at.isoformat(),
            "practice": self.practice,
            "twin_key": self.twin_key,
            "record_head": self.record_head,
        }


@dataclass(frozen=True)
class DocumentRow:
    """A kept document. `content` is filled by `get` only; `verdict` is what verification said."""

    id: str
    name: str
    kind: str
    filing_id: str
    verdict: str
    sha256: str
    size: int
    kept_at: datetime
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class AccountRow:
    """An identity at a door, with its tokens (text values; they are hidden in `repr`)."""

    id: str
    door: str
    kind: str
    label: str = ""
    subject: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    details: Mapping[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None


@dataclass(frozen=True)
class DisclosureRow:
    """One time facts left the house: which, through which door, for which filing, when."""

    id: int
    at: datetime
    door: str
    filing_id: str
    paths: tuple[str, ...]
