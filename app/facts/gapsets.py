"""The algebra of gaps: families of minimal sets of missing facts, as bit masks.

A *goal* is "this node becomes known" (or true, or false). A set of missing facts settles a goal if,
once they are told, the goal can come out; each condition on a told fact is free to come out either
way, and a told fact is told with a value (not left blank). What is known now, be it by an
assumption, stays what it is. So both {a} and {b} settle `a and b`
(either may turn out False), and {a, b} is no minimal set. A family holds the minimal sets only;
the family {∅} means "already settled", the empty family "nothing that is missing can settle it".
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

Family = tuple[int, ...]

SETTLED: Final[Family] = (0,)
NEVER: Final[Family] = ()

MOST_SHOWN: Final = 64
_MOST_HELD: Final = 1024


class Goal(Enum):
    """What a set of missing facts is to bring about."""

    KNOWN = "known"
    TRUE = "true"
    FALSE = "false"


class TooManySets(Exception):
    """A family grew beyond what is held: the caller falls back to the decisive leaves."""


class Pool:
    """The missing facts of one question, numbered, and the families already found for cells."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.depth = 0
        self.memo: dict[tuple[int, Goal], Family] = {}

    def alone(self, name: str) -> Family:
        """The family of the one set {name}."""
        return (1 << self._numbers.setdefault(name, len(self._numbers)),)

    def names(self, mask: int) -> frozenset[str]:
        """The names whose bits stand in the mask."""
        return frozenset(name for name, bit in self._numbers.items() if mask >> bit & 1)


def minimal(masks: Iterable[int]) -> Family:
    """The masks that contain no other. Raises TooManySets."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=int.bit_count):
        if not any(small & mask == small for small in kept):
            kept.append(mask)
            if len(kept) > _MOST_HELD:
                raise TooManySets
    return tuple(kept)


def either(*families: Family) -> Family:
    """The minimal sets that settle one of the goals."""
    filled = [family for family in families if family]
    if not filled:
        return NEVER
    if len(filled) == 1:
        return filled[0]
    return minimal(mask for family in filled for mask in family)


def both(*families: Family) -> Family:
    """The minimal sets that settle all of the goals together. Raises TooManySets."""
    made = SETTLED
    for family in families:
        if family == SETTLED:
            continue
        if len(made) * len(family) > _MOST_HELD * 16:
            raise TooManySets
        made = minimal(a | b for a in made for b in family)
        if not made:
            return NEVER
    return made
