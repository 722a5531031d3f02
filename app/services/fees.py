"""What is to be paid for filings at e-Gov (電子納付), as the cases themselves tell it.

Each telling of the door is an event of its filing, so the chain proves what was owed and until when.
Nothing is paid by this program: a fee is paid at a bank or by Pay-easy, with the numbers told here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.filing import DELIVERY_DOOR, Stage
from app.services.connectors.egov.rows import Fee, moment_of
from app.store.filings import Filings
from app.store.rows import EventRow, FilingRow, NewEvent

if TYPE_CHECKING:
    from app.services.connectors.egov import Banks, Egov

WAITING, PAID, EXPIRED, CANCELLED = "納付待ち", "納付済み", "納付期限切れ", "取消"
EVENT = "fee"
_NAMES = tuple(f.name for f in fields(Fee))


@dataclass(frozen=True)
class FeeRow:
    """One fee of one filing. `yen` is None where the door's amount is no number.

    `due` is the last day, None where the door names none; `late` says that it has passed unpaid.
    """

    filing_id: str
    title: str
    arrive_id: str
    fee: Fee
    yen: int | None
    due: date | None
    late: bool

    @property
    def waits(self) -> bool:
        """Whether somebody still has to pay it."""
        return self.fee.pay_status in (WAITING, "") and not self.late


def fee_events(told: Sequence[Fee], events: Sequence[EventRow]) -> list[NewEvent]:
    """An event for each fee that the door tells otherwise than it was told before."""
    known = known_fees(events)
    return [_event(fee) for fee in told if fee.pay_number and known.get(fee.pay_number) != fee]


def known_fees(events: Iterable[EventRow]) -> dict[str, Fee]:
    """納付番号 → the fee as it was told last."""
    return {
        str(e.data["pay_number"]): Fee(**{name: str(e.data.get(name, "")) for name in _NAMES})
        for e in events
        if e.kind == EVENT
    }


def yen_words(yen: int | None, text: str) -> str:
    """An amount for reading; as the door wrote it where it is no number."""
    return f"{yen:,}円" if yen is not None else text


class Fees:
    """The fees of one company. `egov` gives the connector; `refresh` and `banks` may block."""

    def __init__(self, filings: Filings, egov: Callable[[], Egov], clock: Clock) -> None:
        self._filings = filings
        self._egov = egov
        self._clock = clock

    def rows(self) -> list[FeeRow]:
        """Every fee that was told, those to be paid first and by their day; asks the store alone."""
        rows = [
            self._row(row, fee)
            for row in self._followed()
            for fee in known_fees(self._filings.events(row.id)).values()
        ]
        return sorted(rows, key=lambda r: (not r.waits, r.due or date.max, r.arrive_id))

    def refresh(self) -> int:
        """Asks e-Gov about every fee that is not settled; gives how many were told anew.

        Raises:
            DoorFault: e-Gov could not be asked.
        """
        new = 0
        for row in self._followed():
            events = self._filings.events(row.id)
            open_fees = [
                f for f in known_fees(events).values() if f.pay_status in (WAITING, EXPIRED, "")
            ]
            if not open_fees:
                continue
            told = self._egov().payments.fees(row.receipt_number).fees
            for event in fee_events(told, events):
                self._filings.add_event(row.id, event)
                new += 1
        return new

    def banks(self) -> Banks:
        """The financial institutions that take such payments. Raises DoorFault."""
        return self._egov().payments.banks()

    def _followed(self) -> list[FilingRow]:
        rows = self._filings.list(Stage.ACCEPTED, Stage.ENDED, Stage.WITHDRAWN)
        return [row for row in rows if row.door in ("egov", DELIVERY_DOOR)]

    def _row(self, row: FilingRow, fee: Fee) -> FeeRow:
        moment = moment_of(fee.pay_expired)
        due = moment.date() if moment else None
        unpaid = fee.pay_status in (WAITING, "")
        late = fee.pay_status == EXPIRED or bool(unpaid and due and due < today(self._clock))
        digits = fee.total_fee.replace(",", "")
        yen = int(digits) if digits.isascii() and digits.isdigit() else None
        return FeeRow(row.id, row.title, row.receipt_number, fee, yen, due, late)


def _event(fee: Fee) -> NewEvent:
    digits = fee.total_fee.replace(",", "")
    yen = int(digits) if digits.isascii() and digits.isdigit() else None
    until = f"。期限は {fee.pay_expired}" if fee.pay_expired else ""
    title = {WAITING: "納付のお願いが届きました", PAID: "納付が済みました"}.get(
        fee.pay_status, f"納付: {fee.pay_status}" if fee.pay_status else "納付のお願いが届きました"
    )
    words = yen_words(yen, fee.total_fee)
    note = f"納付番号 {fee.pay_number}、{words}{until}"
    return NewEvent(EVENT, title, note, asdict(fee))
