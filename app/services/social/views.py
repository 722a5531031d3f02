"""What the social desk hands to a page or a batch: plain values, read before anything is sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.domain.filing import Capacity
from app.services.social.asking import Ask
from app.services.social.columns import Columns
from app.services.social.notice import Notice
from app.services.social.numbers_asked import Asked
from app.services.social.prepare import Prepared


class TableTarget(NamedTuple):
    """What a column may be taken in as; `monthly` targets are written `pay[2026-04]` or `pay[month]`.

    The cells of a `personal` one are hidden on the screen until they are asked for.
    """

    target: str
    label: str
    monthly: bool = False
    personal: bool = False


@dataclass(frozen=True)
class TablePreview:
    """A chosen table before it is taken in: its headings, first rows, and what each column is.

    `columns` are those settled the last time for these headings (`remembered`), else guessed from
    them. `row_count` counts the rows below the heading that hold something.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    row_count: int
    columns: Columns
    remembered: bool
    targets: tuple[TableTarget, ...]


@dataclass(frozen=True)
class SocialForm:
    """One of the six notices that leave as SHFD0006.CSV: its code, names, and procedure's folder."""

    form: str
    name: str
    title: str
    procedure_id: str
    practice_only: bool


@dataclass(frozen=True)
class SocialReview:
    """What is read before sealing. `reasons` say why it cannot be sealed yet (empty: it can).

    `prepared` has the exact files, faults and gaps; `notices` are those asked for, soonest first.
    `leaving` is the sentence of what goes out to whom, `used` the values of the covering form that
    leave (label, text), `attached` the names of the files that go along. `inferred` are sentences
    on what rests on inference; `numbers_of` the keys of those whose 個人番号 may be given at sealing, `asked` these people with what
    is said to them (numbers_asked); `office_asks` are facts of the office that only a person can say; the files are checked as if the numbers were there.
    """

    form: str
    procedure_id: str
    title: str
    prepared: Prepared
    notices: tuple[Notice, ...]
    door_sentence: str
    account: str
    capacity: Capacity
    leaving: str
    used: tuple[tuple[str, str], ...] = field(repr=False)
    attached: tuple[str, ...]
    inferred: tuple[str, ...]
    numbers_of: tuple[str, ...]
    due: date | None
    reasons: tuple[str, ...]
    practice: bool
    asked: tuple[Asked, ...] = ()
    office_asks: tuple[Ask, ...] = ()

    @property
    def can_seal(self) -> bool:
        """Whether nothing stands between these notices and their envelopes."""
        return not self.reasons
