"""Which tables were taken in, and what each of them wrote: read from the origins of the records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.facts.catalogue import Catalogue
from app.facts.record import Blank, Origin, Record
from app.services.company_facts import fact_text
from app.services.social.table_preview import hidden
from app.services.social.taking_in import TakenIn
from app.store.meta import Meta

_FILES = "social:files"
_MOST = 200


@dataclass(frozen=True)
class TakenFile:
    """A table that was taken in: its name, digest and time, how many people it brought or changed."""

    digest: str
    name: str
    at: datetime
    rows: int
    bad_rows: int
    new: int
    changed: int
    records: int


@dataclass(frozen=True)
class WrittenCell:
    """One fact a table wrote: in which row it stood, about whom, under which name, and its text.

    `personal` facts are hidden on the screen until they are asked for; `stands` says whether it is
    still what counts.
    """

    row: int
    person: str = field(repr=False)
    label: str
    text: str = field(repr=False)
    personal: bool
    path: str
    stands: bool


def note_file(meta: Meta, digest: str, name: str, at: datetime, found: TakenIn) -> None:
    """Remembers that a table was taken in; the latest 200 are kept."""
    bad = found.rows - found.good_rows
    entry = {
        "digest": digest, "name": name, "at": at.isoformat(), "rows": found.rows, "bad_rows": bad,
        "new": found.new, "changed": found.changed, "records": len(found.records),
    }  # fmt: skip
    kept = [entry, *json.loads(meta.get(_FILES, "[]"))][:_MOST]
    meta.set(_FILES, json.dumps(kept, ensure_ascii=False))


def taken_files(meta: Meta) -> tuple[TakenFile, ...]:
    """The tables that were taken in, latest first."""
    return tuple(
        TakenFile(**{**entry, "at": datetime.fromisoformat(entry["at"])})
        for entry in json.loads(meta.get(_FILES, "[]"))
    )


def written_by(
    digest: str,
    at: datetime,
    records: Iterable[Record],
    counting: Iterable[Record],
    catalogue: Catalogue,
    names: dict[str, str],
) -> tuple[WrittenCell, ...]:
    """What the table taken in at `at` wrote, by its rows. `counting` are the records that count now,
    `names` the people by the key of their member."""
    stands = {record.id for record in counting}
    found: list[WrittenCell] = []
    for record in records:
        if record.origin is not Origin.BOOKS or record.locator.get("sha256") != digest:
            continue
        if record.recorded_at != at:
            continue
        known = catalogue.definition(record.path)
        value = record.value
        month = record.path[record.path.rindex("[") + 1 : -1] if known.series else ""
        found.append(
            WrittenCell(
                row=int(record.locator.get("row", "0")),
                person=names.get(record.path[10 : record.path.index("]")], ""),
                label=f"{known.label} {month}".strip(),
                text="空のまま" if isinstance(value, Blank) else fact_text(known, value),
                personal=hidden(known),
                path=record.path,
                stands=record.id in stands,
            )
        )
    return tuple(sorted(found, key=lambda cell: (cell.row, cell.path)))
