"""Records: statements of facts, each with its origin. Records are only ever added (DESIGN 2).

A record is content-addressed: its `id` is a salted digest of everything it says, so the log of
records can be chained, replicated and, where the law asks, partly erased (a tombstone keeps the id).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from app.domain.canonical import new_salt, salted_digest


class Origin(StrEnum):
    """Where a record came from."""

    REGISTER = "register"
    GBIZID = "gbizid"
    BOOKS = "books"
    DOCUMENT = "document"
    FILING = "filing"
    TYPED = "typed"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Blank:
    """The answer "left blank on purpose". Use the one instance, BLANK."""

    def __repr__(self) -> str:
        return "BLANK"


BLANK: Final = Blank()

Value = str | int | bool | date | Fraction | Blank
"""What a fact can be: text, an integer (yen, counts), yes/no, a day, an exact ratio, or BLANK."""


def encode_value(value: Value) -> dict[str, Any]:
    """A plain tagged form for storage: {"t": "text"|"int"|"bool"|"date"|"ratio"|"blank", "v": …}."""
    if isinstance(value, Blank):
        return {"t": "blank"}
    if isinstance(value, bool):
        return {"t": "bool", "v": value}
    if isinstance(value, int):
        return {"t": "int", "v": value}
    if isinstance(value, str):
        return {"t": "text", "v": value}
    if isinstance(value, Fraction):
        return {"t": "ratio", "v": f"{value.numerator}/{value.denominator}"}
    return {"t": "date", "v": value.isoformat()}


def decode_value(form: dict[str, Any]) -> Value:
    """The value of a tagged form. Raises ValueError on a tag it does not know."""
    tag = form.get("t")
    if tag == "blank":
        return BLANK
    v = form["v"]
    if tag == "text":
        return str(v)
    if tag == "int":
        return int(v)
    if tag == "bool":
        return bool(v)
    if tag == "date":
        return date.fromisoformat(v)
    if tag == "ratio":
        return Fraction(v)
    raise ValueError(f"unknown value tag {tag!r}")


@dataclass(frozen=True)
class Record:
    """One statement of one fact.

    `path` is concrete, e.g. "employees[k3x9].kana" or "employees[k3x9].pay[2026-06]".
    `source_text` is the exact text at the source. `locator` opens the source, e.g.
    {"service": "houjin_bangou", "number": "…", "fetched": "…"} or {"by": "山本"} for typed.
    `valid_from`/`valid_to` say when it is true in the world; `recorded_at` when we came to know it;
    `confirmed_by`/`confirmed_at` who looked and said yes.
    """

    path: str
    value: Value
    origin: Origin
    recorded_at: datetime
    source_text: str = ""
    locator: dict[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    salt: str = field(default_factory=new_salt, repr=False)

    def content(self) -> dict[str, Any]:
        """Everything the record says, in plain JSON values; what its id commits to."""
        return {
            "path": self.path,
            "value": encode_value(self.value),
            "origin": self.origin.value,
            "recorded_at": self.recorded_at.isoformat(),
            "source_text": self.source_text,
            "locator": self.locator,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "confirmed_by": self.confirmed_by,
            "confirmed_at": self.confirmed_at.isoformat() if self.confirmed_at else None,
        }

    @property
    def id(self) -> str:
        """The salted digest of the content (64 hex characters)."""
        return salted_digest(self.salt, self.content())

    def confirmed(self, by: str, at: datetime) -> Record:
        """A further record that says the same and that `by` confirmed it."""
        return replace(self, confirmed_by=by, confirmed_at=at, recorded_at=at, salt=new_salt())


def record_from(content: dict[str, Any], salt: str) -> Record:
    """The record whose `content()` was stored with `salt`."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    recorded_at = datetime.fromisoformat(content["recorded_at"])
    return Record(
        path=content["path"],
        value=decode_value(content["value"]),
        origin=Origin(content["origin"]),
        recorded_at=recorded_at,
        source_text=content["source_text"],
        locator=dict(content["locator"]),
        valid_from=day(content["valid_from"]),
        valid_to=day(content["valid_to"]),
        confirmed_by=content["confirmed_by"],
        confirmed_at=moment(content["confirmed_at"]),
        salt=salt,
    )
