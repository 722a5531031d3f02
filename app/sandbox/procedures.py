"""The procedures the practice door offers: skeletons, models to compare with, and their rules."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from app.sandbox import composed
from app.sandbox.rules import Rule, read_rules
from app.sandbox.shfd_fields import Field, load_layouts

_OPTIONAL_PARTS = """<添付書類属性情報><添付種別/><添付書類名称/><添付書類ファイル名称/><提出情報/></添付書類属性情報>"""
_OTHERS = "<その他><納付関連情報><納付方法/><振込者氏名カナ/></納付関連情報><法人番号/></その他>"


@dataclass(frozen=True)
class Form:
    """One application form of a procedure, as the door wants it now."""

    form_id: str
    form_version: str
    form_name: str
    apply_file_name: str
    model: etree._Element
    rules: list[Rule]
    check_file_name: str

    @property
    def xsl_file_name(self) -> str:
        """The style sheet's name."""
        return f"{self.form_id}.xsl"


@dataclass(frozen=True)
class Procedure:
    """One procedure; `destinations` maps 提出先識別子 to 提出先名称."""

    proc_id: str
    name: str
    ministry: str
    destination_wanted: bool
    destinations: dict[str, str]
    unsigned_with_gbizid: bool
    decision: str
    forms: tuple[Form, ...]
    kousei: etree._Element
    files: dict[str, bytes]
    signers: int = 1
    signature: str = ""
    individual: bool = False
    outcome: str = ""
    pension: str = ""
    columns: tuple[Field, ...] = ()
    preprint: bool = False
    delivery: bool = False
    fee: str = ""

    @property
    def agency_id(self) -> str:
        """受付行政機関ID: 100 and the first three of the 手続ID."""
        return f"100{self.proc_id[:3]}"

    def skeleton(self) -> bytes:
        """The skeleton ZIP: one folder of the procedure; the same bytes every time."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(self.files.items()):
                entry = zipfile.ZipInfo(f"{self.proc_id}/{name}", (2026, 4, 1, 0, 0, 0))
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        return buffer.getvalue()

    def file_info(self) -> list[dict[str, str | int]]:
        """`file_info` of the answer of 手続選択."""
        return [
            {
                "form_id": form.form_id,
                "form_version": int(form.form_version),
                "form_name": form.form_name,
                "apply_file_name": form.apply_file_name,
                "xsl_file_name": form.xsl_file_name,
                "server_check_file_name": form.check_file_name,
                "schema_file_name": "",
                "style_indication_file": "",
            }
            for form in self.forms
        ]


def load_procedures(resources: Path) -> dict[str, Procedure]:
    """Every procedure under resources/sandbox/procedures, by 手続ID."""
    folders = sorted(path.parent for path in (resources / "procedures").glob("*/procedure.json"))
    style = (resources / "form.xsl").read_bytes()
    loaded = [_load(folder, style) for folder in folders]
    layouts = load_layouts(resources)
    loaded += [_composed(one, style, layouts) for one in composed.load(resources / "procedures")]
    return {procedure.proc_id: procedure for procedure in loaded}


def _composed(
    one: composed.Composed, style: bytes, layouts: dict[str, tuple[Field, ...]]
) -> Procedure:
    """A procedure whose files are made from a short table (composed.py)."""
    files = dict(one.files)
    forms = []
    for row in one.forms:
        files[f"{row['form_id']}.xsl"] = style
        model = etree.fromstring(files[row["apply_file_name"]])
        check = f"{row['form_id']}check.xml"
        forms.append(
            Form(**row, model=model, rules=read_rules(files[check]), check_file_name=check)
        )
    kousei = whole_model(etree.fromstring(files["kousei.xml"]))
    columns = layouts.get(one.facts.get("pension", ""), ())
    return Procedure(forms=tuple(forms), kousei=kousei, files=files, columns=columns, **one.facts)


def proc_names(procedure: Procedure) -> list[str]:
    """`configuration_file_name`: the main file, then SignAttach and WriteAppli where there are."""
    parts = sorted(name for name in procedure.files if name.startswith("kousei"))
    return sorted(parts, key=lambda name: (name != "kousei.xml", name))


def _load(folder: Path, style: bytes) -> Procedure:
    data = json.loads((folder / "procedure.json").read_text("utf-8"))
    files = {"kousei.xml": (folder / "kousei.xml").read_bytes()}
    forms = []
    for row in data["forms"]:
        form_id = row["form_id"]
        files[row["apply_file_name"]] = (folder / row["apply_file_name"]).read_bytes()
        files[f"{form_id}.xsl"] = style
        check = f"{form_id}check.xml"
        rules: list[Rule] = []
        if (folder / check).exists():
            files[check] = (folder / check).read_bytes()
            rules = read_rules(files[check])
        model = etree.fromstring(files[row["apply_file_name"]])
        forms.append(Form(**row, model=model, rules=rules, check_file_name=check if rules else ""))
    return Procedure(
        proc_id=data["proc_id"],
        name=data["name"],
        ministry=data["ministry"],
        destination_wanted=data["destination_wanted"],
        destinations=data["destinations"],
        unsigned_with_gbizid=data["unsigned_with_gbizid"],
        decision=data["decision"],
        forms=tuple(forms),
        kousei=whole_model(etree.fromstring(files["kousei.xml"])),
        files=files,
    )


def whole_model(base: etree._Element) -> etree._Element:
    """The configuration file with every optional part in its place, to compare orders with."""
    model = copy.deepcopy(base)
    info = model.find("構成情報")
    if info is None:
        raise ValueError("kousei.xml has no 構成情報")
    info.insert(1, etree.fromstring(_OPTIONAL_PARTS))
    signature = etree.Element("署名情報")
    info.addnext(signature)
    old = model.find("その他")
    if old is not None:
        model.remove(old)
    model.append(etree.fromstring(_OTHERS))
    return model
