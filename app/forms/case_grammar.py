"""The grammar of a case file: facts given, acts done, what must come out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

FactValue = date | bool | int | str
"""A ratio is written as text, "1/3"; the catalogue says which facts are ratios."""
Facts = dict[
    Literal["register", "gbizid", "books", "document", "filing", "typed", "assumed"],
    dict[str, FactValue],
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SharedFacts(_Model):
    """Facts several cases begin from."""

    facts: Facts


class Act(_Model):
    """One thing a person does: `do` in `field`, with `text` (an answer, or the code accepted).

    In a table `row` is the key of a row ("1", "2" … count from the top) and `column` its column.
    """

    do: Literal[
        "answer",
        "typing",
        "blank",
        "substitute",
        "accept",
        "confirm",
        "clear",
        "restore",
        "undo",
        "redo",
        "write_cell",
        "add_row",
        "remove_row",
    ]
    field: str = ""
    text: str = ""
    row: str = ""
    column: str = ""


class Sending(_Model):
    """What the package of the case is sent for.

    Attachments are (title, file name, text) or (title, file name, text, "cp932"); UTF-8 else.
    """

    kind: str = "新規申請"
    first_number: str = ""
    message: str = ""
    attachments: tuple[tuple[str, str, str] | tuple[str, str, str, Literal["cp932"]], ...] = ()


class Expect(_Model):
    """What must come out. `cells` are sent texts; `sha256` that of the ZIP ("" : no package)."""

    problems: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    cells: dict[str, str] = {}
    typed: int
    filled: int
    due: date | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{64})?$")] = ""


class Case(_Model):
    """One case file. `earlier` is what the last filing of the same form said, by field, as sent."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    reference_date: date
    subject: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]*$")] = ""
    shared: tuple[str, ...] = ()
    facts: Facts = {}
    earlier: dict[str, str] = {}
    acts: tuple[Act, ...] = ()
    sending: Sending = Sending()
    expect: Expect
