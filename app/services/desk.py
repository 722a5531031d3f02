"""One open company, as every page is given it: the use cases joined over one vault and one graph.

The graph belongs to the window's thread. What a background call finds (records of a document) is
stored there and taken into the graph by the next reading on the window's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import today
from app.domain.errors import Known
from app.domain.filing import Stage
from app.facts.graph import Graph
from app.facts.record import Record
from app.forms.library import ProcedureEntry
from app.forms.withdrawal import standing
from app.services.award import Awards
from app.services.companies import CompanyCard, Opened
from app.services.company_drafts import CompanyDrafts, DraftLine
from app.services.company_facts import CompanyFacts, FactRow, Member
from app.services.desk_duties import notice_duties, starred_duties
from app.services.desk_parts import DeskParts
from app.services.desk_uses import DeskUses
from app.services.evidence import Evidence
from app.services.filing_view import FilingView
from app.services.obligations import Today, today_page
from app.services.prefill import DraftWriter, OpenDraft
from app.services.sealing import Filer, Review, Sealing
from app.services.standing import Standing
from app.services.vault_care import VaultCare
from app.store.accounts import Accounts
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.records import Records
from app.store.rows import DisclosureRow, DocumentRow

if TYPE_CHECKING:
    from app.services.desk_doors import DeskDoors
    from app.services.following import News
    from app.services.my_number import MyNumbers
    from app.services.sending import Settlement
    from app.services.sign_in import SignedIn, SignInRequest, SignInState

SEEN = "seen:"
SEND_PATIENCE = 120.0
"""Seconds a lock waits for a send in flight; the call itself is given up earlier."""


class Desk(DeskUses):
    """The pages' one way to an open company."""

    def __init__(self, opened: Opened, parts: DeskParts) -> None:
        self.vault = opened.vault
        self.card: CompanyCard = opened.card
        self.clock = parts.clock
        self.person = parts.person
        self.parts = parts
        self.practice = self.vault.practice
        self.records = Records(self.vault)
        self.filings_store = Filings(self.vault)
        self.documents_store = Documents(self.vault)
        self.accounts = Accounts(self.vault)
        self.meta = Meta(self.vault)
        kept = Drafts(self.vault)
        self.disclosures_store = Disclosures(self.vault)
        records = standing(self.records.all())
        self.graph = Graph(parts.catalogue, records, today(self.clock))
        self.writer = DraftWriter(kept, self.records, self.clock)
        self._facts = CompanyFacts(
            parts.catalogue,
            self.graph,
            lambda records: self.writer.put(records),
            self.clock,
            parts.person,
        )
        self.care = VaultCare(opened, parts.companies, self.clock, self.keep, self._erased)
        self.awards = Awards(
            self.graph, self._facts, parts.library, parts.catalogue, self.clock, self.writer.put
        )
        self.evidence = Evidence(self.documents_store, self.meta)
        self._sealing = Sealing(self.filings_store, self.meta, self.clock, practice=self.practice)
        self._drafts = CompanyDrafts(
            kept,
            self.filings_store,
            self.documents_store,
            self.meta,
            self.graph,
            self.writer,
            self._sealing,
            parts.library,
            parts.catalogue,
            self._facts.members,
            self.clock,
            parts.person,
            parts.resources / "fonts",
            practice=self.practice,
        )
        self._arrived: list[Record] = []
        self._arrived_lock = threading.Lock()
        self._locked = False
        self.doors: DeskDoors = parts.doors(self)
        self.doors.reads_many = lambda row, paper: self.social.after.decided_by(row, paper)
        self.doors.sending.recover()
        self.standing: Standing = parts.standing(self)

    def award_of(self, filing_id: str) -> str:
        """The award a filing led to, begun when there is none yet; gives its key. Raises Known."""
        return self.awards.of_filing(self.filings_store.get(filing_id), self.meta)

    @property
    def opened(self) -> Opened:
        """The vault with the key it has now, which changes when the key is renewed."""
        return self.care.opened

    # --- facts

    def take_in(self) -> None:
        """Takes records a background call stored into the graph; on the window's thread only."""
        while self.take_in_some(len(self._arrived)):
            pass

    def take_in_some(self, most: int) -> bool:
        """Takes in the first `most` of them; whether more wait. A table of thousands comes in turns."""
        with self._arrived_lock:
            arrived, self._arrived = self._arrived[:most], self._arrived[most:]
            more = bool(self._arrived)
        for record in arrived:
            self.graph.add(record)
        if arrived and not more:
            self._drafts.refresh()
        return more

    def _arrive(self, records: Sequence[Record]) -> None:
        """Stored records that the next `take_in` adds to the graph; from any thread."""
        with self._arrived_lock:
            self._arrived.extend(records)

    def _erased(self, records: Sequence[str], drafts: Sequence[str]) -> None:
        """What was erased leaves the graph and the open drafts too."""
        with self._arrived_lock:
            self._arrived = [r for r in self._arrived if r.id not in records]
        for record_id in records:
            self.graph.forget(record_id)
        self._drafts.refresh(erased=drafts)

    def employees(self) -> list[Member]:
        """The employees, in the order they were added."""
        return self.members("employees")

    def members(self, collection: str) -> list[Member]:
        """The members of any collection."""
        self.take_in()
        return self._facts.members(collection)

    def add_member(self, collection: str, texts: Mapping[str, str]) -> str:
        """Adds a member with what was typed; gives its key. Raises BadInput."""
        return self._facts.add_member(collection, texts)

    def remove_member(self, collection: str, key: str) -> Record:
        """Takes a member off the list (its records stay)."""
        return self._facts.remove_member(collection, key)

    def answer_fact(self, path: str, text: str) -> Record:
        """States a fact as typed. Raises BadInput."""
        return self._facts.answer(path, text)

    def confirm_fact(self, path: str, record_id: str = "") -> Record:
        """Confirms what counts, or a named competitor. Raises Known."""
        return self._facts.confirm(path, record_id)

    def fact_rows(self, section: str) -> list[FactRow]:
        """The facts under a prefix such as "company." or "employees[k3x9]."."""
        self.take_in()
        return self._facts.rows(section)

    def disclosures(self) -> list[DisclosureRow]:
        """Every use of a fact outside, latest first."""
        return self.disclosures_store.list()

    # --- drafts

    def procedures(self) -> tuple[ProcedureEntry, ...]:
        """The procedures that can be started."""
        return self._drafts.procedures()

    def drafts(self) -> list[DraftLine]:
        """The drafts that have not left the house, latest first."""
        return self._drafts.lines()

    def open_draft(self, procedure_id: str, subject: str) -> OpenDraft:
        """The open draft of a procedure and subject, begun when there is none. Raises Known."""
        self.take_in()
        return self._drafts.begin(procedure_id, subject)

    def draft(self, draft_id: str) -> OpenDraft:
        """A draft by its id. Raises Known."""
        return self._drafts.get(draft_id)

    def accept_renewal(self, draft_id: str) -> None:
        """The person has seen what a new edition asks and what it no longer does."""
        self._drafts.accept_renewal(draft_id)

    def review(self, draft_id: str) -> Review:
        """What is read before sending."""
        return self._drafts.review(draft_id, self.filer())

    def seal(
        self, draft_id: str, certificate_id: str = "", *, my_numbers: MyNumbers | None = None
    ) -> str:
        """Seals the draft (see Sealing.seal), signed where a kept certificate is named. Raises Known."""
        return self._drafts.seal(
            draft_id,
            self.filer(),
            signer=self.standing.signer(certificate_id),
            attachments=self.standing.attachments(),
            my_numbers=my_numbers,
        )

    def hand_over_draft(self, draft_id: str) -> str:
        """Seals the draft for a person who files it by hand; gives the filing's id. Raises Known.

        Its files are written by `hand_overs.give`. 個人番号 are not asked for: the person types them.
        """
        return self._drafts.seal(
            draft_id, self.filer(), attachments=self.standing.attachments(), by_hand=True
        )

    def unseal(self, filing_id: str) -> str:
        """Gives up an envelope that has not been sent; gives its draft's id. Raises Known."""
        return self._drafts.unseal(filing_id)

    def once_ratio(self) -> float | None:
        """The 一度率 over the open drafts; None while nothing is filled."""
        return self._drafts.once_ratio()

    def filer(self) -> Filer:
        """Who files now, in what role, by the account that is signed in."""
        return self.standing.filer()

    # --- the doors (off the window's thread)

    def send(self, filing_id: str) -> FilingView:
        """Sends a sealed filing once. Raises Known when it was not sent."""
        self.doors.send(filing_id)
        return self.filing(filing_id)

    def settle(self, filing_id: str) -> Settlement:
        """Asks what became of a filing whose answer was lost."""
        return self.doors.settle(filing_id)

    def decide_unknown(self, filing_id: str, arrive_id: str | None) -> FilingView:
        """A person's decision about such a filing."""
        self.doors.decide(filing_id, arrive_id, self.person)
        return self.filing(filing_id)

    def poll(self) -> list[News]:
        """Settles what is unknown and asks about what is under way; gives what is new."""
        self._fetch_skeletons()
        news = [*self.doors.poll(), *self.egov.look()]
        with self._arrived_lock:
            self._arrived.extend(record for item in news for record in item.records)
        return news

    def _fetch_skeletons(self) -> None:
        """A real vault seals on the forms the door named last, offline too: ask while we can."""
        for procedure in self._drafts.unfetched():
            skeleton = self.doors.egov.procedure(procedure.proc_id)
            forms = tuple((f.form_id, f.form_version.zfill(4)) for f in skeleton.forms)
            self._sealing.remember_skeleton(procedure.proc_id, forms)

    def begin_sign_in(self, *, embedded: bool = True) -> SignInRequest:
        """A fresh sign-in; `embedded` chooses the town's https pages in a practice vault."""
        return self.doors.begin_sign_in(embedded=embedded)

    def complete_sign_in(self, url: str) -> SignedIn:
        """Finishes it with the returned address. Raises Known."""
        return self.doors.complete_sign_in(url)

    def sign_out(self) -> None:
        """Drops the tokens and ends the session at the door."""
        self.doors.sign_out()

    def sign_in_state(self) -> SignInState:
        """Who is signed in, until when."""
        return self.doors.sign_in_state()

    # --- filings and documents

    def filings(self) -> list[FilingView]:
        """Every filing, latest first."""
        return [self.doors.view(row.id) for row in self.filings_store.list()]

    def filing(self, filing_id: str) -> FilingView:
        """One filing."""
        return self.doors.view(filing_id)

    def mark_seen(self, filing_id: str) -> None:
        """The person has looked at what came back."""
        self.meta.set(f"{SEEN}{filing_id}", self.clock().isoformat())

    def documents(self) -> list[DocumentRow]:
        """Every kept document, latest first."""
        return self.documents_store.list()

    def document_bytes(self, document_id: str) -> bytes:
        """A document as it came."""
        return self.documents_store.get(document_id).content

    def document_text(self, document_id: str) -> str:
        """A document as plain text. Raises Known when it has none."""
        return self.egov.document_text(document_id)

    def prove(self, filing_id: str, folder: Path) -> Path:
        """Writes the proof of a filing into a folder; gives its path. Raises Known."""
        return self.doors.prove(filing_id, folder)

    # --- the frame

    def today(self) -> Today:
        """The page 今日."""
        self.take_in()
        day, work = today(self.clock), [*self._drafts.work(), *self.egov.work()]
        duties = [*self.awards.duties(), *starred_duties(self.meta, day), *self.egov.duties()]
        duties += notice_duties(self.social)
        letters = self.egov.letters()
        return today_page(day, work, self.filings(), duties=duties, letters=letters)

    def counts(self) -> dict[str, int]:
        """Counts for the navigation."""
        waiting = self.filings_store.list(Stage.READY, Stage.SENDING, Stage.UNKNOWN, Stage.ACCEPTED)
        return {"today": self._drafts.count(), "outbox": len(waiting)}

    def saved_at(self) -> datetime | None:
        """When the vault last took something typed."""
        return self.writer.saved_at

    def keep(self) -> None:
        """Writes what is pending now. Raises Known when it cannot be written; it stays pending."""
        self.writer.flush()

    def lock(self) -> None:
        """Keeps what is pending, closes the vault and forgets the key. Safe to call twice."""
        if self._locked:
            return
        self._locked = True
        try:
            self.writer.close()
        finally:
            if self.doors.sending.busy:  # a send in flight stores its answer before the key is gone
                threading.Thread(target=self._close, name="closing-vault").start()
            else:
                self._close()

    def _close(self) -> None:
        self.doors.sending.wait(SEND_PATIENCE)
        card = replace(self.card, last_opened=self.clock(), due_count=self.counts()["today"])
        with suppress(Known):
            self.parts.companies.remember(card)
        self.doors.close()
        self.vault.close()

    def back_up(self) -> None:
        """The day's backup when it is due; off the window's thread. Raises Known."""
        self.vault.back_up_if_due()
