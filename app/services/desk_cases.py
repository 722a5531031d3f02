"""What is done about filings that have arrived: a 補正 answered, a 取下げ asked for; and by skeleton.

The use cases joined for one open company, as the desk joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.domain.errors import Known
from app.services.amending import Amending, Correction, Plan
from app.services.company_drafts import CompanyDrafts
from app.services.preprinting import Preprinting
from app.services.sealing import Filer, Sealing
from app.services.sending_ways import contents_of
from app.services.skeleton_filing import PREFIX, SkeletonFilings, Values
from app.services.social.filed import keys_in
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
    from app.services.my_number import MyNumbers
    from app.services.social.desk import SocialDesk


class DeskCases:
    """The arrived filings of one company, and what a person may do about them.

    `skeletons` are the procedures that have no folder here, `preprinting` what an office prints into
    a form beforehand.
    """

    def __init__(
        self,
        vault: Vault,
        drafts: CompanyDrafts,
        sealing: Sealing,
        standing: Standing,
        doors: DeskDoors,
        clock: Clock,
        social: Callable[[], SocialDesk],
    ) -> None:
        self._social = social
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
        self.preprinting = Preprinting(Documents(vault), lambda: doors.egov, drafts.take, clock)

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
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals the answer from the draft as it stands; gives the new filing's id. Raises Known.

        Notices about people are written anew from the facts. The answer is sent like any other (`Desk.send`). On the window's thread.
        """
        filer = self._standing.filer()
        signer = self._standing.signer(certificate_id)
        plan = self.plan(filing_id, filer, message, attachments)
        if keys_in(plan.row.facts):
            return self._social().amend(plan, certificate_id=certificate_id, my_numbers=my_numbers)
        if not plan.row.draft_id:
            raise Known(
                "correction-by-skeleton",
                "この届には下書きがありません。役所の様式から、もう一度埋めて答えてください。",
            )
        return self._drafts.sealing(
            plan.row.draft_id,
            lambda draft: self._amending.seal(
                plan, draft, filer, signer=signer, my_numbers=my_numbers
            ),
        )

    def amend_by_skeleton(
        self,
        filing_id: str,
        values: Values,
        configuration: Mapping[str, str],
        *,
        message: str = "",
        attachments: tuple[Attachment, ...] = (),
        certificate_id: str = "",
    ) -> str:
        """Seals the answer for a filing that was filled from a skeleton. Raises Known."""
        filer = self._standing.filer()
        signer = self._standing.signer(certificate_id)
        plan = self.plan(filing_id, filer, message, attachments)
        return self.skeletons.seal(
            plan.row.procedure_id.removeprefix(PREFIX),
            values,
            configuration,
            filer,
            subject=plan.row.subject,
            signer=signer,
            submission=plan.submission,
            door=plan.door,
            then=plan.then,
        )

    def plan(
        self, filing_id: str, filer: Filer, message: str, more: tuple[Attachment, ...] = ()
    ) -> Plan:
        """How the 補正 of a filing is answered, with what goes along in this role. Raises Known."""
        enclosed = (*self._standing.attachments(), *more)
        return self._amending.plan(filing_id, filer, message, enclosed)

    def not_withdrawable(self, filing_id: str) -> str:
        """Why a filing cannot be withdrawn now, as a sentence; "" when it can."""
        return self._withdrawing.refusal(filing_id)

    def withdraw(self, filing_id: str, reason: str, *, certificate_id: str = "") -> str:
        """Seals the wish to withdraw; gives the new filing's id, to be sent. Raises Known."""
        signer = self._standing.signer(certificate_id)
        return self._withdrawing.seal(filing_id, reason, self._standing.filer(), signer=signer)
