"""The areas of the jGrants API: 全国, eight blocks, forty-seven prefectures, 海外, and how they contain each other.

The blocks are those of the API's `target_area_search` values; which prefecture belongs to which is
the usual division of the ministry's regional bureaus (関東・甲信越 with 新潟, 山梨, 長野; 東海・北陸 with
富山, 石川, 福井, 岐阜, 静岡, 愛知, 三重), which the API's own page does not spell out.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

NATIONWIDE: Final = "全国"
ABROAD: Final = "海外"
BLOCKS: Final = MappingProxyType(
    {
        "北海道地方": ("北海道",),
        "東北地方": ("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県"),
        "関東・甲信越地方": (
            "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "山梨県", "長野県",
        ),
        "東海・北陸地方": ("富山県", "石川県", "福井県", "岐阜県", "静岡県", "愛知県", "三重県"),
        "近畿地方": ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
        "中国地方": ("鳥取県", "島根県", "岡山県", "広島県", "山口県"),
        "四国地方": ("徳島県", "香川県", "愛媛県", "高知県"),
        "九州・沖縄地方": (
            "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
        ),
    }
)  # fmt: skip
BLOCK_OF: Final = MappingProxyType(
    {prefecture: block for block, members in BLOCKS.items() for prefecture in members}
)
PREFECTURES: Final = tuple(BLOCK_OF)


def areas_holding(prefecture: str) -> frozenset[str]:
    """Every area name that a company of this prefecture lies in. Raises LookupError for no prefecture."""
    return frozenset({prefecture, BLOCK_OF[prefecture], NATIONWIDE})


def prefectures_of(areas: tuple[str, ...]) -> frozenset[str]:
    """The prefectures that some area names cover; names the list does not know cover none."""
    covered: set[str] = set()
    for area in areas:
        if area == NATIONWIDE:
            covered.update(PREFECTURES)
        elif area in BLOCKS:
            covered.update(BLOCKS[area])
        elif area in BLOCK_OF:
            covered.add(area)
    return frozenset(covered)
