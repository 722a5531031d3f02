"""How the functions of expressions may be called, and how they read in Japanese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.facts import functions as fn


@dataclass(frozen=True)
class Signature:
    """How a function may be called: the kinds of its operands, its own, and how it reads in Japanese.

    Kinds: "number", "integer", "text", "date", "periods", "any"; "rounded" as a result is an integer where
    the unit is one. `phrase` has {0}, {1}, … for the operands; `{rest}` for all after the first.
    """

    work: Callable[..., Any]
    takes: tuple[str, ...]
    gives: str
    phrase: str
    optional: int = 0
    repeats: bool = False
    takes_blank: bool = False


_ROUND: Final = ("number", "number")

FUNCTIONS: Final[dict[str, Signature]] = {
    "floor_to": Signature(fn.floor_to, _ROUND, "rounded", "{0}を{1}未満切り捨て", 1),
    "ceil_to": Signature(fn.ceil_to, _ROUND, "rounded", "{0}を{1}未満切り上げ", 1),
    "trunc_to": Signature(fn.trunc_to, _ROUND, "rounded", "{0}を{1}未満切り捨て（0 の側へ）", 1),
    "round_half_up": Signature(fn.round_half_up, _ROUND, "rounded", "{0}を{1}の位に四捨五入", 1),
    "round_half_down": Signature(
        fn.round_half_down, _ROUND, "rounded", "{0}を{1}の位に五捨六入", 1
    ),
    "round_half_even": Signature(
        fn.round_half_even, _ROUND, "rounded", "{0}を{1}の位に偶数丸め", 1
    ),
    "abs": Signature(abs, ("number",), "same", "{0}の絶対値"),
    "min": Signature(min, ("ordered",), "same", "{all}のうち最も小さい値", repeats=True),
    "max": Signature(max, ("ordered",), "same", "{all}のうち最も大きい値", repeats=True),
    "age": Signature(fn.age, ("date", "date"), "integer", "{0}に生まれた人の{1}における満年齢"),
    "attained_on": Signature(
        fn.attained_on, ("date", "integer"), "date", "{0}に生まれた人が{1}歳に達する日"
    ),
    "add_days": Signature(fn.add_days, ("date", "integer"), "date", "{0}の{1}日後"),
    "add_months": Signature(fn.add_months, ("date", "integer"), "date", "{0}の{1}か月後"),
    "on_day": Signature(fn.on_day, ("date", "integer"), "date", "{0}の月の{1}日（なければ末日）"),
    "add_years": Signature(fn.add_years, ("date", "integer"), "date", "{0}の{1}年後"),
    "days_between": Signature(fn.days_between, ("date", "date"), "integer", "{0}から{1}までの日数"),
    "months_between": Signature(
        fn.months_between, ("date", "date"), "integer", "{0}から{1}までの月数"
    ),
    "month_of": Signature(fn.month_of, ("date",), "text", "{0}の月"),
    "first_day": Signature(fn.first_day, ("text",), "date", "{0}の初日"),
    "last_day": Signature(fn.last_day, ("text",), "date", "{0}の末日"),
    "year": Signature(fn.year, ("date",), "integer", "{0}の年"),
    "month": Signature(fn.month, ("date",), "integer", "{0}の月"),
    "day": Signature(fn.day_of_month, ("date",), "integer", "{0}の日"),
    "months_before": Signature(
        fn.months_before, ("date", "integer"), "periods", "{0}の前の{1}か月"
    ),
    "months_through": Signature(
        fn.months_through, ("date", "date"), "periods", "{0}の月から{1}の月まで"
    ),
    "concat": Signature(
        fn.concat, ("text",), "text", "{all}をつないだもの", repeats=True, takes_blank=True
    ),
    "join": Signature(
        fn.join, ("text", "text"), "text", "{rest}をつないだもの", repeats=True, takes_blank=True
    ),
    "left": Signature(fn.left, ("text", "integer"), "text", "{0}の先頭{1}文字"),
    "right": Signature(fn.right, ("text", "integer"), "text", "{0}の末尾{1}文字"),
    "middle": Signature(
        fn.middle, ("text", "integer", "integer"), "text", "{0}の{1}文字目から{2}文字"
    ),
    "length": Signature(fn.length, ("text",), "integer", "{0}の文字数"),
    "starts_with": Signature(fn.starts_with, ("text", "text"), "bool", "{0}が{1}で始まる"),
    "contains": Signature(fn.contains, ("text", "text"), "bool", "{0}が{1}を含む"),
    "prefecture_of": Signature(fn.prefecture_of, ("text",), "text", "{0}の都道府県"),
    "industry_division": Signature(fn.industry_division, ("text",), "text", "{0}の大分類"),
    "industry_class": Signature(
        fn.industry_class, ("text", "integer"), "text", "{0}の先頭{1}桁の分類"
    ),
    "blank": Signature(fn.is_blank, ("any",), "bool", "{0}が空欄", takes_blank=True),
}
"""Functions of known operands. `coalesce`, `assume`, `at`, `over`, `param`, `date`, `sum`, `count`,
`any`, `all` and the gathering forms of `min` and `max` are forms of the language itself."""
