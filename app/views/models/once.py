"""Which cells of the open drafts were typed or chosen, and why; computed without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.facts.record import Blank

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.draft_parts import Cell

CHOSEN = ("choice", "choices", "yes_no")
FACT = "どこにもなかった値です。次の届からは書かずに入ります。"
ONLY_HERE = "この届だけがたずねる項目です。"
LEFT_BLANK = "空欄のままと決めました。"


@dataclass(frozen=True)
class OnceLine:
    """One cell a person filled: `how` is 入力, 選択 or 空欄, `why` says why nothing filled it."""

    field_id: str
    label: str
    value: str
    how: str
    why: str


@dataclass(frozen=True)
class OnceDraft:
    """One open draft: how many of its filled cells a person filled, and which."""

    draft_id: str
    procedure_id: str
    subject: str
    title: str
    typed: int
    filled: int
    percent: int
    lines: tuple[OnceLine, ...]


def once_drafts(desk: Any) -> tuple[OnceDraft, ...]:
    """The open drafts of a desk, as its list has them. Raises Known where one cannot be read."""
    return tuple(_draft(row, desk.draft(row.id).draft) for row in desk.drafts())


def sentence(drafts: Sequence[OnceDraft]) -> str:
    """How much came by itself, over all open drafts."""
    filled = sum(d.filled for d in drafts)
    typed = sum(d.typed for d in drafts)
    if not filled:
        return "書きかけの届に、まだ値が入っていません。"
    return f"{filled}か所のうち {filled - typed}か所は、書かずに入りました。"


def _draft(row: Any, draft: Draft) -> OnceDraft:
    once = draft.once_only
    return OnceDraft(
        row.id,
        row.procedure_id,
        row.subject,
        " ・ ".join(x for x in (row.title, row.subject_name) if x),
        once.typed,
        once.filled,
        once.percent,
        tuple(_line(c) for c in draft.cells() if c.filled and c.typed),
    )


def _line(cell: Cell) -> OnceLine:
    if isinstance(cell.value, Blank):
        return OnceLine(cell.field.id, cell.field.label, "空欄", "空欄", LEFT_BLANK)
    how = "選択" if cell.field.kind in CHOSEN else "入力"
    unit = cell.field.unit_label or ("円" if cell.field.kind == "yen" else "")
    value = f"{cell.text} {unit}".strip()
    return OnceLine(
        cell.field.id, cell.field.label, value, how, FACT if cell.fact_path else ONLY_HERE
    )
