"""How a grant stands in the public file: as text, and as the numbers it is filtered by."""

from __future__ import annotations

import html
import json
import re
import zlib
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from app.domain.areas import ABROAD, NATIONWIDE, PREFECTURES, prefectures_of
from app.domain.folding import fold
from app.domain.grant import Grant, GrantDetail, GrantFile, GrantRound, GrantSource
from app.domain.grant_words import BANDS

_PLACE: Final = {name: 1 << number for number, name in enumerate((*PREFECTURES, ABROAD))}
NATIONWIDE_BIT: Final = 1 << len(_PLACE)
_TAGS: Final = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]{0,2000}>", re.I | re.S
)
_LINK_TARGET: Final = re.compile(r"\]\([^)\s]{0,2000}\)")

SHOWN_FIELDS: Final = (
    "title", "number", "institution", "category", "areas", "employees", "max_employees", "max_limit",
    "starts", "ends", "industries", "purposes",
)  # fmt: skip
"""The parts of a grant whose change is told."""
DETAIL_FIELDS: Final = (
    "catch_phrase", "body", "area_detail", "rate", "type_name", "reception", "several_requests",
    "page_url", "project_ends", "rounds", "files", "links", "inquiry",
)  # fmt: skip


def merged(listed: Grant | None, told: Grant | None) -> Grant:
    """What the list says, completed by what the detail alone tells. One of them is there."""
    if listed is None or told is None:
        found = listed or told
        assert found is not None
        return found
    gaps = {
        part.name: getattr(told, part.name)
        for part in fields(Grant)
        if getattr(listed, part.name) == part.default
    }
    return replace(listed, **gaps)


# --- numbers


def area_bits(areas: tuple[str, ...]) -> int:
    """The prefectures that the areas cover, 海外, and whether 全国 itself is named."""
    bits = sum(_PLACE[name] for name in prefectures_of(areas))
    if ABROAD in areas:
        bits |= _PLACE[ABROAD]
    return bits | (NATIONWIDE_BIT if NATIONWIDE in areas else 0)


def asked_area_bits(areas: tuple[str, ...]) -> int:
    """What a search for these areas looks at: 全国 only finds what names 全国."""
    bits = area_bits(tuple(area for area in areas if area != NATIONWIDE))
    return bits | (NATIONWIDE_BIT if NATIONWIDE in areas else 0)


def people(grant: Grant) -> tuple[int, int | None]:
    """The fewest and the most employees the grant takes, as far as it tells."""
    least, most = BANDS.get(grant.employees, (0, None))
    if grant.max_employees is not None:
        most = grant.max_employees if most is None else min(most, grant.max_employees)
    return least, most


def seconds(moment: datetime | None) -> int | None:
    """A time as whole seconds since 1970."""
    return None if moment is None else int(moment.timestamp())


# --- text


def folded_text(grant: Grant, detail: GrantDetail | None) -> str:
    """Everything of a grant that words are searched in, folded."""
    parts = [grant.title, grant.number, grant.institution, grant.category, *(grant.purposes or ())]
    if detail is not None:
        links = (text for text, _ in detail.links)
        parts += [
            detail.catch_phrase, words_of(detail.body), detail.area_detail, detail.rate,
            detail.type_name, *(part.name for part in detail.rounds), *links, detail.inquiry,
        ]  # fmt: skip
    return fold("\n".join(part for part in parts if part))


def words_of(body: str) -> str:
    """The words of HTML or Markdown, for the index only: what is shown is cleaned elsewhere."""
    if "<" in body or "&" in body:
        body = html.unescape(_TAGS.sub(" ", body))
    return _LINK_TARGET.sub("] ", body) if "](" in body else body


# --- JSON


def grant_text(grant: Grant) -> str:
    """A grant as JSON; what is as it is by default is left out."""
    form: dict[str, Any] = {}
    for part in fields(Grant):
        value = getattr(grant, part.name)
        if value == part.default:
            continue
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = " / ".join(value)
        form[part.name] = value
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def grant_of(text: str) -> Grant:
    """The grant a text of `grant_text` stands for."""
    form = json.loads(text)
    for name in ("areas", "industries", "purposes"):
        if name in form:
            form[name] = _several(form[name])
    for name in ("starts", "ends"):
        if name in form:
            form[name] = _time(form[name])
    form["source"] = GrantSource(form["source"])
    return Grant(**form)


@lru_cache(maxsize=4096)
def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split(" / ")) if text else ()


@lru_cache(maxsize=8192)
def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def detail_blob(detail: GrantDetail) -> bytes:
    """A detail packed, with the grant as it tells it."""
    form: dict[str, Any] = {
        part.name: _plain(getattr(detail, part.name))
        for part in fields(GrantDetail)
        if part.name != "grant"
    }
    form["grant"] = grant_text(detail.grant)
    return zlib.compress(json.dumps(form, ensure_ascii=False).encode("utf-8"), 1)


def detail_of(blob: bytes) -> GrantDetail:
    """The detail a packed text stands for."""
    form = json.loads(zlib.decompress(blob))
    form["grant"] = grant_of(form["grant"])
    form["project_ends"] = _read(form["project_ends"])
    form["rounds"] = tuple(_round(part) for part in form["rounds"])
    form["files"] = tuple(GrantFile(**part) for part in form["files"])
    form["links"] = tuple((text, url) for text, url in form["links"])
    return GrantDetail(**form)


def _round(form: dict[str, Any]) -> GrantRound:
    times = {name: _read(form[name]) for name in ("starts", "ends", "project_ends")}
    return GrantRound(**(form | times | {"areas": tuple(form["areas"])}))


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, GrantFile | GrantRound):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return value


def spoken(value: Any) -> str:
    """One part of a grant as a change shows it: times in Japan, sums with commas."""
    from app.domain.clock import JST

    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return f"{value.astimezone(JST):%Y-%m-%d %H:%M}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, GrantFile):
        return value.name
    if isinstance(value, GrantRound):
        return f"{value.name} {spoken(value.starts)}～{spoken(value.ends)}"
    if isinstance(value, tuple):
        return "、".join(spoken(part) for part in value)
    return str(value)


def at(stamp: int) -> datetime:
    """A time from whole seconds."""
    return datetime.fromtimestamp(stamp, UTC)
