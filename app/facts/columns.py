"""One fact of all members of a collection at once: what gatherings over many members read.

A cell for every month of every employee costs far more than what it holds. A column keeps the
results of one fact ("pay[2026-04]") by member and reads plain records itself; a fact that needs
choosing among records keeps its own cell, which the column reads. A record of any member marks the
whole column: a mark more than needed, never one less.

Facts with a condition of their own, and derivations that gather or look at another day, have no
column: they are had member by member.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.facts.cells import GraphCell
from app.facts.definition import FactDef
from app.facts.gapsets import SETTLED, Family, Goal, Pool
from app.facts.laid import Laid
from app.facts.lay import Scoped, Unfit, lay_all
from app.facts.nodes import Frame
from app.facts.outcome import FIRM, UNKNOWN, Result
from app.facts.paths import period_of
from app.facts.record import Record
from app.facts.states import state_of_record, weakness_of

if TYPE_CHECKING:
    from app.facts.catalogue import Catalogue
    from app.facts.core import Core

_NOTHING: Mapping[str, list[Record]] = {}


class ColumnKind:
    """How the columns of one fact are had: from records alone, or with its derivation laid out."""

    def __init__(self, catalogue: Catalogue, definition: FactDef) -> None:
        value, condition = catalogue.derivation_of(definition)
        self.definition = definition
        self.shape = value.shape if value is not None else (0, 0)
        self.derived: Laid | None = None
        self.fits = condition is None
        if value is not None and self.fits:
            try:
                self.derived = lay_all(value.node, Scoped(definition.collection))
            except Unfit:
                self.fits = False


class ColumnCell(GraphCell):
    """The results of one fact by the member's path; its own result is that table."""

    __slots__ = ("collection", "kind", "leaf")

    def __init__(self, core: Core, collection: str, leaf: str, day: date, kind: ColumnKind) -> None:
        super().__init__(core, f"{collection}[].{leaf}", day, kind.definition)
        self.collection = collection
        self.leaf = leaf
        self.kind = kind

    def work(self) -> Result:
        """The table over every member any record names, removed ones too."""
        core, leaf = self.core, self.leaf
        inside = core.inside.get(self.collection, {})
        found: dict[str, Result] = {}
        bare: list[str] = []  # those nothing was told of; they hold their place in the order
        for key in core.keys.get(self.collection, ()):
            row = f"{self.collection}[{key}]"
            records = inside.get(key, _NOTHING).get(leaf)
            if not records:
                bare.append(row)
                found[row] = UNKNOWN
            elif self.kind.derived is None and len(records) == 1 and _plain(records[0]):
                record = records[0]
                found[row] = (record.value, weakness_of(state_of_record(record)))
            else:
                cell = core.cell(f"{row}.{leaf}", self.day)
                cell.dependants.add(self)
                found[row] = cell.result or cell.refresh()
        if self.kind.derived is not None:
            period = period_of(leaf) if self.kind.definition.series else ""
            frame = Frame(core, self.day, "", self.kind.shape, self, period)
            found.update(zip(bare, self.kind.derived(frame, bare), strict=True))
        return found, FIRM

    def family(self, goal: Goal, pool: Pool) -> Family:
        """Always known: it is the single results that may be missing."""
        return SETTLED


def _plain(record: Record) -> bool:
    return record.valid_from is record.valid_to is None
