"""A whole form validated at once: compiled from the procedure, fast where all is well.

Sealing checks hundreds of values again. The plan: one pydantic-core schema over the row of values
for kinds, lengths and ranges, and one test of letters for each character profile over all its
fields together. Only when one of them says no are the checks of single fields run, to name the
field and the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from app.domain.characters import PROFILES, taken_whole
from app.facts.record import Value
from app.forms.checks import compile_checks
from app.forms.convert import FULL_ONLY
from app.forms.draft_parts import Problem
from app.forms.procedure import Field, Procedure

_CAREFUL = frozenset({"phone", "person_name", "postal_code", "choices"})


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
        groups: dict[str, list[str]] = {}
        for field in fields:
            if field.profile and PROFILES[field.profile].name != "any" and _is_plain(field):
                groups.setdefault(field.profile, []).append(field.id)
        self._profiles = [(taken_whole(PROFILES[name]), tuple(ids)) for name, ids in groups.items()]
        self._careful = tuple(f.id for f in fields if not _is_plain(f))

    def is_valid(self, values: Mapping[str, Value]) -> bool:
        """Whether every value is one its field takes; fields without a value are left out."""
        return self._surely_valid(values) or self._looked_at_singly(values)

    def _surely_valid(self, values: Mapping[str, Value]) -> bool:
        """The fast yes. A no may still be a yes after a width conversion."""
        if not self._known.issuperset(values) or not self._valid(tuple(map(values.get, self._ids))):
            return False
        for taken, ids in self._profiles:
            if taken("".join(_strings(values, ids))) is None:
                return False
        for field_id in self._careful:
            value = values.get(field_id)
            if value is not None and any(p.blocks for p in self._checks[field_id](value)):
                return False
        return True

    def _looked_at_singly(self, values: Mapping[str, Value]) -> bool:
        for field_id, value in values.items():
            if type(value) is not self._types.get(field_id):
                return False
            if any(p.blocks for p in self._checks[field_id](value)):
                return False
        return True

    def problems(self, values: Mapping[str, Value]) -> tuple[Problem, ...]:
        """What blocks, field by field; empty at once where `is_valid`."""
        if self.is_valid(values):
            return ()
        return tuple(
            problem
            for field_id, check in self._checks.items()
            if (value := values.get(field_id)) is not None
            for problem in check(value)
            if problem.blocks
        )


def _strings(values: Mapping[str, Value], ids: tuple[str, ...]) -> Any:
    """The texts of several fields; all at once where all are there."""
    try:
        return itemgetter(*ids)(values) if len(ids) > 1 else (values[ids[0]],)
    except KeyError:
        return [values[i] for i in ids if i in values]


def _is_plain(field: Field) -> bool:
    """Whether length and characters of the value itself decide (no width conversion, no shape)."""
    if field.kind in _CAREFUL or (field.kind == "kana" and field.parts):
        return False
    return field.profile not in FULL_ONLY or field.kind == "kana"


def type_of(field: Field) -> type:
    """The type of a field's values."""
    kinds: dict[str, type] = {"date": date, "yes_no": bool, "integer": int, "yen": int}
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


def filled_values(values: Mapping[str, Value | None]) -> dict[str, Value]:
    """Only the values that are there, for `FormValidator`."""
    return {i: v for i, v in values.items() if v is not None and isinstance(v, str | int | date)}
