"""The practice portal's own book: who is signed in, drafts, filed applications, and its switches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from app.sandbox.clock import TownClock, day_text, from_seconds, time_text
from app.sandbox.identity import random_text

DRAFT = "下書き中"
FILED = "申請済み"
RETURNED = "差戻し対応中"
STATUSES = (DRAFT, FILED, RETURNED, "採択", "不採択", "交付決定")
SESSION_LIFE = 180 * 60.0
ATTACKS = ("hidden", "decoy", "password", "offscreen", "overlay", "frame", "lookalike")


@dataclass
class PortalSession:
    """A browser that is signed in; `moved` is its last change of page, which keeps it alive."""

    account: str
    claims: dict[str, Any]
    csrf: str
    begun: float
    moved: float


@dataclass
class Attachment:
    """One file as it arrived."""

    name: str
    size: int
    sha256: str
    content_type: str


@dataclass
class PortalApplication:
    """One application: a draft until it is filed. `values` are kept by page."""

    id: str
    account: str
    corporation: str
    form: str
    edition: int
    begun: float
    status: str = DRAFT
    saved: float = 0.0
    filed: float = 0.0
    number: str = ""
    notice: str = ""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, list[Attachment]] = field(default_factory=dict)
    prefilled: dict[str, str] = field(default_factory=dict)
    history: list[list[str]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether it can still be changed."""
        return self.status in (DRAFT, RETURNED)

    def row(self) -> dict[str, Any]:
        """As the control API tells it: every value, every file's hash, times in the town."""
        told = asdict(self)
        for name in ("begun", "saved", "filed"):
            told[name] = time_text(from_seconds(told[name])) if told[name] else ""
        return told


@dataclass
class Switches:
    """What the control API can change: session life, wait of a control, editions, attacks."""

    session_seconds: float = SESSION_LIFE
    wait_ms: tuple[int, int] = (200, 1500)
    editions: dict[str, int] = field(default_factory=dict)
    attacks: list[str] = field(default_factory=list)


class PortalBook:
    """Everything the portal remembers; `changed` is called after an application changed."""

    def __init__(self, clock: TownClock, rng: Random) -> None:
        """An empty book."""
        self.clock = clock
        self.rng = rng
        self.sessions: dict[str, PortalSession] = {}
        self.applications: dict[str, PortalApplication] = {}
        self.serial = 0
        self.switches = Switches()
        self.changed: Callable[[], None] = lambda: None

    def open_session(self, account: str, claims: dict[str, Any]) -> str:
        """Remember a browser; gives the value of its cookie."""
        key, now = random_text(self.rng, 43), self.clock.seconds()
        self.sessions[key] = PortalSession(account, claims, random_text(self.rng, 43), now, now)
        return key

    def session(self, key: str) -> PortalSession | None:
        """The living session of a cookie; a dead one is forgotten."""
        session = self.sessions.get(key)
        if session and self.clock.seconds() >= session.moved + self.switches.session_seconds:
            del self.sessions[key]
            return None
        return session

    def draft(
        self, session: PortalSession, form: str, edition: int, prefilled: dict[str, str]
    ) -> PortalApplication:
        """Begin an application."""
        made = PortalApplication(
            id=f"a1B{random_text(self.rng, 12)}",
            account=session.account,
            corporation=str(session.claims.get("name", "")),
            form=form,
            edition=edition,
            begun=self.clock.seconds(),
            prefilled=prefilled,
        )
        self.applications[made.id] = made
        self.note(made, DRAFT)
        return made

    def of(self, account: str) -> list[PortalApplication]:
        """The applications of an account, newest first."""
        mine = [item for item in self.applications.values() if item.account == account]
        return list(reversed(mine))

    def save(self, application: PortalApplication, page: str, values: dict[str, Any]) -> None:
        """Keep one page's values."""
        application.values[page] = values
        application.saved = self.clock.seconds()
        self.changed()

    def attach(
        self, application: PortalApplication, name: str, file_name: str, data: bytes, kind: str
    ) -> Attachment:
        """Keep what there is to know of a file; its bytes are not kept."""
        held = Attachment(file_name, len(data), hashlib.sha256(data).hexdigest(), kind)
        application.files.setdefault(name, []).append(held)
        application.saved = self.clock.seconds()
        self.changed()
        return held

    def file(self, application: PortalApplication) -> str:
        """Take the application; gives its 受付番号, the old one when it was returned before."""
        application.number = application.number or self.next_number()
        application.filed = self.clock.seconds()
        self.note(application, FILED)
        return application.number

    def note(self, application: PortalApplication, status: str, notice: str = "") -> None:
        """Set the status and write it into the history."""
        application.status, application.notice = status, notice
        application.history.append([time_text(self.clock.now()), status])
        self.changed()

    def next_number(self) -> str:
        """A fresh 受付番号: RJ-, the year, eight digits, the Luhn digit of those twelve."""
        self.serial += 1
        year, serial = str(self.clock.now().year), f"{self.serial:08d}"
        return f"RJ-{year}-{serial}-{luhn(year + serial)}"

    def today(self) -> str:
        """The day in the town, `YYYY-MM-DD`."""
        return day_text(self.clock.now())

    def kept(self) -> dict[str, Any]:
        """Applications and the running number as plain data; sessions end with the town."""
        rows = [asdict(item) for item in self.applications.values()]
        return {"serial": self.serial, "applications": rows}

    def take_back(self, data: dict[str, Any]) -> None:
        """Restore from plain data."""
        self.serial = data["serial"]
        self.applications = {}
        for row in data["applications"]:
            row["files"] = {
                name: [Attachment(**item) for item in held] for name, held in row["files"].items()
            }
            self.applications[row["id"]] = PortalApplication(**row)

    def clear(self) -> None:
        """As on the first day; numbers go on, so that none is given twice."""
        self.sessions.clear()
        self.applications.clear()
        self.switches = Switches()
        self.changed()


def luhn(digits: str) -> int:
    """The check digit that makes `digits` followed by it pass the Luhn test."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        twice = int(sign) * (2 if place % 2 == 0 else 1)
        total += twice - 9 if twice > 9 else twice
    return -total % 10
