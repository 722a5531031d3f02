"""A table as a cell: its rows over facts and what was written, and what is wrong in them.

Each row is made by a cell maker of its own, whose member or fiscal year is that of the row, so a
column is a field like any other: it has its fact, its default, its calculation and its checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.facts.functions import add_months, month_of
from app.facts.graph import State
from app.facts.paths import is_period
from app.facts.record import BLANK, Blank, Origin
from app.forms.cells import EMPTIED_IN_ROW, CellMaker
from app.forms.compiled import CompiledField
from app.forms.conditions import ABOVE, Condition
from app.forms.convert import convert, in_units, sent
from app.forms.draft_parts import Answer, Cell, Problem
from app.forms.found import Found, KeptRow
from app.forms.tables import Table, TableAnswer, TableRow, WrittenRow

if TYPE_CHECKING:
    from app.forms.fields import Field


def make_table(
    maker: CellMaker, part: CompiledField, answer: Answer | None, cells: dict[str, Cell]
) -> Cell:
    """The cell of a table field."""
    field = part.field
    visible = part.when is None or part.when.holds(maker.reader(cells), maker.fact_value) is True
    written, before = _written(maker, field, answer)
    table = Table(tuple(_rows(maker, part, written, before, cells)), written)
    typed, filled = table.tally
    blank = answer is not None and isinstance(answer.value, Blank)
    value = BLANK if blank else (table.to_value() or None)
    answered = blank or filled > 0
    state, origin = _whence(table, blank)
    found = Found(value, state, origin, answered=answered, typed=bool(typed) or blank, table=table)
    inner = tuple(_row_problems(field, table)) if answered and not blank else ()
    problems = maker.problems_of(part, answer, found, cells, inner) if visible else ()
    return Cell(
        field=field,
        visible=visible,
        value=value,
        text=f"{len(table.filled_rows)}行" if filled else "",
        sent_text="" if blank or value is None else str(value),
        state=state if visible else State.NOT_APPLICABLE,
        origin=origin,
        answered=answered,
        typed=found.typed,
        problems=problems,
        source_text=answer.source_text if answer else "",
        pending=answer is not None and answer.pending,
        table=None if blank else table,
    )


def written_in(field: Field, answer: Answer | None) -> TableAnswer:
    """What was written in a table in this draft."""
    if answer is None or isinstance(answer.value, Blank):
        return TableAnswer()
    text = answer.source_text if answer.pending or answer.value is None else str(answer.value)
    try:
        return TableAnswer.of(text)
    except BadInput:
        return TableAnswer()


def _written(
    maker: CellMaker, field: Field, answer: Answer | None
) -> tuple[TableAnswer, TableAnswer]:
    """What stands written, and what of it an earlier filing said already."""
    kept = maker.earlier.get(field.id) if field.carry else None
    before = TableAnswer()
    if kept is not None and isinstance(kept.value, str):
        try:
            before = TableAnswer.of(kept.value)
        except BadInput:
            before = TableAnswer()
    own = {column.id for column in field.columns if not column.from_ and not column.calc}
    before = TableAnswer(
        tuple(
            WrittenRow(row.key, {c: t for c, t in row.cells.items() if c in own})
            for row in before.rows
        )
    )
    if answer is None:
        return before, before
    return written_in(field, answer), before


def given_keys(maker: CellMaker, field: Field, cells: Mapping[str, Cell]) -> list[tuple[str, str]]:
    """(key, label) of the rows a table has before anyone writes: members, periods or fixed rows."""
    if field.rows_from:
        return [(key, "") for key in maker.graph.members(field.rows_from)]
    if field.fiscal_years:
        years = [maker.year(f"fy-{back}") for back in range(1, field.fiscal_years + 1)]
        return [(year, f"{int(year[:4])}年{int(year[5:])}月期") for year in years]
    if field.months:
        return _months(maker.reader(cells)(field.months_from), field.months)
    return list(field.fixed_rows)


def _months(start: object, count: int) -> list[tuple[str, str]]:
    """The month of a day and those before (`count` below 0) or after it; none while it is unknown."""
    if not isinstance(start, date):
        return []
    first, step = start.replace(day=1), 1 if count > 0 else -1
    months = (add_months(first, step * n) for n in range(abs(count)))
    return [(month_of(day), f"{day.year}年{day.month}月") for day in months]


def row_maker(maker: CellMaker, field: Field, key: str) -> CellMaker:
    """The maker of one row's cells: its member or its fiscal year is the row's."""
    made = CellMaker(maker.graph, key, maker.reference_date)
    made.scope = f"{field.rows_from}[{key}]" if field.rows_from else maker.scope
    made.period = key if field.has_periods and is_period(key) else ""
    return made


def _rows(
    maker: CellMaker,
    part: CompiledField,
    written: TableAnswer,
    before: TableAnswer,
    cells: dict[str, Cell],
) -> list[TableRow]:
    field = part.field
    given = [(k, label) for k, label in given_keys(maker, field, cells) if k not in written.without]
    order = [(k, label, True) for k, label in given]
    known = {k for k, _ in given}
    if not field.is_fixed:
        order += [(r.key, "", False) for r in written.rows if r.key not in known]
    outer = _read_outside(maker, part, cells)
    held = maker.rows.get(field.id, {})
    kept: dict[str, KeptRow] = {}
    rows: list[TableRow] = []
    over: Mapping[str, Cell] | None = None
    for number, (key, label, is_given) in enumerate(order, start=1):
        texts, old = written.row(key).cells, before.row(key).cells
        inner = row_maker(maker, field, key)
        inner.above = over
        above = tuple(inner.reader({})(ABOVE + name) for name in part.columns_above)
        if part.row_while and not _goes_on(inner, part.row_while, cells):
            break
        known_row = held.get(key)
        if known_row is None or known_row.says != (outer, texts, old, above):
            made = _row_cells(inner, part, texts, old, cells)
            known_row = KeptRow((outer, texts, old, above), made)
        kept[key] = known_row
        over = known_row.cells if field.months else None
        name = label or f"{field.row_word}{number}"
        rows.append(TableRow(key, name, known_row.cells, is_given, bool(field.months)))
    maker.rows[field.id] = kept
    return rows


def _goes_on(inner: CellMaker, while_: Condition, cells: Mapping[str, Cell]) -> bool:
    """Whether there is one more row; while that is open, there is one to be asked about."""
    return while_.holds(inner.reader(cells), inner.fact_value) is not False


def _read_outside(
    maker: CellMaker, part: CompiledField, cells: Mapping[str, Cell]
) -> tuple[object, ...]:
    """What a row's cells read beside the row itself; the row stands while this stays the same."""
    read = maker.reader(cells)
    facts = maker.graph.revision if part.columns_read_facts else -1
    return (facts, *(read(name) for name in part.read_by_columns))


