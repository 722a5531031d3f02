"""Practice procedures made from short tables: configuration file, form, check.xml.

A table (resources/sandbox/procedures/*.toml) names the fields of each form, one a line:
`path` and after it words: `date` (年号, 年, 月, 日), `must`, `num`, `full`, `max=n`, `len=n`, `digits=n`,
`least=n`, `most=n`, `in=a/b`, `is=text`. check.xml is written in the grammar third parties describe
(e-Gov reference, 1.4).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

_ERAS = "明治/大正/昭和/平成/令和"
_PERSON = (
    "氏名", "氏名フリガナ", "役職", "法人団体名", "法人団体名フリガナ", "部門名", "部門名フリガナ",
    "郵便番号", "住所", "住所フリガナ", "電話番号", "FAX番号", "電子メールアドレス",
)  # fmt: skip
_FEE = ("手数料識別子", "略科目コード", "略科目名", "振込金額")
_INQUIRY = ("府省照会情報ラベル", "府省照会情報")
MAIN_FORM = "999000000000000001"
WRITE_FORM = "999000000000000009"


@dataclass(frozen=True)
class Composed:
    """One practice procedure: arguments of Procedure, rows of its forms, and its files."""

    facts: dict[str, Any]
    forms: list[dict[str, str]]
    files: dict[str, bytes]


def load(folder: Path) -> list[Composed]:
    """Every practice procedure of the tables in `folder`; raises ValueError for a wrong word."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        shared = data.get("fields", {})
        found += [_one(row, shared) for row in data["procedure"]]
    return found


def _one(row: dict[str, Any], shared: dict[str, list[str]]) -> Composed:
    proc_id, name = row["proc_id"], row["name"]
    individual = bool(row.get("individual", False))
    forms, files = [], {}
    for form in row["forms"]:
        form_id, version = form["form_id"], form.get("form_version", "0001")
        made = {
            "form_id": form_id,
            "form_version": version,
            "form_name": form["form_name"],
            "apply_file_name": f"{form_id}_01.xml",
        }
        fields = [line.split() for line in _lines(form["fields"], shared)]
        files[made["apply_file_name"]] = _form(made, fields)
        files[f"{form_id}check.xml"] = _checks(f"/DataRoot/{_body(form_id)}", fields)
        forms.append(made)
    files["kousei.xml"] = kousei(proc_id, name, [] if individual else forms)
    if individual:
        stem = proc_id[:-3]
        for number, made in enumerate(forms, 1):
            data = kousei(f"{stem}F{number:02d}", name, [made], WRITE_FORM, "申請書作成")
            files[part_name(number + 1)] = data
        files[part_name(1)] = kousei(f"{stem}T01", name, [], MAIN_FORM, "添付書類署名")
    facts = {
        "proc_id": proc_id,
        "name": name,
        "ministry": row.get("ministry", "総務省"),
        "destination_wanted": bool(row.get("destinations")),
        "destinations": row.get("destinations", {}),
        "unsigned_with_gbizid": row.get("signature", "") != "always",
        "decision": row.get("decision", "plain"),
        "signature": row.get("signature", ""),
        "individual": individual,
    }
    for key in ("signers", "outcome", "pension", "preprint", "delivery", "fee"):
        if key in row:
            facts[key] = row[key]
    return Composed(facts, forms, files)


def part_name(number: int) -> str:
    """構成情報XML of a skeleton: kousei and a time of 17 digits; 1 is SignAttach."""
    return f"kousei20260401000000{number:03d}.xml"


def _lines(lines: list[str], shared: dict[str, list[str]]) -> list[str]:
    """The lines, with `@name` replaced by the shared group of that name.

    `*2-24 @name` is the group once for each number from 2 to 24, `#` in it being the number.
    """
    spread: list[str] = []
    for line in lines:
        if line.startswith("*"):
            numbers, group = line[1:].split(" @")
            first, last = map(int, numbers.split("-"))
            for number in range(first, last + 1):
                spread += [row.replace("#", str(number)) for row in shared[group]]
        elif line.startswith("@"):
            spread += _lines(shared[line[1:]], shared)
        else:
            spread.append(line)
    return spread


def _body(form_id: str) -> str:
    return f"G-{form_id}_1"


def _file(root: etree._Element, style: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet href="{style}" type="text/xsl"?>\n'
    )
    etree.indent(root, "\t")
    return head.encode("utf-8") + etree.tostring(root, encoding="utf-8") + b"\n"


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text or None
    return element


