"""Records taken back: how an undo is told in a log to which records are only ever added.

A withdrawal is a further record at the same path whose locator names the record it takes back. A
graph is built from `standing(records)`: neither the withdrawal nor what it withdraws is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.facts.record import BLANK, Origin, Record

if TYPE_CHECKING:
    from app.facts.graph import Graph

WITHDRAWS: Final = "withdraws"


def withdrawal(record: Record, by: str, at: datetime) -> Record:
    """The record by which `by` takes `record` back."""
    return Record(record.path, BLANK, Origin.TYPED, at, locator={"by": by, WITHDRAWS: record.id})


def apply(graph: Graph, record: Record) -> None:
    """Takes a record into a graph, or what it takes back out of it.

    Raises:
        UnknownFact, UnfitValue: as `Graph.add`.
    """
    if WITHDRAWS in record.locator:
        graph.forget(record.locator[WITHDRAWS], record.path)
    else:
        graph.add(record)


def standing(records: Iterable[Record]) -> list[Record]:
    """The records that still stand, in their order: withdrawals and what they withdraw left out."""
    held = list(records)
    gone = {r.locator[WITHDRAWS] for r in held if WITHDRAWS in r.locator}
    if not gone:
        return held
    return [r for r in held if WITHDRAWS not in r.locator and r.id not in gone]
