"""Jグランツ (jGrants) public API of the Digital Agency: the one module that speaks its wire.

Follows shared/reference/open-data.md section 1: list v1, detail v2 with v1 as the other way. The
API reads only; applications are made in the portal.
"""

from __future__ import annotations

from app.services.connectors.jgrants.client import (
    DETAIL_LIMIT,
    DOOR,
    FILE_LIMIT,
    JGrants,
    ListQuery,
    jgrants_pace,
)

ATTRIBUTION = "出典：Jグランツ"
"""The words that must stand wherever the service's data are shown."""

PROCESSED = "この画面は Jグランツのデータを加工して作っています。加工した内容を国が保証するものではありません。"
"""What must be added where the data were processed (searched, ordered, matched)."""

KEYWORDS = (
    "事業", "補助", "支援", "地域", "公募", "助成", "奨励", "給付", "交付", "年度", "経営", "申請", "募集",
    "プログラム", "宣言",
)  # fmt: skip
"""There is no "all": these broad words together find every one of 2,894 published records (section 1.7)."""

__all__ = [
    "ATTRIBUTION",
    "DETAIL_LIMIT",
    "DOOR",
    "FILE_LIMIT",
    "KEYWORDS",
    "PROCESSED",
    "JGrants",
    "ListQuery",
    "jgrants_pace",
]
