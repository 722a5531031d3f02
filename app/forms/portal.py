"""A portal's own pages as data (`portal.toml`): which control takes which field, and how it is written.

The portal is the door's; nothing here knows its machinery. A control is found as a person finds
it, by the words beside it (`label`, inside the part headed `within`, the `nth` of them, 0 the only one), or by a
`selector` where words do not suffice. `entries` makes, of one draft and one page, the list that is
shown to the person before anything leaves, and that the browser then carries out.

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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

import jaconv
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.facts.record import Blank
from app.forms.draft_parts import Cell
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.parts import PARTS, part_text
from app.forms.procedure import Procedure, parse_model
from app.forms.snapshot import leaving_files
from app.forms.tables import rows_of_value
from app.forms.toml_lines import line_map, line_of

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
    into the portal's own words, e.g. { "301" = "株式会社" }. `column` names the column where the
    field is a table: the control is looked for once a row, or for the row numbered `row` alone
    where the portal gives each row a part of its own. `option` is the statement or choice a
    checkbox stands for. `transform` two_decimals cuts a percentage after two places: cut, never
    rounded, so that shares of a whole do not add up to more than it; man_to_yen turns an amount
    of the form in 万円 into yen.
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
    transform: Transform = ""
    words: dict[str, str] = Setting(default_factory=dict)

    @model_validator(mode="after")
    def _findable(self) -> Control:
        if bool(self.label) == bool(self.selector):
            raise ValueError("label と selector のどちらか一つを書いてください。")
        if self.part not in PARTS:
            raise ValueError(f"part「{self.part}」はありません。")
        return self


class Rows(_Model):
    """How a repeated row is added on a page: the words of the button, and the part it stands in."""

    field: str
    add: Words
    within: Words | Literal[""] = ""


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


@dataclass(frozen=True)
class Entry:
    """One value on its way into one control: what the person reads, and what the browser does."""

    key: str
    page: str
    field_id: str
    label: str
    text: str
    control: Control
    row: int = 0
    on: bool = False
    files: tuple[str, ...] = ()
    several: bool = False
    """Whether the same control stands there once a row."""
    held_back: str = ""
    """Why it is not put in: the cell has something to put right, or left blank on purpose."""
    guard: bool = False
    """Whether the page is another company's where this does not agree: then nothing goes in."""

    @property
    def leaves(self) -> bool:
        """Whether it goes into the page; what is only compared (kind read) does not."""
        return self.control.kind != "read" and not self.held_back


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
    for number, page in enumerate(portal.pages):
        named = [("controls", n, c.field) for n, c in enumerate(page.controls)]
        named += [("rows", n, r.field) for n, r in enumerate(page.rows)]
        for part, n, field_id in named:
            if field_id not in procedure.by_id:
                raise PackFault(
                    "portal-field-unknown", FILE, line_of(lines, ("pages", number, part, n, "field")),
                    f"欄「{field_id}」はこの手続にありません。",
                )  # fmt: skip
        for n, control in enumerate(page.controls):
            columns = {c.id for c in procedure.field(control.field).columns}
            if control.column and control.column not in columns:
                raise PackFault(
                    "portal-column-unknown", FILE, line_of(lines, ("pages", number, "controls", n, "column")),
                    f"列「{control.column}」は欄「{control.field}」にありません。",
                )  # fmt: skip
    return portal


