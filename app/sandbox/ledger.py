"""The e-Gov side's own book: every filing it holds, what happened to it, what it sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.sandbox.clock import JST, TownClock, day_text, from_seconds, time_text

ARRIVED = "到達"
REVIEW = "審査中"
CORRECTION = "審査中（補正待ち）"
REVIEWED = "審査終了"
ENDED = "手続終了"
WITHDRAWING = "到達（取下げ処理中）"
CORRECT_TYPES = ("部分補正", "再提出", "手続終了(再提出可)")
PAY_STATES = ("納付待ち", "納付済み", "納付期限切れ", "取消")


@dataclass
class Notice:
    """One 通知."""

    sub_id: int
    issued: float
    kind: str
    title: str
    sentence: str
    issuer: str
    correct_type: str = ""
    expires: float = 0.0
    completed: float = 0.0
    files: list[dict[str, str]] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        """As it stands in `notice_list` of a filing."""
        return {
            "notice_sub_id": self.sub_id,
            "issue_date": time_text(from_seconds(self.issued)),
            "notice_data_type": self.kind,
            "notice_title": self.title,
            "notice_sentence": self.sentence,
            "issuer_organization": self.issuer,
            "correct_expired_date": day_text(from_seconds(self.expires)) if self.expires else "",
            "correct_completed_date": (
                time_text(from_seconds(self.completed)) if self.completed else ""
            ),
        }


@dataclass
class Document:
    """One 公文書: a ZIP in base64."""

    sub_id: int
    issued: float
    title: str
    expires: float
    data: str
    names: list[str]
    signed: bool = True
    downloaded: float = 0.0

    def row(self) -> dict[str, object]:
        """As it stands in `official_list` of a filing."""
        got = time_text(from_seconds(self.downloaded)) if self.downloaded else ""
        return {
            "notice_sub_id": self.sub_id,
            "allowed_date": time_text(from_seconds(self.issued)),
            "doc_title": self.title,
            "doc_download_expired_date": day_text(from_seconds(self.expires)),
            "doc_download_date": got,
            "sign": "あり" if self.signed else "なし",
        }


@dataclass
class Payment:
    """One 電子納付 of a filing; `pay_number` is the 納付番号."""

    pay_number: str
    confirm_number: str
    facility_number: str
    name_kana: str
    fee: int
    expires: float
    status: str = "納付待ち"
    paid: float = 0.0
    memo: str = ""

    def row(self) -> dict[str, object]:
        """As it stands in `apply_pay_list`."""
        return {
            "pay_number": self.pay_number,
            "confirm_number": self.confirm_number,
            "facility_number": self.facility_number,
            "pay_name_kana": self.name_kana,
            "pay_expired": day_text(from_seconds(self.expires)),
            "total_fee": self.fee,
            "pay_status": self.status,
            "pay_date": time_text(from_seconds(self.paid)) if self.paid else "",
            "pay_memo": self.memo,
            "pay_flag": self.status == PAY_STATES[0],
        }


@dataclass
class Filing:
    """One 申請案件."""

    arrive_id: str
    account: str
    proc_id: str
    proc_name: str
    ministry: str
    destination: str
    kind: str
    applicant: str
    corporation: str
    arrived: float
    file_name: str = ""
    sha256: str = ""
    first_number: str = ""
    origin: str = "api"
    send_number: str = "-"
    sent: float = 0.0
    capacity: str = "本人"
    outcome: str = ""
    delivery: bool = False
    pension: dict[str, Any] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    status: str = ARRIVED
    since: float = 0.0
    polls: int = 0
    withdrawn: float = 0.0
    correct_type: str = ""
    subject: dict[str, str] = field(default_factory=dict)
    form_names: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    amendments: list[str] = field(default_factory=list)
    history: list[list[str]] = field(default_factory=list)

    def next_sub_id(self) -> int:
        """The next 通知通番, 1 to 999."""
        return len(self.notices) + len(self.documents) + 1

    def pay_status(self) -> str:
        """納付待ち while one payment waits, else the state of the newest; "-" without any."""
        states = [payment.status for payment in self.payments]
        if PAY_STATES[0] in states:
            return PAY_STATES[0]
        return states[-1] if states else "-"

    def detail(self) -> dict[str, object]:
        """As 申請案件取得 gives it."""
        return {
            "status": self.status,
            "send_number": self.send_number,
            "send_date": time_text(from_seconds(self.sent or self.arrived)),
            "arrive_id": self.arrive_id,
            "arrive_date": time_text(from_seconds(self.arrived)),
            "corporation_name": self.corporation,
            "applicant_name": self.applicant,
            "proc_name": self.proc_name,
            "submission_destination": self.destination,
            # 取下げ可能フラグ: a request to withdraw is taken only while the filing is reviewed.
            "withdraw_flag": self.status == REVIEW and not self.withdrawn,
            "pay_status": self.pay_status(),
            "notice_count": len(self.notices),
            "doc_count": len(self.documents),
            "apply_pay_count": len(self.payments),
            "notice_list": [notice.row() for notice in self.notices],
            "official_list": [document.row() for document in self.documents],
            "apply_pay_list": [payment.row() for payment in self.payments],
            "applied_account": self.account.partition(":")[2],
        }

    def item(self, number: int) -> dict[str, object]:
        """As it stands in 申請案件一覧."""
        return {"no": number, **self.detail()}


class Ledger:
    """All filings, in order of arrival; `changed` is called after each change."""

    def __init__(self, clock: TownClock) -> None:
        """An empty book."""
        self._clock = clock
        self.filings: dict[str, Filing] = {}
        self.serial = 0
        self.changed: Callable[[], None] = lambda: None

    def next_number(self) -> str:
        """A fresh 到達番号: 900, the year, nine digits; it is never given twice."""
        self.serial += 1
        return f"900{self._clock.now().year}{self.serial:09d}"

    def take(self, filing: Filing) -> None:
        """Enter a filing."""
        filing.since = filing.arrived
        self.filings[filing.arrive_id] = filing
        self.note(filing, filing.status)

    def note(self, filing: Filing, status: str) -> None:
        """Set the status and write it into the history."""
        filing.status = status
        filing.since = self._clock.seconds()
        filing.polls = 0
        filing.history.append([time_text(self._clock.now()), status])
        self.changed()

    def of(self, account: str) -> Iterator[Filing]:
        """The filings of one account, newest first."""
        return (item for item in reversed(self.filings.values()) if item.account == account)

    def between(self, account: str, first: datetime, last: datetime, lag: float) -> list[Filing]:
        """The filings of an account that arrived on days first to last, older than `lag` seconds."""
        begin = first.replace(tzinfo=JST).timestamp()
        end = (last.replace(tzinfo=JST) + timedelta(days=1)).timestamp()
        seen_until = self._clock.seconds() - lag
        return [
            item
            for item in self.of(account)
            if begin <= item.arrived < end and (lag == 0 or item.arrived <= seen_until)
        ]

    def kept(self) -> dict[str, Any]:
        """The whole book as plain data."""
        return {"serial": self.serial, "filings": [asdict(item) for item in self.filings.values()]}

    def take_back(self, data: dict[str, Any]) -> None:
        """Restore the book from plain data."""
        self.serial = data["serial"]
        self.filings = {}
        for row in data["filings"]:
            row["notices"] = [Notice(**notice) for notice in row["notices"]]
            row["documents"] = [Document(**document) for document in row["documents"]]
            row["payments"] = [Payment(**payment) for payment in row.get("payments", [])]
            filing = Filing(**row)
            self.filings[filing.arrive_id] = filing

    def clear(self) -> None:
        """Forget every filing; numbers go on, so that none is given twice."""
        self.filings.clear()
        self.changed()
