"""From the entries of one portal page to what the filler takes, control by control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.forms.portal import Page
from app.forms.portal_entries import Entry
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
    last = _last_rows(entries)
    for entry in entries:
        row = (_table(entry), entry.place)
        put = put_of(entry, page, files(entry))
        if row in begun:
            put = replace(put, add="")
        elif put.add:
            begun.add(row)
        puts.append(replace(put, last=True) if entry.key in last else put)
    return puts


def _table(entry: Entry) -> str:
    return entry.control.rows_of or entry.field_id


def _once_a_row(entry: Entry) -> bool:
    control = entry.control
    return bool((control.column or control.rows_of) and not control.row)


def _last_rows(entries: Sequence[Entry]) -> set[str]:
    """The key of one written control in the last row of each table whose rows share their names."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if not entry.several or entry.control.kind not in ("text", "choice"):
            continue
        best = found.get(_table(entry))
        if best is None or (entry.place, entry.control.kind == "text") > (
            best.place,
            best.control.kind == "text",
        ):
            found[_table(entry)] = entry
    return {entry.key for entry in found.values()}


def put_of(entry: Entry, page: Page, files: Sequence[tuple[str, str, bytes]] = ()) -> Put:
    """One entry as the filler takes it, with the bytes of its files."""
    control = entry.control
    rows = next((r for r in page.rows if r.field == _table(entry)), None)
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
        add=rows.add if rows and _once_a_row(entry) else "",
        add_within=rows.within if rows else "",
        guard=entry.guard,
    )


def known_of(page: Page) -> list[tuple[str, str]]:
    """Label and selector of every control of a page, filled or not."""
    return [(control.label, control.selector) for control in page.controls]
