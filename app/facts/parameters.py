"""Dated legal figures (resources/parameters): rates, thresholds, ceilings, each with its source.

    [parameter."employment_insurance.weekly_hours"]
    label = "…"    unit = "時間"    law = "…"
    values = [{ from = 2026-04-01, to = 2027-03-31, value = "135/10000", verified = true, source = "…" }]

A value is an integer, or a ratio written as text "n/d". Times do not overlap; a day that no entry
reaches has no figure, which makes what rests on it unknown rather than wrong.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from app.facts.definition import CatalogueFault, Parameter, ParameterValue
from app.facts.toml_text import TomlText

_RATIO = re.compile(r"(\d{1,15})/([1-9]\d{0,14})")
_KEYS = {"label", "unit", "law", "values"}
_VALUE_KEYS = {"from", "to", "value", "verified", "source"}


def read_parameters(texts: dict[str, str]) -> dict[str, Parameter]:
    """The figures of all files by name.

    Raises:
        CatalogueFault: with file, line and reason.
    """
    found: dict[str, Parameter] = {}
    for name, text in texts.items():
        source = TomlText(name, text)
        extra = set(source.tables) - {"parameter"}
        if extra:
            raise CatalogueFault(name, 1, f"知らない見出しがあります: {min(extra)}")
        for key, table in source.tables.get("parameter", {}).items():
            if key in found:
                raise source.fault(key, "", "同じ名前の数値が 2 つあります")
            found[key] = _parameter(source, key, table)
    return found


def _parameter(source: TomlText, key: str, table: dict[str, Any]) -> Parameter:
    if not isinstance(table, dict) or set(table) - _KEYS:
        raise source.fault(key, "", "知らない項目があります")
    label, unit, law = (table.get(word, "") for word in ("label", "unit", "law"))
    entries = table.get("values", [])
    if not label or not entries:
        raise source.fault(key, "", "label と values が要ります")
    values = sorted((_value(source, key, entry) for entry in entries), key=lambda v: v.valid_from)
    for earlier, later in pairwise(values):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise source.fault(key, "values", f"期間が重なっています（{later.valid_from} から）")
    return Parameter(key, label, unit, law, tuple(values))


def _value(source: TomlText, key: str, entry: Any) -> ParameterValue:
    if not isinstance(entry, dict) or set(entry) - _VALUE_KEYS:
        raise source.fault(key, "values", "知らない項目があります")
    start, end = entry.get("from"), entry.get("to")
    if start is None or not _is_day(start) or not (end is None or _is_day(end)):
        raise source.fault(key, "values", "from と to は日付で書いてください")
    if end is not None and end < start:
        raise source.fault(key, "values", "to が from より前です")
    if not isinstance(entry.get("verified"), bool) or not entry.get("source"):
        raise source.fault(key, "values", "verified と source が要ります")
    return ParameterValue(
        _number(source, key, entry.get("value")), start, end, entry["source"], entry["verified"]
    )


def _number(source: TomlText, key: str, value: Any) -> int | Fraction:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise source.fault(key, "values", '値は整数か、"135/10000" の形の分数で書いてください')
    return Fraction(int(found[1]), int(found[2]))


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
