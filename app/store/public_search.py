"""Search in the public file: pairs of letters, filters, the order of deadlines.

The index holds the set of neighbouring letters of each grant, so that words of two letters (農業,
介護) are answered by it; SQLite's trigram tokenizer cannot. A pair is eight ASCII characters, four a
letter: one letter alone is asked for by the first four. Of a longer word all pairs must occur, which
is nearly always the word itself; the rows that are shown are looked at once more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import add
from typing import Any, Final

from app.domain.folding import folded_words
from app.domain.grant import GrantQuery
from app.store.cipher import Connection
from app.store.public_rows import asked_area_bits, seconds

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_KNOWN_LIMIT: Final = 400_000
EVERY_TERM: Final = 1 << 62
"""The bit of a grant that says it is for every industry or purpose."""

_FIRST_LOOK: Final = 60  # rows looked at for the first page, twice as many each time after
_LOOKED_AT: Final = 200  # rows looked at in one statement
_ROOM: Final = 12  # bits of an id that tell grants of one deadline apart
_NO_DEADLINE: Final = 1 << 33 << _ROOM  # minutes: behind the year 9999


@dataclass(frozen=True)
class Found:
    """A page of keys in order, and how many there are.

    `exact` is False when `total` may count a few too many: of a longer word only the rows up to
    this page have been looked at.
    """

    keys: tuple[str, ...]
    total: int
    exact: bool = True


def first_id(ends: datetime | None) -> int:
    """The smallest id of a grant with this deadline, to the minute.

    Small steps between ids keep the index small: it writes the differences.
    """
    stamp = seconds(ends)
    return _NO_DEADLINE if stamp is None else max(0, stamp) // 60 << _ROOM


def first_id_of(ident: int) -> int:
    """The smallest id with the deadline of this one."""
    return min(ident >> _ROOM << _ROOM, _NO_DEADLINE)


def free_id(connection: Connection, ends: datetime | None) -> int:
    """The next free id for this deadline. Four thousand have room; more stand a minute later."""
    first = first_id(ends)
    end = 1 << 62 if first == _NO_DEADLINE else first + (1 << _ROOM)
    while True:
        (last,) = connection.execute(
            "SELECT max(id) FROM grants WHERE id >= ? AND id < ?", (first, end)
        ).fetchone()
        if last is None:
            return first
        if last + 1 < end:
            return int(last) + 1
        first, end = end, end + (1 << _ROOM)


class _Pairs(dict[str, str]):
    """The eight characters of each pair that was met."""

    def __missing__(self, pair: str) -> str:
        if len(self) > _KNOWN_LIMIT:
            self.clear()
        made = self[pair] = "".join(map(_letter, pair))
        return made


_PAIRS: Final = _Pairs()


def pairs_of(folded: str) -> str:
    """The pairs of a folded text, each once; the last letter before a blank pairs with the blank."""
    return " ".join(map(_PAIRS.__getitem__, set(map(add, folded, folded[1:] + " "))))


def _letter(letter: str) -> str:
    code, made = ord(letter), ""
    for _ in range(4):
        code, digit = divmod(code, 36)
        made = _DIGITS[digit] + made
    return made


def match_text(words: tuple[str, ...]) -> str:
    """What FTS5 is asked for: every pair of every word, of one letter all pairs it begins."""
    asked: dict[str, None] = {}
    for word in words:
        if len(word) == 1:
            asked[f'"{_letter(word)}"*'] = None
        for n in range(len(word) - 1):
            asked[f'"{_PAIRS[word[n : n + 2]]}"'] = None
    return " ".join(asked)


class Search:
    """One query as SQL. `terms` gives the bits of words of purpose and industry by kind."""

    def __init__(
        self,
        connection: Connection,
        query: GrantQuery,
        among: Collection[str] | None,
        terms: Mapping[str, Mapping[str, int]],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._border = first_id(now)
        words = folded_words(query.words)
        self._match = match_text(words)
        self._longer = [word for word in words if len(word) > 2]
        self._where: list[str] = []
        self._values: list[Any] = []
        self._filter(query, among, terms)

    def page(self, limit: int, offset: int) -> Found:
        """The keys of a page and the total.

        First what can still be applied for, by the nearest deadline, then what has none, then what
        is over, the latest first: ids grow with the deadline, so each part is read as it lies.
        """
        total = int(self._rows("count(*)", "").fetchone()[0])
        if not self._longer:
            return Found(self._keys(self._ids(limit, offset)), total)
        kept: list[int] = []
        seen = 0
        step = max(_FIRST_LOOK, limit)
        while seen < total and len(kept) < offset + limit:
            part = self._ids(step, seen)
            if not part:
                break
            seen += len(part)
            kept += self._true(part)
            step *= 2
        return Found(
            self._keys(kept[offset : offset + limit]), total - (seen - len(kept)), seen >= total
        )

    def _ids(self, limit: int, offset: int) -> list[int]:
        ids = self._part(">=", "", limit, offset)
        if len(ids) < limit:
            skipped = 0
            if offset and not ids:
                open_ones = self._rows("count(*)", f"{self._id} >= {self._border}").fetchone()
                skipped = max(0, offset - int(open_ones[0]))
            ids += self._part("<", " DESC", limit - len(ids), skipped)
        return ids

    def _part(self, side: str, way: str, limit: int, offset: int) -> list[int]:
        tail = f" ORDER BY {self._id}{way} LIMIT {int(limit)} OFFSET {int(offset)}"
        return [r[0] for r in self._rows(self._id, f"{self._id} {side} {self._border}", tail)]

    @property
    def _id(self) -> str:
        return "w.rowid" if self._match else "g.id"

    def _rows(self, what: str, clause: str, tail: str = "") -> Any:
        clauses = [clause] if clause else []
        values: list[Any] = []
        tables = "grants g"
        if self._match:
            tables = "words w"
            clauses.append("words MATCH ?")
            values.append(self._match)
            if self._where:
                tables = "words w CROSS JOIN grants g ON g.id = w.rowid"
        clauses += self._where
        values += self._values
        where = " WHERE " + " AND ".join(clauses) if clauses else ""
        return self._connection.execute(f"SELECT {what} FROM {tables}{where}{tail}", values)

    def _filter(
        self,
        query: GrantQuery,
        among: Collection[str] | None,
        terms: Mapping[str, Mapping[str, int]],
    ) -> None:
        if query.areas:
            self._add("g.areas & ?", asked_area_bits(query.areas))
        for kind, asked in (("purposes", query.purposes), ("industries", query.industries)):
            if asked:
                known = terms[kind]
                bits = sum({1 << known[w] for w in asked if w in known})
                self._add(f"g.{kind} & ?", bits | EVERY_TERM)
        if query.categories:
            marks = ", ".join("?" * len(query.categories))
            self._add(f"g.category IN ({marks})", *query.categories)
        if query.employees is not None:
            self._add("g.least_people <= ?", query.employees)
            self._add("(g.most_people IS NULL OR g.most_people >= ?)", query.employees)
        if query.amount_from is not None:
            self._add("g.most_yen >= ?", query.amount_from)
        if query.amount_to is not None:
            self._add("g.most_yen <= ?", query.amount_to)
        if query.deadline_from is not None:
            self._add("(g.ends IS NULL OR g.ends >= ?)", seconds(query.deadline_from))
        if query.deadline_to is not None:
            self._add("g.ends <= ?", seconds(query.deadline_to))
        if (moment := seconds(query.open_at)) is not None:
            self._add("(g.starts IS NULL OR g.starts <= ?)", moment)
            self._add("(g.ends IS NULL OR g.ends >= ?)", moment)
        if among is not None:
            self._add("g.key IN (SELECT value FROM json_each(?))", json.dumps(list(among)))

    def _add(self, clause: str, *values: Any) -> None:
        self._where.append(clause)
        self._values += values

    def _true(self, ids: list[int]) -> list[int]:
        """Those whose text has the longer words."""
        true: set[int] = set()
        tests = "".join(" AND instr(folded, ?)" for _ in self._longer)
        for part in _parts(ids):
            marks = ", ".join("?" * len(part))
            statement = f"SELECT id FROM contents WHERE id IN ({marks}){tests}"
            true |= {r[0] for r in self._connection.execute(statement, (*part, *self._longer))}
        return [ident for ident in ids if ident in true]

    def _keys(self, ids: list[int]) -> tuple[str, ...]:
        found: dict[int, str] = {}
        for part in _parts(ids):
            marks = ", ".join("?" * len(part))
            statement = f"SELECT id, key FROM grants WHERE id IN ({marks})"
            found |= dict(self._connection.execute(statement, part).fetchall())
        return tuple(found[ident] for ident in ids if ident in found)


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _LOOKED_AT):
        yield ids[start : start + _LOOKED_AT]
