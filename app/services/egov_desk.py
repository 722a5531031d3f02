"""The rest of e-Gov for one open company: skeleton drafts, fees, 電子送達, verdicts, and their share of 今日."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.errors import DoorFault
from app.services.fees import Fees, yen_words
from app.services.obligations import Duty, OpenWork, ReturnRow
from app.services.skeleton_drafts import SkeletonDrafts
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.meta import Meta

if TYPE_CHECKING:
    from app.domain.clock import Clock
    from app.services.company_facts import FactRow
    from app.services.connectors.egov import CheckResult
    from app.services.deliveries import Deliveries
    from app.services.desk_cases import DeskCases
    from app.services.desk_doors import DeskDoors
    from app.services.following import News
    from app.services.my_number import MyNumbers
    from app.services.prefill import DraftWriter
    from app.services.skeleton_draft import SkeletonDraft
    from app.services.standing import Standing
    from app.services.verdicts import Verdicts
    from app.store.vault import Vault


class EgovDesk:
    """What e-Gov offers beyond the filings that have a folder. Its lists ask the store alone."""

    def __init__(
        self,
        vault: Vault,
        cases: Callable[[], DeskCases],
        standing: Standing,
        doors: DeskDoors,
        writer: DraftWriter,
        fact: Callable[[str], FactRow],
        clock: Clock,
    ) -> None:
        self._vault = vault
        self._cases = cases
        self._standing = standing
        self._doors = doors
        self._writer = writer
        self._fact = fact
        self._clock = clock
        self._filings = Filings(vault)

    @cached_property
    def drafts(self) -> SkeletonDrafts:
        """What is written on skeletons."""
        vault = self._vault
        return SkeletonDrafts(
            Drafts(vault),
            self._filings,
            Documents(vault),
            self._cases().skeletons,
            self._writer,
            self._fact,
        )

    @cached_property
    def fees(self) -> Fees:
        """What is to be paid for the filings."""
        return Fees(self._filings, lambda: self._doors.egov, self._clock)

    @cached_property
    def deliveries(self) -> Deliveries:
        """電子送達 and the guidance of the offices."""
        from app.services.deliveries import Deliveries

        vault = self._vault
        return Deliveries(
            self._filings,
            Documents(vault),
            Meta(vault),
            lambda: self._doors.egov,
            self._doors.judge,
            self._clock,
        )

    @cached_property
    def verdicts(self) -> Verdicts:
        """The three verdicts on kept official documents."""
        from app.services.verdicts import Verdicts

        return Verdicts(
            Documents(self._vault),
            self._filings,
            self.deliveries,
            self._doors.roots,
            lambda: self._doors.egov,
        )

    # --- written on a skeleton: sealed, answered, checked

    def seal(
        self,
        draft: SkeletonDraft,
        *,
        certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals a draft; gives the filing's id, to be sent like any other. On any thread.

        Raises:
            Known: something is missing, it is sealed already, or the vault cannot keep it.
        """
        return self.drafts.seal(
            draft,
            self._standing.filer(),
            signer=self._standing.signer(certificate_id),
            attachments=self._standing.attachments(),
            my_numbers=my_numbers,
        )

    def amend(
        self,
        filing_id: str,
        draft: SkeletonDraft,
        *,
        message: str = "",
        certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals the answer to the 補正 of a filing (再提出, 部分補正) from its draft. Raises Known."""
        filer = self._standing.filer()
        signer = self._standing.signer(certificate_id)
        plan = self._cases().plan(filing_id, filer, message)
        return self.drafts.seal(draft, filer, signer=signer, plan=plan, my_numbers=my_numbers)

    def check(self, draft: SkeletonDraft) -> CheckResult:
        """形式チェック: what e-Gov would say, with nothing filed. Blocks; raises Known."""
        package = self.drafts.package(draft, self._standing.filer(), self._standing.attachments())
        return self._doors.egov.check(draft.proc_id, package.file_name, package.zip_bytes)

    # --- what else

    def document_text(self, document_id: str) -> str:
        """A kept document as plain text; may block. Raises Known when it has none."""
        from app.services.deliveries import GUIDANCE
        from app.services.official_documents import document_text

        row = Documents(self._vault).get(document_id)
        if row.kind == GUIDANCE:
            return self.deliveries.text(document_id)
        return document_text(row.name, row.content, self._doors.roots(), self._clock())

    def look(self) -> list[News]:
        """What a poll also does: letters that expire are fetched. A fault of theirs hides no news."""
        with suppress(DoorFault):
            if self.deliveries.due():
                return self.deliveries.look()
        return []

    # --- 今日

    def work(self) -> list[OpenWork]:
        """The drafts on skeletons. None has a day: no folder says when it is due."""
        found = []
        for line in self.drafts.lines():
            draft = self.drafts.get(line.id)
            wrong = len(draft.problems()) + len(draft.leftovers())
            gaps = len(draft.gaps())
            found.append(
                OpenWork(line.id, line.title, "e-Gov", "", None, gaps, wrong, page="skeleton")
            )
        return found

    def duties(self) -> list[Duty]:
        """The fees that wait to be paid."""
        return [
            Duty(
                fee.filing_id,
                f"fee.{fee.fee.pay_number}",
                f"{fee.title} 手数料の納付",
                f"{yen_words(fee.yen, fee.fee.total_fee)} ・ 納付番号 {fee.fee.pay_number}",
                fee.due,
                "納付",
                page="fees",
            )
            for fee in self.fees.rows()
            if fee.waits
        ]

    def letters(self) -> list[ReturnRow]:
        """The letters nobody has opened, and those that could not be fetched."""
        from app.services.deliveries import LETTER

        return [
            ReturnRow(
                f"{d.kind}.{d.id}",
                "circle-alert" if d.missed and not d.document else "mail",
                "danger" if d.missed and not d.document else "info",
                d.title,
                " · ".join(
                    x for x in ("電子送達" if d.kind == LETTER else "ご案内", d.issuer) if x
                ),
                "",
                "読む",
                page="deliveries",
            )
            for d in self.deliveries.rows()
            if d.unread
        ]
