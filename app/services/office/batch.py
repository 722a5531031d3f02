"""One form of the six pension notices over many companies: prepare, check, seal, send, each by itself.

One vault is open at a time, so forty companies need no more memory than one. What goes wrong in one
company is told in its row and stops nothing else. Each filing goes by the outbox of its own vault, a
single application at a time: only there the numbers listed before are stored with the envelope, so
that a lost answer is settled by asking (a bulk application answers for all at once, and what its
lost answer held cannot be told apart). What was sealed and sent stands in the vaults; the rows here
are read from them again after a kill.

Everything may be called off the window's thread, one call of a batch at a time.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from app.domain.clock import today
from app.domain.errors import Known, SignedOut
from app.domain.filing import CASE_DOOR, HAND_OVER, Stage
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Record
from app.forms.library import ProcedureLibrary
from app.forms.withdrawal import standing as still_standing
from app.services.office.batch_rows import BatchRow, BatchState
from app.services.office.office import Held, Office
from app.services.social.data import SocialData
from app.services.social.desk import SocialDesk
from app.services.social.views import SocialReview
from app.store.batches import Batches, BatchHead
from app.store.filings import Filings
from app.store.records import Records
from app.store.rows import FilingRow

_log = logging.getLogger(__name__)
_NAMED = 5
Told = Callable[[int, int, BatchRow], None]
"""Called after each company: how many are done, of how many, and its row."""


@dataclass(frozen=True)
class BatchParts:
    """What a batch needs beside the office: shared data, read once."""

    catalogue: Catalogue
    library: ProcedureLibrary
    social: SocialData
    person: str = ""


def open_company_graph(held: Held, office: Office, parts: BatchParts) -> Graph:
    """The facts of a company that is open for a piece of work."""
    return Graph(parts.catalogue, still_standing(Records(held.vault).all()), today(office.clock))


def social_over(held: Held, graph: Graph, office: Office, parts: BatchParts) -> SocialDesk:
    """Its social desk, by the office's account."""

    def arrived(records: Sequence[Record]) -> None:
        for record in records:
            graph.add(record)

    return SocialDesk(
        held.vault, graph, parts.catalogue, parts.library, parts.social, held.standing,
        office.clock, arrived=arrived, person=parts.person,
    )  # fmt: skip


def social_of(held: Held, office: Office, parts: BatchParts) -> SocialDesk:
    """The social desk of a company that is open for a piece of work."""
    return social_over(held, open_company_graph(held, office, parts), office, parts)


