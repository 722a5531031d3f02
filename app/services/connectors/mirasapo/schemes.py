"""Reading the archive: each item of `supports.json` becomes a detail of category 金融, 税制, …"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from app.domain.areas import NATIONWIDE, PREFECTURES
from app.domain.clock import JST
from app.domain.errors import BadInput
from app.domain.grant import Grant, GrantDetail, GrantSource
from app.domain.grant_words import industry_word
from app.forms.archive import read_archive

AS_OF: Final = "2023年10月時点"
"""When the shipped copy was taken; it must stand beside its data."""
ATTRIBUTION: Final = "出典：中小企業庁 ミラサポplus 制度ナビ(2023年10月時点)を加工して作成"

CATEGORIES: Final = ("給付・補助金", "金融", "税制", "許認可", "サービス")

# The scheme's own purposes → those of Jグランツ, so that one filter finds both; what has no
# counterpart there keeps its own word.
PURPOSES: Final = {
    "販路開拓": "販路拡大・海外展開をしたい",
    "設備投資": "設備整備・IT導入をしたい",
    "IT化": "設備整備・IT導入をしたい",
    "資金繰り": "資金繰りを改善したい",
    "人材": "人材育成を行いたい",
    "起業・創業": "新たな事業を行いたい",
    "事業承継": "事業を引き継ぎたい",
    "災害対応": "災害（自然災害、感染症等）支援がほしい",
}

# What of an item is text, under the heading the page shows.
_PARTS: Final = (
    ("", "summary"), ("対象となる方", "target"), ("対象となるもの", "application_target"),
    ("内容", "body"), ("使い方", "usage"), ("受付について", "reception_remarks"),
    ("対象の地域", "area"), ("根拠となる法律", "governing_law"), ("実施する機関", "support_organization"),
    ("参考", "refernece"),
)  # fmt: skip
_LINK: Final = re.compile(r"\[([^\]\n]{1,300})\]\s?\n?\((https?://[^\s()]{1,1000})\)")


def read_schemes(content: bytes) -> list[GrantDetail]:
    """The schemes of a ZIP as it is published; items that are no scheme are left out.

    Raises:
        BadInput: the archive is hostile or holds no `supports.json` of the known layout.
    """
    files = {file.name.rsplit("/", 1)[-1]: file.content for file in read_archive(content)}
    try:
        items = json.loads(files["supports.json"])["items"]
    except (KeyError, TypeError, ValueError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise BadInput(
            "mirasapo-unread",
            "ミラサポplusの制度の一覧として読めません。supports.zip を選んでください。",
        )
    found = (_scheme(item) for item in items if isinstance(item, dict))
    return [scheme for scheme in found if scheme is not None]


def _scheme(item: Mapping[str, Any]) -> GrantDetail | None:
    ident, title = _text(item, "id"), _text(item, "title").replace("\n", " ")
    if not ident.isascii() or not ident.isalnum() or not title:
        return None
    authorities = _names(item, "competent_authorities")
    purposes = dict.fromkeys(
        PURPOSES.get(name, name) for name in _names(item, "purpose_categories")
    )
    industries = tuple(industry_word(name) for name in _names(item, "industry_categories"))
    grant = Grant(
        key=f"{GrantSource.MIRASAPO}:{ident}",
        source=GrantSource.MIRASAPO,
        id=ident,
        title=title,
        number=_text(item, "number"),
        institution="、".join(authorities),
        category=_category(item),
        areas=_areas(item),
        max_employees=_people(item.get("max_employees_count")),
        starts=_day(item, "reception_start_date"),
        ends=_day(item, "reception_end_date", last=True),
        industries=industries or None,
        purposes=tuple(purposes) or None,
    )
    return GrantDetail(
        grant=grant,
        catch_phrase=_text(item, "subtitle"),
        body=_body(item),
        body_kind="markdown",
        area_detail=_text(item, "area"),
        page_url=_address(_text(item, "application_url")),
        links=_links(item),
        inquiry=_text(item, "inquiry"),
    )


def _category(item: Mapping[str, Any]) -> str:
    """The first of our order that the scheme names: a grant that is also a service is a grant."""
    named = {name.replace(" ", "") for name in _names(item, "service_categories")}
    return next((known for known in CATEGORIES if known in named), "サービス")


def _areas(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The prefectures; without any, those of the authority: the state's schemes hold everywhere."""
    named = tuple(name for name in _names(item, "prefectures") if name in PREFECTURES)
    if named:
        return named
    listed = item.get("competent_authorities")
    authorities = [a for a in listed if isinstance(a, dict)] if isinstance(listed, list) else []
    towns = [p for p in PREFECTURES if any(_text(a, "name").startswith(p) for a in authorities)]
    if towns:
        return tuple(towns)
    return (NATIONWIDE,) if any(a.get("kind") == "gov" for a in authorities) else ()


def _body(item: Mapping[str, Any]) -> str:
    parts: list[str] = []
    for heading, key in _PARTS:
        text = _text(item, key)
        if text:
            parts.append(f"## {heading}\n\n{text}" if heading else text)
    return "\n\n".join(parts)


def _links(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    if url := _address(_text(item, "application_url")):
        found[url] = "申請のページ"
    for text, url in _LINK.findall(_text(item, "refernece")):
        found.setdefault(url, text)
    listed = item.get("related_supports")
    for part in listed if isinstance(listed, list) else ():
        if isinstance(part, dict) and (url := _address(_text(part, "url"))):
            found.setdefault(url, _text(part, "title") or url)
    return tuple((text, url) for url, text in found.items())


def _address(text: str) -> str:
    whole = text.startswith(("https://", "http://")) and not re.search(r"\s", text)
    return text if whole else ""


def _day(item: Mapping[str, Any], key: str, *, last: bool = False) -> datetime | None:
    """A day in Japan: its beginning, or its last second. A day of 2050 and later means no end."""
    try:
        day = datetime.strptime(_text(item, key), "%Y-%m-%d").date()
    except ValueError:
        return None
    if last and day.year >= 2050:
        return None
    moment = datetime.combine(day, time(), JST)
    return (moment + timedelta(days=1, seconds=-1) if last else moment).astimezone(UTC)


def _people(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _names(item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    listed = item.get(key)
    parts = listed if isinstance(listed, list) else ()
    names = [_text(part, "name") for part in parts if isinstance(part, dict)]
    return tuple(name for name in names if name)


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").strip()
