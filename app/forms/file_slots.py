"""What lies in a file slot: names and fingerprints; the bytes are documents of the vault.

The value of a `file` field is the canonical JSON of a list of {document, name, sha256, size}.
`document` is the id in the vault. The name under which a file leaves comes from the folder's rule
(`file_name = "貸借対照表（{meisho}）"`, braces naming a cell), numbered where there are several.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.domain.canonical import canonical_json
from app.domain.errors import BadInput
from app.forms.draft_parts import Problem

if TYPE_CHECKING:
    from app.forms.fields import Field

_SIGNS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",),
}
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True)
class SlotFile:
    """One file in a slot: the document's id in the vault, its own name, fingerprint and size."""

    document: str
    name: str
    sha256: str
    size: int

    @property
    def kind(self) -> str:
        """The ending of the name, small letters without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


def files_of(value: str) -> tuple[SlotFile, ...]:
    """The files of a slot's value; () for a text that is none."""
    try:
        return _read(value)
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def slot_text(files: tuple[SlotFile, ...]) -> str:
    """The value of a slot that holds these files; "" for none."""
    return canonical_json([asdict(one) for one in files]).decode() if files else ""


def take_files(field: Field, text: str) -> str:
    """The canonical value of what was put into a slot. Raises BadInput."""
    try:
        return slot_text(_read(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadInput("file-unread", f"{field.label}のファイルを選び直してください。") from None


def _read(text: str) -> tuple[SlotFile, ...]:
    rows: Any = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError
    return tuple(
        SlotFile(str(r["document"]), str(r["name"]), str(r["sha256"]), int(r["size"])) for r in rows
    )


def slot_file(field: Field, document: str, name: str, content: bytes) -> SlotFile:
    """A file about to be put into a slot, its bytes looked at.

    Raises:
        BadInput: type, size or bytes are not what the slot takes; the sentence says what to do.
    """
    one = SlotFile(document, name, hashlib.sha256(content).hexdigest(), len(content))
    refused = _refused(field, one)
    if refused is not None:
        raise BadInput(refused[0], refused[1])
    if not content.startswith(_SIGNS[one.kind]):
        raise BadInput(
            "file-content",
            f"「{name}」の中身が {one.kind.upper()} ではありません。開いて保存し直してください。",
        )
    return one


def _refused(field: Field, one: SlotFile) -> tuple[str, str] | None:
    if one.kind not in field.file_types:
        wanted = "、".join(kind.upper() for kind in field.file_types)
        return "file-type", f"「{one.name}」は出せない形式です。{wanted} にしてください。"
    if one.size > field.max_bytes:
        return (
            "file-size",
            f"「{one.name}」は {one.size / 1e6:.1f} MB あります。"
            f"{field.max_bytes / 1e6:.0f} MB までにしてください。",
        )
    if one.size == 0:
        return "file-empty", f"「{one.name}」は空です。別のファイルを選んでください。"
    return None


def file_checks(field: Field) -> list[Callable[[Any], Problem | None]]:
    """The checks of a slot's value: how many, of what type, how large."""

    def check(value: Any) -> Problem | None:
        files = files_of(str(value))
        if len(files) > field.max_files:
            return Problem(
                "too-many-files", field.id, "block",
                f"ファイルは {field.max_files}つまでです。ひとつにまとめるか、外してください。",
            )  # fmt: skip
        if len({one.sha256 for one in files}) != len(files):
            return Problem(
                "file-twice",
                field.id,
                "block",
                "同じファイルが二つあります。一つを外してください。",
            )
        for one in files:
            refused = _refused(field, one)
            if refused is not None:
                return Problem(refused[0], field.id, "block", refused[1])
        return None

    return [check]


def leaving_name(
    field: Field, one: SlotFile, number: int, count: int, text_of: Callable[[str], str]
) -> str:
    """The name under which a file leaves: the folder's rule filled in, or its own name.

    `text_of` gives the text of a cell; `number` counts from 1. Signs no file system takes become _.
    """
    if not field.file_name:
        return _UNSAFE.sub("_", one.name)
    stem = _PLACE.sub(lambda m: text_of(m[1]), field.file_name)
    stem = _UNSAFE.sub("_", stem).strip(" .") or field.id
    return f"{stem}{f'_{number}' if count > 1 else ''}.{one.kind}"


def named_cells(rule: str) -> tuple[str, ...]:
    """The ids of the cells a name rule reads."""
    return tuple(_PLACE.findall(rule))
