"""The configuration file 構成管理XML: what the practice door checks in it (e-Gov reference, 1.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.sandbox.characters import is_full_width, is_katakana
from app.sandbox.findings import Finding
from app.sandbox.procedures import Procedure

FILE = "kousei.xml"
PERSON = "構成情報/管理情報/申請者連絡先情報/"
_LATIN = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class FormEntry:
    """One 申請書属性情報."""

    form_id: str
    version: str
    name: str
    file_name: str


@dataclass
class Configuration:
    """What the door keeps of a configuration file."""

    kind: str
    first_number: str
    applicant: str
    corporation: str
    destination: str
    forms: list[FormEntry] = field(default_factory=list)
    attachments: list[tuple[str, str]] = field(default_factory=list)


def text(root: etree._Element, path: str) -> str:
    """The text at a path, without the line ends of indentation."""
    return (root.findtext(path) or "").strip("\r\n\t")


def read(root: etree._Element) -> Configuration:
    """The parts of a configuration file whose shape was already found good."""
    info = "構成情報/管理情報/"
    return Configuration(
        kind=text(root, f"{info}申請種別"),
        first_number=text(root, f"{info}初回受付番号"),
        applicant=text(root, f"{PERSON}申請者情報/氏名"),
        corporation=text(root, f"{PERSON}申請者情報/法人団体名"),
        destination=text(root, "構成情報/提出先情報/提出先名称"),
        forms=[
            FormEntry(
                text(item, "申請書様式ID"),
                text(item, "申請書様式バージョン"),
                text(item, "申請書様式名称"),
                text(item, "申請書ファイル名称"),
            )
            for item in root.iterfind("構成情報/申請書属性情報")
        ],
        attachments=[
            (text(item, "添付書類名称"), text(item, "添付書類ファイル名称"))
            for item in root.iterfind("構成情報/添付書類属性情報")
        ],
    )


def check(root: etree._Element, procedure: Procedure, kinds: tuple[str, ...]) -> Iterator[Finding]:
    """Every value of the configuration file that the door does not take."""
    info = "構成情報/管理情報/"
    fixed = {
        "様式ID": text(procedure.kousei, "様式ID"),
        "様式バージョン": text(procedure.kousei, "様式バージョン"),
        "STYLESHEET": text(procedure.kousei, "STYLESHEET"),
        f"{info}手続番号/受付行政機関ID": procedure.agency_id,
        f"{info}手続番号/手続ID": procedure.proc_id,
        f"{info}手続名称": procedure.name,
    }
    for path, wanted in fixed.items():
        if text(root, path) != wanted:
            yield _fault(path, "に誤りがあります。")
    body = root.find("構成情報")
    if body is None or body.get("ID") != "構成情報":
        yield Finding("構成管理XML.構成情報のIDに誤りがあります。", "構成情報", FILE)
    if text(root, f"{info}申請種別") not in kinds:
        yield _fault(f"{info}申請種別", "に誤りがあります。")
    for who in ("申請者情報", "連絡先情報"):
        yield from check_person(root, who)
    number = text(root, "その他/法人番号")
    if number and not re.fullmatch(r"[0-9]{13}", number):
        yield _fault("その他/法人番号", "は半角数字13桁で入力してください。")
    yield from _untouched(root)
    yield from _destination(root, procedure)


def check_person(root: etree._Element, who: str) -> Iterator[Finding]:
    """The fields of 申請者情報 or 連絡先情報."""
    base = f"{PERSON}{who}/"
    for name in ("氏名", "氏名フリガナ", "郵便番号", "住所", "住所フリガナ", "電話番号"):
        if not text(root, base + name):
            yield _fault(base + name, "は必須です。")
    for name in ("氏名", "住所", "役職", "法人団体名", "部門名"):
        if not is_full_width(text(root, base + name)):
            yield _fault(base + name, "は全角で入力してください。")
    if text(root, f"{base}氏名") and "　" not in text(root, f"{base}氏名").strip("　"):
        yield _fault(f"{base}氏名", "は姓と名の間を全角空白で区切ってください。")
    for name in ("氏名フリガナ", "住所フリガナ", "法人団体名フリガナ", "部門名フリガナ"):
        if not is_katakana(text(root, base + name)):
            yield _fault(base + name, "は全角カタカナで入力してください。")
    post = text(root, f"{base}郵便番号")
    if post and not re.fullmatch(r"[0-9]{7}", post):
        yield _fault(f"{base}郵便番号", "は半角数字7桁で入力してください。")
    for name in ("電話番号", "FAX番号"):
        phone = text(root, base + name)
        if phone and not re.fullmatch(r"[0-9]{1,6}-?[0-9]{1,4}-?[0-9]{3,5}", phone):
            yield _fault(base + name, "は半角数字とハイフンで入力してください。")
    mail = text(root, f"{base}電子メールアドレス")
    if mail and not _LATIN.fullmatch(mail):
        yield _fault(f"{base}電子メールアドレス", "に誤りがあります。")


def _untouched(root: etree._Element) -> Iterator[Finding]:
    """Parts the skeleton leaves empty for the agency stay empty."""
    for part in ("手数料情報", "府省照会情報"):
        element = root.find(f"構成情報/{part}")
        if element is not None and "".join(map(str, element.itertext())).strip():
            yield _fault(f"構成情報/{part}", "には入力できません。")


def _destination(root: etree._Element, procedure: Procedure) -> Iterator[Finding]:
    given = text(root, "構成情報/提出先情報/提出先識別子")
    name = text(root, "構成情報/提出先情報/提出先名称")
    if not procedure.destination_wanted:
        if given or name:
            yield _fault("構成情報/提出先情報", "は、この手続では指定できません。")
    elif not given:
        yield _fault("構成情報/提出先情報/提出先識別子", "は必須です。")
    elif procedure.destinations.get(given) is None:
        yield _fault("構成情報/提出先情報/提出先識別子", "に誤りがあります。")
    elif procedure.destinations[given] != name:
        yield _fault("構成情報/提出先情報/提出先名称", "に誤りがあります。")


def entry_faults(
    procedure: Procedure, configuration: Configuration, files: dict[str, bytes], part: str
) -> Iterator[Finding]:
    """What is wrong with 申請書属性情報: each form once, as the skeleton names it, and packed."""
    known = {form.form_id: form for form in procedure.forms}
    given = [entry.form_id for entry in configuration.forms]
    for form_id, form in known.items():
        if form_id not in given:
            yield Finding(
                f"{part}.申請書属性情報がありません。", "申請書属性情報", FILE, form.form_name
            )
    for entry in configuration.forms:
        held = known.get(entry.form_id)
        if held is None or given.count(entry.form_id) > 1:
            sentence = f"{part}.申請書様式IDに誤りがあります。"
            yield Finding(sentence, "申請書属性情報.申請書様式ID", FILE)
            continue
        pairs = {
            "申請書様式バージョン": (entry.version, held.form_version),
            "申請書様式名称": (entry.name, held.form_name),
            "申請書ファイル名称": (entry.file_name, held.apply_file_name),
        }
        for name, (had, wanted) in pairs.items():
            if had != wanted:
                sentence = f"{part}.{name}に誤りがあります。"
                yield Finding(sentence, f"申請書属性情報.{name}", FILE, held.form_name)
        if entry.file_name not in files:
            yield Finding("申請書ファイルがありません。", file_name=entry.file_name)


def _fault(path: str, rest: str) -> Finding:
    name = path.rsplit("/", 1)[-1]
    where = path.split("/")[-2] if "申請者連絡先情報/" in path else ""
    label = f"{where}.{name}" if where else name
    return Finding(f"構成管理XML.{label}{rest}", path.replace("/", "."), FILE)
