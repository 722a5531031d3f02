"""Checking a whole procedure folder: `python main.py pack check DIR`.

Grammar and names, payload, layout, document, rejections, notes, and every case with its exact
expected bytes. What is wrong comes back as faults with file, line and reason, never as a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.facts.catalogue import Catalogue
from app.forms.award_rules import load_award
from app.forms.cases import check_cases
from app.forms.layout import load_layout
from app.forms.official import load_document_rules
from app.forms.pack_fault import PackFault
from app.forms.pack_files import BINARY_LIMIT, FILE_COUNT_LIMIT, read_text, read_toml
from app.forms.payload_rules import load_payload_rules
from app.forms.portal import load_portal
from app.forms.preprint import load_preprint
from app.forms.procedure import Procedure, load_procedure
from app.forms.rejections import load_rejections
from app.forms.toml_lines import line_map, line_of

_KNOWN_FILES = {
    "procedure.toml", "payload.toml", "layout.toml", "portal.toml", "document.toml",
    "rejections.toml", "notes.md", "award.toml", "preprint.toml",
}  # fmt: skip


def check_pack(folder: Path, catalogue: Catalogue) -> list[PackFault]:
    """Everything wrong with `folder`, as far as it can be followed; empty when it is good."""
    if not folder.is_dir():
        return [
            PackFault(
                "pack-folder", folder.name, 0, "フォルダーがありません。場所を確かめてください。"
            )
        ]
    faults = _listing(folder)
    if faults:
        return faults
    try:
        procedure = load_procedure(folder, catalogue)
    except PackFault as fault:
        return [fault]
    wire: list[Callable[[Procedure], object]] = (
        [load_payload_rules] if procedure.door != "portal" else []
    )
    steps: list[Callable[[Procedure], object]] = [
        *wire,
        load_layout,
        lambda p: _document(p, catalogue),
        load_rejections,
        lambda p: load_award(p, catalogue),
        load_portal,
        load_preprint,
        lambda p: _notes(p.folder),
    ]
    for step in steps:
        try:
            step(procedure)
        except PackFault as fault:
            faults.append(fault)
    if not faults:
        faults.extend(check_cases(procedure, catalogue))
    return faults


def _listing(folder: Path) -> list[PackFault]:
    """The first fault of the files as such: links, sizes, names nobody reads."""
    templates = {path.name for path in folder.glob("*.xml")}
    for count, path in enumerate(sorted(folder.rglob("*")), start=1):
        name = path.relative_to(folder).as_posix()
        if count > FILE_COUNT_LIMIT:
            reason = f"ファイルが多すぎます。{FILE_COUNT_LIMIT}個までです。"
            return [PackFault("pack-too-many", folder.name, 0, reason)]
        if path.is_symlink():
            reason = "リンクは置けません。ファイルそのものを置いてください。"
            return [PackFault("pack-link", name, 0, reason)]
        if path.is_dir():
            if name == "cases":
                continue
            reason = "この名前のフォルダーは使いません。消してください。"
            return [PackFault("pack-unknown-file", name, 0, reason)]
        if path.stat().st_size > BINARY_LIMIT:
            reason = f"ファイルが大きすぎます。{BINARY_LIMIT:,}バイトまでです。"
            return [PackFault("pack-too-large", name, 0, reason)]
        if "/" not in name and name not in _KNOWN_FILES and name not in templates:
            reason = "この名前のファイルは使いません。消してください。"
            return [PackFault("pack-unknown-file", name, 0, reason)]
    return []


def _document(procedure: Procedure, catalogue: Catalogue) -> None:
    """Refuses a decided value whose fact the catalogue does not know or hold in this shape."""
    rules = load_document_rules(procedure)
    for number, rule in enumerate(rules.labels if rules else ()):
        definition = catalogue.facts.get(rule.fact)
        is_date = definition is not None and definition.kind == "date"
        if rule.fact and (definition is None or is_date != (rule.kind == "date")):
            _, text = read_toml(procedure.folder, "document.toml")
            raise PackFault(
                "document-fact-unknown",
                "document.toml",
                line_of(line_map(text), ("labels", number, "fact")),
                f"事実「{rule.fact}」は目録にないか、種類が {rule.kind} と合いません。",
            )


def _notes(folder: Path) -> None:
    text = read_text(folder, "notes.md")
    if len(text.strip()) < 40:
        raise PackFault(
            "pack-notes", "notes.md", 1, "出どころと、入れなかったものを書いてください。"
        )
