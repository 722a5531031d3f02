"""The drawn form as data: boxes in millimetres, for the printed page and the paper on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypedDict

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.forms.draft_parts import Cell
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.parts import PARTS, part_text, row_cell
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import line_map, line_of

FILE = "layout.toml"
PAGE_WIDTH = 210.0
PAGE_HEIGHT = 297.0

Millimetres = Annotated[float, Setting(ge=0, le=297)]
Page = Annotated[int, Setting(ge=1, le=4)]
Size = Annotated[float, Setting(ge=4, le=24)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Box(_Model):
    """One box of the form, millimetres from the upper left corner of an A4 page.

    `label` is printed small in its upper left; `field` is the field whose value stands in it, with
    `part` of it (era, year, month, day, a group, or "" for the whole). `cells` above 0 draws that
    many digit boxes. `frame` false draws nothing but the text. `suffix` follows the value.
    Of a table `row` (from 1) and `column` name the cell.
    """

    x: Millimetres
    y: Millimetres
    w: Annotated[float, Setting(gt=0, le=210)]
    h: Annotated[float, Setting(gt=0, le=297)]
    label: Annotated[str, StringConstraints(max_length=120)] = ""
    field: str = ""
    part: str = ""
    cells: int = Setting(default=0, ge=0, le=40)
    size: Size = 9
    align: Literal["left", "center", "right"] = "left"
    frame: bool = True
    shade: bool = False
    suffix: Annotated[str, StringConstraints(max_length=8)] = ""
    row: int = Setting(default=0, ge=0, le=40)
    column: str = ""
    page: Page = 1

    @property
    def field_id(self) -> str:
        """The field whose value stands here; "" for a printed word or frame."""
        return self.field

    @model_validator(mode="after")
    def _on_the_page(self) -> Box:
        if self.x + self.w > PAGE_WIDTH or self.y + self.h > PAGE_HEIGHT:
            raise ValueError("欄が A4 の紙からはみ出しています。x、y、w、h を直してください。")
        if self.part not in PARTS:
            raise ValueError(
                f"part「{self.part}」はありません。使えるもの: {'、'.join(p for p in PARTS if p)}。"
            )
        return self


class Place(TypedDict):
    """Where a box stands."""

    x: float
    y: float
    w: float
    h: float


class Words(_Model):
    """Printed words that are no value: the title, headings, notes."""

    x: Millimetres
    y: Millimetres
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    size: Size = 8
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    page: Page = 1


class GridColumn(_Model):
    """One column of a drawn table: its width in millimetres, the printed heading, the form's column."""

    w: Annotated[float, Setting(gt=0, le=210)]
    label: Annotated[str, StringConstraints(max_length=120)] = ""
    column: str = ""
    part: str = ""
    align: Literal["left", "center", "right"] = "left"
    suffix: Annotated[str, StringConstraints(max_length=8)] = ""


class Grid(_Model):
    """A table of the form drawn as rows of boxes under headings, from its row `first` (1) on."""

    x: Millimetres
    y: Millimetres
    field: str
    rows: int = Setting(ge=1, le=40)
    first: int = Setting(default=1, ge=1, le=40)
    head: Millimetres = 8
    high: Millimetres = 7
    size: Size = 8
    columns: tuple[GridColumn, ...] = Setting(min_length=1)
    page: Page = 1

    def boxes(self) -> tuple[Box, ...]:
        """The boxes it stands for."""
        return tuple(box for row in range(self.rows + 1) for box in self._row(row))

    def _row(self, row: int) -> Iterator[Box]:
        top = self.y if row == 0 else self.y + self.head + (row - 1) * self.high
        high, x = self.head if row == 0 else self.high, self.x
        for c in self.columns:
            place = Place(x=round(x, 3), y=round(top, 3), w=c.w, h=high)
            x += c.w
            if row == 0:
                yield Box(**place, label=c.label, shade=True, page=self.page)
            else:
                yield Box(
                    **place, field=self.field if c.column else "", row=self.first + row - 1, column=c.column,
                    part=c.part, align=c.align, size=self.size, suffix=c.suffix, page=self.page,
                )  # fmt: skip


class Layout(_Model):
    """The drawn pages; `source` says after what they are drawn. `drawn` false: a plain list of fields.

    `grids` are tables; their boxes stand among `boxes` once the layout is loaded.
    """

    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    boxes: tuple[Box, ...] = Setting(min_length=1)
    words: tuple[Words, ...] = ()
    grids: tuple[Grid, ...] = ()
    drawn: bool = True

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max([box.page for box in self.boxes] + [words.page for words in self.words])


