"""What the practice portal takes as an attachment: type by name and by content, size, name, no password."""

from __future__ import annotations

from pathlib import PurePosixPath

from app.sandbox.portal_forms import Field

_HEADS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "zip": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "bmp": (b"BM",),
}
LONGEST_NAME = 100


def file_fault(item: Field, held: int, name: str, data: bytes) -> str:
    """Why a file is refused, or an empty text; `held` is how many the field has already."""
    kind = PurePosixPath(name).suffix.removeprefix(".").lower()
    if held >= item.files:
        return f"添付できるのは{item.files}ファイルまでです。"
    if not name or len(name) > LONGEST_NAME or any(sign in name for sign in '\\/:*?"<>|'):
        return f"ファイル名が正しくないか、{LONGEST_NAME}文字を超えています。"
    if any(ord(sign) < 32 for sign in name):
        return "ファイル名に使用できない文字が含まれています。"
    if kind not in item.types:
        return f"添付できる種類は {', '.join(item.types)} です。"
    if not name.startswith(item.file_name):
        return f"ファイル名は「{item.file_name}」で始めてください。"
    if not data:
        return "ファイルが空です。"
    if len(data) > item.most_bytes:
        return f"1ファイルは{item.most_bytes // 1024 // 1024}MBまでです。"
    if kind == "heic":
        good = data[4:8] == b"ftyp"
    else:
        good = any(data.startswith(head) for head in _HEADS[kind])
    if not good:
        return "ファイルの内容が種類と一致しません。"
    if _locked(kind, data):
        return "パスワードの付いたファイルは添付できません。"
    return ""


def _locked(kind: str, data: bytes) -> bool:
    if kind == "pdf":
        return b"/Encrypt" in data
    # Bit 0 of the first entry's flags says that a ZIP entry is encrypted.
    return kind == "zip" and len(data) > 7 and bool(data[6] & 1)
