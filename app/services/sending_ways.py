"""The three ways in which an envelope goes to e-Gov, each with how it is settled when nobody answers.

A new application (also 再提出) gets a 到達番号 and is found in the list. A 部分補正 and a 取下げ依頼
are about a case that e-Gov holds; they are found in that case itself. Which way an envelope goes is
read from its own bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.domain.clock import JST, Clock
from app.domain.errors import Known
from app.domain.filing import DELIVERY_DOOR, EGOV_STATUS
from app.services.connectors.egov import Case, Egov, Receipt
from app.services.connectors.egov.rows import moment_of
from app.store.filings import Filings
from app.store.rows import FilingRow

CLOCK_SKEW = timedelta(minutes=3)
"""How far this machine's clock and e-Gov's may lie apart."""


@dataclass(frozen=True)
class Contents:
    """What the sealed bytes themselves say they are: read from the envelope, not from a note beside."""

    proc_id: str
    proc_title: str
    corporation_name: str
    applicant_name: str
    forms: tuple[tuple[str, str], ...]
    kind: str = "新規申請"
    first_number: str = ""


def contents_of(envelope: bytes) -> Contents:
    """What a sealed e-Gov package says it is. Raises BadInput for bytes that are none."""
    from app.forms.envelope import read_package

    told = read_package(envelope)
    return Contents(
        told.proc_id,
        told.proc_title,
        told.corporation_name,
        told.applicant_name,
        told.forms,
        told.kind,
        told.first_number,
    )


@dataclass(frozen=True)
class Candidate:
    """What e-Gov shows that may be the filing whose answer was lost.

    `arrive_id` is the number it would be kept under. Only a `certain` one is ever taken without a
    person.
    """

    arrive_id: str
    arrived_at: datetime
    applicant_name: str
    procedure: str
    certain: bool = True


@dataclass(frozen=True)
class Taken:
    """What e-Gov answered to an envelope that it took."""

    number: str
    at: datetime | None
    told: dict[str, Any] = field(repr=False)


class Way(Protocol):
    """One envelope on its way."""

    def before(self, since: datetime) -> list[str]:
        """What e-Gov shows already and therefore cannot be ours. Raises Known: do not send."""
        ...

    def file(self, name: str, envelope: bytes) -> Taken:
        """The one call that files."""
        ...

    def found(self, began: datetime, ended: datetime) -> tuple[Candidate, ...]:
        """What may be ours of all that e-Gov shows now."""
        ...


def way_of(contents: Contents, row: FilingRow, egov: Egov, filings: Filings, clock: Clock) -> Way:
    """The way of an envelope, by its 申請種別."""
    if contents.kind == "部分補正":
        return _Correction(contents, row, egov, filings)
    if contents.kind == "取下げ依頼":
        return _Withdrawal(contents, row, egov, filings)
    if row.door == DELIVERY_DOOR:
        return _SignUp(contents, row, egov, filings, clock)
    return _Application(contents, row, egov, filings, clock)


@dataclass(frozen=True)
class _Application:
    contents: Contents
    row: FilingRow
    egov: Egov
    filings: Filings
    clock: Clock

    def before(self, since: datetime) -> list[str]:
        self._same_edition()
        return [case.arrive_id for case in self._listed(since)]

    def file(self, name: str, envelope: bytes) -> Taken:
        receipt = self._filed(name, envelope)
        told = {
            "arrive_id": receipt.arrive_id,
            "arrive_date": receipt.arrive_date,
            "corporation_name": receipt.corporation_name,
            "applicant_name": receipt.applicant_name,
            "proc_name": receipt.proc_name,
            "submission_destination": receipt.submission_destination,
            "answer_sha256": hashlib.sha256(receipt.raw).hexdigest(),
            "found_by": "answer",
        }
        return Taken(receipt.arrive_id, receipt.arrived_at, told)

    def _filed(self, name: str, envelope: bytes) -> Receipt:
        return self.egov.apply(self.contents.proc_id, name, envelope)

    def found(self, began: datetime, ended: datetime) -> tuple[Candidate, ...]:
        contents = self.contents
        seen = self.filings.listed_before(self.row.id) | self.filings.receipt_numbers(self.row.door)
        found: list[Candidate] = []
        for case in self._listed(began):
            at = case.arrived_at
            same = case.proc_name in ("", contents.proc_title)
            theirs = (case.corporation_name, case.applicant_name)
            ours = (contents.corporation_name, contents.applicant_name)
            named = all(t in ("", o) for t, o in zip(theirs, ours, strict=True))
            if (
                case.arrive_id not in seen
                and same
                and named
                and at
                and began - CLOCK_SKEW <= at <= ended + CLOCK_SKEW
            ):
                found.append(Candidate(case.arrive_id, at, case.applicant_name, case.proc_name))
        return tuple(sorted(found, key=lambda c: (c.arrived_at, c.arrive_id)))

    def _same_edition(self) -> None:
        """First contact: the door must still take the form the envelope was sealed for."""
        skeleton = self.egov.procedure(self.contents.proc_id)
        offered = {(f.form_id, f.form_version.zfill(4)) for f in skeleton.forms}
        if not self.contents.forms or not set(self.contents.forms) <= offered:
            raise Known(
                "edition-changed",
                "様式の版が変わりました。この封は送らず、新しい様式で作り直してください。",
            )

    def _listed(self, since: datetime) -> list[Case]:
        """Every case from the day before `since` to tomorrow (days of e-Gov and ours may differ)."""
        first = min(since, self.clock()).astimezone(JST).date() - timedelta(days=1)
        return self.egov.cases(first, self.clock().astimezone(JST).date() + timedelta(days=1))


class _SignUp(_Application):
    """電子送達利用申込み: an application at a counter of its own, found in the same list."""

    def _filed(self, name: str, envelope: bytes) -> Receipt:
        return self.egov.deliveries.apply(self.contents.proc_id, name, envelope)


@dataclass(frozen=True)
class _OfCase:
    """An envelope about a case that e-Gov holds: `tail` of its own first event keeps numbers apart."""

    contents: Contents
    row: FilingRow
    egov: Egov
    filings: Filings

    @property
    def tail(self) -> str:
        """What is put behind the case's 到達番号: which notice was answered, which wish it is."""
        events = self.filings.events(self.row.id)
        return next((str(e.data["tail"]) for e in events if "tail" in e.data), "1")

    @property
    def number(self) -> str:
        return f"{self.contents.first_number}-{self.tail}"

    def _candidate(self, case: Case, at: datetime, *, certain: bool) -> Candidate:
        return Candidate(self.number, at, case.applicant_name, case.proc_name, certain)


