"""標準賞与額: a bonus without its fraction of 1,000 yen, up to the ceilings of the two schemes.

健康保険法45条 (the sum of a fiscal year, April to March), 厚生年金保険法24条の4 (each month; several
payments of one month are added). Yen throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.social.figures import Figures


@dataclass(frozen=True, slots=True)
class Bonus:
    """The parts of a bonus that premiums are taken from, in yen."""

    paid: int
    standard: int
    kenpo: int
    kounen: int
    kenpo_before: int
    kounen_before: int

    def sentences(self) -> tuple[str, ...]:
        """Why, in Japanese."""
        told = [
            f"賞与{self.paid:,}円の1,000円未満を切り捨てて、標準賞与額は{self.standard:,}円です。"
        ]
        if self.kenpo < self.standard:
            told.append(
                f"年度の累計が{self.kenpo_before:,}円なので、健康保険は上限までの{self.kenpo:,}円です。"
            )
        if self.kounen < self.standard:
            told.append(
                f"同じ月の分が{self.kounen_before:,}円なので、厚生年金保険は上限までの{self.kounen:,}円です。"
            )
        return tuple(told)


def standard_bonus(
    paid: int, figures: Figures, *, kenpo_before: int = 0, kounen_before: int = 0
) -> Bonus:
    """The standard bonus of a payment.

    `kenpo_before`: standard bonuses of the fiscal year so far; `kounen_before`: of this month so far.
    """
    standard = paid // figures.bonus_unit * figures.bonus_unit
    kenpo = max(0, min(standard, figures.bonus_cap_kenpo - kenpo_before))
    kounen = max(0, min(standard, figures.bonus_cap_kounen - kounen_before))
    return Bonus(paid, standard, kenpo, kounen, kenpo_before, kounen_before)
