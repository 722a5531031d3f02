"""A change of a published record in words: which part, what stood there, what stands there now."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from app.domain.grant import GrantChange

PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "名前", "number": "番号", "institution": "実施機関", "category": "種類",
        "areas": "地域", "employees": "従業員の範囲", "max_employees": "従業員の上限",
        "max_limit": "上限額", "starts": "受付の始まり", "ends": "締切", "industries": "業種",
        "purposes": "目的", "catch_phrase": "ひとこと", "body": "内容", "area_detail": "地域の説明",
        "rate": "補助率", "type_name": "型", "reception": "受付の状態",
        "several_requests": "何度も申請できるか", "page_url": "募集のページ",
        "project_ends": "事業の終わり", "rounds": "公募の回", "files": "発行元のファイル",
        "links": "リンク", "inquiry": "問い合わせ先",
    }
)  # fmt: skip
_DROPPED: Final = re.compile(r"(?is)<(script|style|iframe)\b.*?(?:</\1\s*>|\Z)")
_BREAKS: Final = re.compile(r"(?i)<(?:br|/p|/li|/h[1-6]|/tr|/div)\b[^>]{0,2000}>")
_TAG: Final = re.compile(r"(?s)<[^>]{0,2000}(?:>|\Z)")


def in_words(change: GrantChange) -> GrantChange:
    """The change with the part in Japanese and texts without their markup, shortened to where they differ."""
    before, after = change.before, change.after
    if change.field == "body":
        before, after = _parting(_plain(before), _plain(after))
    return replace(change, field=PARTS.get(change.field, change.field), before=before, after=after)


def _plain(text: str) -> str:
    """What a person reads of a text with markup; it is shown as plain text, never as HTML."""
    bare = _TAG.sub("", _BREAKS.sub("\n", _DROPPED.sub("", text)))
    return re.sub(r"\s*\n\s*", "\n", html.unescape(bare)).strip()


def _parting(before: str, after: str) -> tuple[str, str]:
    """Both from a little before the first letter that differs."""
    if before == after:
        return before, after
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    begin = max(0, same - 20)
    mark = "…" if begin else ""
    return mark + before[begin:], mark + after[begin:]
