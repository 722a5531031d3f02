"""Facts as a sheet of fields: the company page and the interview show them as a form shows its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.facts.record import Blank, Value
from app.forms.convert import beside, shown

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

_KINDS = {"bool": "yes_no", "url": "text", "ratio": "text"}

FIXED = frozenset({"company.corporate_number"})
"""Facts that name the vault itself: never typed over."""

COMPANY_SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("basic", "会社のこと", ("company.",)),
    ("office", "本店と支店", ("company.head_office.", "company.branch.")),
    ("head", "代表者", ("company.representative.",)),
    ("contact", "連絡先", ("company.contact.",)),
    (
        "labour",
        "労働保険・雇用保険",
        ("company.employment_insurance.", "company.labour_insurance.", "company.payroll."),
    ),
    ("social", "社会保険", ("company.social_insurance.",)),
    ("lists", "そのほか", ()),
)
"""(id, heading, prefixes). A fact belongs to the longest prefix; what no prefix names comes last."""

PERSON_SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name", "氏名", ("family_name", "given_name", "family_kana", "given_kana", "name", "kana",
                      "former_")),
    ("person", "本人のこと", ("sex", "birth", "nationality", "postal_code", "address", "phone")),
    ("work", "はたらき方", ("hired_on", "job", "employment_kind", "pay_type", "monthly_wage",
                            "weekly_", "contract.")),
    ("insurance", "雇用保険", ("employment_insurance.", "labour_covered")),
    ("rest", "そのほか", ()),
)  # fmt: skip
"""(id, heading, beginnings of the path after the person)."""


@dataclass(frozen=True)
class FactSection:
    """A heading and the facts under it."""

    id: str
    label: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass
class FactForm:
    """The sections of a sheet of facts."""

    sections: tuple[FactSection, ...]
    section_of: dict[str, str] = field(default_factory=dict)
    _fields: dict[str, Field] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for section in self.sections:
            for f in section.fields:
                self.section_of[f.id] = section.id
                self._fields[f.id] = f

    def field(self, field_id: str) -> Field:
        """The field of a fact path. Raises KeyError."""
        return self._fields[field_id]


class FactSheet:
    """The facts of one subject. `read` gives the fact rows of the desk each time it is asked."""

    def __init__(
        self,
        read: Callable[[], Sequence[Any]],
        sections: Sequence[tuple[str, str, tuple[str, ...]]],
        strip: str = "",
    ) -> None:
        self._read = read
        rows = [r for r in read() if not r.secret]
        groups = _grouped(rows, sections, strip)
        self.procedure = FactForm(
            tuple(
                FactSection(key, title, tuple(field_of(r) for r in groups[key]))
                for key, title, _prefixes in sections
                if groups[key]
            )
        )
        self._cells: dict[str, Cell] = {}
        self._rows: dict[str, Any] = {}
        self._take(rows)

    def cells(self) -> tuple[Cell, ...]:
        """Every fact as a cell, in the order of the sheet."""
        return tuple(self._cells[i] for i in self.procedure.section_of)

    def cell(self, field_id: str) -> Cell:
        """One fact as a cell. Raises KeyError."""
        return self._cells[field_id]

    def row(self, field_id: str) -> Any:
        """The fact row of the desk."""
        return self._rows[field_id]

    def refresh(self) -> list[str]:
        """Read again; gives the paths that look different."""
        before = dict(self._cells)
        self._take([r for r in self._read() if not r.secret])
        return [path for path, cell in self._cells.items() if before.get(path) != cell]

    def progress(self, section_id: str) -> tuple[int, int]:
        """(known, in all) of a section."""
        section = next(s for s in self.procedure.sections if s.id == section_id)
        return sum(self._cells[f.id].answered for f in section.fields), len(section.fields)

    def _take(self, rows: Sequence[Any]) -> None:
        for row in rows:
            if row.path in self.procedure.section_of:
                self._rows[row.path] = row
                self._cells[row.path] = cell_of(row, self.procedure.field(row.path))


def field_of(row: Any) -> Field:
    """A form's field that reads and shows a fact of this kind; its id is the fact's path."""
    from app.forms.procedure import Field

    made = {
        "label": row.label,
        "kind": _KINDS.get(row.kind, row.kind),
        "choices": tuple(row.choices),
        "where": f"{row.where}にあります。" if row.where else "",
        "optional": True,
    }
    checked = Field.model_validate({"id": "fact", **made})
    return checked.model_copy(update={"id": row.path})


def cell_of(row: Any, field: Field) -> Cell:
    """A fact row of the desk as a cell."""
    from app.forms.draft_parts import Cell

    value: Value | None = row.record.value if row.record is not None else None
    blank = isinstance(value, Blank)
    text = shown(field, value) if value is not None and not blank else row.text
    answered = bool(text) or blank
    return Cell(
        field=field,
        visible=True,
        value=value if value is not None else (text or None),
        text=text,
        sent_text=text,
        state=row.state,
        origin=row.origin,
        answered=answered,
        typed=False,
        problems=_conflict(row, field),
        wareki=beside(field, value),
        fact_path=row.path,
        record=row.record,
        competitors=tuple(row.competitors),
        locked=not row.askable or row.path in FIXED,
    )


def _conflict(row: Any, field: Field) -> tuple[Any, ...]:
    from app.forms.draft_parts import Problem

    if str(row.state) != "conflicting":
        return ()
    values = {repr(r.value) for r in (row.record, *row.competitors) if r is not None}
    sentence = f"{row.label}が {len(values)}通りあります。どれを使いますか。"
    return (Problem("conflict", field.id, "warn", sentence),)


def _grouped(
    rows: Sequence[Any], sections: Sequence[tuple[str, str, tuple[str, ...]]], strip: str
) -> Mapping[str, list[Any]]:
    groups: dict[str, list[Any]] = {key: [] for key, _title, _prefixes in sections}
    last = sections[-1][0]
    for row in rows:
        tail = row.path.removeprefix(strip)
        best, length = last, 0
        for key, _title, prefixes in sections:
            for prefix in prefixes:
                nested = prefix == "company." and "." in tail[len(prefix) :]
                if tail.startswith(prefix) and len(prefix) > length and not nested:
                    best, length = key, len(prefix)
        groups[best].append(row)
    return groups
