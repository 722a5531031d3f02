"""How a row of the table of filings is read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from app.domain.filing import Capacity, Stage
from app.store.faults import fault
from app.store.rows import FilingRow

COLUMNS: Final = (
    "id, draft_id, procedure_id, edition, door, company_name, corporate_number, account_id,"
    " capacity, subject, title, facts, envelope_name, envelope_size, sha256, sealed_at, practice,"
    " twin_key, record_head, seal_salt, stage, door_status, receipt_number, receipt_at, receipt"
)
_NAMES: Final = tuple(COLUMNS.replace(" ", "").split(","))


def filing_from(row: tuple[Any, ...]) -> FilingRow:
    """The filing of a row selected with COLUMNS. Raises VaultFault filing_altered."""
    form = dict(zip(_NAMES, row, strict=True))
    receipt_at = form["receipt_at"]
    form |= {
        "facts": tuple(json.loads(form["facts"])),
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
