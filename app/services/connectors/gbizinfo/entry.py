"""What gBizINFO says of one company, read from either version's JSON (section 2.1 and 2.2).

Absent, null, empty and misshapen fields tell nothing. v1 writes amounts as texts, dates as days, as
times with +09:00 or as `2019-07-14 00:00:00.0`, kana in hiragana, and an open status as "-".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_JAPANESE_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ROUND: Final = re.compile(r"第(\d{1,4})期")
_MOST: Final = 10**16


@dataclass(frozen=True)
class Activity:
    """One certification, commendation, subsidy or procurement; `raw` is the exact text of its
    fields by the API's names, `source` the register it came from."""

    kind: str
    title: str
    day: date | None = None
    amount: int | None = None
    target: str = ""
    category: str = ""
    authority: str = ""
    expires_on: date | None = None
    source: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """Figures of one fiscal year in yen (`employees`: persons). `ends` is "2020-10", "" when the
    answer does not tell which year it is."""

    name: str
    ends: str
    figures: Mapping[str, int]


@dataclass(frozen=True)
class Hojin:
    """One company. `missing` names the parts that the service could not give this time."""

    corporate_number: str
    texts: Mapping[str, str]
    numbers: Mapping[str, int]
    established_on: date | None = None
    updated_on: date | None = None
    closed_on: date | None = None
    industries: tuple[str, ...] = ()
    business_items: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    terms: tuple[Term, ...] = ()
    workplace: Mapping[str, Fraction] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    version: str = "v2"


_TEXTS: Final = (
    "name", "kana", "name_en", "postal_code", "location", "kind", "status", "representative_name",
    "representative_position", "business_summary", "company_url", "close_cause",
)  # fmt: skip
_NUMBERS: Final = (
    "capital_stock", "employee_number", "company_size_male", "company_size_female", "founding_year",
)  # fmt: skip
_DAYS: Final = {
    "certification": "date_of_approval",
    "commendation": "date_of_commendation",
    "subsidy": "date_of_approval",
    "procurement": "date_of_order",
}
ACTIVITIES: Final = tuple(_DAYS)
FIGURES: Final = {
    "net_sales": "net_sales_summary_of_business_results",
    "ordinary_income": "ordinary_income_loss_summary_of_business_results",
    "net_income": "net_income_loss_summary_of_business_results",
    "capital": "capital_stock_summary_of_business_results",
    "net_assets": "net_assets_summary_of_business_results",
    "total_assets": "total_assets_summary_of_business_results",
    "employees": "number_of_employees",
}
"""Our name of a figure → the API's."""


def hojin(parts: Mapping[str, Mapping[str, Any]], missing: tuple[str, ...], version: str) -> Hojin:
    """A company from the answers of its parts ("" is the basic one)."""
    basic = parts.get("", {})
    activities = [
        found
        for kind in ACTIVITIES
        for row in _rows(parts.get(kind, {}).get(kind))
        if (found := _activity(kind, row)) is not None
    ]
    closed = day(basic.get("close_date"))
    return Hojin(
        corporate_number=text(basic.get("corporate_number")),
        texts={name: told for name in _TEXTS if (told := _told(basic.get(name)))},
        numbers={n: number for n in _NUMBERS if (number := whole(basic.get(n))) is not None},
        established_on=day(basic.get("date_of_establishment")),
        updated_on=day(basic.get("update_date")),
        closed_on=closed,
        industries=_list(basic.get("industry")),
        business_items=_list(basic.get("business_items")),
        activities=tuple(activities),
        terms=_terms(parts.get("finance", {}).get("finance")),
        workplace=_workplace(parts.get("workplace", {}).get("workplace_info")),
        missing=missing,
        version=version,
    )


def _activity(kind: str, row: Mapping[str, Any]) -> Activity | None:
    title = text(row.get("title"))
    if not title:
        return None
    meta = row.get("meta-data")
    raw = {name: text(value) for name, value in row.items() if isinstance(value, str | int)}
    return Activity(
        kind=kind,
        title=title,
        day=day(row.get(_DAYS[kind])),
        amount=whole(row.get("amount")),
        target=text(row.get("target")),
        category=text(row.get("category")),
        authority=text(row.get("government_departments")),
        expires_on=day(row.get("expiration_date")),
        source=text(meta.get("source")) if isinstance(meta, dict) else "",
        raw={name: value for name, value in raw.items() if value},
    )


def _terms(finance: Any) -> tuple[Term, ...]:
    if not isinstance(finance, dict):
        return ()
    cover = unicodedata.normalize("NFKC", text(finance.get("fiscal_year_cover_page")))
    number = _ROUND.search(cover)
    days = _JAPANESE_DAY.findall(cover)
    found: list[Term] = []
    for row in _rows(finance.get("management_index")):
        name = text(row.get("period"))
        figures = {
            ours: value
            for ours, theirs in FIGURES.items()
            if text(row.get(f"{theirs}_unit_ref")) in ("", "JPY", "pure")
            and (value := whole(row.get(theirs), least=-_MOST)) is not None
        }
        if figures:
            found.append(Term(name, _end_of(name, number, days), figures))
    return tuple(found)


def _end_of(period: str, number: re.Match[str] | None, days: list[tuple[str, str, str]]) -> str:
    """The month a term ends in: its own date, or counted back from the one on the cover page."""
    plain = unicodedata.normalize("NFKC", period)
    if own := (_JAPANESE_DAY.findall(plain) or _DAY.findall(plain)):
        return f"{int(own[-1][0]):04}-{int(own[-1][1]):02}"
    told = _ROUND.search(plain)
    if told is None or number is None or not days:
        return ""
    back = int(number[1]) - int(told[1])
    year, month = int(days[-1][0]) - back, int(days[-1][1])
    return f"{year:04}-{month:02}" if 0 <= back < 10 and 1 <= month <= 12 else ""


def _workplace(info: Any) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for part in info.values() if isinstance(info, dict) else ():
        for name, value in part.items() if isinstance(part, dict) else ():
            number = _ratio(value)
            if number is not None:
                found[name] = number
    return found


def _ratio(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        return None
    return number if 0 <= number < _MOST else None


def text(value: Any) -> str:
    """A text of one line; numbers as they are written."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    plain = str(value).encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", plain).strip()


def whole(value: Any, least: int = 0) -> int | None:
    """A whole number, also written as a text; None for anything else."""
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value).replace(",", "").strip()
        value = int(plain) if re.fullmatch(r"-?[0-9]{1,17}", plain) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value < _MOST else None


def day(value: Any) -> date | None:
    """A day in Japan of any of the shapes seen; None for anything else."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _told(value: Any) -> str:
    told = text(value)
    return "" if told == "-" else told


def _list(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else ()
    return tuple(found for part in parts if (found := text(part)))


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
