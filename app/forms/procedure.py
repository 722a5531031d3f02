"""A procedure as data: the grammar of `procedure.toml`, and its loader.

Adding a government form is adding a folder under resources/procedures: procedure.toml (this
grammar), payload.toml with its XML templates, layout.toml, document.toml, rejections.toml, cases/
and notes.md. No Python. `python main.py pack check DIR` says what is wrong with a folder.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic import (
    Field as Setting,
)

from app.domain.characters import PROFILES
from app.facts.catalogue import Catalogue
from app.forms.deadlines import due_date
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.pack_words import reason_of
from app.forms.toml_lines import line_map, line_of

FILE = "procedure.toml"

M = TypeVar("M", bound=BaseModel)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(max_length=300)]
Expression = Annotated[str, StringConstraints(max_length=2000)]
FactPattern = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9_.\[\]]{0,119}$")]
Kind = Literal[
    "text", "long_text", "person_name", "kana", "integer", "yen", "date", "month", "yes_no",
    "choice", "choices", "corporate_number", "postal_code", "address", "digits", "phone", "email",
]  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Default(_Model):
    """A value the form works out by itself when no fact and no answer gives one.

    One of `value` (as typed), `fact` (taken over as an assumption to confirm) or `today` (the day
    of filing); `when` is a condition, and the first default whose condition holds counts.
    """

    value: str = ""
    fact: FactPattern | Literal[""] = ""
    today: bool = False
    when: Expression = ""

    @model_validator(mode="after")
    def _one_source(self) -> Default:
        if sum((bool(self.value), bool(self.fact), self.today)) != 1:
            raise ValueError("既定値には value、fact、today のどれか一つを書いてください。")
        return self


class Field(_Model):
    """One field of a form.

    `from` names the fact it is (a pattern of the catalogue); `parts` the facts that make it up when
    the fact itself is derived (family and given name). Lengths count characters; `groups` are the
    printed groups of a number, e.g. 4-6-1. `unit` is how many yen one unit of the form is.
    `words` are what yes and no are called on the form.
    """

    id: Id
    label: Label
    kind: Kind
    from_: FactPattern | Literal[""] = Setting(default="", alias="from")
    parts: tuple[FactPattern, ...] = ()
    optional: bool = False
    blank_allowed: bool = False
    min_length: int = Setting(default=0, ge=0, le=2000)
    max_length: int = Setting(default=200, ge=1, le=2000)
    minimum: int | None = Setting(default=None, alias="min")
    maximum: int | None = Setting(default=None, alias="max")
    likely_max: int | None = None
    groups: tuple[Annotated[int, Setting(ge=1, le=20)], ...] = ()
    unit: Literal[1, 1000, 10000, 1000000] = 1
    unit_label: Annotated[str, StringConstraints(max_length=8)] = ""
    profile: str = ""
    when: Expression = ""
    choices: tuple[tuple[str, str], ...] = ()
    words: tuple[str, str] = ("はい", "いいえ")
    defaults: tuple[Default, ...] = ()
    help: Sentence = ""
    where: Sentence = ""

    @model_validator(mode="after")
    def _consistent(self) -> Field:
        if self.kind in ("choice", "choices") and not self.choices:
            raise ValueError("選択の欄には choices を書いてください。")
        if self.choices and self.kind not in ("choice", "choices"):
            raise ValueError("choices は選択の欄だけに書けます。")
        if len({value for value, _ in self.choices}) != len(self.choices):
            raise ValueError("choices に同じ値が二つあります。")
        if self.min_length > self.max_length:
            raise ValueError("min_length が max_length を超えています。")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("min が max を超えています。")
        if self.profile and self.profile not in PROFILES:
            raise ValueError(f"文字の種類「{self.profile}」はありません。")
        if self.groups and self.kind != "digits":
            raise ValueError("groups は数字の欄（digits）だけに書けます。")
        if self.parts and (not self.from_ or len(self.parts) != 2):
            raise ValueError("parts は from のある欄に、姓と名の二つを書いてください。")
        return self

    @property
    def digits(self) -> int:
        """How many digits a `digits` field with groups has; 0 where it is free."""
        return sum(self.groups)

    @cached_property
    def choice_labels(self) -> dict[str, str]:
        """Value to official word."""
        return dict(self.choices)


class Section(_Model):
    """A numbered part of the form."""

    id: Id
    label: Label
    note: Sentence = ""
    fields: tuple[Field, ...] = Setting(min_length=1)


class Check(_Model):
    """A rule between fields: when `unless` is false, `sentence` is said at `field`."""

    id: Id
    field: Id
    severity: Literal["block", "warn"]
    unless: Expression = Setting(min_length=1)
    sentence: Sentence = Setting(min_length=1)
    note: Sentence = ""


class Deadline(_Model):
    """When the form is due, counted from the date in `field`.

    `month_offset` 1 and `day` 10 is the tenth of the following month. A day on which the office is
    closed moves to the next open one (行政機関の休日に関する法律 第2条).
    """

    field: Id
    month_offset: int = Setting(ge=0, le=24)
    day: int = Setting(ge=1, le=31)
    law: Label
    sentence: Sentence

    def due(self, basis: date) -> date:
        """The last day to file for an event on `basis`."""
        return due_date(basis, self.month_offset, self.day)


class Procedure(_Model):
    """One edition of one government form.

    `proc_id` is the door's 16-character procedure number, `form_id` its 18-digit form number.
    `folder` is where its files lie; `id` is the last two names of that path.
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
        return self

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
