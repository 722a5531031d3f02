"""Which record counts, and which of the others stand against it.

On a reference date d, for the records of one fact (DESIGN 2):

- *live*: valid_from is not after d (none stated: valid since an unknown day) and valid_to is not
  before d;
- *counts*: among the live ones the latest valid_from (an unstated one comes first of all), then
  the highest precedence of origin for this fact, then the latest recorded_at, then the one
  that came last;
- *superseded*: a live record another live one has replaced: (a) the same origin said something
  later, by recorded_at, with a valid_from not earlier; or (b) the other's stated valid_from lies
  after this one's valid_from, or, where that is not stated, after the day it was recorded (it was
  true then, the world has changed since); or (c) it is assumed and the other is not;
- *competitor*: a live record that does not count, is not superseded and says another value;
- *conflict*: competitors exist, and the record that counts was not confirmed by a person at or
  after the moment the last of them was recorded. Confirmed since: competitors stay visible, the
  conflict is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.facts.definition import FactDef
from app.facts.record import Origin, Record


@dataclass(frozen=True)
class Chosen:
    """The record that counts (None: no live one), its competitors, and whether they conflict."""

    record: Record | None
    competitors: tuple[Record, ...] = ()
    conflict: bool = False


NOTHING_CHOSEN = Chosen(None)


def choose(records: Sequence[Record], day: date, fact: FactDef) -> Chosen:
    """The choice among the records of one fact, in the order they came, on a day."""
    if len(records) == 1:
        return Chosen(records[0]) if _live(records[0], day) else NOTHING_CHOSEN
    live = [(index, record) for index, record in enumerate(records) if _live(record, day)]
    if not live:
        return NOTHING_CHOSEN

    def standing(entry: tuple[int, Record]) -> tuple[date, int, float, int]:
        index, record = entry
        moment = record.recorded_at.timestamp()
        return (record.valid_from or date.min, -fact.rank(record.origin), moment, index)

    counts = max(live, key=standing)
    competitors = tuple(
        record
        for index, record in live
        if not same_value(record, counts[1]) and not _superseded((index, record), live)
    )
    return Chosen(counts[1], competitors, _unsettled(counts[1], competitors))


def same_value(one: Record, other: Record) -> bool:
    """Whether two records say the same (yes and 1 are not the same)."""
    return isinstance(one.value, bool) is isinstance(other.value, bool) and (
        one.value == other.value
    )


def _live(record: Record, day: date) -> bool:
    started = record.valid_from is None or record.valid_from <= day
    return started and (record.valid_to is None or day <= record.valid_to)


def _superseded(entry: tuple[int, Record], live: list[tuple[int, Record]]) -> bool:
    index, record = entry
    begins = record.valid_from or record.recorded_at.date()
    stated = record.valid_from or date.min
    for place, other in live:
        if other is record:
            continue
        later = (other.recorded_at.timestamp(), place) > (record.recorded_at.timestamp(), index)
        same = other.origin is record.origin and (other.valid_from or date.min) >= stated
        if same and later:
            return True
        if other.valid_from is not None and other.valid_from > begins:
            return True
        if record.origin is Origin.ASSUMED and other.origin is not Origin.ASSUMED:
            return True
    return False


def _unsettled(counts: Record, competitors: tuple[Record, ...]) -> bool:
    if not competitors:
        return False
    if counts.confirmed_at is None:
        return True
    return any(record.recorded_at > counts.confirmed_at for record in competitors)
