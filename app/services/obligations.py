"""今日: what is due, what came back, what is waited for, and the one interview. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.filing import Stage
from app.services.filing_view import FilingView

_WEEKDAYS = "月火水木金土日"


_FAR = 366
"""Days after which a date is told with its year, and the sentence of the day leaves it out."""


@dataclass(frozen=True)
class OpenWork:
    """A draft that has not left the house: `gaps` are unanswered fields, `to_fix` blocking ones.

    `asked` are the facts its gaps name, so that one interview can serve several drafts; `page` is
    the page it is written on.
    """

    draft_id: str
    title: str
    door: str
    subject_name: str
    due: date | None
    gaps: int
    to_fix: int
    asked: tuple[str, ...] = ()
    page: str = "form"


MARK = "deadline"
"""The task of a duty that is the deadline of a marked grant; its `award` is the grant's key."""

NOTICES = "notices"
"""The task of a duty that is the notices of one form; its `award` is the code of the form."""


@dataclass(frozen=True)
class Duty:
    """Something to do that is no draft: a task after an award (its key), with its last day.

    `chip` says what it is about while it is not late; `page` is where it is seen, where that is not
    the page of an award or a grant.
    """

    award: str
    task: str
    title: str
    note: str
    due: date | None
    chip: str = "交付後"
    page: str = ""

    @property
    def id(self) -> str:
        """A name for it among the lines of 期限, e.g. "award.k3x9ab.report"."""
        day = f".{self.due}" if self.task == NOTICES else ""
        return f"award.{self.award}.{self.task}{day}"


@dataclass(frozen=True)
class DueRow:
    """One line of 期限. `kind` is that of its chip: danger, ok or neutral.

    `award` is the key of the award a line is about ("" for a draft); then `draft_id` is its name.
    `grant` is the key of a marked grant whose deadline it is, `notice` the code of a form of social
    or labour insurance that is needed by then. `page` is the page it leads to.
    """

    draft_id: str
    due: date | None
    day_text: str
    left_text: str
    title: str
    note: str
    chip: str
    kind: str
    button: str
    primary: bool
    award: str = ""
    grant: str = ""
    notice: str = ""
    page: str = "form"


@dataclass(frozen=True)
class ReturnRow:
    """One line of 戻ってきたもの or 待っているもの; `icon` is a lucide name.

    `page` is where it is seen: 送信箱, or the letters.
    """

    filing_id: str
    icon: str
    kind: str
    title: str
    note: str
    side: str
    button: str
    page: str = "outbox"


@dataclass(frozen=True)
class YearMark:
    """A mark on the strip of the fiscal year: `month` 0 is its first month."""

    month: int
    state: str
    title: str


@dataclass(frozen=True)
class Today:
    """The whole page. `sentence` may hold <b>…</b> round the number."""

    day: date
    sentence: str
    due: tuple[DueRow, ...]
    came_back: tuple[ReturnRow, ...]
    waiting: tuple[ReturnRow, ...]
    questions: int
    served: int
    marks: tuple[YearMark, ...]
    first_month: int


def day_text(day: date) -> str:
    """7月10日(金)."""
    return f"{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"


def today_page(
    day: date,
    work: Sequence[OpenWork],
    filings: Sequence[FilingView],
    *,
    first_month: int = 4,
    duties: Sequence[Duty] = (),
    letters: Sequence[ReturnRow] = (),
) -> Today:
    """The page of `day`; `first_month` is the month the fiscal year begins in.

    `letters` came without having been asked for, and nobody has read them yet.
    """
    ordered = sorted(work, key=lambda w: (w.due or date.max, w.title, w.draft_id))
    lines: list[OpenWork | Duty] = [*ordered, *duties]
    lines.sort(key=lambda line: line.due or date.max)
    asked = {path for w in work for path in w.asked}
    return Today(
        day=day,
        sentence=_sentence(day, [*ordered, *(_as_work(d) for d in duties)]),
        due=tuple(
            _duty_row(day, line, first=i == 0)
            if isinstance(line, Duty)
            else _due_row(day, line, first=i == 0)
            for i, line in enumerate(lines)
        ),
        came_back=(*(_came_back(f) for f in filings if _is_back(f)), *letters),
        waiting=tuple(
            _waiting(day, f) for f in filings if f.group == "waiting" and not f.sent_back
        ),
        questions=len(asked),
        served=sum(bool(w.asked) for w in work),
        marks=_marks(day, [*ordered, *(_as_work(d) for d in duties)], filings, first_month),
        first_month=first_month,
    )


def _as_work(duty: Duty) -> OpenWork:
    """A duty as the sentence and the strip of the year count it; one thing of it is open."""
    return OpenWork(duty.id, duty.title, "", "", duty.due, 1, 0)


