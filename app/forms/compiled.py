"""A procedure made ready to run: compiled conditions and checks, and who depends on whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from app.facts.record import Value
from app.forms.checks import compile_checks
from app.forms.conditions import Condition, compile_condition
from app.forms.draft_parts import Problem
from app.forms.rounds import Rounds

if TYPE_CHECKING:
    from app.forms.procedure import Check, Default, Field, Procedure
    from app.forms.validator import FormValidator


@dataclass(frozen=True)
class CompiledDefault:
    """A default, its condition (None: always) and its expression (None: it has none)."""

    default: Default
    when: Condition | None
    calc: Condition | None = None


@dataclass(frozen=True)
class CompiledCheck:
    """A rule between fields, ready to run; `fields` are the cells it reads."""

    check: Check
    unless: Condition
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CompiledField:
    """One field with everything that runs at a keystroke; `columns` are those of a table."""

    field: Field
    when: Condition | None
    defaults: tuple[CompiledDefault, ...]
    problems: Callable[[Value], tuple[Problem, ...]]
    rules: tuple[CompiledCheck, ...]
    calc: Condition | None = None
    columns: tuple[CompiledField, ...] = ()
    row_while: Condition | None = None

    def conditions(self) -> tuple[Condition, ...]:
        """Every expression it runs, those of its columns too."""
        own = [self.when, self.calc, self.row_while, *(r.unless for r in self.rules)]
        own += [c for d in self.defaults for c in (d.when, d.calc)]
        below = [c for column in self.columns for c in column.conditions()]
        return (*(c for c in own if c is not None), *below)

    @cached_property
    def read_by_columns(self) -> tuple[str, ...]:
        """The fields outside a row of this table that its columns read."""
        read = {name for part in self.columns for c in part.conditions() for name in c.fields}
        read |= self.row_while.fields if self.row_while else set()
        return tuple(sorted(read - {part.field.id for part in self.columns}))

    @cached_property
    def columns_above(self) -> tuple[str, ...]:
        """The cells of the row above that a row of this table reads."""
        conditions = [c for part in self.columns for c in part.conditions()]
        conditions += [self.row_while] if self.row_while else []
        return tuple(sorted({name for c in conditions for name in c.columns_above}))

    @cached_property
    def columns_read_facts(self) -> bool:
        """Whether a column of this table reads facts of the company."""
        return bool(self.row_while and self.row_while.facts) or any(
            part.field.from_
            or any(c.facts for c in part.conditions())
            or any(d.default.fact for d in part.defaults)
            for part in self.columns
        )


@dataclass
class CompiledProcedure:
    """Fields in order and by id.

    `readers` says which cells read a given cell, `fact_readers` which read facts beside their own,
    `forward` which have a rule about a later cell.
    """

    procedure: Procedure
    order: tuple[str, ...]
    fields: dict[str, CompiledField]
    readers: dict[str, tuple[str, ...]]
    fact_readers: tuple[str, ...] = ()
    forward: tuple[str, ...] = ()

    @cached_property
    def validator(self) -> FormValidator:
        """All fields as one call; built when a form is first looked over before sealing."""
        from app.forms.validator import FormValidator

        return FormValidator(self.procedure)


@lru_cache(maxsize=512)
def _condition(text: str, rounds: Rounds) -> Condition:
    return compile_condition(text, rounds)


_READY: dict[int, tuple[Procedure, CompiledProcedure]] = {}


def compile_procedure(procedure: Procedure) -> CompiledProcedure:
    """The compiled form of `procedure`; made once for each loaded procedure.

    Raises:
        BadCondition: a condition that the loader would have refused.
    """
    known = _READY.get(id(procedure))
    if known is not None and known[0] is procedure:
        return known[1]
    made = _compile(procedure)
    if len(_READY) >= 64:
        _READY.pop(next(iter(_READY)))
    _READY[id(procedure)] = (procedure, made)
    return made


def _compile(procedure: Procedure) -> CompiledProcedure:
    rounds = procedure.round_table
    rules: dict[str, list[CompiledCheck]] = {}
    for check in procedure.checks:
        unless = _condition(check.unless, rounds)
        rules.setdefault(check.field, []).append(
            CompiledCheck(check, unless, tuple(sorted(unless.fields | {check.field})))
        )
    fields: dict[str, CompiledField] = {}
    readers: dict[str, list[str]] = {}
    fact_readers: list[str] = []
    for one in procedure.fields:
        made = _compile_field(one, tuple(rules.get(one.id, ())), rounds)
        fields[one.id] = made
        present = made.conditions()
        read = {name for c in present for name in c.fields}
        read |= {one.months_from} if one.months_from else set()
        for name in read - {one.id, *one.by_column}:
            readers.setdefault(name, []).append(one.id)
        if (
            one.columns
            or one.period
            or any(c.facts for c in present)
            or any(d.default.fact for d in made.defaults)
        ):
            fact_readers.append(one.id)
    return CompiledProcedure(
        procedure,
        tuple(fields),
        fields,
        {name: tuple(ids) for name, ids in readers.items()},
        tuple(fact_readers),
        tuple(i for i, f in fields.items() if any(_looks_forward(f, r, fields) for r in f.rules)),
    )


def _compile_field(one: Field, rules: tuple[CompiledCheck, ...], rounds: Rounds) -> CompiledField:
    def made(text: str) -> Condition | None:
        return _condition(text, rounds) if text else None

    return CompiledField(
        one,
        made(one.when),
        tuple(CompiledDefault(d, made(d.when), made(d.calc)) for d in one.defaults),
        compile_checks(one),
        rules,
        made(one.calc),
        tuple(_compile_field(column, (), rounds) for column in one.columns),
        made(one.row_while),
    )


def _looks_forward(
    part: CompiledField, rule: CompiledCheck, order: dict[str, CompiledField]
) -> bool:
    places = {field_id: n for n, field_id in enumerate(order)}
    return any(places.get(name, -1) > places[part.field.id] for name in rule.fields)
