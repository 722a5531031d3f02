"""The filters of the practice gBizINFO search, and what is wrong with a query."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from app.sandbox.gbizinfo_book import CHILDREN, activities

Row = dict[str, Any]
Test = Callable[[Row, dict[str, str], str], bool]
_TYPES = {"101", "201", "301", "302", "303", "304", "305", "399", "401", "499"}
_SOURCES = {
    "1": "procurement",
    "2": "commendation",
    "3": "certification",
    "4": "subsidy",
    "5": "patent",
    "6": "finance",
}
_MINISTRIES_NAMES = (
    "国税庁 会計検査院 内閣官房 人事院 内閣府 宮内庁 国家公安委員会 防衛省 金融庁 総務省 法務省 外務省 財務省 "
    "文部科学省 厚生労働省 農林水産省 経済産業省 国土交通省 環境省 消費者庁 復興庁 公正取引委員会 "
    "個人情報保護委員会 特許庁 消防庁 資源エネルギー庁 中小企業庁"
)
_MINISTRIES = tuple(_MINISTRIES_NAMES.split())
_CLASSES: dict[str, tuple[str, str, tuple[float, ...]]] = {
    "average_continuous_service_years": (
        "base_infos",
        "average_continuous_service_years",
        (5, 10, 20),
    ),
    "average_age": ("base_infos", "average_age", (30, 45, 60)),
    "month_average_predetermined_overtime_hours": (
        "base_infos",
        "month_average_predetermined_overtime_hours",
        (20, 40),
    ),
    "female_workers_proportion": (
        "women_activity_infos",
        "female_workers_proportion",
        (20, 40, 60),
    ),
}
_SUMS = ("net_sales", "total_assets")
_RANGES = {"capital_stock", "employee_number", "procurement_amount", "subsidy_amount"} | {
    f"{name}_summary_of_business_results" for name in _SUMS
}
_WHOLE = {f"{name}_{end}" for name in _RANGES for end in ("from", "to")} | {"page", "limit"}
KNOWN = (
    {"corporate_number", "name", "exist_flg", "corporate_type", "prefecture", "city"}
    | {"founded_year", "patent", "procurement", "subsidy", "certification", "ministry", "source"}
    | (_WHOLE - {"page", "limit"})
    | set(_CLASSES)
)


def faults(query: dict[str, str]) -> list[dict[str, str]]:
    """The entries of `errors` for a search; empty when it can be answered."""
    found = []
    for name, value in query.items():
        parts = value.split(",")
        wrong = (
            (name in _WHOLE and not re.fullmatch(r"[0-9]*", value))
            or (name in ("exist_flg", "metadata_flg") and value not in ("true", "false"))
            or (name == "corporate_number" and not re.fullmatch(r"[0-9]{13}", value))
            or (name == "corporate_type" and not set(parts) <= _TYPES)
            or (name == "source" and not set(parts) <= set(_SOURCES))
            or (name == "prefecture" and not re.fullmatch(r"[0-9]{2}", value))
            or (name == "city" and not re.fullmatch(r"[0-9]{3}", value))
            or (name in _CLASSES and not _letters(name) >= set(parts))
            or (
                name in ("founded_year", "ministry")
                and not all(re.fullmatch(r"[0-9]+", part) for part in parts)
            )
        )
        if wrong:
            found.append({"item": name, "message": "値に誤りがあります。"})
    if not found:
        if not 1 <= int(query.get("page") or "1") <= 10:
            found.append({"item": "page", "message": "1から10で指定してください。"})
        if int(query.get("limit") or "1000") > 5000:
            found.append({"item": "limit", "message": "0から5000で指定してください。"})
    return found


def _letters(name: str) -> set[str]:
    return set("ABCD"[: len(_CLASSES[name][2]) + 1])


def fits(company: Row, place: dict[str, str], query: dict[str, str]) -> bool:
    """Whether a company is found; `place` is its corporate-number row (empty for added ones)."""
    basic = company["basic"]
    for name, value in query.items():
        if not value or name not in KNOWN:
            continue
        if name.endswith(("_from", "_to")):
            good = _within(company, name, int(value))
        elif name in _CLASSES:
            good = _classed(company, name, value.split(","))
        elif name in _PLAIN:
            good = _PLAIN[name](basic, place, value)
        else:
            good = _active(company, name, value)
        if not good:
            return False
    return True


_PLAIN: dict[str, Test] = {
    "corporate_number": lambda basic, place, value: basic.get("corporate_number") == value,
    "name": lambda basic, place, value: value in basic.get("name", ""),
    "corporate_type": lambda basic, place, value: basic.get("kind") in value.split(","),
    "prefecture": lambda basic, place, value: place.get("prefectureCode") == value,
    "city": lambda basic, place, value: place.get("cityCode") == value,
    "founded_year": lambda basic, place, value: (
        str(basic.get("founding_year") or basic.get("date_of_establishment", "")[:4])
        in value.split(",")
    ),
}


def _active(company: Row, name: str, value: str) -> bool:
    if name == "exist_flg":
        return (activities(company) > 0) == (value == "true")
    if name == "source":
        return any(company.get(_SOURCES[code]) for code in value.split(","))
    if name == "ministry":
        wanted = {
            _MINISTRIES[int(c) - 1] for c in value.split(",") if 0 < int(c) <= len(_MINISTRIES)
        }
        return any(item.get("government_departments") in wanted for item in _items(company))
    if name == "procurement":
        return any(
            value in item.get("government_departments", "") for item in company.get(name, [])
        )
    held = list(company.get(name, []))
    held += company.get("commendation", []) if name == "certification" else []
    return any(value in item.get("title", "") for item in held)


def _items(company: Row) -> list[Row]:
    lists = [company.get(key) for key in CHILDREN.values()]
    return [item for held in lists if isinstance(held, list) for item in held]


def _within(company: Row, name: str, bound: int) -> bool:
    quantity, _, end = name.rpartition("_")
    held: list[Any]
    if quantity in ("procurement_amount", "subsidy_amount"):
        held = [item.get("amount") for item in company.get(quantity.partition("_")[0], [])]
    elif quantity.endswith("_results"):
        periods = company.get("finance", {}).get("management_index", [])
        held = [period.get(quantity) for period in periods[-1:]]
    else:
        held = [company["basic"].get(quantity)]
    numbers = [int(value) for value in held if value not in (None, "")]
    return any(number >= bound if end == "from" else number <= bound for number in numbers)


def _classed(company: Row, name: str, letters: list[str]) -> bool:
    group, field, bounds = _CLASSES[name]
    value = company.get("workplace_info", {}).get(group, {}).get(field)
    if value is None:
        return False
    # 月平均所定外労働時間 is "under 20 hours", the other classes are "up to".
    under = name.startswith("month")
    place = sum(value >= bound if under else value > bound for bound in bounds)
    return "ABCD"[place] in letters
