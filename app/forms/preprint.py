"""What an office prints into a form beforehand (プレ印字), as data: what is asked for, what is taken.

preprint.toml of a folder names the keys that open the office's record (the door's own words; a key
that a field of the form holds is taken from it, every other one is asked each time and kept
nowhere) and the elements whose values become facts: those of the fields named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Setting

from app.domain.errors import Known
from app.facts.record import Value
from app.forms.convert import convert
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import line_map, line_of
from app.forms.xml_reader import read_xml

FILE = "preprint.toml"
_Text = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PreprintKey(_Model):
    """One key: its name at the door, the field that holds it ("": it is asked), where it is found."""

    label: _Text
    field: str = ""
    where: Annotated[str, StringConstraints(max_length=200)] = ""


class PreprintValue(_Model):
    """One value: the path of its element below the form's body, the field whose fact it is."""

    element: _Text
    field: str


class PreprintRules(_Model):
    """What preprint.toml says."""

    keys: tuple[PreprintKey, ...] = Setting(min_length=1, max_length=10)
    values: tuple[PreprintValue, ...] = Setting(min_length=1)

    @property
    def asked(self) -> tuple[PreprintKey, ...]:
        """The keys that a person is asked for."""
        return tuple(key for key in self.keys if not key.field)


@dataclass(frozen=True)
class Printed:
    """One value the office printed in: the field it is for, what it says, the text as it came."""

    field_id: str
    label: str
    value: Value = field(repr=False)
    source_text: str = field(repr=False)


def load_preprint(procedure: Procedure) -> PreprintRules | None:
    """The rules of a folder, None where the office prints nothing in.

    Raises:
        PackFault: the grammar is not followed, a field is unknown, or a value's field is no fact.
    """
    if not (procedure.folder / FILE).is_file():
        return None
    raw, text = read_toml(procedure.folder, FILE)
    lines = line_map(text)
    rules = parse_model(PreprintRules, raw, FILE, lines)
    named = [("keys", n, key.field) for n, key in enumerate(rules.keys) if key.field]
    named += [("values", n, value.field) for n, value in enumerate(rules.values)]
    for table, number, name in named:
        known = procedure.by_id.get(name)
        if known is None or (table == "values" and not known.from_):
            raise PackFault(
                "preprint-field-unknown", FILE, line_of(lines, (table, number, "field")),
                f"欄「{name}」はこの手続にないか、事実（from）の欄ではありません。",
            )  # fmt: skip
    return rules


def read_printed(procedure: Procedure, rules: PreprintRules, content: bytes) -> tuple[Printed, ...]:
    """What the office printed into the form it gave back; an element it left empty is left out.

    Raises:
        HostileXml: the file cannot be read. BadInput: a value is not of its field's kind.
    """
    root = read_xml(content)
    bodies = [child for child in root if isinstance(child.tag, str)]
    found = []
    for rule in rules.values:
        text = (bodies[-1].findtext(rule.element) or "").strip() if bodies else ""
        if not text:
            continue
        one = procedure.field(rule.field)
        try:
            value = convert(one, text).value
        except Known as fault:
            raise Known(
                "preprint-unread",
                f"役所が印字した{one.label}「{text[:40]}」を読めません。{fault.sentence}",
            ) from None
        found.append(Printed(rule.field, one.label, value, text))
    return tuple(found)
