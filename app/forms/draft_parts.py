"""The plain values a draft is made of: answers as stored, cells as shown, problems, changes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as part
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.facts.graph import State
from app.facts.record import Origin, Record, Value, decode_value, encode_value

if TYPE_CHECKING:
    from app.forms.fields import Field
    from app.forms.tables import Table


@dataclass(frozen=True)
class Earlier:
    """What an earlier filing of the same form said in one field, and which filing that was."""

    value: Value
    filing_id: str = ""
    day: str = ""


@dataclass(frozen=True)
class Acceptance:
    """Who said that an implausible value is right, when, and of which value (its digest)."""

    code: str
    by: str
    at: datetime
    digest: str


@dataclass(frozen=True)
class Answer:
    """What a person did in one field of a draft; the part that is not a fact.

    `value` is None where the text could not be read (the text is kept) or where the cell was
    emptied. `typed` means typed or chosen here. `substituted`: bad characters leave the house as
    their substitutes. `as_typed`: the person took a conversion back. `emptied` is the mark of a
    prefilled value the person removed in this draft (the id of its record, "derived" for a computed
    fact, "default" for a default of the form). `pending`: still being typed, not yet a fact.
    """

    field_id: str
    value: Value | None = None
    source_text: str = ""
    typed: bool = False
    substituted: bool = False
    accepted: tuple[Acceptance, ...] = ()
    note: str = ""
    as_typed: bool = False
    emptied: str = ""
    pending: bool = False
    updated_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the store."""
        return {
            "field_id": self.field_id,
            "value": None if self.value is None else encode_value(self.value),
            "source_text": self.source_text,
            "typed": self.typed,
            "substituted": self.substituted,
            "accepted": [[a.code, a.by, a.at.isoformat(), a.digest] for a in self.accepted],
            "note": self.note,
            "as_typed": self.as_typed,
            "emptied": self.emptied,
            "pending": self.pending,
            "updated_at": self.updated_at.isoformat() if self.updated_at else None,
        }

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> Answer:
        """The answer of `to_json`. Raises KeyError or ValueError on any other form."""
        updated = form.get("updated_at")
        return cls(
            field_id=form["field_id"],
            value=None if form["value"] is None else decode_value(form["value"]),
            source_text=form["source_text"],
            typed=form["typed"],
            substituted=form["substituted"],
            accepted=tuple(
                Acceptance(code, by, datetime.fromisoformat(at), digest)
                for code, by, at, digest in form["accepted"]
            ),
            note=form.get("note", ""),
            as_typed=form.get("as_typed", False),
            emptied=form.get("emptied", ""),
            pending=form.get("pending", False),
            updated_at=datetime.fromisoformat(updated) if updated else None,
        )


@dataclass(frozen=True)
class Problem:
    """Something to put right ("block") or to look at ("warn") in one field.

    `sentence` says what is and what to do, `note` more; `character` and `substitutes` are for the
    letter band. `accepted_by`/`accepted_at` say who called a warning right.
    """

    code: str
    field_id: str
    severity: str
    sentence: str
    note: str = ""
    character: str = ""
    substitutes: tuple[str, ...] = ()
    accepted_by: str = ""
    accepted_at: datetime | None = None

    @property
    def blocks(self) -> bool:
        """Whether the form cannot be sealed with it."""
        return self.severity == "block"

    @property
    def open(self) -> bool:
        """Whether a person still has to act."""
        return self.blocks or not self.accepted_by


@dataclass(frozen=True)
class Cell:
    """One field as it stands: the value, where it came from, and what is wrong with it.

    `text` is what the window and the printed form show, `sent_text` what leaves the house
    (substitutes applied), `wareki` the other calendar beside a date. `blank`: left blank on
    purpose. `filled`: a value or blank on purpose. `pending`: still being typed, not committed. `note` tells of a conversion, `source_text`
    is what was typed before it.
    """

    field: Field = part(compare=False)
    visible: bool
    value: Value | None
    text: str
    sent_text: str
    state: State
    origin: Origin | None
    answered: bool
    typed: bool
    problems: tuple[Problem, ...] = ()
    note: str = ""
    source_text: str = ""
    wareki: str = ""
    fact_path: str | None = None
    record: Record | None = None
    competitors: tuple[Record, ...] = ()
    provisional: bool = False
    locked: bool = False
    substituted: bool = False
    pending: bool = False
    table: Table | None = None

    @property
    def read(self) -> Any:
        """What expressions read of it: the rows of a table somebody filled, else the value."""
        return self.value if self.table is None or not self.answered else self.table

    @property
    def tally(self) -> tuple[int, int]:
        """(typed, filled) for the once-only ratio; a table counts cell by cell."""
        if not self.filled:
            return 0, 0
        return (int(self.typed), 1) if self.table is None else self.table.tally

    @property
    def filled(self) -> bool:
        """Whether the cell counts as filled: shown, and holding a value or a blank on purpose."""
        return self.visible and self.answered

    @property
    def blocked(self) -> bool:
        """Whether something in it must be put right before sealing."""
        return any(problem.blocks for problem in self.problems)


@dataclass(frozen=True)
class Change:
    """What one act in a draft changed, for the store and for the window.

    `records` are new records; the draft has put them into its graph already, so they only have to
    be stored. `answer` is the field's answer now (None: there is none). `affected` are the ids of
    the cells that look different.
    """

    field_id: str
    answer: Answer | None
    records: tuple[Record, ...] = ()
    note: str = ""
    problems: tuple[Problem, ...] = ()
    affected: frozenset[str] = frozenset()

    @property
    def record(self) -> Record | None:
        """The one record, or the first of several; None where the change states no fact."""
        return self.records[0] if self.records else None


@dataclass(frozen=True)
class Progress:
    """How far a section is: filled cells, cells in all, cells to put right."""

    done: int
    total: int
    to_fix: int


@dataclass(frozen=True)
class OnceOnly:
    """一度率 (DESIGN 2): filled cells not typed or chosen here, over all filled cells."""

    typed: int
    filled: int

    @property
    def ratio(self) -> float:
        """0 to 1; 1 while nothing is filled."""
        return 1.0 if self.filled == 0 else (self.filled - self.typed) / self.filled

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down so that a bar is never reached by rounding."""
        return int(self.ratio * 100 + 1e-9)
