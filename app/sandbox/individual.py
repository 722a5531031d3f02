"""個別ファイル署名形式: one configuration file for each form and one for the attachments.

e-Gov reference, 1.6. The main kousei.xml names every file as an attachment, in pairs, and is not
signed; WriteAppli (申請書作成, 手続ID …F01, F02 …) signs its form; SignAttach (添付書類署名, …T01)
signs the attachments. Both keep the applicant's fields empty.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import etree

from app.sandbox import shape, signing
from app.sandbox.composed import MAIN_FORM, WRITE_FORM
from app.sandbox.findings import Finding
from app.sandbox.kousei import FILE, PERSON, Configuration, FormEntry, entry_faults, read, text
from app.sandbox.package import Package, parse
from app.sandbox.procedures import Procedure

PART = re.compile(r"kousei[0-9]{17}\.xml")
_INFO = "構成情報/管理情報/"


def check(
    procedure: Procedure,
    package: Package,
    configuration: Configuration,
    rule: signing.SignatureRule,
) -> Iterator[Finding]:
    """Every fault of the parts; fills the configuration's forms and attachments."""
    if configuration.forms:
        yield Finding("構成管理XMLに申請書属性情報は書けません。", "申請書属性情報", FILE)
    main = parse(FILE, package.files[FILE])
    if not isinstance(main, Finding) and signing.signatures(main):
        yield Finding("構成管理XMLに電子署名は付けられません。", "署名情報", FILE)
    names = dict(configuration.attachments)
    forms: list[FormEntry] = []
    attached: list[tuple[str, str]] = []
    parts = [(label, name) for label, name in configuration.attachments if PART.fullmatch(name)]
    for label, name in parts:
        root = parse(name, package.files.get(name, b""))
        if isinstance(root, Finding):
            yield root
            continue
        part = read(root)
        yield from _part(procedure, root, part, name)
        covered = {entry.file_name for entry in part.forms}
        covered |= {file_name for _, file_name in part.attachments}
        yield from signing.check(root, package.files, covered, rule, name)
        forms += part.forms
        attached += part.attachments
        wanted = [entry.name for entry in part.forms] or [label.removesuffix("の構成情報")]
        for title in wanted:
            held = names.get(title, "")
            if label != f"{title}の構成情報" or held not in covered:
                yield Finding(
                    "構成管理XML.添付書類名称に誤りがあります。", "添付書類属性情報", FILE
                )
    seconds = {name for _, name in configuration.attachments} - {name for _, name in parts}
    signed = {entry.file_name for entry in forms} | {name for _, name in attached}
    for name in sorted(seconds - signed):
        yield Finding("どの構成情報XMLでも署名されていません。", file_name=name)
    configuration.forms = forms
    configuration.attachments = attached
    yield from entry_faults(procedure, configuration, package.files, "構成情報XML")


def _part(
    procedure: Procedure, root: etree._Element, part: Configuration, name: str
) -> Iterator[Finding]:
    writes = text(root, "様式ID") == WRITE_FORM
    stem = procedure.proc_id[:-3]
    number = text(root, f"{_INFO}手続番号/手続ID")
    known = {f"{stem}F{n:02d}" for n in range(1, len(procedure.forms) + 1)}
    ids = known if writes else {f"{stem}T01"}
    kind = "申請書作成" if writes else "添付書類署名"
    form_id = WRITE_FORM if writes else MAIN_FORM
    faults = [
        (text(root, "様式ID") != form_id, "様式ID"),
        (number not in ids, "手続ID"),
        (part.kind != kind, "申請種別"),
        (writes != bool(part.forms), "申請書属性情報"),
        (writes == bool(part.attachments), "添付書類属性情報"),
    ]
    for wrong, item in faults:
        if wrong:
            yield Finding(f"構成情報XML.{item}に誤りがあります。", item, name)
    for who in ("申請者情報", "連絡先情報"):
        person = root.find(f"{PERSON}{who}")
        if person is not None and "".join(map(str, person.itertext())).strip():
            yield Finding(f"構成情報XML.{who}には入力できません。", who, name)
    yield from shape.compare(_loose(procedure.kousei), root, name)


def _loose(model: etree._Element) -> etree._Element:
    """The model of a part: as the main file, with room for a form."""
    body = model.find("構成情報")
    if body is None or body.find("申請書属性情報") is not None:
        return model
    made = copy.deepcopy(model)
    place = made.find("構成情報")
    if place is not None:
        entry = etree.SubElement(place, "申請書属性情報")
        names = ("申請書様式ID", "申請書様式バージョン", "申請書様式名称", "申請書ファイル名称")
        for name in names:
            etree.SubElement(entry, name)
    return made
