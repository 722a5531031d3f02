"""A portal's own pages as data (`portal.toml`): which control takes which field, and how it is written.

The portal is the door's; nothing here knows its machinery. A control is found as a person finds
it, by the words beside it (`label`, inside the part headed `within`, the `nth` of them, 0 the only one), or by a
`selector` where words do not suffice. `app.forms.portal_entries` makes, of one draft and one page, the
list that is shown to the person before anything leaves, and that the browser then carries out.

    portal = "jgrants"
    [[pages]]
    id = "basic"
    heading = "基本情報"
    [[pages.controls]]
    field = "company_name"
    label = "法人名"
    kind = "text"
    [receipt]
    heading = "申請を受け付けました"
    number = "受付番号"

Which origin `portal` stands for is the program's own registry (app.services.doors), never a pack's.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.forms.fields import Field
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.parts import PARTS
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import Location, line_map, line_of

FILE = "portal.toml"

Words = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Selector = Annotated[str, StringConstraints(max_length=300)]
ControlKind = Literal["text", "choice", "radio", "checkbox", "file", "read"]
Transform = Literal[
    "", "digits", "half_width", "full_width", "postal_hyphen", "iso_date", "slash_date", "kanji_date", "katakana", "hiragana",
    "two_decimals", "man_to_yen",
]  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Control(_Model):
    """One control of a page.

    `field` names the draft's field, `part` a part of it (see `app.forms.parts`). `kind`: text (any
    written control, masked ones too), choice (a select or a box that opens a list), radio,
    checkbox, file, read (the portal fills it itself; it is only compared, and a corporate number that
    differs stops the filling). `words` turns values
    into the portal's own words, e.g. { "301" = "株式会社" }. `option` is the statement or choice a
    checkbox stands for. `max` is how many letters the control takes: a folder whose field may be
    longer is refused, so that the form counts and nothing is ever cut in the portal. `transform`
    two_decimals cuts a percentage after two places: cut, never rounded, so that shares of a whole do
    not add up to more than it; man_to_yen turns an amount of the form in 万円 into yen.

    A table comes in whatever shape the portal has:

    - `column`: the control is looked for once a row; "@row" is the row itself (fixed rows: its key, to
      be put into the portal's words).
    - `row`: only that row, counted from 1, where each has a control of its own. Rows that then have no
      control are listed for the person.
    - {n} and {row} in `label`, `within` or `selector`: the number and the name of the row, where the
      controls of each row are named by it (役員{n}の氏名).
    - `line`: every row written into one control, a line each: "{meisho} {hiritsu}％".
    - `rows_of`: a field that is no table, put in once for each row of that table.
    """

    field: str
    label: Words | Literal[""] = ""
    selector: Selector = ""
    within: Words | Literal[""] = ""
    nth: int = Setting(default=0, ge=0, le=200)
    kind: ControlKind = "text"
    part: str = ""
    column: str = ""
    row: int = Setting(default=0, ge=0, le=200)
    option: str = ""
    line: Annotated[str, StringConstraints(max_length=300)] = ""
    rows_of: str = ""
    max: int = Setting(default=0, ge=0, le=100_000)
    transform: Transform = ""
    words: dict[str, str] = Setting(default_factory=dict)

    @model_validator(mode="after")
    def _findable(self) -> Control:
        if bool(self.label) == bool(self.selector):
            raise ValueError("label と selector のどちらか一つを書いてください。")
        if self.part not in PARTS:
            raise ValueError(f"part「{self.part}」はありません。")
        if sum((bool(self.column), bool(self.line), bool(self.rows_of))) > 1:
            raise ValueError("column、line、rows_of は、どれか一つだけ書けます。")
        return self

    @property
    def named_by_row(self) -> bool:
        """Whether the control of each row has a name of its own."""
        return any(
            m in t for m in ("{n}", "{row}") for t in (self.label, self.within, self.selector)
        )


class Only(_Model):
    """Which rows of a table go in: those whose `column` holds the text `is`."""

    column: str
    is_: str = Setting(alias="is")


class Rows(_Model):
    """The rows of a table on a page: which go in, and how one is added.

    `add` are the words of the button ("": the rows are there), `within` the part they stand in.
    """

    field: str
    add: Words | Literal[""] = ""
    within: Words | Literal[""] = ""
    only: Only | None = None


class Page(_Model):
    """A page of the portal, recognised by the end of its `path` or its `heading`.

    `confirm` marks the page whose button files the application: nothing is filled there.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    heading: Words | Literal[""] = ""
    path: Annotated[str, StringConstraints(max_length=200)] = ""
    confirm: bool = False
    controls: tuple[Control, ...] = ()
    rows: tuple[Rows, ...] = ()

    @model_validator(mode="after")
    def _recognisable(self) -> Page:
        if not self.heading and not self.path:
            raise ValueError("heading か path を書いてください。")
        return self


class Receipt(_Model):
    """The page that says the application came in, and the words beside its number and its time."""

    heading: Words | Literal[""] = ""
    path: Annotated[str, StringConstraints(max_length=200)] = ""
    number: Words
    at: Words | Literal[""] = ""

    @model_validator(mode="after")
    def _recognisable(self) -> Receipt:
        if not self.heading and not self.path:
            raise ValueError("heading か path を書いてください。")
        return self


class Portal(_Model):
    """The portal of a folder: its name in the program's registry, where to begin, its pages."""

    portal: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    start: Annotated[str, StringConstraints(pattern=r"^/[!-~]{0,300}$")] = "/"
    expired: Words | Literal[""] = ""
    pages: tuple[Page, ...] = Setting(min_length=1)
    receipt: Receipt


def load_portal(procedure: Procedure) -> Portal | None:
    """The portal of a procedure's folder; None where there is none.

    Raises:
        PackFault: the grammar is not followed, or a field is named that the form does not have.
    """
    if not (procedure.folder / FILE).is_file():
        return None
    raw, text = read_toml(procedure.folder, FILE)
    lines = line_map(text)
    portal = parse_model(Portal, raw, FILE, lines)
    for fault in _faults(portal, procedure):
        code, where, sentence = fault
        raise PackFault(code, FILE, line_of(lines, where), sentence)
    return portal


_Fault = tuple[str, Location, str]


def _faults(portal: Portal, procedure: Procedure) -> Iterator[_Fault]:
    for number, page in enumerate(portal.pages):
        at: Location = ("pages", number)
        for n, rows in enumerate(page.rows):
            where: Location = (*at, "rows", n)
            yield from _field_fault(rows.field, (*where, "field"), procedure)
            if rows.only is not None:
                columns = {c.id for c in procedure.field(rows.field).columns}
                yield from _column_fault(rows.only.column, rows.field, columns, (*where, "only"))
        for n, control in enumerate(page.controls):
            yield from _control_faults(control, (*at, "controls", n), procedure)


def _control_faults(control: Control, where: Location, procedure: Procedure) -> Iterator[_Fault]:
    for name in ("field", "rows_of"):
        if getattr(control, name):
            yield from _field_fault(getattr(control, name), (*where, name), procedure)
    field = procedure.field(control.field)
    columns = {c.id: c for c in field.columns}
    if control.column and (control.column != "@row" or not columns):
        yield from _column_fault(control.column, control.field, columns, (*where, "column"))
    if control.line:
        for name in line_columns(control.line):
            yield from _column_fault(name, control.field, columns, (*where, "line"))
    if control.rows_of and not procedure.field(control.rows_of).columns:
        yield (
            "portal-rows-of", (*where, "rows_of"),
            f"欄「{control.rows_of}」は表ではありません。表の欄を書いてください。",
        )  # fmt: skip
    source = columns.get(control.column, field)
    if control.kind == "text" and control.max and longest(source) > control.max:
        yield (
            "portal-longer", (*where, "max"),
            f"欄「{control.field}」は {longest(source)}字まで書けますが、ポータルは {control.max}字までです。"
            "欄の max_length を短くしてください。",
        )  # fmt: skip


def _field_fault(field_id: str, where: Location, procedure: Procedure) -> Iterator[_Fault]:
    if field_id not in procedure.by_id:
        yield "portal-field-unknown", where, f"欄「{field_id}」はこの手続にありません。"


def _column_fault(
    column: str, field_id: str, columns: Container[str], where: Location
) -> Iterator[_Fault]:
    if column not in columns:
        yield "portal-column-unknown", where, f"列「{column}」は欄「{field_id}」にありません。"


def line_columns(line: str) -> list[str]:
    """The columns a `line` names, in order."""
    return re.findall(r"\{([a-z][a-z0-9_]*)\}", line)


def longest(field: Field) -> int:
    """How many letters a field may hold; 0 where the form counts no letters."""
    return field.max_length if field.kind in _LETTERED else 0


_LETTERED = ("text", "long_text", "person_name", "kana", "address", "email")
