"""A form that nobody drew, printed section by section: every field, tables as tables, texts in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from app.domain.era import wareki_text
from app.facts.record import Blank
from app.forms.convert import decimal_text
from app.forms.draft_parts import Cell
from app.forms.fields import NUMBERS, Field
from app.forms.pdf import Sheet
from app.forms.printing import Flow, PrintedRow
from app.forms.procedure import Procedure
from app.forms.tables import Table, sums_of

_WIDTHS = {
    "yen": 3.0, "integer": 2.0, "percent": 2.0, "decimal": 2.0, "date": 3.0, "choice": 4.0,
    "yes_no": 2.0,
}  # fmt: skip


def print_sections(
    procedure: Procedure, cells: Iterable[Cell], practice: bool, fonts: Path
) -> bytes:
    """The form over as many A4 pages as it takes, what is hidden left out.

    Raises:
        FontMissing: the bundled font is not in `fonts`.
    """
    by_id = {cell.field.id: cell for cell in cells}
    flow = Flow(Sheet(fonts, procedure.title, practice=practice))
    flow.lines(procedure.title, 15, bold=True, after=1)
    flow.lines(f"{procedure.authority}　{procedure.edition}", 8, after=2)
    for section in procedure.sections:
        shown = [by_id[f.id] for f in section.fields if by_id[f.id].visible]
        if not shown:
            continue
        flow.heading(section.label)
        for cell in shown:
            _print(flow, cell)
    return flow.finish()


def _print(flow: Flow, cell: Cell) -> None:
    field = cell.field
    if cell.table is not None and cell.table.filled_rows:
        flow.lines(field.label, 9, bold=True, after=1)
        _table(flow, field, cell.table)
    elif field.kind == "long_text" and cell.filled:
        flow.lines(field.label, 9, bold=True)
        flow.lines(cell.sent_text, 9, after=3)
    elif field.kind == "consent":
        agreed = set(cell.sent_text.split(","))
        flow.lines(field.label, 9, bold=True)
        for value, word in field.choices:
            flow.lines(f"{'■' if value in agreed else '□'} {word}", 8)
        flow.lines("", 3)
    else:
        flow.row(PrintedRow(field.label, said(cell)))


def said(cell: Cell) -> str:
    """The text of a cell on paper, with its unit."""
    if not cell.filled:
        return ""
    if isinstance(cell.value, Blank):
        return "（空欄）"
    if isinstance(cell.value, date):
        return f"{wareki_text(cell.value)}（{cell.sent_text}）"
    return f"{cell.text}{unit_of(cell.field)}"


def unit_of(field: Field) -> str:
    """What stands behind a number: its own word, or the unit of yen."""
    if field.unit_label or field.kind != "yen":
        return field.unit_label
    return {1: "円", 1000: "千円", 10000: "万円", 1000000: "百万円"}[field.unit]


def _table(flow: Flow, field: Field, table: Table) -> None:
    columns = list(field.columns)
    if field.transposed:
        rows = table.filled_rows
        lines = [[_headed(c), *(row.cells[c.id].text for row in rows)] for c in columns]
        shown = [line for line in lines if any(line[1:])]
        head = ["", *(row.label for row in rows)]
        flow.table([6.0, *([3.0] * len(rows))], [head, *shown], set(range(1, len(rows) + 1)))
        return
    named = bool(field.is_fixed)
    widths = ([3.0] if named else []) + [_WIDTHS.get(c.kind, 6.0) for c in columns]
    head = ([""] if named else []) + [_headed(c) for c in columns]
    body = [
        ([row.label] if named else []) + [row.cells[c.id].text for c in columns]
        for row in table.filled_rows
    ]
    sums = sums_of(field, table)
    if sums:
        foot = [_sum(c, sums) for c in columns]
        at = 0 if named or not foot[0] else next((n for n, t in enumerate(foot) if not t), 0)
        foot = ([""] if named else []) + foot
        foot[at] = foot[at] or "合計"
        body.append(foot)
    first = int(named)
    right = {n + first for n, c in enumerate(columns) if c.kind in NUMBERS}
    flow.table(widths, [head, *body], right)


def _headed(column: Field) -> str:
    unit = unit_of(column)
    return f"{column.label}（{unit}）" if unit else column.label


def _sum(column: Field, sums: dict[str, object]) -> str:
    value = sums.get(column.id)
    if not isinstance(value, int):
        return "" if value is None else decimal_text(value, column)  # type: ignore[arg-type]
    return f"{value // column.unit:,}"
