"""A sealed e-Gov package read back: what its own bytes say it is (kousei.xml, reference 1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import BadInput
from app.forms.archive import read_archive
from app.forms.xml_reader import read_xml

_PART = re.compile(r"[^/]+/kousei[0-9]{17}\.xml")


@dataclass(frozen=True)
class PackageContents:
    """手続ID, 手続名称, who applies, and the (様式ID, バージョン) of each application form.

    `kind` is 申請種別, `first_number` 初回受付番号 ("" for a new application).
    """

    proc_id: str
    proc_title: str
    corporation_name: str
    applicant_name: str
    forms: tuple[tuple[str, str], ...]
    kind: str = "新規申請"
    first_number: str = ""


def read_package(zip_bytes: bytes) -> PackageContents:
    """What a package says it is.

    Raises:
        BadInput: the bytes are no package (hostile or damaged ZIP and XML included).
    """
    files = {entry.name: entry.content for entry in read_archive(zip_bytes)}
    main = next((body for name, body in files.items() if name.endswith("/kousei.xml")), None)
    if main is None:
        raise BadInput(
            "package-none", "封の中に構成管理(kousei.xml)がありません。作り直してください。"
        )
    info = read_xml(main).find("構成情報")
    if info is None:
        raise BadInput("package-none", "封の中の構成管理が読めません。作り直してください。")
    applicant = "管理情報/申請者連絡先情報/申請者情報"
    parts = [body for name, body in files.items() if _PART.fullmatch(name)]  # 個別ファイル署名形式
    nodes = [
        info,
        *(node for node in (read_xml(p).find("構成情報") for p in parts) if node is not None),
    ]
    return PackageContents(
        _text(info, "管理情報/手続番号/手続ID"),
        _text(info, "管理情報/手続名称"),
        _text(info, f"{applicant}/法人団体名"),
        _text(info, f"{applicant}/氏名"),
        tuple(
            (_text(form, "申請書様式ID"), _text(form, "申請書様式バージョン"))
            for node in nodes
            for form in node.iterfind("申請書属性情報")
        ),
        _text(info, "管理情報/申請種別"),
        _text(info, "管理情報/初回受付番号"),
    )


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()
