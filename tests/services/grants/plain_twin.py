"""The slow, obvious twin of the matching: one grant, one company, plain Python, nothing shared.

A company is a mapping of what is known; a name that is not in it is not known. `None` is "not known".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from app.domain.grant import Grant

KANTO = [
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "山梨県",
    "長野県",
]
BLOCKS = {"四国地方": ["徳島県", "香川県", "愛媛県", "高知県"], "関東・甲信越地方": KANTO}
BANDS = {
    "5名以下": 5,
    "20名以下": 20,
    "50名以下": 50,
    "100名以下": 100,
    "300名以下": 300,
    "900名以下": 900,
}
RETAIL = ["56", "57", "58", "59", "60", "61", "76", "77"]
WHOLESALE = ["50", "51", "52", "53", "54", "55"]
SERVICE = [str(n) for n in (38, 39, 70, *range(71, 76), *range(78, 97)) if n not in (76, 77)]
TRADES = {"09": "製造業", "24": "製造業", "06": "建設業", "56": "卸売業、小売業", "50": "卸売業、小売業",
          "39": "情報通信業", "75": "宿泊業、飲食サービス業", "76": "宿泊業、飲食サービス業",
          "80": "生活関連サービス業、娯楽業", "79": "生活関連サービス業、娯楽業", "19": "製造業"}  # fmt: skip


def every(values: Iterable[bool | None]) -> bool | None:
    """Three-valued "and"."""
    listed = list(values)
    return False if False in listed else None if None in listed else True


def some(values: Iterable[bool | None]) -> bool | None:
    """Three-valued "or"."""
    listed = list(values)
    return True if True in listed else None if None in listed else False


def verdict(grant: Grant, company: Mapping[str, Any], now: datetime) -> bool | None:
    """Whether a grant fits: no for a call that has ended."""
    if grant.ends is not None and grant.ends < now:
        return False
    parts = [_area(grant, company), _employees(grant, company), _industry(grant, company)]
    if grant.max_capital is not None:
        parts.append(_at_most(company.get("capital"), grant.max_capital))
    if grant.max_established_years is not None:
        parts.append(_young(company.get("established"), grant.max_established_years, now.date()))
    if grant.purposes is None and grant.source == "jgrants":
        parts.append(None)
    return every([*parts, *_scheme(grant.title, company)])


def _at_most(value: int | None, limit: int) -> bool | None:
    return None if value is None else value <= limit


def _young(established: date | None, years: int, today: date) -> bool | None:
    if established is None:
        return None
    return today <= established.replace(year=established.year + years)


def _area(grant: Grant, company: Mapping[str, Any]) -> bool | None:
    if not grant.areas:
        return None
    if "全国" in grant.areas:
        return True
    covered = {p for area in grant.areas for p in BLOCKS.get(area, [area])}
    here = company.get("prefecture")
    offices = [office in covered for office in company.get("offices", [])]
    return some([None if here is None else here in covered, *offices])


def _employees(grant: Grant, company: Mapping[str, Any]) -> bool | None:
    count = company.get("employees")
    if grant.max_employees is not None:
        return _at_most(count, grant.max_employees)
    if not grant.employees:
        return None if grant.source == "jgrants" else True
    if grant.employees == "従業員数の制約なし":
        return True
    if grant.employees == "901名以上":
        return None if count is None else bool(count >= 901)
    return _at_most(count, BANDS[grant.employees])


def _industry(grant: Grant, company: Mapping[str, Any]) -> bool | None:
    if grant.industries is None:
        return None
    if not grant.industries:
        return True
    code = company.get("code")
    return (
        None
        if code is None
        else TRADES[code[:2]] in [i.replace("，", "、") for i in grant.industries]
    )


def _class(code: str) -> str:
    if code[:2] in WHOLESALE:
        return "wholesale"
    if code[:2] in RETAIL:
        return "retail"
    return "service" if code[:2] in SERVICE and code[:3] != "791" else "other"


def _within(company: Mapping[str, Any], special: bool) -> bool | None:
    """Whether capital or employees lie within the limits; with the subsidies' own table, or not."""
    limits = {"wholesale": (10**8, 100), "retail": (5 * 10**7, 50), "service": (5 * 10**7, 100)}
    capital, count, code = company.get("capital"), company.get("employees"), company.get("code")
    if (count is not None and count <= 50) or (capital is not None and capital <= 5 * 10**7):
        return True
    if code is None:
        return None
    most_capital, most = limits.get(_class(code), (3 * 10**8, 300))
    if special and code[:3] in ("391", "392"):
        most_capital, most = 3 * 10**8, 300
    elif special and code[:2] == "75":
        most = 200
    elif special and code[:2] == "19" and code[:3] != "191" and code != "1931":
        most = 900
    return some([_at_most(capital, most_capital), _at_most(count, most)])


def _scheme(title: str, company: Mapping[str, Any]) -> list[bool | None]:
    income = _at_most(company.get("income"), 1_500_000_000)
    deemed = company.get("deemed")
    not_deemed = None if deemed is None else not deemed
    if "小規模事業者持続化補助金" in title:
        return [_small(company), None, income, None]
    if "ものづくり・商業・サービス" in title:
        return [_within(company, True) or None, not_deemed, income]
    if "IT導入補助金" in title.replace("ＩＴ", "IT"):
        return [_within(company, True), not_deemed]
    return [_within(company, False) or None] if "中小企業" in title else []


def _small(company: Mapping[str, Any]) -> bool | None:
    count, code = company.get("employees"), company.get("code")
    if count is None:
        return None
    if count <= 5 or count > 20:
        return bool(count <= 5)
    if code is None:
        return None
    return _class(code) == "other" or code[:2] in ("75", "80")
