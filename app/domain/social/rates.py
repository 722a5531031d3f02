"""Premium rates by day, as exact ratios: 健康保険 by 支部, 介護, 子ども・子育て支援金, 厚年, 拠出金."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of a scope in force from `starts` to `ends`; `employee` is the worker's part of it.

    `verified` False: one source only, or a date of its own not confirmed. `expected_end`: the end is
    an expectation, so a later day may still be under it.
    """

    name: str
    scope: str
    value: Fraction
    employee: Fraction
    starts: date
    ends: date
    expected_end: bool
    verified: bool
    source: str


class RateBook:
    """Every rate of resources/social/premium_rates.csv."""

    def __init__(self, text: str) -> None:
        self._rates = tuple(_rate(row) for row in csv.DictReader(io.StringIO(text)))

    def on(self, name: str, day: date, scope: str = "") -> Rate | None:
        """The rate of this name (and scope, such as 13東京) in force on a day, or None."""
        found = [r for r in self._rates if r.name == name and r.starts <= day <= r.ends]
        return next((r for r in found if scope in ("", r.scope)), None)

    def scopes(self, name: str) -> tuple[str, ...]:
        """The scopes a rate has, once each."""
        return tuple(dict.fromkeys(r.scope for r in self._rates if r.name == name))


def _rate(row: dict[str, str]) -> Rate:
    return Rate(
        name=row["rate"],
        scope=row["scope"],
        value=Fraction(int(row["numerator"]), int(row["denominator"])),
        employee=Fraction(row["employee"]),
        starts=date.fromisoformat(row["from"]),
        ends=date.fromisoformat(row["to"]) if row["to"] else date.max,
        expected_end=row["expected_end"] == "yes",
        verified=row["verified"] == "yes",
        source=row["source"],
    )


def deducted(amount: Fraction) -> int:
    """What is taken from pay: a fraction of 0.50 yen or less is dropped, more is rounded up."""
    return ceil(amount - Fraction(1, 2))
