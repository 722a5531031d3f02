"""One grant written into the public file: its rows, its words, and what is told of a change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.grant import Grant, GrantDetail
from app.store.cipher import Connection
from app.store.public_rows import (
    DETAIL_FIELDS,
    SHOWN_FIELDS,
    area_bits,
    folded_text,
    grant_text,
    people,
    seconds,
    spoken,
)
from app.store.public_search import EVERY_TERM, first_id, first_id_of, free_id, pairs_of

_MOST_TERMS: Final = 62
_LONGEST_TOLD: Final = 20_000  # letters of one side of a change
_CHANGES_KEPT: Final = 200


@dataclass(frozen=True)
class Kept:
    """What is kept of one grant."""

    ident: int
    shown: str
    listed: str | None
    detail: bytes | None = field(repr=False)


class Terms:
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


def kept_row(connection: Connection, key: str) -> Kept | None:
    """The rows of one key."""
    row = connection.execute(
        "SELECT id, shown, listed, detail FROM contents JOIN grants USING (id) WHERE key = ?",
        (key,),
    ).fetchone()
    return Kept(*row) if row else None


def by_deadline(record: Grant | GrantDetail) -> int:
    """The order in which the index writes its rows fastest."""
    return first_id((record.grant if isinstance(record, GrantDetail) else record).ends)


def write_row(
    connection: Connection,
    terms: Terms,
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


def list_digest(listed: str | None) -> bytes:
    """What tells one list record from another."""
    return hashlib.sha256((listed or "").encode("utf-8")).digest()


def mark_detailed(connection: Connection, ident: int, listed: str | None) -> None:
    """Notes for which list record the detail was fetched."""
    connection.execute(
        "UPDATE contents SET detailed_for = ? WHERE id = ?", (list_digest(listed), ident)
    )


def grow_version(connection: Connection) -> None:
    """One more change."""
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'version'")


def differences(
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


def tell_changes(
    connection: Connection, stamp: int, found: list[tuple[str, str, str, str]]
) -> None:
    """Keeps what changed, the latest two hundred of a grant."""
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
