"""The rows of a table: what a person wrote in them, and the rows as they stand over the facts.

What is written is kept as an overlay (`TableAnswer`): the texts typed in this draft, row by row, and
the keys of prefilled rows taken out of it. The rows on the form (`Table`) are that overlay over the
members of a collection, the fiscal years or the fixed rows. Both have one canonical JSON text, so
that answers, history and undo need to know nothing of tables:

    {"rows":[{"cells":{"naiyou":"チラシ","kingaku":"120000"},"key":"r1"}],"without":["k3x9"]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.domain.canonical import canonical_json
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.fields import Field

_MOST_TEXT = 400_000


@dataclass(frozen=True)
class WrittenRow:
    """The texts written in one row, by column; `key` is that of a member, a year, or "r1", "r2" …"""

    key: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableAnswer:
    """What was written in a table, in the order of its rows, and which given rows were taken out."""

    rows: tuple[WrittenRow, ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> TableAnswer:
        """The answer of `to_text`; an empty one for "". Raises BadInput for any other text."""
        if not text.strip():
            return cls()
        try:
            if len(text) > _MOST_TEXT:
                raise ValueError
            form: Any = json.loads(text)
            rows = tuple(
                WrittenRow(_key(r["key"]), {str(c): str(v) for c, v in r.get("cells", {}).items()})
                for r in form.get("rows", [])
            )
            without = tuple(_key(k) for k in form.get("without", []))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BadInput("table-unread", "表を読めません。行を入れ直してください。") from None
        if len({r.key for r in rows}) != len(rows):
            raise BadInput("table-unread", "表に同じ行が二つあります。行を入れ直してください。")
        return cls(rows, without)

    def to_text(self) -> str:
        """The one text of this answer."""
        form = {
            "rows": [{"key": r.key, "cells": dict(r.cells)} for r in self.rows],
            "without": sorted(set(self.without)),
        }
        return canonical_json(form).decode()

    def row(self, key: str) -> WrittenRow:
        """The texts of a row; empty where nothing was written in it."""
        return next((r for r in self.rows if r.key == key), WrittenRow(key))

    def with_cell(self, key: str, column: str, text: str | None) -> TableAnswer:
        """With `text` in one cell (None: nothing is written there any more)."""
        old = self.row(key)
        cells = {**old.cells, column: text} if text is not None else dict(old.cells)
        if text is None:
            cells.pop(column, None)
        new = replace(old, cells={c: t for c, t in cells.items() if t is not None})
        if any(r.key == key for r in self.rows):
            return replace(self, rows=tuple(new if r.key == key else r for r in self.rows))
        return replace(self, rows=(*self.rows, new))

    def with_row(self, key: str) -> TableAnswer:
        """With a further, empty row at the end; a row taken out comes back."""
        without = tuple(k for k in self.without if k != key)
        if any(r.key == key for r in self.rows):
            return replace(self, without=without)
        return replace(self, rows=(*self.rows, WrittenRow(key)), without=without)

    def without_row(self, key: str, *, given: bool) -> TableAnswer:
        """Without a row; a `given` (prefilled) one is remembered as taken out."""
        rows = tuple(r for r in self.rows if r.key != key)
        return TableAnswer(rows, (*self.without, key) if given else self.without)

    def moved(self, key: str, step: int) -> TableAnswer:
        """With a written row `step` places further down (or up)."""
        keys = [r.key for r in self.rows]
        if key not in keys:
            return self
        rows = list(self.rows)
        place = keys.index(key)
        row = rows.pop(place)
        rows.insert(max(0, min(len(rows), place + step)), row)
        return replace(self, rows=tuple(rows))

    def free_key(self, taken: frozenset[str] = frozenset()) -> str:
        """A key no row has yet: r1, r2, …"""
        used = {r.key for r in self.rows} | set(self.without) | taken
        number = 1
        while f"r{number}" in used:
            number += 1
        return f"r{number}"


def _key(value: Any) -> str:
    key = str(value)
    if not key or len(key) > 40 or not all(c.isalnum() or c in "-_" for c in key):
        raise ValueError(key)
    return key


@dataclass(frozen=True)
class TableRow:
    """One row as it stands: its cells by column. `given`: it comes from facts or from the form.

    `wanted`: the form asks for it, so that it is never left out for holding nothing yet.
    """

    key: str
    label: str
    cells: Mapping[str, Cell]
    given: bool = False
    wanted: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it but what the form works out, and nobody has to fill it."""
        if self.wanted:
            return False
        shown = (c for c in self.cells.values() if c.visible and not c.field.calc)
        return not any(c.answered or c.text for c in shown)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values by column, for expressions; None where there is none."""
        return {name: cell.value for name, cell in self.cells.items()}


@dataclass(frozen=True)
class Table:
    """The rows of a table field as they stand in a draft, and what was written in them."""

    rows: tuple[TableRow, ...]
    written: TableAnswer

    @cached_property
    def filled_rows(self) -> tuple[TableRow, ...]:
        """The rows that hold something."""
        return tuple(row for row in self.rows if not row.is_empty)

    def row(self, key: str) -> TableRow:
        """The row with that key. Raises KeyError."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)

    @cached_property
    def tally(self) -> tuple[int, int]:
        """(typed, filled) cells, for the once-only ratio."""
        cells = [c for row in self.filled_rows for c in row.cells.values() if c.filled]
        return sum(c.typed for c in cells), len(cells)

    def to_value(self) -> str:
        """The canonical text of every filled row as it leaves the house; what a filing seals."""
        rows = [
            {"key": row.key, "cells": {c: cell.sent_text for c, cell in row.cells.items() if cell.filled}}
            for row in self.filled_rows
        ]  # fmt: skip
        return canonical_json({"rows": rows, "without": []}).decode() if rows else ""


def sums_of(field_: Field, table: Table) -> dict[str, Any]:
    """The sum of each column that the form adds up."""
    from app.forms.condition_functions import total

    return {column: total(table, column) for column in field_.sums}


def rows_of_value(field_: Field, value: str) -> tuple[dict[str, str], ...]:
    """The rows of a sealed table: column id → text as it left; () for a text that is none."""
    try:
        return tuple(dict(row.cells) for row in TableAnswer.of(value).rows)
    except BadInput:
        return ()
