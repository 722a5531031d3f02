"""Checks between the fields of one record, each a kind named in resources/nenkin/forms.toml.

A check gives None, or the number of the field at fault and a Japanese sentence. It is asked only of
records whose fields have their shapes, and leaves fields alone that are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from operator import itemgetter
from typing import Any

from app.domain.era import wareki_text
from app.domain.periods import years_after
from app.forms.nenkin.condition import compile_condition
from app.forms.nenkin.dates import read

Record = Sequence[str]
CrossCheck = Callable[[Record, date], "tuple[int, str] | None"]
Table = Mapping[str, Any]


def cross_check(table: Table) -> CrossCheck:
    """The check a table describes. Raises KeyError or ValueError where it cannot be read."""
    made = _KINDS[table["kind"]](table)
    when = table.get("when", "")
    if not when:
        return made
    holds = compile_condition(when)
    return lambda record, today: made(record, today) if holds(record) else None


def _day(record: Record, at: Sequence[int]) -> date | None:
    return read(record[at[0] - 1], record[at[1] - 1])


def _not_future(table: Table) -> CrossCheck:
    at = table["at"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        day = _day(record, at)
        if day is None or day <= today:
            return None
        return at[1], f"{wareki_text(day)}は、まだ来ていない日です。その日から出せます。"

    return check


def _later(table: Table) -> CrossCheck:
    at, than = table["at"], table["than"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        day, before = _day(record, at), _day(record, than)
        if day is None or before is None or day > before:
            return None
        return at[1], f"{wareki_text(day)}は、生年月日の{wareki_text(before)}より後でありません。"

    return check


def _age(table: Table) -> CrossCheck:
    at, birth, years, less = table["at"], table["birth"], table["years"], table["less_days"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        day, born = _day(record, at), _day(record, birth)
        if day is None or born is None:
            return None
        least = years_after(born, years) - timedelta(days=less)
        if day >= least:
            return None
        return at[1], f"{years}歳に達するのは{wareki_text(least)}です。その日より前は書けません。"

    return check


def _days_after(table: Table) -> CrossCheck:
    at, of, days = table["at"], table["of"], table["days"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        day, basis = _day(record, at), _day(record, of)
        if day is None or basis is None or day == basis + timedelta(days=days):
            return None
        rule = "の翌日" if days else "と同じ日"
        return at[1], f"退職日・死亡日の{wareki_text(basis)}{rule}を書きます。"

    return check


def _sum(table: Table) -> CrossCheck:
    first, *rest = (n - 1 for n in table["parts"])
    total, cap = table["total"], table["cap"]
    nothing = frozenset("0" * n for n in range(8)) if len(rest) == 1 else frozenset()
    second, whole = rest[0], total - 1

    def check(record: Record, today: date) -> tuple[int, str] | None:
        if record[first] == record[whole] and record[second] in nothing:
            return None  # the other part is nothing, and the same digits are the same amount
        found = int(record[first] or 0)
        for no in rest:
            found += int(record[no] or 0)
        if found > cap:
            found = cap
        if int(record[total - 1] or 0) == found:
            return None
        return total, f"足した額は{found:,}円です。"

    return check


def _thousands(table: Table) -> CrossCheck:
    parts, total = [n - 1 for n in table["parts"]], table["total"]
    unit, cap = table["unit"], table["cap"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        amount = sum([int(record[n] or 0) for n in parts]) // unit * unit
        found = min(amount, cap)
        if int(record[total - 1] or 0) == found:
            return None
        return total, f"{unit:,}円未満を切り捨てると{found:,}円です。"

    return check


def _minimum(table: Table) -> CrossCheck:
    at, least = table["at"], table["least"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        if int(record[at - 1] or 0) >= least:
            return None
        return at, f"{least:,}円以上でなければなりません。"

    return check


def _third(table: Table) -> CrossCheck:
    total, average = table["total"], table["average"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        found = int(record[total - 1]) // 3
        if int(record[average - 1]) == found:
            return None
        return average, f"総計を3で割ると{found:,}円です。"

    return check


def _range(table: Table) -> CrossCheck:
    at, low, high = table["at"], table["low"], table["high"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        for no in at:
            if not low <= int(record[no - 1]) <= high:
                return no, f"{low}日から{high}日の間でなければなりません。"
        return None

    return check


def _consecutive(table: Table) -> CrossCheck:
    months, after = table["months"], table["next"]

    def check(record: Record, today: date) -> tuple[int, str] | None:
        numbers = [int(record[n - 1]) for n in (*months, after)]
        for place in range(1, 4):
            if numbers[place] != numbers[place - 1] % 12 + 1:
                no = (*months, after)[place]
                return no, f"続いた月なので、{numbers[place - 1] % 12 + 1}月のはずです。"
        return None

    return check


def _counted(table: Table) -> CrossCheck:
    """算定基礎届: the sum and the average over the months of enough days.

    Where 途中入社 is marked, the months not paid in full are left out too, which the record does not
    name: any choice of the months with enough days is taken then.
    """
    days, sums = [n - 1 for n in table["days"]], [n - 1 for n in table["sums"]]
    total, average, cap, general = (table[n] for n in ("total", "average", "cap", "general"))
    short, part, partial = (table[n] - 1 for n in ("short_flag", "part_flag", "partial_flag"))
    all_flags, unmarked = itemgetter(short, part, partial), ("", "", "")
    day_texts, amount_texts, mean = itemgetter(*days), itemgetter(*sums), average - 1
    enough = str(general)  # the days are two digits, so their texts compare as they do

    def check(record: Record, today: date) -> tuple[int, str] | None:
        written = int(record[total - 1])
        if all_flags(record) == unmarked and min(day_texts(record)) >= enough:
            whole = sum(map(int, amount_texts(record)))
            if written == whole <= cap and int(record[mean]) == whole // len(sums):
                return None
        counted = [int(record[n]) for n in days]
        least = general
        if record[short] == "1":
            least = table["short"]
        elif record[part] == "1" and max(counted) < general:
            least = table["part"]
        amounts = [int(record[s]) for s, d in zip(sums, counted, strict=True) if d >= least]
        if record[partial] == "1":
            choices = [c for n in range(len(amounts) + 1) for c in combinations(amounts, n)]
            fitting = [c for c in choices if min(sum(c), cap) == written]
            amounts = list(fitting[0]) if fitting else amounts
        found = min(sum(amounts), cap)
        if written != found:
            return total, f"{least}日以上の月の合計は{found:,}円です。"
        each = min(sum(amounts) // len(amounts), cap) if amounts else 0
        if int(record[mean]) != each:
            return average, f"対象の{len(amounts)}か月で割ると{each:,}円です。"
        return None

    return check


_KINDS: dict[str, Callable[[Table], CrossCheck]] = {
    "not_future": _not_future,
    "later": _later,
    "age": _age,
    "days_after": _days_after,
    "sum": _sum,
    "thousands": _thousands,
    "minimum": _minimum,
    "third": _third,
    "range": _range,
    "consecutive": _consecutive,
    "counted": _counted,
}
