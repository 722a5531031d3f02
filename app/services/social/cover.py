"""The covering form (総括票) of a pension-office file, filled from the company's facts.

It is a draft that lives for one preparing or sealing only: every answer in it is a fact of the
company, or is read off the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.characters import PROFILES, bad_characters
from app.domain.clock import Clock
from app.facts.graph import Graph
from app.forms.convert import sent
from app.forms.draft import Draft
from app.forms.payload import Attachment
from app.forms.procedure import Procedure

CSV_TITLE = "届書ＣＳＶファイル"
SHEET_TITLE, SHEET_NAME = "文字の置きかえの説明", "文字の説明.pdf"
_COUNT, _CONSULTANT = "kensuu", "sharoushi"


def cover_of(
    procedure: Procedure,
    graph: Graph,
    day: date,
    clock: Clock,
    *,
    person: str = "",
    count: int = 1,
    consultant: str = "",
    accepted: Mapping[str, str] | None = None,
) -> Draft:
    """The covering form for a file of `count` data records.

    Letters that the company has accepted substitutes for leave as the first lawful one.
    """
    draft = Draft(procedure, graph, "", {}, day, clock, person)
    draft.answer(_COUNT, str(count))
    if consultant:
        draft.answer(_CONSULTANT, consultant)
    for cell in draft.cells():
        if cell.field.profile and _replaceable(
            sent(cell.field, cell.value), cell.field.profile, accepted or {}
        ):
            draft.substitute(cell.field.id)
    return draft


def _replaceable(text: str, profile: str, accepted: Mapping[str, str]) -> bool:
    bad = bad_characters(text, PROFILES[profile])
    return bool(bad) and all(b.character in accepted and b.substitutes for b in bad)


def cover_reasons(draft: Draft) -> list[str]:
    """What is missing or stands to be put right in a covering form, as sentences."""
    missing = [draft.procedure.field(i).label for i in draft.gaps()]
    found = []
    if missing:
        found.append(f"「会社」の事実に、{'・'.join(missing)}がありません。")
    for problem in draft.problems():
        label = draft.procedure.field(problem.field_id).label
        found.append(f"総括票の「{label}」: {problem.sentence}")
    return found


def used_of(draft: Draft) -> tuple[tuple[str, str], ...]:
    """The filled cells that leave (label, text)."""
    return tuple((c.field.label, c.text) for c in draft.cells() if c.filled and c.text)


def csv_attachment(name: str, content: bytes) -> Attachment:
    """The file itself as it goes along."""
    return Attachment(CSV_TITLE, name, content)
