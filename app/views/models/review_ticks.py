"""A reviewer's ticks: each is bound to the value it was set on and breaks when that value changes.

Ticks are kept with the draft's answers under names of their own, so that they are saved, undone by
nobody and forgotten with the draft; no field of a form has a dot in its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from app.domain.canonical import canonical_json
from app.domain.clock import Clock
from app.forms.checks import value_digest

if TYPE_CHECKING:
    from app.forms.draft_parts import Answer, Cell
    from app.views.models.seen import OpenDraft

PREFIX = "reviewed."
CODE = "reviewed"

TickState = Literal["", "ticked", "broken"]


class Ticks:
    """The ticks of one open draft."""

    def __init__(self, open_draft: OpenDraft, clock: Clock) -> None:
        self._open = open_draft
        self._clock = clock
        self._held: dict[str, Answer] = {
            key: answer
            for key, answer in open_draft.draft.answers.items()
            if key.startswith(PREFIX)
        }

    def state(self, cell: Cell) -> TickState:
        """Whether the cell is ticked, and whether its value is still the one that was read."""
        held = self._held.get(PREFIX + cell.field.id)
        if held is None or not held.accepted:
            return ""
        return "ticked" if held.accepted[-1].digest == digest_of(cell) else "broken"

    def who(self, cell: Cell) -> str:
        """Who set the tick; empty when there is none."""
        held = self._held.get(PREFIX + cell.field.id)
        return held.accepted[-1].by if held is not None and held.accepted else ""

    def set(self, cell: Cell, ticked: bool) -> None:
        """Set or take away a tick on what the cell says now."""
        from app.forms.draft_parts import Acceptance, Answer, Change

        key, now = PREFIX + cell.field.id, self._clock()
        person = self._open.draft.person
        seen = (Acceptance(CODE, person, now, digest_of(cell)),) if ticked else ()
        answer = Answer(key, accepted=seen, updated_at=now) if ticked else None
        if answer is None:
            self._held.pop(key, None)
        else:
            self._held[key] = answer
        self._open.apply(Change(key, answer))

    def count(self, cells: Iterable[Cell]) -> tuple[int, int]:
        """(ticked, in all) of the cells that leave the house."""
        seen = [c for c in cells if c.filled]
        return sum(self.state(c) == "ticked" for c in seen), len(seen)


def digest_of(cell: Cell) -> str:
    """What a tick is bound to: the value and the letters that leave the house."""
    return value_digest(cell.value, canonical_json([cell.sent_text]).decode("utf-8"))
