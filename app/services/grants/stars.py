"""The grants a company has marked, kept in its vault with title and deadline as they were then."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from app.domain.clock import JST

if TYPE_CHECKING:
    from app.store.meta import Meta

_PLACE: Final = "grants.starred"
_FAR: Final = datetime.max.replace(tzinfo=JST)


@dataclass(frozen=True)
class Star:
    """A marked grant; `ends` is None where no deadline is told."""

    key: str
    title: str
    ends: datetime | None

    @property
    def last_day(self) -> date | None:
        """The day of the deadline in Japan."""
        return self.ends.astimezone(JST).date() if self.ends else None


class Stars:
    """Reads and writes the marks; any thread may."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def list(self) -> list[Star]:
        """The marked grants, the next deadline first."""
        kept = json.loads(self._meta.get(_PLACE) or "[]")
        stars = [
            Star(key, title, datetime.fromisoformat(ends) if ends else None)
            for key, title, ends in kept
        ]
        return sorted(stars, key=lambda star: (star.ends or _FAR, star.title))

    def keep(self, stars: Sequence[Star]) -> None:
        """Writes the whole list."""
        told = [[s.key, s.title, s.ends.isoformat() if s.ends else ""] for s in stars]
        self._meta.set(_PLACE, json.dumps(told, ensure_ascii=False))
