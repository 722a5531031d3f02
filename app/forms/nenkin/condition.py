"""Conditions of a layout, such as "16=4|5 & 27!=1", compiled once to a call over a record.

13=      field 13 is empty          13!      field 13 is filled
12=1|3   it is 1 or 3               33!=1    it is not 1 (an empty one is not)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Condition = Callable[[Sequence[str]], bool]

_CLAUSE = re.compile(r"(\d{1,3})(!=|=|!)([0-9|]*)")


def compile_condition(text: str) -> Condition:
    """The call. Raises ValueError where the text cannot be read."""
    clauses = [_clause(part.strip()) for part in text.split("&")]
    if len(clauses) == 1:
        return clauses[0]
    if len(clauses) == 2:
        first, second = clauses
        return lambda record: first(record) and second(record)
    return lambda record: all(clause(record) for clause in clauses)


def _clause(text: str) -> Condition:
    match = _CLAUSE.fullmatch(text)
    if match is None:
        raise ValueError(f"a condition that cannot be read: {text}")
    at, sign = int(match[1]) - 1, match[2]
    values = frozenset(match[3].split("|"))
    if sign == "!":
        return lambda record: record[at] != ""
    if sign == "=":
        return lambda record: record[at] in values
    return lambda record: record[at] not in values


def looked_at(text: str) -> frozenset[int]:
    """The places (from 0) of the fields a condition looks at."""
    matches = (_CLAUSE.fullmatch(part.strip()) for part in text.split("&"))
    return frozenset(int(match[1]) - 1 for match in matches if match is not None)


def spoken(text: str, names: Sequence[str]) -> str:
    """A condition in Japanese, with the names of its fields."""
    told = []
    for part in text.split("&"):
        match = _CLAUSE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"a condition that cannot be read: {part}")
        name, values = names[int(match[1]) - 1], match[3].replace("|", "・")
        if match[2] == "!":
            told.append(f"「{name}」があるとき")
        elif match[2] == "=":
            told.append(f"「{name}」が{values}のとき" if values else f"「{name}」が空のとき")
        else:
            told.append(f"「{name}」が{values}でないとき")
    return "、".join(told)
