"""How a filing stands that a person files by hand, and the words for it in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.filing import HAND_OVER, Stage
from app.store.rows import EventRow, FilingRow


@dataclass(frozen=True)
class HandState:
    """How a filing stands that a person files by hand.

    `handed_at` is when its files were last written out, None while they never were. What may be done
    follows from its stage: files again, the number, taking it back; documents, the end.
    """

    handed_at: datetime | None
    can_write: bool
    needs_number: bool
    can_take_in: bool
    can_finish: bool

    @property
    def words(self) -> tuple[str, str, str]:
        """The word for the state, its kind and the group of the list, before the 到達番号."""
        if self.handed_at is None:
            return "手渡す前", "wait", "sealed"
        return "手渡し済み", "info", "waiting"

    @property
    def summary(self) -> str:
        """One line for the list, before the 到達番号."""
        at = self.handed_at
        if at is None:
            return "ファイルをまだ書き出していません"
        return f"{at.month}月{at.day}日に手渡し、番号を待っています"

    @property
    def band(self) -> tuple[str, str, str]:
        """Kind, sentence and note of the band, before the 到達番号."""
        if self.handed_at is None:
            return (
                "info",
                "手で出す届です。まだ書き出していません",
                "「ファイルを書き出す」で、出すファイルと手順の紙を、選んだ場所に置きます。",
            )
        return (
            "info",
            "手渡しました。人が出すのを待っています",
            "出したら、画面に出た到達番号を入れてください。一度からは、この届を送りません。",
        )


def hand_state(row: FilingRow, events: Sequence[EventRow]) -> HandState | None:
    """The state of a hand-over; None for a filing of another door."""
    if row.door != HAND_OVER:
        return None
    handed = max((e.at for e in events if e.kind == "handed-over"), default=None)
    waits = row.stage in (Stage.READY, Stage.SENDING, Stage.UNKNOWN)
    return HandState(
        handed_at=handed,
        can_write=row.stage is Stage.READY,
        needs_number=waits and handed is not None,
        can_take_in=row.stage in (Stage.ACCEPTED, Stage.ENDED),
        can_finish=row.stage is Stage.ACCEPTED,
    )