class Batch:
    """A batch at work. Made by `begin` or, after a kill or another day, by `resume`."""

    def __init__(self, office: Office, parts: BatchParts, head: BatchHead) -> None:
        self._office = office
        self._parts = parts
        self._store = Batches(office.file.vault)
        self.head = head
        self.halted = ""
        """Why the last run stopped before its end: a sentence, "" when it did not."""
        self._procedures = {e.id for e in parts.library.entries() if e.notice == head.form}
        self.rows = [BatchRow.from_json(i, told) for i, told in self._store.rows(head.id)]

    @classmethod
    def begin(cls, office: Office, parts: BatchParts, form: str, vault_ids: Sequence[str]) -> Batch:
        """A new batch of `form` over these companies, in the order of the office."""
        wanted = set(vault_ids)
        rows = [
            BatchRow(c.vault_id, c.name, c.corporate_number, c.plate, c.kanji)
            for c in office.companies()
            if c.vault_id in wanted
        ]
        store = Batches(office.file.vault)
        head = store.begin(form, [(row.vault_id, row.to_json()) for row in rows])
        return cls(office, parts, head)

    @classmethod
    def resume(cls, office: Office, parts: BatchParts, batch_id: str = "") -> Batch | None:
        """A batch that was begun: the one named, or the latest that has not ended; None if none is."""
        store = Batches(office.file.vault)
        if batch_id:
            return cls(office, parts, store.get(batch_id))
        head = next((h for h in store.heads() if h.ended_at is None), None)
        return cls(office, parts, head) if head else None

    @property
    def form(self) -> str:
        """The code of its form."""
        return self.head.form

    def row(self, vault_id: str) -> BatchRow:
        """The row of a company. Raises LookupError."""
        return next(row for row in self.rows if row.vault_id == vault_id)

    # --- the steps

    def prepare(
        self,
        only: Collection[str] | None = None,
        *,
        told: Told | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> list[BatchRow]:
        """Looks at each company: who, how many files, what is wrong. Seals nothing."""
        return self._each(only, self._prepared, told, stop)

    def seal(
        self,
        only: Collection[str] | None = None,
        *,
        told: Told | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> list[BatchRow]:
        """Seals what can be sealed, with the office's certificate where one is chosen."""
        return self._each(only, self._sealed, told, stop)

    def send(
        self,
        only: Collection[str] | None = None,
        *,
        told: Told | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> list[BatchRow]:
        """Sends what is sealed, each once, and asks about what is unknown. May be called again.

        Stops at the first company when the office is not signed in: `halted` says so.
        """
        rows = self._each(only, self._sent, told, stop, back_up=True)
        if not self.halted and all(row.state is BatchState.SENT or _idle(row) for row in self.rows):
            self._store.end(self.head.id)
        return rows

    # --- one company

    def _prepared(self, row: BatchRow, held: Held) -> BatchRow:
        social = social_of(held, self._office, self._parts)
        row = self._found(row, held)
        if row.filings and row.state not in (BatchState.WAITING, BatchState.REFUSED):
            return row
        found = _reviewed(row, social.review(self.form))
        # Refused and nothing put right yet: the refusal is what there is to say.
        return row if row.filings and found.state is BatchState.NOTHING else found

    def _sealed(self, row: BatchRow, held: Held) -> BatchRow:
        row = self._prepared(row, held)
        if row.state is not BatchState.READY:
            return row
        social = social_of(held, self._office, self._parts)
        certificate = self._office.profile.read().certificate_id
        try:
            ids = social.seal(self.form, certificate_id=certificate)
        except Known as fault:  # such as a 個人番号, which only the company's own page asks for
            return replace(row, state=BatchState.FAULTS, reasons=(fault.sentence,))
        filings = Filings(held.vault)
        return replace(row, reasons=()).with_filings([filings.get(i) for i in ids])

    def _sent(self, row: BatchRow, held: Held) -> BatchRow:
        if not held.lent:
            held.doors.sending.recover()
        row = self._found(row, held)
        if not row.filings:
            return row
        filings, said = Filings(held.vault), list[str]()
        again = None
        try:
            for filing_id in row.filings:
                filing = filings.get(filing_id)
                stage = filing.stage
                if filing.door == HAND_OVER:  # a person files it: never sent by us
                    if stage is Stage.READY:
                        said.append("人が手で出す届です。到達番号を入れると、済みになります。")
                    continue
                if stage is Stage.READY:
                    stage = held.doors.send(filing_id).stage
                if stage is Stage.UNKNOWN:
                    again = held.doors.settle(filing_id).ask_again_at
        except Known as fault:
            said.append(fault.sentence)
            if isinstance(fault, SignedOut):
                self.halted = fault.sentence
        now = row.with_filings([filings.get(i) for i in row.filings])
        if now.state is BatchState.UNKNOWN and not said:
            said.append("届いたか分かりません。役所に確かめています(もう一度は送りません)。")
        return replace(now, reasons=tuple(said), ask_again_at=again)

    def _found(self, row: BatchRow, held: Held) -> BatchRow:
        """The row by what the vault holds: also what was sealed just before a kill is found."""
        mine = [r for r in Filings(held.vault).list() if self._is_mine(r, row)]
        mine.sort(key=lambda r: (r.sealed_at, r.id))
        live = [
            r
            for n, r in enumerate(mine)
            if r.stage is not Stage.WITHDRAWN
            and not (r.stage is Stage.REJECTED and any(_replaces(o, r) for o in mine[n + 1 :]))
        ]
        return row.with_filings(live) if live else replace(row, filings=(), arrivals=())

    def _is_mine(self, filing: FilingRow, row: BatchRow) -> bool:
        if filing.id in row.filings:
            return True
        return (
            filing.procedure_id in self._procedures
            and filing.account_id == self._office.account.account_id
            and filing.door != CASE_DOOR
            and filing.sealed_at >= self.head.begun_at
        )

    # --- all of them

    def _each(
        self,
        only: Collection[str] | None,
        work: Callable[[BatchRow, Held], BatchRow],
        told: Told | None,
        stop: Callable[[], bool],
        *,
        back_up: bool = False,
    ) -> list[BatchRow]:
        self.halted = ""
        places = [n for n, r in enumerate(self.rows) if only is None or r.vault_id in only]
        for done, place in enumerate(places, 1):
            if self.halted or stop():
                break
            row = self._tried(self.rows[place], work, back_up=back_up)
            if row != self.rows[place]:
                self._store.put(self.head.id, row.vault_id, row.to_json())
            self.rows[place] = row
            gc.collect()  # a graph is full of cycles; the next company must not lie beside it
            if told is not None:
                told(done, len(places), row)
        return [self.rows[place] for place in places]

    def _tried(
        self, row: BatchRow, work: Callable[[BatchRow, Held], BatchRow], *, back_up: bool
    ) -> BatchRow:
        """One company; whatever goes wrong in it is told in its row."""
        try:
            with self._office.company(row.vault_id, back_up=back_up) as held:
                return work(row, held)
        except Known as fault:
            return _failed(row, fault.sentence)
        except Exception:
            _log.exception("a company of a batch met a fault of ours")
            told = "一度の側でつまずきました。この会社の書いたものは残っています。"
            return _failed(row, told)


def _reviewed(row: BatchRow, review: SocialReview) -> BatchRow:
    prepared = review.prepared
    state = BatchState.READY if review.can_seal else BatchState.FAULTS
    if not review.notices:
        state = BatchState.NOTHING
    waiting = [f"{aside.name}さん: {aside.sentence}" for aside in prepared.waiting[:_NAMED]]
    if len(prepared.waiting) > _NAMED:
        waiting.append(f"ほかに {len(prepared.waiting) - _NAMED}人、足りない事実があります。")
    return replace(
        row,
        state=state,
        people=len(prepared.reports),
        waiting=len(prepared.waiting),
        files=len(prepared.files),
        faults=len(prepared.faults),
        reasons=() if state is not BatchState.FAULTS else review.reasons,
        warnings=(*waiting, *review.inferred),
    )


def _replaces(later: FilingRow, refused: FilingRow) -> bool:
    """Whether a filing was sealed after the one refused: what was put right goes out anew."""
    return later.sealed_at > refused.sealed_at and later.stage is not Stage.WITHDRAWN


def _failed(row: BatchRow, sentence: str) -> BatchRow:
    """What was sealed already stays what it is; else the company could not be worked on."""
    keeps = (BatchState.SEALED, BatchState.UNKNOWN, BatchState.SENT, BatchState.REFUSED)
    state = row.state if row.state in keeps else BatchState.FAILED
    return replace(row, state=state, reasons=(sentence,))


def _idle(row: BatchRow) -> bool:
    return row.state in (BatchState.NOTHING, BatchState.FAULTS, BatchState.REFUSED)
