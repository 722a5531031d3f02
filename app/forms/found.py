"""What a cell was made of before it is checked, and the cells of a row that still stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.facts.graph import State
from app.facts.record import Origin, Record, Value

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.tables import Table


@dataclass(frozen=True)
class Found:
    """The value of a cell before it is checked, and everything known of where it came from."""

    value: Value | None = None
    state: State = State.MISSING
    origin: Origin | None = None
    record: Record | None = None
    competitors: tuple[Record, ...] = ()
    provisional: bool = False
    answered: bool = False
    typed: bool = False
    unread: str = ""
    table: Table | None = None

    @property
    def read(self) -> Any:
        """What a rule reads of it: the rows of a table, else the value."""
        return self.value if self.table is None or not self.answered else self.table


@dataclass(frozen=True)
class KeptRow:
    """The cells of a table's row, and what they were made of."""

    says: tuple[object, ...]
    cells: Mapping[str, Cell]
