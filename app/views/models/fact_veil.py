"""One line that stands for the personal facts of a section until they are asked for.

The line is a field of its own kind on the sheet: it has a row, a place in the tab order and a badge
as the facts have, and it counts the gaps behind it, so that what is hidden never looks answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from app.facts.states import State
from app.views.models.form_face import BadgeFace, RowFace

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

VEIL: Final = "veil"
"""The kind of the line's field."""

OPEN: Final = frozenset(
    {"family_name", "given_name", "family_kana", "given_kana", "name", "kana",
     "former_name", "former_kana"}
)  # fmt: skip
"""The name a person goes by is personal, yet it is how the sheet is found: it stays in the open."""

_NAMED: Final = 2


def veil_field(section_id: str) -> Field:
    """The field of a section's line; its id is that of no fact."""
    from app.forms.procedure import Field

    checked = Field.model_validate(
        {"id": "veil", "kind": "text", "label": "個人の情報", "optional": True}
    )
    return checked.model_copy(update={"id": f"{VEIL}.{section_id}", "kind": VEIL})


def hidden_words(labels: Sequence[str]) -> str:
    """What is behind the line, by its first names: 性別・生年月日など 8か所."""
    named = "・".join(labels[:_NAMED])
    return named if len(labels) <= _NAMED else f"{named}など {len(labels)}か所"


def veil_cell(field: Field, cells: Iterable[Cell], *, unread: int, shown: bool) -> Cell:
    """The line as a cell: `text` names what is behind it, `note` is the
    line itself, with what is left to do there.

    `value` is the number of gaps: facts not known that a person can tell. `typed` is whether the facts are shown now.
    """
    from app.forms.draft_parts import Cell

    behind = list(cells)
    gaps = sum(not c.answered and not c.locked for c in behind)
    split = sum(str(c.state) == "conflicting" for c in behind)
    told = (
        (gaps, "まだ答えていない欄が {}か所あります。"),
        (split, "記録が食い違う欄が {}か所あります。"),
        (unread, "読めない入力が {}か所あります。"),
    )
    words = hidden_words([c.field.label for c in behind])
    left = "".join(sentence.format(count) for count, sentence in told if count)
    line = f"{words}を隠しています。{left}"
    return Cell(
        field=field,
        visible=True,
        value=gaps,
        text=words,
        sent_text=words,
        state=State.MISSING if gaps else State.CONFIRMED,
        origin=None,
        answered=not gaps,
        typed=shown,
        note="1分のあいだ手が動かなければ、また隠します。" if shown else line,
    )


def veil_face(cell: Cell) -> RowFace:
    """The badge counts the gaps behind the line."""
    word = f"まだ {cell.value}" if cell.value else "すべて回答"
    return RowFace(BadgeFace(word=word), "", cell.note, (), ())
