"""Sending a sealed filing once, and settling an unknown outcome by asking (DESIGN 4, step 7).

Before the bytes leave, the 到達番号 that e-Gov already lists are stored, and the filing is moved to
`sending` (the store lets only one filing of an account, company and procedure be there). When no
usable answer comes back the filing is `unknown`. Then the list is asked, never the bytes sent again:
once the list has had the time to show everything (it lags), exactly one new case of this procedure,
applicant and moment settles it; none or several wait for a person.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.clock import JST, Clock
from app.domain.errors import Known, NoAnswer, Refused, SignedOut, Unreachable, VaultFault
from app.domain.filing import Stage
from app.services.connectors.egov import Case, Egov, Receipt
from app.store.disclosures import Disclosures
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent

LIST_LAG = timedelta(minutes=6)
"""How long e-Gov's list may lag behind its acceptances (five minutes seen), with a minute to spare."""

SEND_LIMIT = timedelta(minutes=2)
"""After this an acceptance cannot be ours any more: the call is given up long before."""

CLOCK_SKEW = timedelta(minutes=3)
"""How far this machine's clock and e-Gov's may lie apart."""


@dataclass(frozen=True)
class Candidate:
    """A case in e-Gov's list that may be the filing whose answer was lost."""

    arrive_id: str
    arrived_at: datetime
    applicant_name: str
    procedure: str


@dataclass(frozen=True)
class Settlement:
    """What asking found. `settled`: the filing is accepted now. `ask_again_at`: the list may lag."""

    settled: bool
    candidates: tuple[Candidate, ...]
    ask_again_at: datetime | None = None


@dataclass(frozen=True)
class Contents:
    """What the sealed bytes themselves say they are: read from the envelope, not from a note beside."""

    proc_id: str
    proc_title: str
    corporation_name: str
    applicant_name: str
    forms: tuple[tuple[str, str], ...]


