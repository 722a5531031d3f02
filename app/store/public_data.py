"""Grants and support schemes as they were last published, kept on this machine for all companies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.domain.clock import Clock, system_clock
from app.domain.grant import Grant, GrantChange, GrantDetail, GrantQuery
from app.store.cipher import Connection
from app.store.public_file import PublicFault, PublicFile
from app.store.public_rows import (
    DETAIL_FIELDS,
    SHOWN_FIELDS,
    area_bits,
    at,
    detail_blob,
    detail_of,
    folded_text,
    grant_of,
    grant_text,
    merged,
    people,
    seconds,
    spoken,
)
from app.store.public_search import (
    EVERY_TERM,
    Found,
    Search,
    first_id,
    first_id_of,
    free_id,
    pairs_of,
)

__all__ = ["Changes", "Found", "PublicData", "PublicFault"]

_MOST_TERMS: Final = 62
_LONGEST_TOLD: Final = 20_000  # letters of one side of a change
_CHANGES_KEPT: Final = 200


@dataclass(frozen=True)
class Changes:
    """What a `put` brought: keys that are new, changed, and as they were."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kept:
    ident: int
    shown: str
    listed: str | None
    detail: bytes | None


class PublicData:
    """The kept copy at `path`. It may be used from any thread; several programs may share the file.

    Raises PublicFault for foreseen faults: public_busy, public_disk_full, public_damaged, …
    """

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        self._file = PublicFile(path, clock)
        self._clock = clock
        self._turn = threading.Lock()
        self._cached: tuple[int, list[Grant]] | None = None

    @property
    def notice(self) -> str:
        """What was repaired at opening, in a sentence for a person; "" when nothing was."""
        return self._file.notice

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    # --- writing

    def put(self, records: Iterable[Grant | GrantDetail], seen_at: datetime) -> Changes:
        """Keeps records of a list (or whole details) as published at `seen_at`, all or none.

        What a record does not tell stays as a detail told it before. A record that is not among
        them stays: that a list lacks it proves nothing.
        """
        new: list[str] = []
        changed: list[str] = []
        same: list[str] = []
        with self._file.writing() as connection:
            terms = _Terms(connection)
            # The index writes its rows fastest in their order.
            for record in sorted(records, key=_by_deadline):
                outcome = self._put_one(connection, terms, record, seen_at)
                listed = record.grant if isinstance(record, GrantDetail) else record
                {"new": new, "changed": changed, "same": same}[outcome].append(listed.key)
            if new or changed:
                _grow(connection)
        return Changes(tuple(new), tuple(changed), tuple(same))

    def put_detail(self, detail: GrantDetail, seen_at: datetime) -> bool:
        """Keeps a detail; True when it differs from what was kept."""
        return not self.put((detail,), seen_at).same

    def _put_one(
        self,
        connection: Connection,
        terms: _Terms,
        record: Grant | GrantDetail,
        seen_at: datetime,
    ) -> str:
        detail = record if isinstance(record, GrantDetail) else None
        listed = None if isinstance(record, GrantDetail) else record
        told = record.grant if isinstance(record, GrantDetail) else record
        stamp = seconds(seen_at)
        assert stamp is not None
        kept = _kept(connection, told.key)
        blob = detail_blob(detail) if detail is not None else None
        text = grant_text(listed) if listed is not None else None
        if kept is not None and (blob == kept.detail if detail else text == kept.listed):
            connection.execute("UPDATE grants SET seen_at = ? WHERE id = ?", (stamp, kept.ident))
            if detail is not None:
                _mark_detailed(connection, kept.ident, kept.listed)
            return "same"
        before = grant_of(kept.shown) if kept else None
        old_detail = detail_of(kept.detail) if kept and kept.detail else None
        if listed is None and kept is not None and kept.listed is not None:
            listed, text = grant_of(kept.listed), kept.listed
        if detail is None and old_detail is not None:
            detail, blob = old_detail, kept.detail if kept else None
        shown = merged(listed, detail.grant if detail else None)
        ident = kept.ident if kept else None
        ident = _write(connection, terms, ident, shown, text, blob, stamp, detail)
        if isinstance(record, GrantDetail):
            _mark_detailed(connection, ident, text)
        if before is None:
            return "new"
        fresh = detail if isinstance(record, GrantDetail) else None
        _tell(connection, stamp, _differences(before, shown, old_detail, fresh))
        return "changed"

    # --- reading

    def get(self, key: str) -> Grant | None:
        """One grant as it is shown in lists, None when it is not kept."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT shown FROM contents JOIN grants USING (id) WHERE key = ?", (key,)
            ).fetchone()
        return grant_of(row[0]) if row else None

    def get_many(self, keys: Iterable[str]) -> list[Grant]:
        """The grants of a page, in the order of the keys; those that are not kept are left out."""
        found = (self.get(key) for key in keys)
        return [grant for grant in found if grant is not None]

    def detail(self, key: str) -> GrantDetail | None:
        """The detail with the grant as it is shown; None when no detail is kept (yet)."""
        with self._file.reading() as connection:
            kept = _kept(connection, key)
        if kept is None or kept.detail is None:
            return None
        return replace(detail_of(kept.detail), grant=grant_of(kept.shown))

    def detail_is_current(self, key: str) -> bool:
        """Whether the kept detail was fetched for the list record that is kept now."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT detail IS NOT NULL, detailed_for, listed FROM contents JOIN grants USING (id)"
                " WHERE key = ?",
                (key,),
            ).fetchone()
        return bool(row and row[0] and row[1] == _digest(row[2]))

    def seen_at(self, key: str) -> datetime | None:
        """When the record was last met at its publisher."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT seen_at FROM grants WHERE key = ?", (key,)).fetchone()
        return at(row[0]) if row else None

    def search(
        self,
        query: GrantQuery,
        limit: int = 50,
        offset: int = 0,
        among: Collection[str] | None = None,
    ) -> Found:
        """A page of what the query finds: open ones by the nearest deadline first, closed ones last.

        `among` narrows to these keys (the starred ones: `starred_only` is for the caller to turn
        into it). A filter by area, purpose, industry, amount or latest deadline keeps what tells
        it; one by employees leaves out only what rules the number out.
        """
        with self._file.reading() as connection:
            terms = _Terms(connection).bits
            asked = Search(connection, query, among, terms, self._clock())
            return asked.page(limit, offset)

    def grants(self) -> list[Grant]:
        """Every kept grant, in the order they came; for matching. The list is the caller's own."""
        with self._turn:
            version = self.version()
            if self._cached is None or self._cached[0] != version:
                with self._file.reading() as connection:
                    rows = connection.execute("SELECT shown FROM contents ORDER BY id").fetchall()
                self._cached = (version, [grant_of(row[0]) for row in rows])
            return list(self._cached[1])

    def count(self) -> int:
        """How many grants are kept."""
        with self._file.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM grants").fetchone()[0])

    def version(self) -> int:
        """A number that grows with each change, also one of another program."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        return int(row[0])

    def changes(self, key: str) -> list[GrantChange]:
        """What changed in the published record, latest first."""
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT field, before, after, seen_at FROM changes WHERE key = ? ORDER BY id DESC",
                (key,),
            ).fetchall()
        return [GrantChange(key, name, old, new, at(seen)) for name, old, new, seen in rows]

    def note(self, name: str) -> str:
        """A note of the keeper of this copy, e.g. when it was last refreshed; "" when there is none."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT value FROM meta WHERE name = ?", (f"note:{name}",)
            ).fetchone()
        return str(row[0]) if row else ""

    def set_note(self, name: str, value: str) -> None:
        """Writes a note."""
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (f"note:{name}", value),
            )


