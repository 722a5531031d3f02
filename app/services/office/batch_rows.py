"""One company of a batch: where it stands, in plain values kept in the office file and told by a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.filing import Stage
from app.store.rows import FilingRow


class BatchState(StrEnum):
    """How far one company has come."""

    WAITING = "waiting"  # not looked at yet
    NOTHING = "nothing"  # nobody needs this notice
    FAULTS = "faults"  # facts are wrong or missing; nothing was sealed
    FAILED = "failed"  # the vault or the program stood in the way; nothing was sealed
    READY = "ready"  # checked, can be sealed
    SEALED = "sealed"  # waits to be sent
    UNKNOWN = "unknown"  # sent, no answer came: the door is asked
    REFUSED = "refused"  # the door said no
    SENT = "sent"  # every file has its 到達番号


WORDS = {
    BatchState.WAITING: "まだ見ていません",
    BatchState.NOTHING: "出すものなし",
    BatchState.FAULTS: "直すところあり",
    BatchState.FAILED: "開けません",
    BatchState.READY: "送れます",
    BatchState.SEALED: "封をしました",
    BatchState.UNKNOWN: "確かめています",
    BatchState.REFUSED: "受け付けられません",
    BatchState.SENT: "届きました",
}
"""The word of each state."""

OPEN_STATES = (BatchState.WAITING, BatchState.READY, BatchState.SEALED, BatchState.UNKNOWN)
"""States in which a batch still has something to do by itself."""


@dataclass(frozen=True)
class BatchRow:
    """A company in the table of a batch.

    `people` are those reported, `waiting` those left out because facts are missing, `files` how many
    CSV files, `faults` how many faults; `reasons` the sentences that stand in the way or were said.
    `warnings` are sentences that hinder nothing but must be read. `filings` are the ids of what was
    sealed, `arrivals` their 到達番号 in the same order ("" while there is none).
    """

    vault_id: str
    name: str = field(repr=False)
    corporate_number: str
    plate: str
    kanji: str
    state: BatchState = BatchState.WAITING
    people: int = 0
    waiting: int = 0
    files: int = 0
    faults: int = 0
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    filings: tuple[str, ...] = ()
    arrivals: tuple[str, ...] = ()
    ask_again_at: datetime | None = None

    @property
    def word(self) -> str:
        """The state in a word."""
        return WORDS[self.state]

    def to_json(self) -> dict[str, Any]:
        """As it is kept, without the vault's id, which is the row's own."""
        form = asdict(self)
        del form["vault_id"]
        form["state"] = self.state.value
        form["ask_again_at"] = self.ask_again_at.isoformat() if self.ask_again_at else None
        return form

    @classmethod
    def from_json(cls, vault_id: str, form: Mapping[str, Any]) -> BatchRow:
        """The row as it was kept."""
        told = dict(form)
        at = told.pop("ask_again_at", None)
        told["state"] = BatchState(told["state"])
        for name in ("reasons", "warnings", "filings", "arrivals"):
            told[name] = tuple(told[name])
        return cls(vault_id, **told, ask_again_at=datetime.fromisoformat(at) if at else None)

    def with_filings(self, filings: Sequence[FilingRow]) -> BatchRow:
        """Where it stands by what its vault holds: the filings of this batch, in their order."""
        stages = [filing.stage for filing in filings]
        state = self.state
        if Stage.SENDING in stages or Stage.UNKNOWN in stages:
            state = BatchState.UNKNOWN
        elif Stage.READY in stages:
            state = BatchState.SEALED
        elif Stage.REJECTED in stages:
            state = BatchState.REFUSED
        elif stages and all(s in (Stage.ACCEPTED, Stage.ENDED) for s in stages):
            state = BatchState.SENT
        elif stages:  # taken back by a person, one by one
            state = BatchState.WAITING
        return replace(
            self,
            state=state,
            files=len(filings) or self.files,
            filings=tuple(filing.id for filing in filings),
            arrivals=tuple(filing.receipt_number or "" for filing in filings),
        )


@dataclass(frozen=True)
class Totals:
    """A batch counted: how many companies in each state, people and files reported."""

    companies: int
    people: int
    files: int
    by_state: Mapping[BatchState, int]

    def of(self, *states: BatchState) -> int:
        """How many companies are in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)


def totals(rows: Sequence[BatchRow]) -> Totals:
    """The rows counted."""
    by_state = {state: sum(row.state is state for row in rows) for state in BatchState}
    return Totals(len(rows), sum(r.people for r in rows), sum(r.files for r in rows), by_state)
