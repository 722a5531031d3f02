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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.clock import Clock
from app.domain.errors import Known, NoAnswer, Refused, SignedOut, Unreachable, VaultFault
from app.domain.filing import CASE_DOOR, HAND_OVER, Stage
from app.domain.my_number import without_my_numbers
from app.services.connectors.egov import Egov
from app.services.sending_ways import CLOCK_SKEW, Candidate, Contents, Taken, Way, way_of
from app.store.disclosures import Disclosures
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent

__all__ = [
    "CLOCK_SKEW", "LIST_LAG", "SEND_LIMIT", "Candidate", "Contents", "Sending", "Settlement",
]  # fmt: skip

LIST_LAG = timedelta(minutes=6)
"""How long e-Gov's list may lag behind its acceptances (five minutes seen), with a minute to spare."""

SEND_LIMIT = timedelta(minutes=2)
"""After this an acceptance cannot be ours any more: the call is given up long before."""


@dataclass(frozen=True)
class Settlement:
    """What asking found. `settled`: the filing is accepted now. `ask_again_at`: the list may lag."""

    settled: bool
    candidates: tuple[Candidate, ...]
    ask_again_at: datetime | None = None


class Sending:
    """The outbox of one company: send, recover after a crash, settle, let a person decide.

    `egov` gives the connector (made at first use, so that nothing is asked before it is needed);
    `read` tells what an envelope holds (forms layer) and raises Known for bytes that are none.
    `shares_name`: the account also files for another company of this name, so that what the list
    shows may be the other's, and only a person settles it.
    """

    def __init__(
        self,
        filings: Filings,
        disclosures: Disclosures,
        egov: Callable[[], Egov],
        read: Callable[[bytes], Contents],
        clock: Clock,
        *,
        shares_name: Callable[[], bool] = lambda: False,
    ) -> None:
        self._shares_name = shares_name
        self._read = read
        self._filings = filings
        self._disclosures = disclosures
        self._egov = egov
        self._clock = clock
        self._under_way: set[str] = set()
        self._lock = threading.Condition()

    def recover(self) -> tuple[str, ...]:
        """Filings left in `sending` (a crash, a full disk) become `unknown`; gives their ids."""
        self._filings.tell_gone_numbers()
        found = [r for r in self._filings.list(Stage.SENDING) if r.id not in self._under_way]
        for row in found:
            self._unknown(row.id, "途中で終わったため、届いたか分かりません", "killed")
        for row in self._filings.list(Stage.ACCEPTED):
            if row.id not in self._under_way:
                self._close_case_act(row)
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
        if row.door == HAND_OVER:
            raise Known(
                "by-hand",
                "この届は、人が手で出すことになっています。送るときは、先に手渡しを取り消してください。",
            )
        if row.stage is not Stage.READY:
            raise Known("not-ready", "この届は、もう送りました。送信箱で様子を見てください。")
        way = self._way(row, self._unchanged_envelope(row))
        leaving = self._filings.leaving(row.id)
        self._filings.begin_sending(filing_id, way.before(row.sealed_at), _sending(row))
        taken = self._filed(row, way, leaving)
        if taken is not None:
            self._accept(row, taken)
        return self._filings.get(filing_id)

    def _way(self, row: FilingRow, envelope: bytes) -> Way:
        return way_of(self._read(envelope), row, self._egov(), self._filings, self._clock)

    def _unchanged_envelope(self, row: FilingRow) -> bytes:
        envelope = self._filings.envelope(row.id)
        if hashlib.sha256(envelope).hexdigest() != row.sha256:
            raise VaultFault(
                "envelope-changed",
                "封をしたファイルが変わっています。送らずに止めました。バックアップから戻してください。",
            )
        return envelope

    def _filed(self, row: FilingRow, way: Way, envelope: bytes) -> Taken | None:
        """The one call that files. Whatever comes of it is stored before it is raised; None: unknown."""
        try:
            return way.file(row.envelope_name, envelope)
        except Refused as fault:
            if self._filings.kept_apart(row.id) is not None:
                fault = _without_numbers(fault)
            self._filings.move(row.id, Stage.REJECTED, _refusal(fault))
            raise fault from None
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
        if len(candidates) != 1 or not candidates[0].certain or self._shares_name():
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

    def _window(self, filing_id: str) -> tuple[datetime, datetime]:
        """When the sending began, and the last moment at which e-Gov can have accepted it."""
        events = self._filings.events(filing_id)
        began = max(e.at for e in events if e.kind == "sending")
        ended = max((e.at for e in events if e.kind == "unknown"), default=began)
        return began, min(ended, began + SEND_LIMIT)

    def _candidates(
        self, row: FilingRow, began: datetime, ended: datetime
    ) -> tuple[Candidate, ...]:
        return self._way(row, self._filings.envelope(row.id)).found(began, ended)

    def _accept(self, row: FilingRow, taken: Taken) -> None:
        self._filings.store_receipt(
            row.id,
            taken.number,
            receipt_at=taken.at or self._clock(),
            receipt=taken.told,
            door_status="到達",
            event=NewEvent("accepted", "到達", "到達番号を記録してから、画面に出しました"),
        )
        self._disclose(row)
        self._close_case_act(row)

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
        self._close_case_act(row)

    def _close_case_act(self, row: FilingRow) -> None:
        """An envelope about a case has done its work on arrival; the case itself is followed."""
        if row.door == CASE_DOOR:
            self._filings.move(row.id, Stage.ENDED, NewEvent("ended", "役所に届きました"))

    def _unknown(self, filing_id: str, title: str, code: str) -> None:
        self._filings.move(
            filing_id,
            Stage.UNKNOWN,
            NewEvent("unknown", title, "役所に確かめます(もう一度は送りません)", {"code": code}),
        )

    def _disclose(self, row: FilingRow) -> None:
        paths = [path for fact in row.facts for path in _paths(fact)]
        self._disclosures.add(paths, row.door, row.id, self._clock())


def _paths(fact: Mapping[str, Any]) -> Iterator[str]:
    """The facts behind one entry of a filing: itself, or all that a notice about a person used."""
    path = str(fact.get("path", ""))
    used = fact.get("records", {})
    yield from (f"{path}.{leaf}" for leaf in used)
    if path and not used:
        yield path


def _sending(row: FilingRow) -> NewEvent:
    return NewEvent(
        "sending",
        "送信",
        f"封 {row.sha256[:4]}…{row.sha256[-4:]} を一度だけ",
        {"sha256": row.sha256, "account": row.account_id, "capacity": row.capacity.value},
    )


def _without_numbers(fault: Refused) -> Refused:
    """The same refusal without any 個人番号: a door may repeat the value it refuses."""
    items = tuple(
        (without_my_numbers(a), without_my_numbers(b), without_my_numbers(c))
        for a, b, c in fault.items
    )
    sentence = without_my_numbers(fault.sentence)
    return Refused(fault.code, sentence, status=fault.status, items=items)


def _refusal(fault: Refused) -> NewEvent:
    return NewEvent(
        "rejected",
        "受け付けられませんでした",
        fault.sentence,
        {"code": fault.code, "items": [list(item) for item in fault.items]},
    )
