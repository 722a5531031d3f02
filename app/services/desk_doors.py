"""The doors of one open company: sign-in, sending, following, proof; built when first needed.

Nothing here touches the fact graph or the window: every call may run on a background thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.clock import Clock
from app.domain.errors import DoorFault, Known, VaultFault
from app.domain.filing import CASE_DOOR, Stage
from app.forms.library import ProcedureLibrary
from app.services.doors import DoorAddresses
from app.services.filing_view import FilingView, filing_view
from app.store.accounts import Accounts
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.records import Records
from app.store.rows import AccountRow, FilingRow
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.facts.catalogue import Catalogue
    from app.services.connectors.egov import Egov
    from app.services.following import Following, News
    from app.services.official_documents import ReadDocument
    from app.services.refusals import Leads
    from app.services.sending import Sending, Settlement
    from app.services.sign_in import SignedIn, SignIn, SignInRequest, SignInState

ACCOUNT = "egov"
DOOR_NAMES = {"egov": "e-Gov", CASE_DOOR: "e-Gov", "portal": "ポータル"}
SEEN = "seen:"


class Addresses(Protocol):
    """Gives the addresses of the doors; starts the practice town when that is needed."""

    def __call__(self, *, tls: bool) -> DoorAddresses: ...


class DeskDoors:
    """What an open vault does outside."""

    account_id = ACCOUNT

    def __init__(
        self,
        vault: Vault,
        company_number: str,
        addresses: Addresses,
        library: ProcedureLibrary,
        catalogue: Catalogue,
        resources: Path,
        clock: Clock,
    ) -> None:
        self._vault = vault
        self._number = company_number
        self._addresses = addresses
        self._library = library
        self._catalogue = catalogue
        self._resources = resources
        self._clock = clock
        self._filings = Filings(vault)
        self._documents = Documents(vault)
        self._accounts = Accounts(vault)
        self._meta = Meta(vault)
        self._candidates: dict[str, tuple[tuple[str, datetime, str], ...]] = {}
        self._sign_ins: dict[bool, SignIn] = {}
        self._pending: bool | None = None
        self._lock = threading.RLock()
        self._closers: list[Callable[[], None]] = []

    # --- sign-in

    def begin_sign_in(self, *, embedded: bool) -> SignInRequest:
        """A fresh attempt at the side the browser will show (the town has a TLS and a plain one)."""
        tls = embedded and self._vault.practice
        request = self._sign_in(tls).begin()
        with self._lock:
            self._pending = tls
        return request

    def complete_sign_in(self, url: str) -> SignedIn:
        """Finishes the attempt. Raises Known."""
        with self._lock:
            tls = self._pending
        if tls is None:
            raise Known(
                "sign-in-not-begun",
                "サインインをまだ始めていません。はじめからサインインしてください。",
            )
        done = self._sign_in(tls).complete(url)
        self._meta.set("sign_in_side", "tls" if tls else "plain")
        with self._lock:
            self._sign_ins = {tls: self._sign_ins[tls]}
            self._pending = None
        return done

    def sign_out(self) -> None:
        """Ends the sign-in here and at the door."""
        self._current().sign_out()

    def sign_in_state(self) -> SignInState:
        """Who is signed in; asks nobody and starts nothing."""
        from app.services.sign_in import SignInState

        with suppress(VaultFault):
            if self._sign_ins or self._kept():
                return self._current().state
        return SignInState(False)

    def _kept(self) -> bool:
        row = self._account()
        return row is not None and bool(row.tokens)

    def _account(self) -> AccountRow | None:
        return next((row for row in self._accounts.list() if row.id == ACCOUNT), None)

    def _current(self) -> SignIn:
        with self._lock:
            known = next(iter(self._sign_ins.values()), None)
        return known or self._sign_in(self._meta.get("sign_in_side") == "tls")

    def _sign_in(self, tls: bool) -> SignIn:
        with self._lock:
            if tls not in self._sign_ins:
                self._sign_ins[tls] = self._new_sign_in(tls)
            return self._sign_ins[tls]

    def _new_sign_in(self, tls: bool) -> SignIn:
        from app.services.connectors.oidc import OidcClient, OidcConfig, egov_provider
        from app.services.sign_in import SignIn
        from app.services.wire import Wire

        doors = self._addresses(tls=tls)
        wire = Wire(
            practice=self._vault.practice,
            door="e-Gov アカウント",
            clock=self._clock,
            pin=doors.pin,
        )
        self._closers.append(wire.close)
        config = OidcConfig(
            door="egov",
            issuer=doors.egov_issuer,
            client_id=doors.client_id,
            client_secret=doors.client_secret,
            redirect_uri=doors.redirect_uri,
            provider=egov_provider(
                doors.egov_auth,
                doors.egov_issuer,
                jwks_uri=doors.egov_jwks,
                token_endpoint=doors.egov_broker,
            ),
        )
        return SignIn(
            _Kept(self._accounts),
            OidcClient(wire, config, self._clock),
            self._clock,
            account_id=ACCOUNT,
            company_number=self._number,
        )

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
            lambda: self._current().token(),
            lambda: self._current().still_signed_in(),
        )

    @cached_property
    def sending(self) -> Sending:
        """The outbox."""
        from app.services.sending import Sending
        from app.services.sending_ways import contents_of

        return Sending(
            self._filings, Disclosures(self._vault), lambda: self.egov, contents_of, self._clock
        )

    @cached_property
    def following(self) -> Following:
        """What comes back."""
        from app.services.following import Following

        return Following(
            self._filings,
            self._documents,
            Records(self._vault),
            self.egov,
            self._read_official,
            self._clock,
        )

    def send(self, filing_id: str) -> FilingRow:
        """Sends once. Raises Known."""
        self._by_wire(filing_id)
        self._current().require_filing_account()
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
        """Raises Known for a filing that goes through a portal's page: no wire sends or asks it."""
        if self._filings.get(filing_id).door == "portal":
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
            if row.door in ("egov", CASE_DOOR) and self.settle(row.id).settled
        ]
        if any(r.door == "egov" for r in self._filings.list(Stage.ACCEPTED, Stage.ENDED)):
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

    def _read_official(self, row: FilingRow, zip_bytes: bytes) -> ReadDocument:
        from app.forms.official import load_document_rules
        from app.services.official_documents import read_official

        procedure = self._library.load(row.procedure_id, self._catalogue)
        scope = f"{procedure.subject}[{row.subject}]" if procedure.subject else ""
        rules = load_document_rules(procedure)
        return read_official(zip_bytes, rules, scope, self.roots(), self._clock())

    # --- views and proof

    def view(self, filing_id: str) -> FilingView:
        """A filing as the outbox shows it."""
        row = self._filings.get(filing_id)
        try:
            self._filings.verify_chain(filing_id)
            chain_ok = True
        except VaultFault:
            chain_ok = False
        account = self._account()
        name = next((f["text"] for f in row.facts if str(f["path"]).endswith("].name")), "")
        return filing_view(
            row,
            self._filings.events(filing_id),
            self._documents.list(filing_id),
            chain_ok=chain_ok,
            door=DOOR_NAMES.get(row.door, row.door),
            account=account.label if account else "",
            subject_name=str(name),
            candidates=self._candidates.get(filing_id, ()),
            seen=bool(self._meta.get(f"{SEEN}{filing_id}")),
            has_award=self._has_award(row.procedure_id),
            leads=lambda: self._leads(row),
        )

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
        for close in self._closers:
            close()


class _Kept:
    """The vault's accounts as a sign-in keeps them: an account that is not there is None."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def save(self, account: AccountRow) -> None:
        self._accounts.save(account)

    def get(self, account_id: str, /) -> AccountRow | None:
        return next((row for row in self._accounts.list() if row.id == account_id), None)

    def list(self) -> list[AccountRow]:
        return self._accounts.list()

    def drop(self, account_id: str, /) -> None:
        self._accounts.drop(account_id)
