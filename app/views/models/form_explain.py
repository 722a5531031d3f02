"""What 「この値はどこから」 says of a cell, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.facts.record import Blank
from app.views.models.form_face import BadgeFace, moment_text, row_face

if TYPE_CHECKING:
    from app.facts.record import Record
    from app.forms.draft import Draft
    from app.forms.draft_parts import Cell


@dataclass(frozen=True)
class ExplainFace:
    """The right pane for one cell. `tree` is the Explanation whose children are worth showing."""

    name: str
    value: str
    badge: BadgeFace
    sentence: str
    source: str = ""
    law: str = ""
    tree: Any = None


def explain_face(draft: Draft, cell: Cell, who: str) -> ExplainFace:
    """Why the cell holds what it holds; `who` names the person the form is about, or nothing."""
    name = f"{who} ・ {cell.field.label}" if who and draft.procedure.subject else cell.field.label
    badge = row_face(cell).badge
    if not cell.answered:
        told = cell.field.where or cell.field.help
        return ExplainFace(name, cell.text or "−", badge, f"まだ答えていません。{told}")
    if isinstance(cell.value, Blank):
        return ExplainFace(name, "空欄", badge, "空欄のまま送ると決めました。")
    value = _with_unit(cell)
    explanation = _explanation(draft, cell)
    if explanation is None:
        return ExplainFace(name, value, badge, _own_sentence(draft, cell))
    law = " ・ ".join(str(x) for x in (explanation.law, explanation.parameter) if x)
    tree = explanation if explanation.children else None
    source = "" if tree is not None else record_line(cell.record)
    sentence = explanation.sentence or _own_sentence(draft, cell)
    return ExplainFace(name, value, badge, sentence, source, law, tree)


def _explanation(draft: Draft, cell: Cell) -> Any:
    if not cell.fact_path:
        return None
    fact = draft.graph.fact(cell.fact_path)
    if fact.value is None or fact.value != cell.value:
        return None
    return draft.graph.explain(cell.fact_path)


def _own_sentence(draft: Draft, cell: Cell) -> str:
    """The reason of a value that is no fact of its own: typed here, or the form's own default."""
    answer = draft.answers.get(cell.field.id)
    if cell.typed:
        at = answer.updated_at if answer is not None else None
        when = f"{moment_text(at)} に、" if isinstance(at, datetime) else ""
        return f"{when}{draft.person}さんがこの届に入れました。"
    for default in cell.field.defaults:
        if default.fact:
            label = draft.graph.catalogue.definition(default.fact).label
            return f"「{label}」から仮に置きました。確かめてください。"
        if default.today:
            return "届け出る日です。きょうの日付が入ります。"
    if cell.table is not None and cell.field.is_fixed and cell.field.help:
        return cell.field.help
    if cell.field.calc:
        return f"ほかの欄から計算した値です。{cell.field.help}"
    return "この様式の決まりで入る値です。"


def record_line(record: Record | None) -> str:
    """Where a record stands: source and day, in one line."""
    if record is None:
        return ""
    place = record.locator
    where = place.get("title") or place.get("file") or place.get("document") or ""
    row = place.get("row", "")
    day = record.valid_from or record.recorded_at.date()
    words = [where, f"{row}行め" if row else "", f"{day.year}年{day.month}月{day.day}日"]
    return "  ".join(word for word in words if word)


def _with_unit(cell: Cell) -> str:
    unit = cell.field.unit_label or ("円" if cell.field.kind == "yen" else "")
    return f"{cell.text} {unit}".strip()
