"""標準報酬月額: the dated grade tables of 健康保険 (50 grades) and 厚生年金保険 (32, rising from 2027-09).

健康保険法40条, 厚生年金保険法20条. A band takes its lower bound and not its upper one. For 随時改定 each
table is lengthened by one virtual grade at either end (昭36保発4号): `rank` judges by 報酬月額, so the
original 報酬月額 of a decision has to be kept, not only its grade.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from app.domain.errors import BadInput

KENPO = "kenpo"
KOUNEN = "kounen"
SCHEME_NAMES = {KENPO: "健康保険", KOUNEN: "厚生年金保険"}


@dataclass(frozen=True, slots=True)
class Grade:
    """One band: `standard`, `lower` (included) and `upper` (not included) in yen; None is open."""

    number: int
    standard: int
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class GradeTable:
    """The grades of one scheme in force on a day, in order.

    `virtual_below` and `virtual_above`: 報酬月額 under the first, or from the second on, lies in the
    virtual grade beyond the table. `verified` is False where a band's bound is inference, not a
    source; `virtual_verified` says the same of the two bounds beyond the table.
    """

    scheme: str
    grades: tuple[Grade, ...]
    virtual_below: int
    virtual_above: int
    verified: bool = True
    virtual_verified: bool = True
    _bounds: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bounds", tuple(g.lower or 0 for g in self.grades[1:]))

    def of(self, monthly: int) -> Grade:
        """The grade of a 報酬月額 in yen."""
        return self.grades[bisect_right(self._bounds, monthly)]

    def rank(self, monthly: int) -> int:
        """The grade's number with the virtual ones: 0 below the table, its length + 1 above."""
        if monthly < self.virtual_below:
            return 0
        if monthly >= self.virtual_above:
            return len(self.grades) + 1
        return self.of(monthly).number

    def numbered(self, standard: int) -> Grade | None:
        """The grade with this 標準報酬月額, or None."""
        return next((g for g in self.grades if g.standard == standard), None)


@dataclass(frozen=True)
class _Row:
    scheme: str
    grade: Grade
    start: date
    end: date
    verified: bool


@dataclass(frozen=True)
class _Virtual:
    scheme: str
    below: int
    above: int
    start: date
    end: date
    verified: bool


class GradeBook:
    """Every table of every day, read once from the two CSV texts of resources/social."""

    def __init__(self, grades_csv: str, virtual_csv: str) -> None:
        self._rows = [_row(r) for r in csv.DictReader(io.StringIO(grades_csv))]
        self._virtual = [_virtual(r) for r in csv.DictReader(io.StringIO(virtual_csv))]
        self._kept: dict[tuple[str, date], GradeTable] = {}

    def on(self, scheme: str, day: date) -> GradeTable:
        """The table of `scheme` in force on `day`. Raises BadInput where no table reaches it."""
        found = self._kept.get((scheme, day))
        if found is None:
            found = self._kept[scheme, day] = self._made(scheme, day)
        return found

    def _made(self, scheme: str, day: date) -> GradeTable:
        rows = [r for r in self._rows if r.scheme == scheme and r.start <= day <= r.end]
        virtual = [v for v in self._virtual if v.scheme == scheme and v.start <= day <= v.end]
        if not rows or not virtual:
            raise BadInput(
                "no-grade-table",
                f"{day.isoformat()} の{SCHEME_NAMES.get(scheme, scheme)}の標準報酬の表がありません。",
            )
        ordered = tuple(r.grade for r in sorted(rows, key=lambda r: r.grade.number))
        sure, beyond = all(r.verified for r in rows), virtual[0]
        return GradeTable(scheme, ordered, beyond.below, beyond.above, sure, beyond.verified)


def _row(row: dict[str, str]) -> _Row:
    lower, upper = (int(row[n]) if row[n] else None for n in ("lower", "upper"))
    grade = Grade(int(row["grade"]), int(row["standard"]), lower, upper)
    return _Row(row["scheme"], grade, *_days(row), row["verified"] == "yes")


def _virtual(row: dict[str, str]) -> _Virtual:
    bounds = int(row["below"]), int(row["above"])
    return _Virtual(row["scheme"], *bounds, *_days(row), row["verified"] == "yes")


def _days(row: dict[str, str]) -> tuple[date, date]:
    end = date.fromisoformat(row["to"]) if row["to"] else date.max
    return date.fromisoformat(row["from"]), end
