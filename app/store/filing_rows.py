"""How a row of the table of filings is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, overload

from app.domain.filing import Capacity, Stage
from app.store.faults import fault
from app.store.rows import FilingRow

COLUMNS: Final = (
    "id, draft_id, procedure_id, edition, door, company_name, corporate_number, account_id,"
    " capacity, subject, title, facts, envelope_name, envelope_size, sha256, sealed_at, practice,"
    " twin_key, record_head, seal_salt, stage, door_status, receipt_number, receipt_at, receipt"
)
LISTED: Final = COLUMNS.replace(
    " facts,", " CASE WHEN octet_length(facts) > 65536 THEN NULL ELSE facts END,"
)
"""The same columns for a list: facts of many people are left where they are until looked at."""
_NAMES: Final = tuple(COLUMNS.replace(" ", "").split(","))


class LaterFacts(Sequence[dict[str, Any]]):
    """The facts of a listed filing, read when they are first looked at."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._facts: tuple[dict[str, Any], ...] | None = None

    def _all(self) -> tuple[dict[str, Any], ...]:
        if self._facts is None:
            self._facts = tuple(json.loads(self._read()))
        return self._facts

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | Sequence[dict[str, Any]]:
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, LaterFacts) else other)

    def __hash__(self) -> int:
        raise TypeError("facts are not hashable")

    def __repr__(self) -> str:
        return "LaterFacts()"


def filing_from(row: tuple[Any, ...], read: Callable[[str], str] | None = None) -> FilingRow:
    """The filing of a row selected with COLUMNS, or with LISTED where `read` gives the facts of an id.

    Raises VaultFault filing_altered.
    """
    form = dict(zip(_NAMES, row, strict=True))
    ident, facts = str(form["id"]), form["facts"]
    if facts is None and read is not None:
        form["facts"] = LaterFacts(lambda: read(ident))
    else:
        form["facts"] = tuple(json.loads(facts))
    receipt_at = form["receipt_at"]
    form |= {
        "sealed_at": datetime.fromisoformat(form["sealed_at"]),
        "practice": bool(form["practice"]),
        "capacity": _capacity(form["capacity"]),
        "stage": Stage(form["stage"]),
        "receipt_number": form["receipt_number"] or "",
        "receipt_at": datetime.fromisoformat(receipt_at) if receipt_at else None,
        "receipt": json.loads(form["receipt"]),
    }
    return FilingRow(**form)


def _capacity(text: str) -> Capacity:
    """No filing was ever sealed in a role the program does not know."""
    try:
        return Capacity(text)
    except ValueError:
        raise fault("filing_altered") from None
