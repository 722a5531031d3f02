"""Taking employees and their pay in from a table: every bad row with its reasons, no row by halves.

Nothing is stored here: the records of the good rows are given back in one piece, for one append.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.errors import BadInput
from app.domain.kana import to_full_kana
from app.facts.definition import FactDef
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.services.social.cell_values import cell_value, month_value, two_names
from app.services.social.columns import KANA, KEY, MONTH, NAME, Columns, ColumnWords

_NUMBER = "social_insurance.number"
_CODE = "code"


@dataclass(frozen=True)
class BadCell:
    """One reason: the row as the table counts it (the heading is 1), the column, what stands there."""

    row: int
    heading: str
    text: str = field(repr=False)
    sentence: str


@dataclass(frozen=True)
class TakenIn:
    """What a table came to. `records` are those of the good rows only; the rest is counted.

    `new` and `changed` count employees, `same` cells that said what was known already.
    """

    records: tuple[Record, ...] = field(repr=False)
    bad: tuple[BadCell, ...]
    rows: int
    good_rows: int
    new: int
    changed: int
    same: int


@dataclass(frozen=True)
class _Plan:
    """How a row is read: the column that tells who, the month's, and (column, target, fact)."""

    key_at: int
    told_by: str
    month_at: int | None
    columns: tuple[tuple[int, str, FactDef | None], ...]


def take_in(
    rows: Iterable[tuple[str, ...]],
    columns: Columns,
    words: ColumnWords,
    graph: Graph,
    *,
    file_digest: str,
    now: datetime,
    file_name: str = "",
    new_member: Callable[[], str] = lambda: secrets.token_hex(5),
) -> TakenIn:
    """The records of a table whose first row is the heading. Raises BadInput for wrong columns.

    Each record's locator names the file (by `file_name`, and by its digest) and the row.
    """
    words.check(columns)
    plan = _plan(columns, words)
    known = graph.told("employees")
    members = {
        str(told[plan.told_by]): member for member, told in known.items() if plan.told_by in told
    }
    came: dict[str, str] = {}
    records: list[Record] = []
    bad: list[BadCell] = []
    good, count, same, seen = 0, 0, 0, set()
    for number, row in enumerate(rows, 1):
        if number == 1 or not any(row):
            continue
        count += 1
        cells, reasons = _read(row, number, plan, columns)
        key = cells.get(plan.told_by, "")
        place = (key, row[plan.month_at] if plan.month_at is not None else "")
        if not reasons and place in seen:
            reasons = [BadCell(number, columns.headings[plan.key_at], str(key), _TWICE)]
        if reasons:
            bad.extend(reasons)
            continue
        seen.add(place)
        good += 1
        member = members.get(str(key)) or came.setdefault(str(key), new_member())
        told = known.get(member, {})
        for leaf, value in cells.items():
            if leaf in told and told[leaf] == value and type(told[leaf]) is type(value):
                same += 1
                continue
            locator = {"file": file_name or file_digest, "row": str(number), "sha256": file_digest}
            path = f"employees[{member}].{leaf}"
            records.append(Record(path, value, Origin.BOOKS, now, str(value), locator))
    touched = {r.path[10 : r.path.index("]")] for r in records}
    new = set(came.values())
    return TakenIn(tuple(records), tuple(bad), count, good, len(new), len(touched - new), same)


_TWICE = "同じ人（同じ月）の行が二つあります。どちらか一つにしてください。"


def digest_of(content: bytes) -> str:
    """What a file is known by in the origin of its records."""
    return hashlib.sha256(content).hexdigest()


def _plan(columns: Columns, words: ColumnWords) -> _Plan:
    key_at, told_by = columns.at(KEY), _CODE
    if key_at is None:
        key_at, told_by = columns.targets.index(_NUMBER), _NUMBER
    read = tuple(
        (at, target, words.definition(target))
        for at, target in enumerate(columns.targets)
        if target and target not in (KEY, MONTH)
    )
    return _Plan(key_at, told_by, columns.at(MONTH), read)


def _read(
    row: tuple[str, ...], number: int, plan: _Plan, columns: Columns
) -> tuple[dict[str, Value], list[BadCell]]:
    cells: dict[str, Value] = {}
    reasons: list[BadCell] = []

    def refuse(at: int, sentence: str) -> None:
        text = row[at] if at < len(row) else ""
        reasons.append(BadCell(number, columns.headings[at], text, sentence))

    if len(row) > len(columns.headings) and any(row[len(columns.headings) :]):
        refuse(
            len(columns.headings) - 1, "見出しより列の多い行です。コンマの数を確かめてください。"
        )
    key = row[plan.key_at].strip() if plan.key_at < len(row) else ""
    if not key:
        refuse(plan.key_at, "だれの行かが分かりません。")
    month = _month(row, plan, refuse)
    if plan.told_by == _CODE:
        cells[_CODE] = key
    for at, target, definition in plan.columns:
        text = row[at].strip() if at < len(row) else ""
        if not text:
            continue
        try:
            cells |= _values(target, definition, text, month)
        except BadInput as wrong:
            refuse(at, wrong.sentence)
    return cells, reasons


def _month(row: tuple[str, ...], plan: _Plan, refuse: Callable[[int, str], None]) -> str:
    if plan.month_at is None:
        return ""
    try:
        return month_value(row[plan.month_at] if plan.month_at < len(row) else "")
    except BadInput as wrong:
        refuse(plan.month_at, wrong.sentence)
        return ""


def _values(target: str, definition: FactDef | None, text: str, month: str) -> Mapping[str, Value]:
    if target == NAME:
        family, given = two_names(text)
        return {"family_name": family, "given_name": given}
    if target == KANA:
        family, given = two_names(text)
        return {"family_kana": to_full_kana(family), "given_kana": to_full_kana(given)}
    if definition is None:
        return {}
    leaf = target.replace("[month]", f"[{month}]")
    return {leaf: cell_value(definition, text)} if "[]" not in leaf else {}
