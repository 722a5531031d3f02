"""What the form page shows, computed from a draft without Qt: sections, things to fix, widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

Mode = Literal["wide", "medium", "narrow"]

WIDE = 1280
MEDIUM = 1120


def mode_of(window_width: int) -> Mode:
    """Three columns, a tab on the right, or a bar and a drawer (LOOK section 2); logical pixels."""
    if window_width >= WIDE:
        return "wide"
    return "medium" if window_width >= MEDIUM else "narrow"


@dataclass(frozen=True)
class SectionLine:
    """One row of the sections column. `part` is the share done, 0 to 1."""

    id: str
    title: str
    note: str
    fix: str
    part: float
    state: Literal["empty", "part", "complete", "error"]

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return "、".join(x for x in (self.title, self.note, self.fix) if x)


def section_line(draft: Draft, section_id: str) -> SectionLine:
    """The row of one section, from the draft's own count."""
    number, label = next(
        (n, s.label) for n, s in enumerate(draft.procedure.sections, start=1) if s.id == section_id
    )
    progress = draft.section_progress(section_id)
    if progress.to_fix:
        state = "error"
    elif progress.done >= progress.total:
        state = "complete"
    else:
        state = "part" if progress.done else "empty"
    return SectionLine(
        section_id,
        f"{number} {label}",
        f"{progress.done} / {progress.total}" if progress.total else "ありません",
        f"直す {progress.to_fix}" if progress.to_fix else "",
        progress.done / progress.total if progress.total else 1.0,
        state,  # type: ignore[arg-type]
    )


def review_line(draft: Draft) -> SectionLine:
    """The last row of the column, 確かめる: what still stands between the draft and the door."""
    left = left_to_do(draft)
    number = len(draft.procedure.sections) + 1
    note = f"あと {left}か所" if left else "送れます"
    state: Literal["empty", "part"] = "empty" if left else "part"
    return SectionLine("", f"{number} 確かめる", note, "", 0.0 if left else 1.0, state)


def left_to_do(draft: Draft) -> int:
    """How many fields still need an answer or a correction; a field counts once."""
    return len({*draft.gaps(), *(p.field_id for p in draft.problems() if p.open)})


def needs_hand(cell: Cell) -> bool:
    """Whether F8 stops here: a problem nobody has settled."""
    return cell.visible and any(p.open for p in cell.problems)


def next_to_fix(cells: Sequence[Cell], current: str, step: Literal[1, -1]) -> str:
    """The next (or previous) field to fix after `current`, going round; empty when none.

    When nothing is wrong, the fields not yet answered are visited instead.
    """
    order = [c.field.id for c in cells]
    wrong = [c.field.id for c in cells if needs_hand(c)]
    wanted = set(wrong or [c.field.id for c in cells if is_open(c)])
    if not wanted:
        return ""
    start = order.index(current) if current in order else (-1 if step == 1 else len(order))
    for distance in range(1, len(order) + 1):
        candidate = order[(start + step * distance) % len(order)]
        if candidate in wanted:
            return candidate
    return ""


def is_open(cell: Cell) -> bool:
    """Whether the cell must be answered and is not."""
    return cell.visible and not cell.field.optional and not cell.answered


def is_short(field: Field) -> bool:
    """Whether the field's box is narrow: dates, numbers, and a few letters."""
    if field.kind in ("text", "person_name", "kana", "long_text", "address", "email"):
        return field.kind in ("text", "kana") and field.max_length <= 8
    return field.kind not in ("choice", "choices", "yes_no")


def unit_of(field: Field) -> str:
    """The counter that stands outside the box; empty for fields without one."""
    return field.unit_label or ("円" if field.kind == "yen" and field.unit == 1 else "")


def head_words(draft: Draft, mode: Mode) -> tuple[str, str]:
    """What stands above the form: its deadline, and whether it can be sent (for a screen reader)."""
    due = draft.due()
    until = f"{due.month}月{due.day}日まで" if due else ""
    state = "下書き" if mode != "narrow" else ""
    left = left_to_do(draft)
    return " ・ ".join(x for x in (state, until) if x), f"あと {left}か所" if left else "送れます"