def load_layout(procedure: Procedure) -> Layout:
    """The layout of a procedure's folder; a plain one for a portal's form that nobody drew.

    Raises:
        PackFault: the file does not follow the grammar or names a field the form does not have.
    """
    if procedure.door == "portal" and not (procedure.folder / FILE).is_file():
        return plain_layout(procedure)
    return _load(procedure.folder, procedure)


_TOP, _FOOT, _EDGE, _GAP, _MOST, _NAMED = 20.0, 285.0, 12.0, 4.0, 8.0, 0.55


@lru_cache(maxsize=16)
def _plain(title: str, fields: tuple[tuple[str, str], ...]) -> Layout:
    half = (len(fields) + 1) // 2
    high = min(_MOST, (_FOOT - _TOP) / half)
    wide = (PAGE_WIDTH - 2 * _EDGE - _GAP) / 2
    boxes: list[Box] = []
    for n, (field_id, label) in enumerate(fields):
        x = _EDGE + (n // half) * (wide + _GAP)
        y = round(_TOP + (n % half) * high, 2)
        boxes.append(Box(x=x, y=y, w=wide * _NAMED, h=high, label=label, shade=True))
        boxes.append(
            Box(x=x + wide * _NAMED, y=y, w=wide * (1 - _NAMED), h=high, field=field_id, size=7)
        )
    head = Words(x=PAGE_WIDTH / 2, y=14, text=title, size=12, bold=True, align="center")
    source = "項目の並び。図は一度のもの"
    return Layout(source=source, boxes=tuple(boxes), words=(head,), drawn=False)


def plain_layout(procedure: Procedure) -> Layout:
    """Every field in two columns, in the order of the form: a map to press on, not a form to print."""
    return _plain(procedure.title, tuple((f.id, f.label) for f in procedure.fields))


@lru_cache(maxsize=16)
def _cached(folder: Path, stamp: int) -> tuple[Layout, dict[tuple[str | int, ...], int]]:
    raw, text = read_toml(folder, FILE)
    lines = line_map(text)
    layout = parse_model(Layout, raw, FILE, lines)
    try:
        spread = tuple(box for grid in layout.grids for box in grid.boxes())
    except ValueError:
        raise PackFault(
            "layout-grid", FILE, line_of(lines, ("grids",)),
            "表（grids）が A4 の紙からはみ出しています。x、y、columns の w を直してください。",
        ) from None  # fmt: skip
    return layout.model_copy(update={"boxes": layout.boxes + spread}), lines


def _load(folder: Path, procedure: Procedure) -> Layout:
    path = folder / FILE
    layout, lines = _cached(folder, path.stat().st_mtime_ns if path.exists() else 0)
    for number, box in enumerate(layout.boxes):
        if box.field and box.field not in procedure.by_id:
            raise PackFault(
                "layout-field-unknown",
                FILE,
                line_of(lines, ("boxes", number, "field")),
                f"欄「{box.field}」はこの手続にありません。procedure.toml の id にしてください。",
            )
        if box.column and box.column not in procedure.field(box.field).by_column:
            raise PackFault(
                "layout-field-unknown", FILE, line_of(lines, ("grids",)),
                f"列「{box.column}」は表「{box.field}」にありません。列の id にしてください。",
            )  # fmt: skip
    return layout


def boxes(layout: Layout) -> tuple[Box, ...]:
    """The boxes in drawing order: x, y, w, h in millimetres, label, field_id."""
    return layout.boxes


def cell_at(box: Box, cells: Mapping[str, Cell]) -> Cell | None:
    """The cell whose value stands in a box: a field's, or one of a table's."""
    cell = cells.get(box.field)
    return row_cell(cell, box.row, box.column) if cell is not None and box.column else cell


def box_text(box: Box, cells: Mapping[str, Cell]) -> str:
    """What stands in a box: the value as it leaves the house, in the form's own way of writing."""
    cell = cell_at(box, cells)
    if cell is None or not cell.filled:
        return ""
    text = part_text(cell, box.part) if box.part else printed(cell)
    return f"{text}{box.suffix}" if text else ""


def printed(cell: Cell) -> str:
    """A whole cell on paper: dates in the era, a choice as code and word, letters as they are sent."""
    if cell.field.kind == "date":
        return part_text(cell, "wareki")
    if cell.field.kind == "choice":
        label = cell.text
        return cell.sent_text if label == cell.sent_text else f"{cell.sent_text}  {label}"
    if (
        cell.field.kind in ("choices", "consent", "table", "file", "yen", "postal_code")
        or cell.field.groups
    ):
        return cell.text
    return cell.sent_text
