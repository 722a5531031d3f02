"""What a door refuses or wants put right, line by line, and the field of the form each leads to.

Two ways lead here: the report that comes with a refusal (e-Gov's report_list, or its one sentence),
and the sentence of a 補正 notice. The folder's rejections.toml says which field is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.filing import EGOV_STATUS, Stage
from app.store.rows import EventRow, FilingRow

if TYPE_CHECKING:
    from app.forms.procedure import Procedure
    from app.forms.rejections import Rejections


@dataclass(frozen=True)
class RefusalLine:
    """One line of what the door said.

    `where` is the form or file, `item` the door's name of the item (both "" where it named none),
    `sentence` what it said. `leads_to` is the id of the field to put right and `leads_to_label` its
    label, both "" where nothing is known. A page gets there by opening the form of
    `FilingView.draft_id` (`Desk.draft`) at the cell `leads_to`.
    """

    where: str
    item: str
    sentence: str
    leads_to: str = ""
    leads_to_label: str = ""


class Leads:
    """The way from a door's words to the fields of one form."""

    def __init__(self, procedure: Procedure, table: Rejections) -> None:
        self._labels = {f.id: f.label for f in procedure.fields}
        self._table = table

    def of_report(self, where: str, item: str, sentence: str) -> RefusalLine:
        """A line of a report: by its item, else by an item that its sentence names."""
        field_id = self._table.field_for(item) or next(iter(self._named(sentence)), "")
        return self._line(where, item, sentence, field_id)

    def of_text(self, where: str, text: str) -> tuple[RefusalLine, ...]:
        """Each line of a free text, once for each field it speaks of; the others lead nowhere."""
        lines = [line.strip(" \u3000") for line in text.splitlines()]
        return tuple(
            self._line(where, "", line, field_id)
            for line in lines
            if line
            for field_id in (self._named(line) or ("",))
        )

    def _named(self, sentence: str) -> tuple[str, ...]:
        return self._table.fields_in(sentence)

    def _line(self, where: str, item: str, sentence: str, field_id: str) -> RefusalLine:
        return RefusalLine(where, item, sentence, field_id, self._labels.get(field_id, ""))


def refusal_lines(
    row: FilingRow, events: Sequence[EventRow], leads: Callable[[], Leads | None]
) -> tuple[RefusalLine, ...]:
    """The lines of the latest refusal or 補正 of a filing; () where nothing was refused.

    `leads` is called only where there is something to lead from; None leads nowhere.
    """
    event = _latest(row, events)
    if event is None:
        return ()
    known = leads()
    items = [tuple(map(str, item)) for item in event.data.get("items", ()) if len(item) == 3]
    if known is None:
        return _unled(event, items)
    if items:
        return tuple(known.of_report(*item) for item in items)
    return known.of_text(event.title, event.note)


def _latest(row: FilingRow, events: Sequence[EventRow]) -> EventRow | None:
    """The event that tells what is to be put right, where the filing still stands so."""
    if row.stage is Stage.REJECTED:
        return next((e for e in reversed(events) if e.kind == "rejected"), None)
    if not EGOV_STATUS.get(row.door_status, (False, False))[1]:
        return None
    notices = (e for e in reversed(events) if e.kind == "notice")
    return next((e for e in notices if e.data.get("type") == "補正"), None)


def _unled(event: EventRow, items: Iterable[tuple[str, ...]]) -> tuple[RefusalLine, ...]:
    told = tuple(RefusalLine(*item) for item in items)
    return told or (RefusalLine(event.title, "", event.note),)
