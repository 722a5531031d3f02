"""What is wrong with one field of one record, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.characters import BadCharacter


@dataclass(frozen=True, slots=True)
class RecordFault:
    """`record` counts data records from 1 (0: the head of the file); `no` is the field's number.

    `person` is the name in the record, so that a list of faults can be read. `kind` is a short
    stable word (letter, required, length, cross …). `letters` are the
    characters the office does not take, with what may stand for them.
    """

    record: int
    person: str
    no: int
    field: str
    kind: str
    sentence: str
    letters: tuple[BadCharacter, ...] = ()
