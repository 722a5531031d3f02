"""A procedure as data: the grammar of `procedure.toml`, and its loader.

Adding a government form is adding a folder under resources/procedures: procedure.toml (this
grammar), payload.toml with its XML templates, layout.toml, document.toml, rejections.toml, cases/
and notes.md; preprint.toml where the office prints in what it knows. No Python.
`python main.py pack check DIR` says what is wrong with a folder.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, StringConstraints, ValidationError, model_validator
from pydantic import Field as Setting

from app.facts.catalogue import Catalogue
from app.forms.deadlines import due_after, due_date
from app.forms.fields import (
    Default,
    Expression,
    Field,
    Id,
    Kind,
    Label,
    Sentence,
    Strict,
)
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.pack_words import reason_of
from app.forms.round_grammar import Round, rounds_of
from app.forms.rounds import Rounds
from app.forms.toml_lines import line_map, line_of

__all__ = [
    "Check", "Deadline", "Default", "Field", "Kind", "Procedure", "Section", "load_procedure",
    "parse_model",
]  # fmt: skip

FILE = "procedure.toml"

M = TypeVar("M", bound=BaseModel)


class Section(Strict):
    """A numbered part of the form."""

    id: Id
    label: Label
    note: Sentence = ""
    fields: tuple[Field, ...] = Setting(min_length=1)


class Check(Strict):
    """A rule between fields: when `unless` is false, `sentence` is said at `field`."""

    id: Id
    field: Id
    severity: Literal["block", "warn"]
    unless: Expression = Setting(min_length=1)
    sentence: Sentence = Setting(min_length=1)
    note: Sentence = ""


class Deadline(Strict):
    """When the form is due, counted from the date in `field`.

    `month_offset` 1 and `day` 10 is the tenth of the following month; `days` 11 is the eleventh day
    after the date. A day on which the office is closed moves to the next open one
    (行政機関の休日に関する法律 第2条). `exact`: the date in `field` is the last day itself, as where
    a notice (公募要領) names it.
    """

    field: Id
    exact: bool = False
    month_offset: int = Setting(default=0, ge=0, le=24)
    day: int = Setting(default=0, ge=0, le=31)
    days: int = Setting(default=0, ge=0, le=400)
    law: Label
    sentence: Sentence

    @model_validator(mode="after")
    def _counted(self) -> Deadline:
        if sum((self.exact, bool(self.day), bool(self.days))) != 1:
            raise ValueError("day、days、exact のどれか一つだけを書いてください。")
        return self

    def due(self, basis: date) -> date:
        """The last day to file for an event on `basis`."""
        if self.exact:
            return basis
        if self.days:
            return due_after(basis, self.days)
        return due_date(basis, self.month_offset, self.day)


class Procedure(Strict):
    """One edition of one government form.

    `proc_id` is the door's 16-character procedure number, `form_id` its 18-digit form number.
    `folder` is where its files lie; `id` is the last two names of that path. `grants` are the
    schemes of jGrants it applies for (id or number, e.g. S-00006007), `grant_words` words that the
    title of such a scheme holds. `rounds` are its calls (app.forms.rounds), `round_field` the
    choice that names the one applied for. `notice` is the code of the pension office's notice
    (2225700 …) whose SHFD0006.CSV goes along: such a form is filed from the people's facts, and its
    fields are the covering form alone.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]
    title: Label
    door_title: Label
    proc_id: Annotated[
        str, StringConstraints(pattern=r"^(?:[0-9A-Z]{16}|X-PRACTICE-[0-9A-Z]{1,5})$")
    ]
    form_id: Annotated[
        str, StringConstraints(pattern=r"^(?:[0-9A-Z]{18}|X-PRACTICE-[0-9A-Z]{1,7})$")
    ]
    form_version: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    form_name: Label
    authority: Label
    law: Label
    edition: Label
    practice_only: bool
    in_force_from: date
    in_force_to: date | None = None
    door: Literal["egov", "portal", "file", "paper"]
    door_sentence: Sentence
    subject: Annotated[str, StringConstraints(pattern=r"^[a-z_]*$")] = ""
    grants: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{8,20}$")], ...] = ()
    grant_words: tuple[Label, ...] = ()
    rounds: tuple[Round, ...] = ()
    round_field: Id | Literal[""] = ""
    notice: Annotated[str, StringConstraints(pattern=r"^(?:[0-9]{7})?$")] = ""
    deadline: Deadline | None = None
    sections: tuple[Section, ...] = Setting(min_length=1)
    checks: tuple[Check, ...] = ()
    folder: Path

    def __repr__(self) -> str:
        return f"Procedure({self.id!r}, {self.edition!r})"

    @model_validator(mode="after")
    def _dates(self) -> Procedure:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError("版の終わり（in_force_to）が始まり（in_force_from）より前です。")
        if self.proc_id.startswith("X-PRACTICE-") and not self.practice_only:
            raise ValueError("練習用の手続ID を使う版は、practice_only を true にしてください。")
        if len({r.id for r in self.rounds}) != len(self.rounds):
            raise ValueError("rounds に同じ id が二つあります。")
        return self

    @cached_property
    def round_table(self) -> Rounds:
        """The rounds as expressions read them."""
        return rounds_of(self.rounds)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the form."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def by_id(self) -> dict[str, Field]:
        """Fields by their id."""
        return {field.id: field for field in self.fields}

    def field(self, field_id: str) -> Field:
        """The field with that id. Raises KeyError."""
        return self.by_id[field_id]

    @cached_property
    def section_of(self) -> dict[str, str]:
        """Field id to section id."""
        return {field.id: section.id for section in self.sections for field in section.fields}


def load_procedure(folder: Path, catalogue: Catalogue) -> Procedure:
    """The procedure of `folder`, its grammar and its names checked against `catalogue`.

    Raises:
        PackFault: the first fault of procedure.toml, with its line.
    """
    from app.forms.pack_names import check_names

    raw, text = read_toml(folder, FILE)
    lines = line_map(text)
    if "folder" in raw:
        raise PackFault(
            "pack-unknown-key",
            FILE,
            line_of(lines, ("folder",)),
            "folder という項目はありません。消してください。",
        )
    procedure = parse_model(Procedure, {**raw, "folder": folder}, FILE, lines)
    expected = "/".join(folder.resolve().parts[-2:])
    if procedure.id != expected:
        raise PackFault(
            "pack-id",
            FILE,
            line_of(lines, ("id",)),
            f"id「{procedure.id}」がフォルダー名「{expected}」と合いません。そろえてください。",
        )
    for fault in check_names(procedure, catalogue, lines):
        raise fault
    return procedure


def parse_model(
    model: type[M], raw: dict[str, Any], file: str, lines: dict[tuple[str | int, ...], int]
) -> M:
    """`raw` as `model`. Raises PackFault for the first fault, naming its line in `file`."""
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        first = min(fault.errors(), key=lambda e: line_of(lines, e["loc"]) or 10**9)
        raise PackFault(
            "pack-" + first["type"].replace("_", "-"),
            file,
            line_of(lines, first["loc"]),
            reason_of(first),
        ) from None
