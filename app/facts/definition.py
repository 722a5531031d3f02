"""What the catalogue says of one fact, one collection, one parameter, and the faults of a catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from app.domain.errors import Known
from app.facts.record import BLANK, Blank, Origin, Value


class CatalogueFault(Known):
    """A catalogue, parameter file or expression that cannot be used: file, line and reason."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__("catalogue", f"{file} の {line} 行目: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class UnknownFact(Known):
    """A path that no catalogue entry describes."""

    def __init__(self, path: str) -> None:
        super().__init__("unknown-fact", f"「{path}」という項目は事実の目録にありません。")
        self.path = path


class UnfitValue(Known):
    """A record whose value is not of its fact's kind."""

    def __init__(self, path: str, kind: str) -> None:
        super().__init__("value-kind", f"「{path}」の値の形が、目録の種類 {kind} と合いません。")
        self.path = path


TEXT_KINDS: Final = frozenset(
    {"text", "kana", "digits", "choice", "address", "email", "phone", "url", "month"}
)
NUMBER_KINDS: Final = frozenset({"integer", "yen", "ratio"})
KINDS: Final = TEXT_KINDS | NUMBER_KINDS | {"date", "bool"}

DEFAULT_PRECEDENCE: Final = (
    Origin.REGISTER,
    Origin.DOCUMENT,
    Origin.GBIZID,
    Origin.BOOKS,
    Origin.TYPED,
    Origin.FILING,
    Origin.DERIVED,
    Origin.ASSUMED,
)
"""Which origin counts first where a fact names no order of its own."""


@dataclass(frozen=True)
class Derivation:
    """How a fact is computed: the expression, the law it rests on, the rule in a Japanese sentence."""

    expression: str
    law: str = ""
    rule: str = ""


@dataclass(frozen=True)
class FactDef:
    """One fact of the catalogue.

    `pattern` is the path with empty brackets for members and the period's kind for a series.
    `kind` is one of KINDS; "choice" carries `choices` as (value, label). `length` is the exact
    number of digits of a "digits" fact (0: free). `when` is the condition under which the fact
    applies at all ("" = always). `askable`: a person may tell it (derived facts only if the
    catalogue says so). `internal`: serves other facts only. `secret`: 個人番号. `personal`: about a
    living person. `where`: in which document a person finds it, in Japanese.
    """

    pattern: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    precedence: tuple[Origin, ...] = DEFAULT_PRECEDENCE
    derivation: Derivation | None = None
    secret: bool = False
    personal: bool = False
    where: str = ""
    when: str = ""
    askable: bool = True
    internal: bool = False
    length: int = 0
    law: str = ""
    file: str = ""
    ranks: dict[Origin, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.ranks.update({origin: rank for rank, origin in enumerate(self.precedence)})

    @property
    def series(self) -> str:
        """The kind of period of a series ("month" or "fy"), or ""."""
        return self.pattern[self.pattern.rfind("[") + 1 : -1] if self.pattern[-1] == "]" else ""

    @property
    def collection(self) -> str:
        """The pattern of the collection whose members have this fact, or "": "employees"."""
        cut = self.pattern.rfind("[]")
        return self.pattern[:cut] if cut >= 0 else ""

    def rank(self, origin: Origin) -> int:
        """The place of an origin in the precedence; unnamed origins come last."""
        return self.ranks.get(origin, len(self.precedence))

    def choice_label(self, value: str) -> str:
        """The official word of a choice's value; the value itself where none is given."""
        return next((label for key, label in self.choices if key == value), value)


@dataclass(frozen=True)
class CollectionDef:
    """A collection: its pattern ("employees", "officers[].licences"), official name, counter word."""

    pattern: str
    label: str
    counter: str = "件"


@dataclass(frozen=True)
class ParameterValue:
    """A legal figure in force from `valid_from` to `valid_to` (None: no end known), with its source."""

    value: Value
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool


@dataclass(frozen=True)
class Parameter:
    """A dated legal figure: its name, official label, unit, the law it comes from, its values."""

    name: str
    label: str
    unit: str
    law: str
    values: tuple[ParameterValue, ...]

    def on(self, day: date) -> ParameterValue | None:
        """The value in force on `day`, or None where the tables do not reach."""
        for entry in reversed(self.values):
            if entry.valid_from <= day and (entry.valid_to is None or day <= entry.valid_to):
                return entry
        return None


def fits(kind: str, value: Value) -> bool:
    """Whether a value may stand in a fact of this kind (BLANK always may)."""
    if isinstance(value, Blank):
        return value is BLANK
    if kind in TEXT_KINDS:
        return isinstance(value, str)
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (kind == "ratio" and isinstance(value, Fraction))
