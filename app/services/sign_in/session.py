"""One account's sign-in: begun, completed, kept fresh, ended. Tokens live in the vault only."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.domain.clock import Clock
from app.domain.errors import DoorFault, Known, NoAnswer, Refused, SignedOut, Unreachable
from app.services.connectors.oidc import (
    Introspection,
    OidcClient,
    SignInRequest,
    Tokens,
    account_type,
    parse_returned,
)
from app.store.rows import AccountRow

ACCOUNT_TYPES = {1: "エントリー", 2: "プライム", 3: "メンバー"}
_MARGIN = timedelta(seconds=60)
_ENTRY_NOTICE = "GビズIDエントリーでは届出を出せません。GビズIDプライムかメンバーで、サインインし直してください。"


class AccountStore(Protocol):
    """Where accounts are kept: the vault's Accounts."""

    def save(self, account: AccountRow) -> None:
        """Keep an account, in place of the one of the same id."""

    def get(self, account_id: str, /) -> AccountRow | None:
        """The account of this id."""

    def list(self) -> Sequence[AccountRow]:
        """Every account."""

    def drop(self, account_id: str, /) -> None:
        """Forget an account."""


@dataclass(frozen=True)
class SignedIn:
    """A completed sign-in. `notice` is a sentence to show at once, "" when there is none.

    `account_type` is 1 エントリー, 2 プライム, 3 メンバー of gBizID, 0 for another kind of account.
    `claims` are gBizID's own claims (name, address, representative), empty where not told.
    """

    account_id: str
    account_type: int
    expires_at: datetime
    subject: str
    who: str
    notice: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class SignInState:
    """Whether somebody is signed in. `until` is when the sign-in itself ends (not the hourly token);
    None when the door does not say. `reason` says why nobody is."""

    signed_in: bool
    until: datetime | None = None
    who: str = ""
    account_type: int = 0
    reason: str = ""