def entries(page: Page, cells: Mapping[str, Cell]) -> list[Entry]:
    """What `page` takes from a draft's cells, in the order of `portal.toml`; empty cells take no part."""
    found: list[Entry] = []
    for number, control in enumerate(page.controls):
        cell = cells[control.field]
        if not cell.visible or not cell.filled:
            continue
        if control.kind == "read" and (isinstance(cell.value, Blank) or cell.blocked):
            continue
        key = f"{page.id}.{number}"
        if control.column:
            found += _of_table(key, page.id, control, cell)
            continue
        entry = Entry(key, page.id, control.field, cell.field.label, "", control)
        if isinstance(cell.value, Blank):
            found.append(replace(entry, held_back="空欄のままと決めています"))
        elif cell.blocked:
            found.append(replace(entry, held_back="欄に直すところがあります"))
        elif control.kind == "file":
            files = leaving_files(cell, cells)
            names = "、".join(file["name"] for file in files)
            found.append(replace(entry, text=names, files=tuple(f["name"] for f in files)))
        elif control.option:
            chosen = control.option in str(cell.value).split(",")
            label = cell.field.choice_labels.get(control.option, cell.field.label)
            if chosen:
                found.append(replace(entry, label=label, text="選ぶ", on=True))
        else:
            text, guard = written(control, cell), cell.field.kind == "corporate_number"
            guard = guard and control.kind == "read"
            found.append(replace(entry, text=text, on=cell.value is True, guard=guard))
    return found


def _of_table(key: str, page: str, control: Control, cell: Cell) -> list[Entry]:
    """The column of a table, row by row; cells that are empty take no part."""
    column = next(c for c in cell.field.columns if c.id == control.column)
    rows = rows_of_value(cell.field, cell.value) if isinstance(cell.value, str) else ()
    found: list[Entry] = []
    for place, row in enumerate(rows):
        text = row.get(control.column, "")
        if not text or (control.row and control.row != place + 1):
            continue
        said = control.words.get(text, dict(column.choices).get(text, text))
        if not control.words:
            said = _OF_TEXT.get(control.transform, _OF_TEXT[""])(said)
            said = _iso_as(control.transform, said)
        found.append(
            Entry(
                f"{key}.{place}", page, control.field, f"{column.label} {place + 1}行目", said,
                control, row=0 if control.row else place, on=text == (control.option or "true"),
                several=not control.row,
            )
        )  # fmt: skip
    return found


def _iso_as(transform: str, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    shapes = {"slash_date": "%Y/%m/%d", "iso_date": "%Y-%m-%d"}
    if transform == "kanji_date":
        return f"{day.year}年{day.month}月{day.day}日"
    return day.strftime(shapes[transform]) if transform in shapes else text


def written(control: Control, cell: Cell) -> str:
    """The text of a cell as the portal's control takes it."""
    if control.words:
        key = str(cell.value).lower() if isinstance(cell.value, bool) else str(cell.value)
        return control.words.get(key, cell.text)
    if control.transform in _OF_VALUE:
        return _OF_VALUE[control.transform](cell)
    text = part_text(cell, control.part)
    if cell.field.kind in ("choice", "yes_no") and not control.part:
        text = cell.text
    return _OF_TEXT[control.transform](text)


def _date(shape: str) -> Callable[[Cell], str]:
    def of(cell: Cell) -> str:
        return cell.value.strftime(shape) if isinstance(cell.value, date) else cell.sent_text

    return of


def _kanji_date(cell: Cell) -> str:
    day = cell.value
    return f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else cell.sent_text


_OF_VALUE: Mapping[str, Callable[[Cell], str]] = {
    "iso_date": _date("%Y-%m-%d"),
    "slash_date": _date("%Y/%m/%d"),
    "kanji_date": _kanji_date,
}
_OF_TEXT: Mapping[str, Callable[[str], str]] = {
    "": lambda text: text,
    "digits": lambda text: "".join(c for c in text if c.isascii() and c.isdigit()),
    "half_width": lambda text: jaconv.z2h(text, kana=False, ascii=True, digit=True),
    "full_width": lambda text: jaconv.h2z(text, kana=True, ascii=True, digit=True),
    "postal_hyphen": lambda text: f"{text[:3]}-{text[3:]}" if len(text) == 7 else text,
    "katakana": lambda text: str(jaconv.hira2kata(text)),
    "hiragana": lambda text: str(jaconv.kata2hira(text)),
    "man_to_yen": lambda text: text if text in ("", "0") else f"{text}0000",
    "two_decimals": lambda text: re.sub(r"(\.\d\d)\d+$", r"\1", text),
}