class _Terms:
    """The bits of the words of purpose and industry; an unmet word takes the next one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.bits: dict[str, dict[str, int]] = {"purposes": {}, "industries": {}}
        for kind, word, bit in connection.execute("SELECT kind, word, bit FROM terms"):
            self.bits[kind][word] = bit

    def of(self, kind: str, words: tuple[str, ...] | None) -> int:
        """The bits of these words; () says that all are meant. Past sixty-two different words
        nothing new is told apart."""
        if words == ():
            return EVERY_TERM
        found, known = 0, self.bits[kind]
        for word in words or ():
            if word not in known and len(known) < _MOST_TERMS:
                known[word] = len(known)
                self._connection.execute(
                    "INSERT INTO terms VALUES (?, ?, ?)", (kind, word, known[word])
                )
            if word in known:
                found |= 1 << known[word]
        return found


def _kept(connection: Connection, key: str) -> _Kept | None:
    row = connection.execute(
        "SELECT id, shown, listed, detail FROM contents JOIN grants USING (id) WHERE key = ?",
        (key,),
    ).fetchone()
    return _Kept(*row) if row else None


def _by_deadline(record: Grant | GrantDetail) -> int:
    return first_id((record.grant if isinstance(record, GrantDetail) else record).ends)


def _write(
    connection: Connection,
    terms: _Terms,
    old: int | None,
    shown: Grant,
    listed: str | None,
    blob: bytes | None,
    stamp: int,
    detail: GrantDetail | None,
) -> int:
    """Writes all of one grant; a changed deadline gives it another id."""
    first = first_id(shown.ends)
    moved = old is not None and first_id_of(old) != first
    if moved:
        for table in ("contents", "grants"):
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (old,))
        connection.execute("DELETE FROM words WHERE rowid = ?", (old,))
    ident = free_id(connection, shown.ends) if old is None or moved else old
    least, most = people(shown)
    numbers: tuple[Any, ...] = (
        ident, shown.key, shown.category, seconds(shown.starts), seconds(shown.ends), shown.max_limit,
        least, most, area_bits(shown.areas), terms.of("purposes", shown.purposes),
        terms.of("industries", shown.industries), stamp,
    )  # fmt: skip
    connection.execute(
        "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", numbers
    )
    folded = folded_text(shown, detail)
    connection.execute(
        "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, NULL, ?)",
        (ident, grant_text(shown), folded, listed, blob),
    )
    connection.execute(
        "INSERT OR REPLACE INTO words (rowid, pairs) VALUES (?, ?)", (ident, pairs_of(folded))
    )
    return ident


def _digest(listed: str | None) -> bytes:
    return hashlib.sha256((listed or "").encode("utf-8")).digest()


def _mark_detailed(connection: Connection, ident: int, listed: str | None) -> None:
    connection.execute(
        "UPDATE contents SET detailed_for = ? WHERE id = ?", (_digest(listed), ident)
    )


def _grow(connection: Connection) -> None:
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'version'")


def _differences(
    before: Grant, after: Grant, old: GrantDetail | None, new: GrantDetail | None
) -> list[tuple[str, str, str, str]]:
    """(key, field, before, after) of all that a person would see differ. A first detail tells
    what was not known before: that is no change."""
    pairs: list[tuple[str, Any, Any]] = []
    for name in SHOWN_FIELDS:
        first, second = getattr(before, name), getattr(after, name)
        if not (name in ("industries", "purposes") and first is None):
            pairs.append((name, first, second))
    if old is not None and new is not None:
        pairs += [(name, getattr(old, name), getattr(new, name)) for name in DETAIL_FIELDS]
    told = [(name, spoken(first), spoken(second)) for name, first, second in pairs]
    return [
        (after.key, name, first[:_LONGEST_TOLD], second[:_LONGEST_TOLD])
        for name, first, second in told
        if first != second
    ]


def _tell(connection: Connection, stamp: int, found: list[tuple[str, str, str, str]]) -> None:
    if not found:
        return
    connection.executemany(
        "INSERT INTO changes (key, field, before, after, seen_at) VALUES (?, ?, ?, ?, ?)",
        [(*row, stamp) for row in found],
    )
    key = found[0][0]
    connection.execute(
        "DELETE FROM changes WHERE key = ? AND id NOT IN"
        " (SELECT id FROM changes WHERE key = ? ORDER BY id DESC LIMIT ?)",
        (key, key, _CHANGES_KEPT),
    )