class _Correction(_OfCase):
    """部分補正. Its notice tells the moment at which a correction was completed."""

    def before(self, since: datetime) -> list[str]:
        case = self.egov.case(self.contents.first_number)
        if not EGOV_STATUS.get(case.status, (False, False))[1]:
            raise Known(
                "correction-not-awaited",
                "この届は、いま補正を待っていません。送らずに止めました。送信箱で様子を確かめてください。",
            )
        if self._completed(case):
            raise Known(
                "corrected-already", "この補正の通知には、もう答えてあります。送らずに止めました。"
            )
        return []

    def file(self, name: str, envelope: bytes) -> Taken:
        done = self.egov.amend(self.contents.first_number, name, envelope)
        told = {
            "arrive_id": done.arrive_id,
            "amend_date": done.amend_date,
            "answer_sha256": hashlib.sha256(done.raw).hexdigest(),
            "found_by": "answer",
        }
        return Taken(self.number, moment_of(done.amend_date), told)

    def found(self, began: datetime, ended: datetime) -> tuple[Candidate, ...]:
        case = self.egov.case(self.contents.first_number)
        if told := self._completed(case):
            at = moment_of(told) or began
            return (self._candidate(case, at, certain=_in_window(told, began, ended)),)
        over, waits = EGOV_STATUS.get(case.status, (False, False))
        if waits or over:
            return ()
        return (self._candidate(case, began, certain=False),)

    def _completed(self, case: Case) -> str:
        """When the notice that this envelope answers was answered; "" while it was not."""
        return next(
            (n.correct_completed_date for n in case.notices if str(n.notice_sub_id) == self.tail),
            "",
        )


class _Withdrawal(_OfCase):
    """取下げ依頼. The case says that it is being taken back, or a notice of that kind comes."""

    def before(self, since: datetime) -> list[str]:
        case = self.egov.case(self.contents.first_number)
        if EGOV_STATUS.get(case.status, (False, False))[0]:
            raise Known(
                "withdrawal-too-late",
                "手続が終わっているので、取り下げられません。役所に相談してください。",
            )
        if "取下げ" in case.status:
            raise Known("withdrawal-asked", "この届は、もう取下げを頼んであります。")
        return [_mark(n.notice_sub_id) for n in case.notices if _of_withdrawal(n)]

    def file(self, name: str, envelope: bytes) -> Taken:
        done = self.egov.withdraw(self.contents.first_number, name, envelope)
        told = {
            "arrive_id": done.arrive_id,
            "withdraw_date": done.withdraw_date,
            "applicant_name": done.applicant_name,
            "proc_name": done.proc_name,
            "answer_sha256": hashlib.sha256(done.raw).hexdigest(),
            "found_by": "answer",
        }
        return Taken(self.number, moment_of(done.withdraw_date), told)

    def found(self, began: datetime, ended: datetime) -> tuple[Candidate, ...]:
        case = self.egov.case(self.contents.first_number)
        seen = self.filings.listed_before(self.row.id)
        new = [n for n in case.notices if _of_withdrawal(n) and _mark(n.notice_sub_id) not in seen]
        if "取下げ" in case.status or new:
            return (self._candidate(case, began, certain=True),)
        return ()


def _of_withdrawal(notice: Any) -> bool:
    return "取下げ" in f"{notice.notice_data_type} {notice.notice_title}"


def _mark(sub_id: int) -> str:
    return f"notice:{sub_id}"


def _in_window(told: str, began: datetime, ended: datetime) -> bool:
    """Whether a moment (or a bare day, Japan time) lies where our sending can have had its effect."""
    at = moment_of(told)
    if at is None:
        return False
    if " " not in told.strip():
        first, last = (m.astimezone(JST).date() for m in (began - CLOCK_SKEW, ended + CLOCK_SKEW))
        return first <= at.date() <= last
    return began - CLOCK_SKEW <= at <= ended + CLOCK_SKEW
