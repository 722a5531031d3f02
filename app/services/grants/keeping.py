"""Keeping the published grants: a first copy that is shipped, and refreshes that fetch what changed.

The list is the whole: the API has no "all", so several broad keywords are asked and joined by id.
Details follow only where they can matter (a grant that is or will be open, or that somebody starred
or opened) and only when the list record is another one than the detail was fetched for. What was
fetched is kept at once, so a refresh that was stopped, or lost its line, goes on where it was.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.domain.clock import Clock
from app.domain.errors import DoorFault, Known, Refused, Unreachable
from app.domain.grant import Grant, GrantDetail, GrantSource
from app.store.public_data import PublicData

if TYPE_CHECKING:
    from app.services.connectors.jgrants import JGrants

_ALWAYS: Final[tuple[str, ...]] = ()
_TRIES: Final = 6  # times a door that is busy is asked again
_SLICE: Final = 0.25  # seconds between two looks at `stop` while waiting
_IN_A_ROW: Final = 5  # details that fail one after the other before the door is left in peace
_SHIPPED: Final = "mirasapo"
REFRESHED: Final = "jgrants_refreshed"
ATTACHMENT: Final = "grant_attachment"
"""The kind under which a publisher's file lies in the document store."""

_T = TypeVar("_T")
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


class Keeper(Protocol):
    """The document store of a vault, as far as it is needed here (app.store.documents)."""

    def keep(
        self, name: str, content: bytes, kind: str, filing_id: str = "", verdict: str = ""
    ) -> str:
        """Keeps a document and gives its id."""


