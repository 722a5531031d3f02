"""The drafts of one company that are written on skeletons: begun, renewed, sealed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.errors import Known
from app.domain.filing import CASE_DOOR, DELIVERY_DOOR, Stage
from app.domain.kana import to_full_width
from app.forms.payload import Attachment, Submission
from app.services.my_number import refuse_missing
from app.services.skeleton_draft import Offer, SkeletonDraft, edition_of
from app.services.skeleton_filing import PREFIX, SkeletonFilings
from app.services.skeleton_places import Place

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.forms.payload import Package
    from app.services.amending import Plan
    from app.services.company_facts import FactRow
    from app.services.my_number import MyNumbers
    from app.services.prefill import DraftWriter
    from app.services.sealing import Filer
    from app.store.documents import Documents
    from app.store.drafts import Drafts
    from app.store.filings import Filings


@dataclass(frozen=True)
class SkeletonLine:
    """A draft in a list: what it is, until when it was written on."""

    id: str
    proc_id: str
    title: str
    updated_at: datetime


class SkeletonDrafts:
    """The drafts of one company that are written on skeletons.

    `fact` reads a fact of the company (on the window's thread). All but `seal` and `check` belong to
    the window's thread; those two may block.
    """

    def __init__(
        self,
        drafts: Drafts,
        filings: Filings,
        documents: Documents,
        skeletons: SkeletonFilings,
        writer: DraftWriter,
        fact: Callable[[str], FactRow],
    ) -> None:
        self._drafts = drafts
        self._filings = filings
        self._documents = documents
        self.skeletons = skeletons
        self._writer = writer
        self._fact = fact
        self._open: dict[str, SkeletonDraft] = {}
        self._turn = threading.Lock()

    def lines(self) -> list[SkeletonLine]:
        """The drafts that have not left the house, latest first."""
        filed = self._filed()
        return [
            SkeletonLine(
                row.id,
                row.procedure_id.removeprefix(PREFIX),
                self.skeletons.title(row.procedure_id.removeprefix(PREFIX)),
                row.updated_at,
            )
            for row in self._drafts.list()
            if row.procedure_id.startswith(PREFIX) and row.id not in filed
        ]

    def begin(self, proc_id: str) -> SkeletonDraft:
        """The open draft of a procedure, begun when there is none. Raises Known: never fetched."""
        filed = self._filed()
        for row in self._drafts.list():
            if row.procedure_id == f"{PREFIX}{proc_id}" and row.id not in filed:
                return self.get(row.id)
        kept = self.skeletons.needed(proc_id)
        return self.get(self._drafts.create(f"{PREFIX}{proc_id}", edition_of(kept)))

    def get(self, draft_id: str) -> SkeletonDraft:
        """A draft by its id, on the skeleton fetched last. Raises Known."""
        if draft_id not in self._open:
            row = self._drafts.load(draft_id)
            kept = self.skeletons.needed(row.procedure_id.removeprefix(PREFIX))
            self._open[draft_id] = SkeletonDraft(
                row, kept, self._writer, self._documents, self._offered
            )
        return self._open[draft_id]

    def renew(self, draft_id: str) -> SkeletonDraft:
        """The draft on the skeleton that was fetched since; nothing written is lost. Raises Known."""
        self._writer.flush()
        self._open.pop(draft_id, None)
        return self.get(draft_id)

    def discard(self, draft_id: str) -> None:
        """Puts a draft aside; 設定 brings it back."""
        self._writer.flush()
        self._open.pop(draft_id, None)
        self._drafts.discard(draft_id)

    def reasons(self, draft: SkeletonDraft) -> list[str]:
        """Why it cannot be sealed yet, as sentences; none when it can."""
        reasons = []
        if gaps := draft.gaps():
            reasons.append(f"まだ答えていない欄が {len(gaps)}か所あります。")
        if problems := draft.problems():
            reasons.append(f"直すところが {len(problems)}か所あります。")
        if left := draft.leftovers():
            reasons.append(f"様式が変わり、置き場のなくなった答えが {len(left)}つあります。")
        return reasons

    def seal(
        self,
        draft: SkeletonDraft,
        filer: Filer,
        *,
        signer: Signer | None = None,
        attachments: Sequence[Attachment] = (),
        plan: Plan | None = None,
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals the draft; gives the filing's id. With a `plan` it answers the 補正 of a filing.

        `my_numbers` are those of `draft.asked()`, by place; their owner wipes them.

        Raises:
            Known: it is sealed already, something is missing, or the vault cannot keep it.
        """
        with self._turn:
            if plan is None and draft.id in self._filed():
                raise Known("sealed-already", "この届は、もう封をしました。送信箱から送れます。")
            if reasons := self.reasons(draft):
                raise Known("not-sealable", reasons[0])
            refuse_missing(draft.asked(), my_numbers)
            self._writer.flush()
            what = Submission(attachments=(*attachments, *draft.attachments()))
            if plan is not None:
                sent = plan.submission
                what = replace(sent, attachments=(*sent.attachments, *draft.attachments()))
            filing_id = self.skeletons.seal(
                draft.proc_id,
                draft.values(),
                draft.configuration(),
                filer,
                signer=signer,
                submission=what,
                subject=plan.row.subject if plan is not None else "",
                door=plan.door if plan is not None else DELIVERY_DOOR if draft.delivery else "",
                then=plan.then if plan is not None else (),
                draft_id=draft.id,
                told=draft.told(),
                my_numbers=my_numbers,
            )
            self._open.pop(draft.id, None)
            return filing_id

    def package(
        self, draft: SkeletonDraft, filer: Filer, attachments: Sequence[Attachment] = ()
    ) -> Package:
        """The package as it would leave, unsigned, for the door's own check. Raises Known."""
        what = Submission(attachments=(*attachments, *draft.attachments()))
        return self.skeletons.package(
            draft.proc_id, draft.values(), draft.configuration(), filer, what
        )

    def _offered(self, place: Place) -> Offer | None:
        """What is known for a place; read from the graph, so on the window's thread."""
        for path in (place.fact, _FALLBACK.get(place.fact, "")):
            if not path:
                continue
            row = self._fact(path)
            value = row.record.value if row.record is not None else None
            text = value if isinstance(value, str) else row.text.partition("  ")[0]
            if row.origin is None or not text.strip():
                continue
            return Offer(
                path,
                row.label,
                to_full_width(text) if place.wide else text,
                row.origin.value,
                row.source,
                row.record.id if row.record is not None else "",
            )
        return None

    def _filed(self) -> set[str]:
        over = (Stage.REJECTED, Stage.WITHDRAWN)
        return {
            row.draft_id
            for row in self._filings.list()
            if row.stage not in over and row.door != CASE_DOOR and row.draft_id
        }


_FALLBACK = {
    f"company.contact.{ours}": f"company.{theirs}"
    for ours, theirs in (
        ("name", "representative.name"),
        ("kana", "representative.kana"),
        ("title", "representative.title"),
        ("phone", "phone"),
        ("email", "email"),
        ("postal_code", "head_office.postal_code"),
        ("address", "head_office.address"),
    )
}
"""A contact that is not named is the representative at the head office."""
