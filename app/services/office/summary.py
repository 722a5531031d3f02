"""What one company has due, in a few plain values: kept in the office file for the table of all.

It is read while the company's vault is open anyway, and shown with the moment it was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.errors import Known
from app.domain.filing import CASE_DOOR, EGOV_STATUS, Stage
from app.facts.graph import Graph
from app.services.social.desk import SocialDesk
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    CSV_FORMS,
    DEPENDANTS,
    FORM_NAMES,
    LABOUR_ACQUISITION,
    LABOUR_LOSS,
    LOSS,
    REGULAR,
    REVISION,
)
from app.services.social.notice import Notice
from app.store.filings import Filings
from app.store.rows import FilingRow
from app.store.vault import Vault

YEARLY = "nendo_koushin"
COLUMNS: dict[str, tuple[str, str]] = {
    REGULAR: ("算定基礎届", "7/10"),
    YEARLY: ("年度更新", "7/10"),
    BONUS: ("賞与支払届", "支払+5日"),
    REVISION: ("月額変更届", "速やかに"),
    ACQUISITION: ("資格取得届", "入社+5日"),
    LOSS: ("資格喪失届", "退職+5日"),
    DEPENDANTS: ("被扶養者届", "異動+5日"),
    LABOUR_ACQUISITION: ("雇用 取得届", "翌月10日"),
    LABOUR_LOSS: ("雇用 喪失届", "退職+10日"),
}
"""The obligations of the table, in its order: word and when it is due, by the laws' own rules."""

_PROCEDURES = {
    YEARLY: ("mhlw/roudou_hoken_nendo_koushin",),
    LABOUR_ACQUISITION: ("mhlw/koyou_hoken_shikaku_shutoku",),
    LABOUR_LOSS: ("mhlw/koyou_hoken_shikaku_soshitsu", "mhlw/koyou_hoken_rishoku"),
}
_SEASON = {REGULAR: ((7, 1), (7, 10)), YEARLY: ((6, 1), (7, 10))}


class CellState(StrEnum):
    """What one obligation of one company waits for, the most urgent first."""

    LATE = "late"  # 過ぎた
    RETURNED = "returned"  # 補正
    ASKING = "asking"  # 確かめ中
    WRITE = "write"  # あと n
    SEND = "send"  # 送れます
    SEALED = "sealed"  # 封をして待つ
    REVIEW = "review"  # 審査中
    WAIT = "wait"  # 待ち: may be filed from a day on
    DONE = "done"
    LATER = "later"  # これから
    NONE = "none"  # nobody needs it now
    UNSEEN = "unseen"  # not looked at yet


@dataclass(frozen=True)
class Cell:
    """One obligation of one company: `count` people or filings, `due` the last day, `why` in words.

    `ready`: a batch can look through it; what is late can still go out.
    """

    state: CellState
    count: int = 0
    due: date | None = None
    why: str = ""
    ready: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "state": self.state.value,
            "count": self.count,
            "due": self.due.isoformat() if self.due else None,
            "why": self.why,
            "ready": self.ready,
        }

    @classmethod
    def from_json(cls, form: Any) -> Cell:
        """As it was kept; what another edition kept otherwise counts as not seen."""
        try:
            due = date.fromisoformat(form["due"]) if form["due"] else None
            ready = bool(form.get("ready"))
            return cls(CellState(form["state"]), int(form["count"]), due, str(form["why"]), ready)
        except (KeyError, TypeError, ValueError):
            return cls(CellState.UNSEEN)


@dataclass(frozen=True)
class Summary:
    """A company as the table shows it. `month` ends its fiscal year, 0 where nobody said."""

    people: int
    month: int
    cells: dict[str, Cell] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        cells = {key: cell.to_json() for key, cell in self.cells.items()}
        return {"people": self.people, "month": self.month, "cells": cells}

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> Summary:
        """As it was kept."""
        cells = form.get("cells")
        kept = cells if isinstance(cells, dict) else {}
        found = {key: Cell.from_json(kept[key]) for key in COLUMNS if key in kept}
        return cls(int(form.get("people", 0)), int(form.get("month", 0)), found)