class Sending:
    """The outbox of one company: send, recover after a crash, settle, let a person decide.

    `egov` gives the connector (made at first use, so that nothing is asked before it is needed);
    `read` tells what an envelope holds (forms layer) and raises Known for bytes that are none.
    """

    def __init__(
        self,
        filings: Filings,
        disclosures: Disclosures,
        egov: Callable[[], Egov],
        read: Callable[[bytes], Contents],
        clock: Clock,
    ) -> None:
        self._read = read
        self._filings = filings
        self._disclosures = disclosures
        self._egov = egov
        self._clock = clock
        self._under_way: set[str] = set()
        self._lock = threading.Condition()

    def recover(self) -> tuple[str, ...]:
        """Filings left in `sending` (a crash, a full disk) become `unknown`; gives their ids."""
        found = [r for r in self._filings.list(Stage.SENDING) if r.id not in self._under_way]
        for row in found:
            self._unknown(row.id, "途中で終わったため、届いたか分かりません", "killed")
        return tuple(row.id for row in found)

    def send(self, filing_id: str) -> FilingRow:
        """Sends the envelope once and stores what came back before telling.

        Raises:
            Known: not sent, with the reason (the filing is `ready` or `rejected`).
        """
        with self._lock:
            if filing_id in self._under_way:
                raise Known("sending-now", "いま送っています。答えが出るまで、お待ちください。")
            self._under_way.add(filing_id)
        try:
            return self._send(filing_id)
        finally:
            with self._lock:
                self._under_way.discard(filing_id)
                self._lock.notify_all()

    @property
    def busy(self) -> bool:
        """Whether a filing is on its way just now."""
        with self._lock:
            return bool(self._under_way)

    def wait(self, seconds: float) -> bool:
        """Waits until nothing is on its way; False when that took longer."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under_way, seconds)

    def _send(self, filing_id: str) -> FilingRow:
        row = self._filings.get(filing_id)
        if row.stage is not Stage.READY:
            raise Known("not-ready", "この届は、もう送りました。送信箱で様子を見てください。")
        envelope = self._unchanged_envelope(row)
        contents = self._read(envelope)
        self._same_edition(contents)
        listed = [case.arrive_id for case in self._listed(row.sealed_at)]
        self._filings.begin_sending(filing_id, listed, _sending(row))
        receipt = self._applied(row, contents.proc_id, envelope)
        if receipt is not None:
            self._accept(row, receipt)
        return self._filings.get(filing_id)

    def _unchanged_envelope(self, row: FilingRow) -> bytes:
        envelope = self._filings.envelope(row.id)
        if hashlib.sha256(envelope).hexdigest() != row.sha256:
            raise VaultFault(
                "envelope-changed",
                "封をしたファイルが変わっています。送らずに止めました。バックアップから戻してください。",
            )
        return envelope

    def _applied(self, row: FilingRow, proc_id: str, envelope: bytes) -> Receipt | None:
        """The one call that files. Whatever comes of it is stored before it is raised; None: unknown."""
        try:
            return self._egov().apply(proc_id, row.envelope_name, envelope)
        except Refused as fault:
            self._filings.move(row.id, Stage.REJECTED, _refusal(fault))
            raise
        except (Unreachable, SignedOut) as fault:
            self._filings.move(
                row.id, Stage.READY, NewEvent("not-sent", "送れませんでした", fault.sentence)
            )
            raise
        except NoAnswer as fault:
            self._unknown(row.id, "届いたか分かりません", fault.code)
            self._disclose(row)
            return None
        except BaseException:
            self._unknown(row.id, "届いたか分かりません", "fault-of-ours")
            raise

    def settle(self, filing_id: str) -> Settlement:
        """Asks e-Gov what became of an `unknown` filing. Safe to call as often as one likes.

        Raises:
            DoorFault: e-Gov could not be asked; the filing stays `unknown`.
        """
        row = self._filings.get(filing_id)
        if row.stage is not Stage.UNKNOWN:
            return Settlement(row.stage is Stage.ACCEPTED, ())
        began, ended = self._window(filing_id)
        candidates = self._candidates(row, began, ended)
        settled_at = ended + LIST_LAG
        if self._clock() < settled_at:
            return Settlement(False, candidates, settled_at)
        if len(candidates) != 1:
            return Settlement(False, candidates)
        self._accept_found(row, candidates[0], "一覧で、ただ一つ見つかりました", by="")
        return Settlement(True, candidates)

    def decide(self, filing_id: str, arrive_id: str | None, by: str) -> FilingRow:
        """A person's decision about an `unknown` filing: it is that case, or it never arrived.

        With None the filing goes back to `ready`; it is offered only when the list shows no
        candidate after its lag.

        Raises:
            Known: the filing is not unknown, or the decision does not fit what e-Gov lists.
        """
        row = self._filings.get(filing_id)
        if row.stage is not Stage.UNKNOWN:
            raise Known("not-unknown", "この届の結果は、もう分かっています。")
        began, ended = self._window(filing_id)
        candidates = self._candidates(row, began, ended)
        if arrive_id is None:
            if self._clock() < ended + LIST_LAG:
                raise Known("too-early", "役所の一覧は遅れて出ます。6分たってから決めてください。")
            if candidates:
                raise Known(
                    "candidates-left",
                    "一覧に、この届かもしれないものがあります。どれでもないときは、先に役所に確かめてください。",
                )
            self._filings.move(
                filing_id,
                Stage.READY,
                NewEvent(
                    "not-arrived",
                    "届いていませんでした",
                    "一覧にないことを確かめました",
                    {"by": by},
                ),
            )
            return self._filings.get(filing_id)
        chosen = [c for c in candidates if c.arrive_id == arrive_id]
        if not chosen:
            raise Known("no-such-case", "その到達番号は一覧にありません。番号を確かめてください。")
        self._accept_found(row, chosen[0], "人が選びました", by=by)
        return self._filings.get(filing_id)

    def _same_edition(self, contents: Contents) -> None:
        """First contact: the door must still take the form the envelope was sealed for."""
        skeleton = self._egov().procedure(contents.proc_id)
        offered = {(f.form_id, f.form_version.zfill(4)) for f in skeleton.forms}
        if not contents.forms or not set(contents.forms) <= offered:
            raise Known(
                "edition-changed",
                "様式の版が変わりました。この封は送らず、新しい様式で作り直してください。",
            )

    def _listed(self, since: datetime) -> list[Case]:
        """Every case from the day before `since` to tomorrow (days of e-Gov and ours may differ)."""
        first = min(since, self._clock()).astimezone(JST).date() - timedelta(days=1)
        return self._egov().cases(first, self._clock().astimezone(JST).date() + timedelta(days=1))

    def _window(self, filing_id: str) -> tuple[datetime, datetime]:
        """When the sending began, and the last moment at which e-Gov can have accepted it."""
        events = self._filings.events(filing_id)
        began = max(e.at for e in events if e.kind == "sending")
        ended = max((e.at for e in events if e.kind == "unknown"), default=began)
        return began, min(ended, began + SEND_LIMIT)

    def _candidates(
        self, row: FilingRow, began: datetime, ended: datetime
    ) -> tuple[Candidate, ...]:
        contents = self._read(self._filings.envelope(row.id))
        seen = self._filings.listed_before(row.id) | self._filings.receipt_numbers(row.door)
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

    def _accept(self, row: FilingRow, receipt: Receipt) -> None:
        answer = {
            "arrive_id": receipt.arrive_id,
            "arrive_date": receipt.arrive_date,
            "corporation_name": receipt.corporation_name,
            "applicant_name": receipt.applicant_name,
            "proc_name": receipt.proc_name,
            "submission_destination": receipt.submission_destination,
            "answer_sha256": hashlib.sha256(receipt.raw).hexdigest(),
            "found_by": "answer",
        }
        self._filings.store_receipt(
            row.id,
            receipt.arrive_id,
            receipt_at=receipt.arrived_at or self._clock(),
            receipt=answer,
            door_status="到達",
            event=NewEvent("accepted", "到達", "到達番号を記録してから、画面に出しました"),
        )
        self._disclose(row)

    def _accept_found(self, row: FilingRow, found: Candidate, how: str, by: str) -> None:
        answer = {
            "arrive_id": found.arrive_id,
            "arrive_date": found.arrived_at.isoformat(),
            "applicant_name": found.applicant_name,
            "proc_name": found.procedure,
            "found_by": "person" if by else "list",
        }
        self._filings.store_receipt(
            row.id,
            found.arrive_id,
            receipt_at=found.arrived_at,
            receipt=answer,
            door_status="到達",
            event=NewEvent("accepted", "到達", how, {"by": by}),
        )

    def _unknown(self, filing_id: str, title: str, code: str) -> None:
        self._filings.move(
            filing_id,
            Stage.UNKNOWN,
            NewEvent("unknown", title, "役所に確かめます(もう一度は送りません)", {"code": code}),
        )

    def _disclose(self, row: FilingRow) -> None:
        paths = [str(f["path"]) for f in row.facts if f.get("path")]
        self._disclosures.add(paths, row.door, row.id, self._clock())


def _sending(row: FilingRow) -> NewEvent:
    return NewEvent(
        "sending",
        "送信",
        f"封 {row.sha256[:4]}…{row.sha256[-4:]} を一度だけ",
        {"sha256": row.sha256, "account": row.account_id, "capacity": row.capacity.value},
    )


def _refusal(fault: Refused) -> NewEvent:
    return NewEvent(
        "rejected",
        "受け付けられませんでした",
        fault.sentence,
        {"code": fault.code, "items": [list(item) for item in fault.items]},
    )
