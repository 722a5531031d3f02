"""取下げ: asking the office to let a filing be taken back, once, in an envelope of its own.

Sealed and sent like any filing, through the same outbox; the case itself tells later whether it was
granted, and `following` takes that in.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.errors import Known
from app.domain.filing import CASE_DOOR, EGOV_STATUS, Stage
from app.forms.withdrawal_request import WithdrawalRequest, build_withdrawal
from app.services.sealing import Filer
from app.store.filings import Filings
from app.store.rows import NewEvent, NewFiling

if TYPE_CHECKING:
    from app.forms.certificate import Signer

PROCEDURE = "egov/torisage"
_UNDER_WAY = (Stage.READY, Stage.SENDING, Stage.UNKNOWN)


class Withdrawing:
    """Asks for the filings of one company to be taken back."""

    def __init__(self, filings: Filings, clock: Clock, *, practice: bool) -> None:
        self._filings = filings
        self._clock = clock
        self._practice = practice

    def refusal(self, filing_id: str) -> str:
        """Why a filing cannot be withdrawn now, as a sentence; "" when it can be asked for."""
        row = self._filings.get(filing_id)
        if row.door != "egov" or row.stage is not Stage.ACCEPTED:
            return "役所に届いて審査中の届だけを取り下げられます。"
        if EGOV_STATUS.get(row.door_status, (False, False))[0]:
            return "手続が終わっているので、取り下げられません。役所に相談してください。"
        asked = self._asked(filing_id)
        if "取下げ" in row.door_status or any(s in _UNDER_WAY for s in asked):
            return "この届は、もう取下げを頼んであります。送信箱で様子を見てください。"
        if Stage.ENDED in asked and self._unanswered(filing_id):
            return "この届は、もう取下げを頼んであります。役所の返事を待ってください。"
        return ""

    def seal(
        self, filing_id: str, reason: str, filer: Filer, *, signer: Signer | None = None
    ) -> str:
        """Seals the wish to withdraw; gives the new filing's id.

        Raises:
            Known: it cannot be withdrawn (see `refusal`), another account or capacity files, or
                the reason is missing. Then nothing was sealed.
        """
        told = self.refusal(filing_id)
        if told:
            raise Known("not-withdrawable", told)
        row = self._filings.get(filing_id)
        if (row.account_id, row.capacity) != (filer.account_id, filer.capacity):
            raise Known(
                "withdrawal-account",
                "元の届を送ったアカウントと立場で取り下げてください。サインインを確かめてください。",
            )
        now: datetime = self._clock()
        request = WithdrawalRequest(row.receipt_number, reason, today(self._clock))
        package = build_withdrawal(self._filings.envelope(row.id), request)
        if signer is not None:
            from app.forms.signing import STANDARD, signed

            package = signed(package, STANDARD, signer, now)
        tail = f"T{len(self._asked(filing_id)) + 1}"
        new = NewFiling(
            draft_id="",
            procedure_id=PROCEDURE,
            edition="0001",
            door=CASE_DOOR,
            company_name=row.company_name,
            corporate_number=row.corporate_number,
            account_id=row.account_id,
            capacity=row.capacity,
            subject=row.subject,
            title=f"{row.title}の取下げ",
            facts=[],
            envelope=package.zip_bytes,
            envelope_name=package.file_name,
            sha256=package.sha256,
            sealed_at=now,
            practice=self._practice,
            twin_key=row.twin_key,
        )
        return self._filings.seal(
            new,
            (
                (
                    "",
                    NewEvent(
                        "withdraws",
                        "取下げの封です",
                        f"到達番号 {row.receipt_number}を取り下げます",
                        {"of": row.id, "tail": tail},
                    ),
                ),
                (row.id, NewEvent("withdrawing", "取下げの封をしました", reason.strip())),
            ),
        )

    def _asked(self, filing_id: str) -> list[Stage]:
        """Where each earlier wish to withdraw this filing stands."""
        return [
            self._filings.get(str(e.data["filing"])).stage
            for e in self._filings.events(filing_id)
            if e.kind == "withdrawing"
        ]

    def _unanswered(self, filing_id: str) -> bool:
        """Whether the office has not yet answered the latest wish with a notice."""
        events = self._filings.events(filing_id)
        last = max(e.n for e in events if e.kind == "withdrawing")
        return not any(
            e.n > last and e.kind == "notice" and e.data.get("type") == "取下げ" for e in events
        )
