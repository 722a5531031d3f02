"""The rounds of a scheme as data: dates and numbers that differ from one call to the next.

A grant keeps its form while caps, rates and last days change with each call (回). A folder lists its
rounds under `[[rounds]]`; an expression reads one of them by the round the draft is for:
`of_round(field.kai, 'cap_base')`, and `round_open()` is the id of the round that takes
applications on the reference date (the next to close; the last one when all have closed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

RoundValue = date | bool | int | str


@dataclass(frozen=True)
class Rounds:
    """The rounds of one procedure, hashable, so that a compiled expression can be kept by them."""

    rows: tuple[tuple[str, date, tuple[tuple[str, RoundValue], ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def keys(self) -> frozenset[str]:
        """Every name that at least one round gives a value to."""
        named = {key for _, _, values in self.rows for key, _ in values}
        return frozenset(named | {"closes"}) if self.rows else frozenset()

    def value(self, round_id: str, key: str) -> RoundValue | None:
        """What one round says under `key`; None where it says nothing."""
        for ident, closes, values in self.rows:
            if ident == round_id:
                return closes if key == "closes" else dict(values).get(key)
        return None

    def open_on(self, day: date) -> str:
        """The id of the round that closes next, or of the last one; "" where there is none."""
        ahead = sorted((closes, ident) for ident, closes, _ in self.rows if closes >= day)
        if ahead:
            return ahead[0][1]
        past = sorted((closes, ident) for ident, closes, _ in self.rows)
        return past[-1][1] if past else ""
