"""The folder a hand-over is written into, and the names and kinds of files that come back."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from app.domain.errors import BadInput, Known
from app.forms.archive import ARCHIVE_LIMIT, read_archive
from app.forms.nenkin.layout import FILE_NAME
from app.forms.nenkin.reading import records_of
from app.store.rows import FilingRow

CSV_FOLDER, DATA_FOLDER, MORE_FOLDER = "届書", "申請データ", "添付書類"
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def laid_out(
    envelope: bytes, *, values_only: bool = False
) -> tuple[list[tuple[str, bytes]], int | None]:
    """The files with their places in the folder; the number of CSV records, None without a CSV.

    `values_only`: the XML follows an edition that may not leave, so it stays here.
    """
    found = [(PurePosixPath(f.name), f.content) for f in read_archive(envelope)]
    count: int | None = None
    laid: list[tuple[str, bytes]] = []
    has_csv = any(path.name.upper() == FILE_NAME for path, _ in found)
    for path, content in found:
        if path.name.upper() == FILE_NAME:
            count = len(records_of(content))
            laid.append((f"{CSV_FOLDER}/{FILE_NAME}", content))
        elif path.suffix.lower() != ".xml":
            laid.append((f"{MORE_FOLDER}/{path.name}", content))
        elif (
            not has_csv and not values_only
        ):  # the covering form of a CSV is written in e-Gov's own page
            laid.append((f"{DATA_FOLDER}/{path}", content))
    return laid, count


def write_folder(folder: Path, name: str, files: Sequence[tuple[str, bytes]]) -> Path:
    """A new folder with the files, whole or not there. Raises Known."""
    target = folder / name
    made = False
    try:
        number = 2
        while target.exists():
            target = folder / f"{name}-{number}"
            number += 1
        target.mkdir(mode=0o700)
        made = True
        for place, content in files:
            path = target / place
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError:
        if made:
            shutil.rmtree(target, ignore_errors=True)
        raise Known(
            "hand-over-not-written",
            "ファイルを書けませんでした。空きと書き込みの許しを確かめて、別の場所を選んでください。",
        ) from None
    return target


def folder_name(row: FilingRow) -> str:
    """The name of the folder of a hand-over."""
    mark = "練習-" if row.practice else ""
    return safe_name(f"{mark}手渡し-{row.company_name}-{row.title}-{row.id[:6]}")[:80].rstrip(" .")


def safe_name(name: str) -> str:
    """A file's name without what a file system refuses."""
    plain = _UNSAFE.sub("＿", unicodedata.normalize("NFC", name)).strip(" .")
    return plain[-120:] or "書類"


def kind_of(name: str, content: bytes) -> str:
    """zip, pdf or xml, by the bytes themselves. Raises BadInput for anything else."""
    if len(content) > ARCHIVE_LIMIT:
        raise BadInput("document-large", "ファイルが大きすぎます。60MBまでです。")
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(b"%PDF-"):
        return "pdf"
    head = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if name.lower().endswith(".xml") and head.startswith(b"<"):
        return "xml"
    raise BadInput("document-kind", "入れられるのは、役所から取り出した ZIP、PDF、XML です。")
