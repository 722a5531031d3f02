"""What both sign-in servers remember: browser sessions, codes, access and refresh tokens."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from app.sandbox.clock import TownClock

_LETTERS = string.ascii_letters + string.digits


def digest(secret: str) -> str:
    """How a token is remembered: by its SHA-256, so that no kept state holds a usable token."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def random_text(rng: Random, length: int) -> str:
    """Letters and digits."""
    return "".join(rng.choice(_LETTERS) for _ in range(length))


@dataclass
class Request:
    """One authorization request while the person is signing in."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    prompt: str
    login_hint: str
    issuer: str
    redirect_given: bool = True
    account: str = ""
    factor: str = ""
    otp: str = ""
    otp_until: float = 0.0
    tries: int = 0
    idp: str = ""
    upstream: dict[str, str] = field(default_factory=dict)
    begun: float = 0.0


@dataclass
class Session:
    """A browser's sign-in at one server."""

    account: str
    auth_stamp: int
    idp: str
    begun: float
    ext_ms: int = 0


@dataclass
class Code:
    """An authorization code: used once, within its life, by the client that asked."""

    request: Request
    session_id: str
    session: Session
    issued: float
    used: bool = False
    grant: str = ""


@dataclass
class Grant:
    """One sign-in's tokens: the current access token ids and the digest of the refresh token."""

    id: str
    client_id: str
    account: str
    scope: str
    issuer: str
    session_id: str
    auth_stamp: int
    idp: str
    ext_ms: int
    access: dict[str, float] = field(default_factory=dict)
    refresh: str = ""
    refresh_issued: float = 0.0
    old_refresh: list[str] = field(default_factory=list)
    revoked: bool = False


class Identity:
    """The memory of one sign-in server; `changed` is called when tokens were given or ended."""

    def __init__(self, clock: TownClock, rng: Random) -> None:
        """Nobody is signed in yet."""
        self.clock = clock
        self.rng = rng
        self.requests: dict[str, Request] = {}
        self.sessions: dict[str, Session] = {}
        self.codes: dict[str, Code] = {}
        self.grants: dict[str, Grant] = {}
        self.changed: Callable[[], None] = lambda: None

    def open_request(self, request: Request) -> str:
        """Remember a sign-in that began; gives its transaction number for the page's form."""
        request.begun = self.clock.seconds()
        old = self.clock.seconds() - 3600
        self.requests = {key: item for key, item in self.requests.items() if item.begun > old}
        key = random_text(self.rng, 32)
        self.requests[key] = request
        return key

    def open_session(self, session: Session) -> str:
        """Remember a browser; gives the value of its cookie."""
        key = random_text(self.rng, 40)
        self.sessions[key] = session
        return key

    def issue_code(self, length: int, request: Request, session_id: str) -> str:
        """A fresh code for a finished sign-in."""
        code = random_text(self.rng, length)
        session = self.sessions[session_id]
        self.codes[code] = Code(request, session_id, session, self.clock.seconds())
        return code

    def grant_of_access(self, jti: str) -> Grant | None:
        """The grant an access token id belongs to."""
        return next((grant for grant in self.grants.values() if jti in grant.access), None)

    def grant_of_refresh(self, token: str) -> Grant | None:
        """The grant whose current refresh token this is."""
        wanted = digest(token)
        return next((item for item in self.grants.values() if item.refresh == wanted), None)

    def access_alive(self, grant: Grant, jti: str, life: float) -> bool:
        """Whether an access token is still good by the town's clock."""
        return not grant.revoked and self.clock.seconds() < grant.access[jti] + life

    def revoke_account(self, account: str) -> int:
        """Revoke every grant of an account; gives how many."""
        mine = [item for item in self.grants.values() if item.account == account]
        for grant in mine:
            grant.revoked = True
        return len(mine)

    def kept(self) -> list[dict[str, Any]]:
        """The grants as plain data for the state folder (digests and ids only)."""
        return [asdict(grant) for grant in self.grants.values()]

    def take_back(self, rows: list[dict[str, Any]]) -> None:
        """Restore grants from the state folder."""
        self.grants = {row["id"]: Grant(**row) for row in rows}

    def forget(self) -> None:
        """Sign everybody out."""
        self.requests.clear()
        self.sessions.clear()
        self.codes.clear()
        self.grants.clear()
