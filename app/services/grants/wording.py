"""Sentences of the rules with their figures put in.

Formats: {x} as it is, {x:n} a whole number, {x:yen} an amount (3億5,000万円), {x:day} a Japanese date with
its time, {x:until} the same where it ends something.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from app.domain.clock import JST
from app.domain.era import wareki_text
from app.domain.errors import BadInput
from app.facts.record import Blank, Value

Shown = Value | datetime | tuple[str, ...] | None
_HOLE: Final = re.compile(r"\{(\w+)(?::(\w*))?\}")


class _Unsaid(Exception):
    """A sentence needs a figure that is not known."""


def said(sentences: tuple[str, ...], figure: Callable[[str], Shown]) -> str:
    """The first sentence whose figures are all known; "" where there is none."""
    for sentence in sentences:
        try:
            return _HOLE.sub(lambda hole: _written(figure(hole[1]), hole[2] or ""), sentence)
        except _Unsaid:
            continue
    return ""


def yen(amount: int) -> str:
    """An amount as people write it: 300000000 → 3億円, 12345678 → 1,234万5,678円."""
    if amount < 0:
        return f"－{yen(-amount)}"
    parts = []
    for unit, word in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        count, amount = divmod(amount, unit)
        if count:
            parts.append(f"{count:,}{word}")
    return ("".join(parts) or "0") + "円"


def day(value: date) -> str:
    """A date in the Japanese calendar, or in the western one where that has no era."""
    try:
        return wareki_text(value)
    except BadInput:
        return f"{value.year}年{value.month}月{value.day}日"


def _moment(local: datetime, until: bool) -> str:
    """A day and its time; an end at midnight is 24時 of the day before."""
    if until and (local.hour, local.minute) == (0, 0):
        return f"{day((local - timedelta(days=1)).date())}24時"
    hour = f"{local.hour}時" if local.hour or local.minute else ""
    return f"{day(local.date())}{hour}" + (f"{local.minute}分" if local.minute else "")


def _written(value: Shown, spec: str) -> str:
    if value is None or isinstance(value, Blank):
        raise _Unsaid
    if spec == "yen" and isinstance(value, int | Fraction):
        return yen(int(value))
    if spec == "n" and isinstance(value, int | Fraction):
        return f"{int(value):,}"
    if isinstance(value, datetime):
        return _moment(value.astimezone(JST), spec == "until")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return "、".join(value)
    return str(value)
