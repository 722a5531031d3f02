"""payload.toml and its XML templates: read, and refused where an element or a field is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from lxml import etree
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Setting

from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_text, read_toml
from app.forms.parts import PARTS
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import Location, line_map, line_of
from app.forms.xml_reader import HostileXml, read_xml

FILE = "payload.toml"
ELEMENT = re.compile(r"<([^\s<>/!?]+)>\{\{([^{}]*)\}\}</\1>")
MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
FIXED_NAMES = frozenset({
    "procedure.proc_id", "procedure.title", "procedure.form_id", "procedure.form_version",
    "procedure.form_name", "procedure.receiver", "submission.kind", "submission.first_number",
    "submission.message", "submission.my_number", "attachment.title", "attachment.file_name",
})  # fmt: skip


ROW_MARK = re.compile(r"([1-9][0-9]?)\.([a-z][a-z0-9_]*)(?:\.([a-z_0-9]+))?")
"""What follows the id of a table in a template: number of the row from 1, column, part."""
Names = dict[str, frozenset[str]]
"""The fields of a form and, of a table, its columns."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PayloadFile(_Model):
    """One file of the package: its name ({form_id} is replaced), its template in the folder."""

    name: Annotated[str, StringConstraints(pattern=r"^(?:[A-Za-z0-9_\-]|\{form_id\})+\.xml$")]
    template: str


class _Grammar(_Model):
    files: tuple[PayloadFile, ...] = Setting(min_length=1)
    empty: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()
    omit: dict[str, tuple[str, ...]] = {}
    strip_suffix: dict[str, str] = {}
    when_empty: dict[str, str] = {}
    signature: Literal["標準形式", "個別ファイル署名形式"] = "標準形式"


@dataclass(frozen=True)
class PayloadRules:
    """What payload.toml says, with the text of its templates.

    `empty` are the element paths that are always sent empty, `unsent` the fields that never leave;
    `omit` are values sent as nothing, `strip_suffix` an ending the form prints itself,
    `when_empty` what the door's own skeleton holds where nothing is filled in; `signature` the
    form in which a package is signed, where it is signed.
    """

    files: tuple[PayloadFile, ...]
    empty: tuple[str, ...]
    unsent: tuple[str, ...]
    omit: dict[str, tuple[str, ...]]
    strip_suffix: dict[str, str]
    when_empty: dict[str, str]
    templates: dict[str, str]
    signature: str = "標準形式"

    @property
    def asks_my_number(self) -> bool:
        """Whether a form has a place for the 個人番号 of whom it is about."""
        return any(
            match[1] == "submission.my_number"
            for text in self.templates.values()
            for match in MARK.finditer(text)
        )


def load_payload_rules(procedure: Procedure) -> PayloadRules:
    """The payload rules of a procedure's folder.

    Raises:
        PackFault: the grammar is not followed, a template names an unknown field, an element has
            neither a value nor a place in `empty`, or a field is sent nowhere.
    """
    folder = procedure.folder
    stamps = tuple(
        sorted(
            (p.name, p.stat().st_mtime_ns)
            for p in folder.glob("*")
            if p.suffix in (".toml", ".xml")
        )
    )
    tables = tuple((f.id, tuple(f.by_column)) for f in procedure.fields if f.columns)
    return _load(folder, stamps, procedure.id, tuple(procedure.by_id), procedure.door, tables)


