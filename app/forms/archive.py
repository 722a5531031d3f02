"""The one reader of ZIP files that come from outside: bounded, and nothing is written to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field

from app.domain.errors import BadInput

ARCHIVE_LIMIT = 60_000_000
COUNT_LIMIT = 500
FILE_LIMIT = 30_000_000
TOTAL_LIMIT = 100_000_000
RATIO_LIMIT = 200
_RATIO_FLOOR = 1_000_000
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_RESERVED = re.compile(r"(?i)^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$")


class HostileArchive(BadInput):
    """A ZIP that is refused as a whole."""


@dataclass(frozen=True)
class ArchiveFile:
    """One file of an archive: its path with `/`, its bytes."""

    name: str
    content: bytes = field(repr=False)


def read_archive(content: bytes) -> tuple[ArchiveFile, ...]:
    """Every file of a ZIP, in its order; folders are left out.

    Names without the UTF-8 flag are read as CP932, as Japanese offices write them.

    Raises:
        HostileArchive: it cannot be read, is encrypted, holds a link, an absolute or upward path,
            a name twice, too many files, too much, or expands suspiciously.
    """
    if len(content) > ARCHIVE_LIMIT:
        raise HostileArchive("zip-too-large", "ZIP が大きすぎます。開きません。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = _checked_names(infos)
            files: list[ArchiveFile] = []
            total = 0
            for info, name in zip(infos, names, strict=True):
                if info.is_dir():
                    continue
                taken = _take(archive, info, TOTAL_LIMIT - total)
                total += len(taken)
                files.append(ArchiveFile(name, taken))
            return tuple(files)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, struct.error,
            ValueError, OverflowError, RuntimeError):  # fmt: skip
        raise HostileArchive(
            "zip-unread", "ZIP として読めません。もう一度取ってください。"
        ) from None


def _checked_names(infos: list[zipfile.ZipInfo]) -> list[str]:
    if len(infos) > COUNT_LIMIT:
        raise HostileArchive(
            "zip-too-many", f"ZIP の中のファイルが多すぎます。{COUNT_LIMIT}個までです。"
        )
    names: list[str] = []
    seen: set[str] = set()
    seen_order: list[str] = []
    for info in infos:
        name = _name(info)
        _refuse_path(name)
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if info.create_system == 3 and kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise HostileArchive("zip-link", "ZIP の中にリンクがあります。開きません。")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise HostileArchive("zip-encrypted", "ZIP に鍵がかかっています。開けません。")
        if info.compress_type not in _METHODS:
            raise HostileArchive("zip-method", "ZIP の縮め方がふつうと違います。開けません。")
        key = unicodedata.normalize("NFC", name).rstrip("/").casefold()
        if key in seen:
            raise HostileArchive(
                "zip-twice", "ZIP の中に同じ名前のファイルが二つあります。開きません。"
            )
        seen.add(key)
        seen_order.append(key)
        names.append(name)
    files = {k for k, i in zip(seen_order, infos, strict=True) if not i.is_dir()}
    if any("/".join(k.split("/")[:d]) in files for k in seen for d in range(1, k.count("/") + 1)):
        raise HostileArchive(
            "zip-path", "ZIP の中で、同じ名前がファイルでもフォルダーでもあります。開きません。"
        )
    return names


def _name(info: zipfile.ZipInfo) -> str:
    """The stored name: UTF-8 where flagged, else CP932 (zipfile shows it as CP437)."""
    raw = info.orig_filename
    if info.flag_bits & _UTF8_FLAG:
        name = raw
    else:
        try:
            name = raw.encode("cp437").decode("cp932")
        except (UnicodeEncodeError, UnicodeDecodeError):
            raise HostileArchive(
                "zip-name", "ZIP の中のファイル名を読めません。開きません。"
            ) from None
    return name


def _refuse_path(name: str) -> None:
    parts = name.rstrip("/").split("/")
    bad = (
        not name
        or len(name) > 240
        or "\\" in name
        or ":" in name
        or name.startswith("/")
        or any(part in ("", ".", "..") or part != part.strip(" .") for part in parts)
        or any(_RESERVED.match(part) for part in parts)
        or any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name)
    )
    if bad:
        raise HostileArchive("zip-path", "ZIP の中に、外へ出るファイル名があります。開きません。")


def _take(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of one file, read with a hard stop: the size a header claims is not believed."""
    limit = min(FILE_LIMIT, left)
    with archive.open(info) as stream:
        taken = stream.read(limit + 1)
    if len(taken) > limit:
        raise HostileArchive("zip-too-large", "ZIP の中身が大きすぎます。開きません。")
    packed = max(info.compress_size, 1)
    if len(taken) > _RATIO_FLOOR and len(taken) / packed > RATIO_LIMIT:
        raise HostileArchive("zip-bomb", "ZIP の中身がふくらみすぎます。開きません。")
    return taken
