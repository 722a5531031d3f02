"""What a draft puts into one page of a portal, value by value, tables in whatever shape the page has.

Nothing of the draft is left out without a word: what has no control, or is longer than its control
takes, stands in the list with the reason it is held back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import jaconv

from app.domain.errors import BadInput
from app.facts.record import Blank
from app.forms.draft_parts import Cell
from app.forms.fields import Field
from app.forms.parts import part_text
from app.forms.portal import Control, Page, Rows
from app.forms.snapshot import leaving_files
from app.forms.tables import TableAnswer, WrittenRow


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
    """How many controls of the same name stand before its own."""
    place: int = 0
    """The row of the table, from 0."""
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
        found += [_fitting(entry) for entry in _of_control(key, page, control, cell, cells)]
    return [*found, *_without_control(page, cells)]


def _of_control(
    key: str, page: Page, control: Control, cell: Cell, cells: Mapping[str, Cell]
) -> Iterator[Entry]:
    entry = Entry(key, page.id, control.field, cell.field.label, "", control)
    if isinstance(cell.value, Blank):
        yield replace(entry, held_back="空欄のままと決めています")
    elif cell.blocked:
        yield replace(entry, held_back="欄に直すところがあります")
    elif control.column:
        yield from _of_column(entry, page, cell)
    elif control.rows_of:
        table = cells[control.rows_of]
        for place, row in enumerate(_rows(page, table)):
            text = written(control, cell)
            yield _in_row(replace(entry, text=text), table.field, row, place)
    elif control.line:
        names = {c.id: c for c in cell.field.columns}
        lines = [
            re.sub(
                r"\{([a-z][a-z0-9_]*)\}",
                lambda m, row=row: _said(names[m[1]], row.cells.get(m[1], "")),  # type: ignore[misc]
                control.line,
            ).strip()
            for row in _rows(page, cell)
        ]
        if lines:
            yield replace(entry, text="\n".join(lines))
    elif control.kind == "file":
        files = leaving_files(cell, cells)
        names_ = tuple(f["name"] for f in files)
        yield replace(entry, text="、".join(names_), files=names_)
    elif control.option:
        if control.option in str(cell.value).split(","):
            label = cell.field.choice_labels.get(control.option, cell.field.label)
            yield replace(entry, label=label, text="選ぶ", on=True)
    else:
        guard = cell.field.kind == "corporate_number" and control.kind == "read"
        yield replace(entry, text=written(control, cell), on=cell.value is True, guard=guard)


def _rows(page: Page, cell: Cell) -> list[WrittenRow]:
    """The rows of a table that go into `page`, in their order."""
    rows = _every_row(cell)
    told = _rows_told(page, cell.field.id)
    only = told.only if told else None
    if only is None:
        return list(rows)
    column = next(c for c in cell.field.columns if c.id == only.column)
    return [r for r in rows if _coded(column, r.cells.get(only.column, "")) == only.is_]


def _coded(column: Field, text: str) -> str:
    """The text of a table's cell as data names it: a yes is "true", whatever the form calls it."""
    if column.kind == "yes_no" and text in column.words:
        return ("true", "false")[column.words.index(text)]
    return text


def _rows_told(page: Page, field_id: str) -> Rows | None:
    return next((r for r in page.rows if r.field == field_id), None)


def _every_row(cell: Cell) -> tuple[WrittenRow, ...]:
    if not cell.filled or not isinstance(cell.value, str):
        return ()
    try:
        return TableAnswer.of(cell.value).rows
    except BadInput:
        return ()


def _of_column(entry: Entry, page: Page, cell: Cell) -> Iterator[Entry]:
    """The column of a table, row by row; cells that are empty take no part."""
    control, field = entry.control, cell.field
    column = next((c for c in field.columns if c.id == control.column), None)
    for place, row in enumerate(_rows(page, cell)):
        if control.row and control.row != place + 1:
            continue
        text = row.cells.get(control.column, "") if column else row.key
        if not text:
            continue
        said = _said(column, text, control) if column else _row_name(field, row, control)
        label = column.label if column else field.label
        on = column is not None and _coded(column, text) == (control.option or "true")
        made = replace(entry, label=f"{label} {place + 1}行目", text=said, on=on)
        yield _in_row(made, field, row, place)


def _in_row(entry: Entry, field: Field, row: WrittenRow, place: int) -> Entry:
    """An entry of one row: its control by its place among those of the name, or by a name of its own."""
    control = entry.control
    made = replace(entry, key=f"{entry.key}.{place}", place=place)
    if control.named_by_row:
        words = {"{n}": str(place + 1), "{row}": dict(field.fixed_rows).get(row.key, row.key)}

        def named(text: str) -> str:
            for mark, said in words.items():
                text = text.replace(mark, said)
            return text

        names = {n: named(getattr(control, n)) for n in ("label", "within", "selector")}
        return replace(made, control=control.model_copy(update=names))
    several = not control.row
    return replace(made, row=place if several else 0, several=several)


def _said(column: Field, text: str, control: Control | None = None) -> str:
    """The text of a table's cell as it is put in."""
    if control is not None and control.words:
        return control.words.get(_coded(column, text), text)
    said = dict(column.choices).get(text, text)
    transform = control.transform if control is not None else ""
    return _iso_as(transform, _OF_TEXT.get(transform, _OF_TEXT[""])(said))


def _row_name(field: Field, row: WrittenRow, control: Control) -> str:
    return control.words.get(row.key, dict(field.fixed_rows).get(row.key, row.key))


def _fitting(entry: Entry) -> Entry:
    """Held back where it is longer than the control takes: nothing is cut in the portal."""
    most = entry.control.max
    if entry.held_back or not most or len(entry.text) <= most:
        return entry
    return replace(
        entry, held_back=f"相手の欄は {most:,}字までで、いま {len(entry.text):,}字あります"
    )


def _without_control(page: Page, cells: Mapping[str, Cell]) -> Iterator[Entry]:
    """The rows of a table for which the page has no control of their own."""
    placed: dict[str, list[Control]] = {}
    for control in page.controls:
        if control.column:
            placed.setdefault(control.field, []).append(control)
    for field_id, controls in placed.items():
        most = max(c.row for c in controls)
        cell = cells[field_id]
        if not all(c.row for c in controls) or not cell.visible or cell.blocked:
            continue
        columns = {c.id: c for c in cell.field.columns}
        for place, row in enumerate(_rows(page, cell)[most:], start=most):
            words = [_said(c, row.cells[n]) for n, c in columns.items() if row.cells.get(n)]
            yield Entry(
                f"{page.id}.{field_id}.{place}", page.id, field_id,
                f"{cell.field.label} {place + 1}行目", "　".join(words), controls[0], place=place,
                held_back=f"相手の画面には {most}行分の欄しかありません",
            )  # fmt: skip


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
