"""Facts as a sheet of fields: the company page and the interview show them as a form shows its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.facts.record import Blank, Value
from app.forms.convert import beside, shown
from app.views.models.fact_veil import OPEN, VEIL, veil_cell, veil_field

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
    ("person", "本人のこと", ("sex", "birth", "nationality", "postal_code", "address", "phone",
                              "pension_number", "age")),
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
    """The facts of one subject. `read` gives the fact rows of the desk each time it is asked.

    With `veiled` the personal facts of each section are behind one line (app.views.models.fact_veil)
    until `show` is called for it.
    """

    def __init__(
        self,
        read: Callable[[], Sequence[Any]],
        sections: Sequence[tuple[str, str, tuple[str, ...]]],
        strip: str = "",
        *,
        veiled: bool = False,
    ) -> None:
        self._read = read
        rows = [r for r in read() if not r.secret]
        groups = _grouped(rows, sections, strip)
        self._personal = {
            r.path for r in rows if veiled and r.personal and r.path.removeprefix(strip) not in OPEN
        }
        self._shown: set[str] = set()
        self._unread: dict[str, Cell] = {}
        self.procedure = FactForm(
            tuple(
                FactSection(key, title, self._fields_of(key, groups[key]))
                for key, title, _prefixes in sections
                if groups[key]
            )
        )
        self._cells: dict[str, Cell] = {}
        self._rows: dict[str, Any] = {}
        self._take(rows)

    def cells(self) -> tuple[Cell, ...]:
        """Every fact as a cell, in the order of the sheet; the lines of hidden ones among them."""
        return tuple(self.cell(i) for i in self.procedure.section_of)

    def cell(self, field_id: str) -> Cell:
        """One fact as a cell, not visible while it is hidden. Raises KeyError."""
        if self.is_veil(field_id):
            return self._veil(field_id)
        cell = self._unread.get(field_id) or self._cells[field_id]
        seen = not self.hides(field_id)
        return cell if cell.visible == seen else replace(cell, visible=seen)

    def is_veil(self, field_id: str) -> bool:
        """Whether this is the line that stands for hidden facts."""
        return field_id.startswith(f"{VEIL}.")

    def veils(self) -> list[str]:
        """The lines of all sections that have one."""
        return [i for i in self.procedure.section_of if self.is_veil(i)]

    def veil_of(self, field_id: str) -> str:
        """The line a personal fact is behind; "" when it is never hidden."""
        if field_id not in self._personal:
            return ""
        return f"{VEIL}.{self.procedure.section_of[field_id]}"

    def hides(self, field_id: str) -> bool:
        """Whether a fact is hidden now."""
        return field_id in self._personal and self.procedure.section_of[field_id] not in self._shown

    def show(self, veil: str, on: bool) -> list[Cell]:
        """Show or hide the facts behind a line; gives the cells of its section."""
        section_id = self.procedure.section_of[veil]
        (self._shown.add if on else self._shown.discard)(section_id)
        section = next(s for s in self.procedure.sections if s.id == section_id)
        return [self.cell(f.id) for f in section.fields]

    def keep_unread(self, cell: Cell) -> Cell:
        """What was typed and cannot be read stays in the field, hidden or not, until it is right."""
        self._unread[cell.field.id] = cell
        return self.cell(cell.field.id)

    def forget_unread(self, field_id: str) -> bool:
        """The fact as it is known again; whether anything unread stood in its field."""
        return self._unread.pop(field_id, None) is not None

    def row(self, field_id: str) -> Any:
        """The fact row of the desk."""
        return self._rows[field_id]

    def refresh(self) -> list[str]:
        """Read again; gives the paths that look different."""
        before, shown = dict(self._cells), {v: self.cell(v) for v in self.veils()}
        self._take([r for r in self._read() if not r.secret])
        other = [path for path, cell in self._cells.items() if before.get(path) != cell]
        for path in other:
            self.forget_unread(path)
        return other + [v for v, cell in shown.items() if self.cell(v) != cell]

    def progress(self, section_id: str) -> tuple[int, int]:
        """(known, in all) of a section."""
        section = next(s for s in self.procedure.sections if s.id == section_id)
        facts = [f.id for f in section.fields if not self.is_veil(f.id)]
        return sum(self._cells[f].answered for f in facts), len(facts)

    def _fields_of(self, section_id: str, rows: Sequence[Any]) -> tuple[Field, ...]:
        """The open facts, then the line of the personal ones with those behind it."""
        plain = [field_of(r) for r in rows if r.path not in self._personal]
        personal = [field_of(r) for r in rows if r.path in self._personal]
        line = [veil_field(section_id)] if personal else []
        return (*plain, *line, *personal)

    def _veil(self, veil: str) -> Cell:
        section_id = self.procedure.section_of[veil]
        behind = [i for i in self._personal if self.procedure.section_of[i] == section_id]
        behind.sort(key=list(self.procedure.section_of).index)
        return veil_cell(
            self.procedure.field(veil),
            [self._cells[i] for i in behind],
            unread=sum(i in self._unread for i in behind),
            shown=section_id in self._shown,
        )

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
