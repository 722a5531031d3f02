"""Official documents (公文書) read back: the values they decide, by the labels a folder names.

A document is DOC/BODY with paragraphs P; a decided value is a line "label　value". Nothing is
guessed: a label that is missing, or that stands there twice with different values, is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from lxml import etree
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Setting

from app.domain.era import parse_date
from app.domain.errors import BadInput
from app.domain.kana import to_full_width, to_half_width
from app.facts.record import Value
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import line_map, line_of
from app.forms.xml_reader import HostileXml, read_xml

FILE = "document.toml"
_LINE_LIMIT = 2_000


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelRule(_Model):
    """One label of a document: the fact it decides ("" where it is only compared), its kind.

    `field` is the field of the form it answers to; `length` the digits of a number.
    """

    label: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    fact: str = ""
    kind: Literal["text", "digits", "date", "name"]
    length: int = Setting(default=0, ge=0, le=40)
    field: str = ""
    required: bool = False


class DocumentRules(_Model):
    """What document.toml says.

    `decided_on` names the label of the day the decision was made, from which its facts hold; without
    it the document's own date counts.
    """

    title: str
    decided_on: str = ""
    labels: tuple[LabelRule, ...] = Setting(min_length=1)


@dataclass(frozen=True)
class Decided:
    """One value a document decides; `fact_path` is a pattern, "" where it is only to compare."""

    label: str
    fact_path: str
    value: Value
    source_text: str
    field_id: str = ""


@dataclass(frozen=True)
class OfficialDocument:
    """A document as read: its head, its paragraphs, the values decided and what is not certain.

    `missing` are required labels that are not there, `doubtful` labels that cannot be read or
    contradict themselves, each with a sentence. `decided_on` is the day of the decision, None where
    the document tells none that can be read.
    """

    title: str
    number: str
    dated: str
    addressee: str
    author: str
    paragraphs: tuple[str, ...]
    decided: tuple[Decided, ...] = ()
    missing: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()
    decided_on: date | None = None

    @property
    def text(self) -> str:
        """The whole as plain text, for reading."""
        head = [self.title, f"{self.number}　{self.dated}".strip("　"), self.addressee, self.author]
        return "\n".join([*(line for line in head if line), "", *self.paragraphs])


def load_document_rules(procedure: Procedure) -> DocumentRules | None:
    """The rules of a folder, None where it has no document.toml.

    Raises:
        PackFault: the grammar is not followed, a field is named that the form does not have, or
            `decided_on` is the label of no date.
    """
    path = procedure.folder / FILE
    if not path.is_file():
        return None
    rules, lines = _cached(procedure.folder, path.stat().st_mtime_ns)
    for number, rule in enumerate(rules.labels):
        if rule.field and rule.field not in procedure.by_id:
            raise PackFault(
                "document-field-unknown", FILE, line_of(lines, ("labels", number, "field")),
                f"欄「{rule.field}」はこの手続にありません。",
            )  # fmt: skip
    dates = {rule.label for rule in rules.labels if rule.kind == "date"}
    if rules.decided_on and rules.decided_on not in dates:
        raise PackFault(
            "document-day-unknown", FILE, line_of(lines, ("decided_on",)),
            f"決定の日「{rules.decided_on}」が、日付の項目（kind = \"date\"）にありません。",
        )  # fmt: skip
    return rules


@lru_cache(maxsize=16)
def _cached(folder: Path, stamp: int) -> tuple[DocumentRules, dict[tuple[str | int, ...], int]]:
    raw, text = read_toml(folder, FILE)
    lines = line_map(text)
    return parse_model(DocumentRules, raw, FILE, lines), lines


def read_document(content: bytes, rules: DocumentRules | None = None) -> OfficialDocument:
    """A document's head, text and, with `rules`, what it decides. Raises HostileXml."""
    root = read_xml(content)
    body = root if root.tag == "BODY" else root.find("BODY")
    if body is None:
        raise HostileXml("not-official", "公文書の形（DOC/BODY）ではありません。本文を読めません。")
    paragraphs = tuple(
        _all_text(p)
        for place in ("MAINTXT", "MAINTXT2", "REFERENC")
        for p in body.iterfind(f"{place}//P")
    )
    head = OfficialDocument(
        _text(body, "TITLE"),
        _text(body, "DOCNO"),
        _text(body, "DATE"),
        "　".join(filter(None, (_text(body, f"TO/{t}") for t in ("AFF", "NAME", "HONORIFC")))),
        "　".join(filter(None, (_text(body, f"AUTHOR/{t}") for t in ("AFF", "NAME")))),
        paragraphs,
    )
    return head if rules is None else _decide(head, rules)


def _text(body: etree._Element, path: str) -> str:
    found = body.find(path)
    return "" if found is None else _all_text(found)


def _decide(head: OfficialDocument, rules: DocumentRules) -> OfficialDocument:
    decided: list[Decided] = []
    missing: list[str] = []
    doubtful: list[tuple[str, str]] = []
    for rule in rules.labels:
        found = {text for p in head.paragraphs for text in _after(rule.label, p)}
        if not found:
            if rule.required:
                missing.append(rule.label)
            continue
        if len(found) > 1:
            doubtful.append(
                (rule.label, f"{rule.label}が {len(found)}通り書いてあります。文書を見てください。")
            )
            continue
        text = found.pop()
        try:
            value = _value(rule, text)
        except BadInput as fault:
            doubtful.append((rule.label, fault.sentence))
            continue
        decided.append(Decided(rule.label, rule.fact, value, text, rule.field))
    return OfficialDocument(
        head.title, head.number, head.dated, head.addressee, head.author, head.paragraphs,
        tuple(decided), tuple(missing), tuple(doubtful),
        _decided_on(head, rules, decided),
    )  # fmt: skip


def _decided_on(
    head: OfficialDocument, rules: DocumentRules, decided: list[Decided]
) -> date | None:
    if rules.decided_on:
        told = next((d.value for d in decided if d.label == rules.decided_on), None)
        return told if isinstance(told, date) else None
    try:
        return parse_date(head.dated)
    except BadInput:
        return None


def _after(label: str, paragraph: str) -> list[str]:
    """The value after `label` at the start of each line of a paragraph."""
    pattern = rf"^[\s\u3000・]*{re.escape(label)}(?:[\s\u3000]*[：:][\s\u3000]*|[\s\u3000]+)(\S.*?)[\s\u3000]*$"
    return re.findall(pattern, paragraph, re.M)


def _value(rule: LabelRule, text: str) -> Value:
    if rule.kind == "date":
        day: date = parse_date(text)
        return day
    if rule.kind == "digits":
        digits = re.sub(r"[\s\-]", "", to_half_width(text))
        if not (digits.isascii() and digits.isdigit()) or (
            rule.length and len(digits) != rule.length
        ):
            raise BadInput(
                "document-digits",
                f"{rule.label}「{text[:40]}」を番号として読めません。文書を見てください。",
            )
        return digits
    if rule.kind == "name":
        return re.sub(r"[ \u3000]+", "\u3000", to_full_width(text))
    return text


def _all_text(element: etree._Element) -> str:
    """The text of an element and what is in it, comments left out, at most a bounded length."""
    return "".join(map(str, element.itertext())).strip()[:_LINE_LIMIT]
