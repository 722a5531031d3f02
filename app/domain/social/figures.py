"""The legal figures the rules need, as they are in force on one day; from resources/parameters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Days, gaps, yen and ages of the rules (see resources/parameters/social_insurance.toml).

    `days_general`, `days_part_fallback`, `days_short`: 支払基礎日数 a month needs (17, 15, 11).
    `grade_gap`: grades of difference that make a 随時改定; `leave_grade_gap` of a 終了時改定.
    `bonus_unit`, `bonus_cap_kenpo` (a fiscal year) and `bonus_cap_kounen` (a month) in yen.
    """

    days_general: int
    days_part_fallback: int
    days_short: int
    grade_gap: int
    leave_grade_gap: int
    bonus_unit: int
    bonus_cap_kenpo: int
    bonus_cap_kounen: int
    filing_days: int
    kounen_age: int
    kenpo_age: int
    kaigo_from_age: int
    kaigo_to_age: int
    ikukyu_days: int
