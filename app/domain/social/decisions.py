"""The ways a 標準報酬月額 is decided, each with its arithmetic in Japanese sentences.

健康保険法42条 (資格取得時決定), 41条 (定時決定), 43条 (随時改定), 43条の2・43条の3 (終了時改定);
厚生年金保険法22条, 21条, 23条. A result gives yen and grades; `sentences()` is worked out when asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from app.domain.errors import BadInput
from app.domain.periods import month_after, month_of, month_text
from app.domain.social.average import Average, PayMonth, Work, average_of
from app.domain.social.figures import Figures
from app.domain.social.grades import SCHEME_NAMES, Grade, GradeTable


class Held(NamedTuple):
    """What stands now in one scheme: `standard` yen since `month`, and the 報酬月額 it came from.

    `original` None: not known, so the standard itself is judged and a sentence says so.
    """

    standard: int
    month: str = ""
    original: int | None = None

    @property
    def judged(self) -> int:
        """The 報酬月額 by which the present grade is judged, in yen."""
        return self.standard if self.original is None else self.original


class Decision(NamedTuple):
    """A decided 標準報酬月額, from `starts` to `ends` (months, both counted).

    `monthly` is the 報酬月額 (yen) to be kept as the original; None where the former one stays.
    """

    kind: str
    starts: str
    ends: str
    monthly: int | None
    grades: dict[str, Grade]
    average: Average | None = None

    def sentences(self) -> tuple[str, ...]:
        """Why, in Japanese."""
        told = list(self.average.sentences()) if self.average else []
        if self.monthly is not None:
            if self.average is None:
                told.append(f"報酬月額は{self.monthly:,}円です。")
            told += [_grade_sentence(s, g, self.monthly) for s, g in self.grades.items()]
        else:
            told += [
                f"{SCHEME_NAMES[s]}は{g.standard:,}円のままです。" for s, g in self.grades.items()
            ]
        span = f"{month_text(self.starts)}から{month_text(self.ends)}まで"
        told.append(f"{self.kind}により、{span}使います（途中の改定を除く）。")
        return tuple(told)


def _grade_sentence(scheme: str, grade: Grade, monthly: int) -> str:
    low = f"{grade.lower:,}円以上" if grade.lower is not None else ""
    high = f"{grade.upper:,}円未満" if grade.upper is not None else ""
    return (
        f"{SCHEME_NAMES[scheme]}では{monthly:,}円は{low}{high}に入り、"
        f"{grade.number}等級{grade.standard:,}円です。"
    )


def until_august(month: str, *, turn: int) -> str:
    """The August to which a decision of `month` holds: of the next year from month `turn` on."""
    year = int(month[:4]) + (int(month[5:]) >= turn)
    return f"{year:04d}-08"


def on_acquisition(joined: date, monthly: int, tables: Sequence[GradeTable]) -> Decision:
    """資格取得時決定: joining January to May holds to that August, June to December to the next."""
    month = month_of(joined)
    grades = {t.scheme: t.of(monthly) for t in tables}
    return Decision("資格取得時決定", month, until_august(month, turn=6), monthly, grades)


@cache
def spring_of(year: int) -> tuple[str, str, str]:
    """April, May and June of a year, which 定時決定 looks at."""
    return f"{year:04d}-04", f"{year:04d}-05", f"{year:04d}-06"


def regular(
    year: int,
    months: Sequence[PayMonth],
    work: Work,
    held: Mapping[str, Held],
    tables: Sequence[GradeTable],
    figures: Figures,
) -> Decision:
    """定時決定 of a year from April, May and June; holds September to the next August.

    With no month of enough days the former amounts stay (保険者算定). `held` and `tables` name the
    schemes the person is in. Raises BadInput when the months are others, or nothing stands to keep.
    """
    if tuple([p.month for p in months]) != spring_of(year):
        raise BadInput("not-april-to-june", f"{year}年の4月・5月・6月の給与が要ります。")
    average = average_of(months, work, figures, fallback_allowed=True)
    monthly = average.monthly
    if monthly is not None:
        grades = {t.scheme: t.of(monthly) for t in tables}
    else:
        grades = {t.scheme: _kept(t, held) for t in tables}
    starts, ends = _from_september(year)
    return Decision("定時決定", starts, ends, monthly, grades, average)


@cache
def _from_september(year: int) -> tuple[str, str]:
    return f"{year:04d}-09", f"{year + 1:04d}-08"


def _kept(table: GradeTable, held: Mapping[str, Held]) -> Grade:
    now = held.get(table.scheme)
    if now is None:
        name = SCHEME_NAMES[table.scheme]
        raise BadInput("nothing-held", f"従前の{name}の標準報酬月額がないので決められません。")
    return table.numbered(now.standard) or table.of(now.judged)


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """One scheme in a 随時改定: ranks with the virtual grades, and the real grades.

    `settled` is False where a virtual grade decided whose bound is not confirmed by our sources.
    """

    scheme: str
    held: Held
    rank_before: int
    rank_after: int
    before: Grade
    after: Grade
    revised: bool
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Revision:
    """The answer of 随時改定 or 終了時改定. `due` is true when a notice is needed for a scheme.

    `obstacle` says in Japanese what stands in the way before the grades are looked at; "" if nothing.
    """

    kind: str
    starts: str
    ends: str
    direction: int
    gap: int
    average: Average | None
    changes: tuple[SchemeChange, ...]
    obstacle: str = ""

    @property
    def due(self) -> bool:
        """Whether a 月額変更届 (or 終了時変更届) is needed."""
        return any(c.revised for c in self.changes)

    @property
    def kenpo_only(self) -> bool:
        """Whether 健康保険 alone changes (the notice says so)."""
        return {c.scheme for c in self.changes if c.revised} == {"kenpo"} and len(self.changes) > 1

    def sentences(self) -> tuple[str, ...]:
        """Why, in Japanese."""
        told = list(self.average.sentences()) if self.average else []
        if self.obstacle:
            return (*told, self.obstacle)
        return (*told, *(self._change_sentence(c) for c in self.changes))

    def _change_sentence(self, change: SchemeChange) -> str:
        name, distance = SCHEME_NAMES[change.scheme], change.rank_after - change.rank_before
        edge = ""
        if _beyond(change):
            edge = " 表の外の上下1等級も数えます"
            edge += "。" if change.settled else "（その境は、確認の済んでいない読み方です）。"
        if change.held.original is None:
            edge += " 従前の報酬月額が分からないので、標準報酬月額で判定しました。"
        text = (
            f"{name}は{change.before.number}等級{change.before.standard:,}円から"
            f"{change.after.number}等級{change.after.standard:,}円へ、差は{abs(distance)}等級です。"
        )
        if change.revised:
            return f"{text}{edge} {month_text(self.starts)}から改定します。"
        if abs(distance) >= self.gap:
            return f"{text}{edge} 固定的賃金の動きと向きが逆なので、改定しません。"
        return f"{text}{edge} {self.gap}等級に足りないので、改定しません。"


def _beyond(change: SchemeChange) -> bool:
    return change.rank_before != change.before.number or change.rank_after != change.after.number


def revision(
    months: Sequence[PayMonth],
    work: Work,
    held: Mapping[str, Held],
    fixed_change: int,
    tables: Sequence[GradeTable],
    figures: Figures,
) -> Revision:
    """随時改定 judged over three months in a row, from the month of the changed fixed pay on.

    `fixed_change`: 1 fixed pay rose, -1 it fell, 0 it did not change (overtime alone is no reason).
    Every month must have 17 (11) days; the two schemes are judged apart. Raises BadInput unless the
    months are three in a row.
    """
    starts = _fourth_month(months)
    ends = until_august(starts, turn=7)
    average = average_of(months, work, figures, fallback_allowed=False)
    obstacle = ""
    if not fixed_change:
        obstacle = "固定的賃金も給与の体系も変わっていないので、随時改定はありません。"
    elif len(average.used) < len(months):
        obstacle = f"3か月とも{average.needed}日以上でないので、随時改定はありません。"
    changes = _changes(average, held, tables, fixed_change, figures.grade_gap, bool(obstacle))
    return Revision(
        "随時改定", starts, ends, fixed_change, figures.grade_gap, average, changes, obstacle
    )


def after_leave(
    months: Sequence[PayMonth],
    work: Work,
    held: Mapping[str, Held],
    tables: Sequence[GradeTable],
    figures: Figures,
) -> Revision:
    """産休・育休終了時改定: one grade is enough, no change of fixed pay is asked, the person applies."""
    starts = _fourth_month(months)
    average = average_of(months, work, figures, fallback_allowed=True)
    obstacle = "" if average.used else "使える月がないので、終了時改定はありません。"
    changes = _changes(average, held, tables, 0, figures.leave_grade_gap, bool(obstacle))
    ends = until_august(starts, turn=7)
    return Revision(
        "終了時改定", starts, ends, 0, figures.leave_grade_gap, average, changes, obstacle
    )


def _fourth_month(months: Sequence[PayMonth]) -> str:
    if len(months) != 3 or any(month_after(a.month) != b.month for a, b in pairwise(months)):
        raise BadInput("not-three-months", "続いた3か月の給与が要ります。")
    return month_after(months[-1].month)


def _changes(
    average: Average,
    held: Mapping[str, Held],
    tables: Sequence[GradeTable],
    direction: int,
    gap: int,
    barred: bool,
) -> tuple[SchemeChange, ...]:
    monthly = average.monthly
    if monthly is None:
        return ()
    found = []
    for table in tables:
        now = held.get(table.scheme)
        if now is None:
            continue
        before, after = table.rank(now.judged), table.rank(monthly)
        distance = after - before
        same_way = direction == 0 or distance * direction > 0
        found.append(
            SchemeChange(
                scheme=table.scheme,
                held=now,
                rank_before=before,
                rank_after=after,
                before=table.numbered(now.standard) or table.of(now.judged),
                after=table.of(monthly),
                revised=not barred and abs(distance) >= gap and same_way,
                settled=table.virtual_verified,
            )
        )
    return tuple(found)