class SignIn:
    """The sign-in of one account of one company. Safe to use from several threads.

    `company_number` is the 法人番号 of the open company; an account of another company is refused.
    """

    def __init__(
        self,
        accounts: AccountStore,
        oidc: OidcClient,
        clock: Clock,
        *,
        account_id: str = "egov",
        company_number: str = "",
    ) -> None:
        self._accounts = accounts
        self._oidc = oidc
        self._clock = clock
        self.account_id = account_id
        self._company_number = company_number
        self._pending: SignInRequest | None = None
        self._row: AccountRow | None = None
        self._tokens: Tokens | None = None
        self._unsaved = False
        self._loaded = False
        # `_flight` is held over the network by the one thread that refreshes or ends the sign-in;
        # `_lock` guards memory only, so that `state` never waits for a server.
        self._flight = threading.Lock()
        self._lock = threading.RLock()

    def begin(self, *, login_hint: str = "") -> SignInRequest:
        """A fresh attempt, in place of any other that was begun.

        Raises:
            DoorFault: the account server's endpoints could not be found.
        """
        request = self._oidc.start(login_hint=login_hint)
        with self._lock:
            self._pending = request
        return request

    def complete(self, returned_url: str) -> SignedIn:
        """Finish the attempt with the returned address (as caught or as pasted).

        Raises:
            Refused: not this attempt's answer, or an account of another company; nothing is kept.
            BadInput: the text is not the returned address.
        """
        with self._lock:
            request = self._pending
        if request is None:
            raise Refused(
                "sign-in-not-begun",
                "サインインをまだ始めていません。はじめからサインインしてください。",
            )
        tokens = self._oidc.finish(request, parse_returned(returned_url, request.redirect_uri))
        try:
            said, claims = self._who(tokens)
            self._check_company(claims)
            kind = said.gbizid_account_type or account_type(claims.get("account_type"))
            row = self._make_row(tokens, said, claims, kind)
            with self._flight:
                self._keep(row, tokens)
        except Known:
            self._log_out_quietly(tokens)
            raise
        with self._lock:
            self._pending = None
        notice = _ENTRY_NOTICE if kind == 1 else ""
        return SignedIn(
            self.account_id, kind, tokens.expires_at, tokens.subject, row.label, notice, claims
        )

    def token(self) -> str:
        """A valid access token; refreshed first when it ends within a minute.

        Only one thread refreshes, the others wait for its result. The rotated tokens are stored
        before they are used.

        Raises:
            SignedOut: nobody is signed in, or the refresh was refused.
            Unreachable, NoAnswer: the account server could not be asked.
            VaultFault: the rotated tokens could not be stored; they are kept for the next try.
        """
        with self._flight:
            tokens = self._load()
            if tokens is None:
                raise SignedOut("signed-out", "サインインしていません。サインインしてください。")
            if self._unsaved:
                self._save(tokens)
            now = self._clock()
            if tokens.expires_at - _MARGIN > now:
                return tokens.access_token
            return self._refresh(tokens, now).access_token

    def still_signed_in(self) -> bool | None:
        """Ask the account server whether the access token lives; None when it cannot be asked.

        A "no" ends the sign-in here too.
        """
        tokens = self._load()
        if tokens is None:
            return False
        if not self._oidc.has_introspection:
            return None
        alive = self._oidc.introspect(tokens.access_token).active
        if not alive:
            with self._flight:
                if self._load() is tokens:  # not refreshed or signed in anew meanwhile
                    self._end("サインインが取り消されました。もう一度サインインしてください。")
        return alive

    def require_filing_account(self) -> None:
        """Raises Refused when the gBizID account is エントリー, which may not file."""
        if self.state.account_type == 1:
            raise Refused("gbizid-entry", _ENTRY_NOTICE)

    def sign_out(self) -> None:
        """Drop the tokens, and end the session at the account server when it can be reached."""
        with self._flight:
            tokens = self._load()
            self._end("")
        if tokens is not None:
            self._log_out_quietly(tokens)

    @property
    def state(self) -> SignInState:
        """What the status bar and the review page show; asks nobody."""
        with self._lock:
            tokens, row = self._load(), self._row
        details = dict(row.details) if row else {}
        if tokens is None or row is None:
            return SignInState(False, reason=details.get("ended", ""))
        until = tokens.refresh_expires_at if tokens.refresh_token else tokens.expires_at
        if until is not None and until <= self._clock():
            ended = "サインインの期限が切れました。もう一度サインインしてください。"
            return SignInState(False, who=row.label, reason=ended)
        kind = account_type(details.get("account_type"))
        return SignInState(True, until, row.label, kind)

    def _refresh(self, tokens: Tokens, now: datetime) -> Tokens:
        try:
            fresh = self._oidc.refresh(tokens)
        except SignedOut as fault:
            self._end(fault.sentence)
            raise
        except (Unreachable, NoAnswer):
            if tokens.expires_at > now:
                return tokens  # the last minute of a good token is still good
            raise
        # In memory first: when the vault cannot be written now, the rotated token is not lost, and
        # the next call stores it before anything else.
        with self._lock:
            self._tokens, self._unsaved = fresh, True
        self._save(fresh)
        return fresh

    def _who(self, tokens: Tokens) -> tuple[Introspection, dict[str, Any]]:
        said = Introspection(active=True)
        if self._oidc.has_introspection:
            said = self._oidc.introspect(tokens.access_token)
            if not said.active or said.subject not in ("", tokens.subject):
                raise SignedOut(
                    "sign-in-not-active",
                    "サインインが続いていません。もう一度サインインしてください。",
                )
        return said, self._oidc.userinfo(tokens) if self._oidc.has_userinfo else {}

    def _check_company(self, claims: Mapping[str, Any]) -> None:
        said = str(claims.get("corporate_number") or "")
        if self._company_number and said and said != self._company_number:
            raise Refused(
                "gbizid-other-company",
                f"サインインしたアカウントは、別の会社(法人番号 {_plain(said)})のものです。"
                "この会社のアカウントでサインインし直してください。",
            )

    def _make_row(
        self, tokens: Tokens, said: Introspection, claims: Mapping[str, Any], kind: int
    ) -> AccountRow:
        person = " ".join(
            str(claims[k]) for k in ("user_last_nm", "user_first_nm") if claims.get(k)
        )
        label = said.username or str(claims.get("email") or "") or person or tokens.subject
        provider = said.identity_provider or ("gbizid" if kind else "")
        return AccountRow(
            id=self.account_id,
            door=self._oidc.config.door,
            kind="gbizid" if kind else "account",
            label=_plain(label),
            subject=tokens.subject,
            tokens=tokens.to_json(),
            details={
                "account_type": str(kind),
                "account_type_name": ACCOUNT_TYPES.get(kind, ""),
                "identity_provider": _plain(provider),
                "corporate_number": _plain(str(claims.get("corporate_number") or "")),
            },
            updated_at=self._clock(),
        )

    def _load(self) -> Tokens | None:
        with self._lock:
            if not self._loaded:
                self._row = self._accounts.get(self.account_id)
                try:
                    kept = self._row.tokens if self._row else {}
                    self._tokens = Tokens.from_json(kept) if kept else None
                except (KeyError, ValueError):
                    self._tokens = None  # kept by another edition of the program: sign in again
                self._loaded = True
            return self._tokens

    def _keep(self, row: AccountRow, tokens: Tokens | None) -> None:
        self._accounts.save(row)
        with self._lock:
            self._row, self._tokens, self._loaded, self._unsaved = row, tokens, True, False

    def _save(self, tokens: Tokens) -> None:
        if self._row is not None:
            row = replace(self._row, tokens=tokens.to_json(), updated_at=self._clock())
            self._keep(row, tokens)

    def _end(self, reason: str) -> None:
        with self._lock:
            row = self._row
            self._tokens, self._unsaved = None, False
        if row is not None:
            details = dict(row.details) | {"ended": reason}
            self._keep(replace(row, tokens={}, details=details, updated_at=self._clock()), None)

    def _log_out_quietly(self, tokens: Tokens) -> None:
        try:
            self._oidc.logout(tokens)
        except DoorFault:
            return  # the tokens are gone here; the session at the server ends by itself


def _plain(text: str) -> str:
    """One printable line of at most 200 characters of what a server said."""
    return "".join(c for c in text if c.isprintable())[:200]
