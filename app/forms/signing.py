"""Signing an e-Gov package with the customer's certificate (XMLDSig; reference 1.6).

標準形式: kousei.xml itself is signed. Its 署名情報 follows 構成情報; the first reference is 構成情報
(inclusive C14N 1.0), then each form and attachment by its file name, over the raw bytes and with no
transform. Further people sign by a further Signature in the same 署名情報.

個別ファイル署名形式: kousei.xml carries no signature and lists every file as an attachment. Each form
has a 構成情報 file of its own (申請書作成) that signs it, and all attachments together have one
(添付書類署名).
"""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from app.domain.clock import JST
from app.domain.errors import BadInput
from app.forms.certificate import Signer, refuse_out_of_date
from app.forms.payload import Package, pack
from app.forms.signature_parts import C14N, DS, RSA_SHA256, SHA256, canonical
from app.forms.xml_reader import read_xml

STANDARD, INDIVIDUAL = "標準形式", "個別ファイル署名形式"
MAIN = "kousei.xml"
CONFIGURATION = "構成情報"
WRITE_FORM, WRITE_STYLE = "申請書作成", "999000000000000009"
SIGN_ATTACHED, SIGN_STYLE = "添付書類署名", "999000000000000001"
_END = f"</{CONFIGURATION}>".encode()
_SIGNATURES_END = "</署名情報>".encode()

Files = tuple[tuple[str, bytes], ...]
"""The files of a package, `{proc_id}/name` with their bytes; kousei.xml is the first."""


@dataclass(frozen=True)
class Listed:
    """One form or attachment that a kousei.xml names."""

    element: etree._Element
    title: str
    file_name: str


def sign_package(files: Files, form: str, signer: Signer, at: datetime) -> Files:
    """The package signed in `form` (STANDARD or INDIVIDUAL) at the moment `at`.

    Raises:
        BadInput: the certificate does not hold then, or the package is not whole.
    """
    refuse_out_of_date(signer, at)
    folder, bodies = _folder(files)
    if form == INDIVIDUAL:
        return _individual(folder, files, bodies, signer, at)
    if form != STANDARD:
        raise BadInput("signature-form", f"署名の形式「{form}」は扱えません。")
    main = sign_configuration(bodies[MAIN], bodies, signer, at)
    return tuple((n, main if n == f"{folder}/{MAIN}" else b) for n, b in files)


def signed(package: Package, form: str, signer: Signer, at: datetime) -> Package:
    """The same package, signed. Raises as `sign_package`."""
    return pack(
        package.file_name.removesuffix(".zip"), sign_package(package.files, form, signer, at)
    )


def sign_configuration(
    content: bytes, bodies: dict[str, bytes], signer: Signer, at: datetime
) -> bytes:
    """A kousei file with one more signature over its 構成情報 and every file it lists.

    Only the signature is put in; every other byte stays as it was.

    Raises:
        BadInput: a file it lists is not in `bodies`, or it is no kousei file.
    """
    root = read_xml(content)
    node = root.find(CONFIGURATION)
    if node is None or node.get("ID") != CONFIGURATION or content.count(_END) != 1:
        raise BadInput(
            "package-none", "構成管理(kousei.xml)の形が決まりと合いません。作り直してください。"
        )
    references = [_reference(f"#{quote(CONFIGURATION)}", canonical(node), C14N)]
    for listed in listed_files(node):
        if listed.file_name not in bodies:
            raise BadInput(
                "signature-file-missing",
                f"署名する「{listed.file_name}」が見つかりません。作り直してください。",
            )
        references.append(_reference(quote(listed.file_name), bodies[listed.file_name]))
    taken = {str(s.get("Id")) for s in root.iter(f"{{{DS}}}Signature")}
    signature = _signature(references, signer, _stamp(at, taken))
    if content.count(_SIGNATURES_END) == 1:
        return content.replace(_SIGNATURES_END, signature + _SIGNATURES_END)
    block = b"<" + _SIGNATURES_END[2:] + signature + _SIGNATURES_END
    return content.replace(_END, _END + block)


def listed_files(node: etree._Element) -> list[Listed]:
    """The forms, then the attachments, that a 構成情報 lists."""
    forms = [
        Listed(e, e.findtext("申請書様式名称") or "", e.findtext("申請書ファイル名称") or "")
        for e in node.findall("申請書属性情報")
    ]
    attached = [
        Listed(e, e.findtext("添付書類名称") or "", e.findtext("添付書類ファイル名称") or "")
        for e in node.findall("添付書類属性情報")
    ]
    return forms + attached


def _folder(files: Files) -> tuple[str, dict[str, bytes]]:
    """The package's folder, and its files by their bare names."""
    folders = {name.partition("/")[0] for name, _ in files}
    bodies = {name.partition("/")[2]: body for name, body in files}
    if len(folders) != 1 or MAIN not in bodies:
        raise BadInput(
            "package-none", "封の中に構成管理(kousei.xml)がありません。作り直してください。"
        )
    return folders.pop(), bodies


def _stamp(at: datetime, taken: set[str]) -> str:
    """yyyyMMddHHmmss in Japan time; a second later where that is the Id of another signature."""
    moment = at.astimezone(JST)
    while (stamp := f"{moment:%Y%m%d%H%M%S}") in taken:
        moment += timedelta(seconds=1)
    return stamp


def _reference(uri: str, content: bytes, transform: str = "") -> str:
    transforms = (
        f'<Transforms><Transform Algorithm="{transform}"></Transform></Transforms>'
        if transform
        else ""
    )
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")
    return (
        f"<Reference URI={quoteattr(uri)}>{transforms}"
        f'<DigestMethod Algorithm="{SHA256}"></DigestMethod>'
        f"<DigestValue>{digest}</DigestValue></Reference>"
    )


