"""The practice door's examination of a package: everything it refuses, found in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from app.sandbox import kousei, rules, shape
from app.sandbox.findings import Finding
from app.sandbox.kousei import FILE, Configuration, text
from app.sandbox.package import Package, parse
from app.sandbox.procedures import Form, Procedure


@dataclass
class Examined:
    """What came out: the findings, and what is kept of a package without findings."""

    findings: list[Finding]
    configuration: Configuration
    subject: dict[str, str] = field(default_factory=dict)
    sha256: str = ""


def examine(
    procedure: Procedure, package: Package, kinds: tuple[str, ...], *, signature_wanted: bool
) -> Examined:
    """Check a package for one procedure; `kinds` are the 申請種別 this call takes."""
    empty = Configuration("", "", "", "", "")
    if FILE not in package.files:
        return Examined([Finding("構成管理XML（kousei.xml）がありません。", file_name=FILE)], empty)
    root = parse(FILE, package.files[FILE])
    if isinstance(root, Finding):
        return Examined([root], empty)
    findings = list(shape.compare(procedure.kousei, root, FILE))
    findings += kousei.check(root, procedure, kinds)
    configuration = kousei.read(root)
    findings += _named_files(procedure, configuration, package)
    if signature_wanted and not kousei.is_signed(root):
        findings.append(Finding("構成管理XMLに署名がありません。", "署名情報", FILE))
    findings += kousei.check_signatures(root, package.files)
    subject: dict[str, str] = {}
    for form in procedure.forms:
        data = package.files.get(form.apply_file_name)
        if data is not None:
            found, facts = _form(form, data)
            findings += found
            subject |= facts
    return Examined(findings, configuration, subject, hashlib.sha256(package.raw).hexdigest())


def _named_files(
    procedure: Procedure, configuration: Configuration, package: Package
) -> Iterator[Finding]:
    known = {form.form_id: form for form in procedure.forms}
    given = [entry.form_id for entry in configuration.forms]
    for form_id, form in known.items():
        if form_id not in given:
            yield Finding(
                "構成管理XML.申請書属性情報がありません。", "申請書属性情報", FILE, form.form_name
            )
    for entry in configuration.forms:
        form_or_none = known.get(entry.form_id)
        if form_or_none is None or given.count(entry.form_id) > 1:
            yield Finding(
                "構成管理XML.申請書様式IDに誤りがあります。", "申請書属性情報.申請書様式ID", FILE
            )
            continue
        pairs = {
            "申請書様式バージョン": (entry.version, form_or_none.form_version),
            "申請書様式名称": (entry.name, form_or_none.form_name),
            "申請書ファイル名称": (entry.file_name, form_or_none.apply_file_name),
        }
        for name, (had, wanted) in pairs.items():
            if had != wanted:
                sentence = f"構成管理XML.{name}に誤りがあります。"
                yield Finding(sentence, f"申請書属性情報.{name}", FILE, form_or_none.form_name)
        if entry.file_name not in package.files:
            yield Finding("申請書ファイルがありません。", file_name=entry.file_name)
    for name, file_name in configuration.attachments:
        if file_name not in package.files:
            sentence = "添付書類ファイルがありません。"
            yield Finding(sentence, file_name=file_name, attached_file_name=name)
    named = {entry.file_name for entry in configuration.forms}
    named |= {file_name for _, file_name in configuration.attachments} | set(procedure.files)
    for extra in sorted(set(package.files) - named):
        yield Finding("構成管理XMLに記載のないファイルがあります。", file_name=extra)


def _form(form: Form, data: bytes) -> tuple[list[Finding], dict[str, str]]:
    name = form.apply_file_name
    root = parse(name, data)
    if isinstance(root, Finding):
        return [root], {}
    findings = list(shape.compare(form.model, root, name))
    heads = {
        "様式ID": form.form_id,
        "様式バージョン": form.form_version,
        "STYLESHEET": form.xsl_file_name,
    }
    for item, wanted in heads.items():
        if text(root, item) != wanted:
            findings.append(Finding(f"申請書XML.{item}に誤りがあります。", item, name))
    findings += rules.apply(form.rules, root, form.form_name, name)
    named = [replace(finding, form_name=form.form_name) for finding in findings]
    return named, _subject(root)


def _subject(root: etree._Element) -> dict[str, str]:
    """What a decision on an employment-insurance form repeats; empty texts for other forms."""
    body = shape.children(root)[-1] if shape.children(root) else root
    facts = {
        "name": text(body, "被保険者氏名"),
        "kana": text(body, "被保険者氏名フリガナ"),
        "birth": _joined(body, "生年月日"),
        "acquired": _joined(body, "資格取得年月日"),
        "office": _number(body, "事業所番号"),
        "insured": _number(body, "被保険者番号"),
        "workplace": text(body, "事業所名称"),
    }
    return {key: value for key, value in facts.items() if value}


def _joined(body: etree._Element, name: str) -> str:
    values = [text(body, f"{name}/{part}") for part in ("年号", "年", "月", "日")]
    return "{}{}年{}月{}日".format(*values) if all(values) else ""


def _number(body: etree._Element, name: str) -> str:
    parts = [text(body, f"{name}/{name}{part}") for part in ("4桁", "6桁", "CD")]
    return "-".join(parts) if all(parts) else ""
