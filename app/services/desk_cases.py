"""What is done about filings that have arrived: a 補正 answered, a 取下げ asked for; and by skeleton.

The use cases joined for one open company, as the desk joins them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.amending import Amending, Correction
from app.services.company_drafts import CompanyDrafts
from app.services.sealing import Sealing
from app.services.sending_ways import contents_of
from app.services.skeleton_filing import SkeletonFilings
from app.services.standing import Standing
from app.services.withdrawing import Withdrawing
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.domain.clock import Clock
    from app.forms.payload import Attachment
    from app.services.desk_doors import DeskDoors


class DeskCases:
    """The arrived filings of one company, and what a person may do about them.

    `skeletons` are the procedures that have no folder here.
    """

    def __init__(
        self,
        vault: Vault,
        drafts: CompanyDrafts,
        sealing: Sealing,
        standing: Standing,
        doors: DeskDoors,
        clock: Clock,
    ) -> None:
        self._filings = filings = Filings(vault)
        self._drafts = drafts
        self._standing = standing
        self._amending = Amending(filings, sealing, contents_of)
        self._withdrawing = Withdrawing(filings, clock, practice=vault.practice)
        self.skeletons = SkeletonFilings(
            filings,
            Documents(vault),
            Meta(vault),
            lambda: doors.egov,
            clock,
            practice=vault.practice,
        )

    def correction(self, filing_id: str) -> Correction | None:
        """What the office wants put right; None while it wants nothing."""
        return self._amending.wanted(filing_id)

    def amend(
        self,
        filing_id: str,
        *,
        message: str = "",
        attachments: tuple[Attachment, ...] = (),
        certificate_id: str = "",
    ) -> str:
        """Seals the answer from the draft as it stands; gives the new filing's id. Raises Known.

        It is sent like any other (`Desk.send`). On the window's thread.
        """
        row, filer = self._filings.get(filing_id), self._standing.filer()
        signer = self._standing.signer(certificate_id)
        enclosed = (*self._standing.attachments(), *attachments)
        return self._drafts.sealing(
            row.draft_id,
            lambda draft: self._amending.seal(
                filing_id,
                draft,
                filer,
                message=message,
                attachments=enclosed,
                signer=signer,
            ),
        )

    def not_withdrawable(self, filing_id: str) -> str:
        """Why a filing cannot be withdrawn now, as a sentence; "" when it can."""
        return self._withdrawing.refusal(filing_id)

    def withdraw(self, filing_id: str, reason: str, *, certificate_id: str = "") -> str:
        """Seals the wish to withdraw; gives the new filing's id, to be sent. Raises Known."""
        signer = self._standing.signer(certificate_id)
        return self._withdrawing.seal(filing_id, reason, self._standing.filer(), signer=signer)
