"""The drafts of one open company: begun, written on, sealed, given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.errors import Known
from app.domain.filing import BY_SKELETON, CASE_DOOR, HAND_OVER, Stage
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Record
from app.forms.library import ProcedureEntry, ProcedureLibrary
from app.forms.payload import Attachment, Submission
from app.services.company_facts import Member
from app.services.draft_files import DraftFiles
from app.services.draft_renewal import DraftRenewals, earlier_answers
from app.services.obligations import OpenWork
from app.services.prefill import DraftWriter, OpenDraft
from app.services.sealing import Filer, Review, Sealing
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.rows import DraftRow, NewEvent

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.forms.draft import Draft
    from app.forms.procedure import Procedure
    from app.services.my_number import MyNumbers


@dataclass(frozen=True)
class DraftLine:
    """An open draft as the procedures page lists it."""

    id: str
    procedure_id: str
    subject: str
    title: str
    subject_name: str
    updated_at: datetime


class CompanyDrafts:
    """What is being filled for one company, over its graph; on the window's thread, but for `count`
    and `unfetched`.

    `members` gives the members of a collection, for the names of those the drafts are about;
    `practice` marks what is printed.
    """

    def __init__(
        self,
        drafts: Drafts,
        filings: Filings,
        documents: Documents,
        meta: Meta,
        graph: Graph,
        writer: DraftWriter,
        sealing: Sealing,
        library: ProcedureLibrary,
        catalogue: Catalogue,
        members: Callable[[str], list[Member]],
        clock: Clock,
        person: str,
        fonts: Path,
        *,
        practice: bool,
    ) -> None:
        self._drafts = drafts
        self._filings = filings
        self._documents = documents
        self._renewals = DraftRenewals(meta)
        self._graph = graph
        self._writer = writer
        self._sealing = sealing
        self._library = library
        self._catalogue = catalogue
        self._members = members
        self._clock = clock
        self._person = person
        self._fonts = fonts
        self._practice = practice
        self._open: dict[str, OpenDraft] = {}
        self._sealing_turn = threading.Lock()

    def procedures(self) -> tuple[ProcedureEntry, ...]:
        """The procedures that can be started; a notice about people begins on the social desk."""
        return tuple(e for e in self._library.entries() if not e.notice)

    def lines(self) -> list[DraftLine]:
        """The drafts that have not left the house, latest first."""
        titles = {entry.id: entry.title for entry in self.procedures()}
        filed = self.filed()
        return [
            DraftLine(
                row.id,
                row.procedure_id,
                row.subject,
                titles.get(row.procedure_id, row.procedure_id),
                self._subject_name(row.procedure_id, row.subject),
                row.updated_at,
            )
            for row in self._written()
            if row.id not in filed
        ]

    def count(self) -> int:
        """How many have not left the house; asks the store alone, so that any thread may."""
        filed = self.filed()
        return sum(row.id not in filed for row in self._drafts.list())

    def begin(self, procedure_id: str, subject: str) -> OpenDraft:
        """The open draft of a procedure and subject, begun when there is none. Raises Known."""
        if not any(e.id == procedure_id for e in self.procedures()):
            entry = next((e for e in self._library.entries() if e.id == procedure_id), None)
            if entry is not None:
                raise Known(
                    "draft-of-notice",
                    f"{entry.title}は、従業員の事実から作ります。「社会保険」から始めてください。",
                )
        filed = self.filed()
        for row in self._drafts.list():
            if (row.procedure_id, row.subject) == (procedure_id, subject) and row.id not in filed:
                return self.get(row.id)
        procedure = self._library.load(procedure_id, self._catalogue)
        return self.get(self._drafts.create(procedure_id, procedure.edition, subject))

    def get(self, draft_id: str) -> OpenDraft:
        """A draft by its id. Raises Known."""
        if draft_id not in self._open:
            from app.forms.draft import Draft
            from app.forms.draft_parts import Answer

            row = self._drafts.load(draft_id)
            procedure = self._library.load(row.procedure_id, self._catalogue)
            draft = Draft(
                procedure,
                self._graph,
                row.subject,
                {key: Answer.from_json(form) for key, form in row.answers.items()},
                today(self._clock),
                self._clock,
                self._person,
                draft_id=draft_id,
                earlier=earlier_answers(self._filings.list(), procedure, row.subject),
            )
            self._open[draft_id] = OpenDraft(
                draft_id,
                draft,
                self._writer,
                self._drafts,
                row.cursor,
                self._print,
                DraftFiles(draft_id, draft, self._drafts, self._documents),
                self._renewals.look(draft_id, draft, row.edition),
            )
        return self._open[draft_id]

    def accept_renewal(self, draft_id: str) -> None:
        """The person has seen what a new edition asks and what it no longer does."""
        open_draft = self.get(draft_id)
        self._renewals.accept(draft_id, open_draft.draft.procedure)
        open_draft.renewal = None

    def review(self, draft_id: str, filer: Filer) -> Review:
        """What is read before sending."""
        return self._sealing.review(self._committed(draft_id).draft, filer)

    def seal(
        self,
        draft_id: str,
        filer: Filer,
        *,
        signer: Signer | None = None,
        attachments: tuple[Attachment, ...] = (),
        my_numbers: MyNumbers | None = None,
        by_hand: bool = False,
    ) -> str:
        """Seals the draft; gives the filing's id. A draft has one filing that may still arrive.

        `by_hand`: for a person who files it by other means. An edition that no door may be sent is
        then handed over as values to type, without files.

        Raises:
            Known: it is sealed already, or cannot be sealed yet; then nothing was sealed.
        """
        with self._sealing_turn:
            if draft_id in self.filed():
                raise Known("sealed-already", "この届は、もう封をしました。送信箱から送れます。")
            open_draft = self._committed(draft_id)
            open_draft.flush()
            closed = bool(self._sealing.edition_reasons(open_draft.draft.procedure))
            note = NewEvent(
                "hands-over",
                "手で出すことにしました",
                "",
                {"by": self._person, "values_only": closed},
            )
            filing_id = self._sealing.seal(
                draft_id,
                open_draft.draft,
                filer,
                signer=signer,
                submission=Submission(attachments=attachments),
                my_numbers=my_numbers,
                door=HAND_OVER if by_hand else "",
                then=[("", note)] if by_hand else (),
            )
            self._open.pop(draft_id, None)
            return filing_id

    def sealing(self, draft_id: str, seal: Callable[[Draft], str]) -> str:
        """Seals once more a draft that has left the house, in a way of the caller's (a 補正)."""
        with self._sealing_turn:
            open_draft = self._committed(draft_id)
            open_draft.flush()
            filing_id = seal(open_draft.draft)
            self._open.pop(draft_id, None)
            return filing_id

    def unseal(self, filing_id: str) -> str:
        """Gives up an envelope that has not been sent; its draft can be written on. Gives its id.

        Raises:
            Known: the filing has been sent, or is being sent.
        """
        row = self._filings.get(filing_id)
        if row.stage is not Stage.READY:
            raise Known("not-ready", "この届は、もう送りました。送信箱で様子を見てください。")
        if row.door == HAND_OVER:
            raise Known("by-hand", "手渡しの届です。直すときは、先に手渡しを取り消してください。")
        self._filings.move(
            filing_id, Stage.WITHDRAWN, NewEvent("unsealed", "封を解きました", "送らずに直します")
        )
        return row.draft_id

    def filed(self) -> set[str]:
        """The drafts that have a filing which was neither refused nor taken back."""
        over = (Stage.REJECTED, Stage.WITHDRAWN)
        return {
            row.draft_id
            for row in self._filings.list()
            if row.stage not in over and row.door != CASE_DOOR
        }

    def _committed(self, draft_id: str) -> OpenDraft:
        """The draft with nothing left half typed: a word in the making becomes an answer first."""
        open_draft = self.get(draft_id)
        for change in open_draft.draft.commit_pending():
            open_draft.apply(change)
        return open_draft

    def once_ratio(self) -> float | None:
        """The 一度率 over the open drafts; None while nothing is filled."""
        drafts = [self.get(line.id).draft.once_only for line in self.lines()]
        filled = sum(d.filled for d in drafts)
        return (filled - sum(d.typed for d in drafts)) / filled if filled else None

    def work(self) -> list[OpenWork]:
        """What each open draft still asks for, for the page 今日."""
        work: list[OpenWork] = []
        for line in self.lines():
            draft = self.get(line.id).draft
            gaps = draft.gaps()
            asked = (draft.cell(field_id).fact_path or field_id for field_id in gaps)
            work.append(
                OpenWork(
                    line.id,
                    line.title,
                    "e-Gov" if draft.procedure.door == "egov" else "",
                    line.subject_name,
                    draft.due(),
                    len(gaps),
                    sum(p.blocks for p in draft.problems()),
                    tuple(asked),
                )
            )
        return work

    def take(self, records: Sequence[Record]) -> None:
        """Keeps records from elsewhere, and lets every open draft read them."""
        for record in records:
            self._graph.add(record)
        self._writer.put(tuple(records))
        self.refresh()

    def refresh(self, erased: Collection[str] = ()) -> None:
        """Lets every open draft look at the graph again; those `erased` are open no more."""
        for draft_id in erased:
            self._open.pop(draft_id, None)
        for open_draft in self._open.values():
            open_draft.draft.refresh()

    def unfetched(self) -> list[Procedure]:
        """The procedures of drafts whose forms the door should be asked for again (daily)."""
        ids = {row.procedure_id for row in self._written()}
        procedures = (self._library.load(ident, self._catalogue) for ident in sorted(ids))
        return [p for p in procedures if self._sealing.needs_skeleton(p)]

    def _written(self) -> list[DraftRow]:
        """The drafts that have a folder; those by skeleton are `skeleton_drafts`' own."""
        return [row for row in self._drafts.list() if not row.procedure_id.startswith(BY_SKELETON)]

    def _subject_name(self, procedure_id: str, subject: str) -> str:
        entry = next((e for e in self.procedures() if e.id == procedure_id), None)
        if not subject or entry is None or not entry.subject:
            return ""
        names = {m.key: m.name for m in self._members(entry.subject)}
        return names.get(subject, "")

    def _print(self, draft: Draft) -> bytes:
        from app.forms.printing import print_form

        return print_form(draft.procedure, draft.cells(), self._practice, self._fonts)
