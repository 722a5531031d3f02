"""From the API's JSON to grants (shared/reference/open-data.md sections 1.3 to 1.5).

A field that is missing, null, empty or of another type tells nothing; a record without an id or a
title is not one. Dates come as `…THH:MM:SS.000Z`, `…THH:MM:SSZ` and, in v2, `…THH:MMZ`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.grant import Grant, GrantDetail, GrantFile, GrantRound, GrantSource
from app.domain.grant_words import band_word, industry_words, purpose_words, split_words
from app.services.connectors.jgrants.hollow import FILE_LISTS

KINDS: Final = dict(zip(FILE_LISTS, ("guideline", "outline", "form"), strict=True))
"""The API's lists of files, and the kind each is for us."""

LARGEST_LIMIT: Final = 10**15  # yen; beyond it a number is a mistake
_CONTROL: Final = {code: " " for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0D)}
_ANY_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


class NotJson(Exception):
    """An answer that even the lenient second reading does not take."""


def read_json(body: bytes) -> Any:
    """The answer as JSON; control characters that do not belong there are tolerated. Raises NotJson."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        pass
    text = body.decode("utf-8-sig", "replace")
    for lenient in (text, _ANY_CONTROL.sub(" ", text)):
        try:
            return json.loads(lenient, strict=False)
        except (ValueError, RecursionError):
            continue
    raise NotJson


def records(answer: Any) -> list[Mapping[str, Any]]:
    """The rows of an answer. Raises NotJson when it has another shape."""
    rows = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise NotJson
    return [row for row in rows if isinstance(row, dict)]


def to_grant(row: Mapping[str, Any], *, practice: bool) -> Grant | None:
    """A row of the list, or the common part of a detail; None when it is no grant."""
    ident, title = _line(row, "id"), _line(row, "title")
    if not ident or not title or len(ident) > 18 or not ident.isascii() or not ident.isalnum():
        return None
    industries, purposes = _line(row, "industry"), _line(row, "use_purpose")
    return Grant(
        key=f"{GrantSource.JGRANTS}:{ident}",
        source=GrantSource.JGRANTS,
        id=ident,
        title=title,
        number=_line(row, "name"),
        institution=_line(row, "institution_name"),
        areas=split_words(_line(row, "target_area_search")),
        employees=band_word(_line(row, "target_number_of_employees")),
        max_limit=_yen(row.get("subsidy_max_limit")),
        starts=moment(row.get("acceptance_start_datetime")),
        ends=moment(row.get("acceptance_end_datetime")),
        industries=industry_words(industries) or None,
        purposes=purpose_words(purposes) or None,
        practice=practice or "申請練習用" in title,
    )


def to_detail(
    row: Mapping[str, Any], sizes: Mapping[tuple[str, int], int], *, practice: bool
) -> GrantDetail | None:
    """A detail of v1 or v2; `sizes` are the base64 lengths of its files by (list, place)."""
    grant = to_grant(row, practice=practice)
    if grant is None:
        return None
    rounds = _rounds(row)
    several = row.get("is_enable_multiple_request")
    return GrantDetail(
        grant=_with_round(grant, rounds),
        catch_phrase=_text(row, "subsidy_catch_phrase"),
        body=_text(row, "detail"),
        body_kind="html",
        area_detail=_text(row, "target_area_detail") or (rounds[-1].area_detail if rounds else ""),
        rate=_text(row, "subsidy_rate"),
        type_name=_line(row, "granttype"),
        reception=_line(row, "request_reception_presence"),
        several_requests=several if isinstance(several, bool) else None,
        page_url=_page(row),
        project_ends=moment(row.get("project_end_deadline"))
        or (rounds[-1].project_ends if rounds else None),
        rounds=rounds,
        files=_files(row, sizes),
    )


def moment(value: Any) -> datetime | None:
    """A time of the API in UTC; what cannot be read tells nothing."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rounds(row: Mapping[str, Any]) -> tuple[GrantRound, ...]:
    """The calls of `workflow` by their end; one without an end comes last."""
    listed = row.get("workflow")
    if not isinstance(listed, list):
        return ()
    found = [_round(part) for part in listed if isinstance(part, dict)]
    last = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda r: (r.ends or last, r.name)))


def _round(part: Mapping[str, Any]) -> GrantRound:
    return GrantRound(
        id=_line(part, "id"),
        name=_line(part, "fiscal_year_round"),
        areas=split_words(_line(part, "target_area_search")),
        area_detail=_text(part, "target_area_detail"),
        starts=moment(part.get("acceptance_start_datetime")),
        ends=moment(part.get("acceptance_end_datetime")),
        project_ends=moment(part.get("project_end_deadline")),
    )


def _with_round(grant: Grant, rounds: tuple[GrantRound, ...]) -> Grant:
    """v2 tells time and area of each call only: the grant takes those of the one that ends last."""
    if not rounds:
        return grant
    from dataclasses import replace

    last = rounds[-1]
    areas = tuple(dict.fromkeys(area for part in rounds for area in part.areas))
    return replace(
        grant,
        areas=grant.areas or areas,
        starts=grant.starts or last.starts,
        ends=grant.ends or last.ends,
    )


def _files(row: Mapping[str, Any], sizes: Mapping[tuple[str, int], int]) -> tuple[GrantFile, ...]:
    found: list[GrantFile] = []
    for name, kind in KINDS.items():
        listed = row.get(name)
        for place, part in enumerate(listed if isinstance(listed, list) else ()):
            title = _line(part, "name") if isinstance(part, dict) else ""
            if title:
                length = sizes.get((name, place))
                found.append(GrantFile(kind, title, None if length is None else length * 3 // 4))
    return tuple(found)


def _page(row: Mapping[str, Any]) -> str:
    """The portal's page; only an address one may open."""
    url = _line(row, "front_subsidy_detail_page_url")
    return url if url.startswith(("https://", "http://")) else ""


def _text(row: Mapping[str, Any], key: str) -> str:
    return _whole(row.get(key)).translate(_CONTROL).strip()


def _line(row: Mapping[str, Any], key: str) -> str:
    """A value of one line."""
    return _ANY_CONTROL.sub(" ", _whole(row.get(key))).strip()


def _whole(value: Any) -> str:
    """A text; halves of letters (an escape cut in two) become a question mark."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _yen(value: Any) -> int | None:
    """The limit in yen: 0, null and what is no amount mean that none is told."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 17 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    whole = int(value)
    return whole if 0 < whole <= LARGEST_LIMIT else None
