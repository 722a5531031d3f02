"""Names in procedure.toml: facts that exist, ids that are unique, conditions that look backwards."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.facts.grammar import ExpressionFault
from app.forms.conditions import BadCondition, Condition, compile_condition
from app.forms.convert import convert
from app.forms.file_slots import named_cells
from app.forms.pack_fault import PackFault
from app.forms.procedure import FILE, Default, Field, Procedure
from app.forms.toml_lines import Location, line_of

_FITS = {
    "date": {"date"},
    "yes_no": {"bool"},
    "integer": {"integer"},
    "yen": {"yen"},
    "month": {"month"},
    "percent": {"ratio"},
    "decimal": {"ratio"},
    "table": set(),
    "consent": set(),
    "file": set(),
}
_TEXT = {"text", "kana", "digits", "choice", "address", "email", "phone", "url"}


def check_names(
    procedure: Procedure, catalogue: Catalogue, lines: dict[Location, int]
) -> Iterator[PackFault]:
    """Every fault of the names in procedure.toml, in the order of the file."""
    yield from _duplicates(procedure, lines)
    earlier: set[str] = set()
    for s, section in enumerate(procedure.sections):
        for f, field in enumerate(section.fields):
            place: Location = ("sections", s, "fields", f)
            yield from _field_facts(procedure, field, catalogue, lines, place)
            yield from table_names(procedure, field, catalogue, earlier, lines, place)
            yield from _field_conditions(procedure, field, catalogue, earlier, lines, place)
            earlier.add(field.id)
    yield from _rules(procedure, catalogue, lines)


def _fault(code: str, lines: dict[Location, int], place: Location, reason: str) -> PackFault:
    return PackFault(code, FILE, line_of(lines, place), reason)


def _duplicates(procedure: Procedure, lines: dict[Location, int]) -> Iterator[PackFault]:
    sections: set[str] = set()
    fields: set[str] = set()
    for s, section in enumerate(procedure.sections):
        if section.id in sections:
            yield _fault(
                "pack-duplicate", lines, ("sections", s, "id"),
                f"部の id「{section.id}」が二つあります。別の id にしてください。",
            )  # fmt: skip
        sections.add(section.id)
        for f, field in enumerate(section.fields):
            if field.id in fields:
                yield _fault(
                    "pack-duplicate", lines, ("sections", s, "fields", f, "id"),
                    f"欄の id「{field.id}」が二つあります。別の id にしてください。",
                )  # fmt: skip
            fields.add(field.id)


def _field_facts(
    procedure: Procedure,
    field: Field,
    catalogue: Catalogue,
    lines: dict[Location, int],
    at: Location,
    rows_from: str = "",
    yearly: bool = False,
    monthly: bool = False,
) -> Iterator[PackFault]:
    named = [("from", field.from_)] if field.from_ else []
    named += [("parts", part) for part in field.parts]
    named += [("defaults", d.fact) for d in field.defaults if d.fact]
    for key, pattern in named:
        definition = catalogue.facts.get(pattern)
        if definition is None:
            yield _fault(
                "pack-fact-unknown", lines, (*at, key),
                f"事実「{pattern}」は目録にありません。綴りを確かめてください。",
            )  # fmt: skip
            continue
        if pattern.endswith("[month]") != monthly or pattern.endswith("[fy]") != (
            yearly or bool(field.period)
        ):
            yield _fault(
                "pack-fact-series", lines, (*at, key),
                f"事実「{pattern}」を読む年度や月が決まりません。period、fiscal_years か months を書いてください。",
            )  # fmt: skip
        if definition.collection and definition.collection != (rows_from or procedure.subject):
            yield _fault(
                "pack-fact-subject", lines, (*at, key),
                f"事実「{pattern}」は、この手続の対象（{procedure.subject or 'なし'}）のものではありません。",
            )  # fmt: skip
        if not _fits(field, definition):
            yield _fault(
                "pack-fact-kind", lines, (*at, key),
                f"欄の種類 {field.kind} と、事実「{pattern}」の種類 {definition.kind} が合いません。",
            )  # fmt: skip
    for d, default in enumerate(field.defaults):
        yield from _default_value(field, default, lines, (*at, "defaults", d))


def _fits(field: Field, definition: FactDef) -> bool:
    if field.kind == "choice" and definition.kind == "choice" and definition.choices:
        return {v for v, _ in field.choices} >= {v for v, _ in definition.choices}
    return definition.kind in _FITS.get(field.kind, _TEXT)


def table_names(
    procedure: Procedure,
    field: Field,
    catalogue: Catalogue,
    earlier: set[str],
    lines: dict[Location, int],
    at: Location,
) -> Iterator[PackFault]:
    """Every fault of the names in a table's columns and in a slot's name rule."""
    if field.rows_from and field.rows_from not in catalogue.collections:
        yield _fault(
            "pack-fact-unknown", lines, (*at, "rows_from"),
            f"一覧「{field.rows_from}」は目録にありません。綴りを確かめてください。",
        )  # fmt: skip
        return
    for name in named_cells(field.file_name):
        if name not in earlier:
            yield _fault(
                "pack-field-unknown", lines, (*at, "file_name"),
                f"ファイル名の欄「{name}」が、この欄より前にありません。id を確かめてください。",
            )  # fmt: skip
    yield from _month_names(procedure, field, earlier, lines, at)
    before: set[str] = set()
    for c, column in enumerate(field.columns):
        place: Location = (*at, "columns", c)
        yield from _field_facts(
            procedure,
            column,
            catalogue,
            lines,
            place,
            field.rows_from,
            bool(field.fiscal_years),
            bool(field.months) and (column.from_ or "[month]").endswith("[month]"),
        )
        texts = [column.when, column.calc, *(t for d in column.defaults for t in (d.when, d.calc))]
        for text in texts:
            condition = _compiled(text, procedure, lines, place) if text else None
            if isinstance(condition, PackFault):
                yield condition
            elif condition is not None:
                for name in sorted(condition.columns_above - set(field.by_column)):
                    yield _fault(
                        "pack-field-unknown", lines, place,
                        f"above の列「{name}」が、この表にありません。id を確かめてください。",
                    )  # fmt: skip
                for name in sorted(condition.fields - before):
                    if name not in earlier:
                        yield _fault(
                            "pack-field-unknown", lines, place,
                            f"条件の欄「{name}」が、この列より前にありません。id を確かめてください。",
                        )  # fmt: skip
        before.add(column.id)


def _month_names(
    procedure: Procedure,
    field: Field,
    earlier: set[str],
    lines: dict[Location, int],
    at: Location,
) -> Iterator[PackFault]:
    """The faults of a table whose rows are months: the date they are counted from, `row_while`."""
    if field.months_from and (
        field.months_from not in earlier or procedure.field(field.months_from).kind != "date"
    ):
        yield _fault(
            "pack-field-unknown", lines, (*at, "months_from"),
            f"月を数える欄「{field.months_from}」が、この欄より前の日付の欄にありません。",
        )  # fmt: skip
    made = _compiled(field.row_while, procedure, lines, at) if field.row_while else None
    if isinstance(made, PackFault):
        yield made
    elif made is not None:
        unknown = [n for n in sorted(made.fields) if n not in earlier]
        unknown += [n for n in sorted(made.columns_above) if n not in field.by_column]
        for name in unknown:
            yield _fault(
                "pack-field-unknown", lines, (*at, "row_while"),
                f"条件の欄「{name}」が、この欄より前にありません。id を確かめてください。",
            )  # fmt: skip


def _default_value(
    field: Field, default: Default, lines: dict[Location, int], at: Location
) -> Iterator[PackFault]:
    if default.today and field.kind != "date":
        yield _fault("pack-default", lines, at, "today は日付の欄だけに書けます。")
    if default.value:
        try:
            convert(field, default.value)
        except BadInput as fault:
            yield _fault(
                "pack-default",
                lines,
                at,
                f"既定値「{default.value}」を使えません。{fault.sentence}",
            )


def _field_conditions(
    procedure: Procedure,
    field: Field,
    catalogue: Catalogue,
    earlier: set[str],
    lines: dict[Location, int],
    at: Location,
) -> Iterator[PackFault]:
    texts: list[tuple[Location, str]] = [((*at, "when"), field.when)] if field.when else []
    texts += [((*at, "defaults"), t) for d in field.defaults for t in (d.when, d.calc) if t]
    texts += [((*at, "calc"), field.calc)] if field.calc else []
    for place, text in texts:
        condition = _compiled(text, procedure, lines, place)
        if isinstance(condition, PackFault):
            yield condition
            continue
        yield from _condition_names(procedure, condition, catalogue, lines, place)
        for name in sorted(condition.fields - earlier):
            if name not in procedure.by_id:
                continue
            if _leads_to(procedure, name, field.id):
                yield _fault(
                    "pack-cycle", lines, place,
                    f"欄「{field.id}」と「{name}」の条件が、たがいを待っています。どちらかを外してください。",
                )  # fmt: skip
            else:
                yield _fault(
                    "pack-forward", lines, place,
                    f"条件の欄「{name}」は、この欄より後にあります。前の欄を使ってください。",
                )  # fmt: skip


def _leads_to(procedure: Procedure, start: str, goal: str) -> bool:
    """Whether the conditions of `start` read `goal`, directly or through others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        field = procedure.by_id.get(name)
        if name in seen or field is None:
            continue
        seen.add(name)
        for text in (
            field.when,
            field.calc,
            *(t for d in field.defaults for t in (d.when, d.calc)),
        ):
            try:
                made = compile_condition(text, procedure.round_table) if text else None
                waiting.extend(made.fields if made else ())
            except BadCondition:
                continue
    return False


