"""What the practice pension office decides: standard remuneration by grade, from what was filed.

Grades: 健康保険法40条, 厚生年金保険法20条, as of 2026 (upper grade 650,000 until August 2027, then as
the law of 2025 raises it). The wording and the shape of the documents are ours.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime

from app.sandbox.documents import Letter, wareki, written
from app.sandbox.ledger import Filing

# Lower bounds of 健康保険 grades 2 to 50, and the amounts of grades 1 to 50, in thousands of yen.
_BOUNDS = (
    63, 73, 83, 93, 101, 107, 114, 122, 130, 138, 146, 155, 165, 175, 185, 195, 210, 230, 250, 270,
    290, 310, 330, 350, 370, 395, 425, 455, 485, 515, 545, 575, 605, 635, 665, 695, 730, 770, 810,
    855, 905, 955, 1005, 1055, 1115, 1175, 1235, 1295, 1355,
)  # fmt: skip
_AMOUNTS = (
    58, 68, 78, 88, 98, 104, 110, 118, 126, 134, 142, 150, 160, 170, 180, 190, 200, 220, 240, 260,
    280, 300, 320, 340, 360, 380, 410, 440, 470, 500, 530, 560, 590, 620, 650, 680, 710, 750, 790,
    830, 880, 930, 980, 1030, 1090, 1150, 1210, 1270, 1330, 1390,
)  # fmt: skip
_LEAST_PENSION = 88
_MOST_PENSION = (
    (date(2029, 9, 1), 750),
    (date(2028, 9, 1), 710),
    (date(2027, 9, 1), 680),
    (date(2020, 9, 1), 650),
)
_BONUS_HEALTH, _BONUS_PENSION = 5_730_000, 1_500_000
_TITLES = {
    "2200700": "健康保険・厚生年金保険資格取得確認および標準報酬決定通知書",
    "2201700": "健康保険・厚生年金保険資格喪失確認通知書",
    "2202700": "健康保険被扶養者（異動）決定通知書",
    "2221700": "健康保険・厚生年金保険標準報酬改定通知書",
    "2225700": "健康保険・厚生年金保険標準報酬決定通知書",
    "2265700": "健康保険・厚生年金保険標準賞与額決定通知書",
}
_DAY = {
    "2200700": "資格取得年月日",
    "2201700": "資格喪失年月日",
    "2202700": "異動の別",
    "2221700": "改定年月",
    "2225700": "適用年月",
    "2265700": "賞与支払年月日",
}


def grade(pay: int, shift: int = 0) -> int:
    """The 健康保険 grade from 1 of a monthly pay in yen, `shift` grades away."""
    return max(1, min(len(_AMOUNTS), bisect_right(_BOUNDS, pay // 1000) + 1 + shift))


def standard(pay: int, day: date, shift: int = 0) -> tuple[int, int]:
    """標準報酬月額 of health and of pension insurance, in thousands of yen."""
    health = _AMOUNTS[grade(pay, shift) - 1]
    most = next(amount for begin, amount in _MOST_PENSION if begin <= max(day, date(2020, 9, 1)))
    return health, max(_LEAST_PENSION, min(health, most))


def decision(filing: Filing, moment: datetime, otherwise: dict[str, int]) -> Letter:
    """The document on a CSV filing; `otherwise` moves people by so many grades."""
    kept = filing.pension
    code, office = kept["code"], kept["office"]
    lines = [
        f"到達番号　{filing.arrive_id}",
        f"事業所整理記号　{office['prefecture']}-{office['district']}-{office['mark']}",
        f"事業所番号　{office['number']}",
        f"事業所名称　{office['name']}",
        f"決定年月日　{wareki(moment)}",
        f"件数　{len(kept['people'])}",
    ]
    for person in kept["people"]:
        lines += _person(person, code, moment.date(), otherwise.get(person["number"], 0))
    opening = "提出された届書に基づき、次のとおり確認または決定したので通知します。"
    return written(filing, moment, _TITLES[code], opening, tuple(lines))


def _person(person: dict[str, str], code: str, day: date, shift: int) -> list[str]:
    lines = [
        f"被保険者整理番号　{person['number']}",
        f"被保険者氏名　{person['name']}",
        f"被保険者氏名フリガナ　{person['kana']}",
        f"生年月日　{person['birth']}",
        f"{_DAY[code]}　{person['day']}",
    ]
    if code in ("2200700", "2221700", "2225700"):
        pay = int(person["pay"])
        held = (person.get("health", ""), person.get("pension", ""))
        pair = standard(pay, day, shift)
        if pay == 0 and all(held):
            # No month counts: the amount stays what it was (保険者算定).
            pair = (int(held[0]), int(held[1]))
        lines.append(f"標準報酬月額（健康保険）　{pair[0]}千円")
        lines.append(f"標準報酬月額（厚生年金保険）　{pair[1]}千円")
    elif code == "2265700":
        amount = int(person["pay"]) // 1000 * 1000 + shift * 1000
        lines.append(f"標準賞与額（健康保険）　{min(amount, _BONUS_HEALTH) // 1000}千円")
        lines.append(f"標準賞与額（厚生年金保険）　{min(amount, _BONUS_PENSION) // 1000}千円")
    return lines
