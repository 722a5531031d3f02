"""The outcome of an expression: a value or "not known", and how firm the inputs that decided it are.

Three-valued logic after Kleene: what is not known stays not known unless the known parts decide.
`weakness` is a bit set over the *decisive* inputs only: UNCONFIRMED where one comes from a source
nobody has looked at, PROVISIONAL where one is assumed. 0 is firm.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from app.facts.record import BLANK, Value


class Missing:
    """Not known. Use the one instance, MISSING."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()

FIRM: Final = 0
UNCONFIRMED: Final = 1
PROVISIONAL: Final = 2

Result = tuple[Any, int]
"""What every compiled closure gives: (value or MISSING, weakness)."""

UNKNOWN: Final[Result] = (MISSING, FIRM)

LARGEST: Final = 10**30
"""Bound on numerators and denominators, so that no chain of products can grow without end."""


class NoValue(Exception):
    """An operation has no value for its operands (division by zero, out of range): not known."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of an expression as callers see it.

    `value` is None when it is not known (`missing`); `provisional` when a decisive input is
    assumed; `unconfirmed` when a decisive input has not been looked at by a person.
    """

    value: Value | None
    provisional: bool
    unconfirmed: bool

    @property
    def missing(self) -> bool:
        """Whether the known facts do not decide the expression."""
        return self.value is None

    @property
    def holds(self) -> bool:
        """Whether the outcome is a known, plain yes."""
        return self.value is True


def outcome_of(result: Result) -> Outcome:
    """The outcome of a compiled closure's result."""
    value, weakness = result
    return Outcome(
        None if value is MISSING else value,
        bool(weakness & PROVISIONAL),
        bool(weakness & UNCONFIRMED),
    )


def bounded(value: int | Fraction) -> int | Fraction:
    """The number itself. Raises NoValue beyond LARGEST."""
    if type(value) is not int:
        if value.denominator > LARGEST or not -LARGEST <= value.numerator <= LARGEST:
            raise NoValue
    elif not -LARGEST <= value <= LARGEST:
        raise NoValue
    return value


def no_blank(value: Any) -> Any:
    """BLANK for an empty text, else the value: an empty text is not an answer of its own."""
    return BLANK if value == "" else value
