"""Parts of a cell's value as forms print and send them: era, year, month, day, groups, words."""

from __future__ import annotations

from datetime import date

from app.domain.era import to_wareki, wareki_text
from app.facts.record import Blank
from app.forms.convert import grouped
from app.forms.draft_parts import Cell

PARTS = ("", "era", "year", "month", "day", "western_year", "wareki", "month_day", "label",
         "1", "2", "3", "4", "5")  # fmt: skip


def part_text(cell: Cell, part: str) -> str:
    """One part of the cell as it leaves the house; "" where the cell is empty or has no such part.

    Era years and months carry no leading zero, as in the real samples; 元年 is 1.
    """
    value = cell.value
    if not cell.filled or value is None or isinstance(value, Blank):
        return ""
    if part == "":
        return cell.sent_text
    if isinstance(value, date):
        return _date_part(value, part)
    if part == "label":
        return cell.text
    if part.isdigit():
        pieces = grouped(cell.field, cell.sent_text) or tuple(cell.sent_text.split("-"))
        return pieces[int(part) - 1] if int(part) <= len(pieces) else ""
    return ""


def row_cell(cell: Cell, row: int, column: str) -> Cell | None:
    """The cell of a table's filled row (from 1); None where there is no such row, or it is hidden."""
    rows = cell.table.filled_rows if cell.table is not None and cell.visible else ()
    found = rows[row - 1].cells.get(column) if row <= len(rows) else None
    return found if found is not None and found.visible else None


def _date_part(day: date, part: str) -> str:
    if part == "western_year":
        return str(day.year)
    if part == "month":
        return str(day.month)
    if part == "day":
        return str(day.day)
    if part == "month_day":
        return f"{day.month}月{day.day}日"
    if part == "wareki":
        return wareki_text(day)
    era = to_wareki(day)
    return {"era": era.era.name, "year": str(era.year)}.get(part, "")
