"""Grants and support schemes as they were last published, kept on this machine for all companies."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.clock import Clock, system_clock
from app.domain.grant import Grant, GrantChange, GrantDetail, GrantQuery
from app.store.cipher import Connection
from app.store.public_file import PublicFault, PublicFile
from app.store.public_rows import (
    at,
    detail_blob,
    detail_of,
    grant_of,
    grant_text,
    merged,
    seconds,
)
from app.store.public_search import Found, Search
from app.store.public_writing import (
    Terms,
    by_deadline,
    differences,
    grow_version,
    kept_row,
    list_digest,
    mark_detailed,
    tell_changes,
    write_row,
)

__all__ = ["Changes", "Found", "PublicData", "PublicFault"]


@dataclass(frozen=True)
class Changes:
    """What a `put` brought: keys that are new, changed, and as they were."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


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
            terms = Terms(connection)
            # The index writes its rows fastest in their order.
            for record in sorted(records, key=by_deadline):
                outcome = self._put_one(connection, terms, record, seen_at)
                listed = record.grant if isinstance(record, GrantDetail) else record
                {"new": new, "changed": changed, "same": same}[outcome].append(listed.key)
            if new or changed:
                grow_version(connection)
        return Changes(tuple(new), tuple(changed), tuple(same))

    def put_detail(self, detail: GrantDetail, seen_at: datetime) -> bool:
        """Keeps a detail; True when it differs from what was kept."""
        return not self.put((detail,), seen_at).same

    def _put_one(
        self,
        connection: Connection,
        terms: Terms,
        record: Grant | GrantDetail,
        seen_at: datetime,
    ) -> str:
        detail = record if isinstance(record, GrantDetail) else None
        listed = None if isinstance(record, GrantDetail) else record
        told = record.grant if isinstance(record, GrantDetail) else record
        stamp = seconds(seen_at)
        assert stamp is not None
        kept = kept_row(connection, told.key)
        blob = detail_blob(detail) if detail is not None else None
        text = grant_text(listed) if listed is not None else None
        if kept is not None and (blob == kept.detail if detail else text == kept.listed):
            connection.execute("UPDATE grants SET seen_at = ? WHERE id = ?", (stamp, kept.ident))
            if detail is not None:
                mark_detailed(connection, kept.ident, kept.listed)
            return "same"
        before = grant_of(kept.shown) if kept else None
        old_detail = detail_of(kept.detail) if kept and kept.detail else None
        if listed is None and kept is not None and kept.listed is not None:
            listed, text = grant_of(kept.listed), kept.listed
        if detail is None and old_detail is not None:
            detail, blob = old_detail, kept.detail if kept else None
        shown = merged(listed, detail.grant if detail else None)
        ident = kept.ident if kept else None
        ident = write_row(connection, terms, ident, shown, text, blob, stamp, detail)
        if isinstance(record, GrantDetail):
            mark_detailed(connection, ident, text)
        if before is None:
            return "new"
        fresh = detail if isinstance(record, GrantDetail) else None
        tell_changes(connection, stamp, differences(before, shown, old_detail, fresh))
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
            kept = kept_row(connection, key)
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
        return bool(row and row[0] and row[1] == list_digest(row[2]))

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
            terms = Terms(connection).bits
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
