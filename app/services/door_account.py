"""One account at e-Gov with its sign-in: that of an open company, or an office's own.

Tokens lie in the file the account belongs to: the company's vault, or the office file, whose one
sign-in serves every company the office files for. Every call may run on a background thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from app.domain.clock import Clock
from app.domain.errors import Known, VaultFault
from app.services.doors import DoorAddresses
from app.store.accounts import Accounts
from app.store.meta import Meta
from app.store.rows import AccountRow
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.services.sign_in import SignedIn, SignIn, SignInRequest, SignInState

ACCOUNT = "egov"


class Addresses(Protocol):
    """Gives the addresses of the doors; starts the practice town when that is needed."""

    def __call__(self, *, tls: bool) -> DoorAddresses: ...


class DoorAccount:
    """The account of one file at e-Gov.

    `account_id` is its name in the file and on every filing; `company_number` the 法人番号 whose
    account it must be ("" where any may be, as for an office that is no corporation).
    """

    def __init__(
        self,
        vault: Vault,
        company_number: str,
        addresses: Addresses,
        clock: Clock,
        *,
        account_id: str = ACCOUNT,
    ) -> None:
        self.account_id = account_id
        self.practice = vault.practice
        self._number = company_number
        self._addresses = addresses
        self._clock = clock
        self._accounts = Accounts(vault)
        self._meta = Meta(vault)
        self._sign_ins: dict[bool, SignIn] = {}
        self._pending: bool | None = None
        self._lock = threading.RLock()
        self._closers: list[Callable[[], None]] = []

    def begin_sign_in(self, *, embedded: bool) -> SignInRequest:
        """A fresh attempt at the side the browser will show (the town has a TLS and a plain one)."""
        tls = embedded and self.practice
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
        self.current().sign_out()

    def state(self) -> SignInState:
        """Who is signed in; asks nobody and starts nothing."""
        from app.services.sign_in import SignInState

        with suppress(VaultFault):
            if self._sign_ins or self._kept():
                return self.current().state
        return SignInState(False)

    def row(self) -> AccountRow | None:
        """The account as it is kept; None before the first sign-in."""
        return next((row for row in self._accounts.list() if row.id == self.account_id), None)

    def current(self) -> SignIn:
        """The sign-in that counts now."""
        with self._lock:
            known = next(iter(self._sign_ins.values()), None)
        return known or self._sign_in(self._meta.get("sign_in_side") == "tls")

    def close(self) -> None:
        """Drops the connections to the account server."""
        for close in self._closers:
            close()

    def _kept(self) -> bool:
        row = self.row()
        return row is not None and bool(row.tokens)

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
            practice=self.practice, door="e-Gov アカウント", clock=self._clock, pin=doors.pin
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
            account_id=self.account_id,
            company_number=self._number,
        )


class _Kept:
    """The file's accounts as a sign-in keeps them: an account that is not there is None."""

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
