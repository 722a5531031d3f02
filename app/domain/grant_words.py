"""The words the jGrants API allows for purpose, industry and number of employees.

shared/reference/open-data.md section 1.2. Older records and clients write some of them otherwise;
`*_word` gives the present spelling, and an unknown word as it is: it is the publisher's, not ours.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

PURPOSES: Final = (
    "新たな事業を行いたい", "販路拡大・海外展開をしたい", "イベント・事業運営支援がほしい",
    "事業を引き継ぎたい", "研究開発・実証事業を行いたい", "人材育成を行いたい", "資金繰りを改善したい",
    "設備整備・IT導入をしたい", "雇用・職場環境を改善したい", "エコ・SDGs活動支援がほしい",
    "災害（自然災害、感染症等）支援がほしい", "教育・子育て・少子化支援がほしい",
    "スポーツ・文化支援がほしい", "安全・防災対策支援がほしい", "まちづくり・地域振興支援がほしい",
)  # fmt: skip

INDUSTRIES: Final = MappingProxyType(
    {
        "A": "農業、林業", "B": "漁業", "C": "鉱業、採石業、砂利採取業", "D": "建設業", "E": "製造業",
        "F": "電気・ガス・熱供給・水道業", "G": "情報通信業", "H": "運輸業、郵便業",
        "I": "卸売業、小売業", "J": "金融業、保険業", "K": "不動産業、物品賃貸業",
        "L": "学術研究、専門・技術サービス業", "M": "宿泊業、飲食サービス業",
        "N": "生活関連サービス業、娯楽業", "O": "教育、学習支援業", "P": "医療、福祉",
        "Q": "複合サービス事業", "R": "サービス業（他に分類されないもの）",
        "S": "公務（他に分類されるものを除く）", "T": "分類不能の産業",
    }
)  # fmt: skip
"""The divisions of the 日本標準産業分類 (14th revision), as the API spells them."""

NO_BAND: Final = "従業員数の制約なし"
BANDS: Final = MappingProxyType(
    {
        NO_BAND: (0, None), "5名以下": (0, 5), "20名以下": (0, 20), "50名以下": (0, 50),
        "100名以下": (0, 100), "300名以下": (0, 300), "900名以下": (0, 900), "901名以上": (901, None),
    }
)  # fmt: skip
"""Each band with the fewest and the most employees it takes (None = no end)."""

_OLD: Final = MappingProxyType(
    {
        "設備整備・IT導入したい": "設備整備・IT導入をしたい",
        "エコ・SDG's活動支援がほしい": "エコ・SDGs活動支援がほしい",
        "エコ・SDG’s活動支援がほしい": "エコ・SDGs活動支援がほしい",
        "教育・子育て・少子化への支援がほしい": "教育・子育て・少子化支援がほしい",
        "スポーツ・文化への支援がほしい": "スポーツ・文化支援がほしい",
        "従業員の制約なし": NO_BAND,
    }
)
_SEPARATOR: Final = re.compile(r"\s*[/／]\s*")


def split_words(text: str) -> tuple[str, ...]:
    """The values of one field, which the API joins by " / "; each once, in order."""
    parts = (part.strip() for part in _SEPARATOR.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def purpose_word(text: str) -> str:
    """A purpose in the present spelling."""
    return _OLD.get(text, text)


def industry_word(text: str) -> str:
    """An industry in the present spelling (「，」 was the comma of the 13th revision)."""
    return text.replace("，", "、").replace("(", "（").replace(")", "）")


def band_word(text: str) -> str:
    """A band of employees in the present spelling."""
    return _OLD.get(text, text)


def purpose_words(text: str) -> tuple[str, ...]:
    """The purposes of one field."""
    return tuple(purpose_word(part) for part in split_words(text))


def industry_words(text: str) -> tuple[str, ...]:
    """The industries of one field."""
    return tuple(industry_word(part) for part in split_words(text))
