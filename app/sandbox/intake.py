"""The practice door's examination of a package: everything it refuses, found in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lxml import etree

from app.sandbox import individual, kousei, rules, shape, shfd, signing
from app.sandbox.findings import Finding
from app.sandbox.kousei import FILE, Configuration, text
from app.sandbox.package import Package, parse
from app.sandbox.procedures import Form, Procedure


@dataclass(frozen=True)
class Demands:
    """What the caller has to bring: the 申請種別 taken, signatures, a named certificate, the day."""

    kinds: tuple[str, ...]
    signatures: signing.SignatureRule
    attachment: str
    today: date


@dataclass
class Examined:
    """What came out: the findings, and what is kept of a package without findings."""

    findings: list[Finding]
    configuration: Configuration
    subject: dict[str, str] = field(default_factory=dict)
    pension: dict[str, Any] = field(default_factory=dict)
    fee: int = 0
    sha256: str = ""


def examine(procedure: Procedure, package: Package, demands: Demands) -> Examined:
    """Check a package for one procedure."""
    empty = Configuration("", "", "", "", "")
    if FILE not in package.files:
        return Examined([Finding("構成管理XML（kousei.xml）がありません。", file_name=FILE)], empty)
    root = parse(FILE, package.files[FILE])
    if isinstance(root, Finding):
        return Examined([root], empty)
    findings = list(shape.compare(procedure.kousei, root, FILE))
    findings += kousei.check(root, procedure, demands.kinds)
    made = kousei.read(root)
    named = set(procedure.files) | {file_name for _, file_name in made.attachments}
    if procedure.individual:
        findings += _absent(made, package)
        findings += individual.check(procedure, package, made, demands.signatures)
    else:
        findings += kousei.entry_faults(procedure, made, package.files, "構成管理XML")
        findings += _absent(made, package)
        covered = {entry.file_name for entry in made.forms}
        covered |= {file_name for _, file_name in made.attachments}
        findings += signing.check(root, package.files, covered, demands.signatures, FILE)
    named |= {entry.file_name for entry in made.forms}
    for extra in sorted(set(package.files) - named):
        findings.append(Finding("構成管理XMLに記載のないファイルがあります。", file_name=extra))
    if demands.attachment and demands.attachment not in [label for label, _ in made.attachments]:
        sentence = f"{demands.attachment}が添付されていません。"
        findings.append(Finding(sentence, "添付書類属性情報", FILE))
    examined = Examined(findings, made, sha256=hashlib.sha256(package.raw).hexdigest())
    _read_forms(procedure, package, examined)
    if procedure.pension:
        faults, examined.pension = shfd.examine(
            package.files, procedure.pension, procedure.columns, demands.today, examined.subject
        )
        examined.findings += faults
    return examined


def _absent(configuration: Configuration, package: Package) -> Iterator[Finding]:
    for name, file_name in configuration.attachments:
        if file_name not in package.files:
            sentence = "添付書類ファイルがありません。"
            yield Finding(sentence, file_name=file_name, attached_file_name=name)


def _read_forms(procedure: Procedure, package: Package, examined: Examined) -> None:
    for form in procedure.forms:
        data = package.files.get(form.apply_file_name)
        if data is None:
            continue
        found, facts, root = _form(form, data)
        examined.findings += found
        examined.subject |= facts
        if root is not None and procedure.fee and not procedure.fee.isdigit():
            amount = text(shape.children(root)[-1], procedure.fee)
            examined.fee = int(amount) if amount.isdigit() else 0
    if procedure.fee.isdigit():
        examined.fee = int(procedure.fee)


def _form(form: Form, data: bytes) -> tuple[list[Finding], dict[str, str], etree._Element | None]:
    name = form.apply_file_name
    root = parse(name, data)
    if isinstance(root, Finding):
        return [root], {}, None
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
    return named, _subject(root), root


def _subject(root: etree._Element) -> dict[str, str]:
    """What a decision repeats of an employment-insurance form or of the covering form of a CSV."""
    body = shape.children(root)[-1] if shape.children(root) else root
    facts = {
        "name": text(body, "被保険者氏名"),
        "kana": text(body, "被保険者氏名フリガナ"),
        "birth": _joined(body, "生年月日"),
        "acquired": _joined(body, "資格取得年月日"),
        "office": _number(body, "事業所番号"),
        "insured": _number(body, "被保険者番号"),
        "workplace": text(body, "事業所名称"),
        "left": _joined(body, "離職等年月日"),
        "kind": text(body, "届書の種類"),
        "count": text(body, "提出件数"),
        "prefecture": text(body, "事業所整理記号/都道府県コード"),
        "district": text(body, "事業所整理記号/郡市区符号"),
        "sign": text(body, "事業所整理記号/事業所記号"),
        "office_number": text(body, "事業所番号"),
    }
    return {key: value for key, value in facts.items() if value}


def _joined(body: etree._Element, name: str) -> str:
    values = [text(body, f"{name}/{part}") for part in ("年号", "年", "月", "日")]
    return "{}{}年{}月{}日".format(*values) if all(values) else ""


def _number(body: etree._Element, name: str) -> str:
    parts = [text(body, f"{name}/{name}{part}") for part in ("4桁", "6桁", "CD")]
    return "-".join(parts) if all(parts) else ""
