"""まとめて答える: the questions that are left, each asked once however many drafts want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.models.seen import OpenDraft


@dataclass(frozen=True)
class Question:
    """One gap. `serves` are the titles of the drafts its answer goes into."""

    open_draft: OpenDraft
    field_id: str
    key: str
    serves: tuple[str, ...]


def questions(drafts: Sequence[OpenDraft]) -> list[Question]:
    """Every gap of the drafts in the order of their forms; one fact is asked once."""
    found: dict[str, Question] = {}
    for open_draft in drafts:
        draft = open_draft.draft
        for field_id in draft.gaps():
            cell = draft.cell(field_id)
            key = cell.fact_path or f"{open_draft.id}:{field_id}"
            known = found.get(key)
            title = draft.procedure.title
            if known is None:
                found[key] = Question(open_draft, field_id, key, (title,))
            elif title not in known.serves:
                found[key] = Question(known.open_draft, known.field_id, key, (*known.serves, title))
    return list(found.values())
