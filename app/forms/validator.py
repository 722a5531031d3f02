"""A whole form validated at once: compiled from the procedure, fast where all is well.

Cells are checked one by one as they change; before sealing, the whole row is checked once more, so
that no value leaves that its field does not take, however its cell came about. The plan: one pydantic-core schema over the row of values
for kinds, lengths and ranges, and one test of letters for each character profile over all its
fields together. Only when one of them says no are the checks of single fields run, to name the
field and the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from app.domain.characters import PROFILES, taken_whole
from app.facts.record import BLANK, Value
from app.forms.checks import compile_checks, with_substitutes
from app.forms.convert import FULL_ONLY, sent
from app.forms.draft_parts import Cell, Problem
from app.forms.procedure import Field, Procedure

_CAREFUL = frozenset(
    {
        "phone",
        "person_name",
        "postal_code",
        "choices",
        "consent",
        "percent",
        "decimal",
        "table",
        "file",
    }
)
_WRONG_KIND = "この欄の種類と合わない値です。入れ直してください。"


class FormValidator:
    """The checks of every field of a procedure as one call. Conditions and rules are the draft's."""

    def __init__(self, procedure: Procedure) -> None:
        fields = procedure.fields
        self._checks = {field.id: compile_checks(field) for field in fields}
        self._ids = tuple(field.id for field in fields)
        self._known = frozenset(self._ids)
        self._types = {field.id: type_of(field) for field in fields}
        row = core_schema.tuple_schema([core_schema.nullable_schema(_schema(f)) for f in fields])
        self._valid = SchemaValidator(row).isinstance_python
        groups: dict[str, list[int]] = {}
        for place, field in enumerate(fields):
            if field.profile and PROFILES[field.profile].name != "any" and _is_plain(field):
                groups.setdefault(field.profile, []).append(place)
        self._profiles = [
            (taken_whole(PROFILES[name]), _joined(places)) for name, places in groups.items()
        ]
        self._careful = [
            (place, self._checks[f.id]) for place, f in enumerate(fields) if not _is_plain(f)
        ]

    def is_valid(self, values: Mapping[str, Value]) -> bool:
        """Whether every value is one its field takes; fields without a value are left out."""
        return (
            self._known.issuperset(values) and self._surely_valid(tuple(map(values.get, self._ids)))
        ) or self._looked_at_singly(values)

    def _surely_valid(self, row: tuple[Value | None, ...]) -> bool:
        """The fast yes of a row in the order of the form. A no may still be a yes, looked at singly."""
        if not self._valid(row):
            return False
        for taken, texts in self._profiles:
            if taken(texts(row)) is None:
                return False
        for place, check in self._careful:
            value = row[place]
            if value is not None and any(p.blocks for p in check(value)):
                return False
        return True

    def _looked_at_singly(self, values: Mapping[str, Value]) -> bool:
        for field_id, value in values.items():
            if not is_of_type(value, self._types.get(field_id)):
                return False
            if any(p.blocks for p in self._checks[field_id](value)):
                return False
        return True

    def problems(self, values: Mapping[str, Value]) -> tuple[Problem, ...]:
        """What blocks, value by value; empty at once, and only, where `is_valid`."""
        if self.is_valid(values):
            return ()
        found: list[Problem] = []
        for field_id, value in values.items():
            if type(value) is not self._types.get(field_id):
                found.append(Problem("wrong-kind", field_id, "block", _WRONG_KIND))
            else:
                found += [p for p in self._checks[field_id](value) if p.blocks]
        return tuple(found)

    def refused(self, cells: Iterable[Cell]) -> tuple[Problem, ...]:
        """What the fields refuse of the values that would leave; () where all are taken.

        `cells` are all of the form, in its order. A text whose letters are substituted is judged as
        it leaves.
        """
        held = tuple(cells)
        row = [c.value if c.visible and c.value is not BLANK else None for c in held]
        if len(row) == len(self._ids) and self._surely_valid(tuple(row)):
            return ()
        return self.problems(
            {
                cell.field.id: _as_it_leaves(cell, value)
                for cell, value in zip(held, row, strict=True)
                if value is not None
            }
        )


def _as_it_leaves(cell: Cell, value: Value) -> Value:
    if not cell.substituted or not isinstance(value, str):
        return value
    return with_substitutes(cell.field, sent(cell.field, value))


def _joined(places: list[int]) -> Callable[[tuple[Any, ...]], str]:
    """All texts of one character profile in a row as one, for one look at their letters."""
    if len(places) == 1:
        return lambda row: row[places[0]] or ""
    picked = itemgetter(*places)

    def join(row: tuple[Any, ...]) -> str:
        texts = picked(row)
        try:
            return "".join(texts)
        except TypeError:  # some have no value
            return "".join(filter(None, texts))

    return join


def _is_plain(field: Field) -> bool:
    """Whether length and characters of the value itself decide (no width conversion, no shape)."""
    if field.kind in _CAREFUL or (field.kind == "kana" and field.parts):
        return False
    return field.profile not in FULL_ONLY or field.kind == "kana"


def is_of_type(value: Value, wanted: type | None) -> bool:
    """Whether a value is of the type its field has; a whole number is a fraction too."""
    return type(value) is wanted or (wanted is Fraction and type(value) is int)


def type_of(field: Field) -> type:
    """The type of a field's values."""
    kinds: dict[str, type] = {
        "date": date, "yes_no": bool, "integer": int, "yen": int,
        "percent": Fraction, "decimal": Fraction,
    }  # fmt: skip
    return kinds.get(field.kind, str)


def _schema(field: Field) -> CoreSchema:
    if field.kind == "date":
        return core_schema.date_schema(strict=True)
    if field.kind == "yes_no":
        return core_schema.bool_schema(strict=True)
    if field.kind in ("integer", "yen"):
        unit = field.unit
        low = None if field.minimum is None else field.minimum * unit - unit // 2
        high = None if field.maximum is None else field.maximum * unit + (unit - 1) // 2
        return core_schema.int_schema(strict=True, ge=low, le=high)
    if field.kind in ("percent", "decimal"):
        return core_schema.is_instance_schema((int, Fraction))
    if field.kind == "choice":
        return core_schema.literal_schema([value for value, _ in field.choices])
    if not _is_plain(field):
        return core_schema.str_schema(strict=True)
    if field.groups:
        pattern = None if field.profile == "digits" else r"^[0-9]+$"
        return core_schema.str_schema(
            strict=True, min_length=field.digits, max_length=field.digits, pattern=pattern
        )
    return core_schema.str_schema(
        strict=True, min_length=field.min_length, max_length=field.max_length
    )
