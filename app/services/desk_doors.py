"""The doors of one open company: sign-in, sending, following, proof; built when first needed.

Nothing here touches the fact graph or the window: every call may run on a background thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import DoorFault, Known, VaultFault
from app.domain.filing import BY_SKELETON, DELIVERY_DOOR, EGOV_DOORS, HAND_OVER, Stage
from app.forms.library import ProcedureLibrary
from app.services.door_account import Addresses, DoorAccount
from app.services.filing_view import FilingView, filing_view
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.records import Records
from app.store.rows import FilingRow
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.facts.catalogue import Catalogue
    from app.forms.official import OfficialDocument
    from app.services.connectors.egov import Egov
    from app.services.following import Following, News
    from app.services.official_documents import ManyDecided, ReadDocument
    from app.services.refusals import Leads
    from app.services.sending import Sending, Settlement
    from app.services.sign_in import SignedIn, SignInRequest, SignInState

DOOR_NAMES = dict.fromkeys(EGOV_DOORS, "e-Gov") | {
    "portal": "ポータル",
    HAND_OVER: "人が手で出す届",
}
SEEN = "seen:"


class DeskDoors:
    """What an open vault does outside."""

    def __init__(
        self,
        vault: Vault,
        company_number: str,
        addresses: Addresses,
        library: ProcedureLibrary,
        catalogue: Catalogue,
        resources: Path,
        clock: Clock,
        *,
        account: DoorAccount | None = None,
        shares_name: Callable[[], bool] = lambda: False,
    ) -> None:
        """`account` is an office's, which then files in place of the company's own.

        `shares_name`: another company of that account has the same name, so that what is found in
        the door's list may be the other's.
        """
        self._vault = vault
        self.account = account or DoorAccount(vault, company_number, addresses, clock)
        self._own_account = account is None
        self._shares_name = shares_name
        self._addresses = addresses
        self._library = library
        self._catalogue = catalogue
        self._resources = resources
        self._clock = clock
        self._filings = Filings(vault)
        self._documents = Documents(vault)
        self._meta = Meta(vault)
        self._candidates: dict[str, tuple[tuple[str, datetime, str], ...]] = {}
        self._closers: list[Callable[[], None]] = []
        self._whole: dict[str, str] = {}
        self.reads_many: Callable[[FilingRow, OfficialDocument], ManyDecided | None] = (
            lambda _row, _document: None
        )
        """Reads a document that decides about many people; None for any other. Set by the desk."""

    # --- sign-in

    @property
    def account_id(self) -> str:
        """The account that files: the company's own, or the office's."""
        return self.account.account_id

    def begin_sign_in(self, *, embedded: bool) -> SignInRequest:
        """A fresh attempt at the side the browser will show (the town has a TLS and a plain one)."""
        return self.account.begin_sign_in(embedded=embedded)

    def complete_sign_in(self, url: str) -> SignedIn:
        """Finishes the attempt. Raises Known."""
        return self.account.complete_sign_in(url)

    def sign_out(self) -> None:
        """Ends the sign-in here and at the door."""
        self.account.sign_out()

    def sign_in_state(self) -> SignInState:
        """Who is signed in; asks nobody and starts nothing."""
        return self.account.state()

    # --- e-Gov

    @cached_property
    def egov(self) -> Egov:
        """The connector, with the token of whoever is signed in."""
        from app.services.connectors.egov import Egov
        from app.services.wire import Wire

        doors = self._addresses(tls=False)
        wire = Wire(practice=self._vault.practice, door="e-Gov", clock=self._clock)
        self._closers.append(wire.close)
        return Egov(
            wire,
            doors.egov_api,
            lambda: self.account.current().token(),
            lambda: self.account.current().still_signed_in(),
        )

    @cached_property
    def sending(self) -> Sending:
        """The outbox."""
        from app.services.sending import Sending
        from app.services.sending_ways import contents_of

        return Sending(
            self._filings, Disclosures(self._vault), lambda: self.egov, contents_of, self._clock,
            shares_name=self._shares_name,
        )  # fmt: skip

    @cached_property
    def following(self) -> Following:
        """What comes back."""
        from app.services.following import Following

        return Following(
            self._filings,
            self._documents,
            Records(self._vault),
            self.egov,
            self.read_official,
            self._clock,
        )

    def send(self, filing_id: str) -> FilingRow:
        """Sends once. Raises Known."""
        self._by_wire(filing_id)
        self.account.current().require_filing_account()
        return self.sending.send(filing_id)

    def settle(self, filing_id: str) -> Settlement:
        """Asks about an unknown filing and remembers the candidates for the view."""
        self._by_wire(filing_id)
        found = self.sending.settle(filing_id)
        self._candidates[filing_id] = tuple(
            (c.arrive_id, c.arrived_at, c.applicant_name) for c in found.candidates
        )
        return found

    def decide(self, filing_id: str, arrive_id: str | None, person: str) -> FilingRow:
        """A person's decision. Raises Known."""
        row = self.sending.decide(filing_id, arrive_id, person)
        self._candidates.pop(filing_id, None)
        return row

    def _by_wire(self, filing_id: str) -> None:
        """Raises Known for a filing that goes through a portal's page or a person's hands."""
        door = self._filings.get(filing_id).door
        if door == HAND_OVER:
            raise Known(
                "by-hand",
                "この届は、人が手で出すことになっています。送るときは、先に手渡しを取り消してください。",
            )
        if door == "portal":
            raise Known(
                "by-portal",
                "この申請は、ポータルの画面で出します。「ポータルを開く」から進んでください。",
            )

    def poll(self) -> list[News]:
        """Settles, follows; gives what is new. Raises DoorFault when nothing could be asked."""
        from app.services.following import News

        self.sending.recover()
        news = [
            News(row.id, f"{row.title}: 到達していました")
            for row in self._filings.list(Stage.UNKNOWN)
            if row.door in EGOV_DOORS and self.settle(row.id).settled
        ]
        followed = ("egov", DELIVERY_DOOR)
        if any(r.door in followed for r in self._filings.list(Stage.ACCEPTED, Stage.ENDED)):
            try:
                news += self.following.poll()
            except DoorFault:
                if not news:
                    raise
        return news

    # --- documents

    def roots(self) -> list[bytes]:
        """The certificates official documents are verified under."""
        if self._vault.practice:
            root = self._addresses(tls=False).document_root
            return [root] if root else []
        return [path.read_bytes() for path in sorted((self._resources / "trust").glob("*.pem"))]

    def judge(self, zip_bytes: bytes) -> str:
        """The sentence about the signature of a document in a ZIP. Raises Known."""
        from app.services.official_documents import read_official

        return read_official(zip_bytes, None, "", self.roots(), self._clock()).verdict

    def read_official(self, row: FilingRow, zip_bytes: bytes) -> ReadDocument:
        """An official document by the rules of its filing. Raises Known."""
        from app.forms.official import load_document_rules
        from app.services.official_documents import read_official

        if row.procedure_id.startswith(BY_SKELETON):  # no folder says what its documents decide
            return read_official(zip_bytes, None, "", self.roots(), self._clock())
        procedure = self._library.load(row.procedure_id, self._catalogue)
        scope = f"{procedure.subject}[{row.subject}]" if procedure.subject else ""
        rules = load_document_rules(procedure)
        return read_official(
            zip_bytes, rules, scope, self.roots(), self._clock(),
            lambda document: self.reads_many(row, document),
        )  # fmt: skip

    # --- views and proof

    def view(self, filing_id: str) -> FilingView:
        """A filing as the outbox shows it."""
        row = self._filings.get(filing_id)
        events = self._filings.events(filing_id)
        account, facts = self.account.row(), row.facts if row.subject else ()
        name = next((f["text"] for f in facts if str(f["path"]).endswith("].name")), "")
        return filing_view(
            row,
            events,
            self._documents.list(filing_id),
            chain_ok=self._chain_holds(filing_id, events[-1].chain),
            door=DOOR_NAMES.get(row.door, row.door),
            account=account.label if account and row.door != HAND_OVER else "",
            subject_name=str(name),
            candidates=self._candidates.get(filing_id, ()),
            seen=bool(self._meta.get(f"{SEEN}{filing_id}")),
            has_award=self._has_award(row.procedure_id),
            leads=lambda: self._leads(row),
        )

    def _chain_holds(self, filing_id: str, head: str) -> bool:
        """Whether nothing was altered; computed anew only after an event, for files of many people."""
        if self._whole.get(filing_id) == head:
            return True
        try:
            self._filings.verify_chain(filing_id)
        except VaultFault:
            return False
        self._whole[filing_id] = head
        return True

    def _has_award(self, procedure_id: str) -> bool:
        """Whether the folder says what has to be done after an award."""
        entries = self._library.entries()
        return any((e.folder / "award.toml").is_file() for e in entries if e.id == procedure_id)

    def _leads(self, row: FilingRow) -> Leads | None:
        """The way back to the form's fields; None where its folder is gone or cannot be used."""
        from app.forms.rejections import load_rejections
        from app.services.refusals import Leads

        try:
            procedure = self._library.load(row.procedure_id, self._catalogue)
            return Leads(procedure, load_rejections(procedure))
        except Known:
            return None

    def prove(self, filing_id: str, folder: Path) -> Path:
        """Writes the proof. Raises Known: the chain is broken, or the folder cannot be written."""
        from app.services.filing_proof import write_proof

        return write_proof(
            self._filings,
            self._documents,
            self._vault.signing_key,
            filing_id,
            folder,
            self._clock(),
            self._resources / "fonts",
        )

    def closes(self, close: Callable[[], None]) -> None:
        """Something more to close when the vault is locked."""
        self._closers.append(close)

    def close(self) -> None:
        """Drops every connection to the doors."""
        for close in [*self._closers, *([self.account.close] if self._own_account else [])]:
            close()
