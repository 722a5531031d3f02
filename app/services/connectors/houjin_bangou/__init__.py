"""国税庁 法人番号システム Web-API Ver.4: the one module that speaks its wire.

Follows shared/reference/open-data.md section 3.1 (`num`, type 12 = XML in UTF-8).
"""

from __future__ import annotations

from app.services.connectors.houjin_bangou.client import HoujinBangou, register_pace
from app.services.connectors.houjin_bangou.entry import KINDS, RegisterEntry
from app.services.connectors.houjin_bangou.facts import to_records

ATTRIBUTION = (
    "国税庁法人番号システムWeb-API機能を利用して取得した情報をもとに作成しているが、"
    "サービスの内容は国税庁によって保証されたものではない"
)
"""The words that must stand wherever the service's data are shown."""

NOT_FOUND = (
    "この法人番号の会社は、国税庁の登録に見つかりません。番号を見くらべてください。"
    "設立してすぐのときは、登録まで数日かかります。"
)
"""What to say when `by_number` gives None."""

__all__ = [
    "ATTRIBUTION",
    "KINDS",
    "NOT_FOUND",
    "HoujinBangou",
    "RegisterEntry",
    "register_pace",
    "to_records",
]