@dataclass(frozen=True)
class RefreshReport:
    """What one refresh did.

    `new` and `changed` are keys; `detailed` counts details that were fetched; `failed` are keys
    whose detail did not come (the list record and the portal's page remain). `fault` is the
    sentence of what ended it early, "" when it went to its end; what was fetched is kept anyway.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    seen: int = 0
    detailed: int = 0
    failed: tuple[str, ...] = ()
    stopped: bool = False
    fault: str = ""
    at: datetime | None = None


@dataclass
class _Work:
    progress: Progress
    stop: Stop
    seen: dict[str, Grant] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    detailed: int = 0


class _Stopped(Exception):
    pass


class GrantKeeping:
    """The kept copy and where it comes from.

    `wanted` gives the keys that are starred or opened; `shipped` is the archive of ミラサポplus that
    came with the program; `pause` waits (seconds). All calls but `last_refreshed` belong off the
    window's thread.
    """

    def __init__(
        self,
        public: PublicData,
        connector: JGrants,
        clock: Clock,
        *,
        shipped: Path | None = None,
        wanted: Callable[[], Collection[str]] = lambda: _ALWAYS,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._public = public
        self._connector = connector
        self._clock = clock
        self._shipped = shipped
        self._wanted = wanted
        self._pause = pause

    def take_shipped(self) -> int:
        """Puts the shipped schemes into the copy, once for each archive; gives how many are new.

        Raises BadInput when the archive cannot be read, PublicFault.
        """
        return take_shipped(self._public, self._shipped, self._clock) if self._shipped else 0

    def last_refreshed(self) -> datetime | None:
        """When Jグランツ was last asked for everything, None when never."""
        text = self._public.note(REFRESHED)
        return datetime.fromisoformat(text) if text else None

    def refresh(
        self, progress: Progress, stop: Stop, *, only_wanted: bool = False
    ) -> RefreshReport:
        """Fetches what changed; `progress(done, total)` counts requests, `stop()` ends it early.

        A detail comes with all its files, often megabytes: `only_wanted` fetches those of starred
        and opened grants alone, for a line that is slow or paid by the byte.

        A fault of the door ends it and stands in the report. Raises PublicFault.
        """
        work = _Work(progress, stop)
        fault, stopped = "", False
        try:
            self._lists(work)
            self._details(work, only_wanted)
            self._public.set_note(REFRESHED, self._clock().isoformat())
        except _Stopped:
            stopped = True
        except DoorFault as problem:
            fault = problem.sentence
        return RefreshReport(
            tuple(work.new), tuple(work.changed), len(work.seen), work.detailed,
            tuple(work.failed), stopped, fault, self._clock(),
        )  # fmt: skip

    def refresh_one(self, key: str) -> GrantDetail:
        """Fetches one grant again and gives what is kept now. A shipped scheme is given as it is.

        Raises DoorFault (what was kept stays), Known when the key is not kept, PublicFault.
        """
        source, _, ident = key.partition(":")
        if source == GrantSource.JGRANTS:
            self._public.put_detail(self._connector.detail(ident), self._clock())
        found = self._public.detail(key)
        if found is None:
            raise Known(
                "grant-unknown", "この支援は手元の写しにありません。一覧を取り直してください。"
            )
        return found

    def save_file(self, key: str, kind: str, name: str, documents: Keeper) -> str:
        """Fetches a publisher's file into a vault's documents and gives the document's id.

        It is decoded while it comes; only the file itself is held, never the answer around it.

        Raises Refused (gone, or larger than 50 MB), DoorFault, VaultFault.
        """
        source, _, ident = key.partition(":")
        if source != GrantSource.JGRANTS:
            raise Refused(
                "attachment-gone", "この支援には添付がありません。リンクから見てください。"
            )
        content = io.BytesIO()
        self._connector.file(ident, kind, name, content)
        return documents.keep(_file_name(name), content.getvalue(), ATTACHMENT)

    # --- steps of a refresh

    def _lists(self, work: _Work) -> None:
        from app.services.connectors.jgrants import KEYWORDS

        for number, keyword in enumerate(KEYWORDS):
            work.progress(number, len(KEYWORDS))
            found = self._patiently(work, partial(self._list, keyword))
            fresh = [grant for grant in found if grant.key not in work.seen]
            changes = self._public.put(fresh, self._clock())
            work.new += changes.new
            work.changed += changes.changed
            work.seen.update((grant.key, grant) for grant in fresh)
        work.progress(len(KEYWORDS), len(KEYWORDS))

    def _list(self, keyword: str) -> list[Grant]:
        return list(self._connector.list(keyword))

    def _details(self, work: _Work, only_wanted: bool) -> None:
        from app.services.connectors.jgrants import KEYWORDS

        keys = self._to_detail(work, only_wanted)
        begun, in_a_row = len(KEYWORDS), 0
        for number, key in enumerate(keys):
            work.progress(begun + number, begun + len(keys))
            ident = key.partition(":")[2]
            try:
                detail = self._patiently(work, partial(self._connector.detail, ident))
            except Unreachable:
                raise
            except DoorFault as fault:
                work.failed.append(key)
                in_a_row = 0 if isinstance(fault, Refused) else in_a_row + 1
                if in_a_row >= _IN_A_ROW:
                    raise
                continue
            in_a_row = 0
            self._public.put_detail(detail, self._clock())
            work.detailed += 1
        work.progress(begun + len(keys), begun + len(keys))

    def _to_detail(self, work: _Work, only_wanted: bool) -> list[str]:
        """The keys whose detail is wanted and old, by the nearest deadline."""
        now, wanted = self._clock(), set(self._wanted())
        open_ones = () if only_wanted else work.seen.values()
        mine = [g for g in open_ones if g.key not in wanted and (g.ends is None or g.ends >= now)]
        far = max((g.ends for g in mine if g.ends), default=now)
        mine.sort(key=lambda g: g.ends or far)
        first = sorted(k for k in wanted if k.startswith(f"{GrantSource.JGRANTS}:"))
        keys = [*first, *(g.key for g in mine)]
        return [key for key in keys if not self._public.detail_is_current(key)]

    def _patiently(self, work: _Work, ask: Callable[[], _T]) -> _T:
        """Asks; waits as long as a busy door wants (2, 5, 10 seconds), looking at `stop` meanwhile."""
        from app.services.wire import Busy

        for left in reversed(range(_TRIES)):
            if work.stop():
                raise _Stopped
            try:
                return ask()
            except Busy as busy:
                if not left:
                    raise
                for part in _slices(float(busy.seconds)):
                    self._pause(part)
                    if work.stop():
                        raise _Stopped from None
        raise AssertionError


def _slices(seconds: float) -> Iterator[float]:
    while seconds > 0:
        yield min(_SLICE, seconds)
        seconds -= _SLICE


def _file_name(name: str) -> str:
    """A publisher's file name without what could lead out of a folder."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", name).strip(" .")
    return plain[-120:] or "添付"


def take_shipped(public: PublicData, shipped: Path, clock: Clock) -> int:
    """Puts the schemes that came with the program into a copy, once for each archive; no door is asked.

    Gives how many are new. Raises BadInput when the archive cannot be read, PublicFault.
    """
    from app.services.connectors.mirasapo import read_schemes

    content = shipped.read_bytes()
    mark = hashlib.sha256(content).hexdigest()
    if public.note(_SHIPPED) == mark:
        return 0
    changes = public.put(read_schemes(content), clock())
    public.set_note(_SHIPPED, mark)
    return len(changes.new)