def _row_cells(
    inner: CellMaker,
    part: CompiledField,
    texts: Mapping[str, str],
    old: Mapping[str, str],
    cells: dict[str, Cell],
) -> dict[str, Cell]:
    """The cells of one row, by column."""
    here = dict(cells)
    made: dict[str, Cell] = {}
    for column in part.columns:
        text, before = texts.get(column.field.id), old.get(column.field.id)
        cell = inner.make(column, _answer(column.field, text, before), here)
        if text is not None and text == before and cell.answered and not cell.field.from_:
            cell = replace(cell, origin=Origin.FILING, typed=False)
        here[column.field.id] = made[column.field.id] = cell
    return made


def _answer(column: Field, text: str | None, before: str | None) -> Answer | None:
    """The answer of one cell: the text written in it, read as its kind where it can be."""
    if text is None or not text.strip():
        return None if text is None else Answer(column.id, emptied=EMPTIED_IN_ROW)
    try:
        value = convert(column, text).value
    except BadInput:
        return Answer(column.id, None, text, typed=True)
    return Answer(column.id, value, text, typed=text != before)


def cell_text(column: Field, text: str) -> str:
    """What is kept of a text typed in a cell: its converted form, or the text where it is unread."""
    if not text.strip(" 　\r\n\t"):
        return ""
    try:
        value = convert(column, text).value
    except BadInput:
        return text
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind == "yen" and isinstance(value, int):
        return str(in_units(value, column.unit))
    return sent(column, value)


def _whence(table: Table, blank: bool) -> tuple[State, Origin | None]:
    """The weakest state of its cells, and the origin most of them share."""
    if blank:
        return State.CONFIRMED, Origin.TYPED
    cells = [c for row in table.filled_rows for c in row.cells.values() if c.filled]
    if not cells:
        return State.MISSING, None
    states = {c.state for c in cells}
    order = (State.CONFLICTING, State.ASSUMED, State.UNCONFIRMED)
    state = next((s for s in order if s in states), State.CONFIRMED)
    origins = [c.origin for c in cells if c.origin is not None and not c.field.calc]
    return state, max(origins, key=origins.count, default=Origin.DERIVED)


def _row_problems(field: Field, table: Table) -> list[Problem]:
    found: list[Problem] = []
    filled = table.filled_rows
    if len(filled) < field.min_rows:
        found.append(
            Problem(
                "too-few-rows", field.id, "block",
                f"{field.label}は {field.min_rows}行以上入れてください。いま {len(filled)}行あります。",
            )
        )  # fmt: skip
    if len(filled) > field.max_rows:
        found.append(
            Problem(
                "too-many-rows", field.id, "block",
                f"{field.label}は {field.max_rows}行までです。{len(filled) - field.max_rows}行減らしてください。",
            )
        )  # fmt: skip
    for row in filled:
        for name, cell in row.cells.items():
            if not cell.visible:
                continue
            for problem in cell.problems:
                if problem.code == "conflict":
                    continue  # said where the fact is kept; the row shows the value that counts
                found.append(
                    replace(
                        problem,
                        code=f"{row.key}.{name}:{problem.code}",
                        field_id=field.id,
                        sentence=f"{row.label}行目　{problem.sentence}"
                        if row.label.isdigit()
                        else f"{row.label}　{problem.sentence}",
                    )
                )
            if (
                not cell.answered
                and not cell.text
                and not cell.field.optional
                and not cell.field.calc
            ):
                label = f"{row.label}行目" if row.label.isdigit() else row.label
                remedy = "入れてください。" if row.given else "入れるか、行を消してください。"
                found.append(
                    Problem(
                        f"{row.key}.{name}:missing", field.id, "block",
                        f"{label}の{cell.field.label}がまだありません。{remedy}",
                    )
                )  # fmt: skip
    return found