def _signature(references: Sequence[str], signer: Signer, stamp: str) -> bytes:
    inner = (
        f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{RSA_SHA256}"></SignatureMethod>{"".join(references)}'
    )
    alone = read_xml(f'<SignedInfo xmlns="{DS}">{inner}</SignedInfo>'.encode())
    value = base64.b64encode(signer.sign(canonical(alone))).decode("ascii")
    own = base64.b64encode(signer.certificates[0]).decode("ascii")
    return (
        f'<Signature xmlns="{DS}" Id="{stamp}"><SignedInfo>{inner}</SignedInfo>'
        f"<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data>"
        f"<X509Certificate>{own}</X509Certificate></X509Data></KeyInfo></Signature>"
    ).encode()


def _individual(
    folder: str, files: Files, bodies: dict[str, bytes], signer: Signer, at: datetime
) -> Files:
    root = read_xml(bodies[MAIN])
    node = root.find(CONFIGURATION)
    if node is None or root.find("署名情報") is not None:
        raise BadInput(
            "package-none", "構成管理(kousei.xml)の形が決まりと合いません。作り直してください。"
        )
    forms = [f for f in listed_files(node) if f.element.tag == "申請書属性情報"]
    attached = [f for f in listed_files(node) if f.element.tag != "申請書属性情報"]
    proc_id = node.findtext("管理情報/手続番号/手続ID") or ""
    base = at.astimezone(JST)
    made: list[tuple[str, bytes]] = []
    entries: list[tuple[str, str]] = []

    def add(style: str, kind: str, code: str, held: list[Listed]) -> str:
        moment = base + timedelta(milliseconds=len(made))
        name = f"kousei{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}.xml"
        bare = _part(root, style, kind, proc_id[:-3] + code, held)
        made.append((name, sign_configuration(bare, bodies, signer, at)))
        return name

    for number, one in enumerate(forms, start=1):
        name = add(WRITE_STYLE, WRITE_FORM, f"F{number:02d}", [one])
        entries += [(f"{one.title}の構成情報", name), (one.title, one.file_name)]
    if attached:
        name = add(SIGN_STYLE, SIGN_ATTACHED, "T01", attached)
        entries.append(("添付書類署名ファイル１の構成情報", name))
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        for number, one in enumerate(attached, start=1):
            entries.append((f"添付書類署名ファイル{str(number).translate(wide)}", one.file_name))
    main = _main(root, entries)
    rest = tuple((n, b) for n, b in files if n != f"{folder}/{MAIN}")
    return ((f"{folder}/{MAIN}", main), *((f"{folder}/{n}", b) for n, b in made), *rest)


def _part(root: etree._Element, style: str, kind: str, proc_id: str, held: list[Listed]) -> bytes:
    """The 構成情報 file of one form, or of all attachments: only what it signs is filled in."""
    whole = copy.deepcopy(root)
    node = _bare(whole, keep=("手続名称",))
    _set(whole, "様式ID", style)
    _set(whole, "STYLESHEET", f"{style}.xsl")
    _set(node, "管理情報/手続番号/手続ID", proc_id)
    _set(node, "管理情報/申請種別", kind)
    listed = [copy.deepcopy(one.element) for one in held]
    if listed[0].tag == "申請書属性情報":
        node.extend(listed)
    else:
        _after_administration(node, listed)
    return _written(whole, style)


def _bare(whole: etree._Element, keep: tuple[str, ...]) -> etree._Element:
    """Empties every value of 構成情報 but `keep` and 受付行政機関ID, and drops what it lists."""
    for extra in [e for e in whole if e.tag in ("その他", "署名情報")]:
        whole.remove(extra)
    node = whole.find(CONFIGURATION)
    assert node is not None
    _drop_lists(node)
    for element in node.iter(etree.Element):
        if not len(element) and element.tag not in (*keep, "受付行政機関ID"):
            element.text = None
    return node


def _main(root: etree._Element, entries: Sequence[tuple[str, str]]) -> bytes:
    """The unsigned main file, which lists every other file as an attachment."""
    whole = copy.deepcopy(root)
    node = whole.find(CONFIGURATION)
    assert node is not None
    _drop_lists(node)
    _after_administration(node, [_entry(title, name) for title, name in entries])
    return _written(whole, whole.findtext("様式ID") or "")


def _entry(title: str, file_name: str) -> etree._Element:
    return read_xml(
        "<添付書類属性情報><添付種別>添付</添付種別>"
        f"<添付書類名称>{escape(title)}</添付書類名称>"
        f"<添付書類ファイル名称>{escape(file_name)}</添付書類ファイル名称>"
        "<提出情報>1</提出情報></添付書類属性情報>".encode()
    )


def _drop_lists(node: etree._Element) -> None:
    for element in [e for e in node if e.tag in ("申請書属性情報", "添付書類属性情報")]:
        node.remove(element)


def _after_administration(node: etree._Element, entries: Sequence[etree._Element]) -> None:
    place = next(i for i, e in enumerate(node) if e.tag == "管理情報") + 1
    for number, entry in enumerate(entries):
        node.insert(place + number, entry)


def _set(parent: etree._Element, path: str, text: str) -> None:
    found = parent.find(path)
    if found is None:
        raise BadInput(
            "package-none", "構成管理(kousei.xml)の形が決まりと合いません。作り直してください。"
        )
    found.text = text


def _written(whole: etree._Element, style: str) -> bytes:
    body = etree.tostring(whole, encoding="unicode", with_tail=False)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet href="{style}.xsl" type="text/xsl"?>\n{body}\n'
    ).encode()