def summary_of(vault: Vault, graph: Graph, social: SocialDesk, day: date) -> Summary:
    """What an open company has due on `day`."""
    month = graph.fact("company.fiscal_year_end_month").value
    reason = ""
    notices: Sequence[Notice] = ()
    try:
        notices = social.needs().notices
    except Known as fault:
        reason = fault.sentence
    procedures = {form.form: (form.procedure_id,) for form in social.forms()} | _PROCEDURES
    filings = [row for row in Filings(vault).list() if row.door != CASE_DOOR]
    cells = {}
    for key in COLUMNS:
        mine = [row for row in filings if row.procedure_id in procedures.get(key, ())]
        needed = [notice for notice in notices if notice.form == key]
        told = reason if key in CSV_FORMS else ""
        cells[key] = cell_of(key, needed, mine, day, told)
    return Summary(len(social.people()), month if isinstance(month, int) else 0, cells)


def cell_of(
    key: str, notices: Sequence[Notice], filings: Sequence[FilingRow], day: date, reason: str = ""
) -> Cell:
    """The one state that matters most of an obligation: what a person must do comes first."""
    back = [r for r in filings if r.stage is Stage.ACCEPTED and _waits_for_us(r)]
    if back:
        return Cell(CellState.RETURNED, len(back), why="役所から、直すようにと来ています。")
    if lost := [r for r in filings if r.stage in (Stage.UNKNOWN, Stage.SENDING)]:
        return Cell(CellState.ASKING, len(lost), why="届いたか、役所に確かめています。")
    if notices:
        return _needed(key, notices, day)
    if reason:
        return Cell(CellState.WRITE, 1, why=reason)
    return _filed(key, filings, day)


def _needed(key: str, notices: Sequence[Notice], day: date) -> Cell:
    due = min((n.due for n in notices if n.due is not None), default=None)
    first = notices[0].reason
    open_now = [n for n in notices if n.opens <= day]
    whole = key in CSV_FORMS and any(not n.asks for n in open_now)
    if due is not None and due < day:
        return Cell(CellState.LATE, len(notices), due, first, whole)
    if not open_now:
        return Cell(CellState.WAIT, len(notices), min(n.opens for n in notices), first)
    if lacking := [n for n in open_now if n.asks]:
        told = f"{lacking[0].asks[0]}が足りません。"
        return Cell(CellState.WRITE, len(lacking), due, told, whole)
    if key not in CSV_FORMS:
        return Cell(CellState.WRITE, len(open_now), due, first)
    return Cell(CellState.SEND, len(open_now), due, first, whole)


def _filed(key: str, filings: Sequence[FilingRow], day: date) -> Cell:
    if sealed := [r for r in filings if r.stage is Stage.READY]:
        return Cell(CellState.SEALED, len(sealed), why="封をして、送るのを待っています。")
    recent = [r for r in filings if (day - r.sealed_at.date()).days < 366]
    if under := [r for r in recent if r.stage is Stage.ACCEPTED]:
        return Cell(CellState.REVIEW, len(under), why="役所が見ています。")
    season = _SEASON.get(key)
    ended = [r for r in recent if r.stage is Stage.ENDED]
    if season is None:
        if ended:
            return Cell(CellState.DONE, len(ended), why="出したものは、すべて終わっています。")
        word = FORM_NAMES.get(key, "")
        return Cell(CellState.NONE, why=f"いま{word}を出す人はいません。")
    begins, last = (date(day.year, *part) for part in season)
    if [r for r in ended if r.sealed_at.date() >= begins or day < begins]:
        return Cell(CellState.DONE, why="今年の分は終わっています。")
    if day <= last:
        return Cell(CellState.LATER, due=last, why="期限まで、まだ日があります。")
    return Cell(CellState.NONE, why="今年の期限は過ぎました。いま出すものは見つかりません。")


def _waits_for_us(row: FilingRow) -> bool:
    return EGOV_STATUS.get(row.door_status, (False, False))[1]
