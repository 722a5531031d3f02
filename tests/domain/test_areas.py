"""Areas contain each other as the API's values say."""

from __future__ import annotations

import pytest

from app.domain.areas import BLOCKS, PREFECTURES, areas_holding, prefectures_of


def test_forty_seven_prefectures_each_in_one_block() -> None:
    assert len(PREFECTURES) == 47
    assert sum(len(m) for m in BLOCKS.values()) == 47


def test_a_prefecture_lies_in_itself_its_block_and_the_nation() -> None:
    assert areas_holding("長野県") == {"長野県", "関東・甲信越地方", "全国"}
    with pytest.raises(LookupError):
        areas_holding("関東・甲信越地方")


def test_what_names_cover() -> None:
    assert prefectures_of(("四国地方", "東京都")) == {
        "徳島県",
        "香川県",
        "愛媛県",
        "高知県",
        "東京都",
    }
    assert prefectures_of(("全国", "四国地方")) == set(PREFECTURES)
    assert prefectures_of(("海外", "どこか")) == set()
