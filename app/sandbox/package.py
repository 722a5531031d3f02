"""The practice door's reader of an application ZIP: one folder of the procedure, nothing tricky."""

from __future__ import annotations

import base64
import binascii
import io
import re
import stat
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from app.sandbox.findings import Finding, bad_package, bad_request

MOST_FILES = 200
MOST_BYTES = 20_000_000
MOST_PACKED = 10_000_000
MOST_RATIO = 200
_BAD_NAME = re.compile(r'[\\:*?"<>|\x00-\x1f]')


@dataclass
class Package:
    """The files of one application, by name inside its folder."""

    proc_id: str
    file_name: str
    raw: bytes
    files: dict[str, bytes] = field(default_factory=dict)


def read_send_file(proc_id: str, send_file: object) -> Package:
    """The package of a `send_file` object; raises DoorRefusal."""
    if not isinstance(send_file, dict):
        raise bad_request("send_file を指定してください。")
    name, data = send_file.get("file_name"), send_file.get("file_data")
    if not isinstance(name, str) or not re.fullmatch(r"[^/\\:*?\"<>|\x00-\x1f]{1,200}\.zip", name):
        raise bad_request("send_file.file_name は拡張子 zip のファイル名で指定してください。")
    if not isinstance(data, str) or not data:
        raise bad_request("send_file.file_data を指定してください。")
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("send_file.file_data は Base64 で指定してください。") from None
    package = Package(proc_id, name, raw)
    findings = _unpack(package)
    if findings:
        raise bad_package([Finding(text, file_name=name) for text in findings])
    return package


def _unpack(package: Package) -> list[str]:
    """Fill the package's files; gives what is wrong with the ZIP."""
    if len(package.raw) > MOST_PACKED:
        return ["ZIPファイルの大きさが上限を超えています。"]
    try:
        with zipfile.ZipFile(io.BytesIO(package.raw)) as archive:
            entries = archive.infolist()
            faults = _faults(package.proc_id, entries)
            if faults:
                return faults
            for entry in entries:
                if not entry.is_dir():
                    name = entry_name(entry).partition("/")[2]
                    package.files[name] = archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return ["ZIPファイルを解凍できません。"]
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        return ["ZIPファイルを解凍できません。"]
    return [] if package.files else ["ZIPファイルの中にファイルがありません。"]


def _faults(proc_id: str, entries: list[zipfile.ZipInfo]) -> list[str]:
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        return ["ZIPファイルの中身が上限を超えています。"]
    faults: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        name = entry_name(entry)
        fault = _fault_of(proc_id, name, entry)
        if not fault and name.casefold() in seen:
            fault = "同じ名前のファイルが二つあります。"
        seen.add(name.casefold())
        if fault:
            faults.append(fault)
    return list(dict.fromkeys(faults))


def _fault_of(proc_id: str, name: str, entry: zipfile.ZipInfo) -> str:
    parts = name.rstrip("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if _BAD_NAME.search(name) or name.startswith("/") or any(p in ("", ".", "..") for p in parts):
        return "ZIPファイルの中に使えない名前のファイルがあります。"
    if kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        return "ZIPファイルの中に通常のファイルでないものがあります。"
    if entry.flag_bits & 0x1:
        return "ZIPファイルが暗号化されています。"
    if len(parts) == 1 and not entry.is_dir():
        return (
            f"手続IDのフォルダ（{proc_id}）がありません。フォルダの中にファイルを置いてください。"
        )
    if parts[0] != proc_id:
        return f"フォルダ名が手続ID（{proc_id}）と一致しません。"
    if len(parts) > 2 or (len(parts) == 2 and entry.is_dir()):
        return "手続IDのフォルダの下に、さらにフォルダを置くことはできません。"
    if entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        return "ZIPファイルの圧縮率が高すぎます。"
    return ""


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as it was written: UTF-8 where flagged, else CP932 as Windows writes it."""
    original = entry.orig_filename
    if entry.flag_bits & 0x800:
        return original
    try:
        return original.encode("cp437").decode("cp932")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return original


def parse(name: str, data: bytes) -> etree._Element | Finding:
    """The root of an XML file without DTD, or what is wrong with it."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return Finding("XMLにDOCTYPE宣言は使えません。", file_name=name)
    if not re.match(rb"\s*<\?xml[^>]*encoding=[\"']UTF-8[\"']", data.lstrip(b"\xef\xbb\xbf"), re.I):
        return Finding("XMLの文字コードはUTF-8にしてください。", file_name=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return Finding("XMLの形式に誤りがあります。", file_name=name)


def packed(files: list[tuple[str, bytes]]) -> bytes:
    """A ZIP of these files, names as they stand."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()
