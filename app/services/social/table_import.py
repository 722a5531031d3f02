"""Employees and pay from a table of one company: looked at, looked through, taken in, and traced.

Everything here may be called off the window's thread. What `take_in` stored is handed to `arrived`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from app.domain.clock import Clock
from app.domain.my_number import MASK, is_named
from app.facts.graph import Graph
from app.facts.record import Record
from app.services.social.columns import Columns, ColumnWords, remember
from app.services.social.people import people_of
from app.services.social.sheet_reading import rows_of
from app.services.social.table_preview import preview_of
from app.services.social.taken_files import (
    TakenFile,
    WrittenCell,
    note_file,
    taken_files,
    written_by,
)
from app.services.social.taking_in import TakenIn, digest_of, take_in
from app.services.social.views import TablePreview
from app.store.meta import Meta
from app.store.records import Records
from app.store.vault import Vault

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many (0: not known yet). What it raises stops the work."""
_STEP = 500


def _silent(_done: int, _total: int) -> None:
    """Nobody is told."""


class TableImport:
    """The tables of one company."""

    def __init__(
        self,
        vault: Vault,
        graph: Graph,
        words: ColumnWords,
        clock: Clock,
        arrived: Callable[[Sequence[Record]], None],
    ) -> None:
        self._vault = vault
        self._graph = graph
        self._words = words
        self._clock = clock
        self._arrived = arrived
        self._records = Records(vault)
        self._meta = Meta(vault)
        self._table: tuple[str, list[tuple[str, ...]]] | None = None

    def preview(self, name: str, content: bytes, progress: Progress = _silent) -> TablePreview:
        """Headings, first rows and columns of a CSV or Excel file. Raises BadInput."""
        return preview_of(name, self._rows(content, progress), self._words, self._meta)

    def check(self, columns: Columns) -> None:
        """Raises BadInput where a table cannot be taken in with these columns."""
        self._words.check(columns)

    def look_through(
        self, name: str, content: bytes, columns: Columns, progress: Progress = _silent
    ) -> TakenIn:
        """What `take_in` would come to; nothing is stored. Raises BadInput."""
        rows = self._rows(content, progress)
        return take_in(
            _counted(rows, progress), columns, self._words, self._graph,
            file_digest=_known_by(rows, content), file_name=name, now=self._clock(),
        )  # fmt: skip

    def take_in(
        self, name: str, content: bytes, columns: Columns, progress: Progress = _silent
    ) -> TakenIn:
        """Takes all good rows in at once and remembers the columns; bad rows are told, not taken.

        Raises BadInput (wrong columns, unreadable file) and VaultFault; then nothing is stored.
        """
        rows, now = self._rows(content, progress), self._clock()
        digest = _known_by(rows, content)
        found = take_in(
            _counted(rows, progress), columns, self._words, self._graph,
            file_digest=digest, file_name=name, now=now,
        )  # fmt: skip
        with self._vault.write(durable=True):
            self._records.append(found.records, durable=True)
            remember(self._meta, columns)
            note_file(self._meta, digest, name, now, found)
        self._arrived(found.records)
        self._table = None
        return found

    def files(self) -> tuple[TakenFile, ...]:
        """The tables that were taken in, latest first."""
        return taken_files(self._meta)

    def written(self, file: TakenFile) -> tuple[WrittenCell, ...]:
        """What a table wrote, row by row, and whether it still counts."""
        people = {p.member: p.name for p in people_of(self._graph)}
        told = self._graph.counting("employees", list(people))
        counting = [record for leaves in told.values() for record in leaves.values()]
        return written_by(
            file.digest, file.at, self._records.all(), counting, self._graph.catalogue, people
        )

    def _rows(self, content: bytes, progress: Progress) -> list[tuple[str, ...]]:
        """The rows of a table, 個人番号 masked; the one looked at last is kept: it is taken in next."""
        digest = digest_of(content)
        if self._table is None or self._table[0] != digest:
            rows: list[tuple[str, ...]] = []
            own: tuple[int, ...] | None = None
            for row in rows_of(content):
                own = own if own is not None else _number_columns(row)
                rows.append(_masked(row, own) if own and rows else row)
                if len(rows) % _STEP == 0:
                    progress(len(rows), 0)
            self._table = (digest, rows)
        return self._table[1]


def _number_columns(headings: Sequence[str]) -> tuple[int, ...]:
    return tuple(at for at, heading in enumerate(headings) if is_named(heading))


def _masked(row: tuple[str, ...], own: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(MASK if at in own and text else text for at, text in enumerate(row))


def _known_by(rows: Sequence[tuple[str, ...]], content: bytes) -> str:
    """The digest a table is known by in the origin of its records: that of the file.

    Where 個人番号 stand in it, that of its masked rows: by a digest of the file, of which all else
    is known here, they could be found.
    """
    own = _number_columns(rows[0]) if rows else ()
    if not any(at < len(row) and row[at] for row in rows[1:] for at in own):
        return digest_of(content)
    return digest_of("\x1e".join("\x1f".join(row) for row in rows).encode("utf-8", "replace"))


def _counted(rows: Sequence[tuple[str, ...]], progress: Progress) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows):
        if number % _STEP == 0:
            progress(number, len(rows))
        yield row