def _form(made: dict[str, str], fields: list[list[str]]) -> bytes:
    root = etree.Element("DataRoot")
    _add(root, "様式ID", made["form_id"])
    _add(root, "様式バージョン", made["form_version"])
    _add(root, "STYLESHEET", f"{made['form_id']}.xsl")
    _add(root, "様式コピー情報", "0")
    _add(root, "Doctype", "1")
    body = _add(root, _body(made["form_id"]))
    for path, *words in fields:
        element = body
        for part in path.split("/"):
            held = element.find(part)
            element = _add(element, part) if held is None else held
        if "date" in words:
            for part in ("年号", "年", "月", "日"):
                _add(element, part)
        fixed = next((word[3:] for word in words if word.startswith("is=")), "")
        element.text = fixed or None
    return _file(root, f"{made['form_id']}.xsl")


def _checks(base: str, fields: list[list[str]]) -> bytes:
    root = etree.Element("checkItems")
    for path, *words in fields:
        if "date" not in words:
            _item(root, f"{base}/{path}", path.replace("/", "・"), words)
            continue
        must = [word for word in words if word == "must"]
        parts = {
            "年号": [f"in={_ERAS}"],
            "年": ["num", "digits=2"],
            "月": ["num", "least=1", "most=12"],
            "日": ["num", "least=1", "most=31"],
        }
        for part, more in parts.items():
            label = f"{path.replace('/', '・')}・{part}"
            _item(root, f"{base}/{path}/{part}", label, [*must, *more])
    etree.indent(root, "\t")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="utf-8")


def _item(root: etree._Element, xpath: str, label: str, words: list[str]) -> None:
    item = etree.SubElement(root, "checkItem")
    _add(item, "xpath", xpath)
    _add(item, "errtag", label)
    for word in words:
        name, _, value = word.partition("=")
        if name in ("must", "num", "full"):
            plain = {"must": "omitDisabled", "num": "numerical", "full": "fullAllChar"}[name]
            etree.SubElement(item, plain)
        elif name in ("max", "len"):
            span = etree.SubElement(etree.SubElement(item, "char"), "range")
            _add(span, "number", value)
            etree.SubElement(span, "equal" if name == "len" else "lessThan")
        elif name == "digits":
            _add(etree.SubElement(item, "intDigit"), "number", value)
        elif name in ("least", "most"):
            _add(item, "value", value)
            etree.SubElement(item, "moreThan" if name == "least" else "lessThan")
        elif name in ("in", "is"):
            letters = etree.SubElement(item, "specifiedLetter")
            for letter in value.split("/"):
                _add(letters, "list", letter)
        else:
            raise ValueError(f"{xpath}: no such word: {word}")


def kousei(
    proc_id: str,
    name: str,
    forms: list[dict[str, str]],
    form_id: str = MAIN_FORM,
    kind: str = "新規申請",
) -> bytes:
    """A configuration file as a skeleton has it, in the order of the real samples."""
    root = etree.Element("DataRoot")
    _add(root, "様式ID", form_id)
    _add(root, "様式バージョン", "0001")
    _add(root, "STYLESHEET", f"{form_id}.xsl")
    body = etree.SubElement(root, "構成情報", ID="構成情報")
    info = _add(body, "管理情報")
    number = _add(info, "手続番号")
    _add(number, "受付行政機関ID", f"100{proc_id[:3]}")
    _add(number, "手続ID", proc_id)
    _add(info, "手続名称", name)
    _add(info, "初回受付番号")
    _add(info, "申請種別", kind)
    people = _add(info, "申請者連絡先情報")
    for who in ("申請者情報", "連絡先情報"):
        person = _add(people, who)
        for part in _PERSON:
            _add(person, part)
    ticket = _add(people, "委任登録票添付情報")
    for part in ("発行番号", "委任登録票名称", "委任登録票ファイル名称"):
        _add(ticket, part)
    _numbered(_add(body, "手数料情報"), "手数料", 6, _FEE)
    _add(body, "通信欄")
    _numbered(_add(body, "府省照会情報"), "府省照会", 10, _INQUIRY)
    place = _add(body, "提出先情報")
    _add(place, "提出先識別子")
    _add(place, "提出先名称")
    for form in forms:
        entry = _add(body, "申請書属性情報")
        _add(entry, "申請書様式ID", form["form_id"])
        _add(entry, "申請書様式バージョン", form["form_version"])
        _add(entry, "申請書様式名称", form["form_name"])
        _add(entry, "申請書ファイル名称", form["apply_file_name"])
    return _file(root, f"{form_id}.xsl")


def _numbered(parent: etree._Element, name: str, count: int, parts: tuple[str, ...]) -> None:
    for number in range(1, count + 1):
        one = _add(parent, f"{name}{number}")
        for part in parts:
            _add(one, part)
