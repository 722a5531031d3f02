"""Drafts put aside: out of the way, to be had back, until somebody clears them away for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.clock import JST
from app.store.drafts import Drafts


@dataclass(frozen=True)
class AsideLine:
    """One draft that was put aside; `at` says when."""

    id: str
    title: str
    subject_name: str
    at: datetime


class PutAside:
    """The drafts put aside of one open company. Raises Known."""

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self._drafts = Drafts(desk.vault)

    def lines(self) -> Sequence[AsideLine]:
        """Those put aside, the one put aside last first."""
        procedures = {entry.id: entry for entry in self._desk.procedures()}
        found = []
        for row in self._drafts.list(discarded=True):
            entry = procedures.get(row.procedure_id)
            people = entry.subject if entry is not None and row.subject else ""
            names = {m.key: m.name for m in self._desk.members(people)} if people else {}
            title = entry.title if entry is not None else row.procedure_id
            at = (row.discarded_at or row.updated_at).astimezone(JST)
            found.append(AsideLine(row.id, title, names.get(row.subject, ""), at))
        return sorted(found, key=lambda line: line.at, reverse=True)

    def put(self, draft_id: str) -> None:
        """Puts a draft aside; what is being typed is kept first."""
        self._desk.keep()
        self._drafts.discard(draft_id)

    def back(self, draft_id: str) -> None:
        """Brings it back among the drafts."""
        self._drafts.restore(draft_id)
