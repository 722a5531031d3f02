"""報酬月額 as an average of months: which months count (17, 15, 11 days) and the arithmetic in words.

健康保険法41条 (定時決定), 43条 (随時改定); 平18 庁保険発0512001 (短時間就労者: 15 days when no month
reaches 17, in 定時決定 and 終了時改定 only). Yen; a fraction of a yen is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from app.domain.periods import month_text
from app.domain.social.figures import Figures

MOST = 9_999_999
"""The largest amount a notice can hold; more is written as this."""


class Work(StrEnum):
    """What kind of worker, by which the days a month needs are read."""

    GENERAL = "general"
    PART = "part"
    SHORT = "short"


WORK_NAMES = {
    Work.GENERAL: "一般の被保険者",
    Work.PART: "短時間就労者（パート）",
    Work.SHORT: "特定適用事業所の短時間労働者",
}


class PayMonth(NamedTuple):
    """What was paid in a month: 支払基礎日数, cash and pay in kind (yen).

    `back_pay` is a part of `cash` that belongs to earlier months (遡及支払). `partial`: joined in the
    middle of the pay period, so that the month was not paid in full.
    """

    month: str
    days: int
    cash: int
    in_kind: int = 0
    back_pay: int = 0
    partial: bool = False

    @property
    def total(self) -> int:
        """Cash and pay in kind together, in yen."""
        return self.cash + self.in_kind


class Average(NamedTuple):
    """The months that counted, their sum and average in yen, and the days that were needed.

    `used` is empty where no month had enough days; then `average` is None. `corrected` is the
    average without back pay (修正平均額), None where there is none. `rule` names the rule of days.
    """

    months: tuple[PayMonth, ...]
    used: tuple[PayMonth, ...]
    needed: int
    fallback: bool
    work: Work
    total: int
    average: int | None
    corrected: int | None

    @property
    def monthly(self) -> int | None:
        """The 報酬月額 that is judged: the corrected average where there is one."""
        return self.average if self.corrected is None else self.corrected

    def sentences(self) -> tuple[str, ...]:
        """How the average came about, in Japanese."""
        told = [f"{WORK_NAMES[self.work]}なので、支払基礎日数が{self.needed}日以上の月を使います。"]
        if self.fallback:
            told = [
                f"{WORK_NAMES[self.work]}で、17日以上の月がないので、{self.needed}日以上の月を使います。"
            ]
        for pay in self.months:
            if pay in self.used:
                told.append(
                    f"{month_text(pay.month)}は{pay.days}日で、{pay.cash:,}円"
                    + (f"と現物{pay.in_kind:,}円" if pay.in_kind else "")
                    + "です。"
                )
            elif pay.partial:
                told.append(
                    f"{month_text(pay.month)}は途中入社で1か月分の給与ではないので除きます。"
                )
            else:
                told.append(f"{month_text(pay.month)}は{pay.days}日なので除きます。")
        if self.average is None:
            told.append("使える月がないので、従前の標準報酬月額のままです（保険者算定）。")
            return tuple(told)
        sums = " + ".join(f"{p.total:,}" for p in self.used)
        told.append(
            f"({sums}) ÷ {len(self.used)} = {self.average:,}円（1円未満切捨て）が平均額です。"
        )
        if self.corrected is not None:
            back = sum(p.back_pay for p in self.used)
            told.append(
                f"さかのぼって払われた{back:,}円を除くと、修正平均額は{self.corrected:,}円です。"
            )
        return tuple(told)


def average_of(
    months: Sequence[PayMonth], work: Work, figures: Figures, *, fallback_allowed: bool
) -> Average:
    """The average over the months that count.

    `fallback_allowed` opens the 15-day rule of 短時間就労者, which 随時改定 does not know.
    """
    needed = figures.days_short if work is Work.SHORT else figures.days_general
    used, total, back = _counted(months, needed)
    fallback = False
    if not used and work is Work.PART and fallback_allowed:
        lower = figures.days_part_fallback
        used, total, back = _counted(months, lower)
        if used:
            needed, fallback = lower, True
    count = len(used)
    average = total // count if count else None
    corrected = (total - back) // count if count and back else None
    return Average(tuple(months), used, needed, fallback, work, total, average, corrected)


def _counted(months: Sequence[PayMonth], least: int) -> tuple[tuple[PayMonth, ...], int, int]:
    """The months with days enough and paid in full, their sum, and the back pay in it."""
    used, total, back = [], 0, 0
    for pay in months:
        _, days, cash, in_kind, back_pay, partial = pay
        if days >= least and not partial:
            used.append(pay)
            total += cash + in_kind
            back += back_pay
    return tuple(used), total, back
