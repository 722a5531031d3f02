"""From the entries of one portal page to what the filler takes, control by control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.forms.portal import Entry, Page
from app.views.portal_fill import Put


def puts_of(
    entries: Sequence[Entry],
    page: Page,
    files: Callable[[Entry], Sequence[tuple[str, str, bytes]]],
) -> list[Put]:
    """What the filler takes for one page. Only the first value of a row may add that row: the
    other columns of a new row come late, and one that is waited for must not add another."""
    begun: set[tuple[str, int]] = set()
    puts: list[Put] = []
    for entry in entries:
        put = put_of(entry, page, files(entry))
        puts.append(replace(put, add="") if (entry.field_id, entry.row) in begun else put)
        if entry.several:
            begun.add((entry.field_id, entry.row))
    return puts


def put_of(entry: Entry, page: Page, files: Sequence[tuple[str, str, bytes]] = ()) -> Put:
    """One entry as the filler takes it, with the bytes of its files."""
    control = entry.control
    rows = next((r for r in page.rows if r.field == entry.field_id), None)
    within = control.within or (rows.within if rows else "")
    # Rows that are there already bear the same name: then the first is the first row's, not unclear.
    nth = control.nth or int(entry.several)
    return Put(
        entry.key,
        control.kind,
        control.label,
        control.selector,
        within,
        nth,
        entry.row,
        entry.text,
        entry.on,
        tuple(files),
        add=rows.add if rows and entry.several else "",
        add_within=rows.within if rows else "",
        guard=entry.guard,
    )