def _duty_row(day: date, duty: Duty, *, first: bool) -> DueRow:
    row = _due_row(day, _as_work(duty), first=first)
    late = duty.due is not None and duty.due < day
    return replace(
        row,
        day_text=row.day_text if duty.due else ("届" if duty.task == NOTICES else "交付後"),
        left_text=row.left_text if duty.due or duty.task != NOTICES else "速やかに",
        note=duty.note,
        chip="過ぎました" if late else duty.chip,
        kind="danger" if late else "neutral",
        button="見る",
        award="" if duty.task == MARK or duty.page else duty.award,
        grant=duty.award if duty.task == MARK else "",
        notice=duty.award if duty.task == NOTICES else "",
        page=duty.page,
    )


def _sentence(day: date, work: Sequence[OpenWork]) -> str:
    work = sorted(work, key=lambda w: w.due or date.max)
    dated = [w for w in work if w.due is not None and (w.due - day).days <= _FAR]
    if not dated:
        if begun := sum(w.due is None for w in work):
            return f"書きかけが <b>{begun}件</b>あります。"
        return "期限の近いものはありません。"
    late = [w for w in dated if w.due and w.due < day]
    if late:
        return f"期限を過ぎたものが <b>{len(late)}件</b>あります。先に確かめてください。"
    last = max(w.due for w in dated[:3] if w.due)
    near = [w for w in dated if w.due and w.due <= last]
    ready = sum(not w.gaps and not w.to_fix for w in near)
    text = f"{day_text(last)}までに <b>{len(near)}件</b>。"
    return f"{text}うち {ready}件は、確かめて送るだけです。" if ready else text


def _due_row(day: date, work: OpenWork, *, first: bool) -> DueRow:
    left = (work.due - day).days if work.due else None
    if left is None:
        left_text, date_text = "期限なし", "下書き"
    else:
        date_text = f"{work.due.month}/{work.due.day}" if work.due else ""
        left_text = (
            f"{work.due:%Y}年"
            if work.due and left > _FAR
            else f"あと {left}日"
            if left > 0
            else ("今日まで" if left == 0 else f"{-left}日 過ぎました")
        )
    if work.to_fix:
        chip, kind, button = f"直す {work.to_fix}", "danger", "つづける"
    elif work.gaps:
        chip, kind, button = f"あと {work.gaps}か所", "neutral", "つづける"
    else:
        chip, kind, button = "送れます", "ok", "確かめる"
    rest = "すべて埋まりました" if not work.gaps else f"あと {work.gaps}か所"
    note = " · ".join(part for part in (work.door, work.subject_name, rest) if part)
    return DueRow(
        work.draft_id, work.due, date_text, left_text, work.title, note, chip, kind, button, first,
        page=work.page,
    )  # fmt: skip


def _is_back(filing: FilingView) -> bool:
    if filing.sent_back:
        return True
    return filing.stage in (Stage.ENDED, Stage.REJECTED) and not filing.seen


def _came_back(filing: FilingView) -> ReturnRow:
    if filing.sent_back:
        return ReturnRow(
            filing.id,
            "undo-2",
            "danger",
            f"{filing.title} 補正のお願い",
            filing.band.note,
            "",
            "直す",
        )
    if filing.stage is Stage.REJECTED:
        return ReturnRow(
            filing.id,
            "circle-alert",
            "danger",
            f"{filing.title} 受け付けられず",
            filing.band.note,
            "",
            "見る",
        )
    count = sum(bool(d.document_id) for d in filing.decided)
    note = f"公文書が届き、事実 {count}つに加えました" if count else "手続が終わりました"
    if filing.compared:
        note = f"公文書が届き、{filing.compared:,}人の届と決定を比べました"
    return ReturnRow(filing.id, "stamp", "ok", f"{filing.title} 決定", note, "", "見る")


def _waiting(day: date, filing: FilingView) -> ReturnRow:
    since = (filing.receipt_at or filing.sealed_at).date()
    icon = "hourglass" if filing.stage is Stage.ACCEPTED else "clock"
    note = " · ".join(part for part in (filing.state_word, filing.subject_name) if part)
    return ReturnRow(
        filing.id, icon, "info", filing.title, note, f"{(day - since).days + 1}日目", ""
    )


def _marks(
    day: date, work: Sequence[OpenWork], filings: Sequence[FilingView], first_month: int
) -> tuple[YearMark, ...]:
    year = day.year if day.month >= first_month else day.year - 1
    begin = date(year, first_month, 1)
    end = date(year + 1, first_month, 1) - timedelta(days=1)

    def month(of: date) -> int:
        return (of.year - year) * 12 + of.month - first_month

    marks = [
        YearMark(month(f.receipt_at.date()), "done", f.title)
        for f in filings
        if f.receipt_at and begin <= f.receipt_at.date() <= end
    ]
    marks += [
        YearMark(month(w.due), "now" if w.due.month == day.month else "later", w.title)
        for w in work
        if w.due and begin <= w.due <= end
    ]
    return tuple(sorted(marks, key=lambda m: (m.month, m.state, m.title)))
