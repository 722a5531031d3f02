"""What is known of one fact: its state, its value, the record behind it, what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.facts.outcome import FIRM, PROVISIONAL, UNCONFIRMED
from app.facts.record import Origin, Record, Value


class State(StrEnum):
    """The six states of a fact (DESIGN 2).

    CONFIRMED: typed by a person, confirmed by one, or computed from such facts only.
    UNCONFIRMED: from a source nobody has looked at yet, or computed from such a fact.
    ASSUMED: assumed, or computed from something assumed (a provisional result).
    CONFLICTING: another record says otherwise and nobody has settled it.
    NOT_APPLICABLE: the fact's own condition is not met. MISSING: not known.
    "Left blank on purpose" is an answer: the value BLANK in one of the first four states.
    """

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    ASSUMED = "assumed"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    CONFLICTING = "conflicting"


@dataclass(frozen=True)
class Fact:
    """One fact on the reference date.

    `value` is None where the state is MISSING or NOT_APPLICABLE. `record` is the one that counts
    (None for a computed value). `competitors` are the other live records with another value;
    `computed` is the derived value that a record stands before. `provisional`: rests on an
    assumption.
    """

    path: str
    state: State
    value: Value | None
    record: Record | None
    competitors: tuple[Record, ...] = ()
    provisional: bool = False
    computed: Value | None = None

    @property
    def origin(self) -> Origin | None:
        """Where the value comes from; None while there is none."""
        if self.record is not None:
            return self.record.origin
        return None if self.value is None else Origin.DERIVED

    @property
    def known(self) -> bool:
        """Whether there is a value (BLANK is one)."""
        return self.value is not None


def weakness_of(state: State) -> int:
    """How firm a fact in this state is for what is computed from it."""
    if state is State.ASSUMED:
        return PROVISIONAL
    return FIRM if state is State.CONFIRMED else UNCONFIRMED


def state_of_record(record: Record) -> State:
    """The state a record alone gives its fact."""
    if record.origin is Origin.ASSUMED and record.confirmed_at is None:
        return State.ASSUMED
    if record.origin is Origin.TYPED or record.confirmed_at is not None:
        return State.CONFIRMED
    return State.UNCONFIRMED


def state_of_weakness(weakness: int) -> State:
    """The state of a computed value from the weakness of what decided it."""
    if weakness & PROVISIONAL:
        return State.ASSUMED
    return State.UNCONFIRMED if weakness & UNCONFIRMED else State.CONFIRMED
