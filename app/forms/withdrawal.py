"""Records taken back: how an undo is told in a log to which records are only ever added.

A withdrawal is a further record at the same path whose locator names the record it takes back. A
graph is built from `standing(records)`: neither the withdrawal nor what it withdraws is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.facts.record import Record

WITHDRAWS: Final = "withdraws"


def standing(records: Iterable[Record]) -> list[Record]:
    """The records that still stand, in their order: withdrawals and what they withdraw left out."""
    held = list(records)
    gone = {r.locator[WITHDRAWS] for r in held if WITHDRAWS in r.locator}
    if not gone:
        return held
    return [r for r in held if WITHDRAWS not in r.locator and r.id not in gone]