@lru_cache(maxsize=16)
def _load(
    folder: Path,
    stamps: object,
    procedure_id: str,
    field_ids: tuple[str, ...],
    door: str,
    tables: tuple[tuple[str, tuple[str, ...]], ...],
) -> PayloadRules:
    raw, text = read_toml(folder, FILE)
    lines = line_map(text)
    grammar = parse_model(_Grammar, raw, FILE, lines)
    _refuse_unknown_names(grammar, set(field_ids), lines)
    if door == "egov" and grammar.files[0].name != "kousei.xml":
        reason = "最初のファイルは kousei.xml にしてください。"
        raise PackFault("payload-kousei", FILE, line_of(lines, ("files", 0)), reason)
    templates: dict[str, str] = {}
    used: set[str] = set()
    names: Names = {field_id: frozenset() for field_id in field_ids}
    names.update((table, frozenset(columns)) for table, columns in tables)
    for number, entry in enumerate(grammar.files):
        template = read_text(folder, entry.template, named_in=FILE)
        used |= _check_template(entry.template, template, names, grammar.empty)
        templates[entry.template] = template
        if entry.name in [f.name for f in grammar.files[:number]]:
            place = line_of(lines, ("files", number, "name"))
            reason = f"{entry.name} が二度あります。一つにしてください。"
            raise PackFault("payload-file-twice", FILE, place, reason)
    _refuse_unmapped(grammar, field_ids, used, line_of(lines, ("unsent",)) or 1)
    return PayloadRules(
        grammar.files,
        grammar.empty,
        grammar.unsent,
        grammar.omit,
        grammar.strip_suffix,
        grammar.when_empty,
        templates,
        grammar.signature,
    )


def _refuse_unknown_names(grammar: _Grammar, known: set[str], lines: dict[Location, int]) -> None:
    for table, names in (
        ("unsent", grammar.unsent),
        ("omit", grammar.omit),
        ("strip_suffix", grammar.strip_suffix),
        ("when_empty", grammar.when_empty),
    ):
        for name in names:
            if name.split(".")[0] not in known:
                place = ("unsent",) if table == "unsent" else (table, name)
                raise _unknown_field(name, FILE, line_of(lines, place))


def _refuse_unmapped(
    grammar: _Grammar, field_ids: tuple[str, ...], used: set[str], line: int
) -> None:
    """Every field is either in a template or named as never sent, and not both."""
    for name in field_ids:
        if (name in used) != (name in grammar.unsent):
            continue
        reason = (
            f"欄「{name}」は、ひな型にもあり unsent にもあります。どちらかにしてください。"
            if name in used
            else f"欄「{name}」がどのひな型にもありません。ひな型に入れるか、unsent に書いてください。"
        )
        raise PackFault("payload-field-unmapped", FILE, line, reason)


def _unknown_field(name: str, file: str, line: int) -> PackFault:
    return PackFault(
        "payload-field-unknown",
        file,
        line,
        f"欄「{name}」はこの手続にありません。id を確かめてください。",
    )


def _check_template(file: str, template: str, known: Names, empty: tuple[str, ...]) -> set[str]:
    """The fields a template uses. Raises PackFault at the first mark or element that does not fit."""
    used = _marked_fields(file, template, known)
    try:
        root = read_xml(template.encode("utf-8"))
    except HostileXml as fault:
        raise PackFault("payload-template-xml", file, fault.line, fault.sentence) from None
    for element in root.iter(etree.Element):
        if len(element) or (element.text or "").strip():
            continue
        path = _path(element)
        if not any(path == e or path.startswith(e + "/") for e in empty):
            reason = f"要素「{path}」に入れる値がありません。欄をつなぐか、payload.toml の empty に書いてください。"
            raise PackFault("payload-element-unmapped", file, _line(element), reason)
    return used


def _marked_fields(file: str, template: str, known: Names) -> set[str]:
    used: set[str] = set()
    placed = {m.start(2) for m in ELEMENT.finditer(template)}
    for match in MARK.finditer(template):
        name = match[1]
        line = template.count("\n", 0, match.start()) + 1
        field_id, _, part = name.partition(".")
        if match.start() + 2 not in placed:
            reason = "{{…}} は <要素>{{…}}</要素> の形で書いてください。"
            raise PackFault("payload-mark", file, line, reason)
        if name in FIXED_NAMES:
            continue
        if field_id not in known:
            raise _unknown_field(field_id, file, line)
        row = ROW_MARK.fullmatch(part) if known[field_id] else None
        if row is not None and row[2] in known[field_id]:
            part = row[3] or ""
        if part not in PARTS:
            reason = f"「{part}」という部分はありません。書き直してください。"
            raise PackFault("payload-part", file, line, reason)
        used.add(field_id)
    return used


def _path(element: etree._Element) -> str:
    names = [str(element.tag)]
    names.extend(str(parent.tag) for parent in element.iterancestors())
    return "/".join(reversed(names))


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0
