"""The functions a condition or a calculated cell may call over the cells of a form.

`total(field.t, 'col')` and its kin read a table's rows (app.forms.tables): blank cells count for
nothing, a table nobody has filled makes the result unknown. Rounding is always named; a quotient
stays an exact fraction until it is rounded. `known(x, y)` is y while x is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from app.facts import functions
from app.facts.outcome import NoValue
from app.facts.record import Blank

UNKNOWN: Final = None


def _rows(table: Any) -> list[Mapping[str, Any]]:
    return [row.values for row in table.filled_rows] if hasattr(table, "filled_rows") else []


def _numbers(table: Any, column: str) -> list[Any]:
    found = (row.get(column) for row in _rows(table))
    return [n for n in found if isinstance(n, int | Fraction) and not isinstance(n, bool)]


def _is(value: Any, wanted: Any) -> bool:
    return bool(value == wanted)


def total(table: Any, column: str) -> Any:
    """The sum of a column."""
    return sum(_numbers(table, column))


def total_where(table: Any, column: str, by: str, wanted: Any) -> Any:
    """The sum of a column over the rows whose `by` is `wanted`."""
    return sum(_amount(row, column) for row in _rows(table) if _is(row.get(by), wanted))


def total_except(table: Any, column: str, by: str, unwanted: Any) -> Any:
    """The sum of a column over the rows whose `by` is anything else."""
    return sum(_amount(row, column) for row in _rows(table) if not _is(row.get(by), unwanted))


def _amount(row: Mapping[str, Any], column: str) -> Any:
    value = row.get(column)
    return value if isinstance(value, int | Fraction) and not isinstance(value, bool) else 0


def rows(table: Any) -> int:
    """How many rows hold something."""
    return len(_rows(table))


def rows_where(table: Any, by: str, wanted: Any) -> int:
    """How many rows have `wanted` in `by`."""
    return sum(_is(row.get(by), wanted) for row in _rows(table))


def rows_above(table: Any, column: str, bound: Any) -> int:
    """How many rows have more than `bound` in a column."""
    return sum(n > bound for n in _numbers(table, column))


def least(table: Any, column: str) -> Any:
    """The smallest number of a column; unknown where there is none."""
    return min(_numbers(table, column), default=UNKNOWN)


def most(table: Any, column: str) -> Any:
    """The largest number of a column; unknown where there is none."""
    return max(_numbers(table, column), default=UNKNOWN)


def cell(table: Any, key: Any, column: str) -> Any:
    """One cell of a table: by the key of its row, or by its number from 1."""
    found = list(table.filled_rows) if hasattr(table, "filled_rows") else []
    for number, row in enumerate(found, start=1):
        if key in (row.key, number):
            return row.values.get(column)
    return UNKNOWN


def lines(text: Any, width: int) -> Any:
    """How many lines of `width` full-width letters a text takes."""
    if not isinstance(text, str) or width < 1:
        return UNKNOWN
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


def letters(text: Any) -> Any:
    """How many letters."""
    return len(text) if isinstance(text, str) else UNKNOWN


def files(value: Any) -> Any:
    """How many files lie in a file slot."""
    from app.forms.file_slots import files_of

    return len(files_of(value)) if isinstance(value, str) else UNKNOWN


def years_between(first: Any, second: Any) -> Any:
    """Full years from one day to another; negative the other way round."""
    if not isinstance(first, date) or not isinstance(second, date):
        return UNKNOWN
    whole = second.year - first.year
    return whole - ((second.month, second.day) < (first.month, first.day))


def days_between(first: Any, second: Any) -> Any:
    """Days from one day to another."""
    if not isinstance(first, date) or not isinstance(second, date):
        return UNKNOWN
    return (second - first).days


def _smallest(*numbers: Any) -> Any:
    return min(numbers)


def _largest(*numbers: Any) -> Any:
    return max(numbers)


FUNCTIONS: Final[Mapping[str, tuple[Callable[..., Any], int, int]]] = {
    # name: function, fewest and most arguments
    "total": (total, 2, 2),
    "total_where": (total_where, 4, 4),
    "total_except": (total_except, 4, 4),
    "rows": (rows, 1, 1),
    "rows_where": (rows_where, 3, 3),
    "rows_above": (rows_above, 3, 3),
    "least": (least, 2, 2),
    "most": (most, 2, 2),
    "cell": (cell, 3, 3),
    "lines": (lines, 2, 2),
    "letters": (letters, 1, 1),
    "files": (files, 1, 1),
    "years_between": (years_between, 2, 2),
    "days_between": (days_between, 2, 2),
    "min": (_smallest, 2, 10),
    "max": (_largest, 2, 10),
    "floor_to": (functions.floor_to, 1, 2),
    "ceil_to": (functions.ceil_to, 1, 2),
    "trunc_to": (functions.trunc_to, 1, 2),
    "round_half_up": (functions.round_half_up, 1, 2),
    "add_days": (functions.add_days, 2, 2),
    "add_months": (functions.add_months, 2, 2),
    "on_day": (functions.on_day, 2, 2),
    "day": (functions.day_of_month, 1, 1),
    "month": (functions.month, 1, 1),
}


def apply(name: str, values: list[Any]) -> Any:
    """The function over known values; unknown where it has no answer for them."""
    if any(isinstance(value, Blank) for value in values):
        return UNKNOWN
    try:
        return FUNCTIONS[name][0](*values)
    except (NoValue, TypeError, AttributeError, ValueError):
        return UNKNOWN
