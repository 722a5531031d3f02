"""What a filing through a portal seals: the values as they leave, and the files' fingerprints.

A portal takes no bytes from us: the person's own browser fills its pages. So the envelope is the
record of what was to be put in: canonical JSON (app.domain.canonical), a function of the cells
alone. The files themselves are documents of the vault; here are the names under which they leave.

    {"format":"ichido.snapshot.1","procedure":"chusho/jizokuka","edition":"…","round":"20",
     "capacity":"本人","fields":[{"id":"meisho","label":"名称","kind":"text","sent":"…"},
     {"id":"keihi","kind":"table","label":"…","rows":[{"kingaku":"120000"}]}],
     "attachments":[{"field":"kessan","name":"貸借対照表（…）.pdf","sha256":"…","size":1}]}

Fields stand in the order of the form; hidden ones are left out, one left blank on purpose is
{"blank": true}. Figures are in the unit of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.canonical import canonical_json
from app.facts.record import Blank
from app.forms.draft_parts import Cell
from app.forms.file_slots import files_of, leaving_name
from app.forms.procedure import Procedure
from app.forms.tables import rows_of_value

FORMAT = "ichido.snapshot.1"


def snapshot(procedure: Procedure, cells: Mapping[str, Cell], capacity: str) -> bytes:
    """The canonical bytes of a complete draft."""
    fields: list[dict[str, Any]] = []
    attachments: list[dict[str, Any]] = []
    for field in procedure.fields:
        cell = cells[field.id]
        if not cell.filled or cell.value is None:
            continue
        attachments += leaving_files(cell, cells)
        fields.append(_field(cell))
    chosen = cells[procedure.round_field].value if procedure.round_field else ""
    return canonical_json(
        {
            "format": FORMAT,
            "procedure": procedure.id,
            "title": procedure.title,
            "edition": procedure.edition,
            "round": str(chosen or ""),
            "capacity": capacity,
            "fields": fields,
            "attachments": attachments,
        }
    )


def leaving_files(cell: Cell, cells: Mapping[str, Cell]) -> list[dict[str, Any]]:
    """The files of a slot under the names they leave by; [] for any other cell."""
    if cell.field.kind != "file" or not cell.filled or not isinstance(cell.value, str):
        return []

    def text_of(field_id: str) -> str:
        other = cells.get(field_id)
        return other.sent_text if other is not None and other.filled else ""

    files = files_of(cell.value)
    return [
        {
            "field": cell.field.id,
            "name": leaving_name(cell.field, one, number, len(files), text_of),
            "sha256": one.sha256,
            "size": one.size,
        }
        for number, one in enumerate(files, start=1)
    ]


def _field(cell: Cell) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": cell.field.id, "label": cell.field.label, "kind": cell.field.kind,
    }  # fmt: skip
    if isinstance(cell.value, Blank):
        return {**said, "blank": True}
    if cell.field.kind == "table":
        return {**said, "rows": list(rows_of_value(cell.field, cell.sent_text))}
    if cell.field.kind == "file":
        return {**said, "files": [one.sha256 for one in files_of(cell.sent_text)]}
    return {**said, "sent": cell.sent_text}
