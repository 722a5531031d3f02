"""期限の表: the companies of an office by their obligations, from what was last seen of each.

Reading it opens nothing; `look` goes through the companies, one vault at a time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.clock import today
from app.domain.errors import Known
from app.services.office.batch import BatchParts, open_company_graph, social_over
from app.services.office.office import Office
from app.services.office.summary import COLUMNS, Cell, CellState, Summary, summary_of
from app.services.social.insurer import CSV_FORMS

_FAULT = "fault"
ATTENTION = (CellState.LATE, CellState.RETURNED, CellState.WRITE, CellState.SEND)
"""The states that are counted above the table and filter it."""


@dataclass(frozen=True)
class MatrixRow:
    """A company in the table. `fault` says why it could not be looked at the last time."""

    vault_id: str
    name: str = field(repr=False)
    corporate_number: str
    plate: str
    kanji: str
    people: int
    month: int
    seen_at: datetime | None
    cells: tuple[Cell, ...]
    fault: str = ""

    @property
    def states(self) -> frozenset[CellState]:
        """The states that occur in its row."""
        return frozenset(cell.state for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The whole table; `keys` are the columns' obligations, in the order of `COLUMNS`."""

    rows: tuple[MatrixRow, ...]
    keys: tuple[str, ...]

    def count(self, state: CellState) -> int:
        """How many cells are in a state."""
        return sum(cell.state is state for row in self.rows for cell in row.cells)

    def ready(self, key: str) -> tuple[str, ...]:
        """The companies (vault ids) in which a form can go out; only for forms of a batch."""
        if key not in CSV_FORMS or key not in self.keys:
            return ()
        place = self.keys.index(key)
        return tuple(r.vault_id for r in self.rows if r.cells[place].ready)

    def best(self) -> str:
        """The form that can go out in the most companies, "" when none can."""
        counted = [(len(self.ready(key)), -n, key) for n, key in enumerate(self.keys)]
        most = max(counted, default=(0, 0, ""))
        return most[2] if most[0] else ""


def matrix_of(office: Office) -> Matrix:
    """The table as it was last seen; opens no company."""
    seen = office.file.summaries()
    rows = []
    for company in office.companies():
        at, form = seen.get(company.vault_id, (None, {}))
        summary = Summary.from_json(form)
        rows.append(
            MatrixRow(
                company.vault_id, company.name, company.corporate_number, company.plate,
                company.kanji, summary.people, summary.month, at,
                tuple(summary.cells.get(key, Cell(CellState.UNSEEN)) for key in COLUMNS),
                str(form.get(_FAULT, "")),
            )
        )  # fmt: skip
    return Matrix(tuple(rows), tuple(COLUMNS))


def look(
    office: Office,
    parts: BatchParts,
    only: Collection[str] | None = None,
    *,
    told: Callable[[int, int, str], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Matrix:
    """Looks at the companies (all, or those named) and remembers what they have due.

    `told` hears how many are done, of how many, and the name. What goes wrong in one company is
    told in its row and stops nothing else.
    """
    chosen = [c for c in office.companies() if only is None or c.vault_id in only]
    for done, company in enumerate(chosen, 1):
        if stop():
            break
        seen = office.file.summaries().get(company.vault_id)
        try:
            with office.company(company.vault_id) as held:
                graph = open_company_graph(held, office, parts)
                social = social_over(held, graph, office, parts)
                summary = summary_of(held.vault, graph, social, today(office.clock))
            form = summary.to_json()
        except Known as fault:
            form = (dict(seen[1]) if seen else {}) | {_FAULT: fault.sentence}
        office.file.remember(company.vault_id, form)
        gc.collect()
        if told is not None:
            told(done, len(chosen), company.name)
    return matrix_of(office)