def _rules(
    procedure: Procedure, catalogue: Catalogue, lines: dict[Location, int]
) -> Iterator[PackFault]:
    if procedure.rounds or procedure.round_field:
        chosen = procedure.by_id.get(procedure.round_field)
        names = {value for value, _ in chosen.choices} if chosen else set()
        if names != {r.id for r in procedure.rounds}:
            yield _fault(
                "pack-rounds", lines, ("round_field",),
                f"回を選ぶ欄「{procedure.round_field}」の choices と rounds の id が合いません。",
            )  # fmt: skip
    if procedure.deadline is not None:
        field = procedure.by_id.get(procedure.deadline.field)
        if field is None or field.kind != "date":
            yield _fault(
                "pack-deadline", lines, ("deadline", "field"),
                f"期限を数える欄「{procedure.deadline.field}」が、日付の欄にありません。",
            )  # fmt: skip
    seen: set[str] = set()
    for c, check in enumerate(procedure.checks):
        place: Location = ("checks", c)
        if check.id in seen:
            yield _fault(
                "pack-duplicate", lines, (*place, "id"), f"確認の id「{check.id}」が二つあります。"
            )
        seen.add(check.id)
        if check.field not in procedure.by_id:
            yield _fault(
                "pack-field-unknown", lines, (*place, "field"), f"欄「{check.field}」はありません。"
            )
        condition = _compiled(check.unless, procedure, lines, (*place, "unless"))
        if isinstance(condition, PackFault):
            yield condition
        else:
            yield from _condition_names(procedure, condition, catalogue, lines, (*place, "unless"))


def _compiled(
    text: str, procedure: Procedure, lines: dict[Location, int], place: Location
) -> Condition | PackFault:
    try:
        return compile_condition(text, procedure.round_table)
    except BadCondition as fault:
        return _fault("pack-condition", lines, place, str(fault))


def _condition_names(
    procedure: Procedure,
    condition: Condition,
    catalogue: Catalogue,
    lines: dict[Location, int],
    place: Location,
) -> Iterator[PackFault]:
    for name in sorted(condition.fields):
        if name not in procedure.by_id:
            yield _fault(
                "pack-field-unknown",
                lines,
                place,
                f"条件の欄「{name}」はありません。id を確かめてください。",
            )
    scope = f"{procedure.subject}[x]" if procedure.subject else ""
    for text in condition.facts:
        try:
            catalogue.compile(text, scope)
        except ExpressionFault as fault:
            yield _fault("pack-condition", lines, place, f"条件の式を使えません。{fault.reason}。")
