"""Which health insurer a company has, and what of a notice therefore goes by e-Gov.

健康保険組合 are not on e-Gov (they use マイナポータル or paper); members of a 国民健康保険組合 are not in
健康保険 at all. For both only the pension side goes by e-Gov.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

ACQUISITION = "2200700"
LOSS = "2201700"
DEPENDANTS = "2202700"
REVISION = "2221700"
REGULAR = "2225700"
BONUS = "2265700"
SEVENTY = "seventy"
LABOUR_ACQUISITION = "koyou_shutoku"
LABOUR_LOSS = "koyou_soshitsu"

FORM_NAMES = {
    ACQUISITION: "資格取得届",
    LOSS: "資格喪失届",
    DEPENDANTS: "被扶養者（異動）届",
    REVISION: "月額変更届",
    REGULAR: "算定基礎届",
    BONUS: "賞与支払届",
    SEVENTY: "70歳到達届",
    LABOUR_ACQUISITION: "雇用保険 資格取得届",
    LABOUR_LOSS: "雇用保険 資格喪失届",
}
CSV_FORMS = (ACQUISITION, LOSS, DEPENDANTS, REVISION, REGULAR, BONUS)
"""The forms that leave as SHFD0006.CSV."""
_LABOUR = (LABOUR_ACQUISITION, LABOUR_LOSS)


class Insurer(StrEnum):
    """健康保険の種別, as company.social_insurance.kenpo_kind has it."""

    KYOKAI = "kyokai"
    KUMIAI = "kumiai"
    KOKUHO = "kokuho"


@dataclass(frozen=True, slots=True)
class Route:
    """How a notice goes: whether e-Gov takes (a part of) it, and the sentence that says the rest."""

    egov: bool
    sentence: str


@cache
def route_of(form: str, insurer: Insurer, *, spouse: bool = False) -> Route:
    """The way of a notice; `spouse`: a 被扶養者届 in which a spouse (第3号被保険者) stands."""
    if form in _LABOUR:
        return Route(True, "e-Gov でハローワークへ出します。")
    if form == SEVENTY:
        return Route(
            False, "CSV の形が分かっていないので、e-Gov の画面か紙で年金事務所へ出します。"
        )
    if insurer is Insurer.KYOKAI:
        return Route(True, "健康保険も厚生年金保険も、e-Gov で年金事務所へ出します。")
    other = "健康保険組合" if insurer is Insurer.KUMIAI else "国民健康保険組合"
    if form == DEPENDANTS and not spouse:
        return Route(False, f"年金の側に届はありません。{other}へ、その組合の方法で出します。")
    side = "第3号被保険者の分" if form == DEPENDANTS else "厚生年金保険の側"
    return Route(
        True,
        f"{side}だけを e-Gov で年金事務所へ出します。{other}の分は e-Gov では出せません。"
        "この届を印刷して、その組合の方法で出してください。",
    )
