"""Reading the files of a procedure's folder: by name, inside the folder, UTF-8, of bounded size."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from app.forms.pack_fault import PackFault

TEXT_LIMIT = 1_000_000
BINARY_LIMIT = 8_000_000
FILE_COUNT_LIMIT = 500

_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.\-]*/)?[A-Za-z0-9_][A-Za-z0-9_.\-]*")


def safe_path(folder: Path, name: str, *, named_in: str = "", line: int = 0) -> Path:
    """The path of `name` inside `folder`; at most one folder deep, ASCII, no link.

    Raises:
        PackFault: the name leads out of the folder, or the file is missing, a link or no file.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise PackFault(
            "pack-path",
            named_in or name,
            line,
            f"ファイル名「{name[:60]}」は使えません。フォルダーの中の英数字の名前にしてください。",
        )
    path = folder / name
    if path.is_symlink() or any(p.is_symlink() for p in path.parents if folder in p.parents):
        raise PackFault(
            "pack-link", name, 0, "リンクは置けません。ファイルそのものを置いてください。"
        )
    if not path.is_file():
        raise PackFault(
            "pack-file-missing",
            named_in or name,
            line,
            f"{name} がありません。このファイルを置いてください。",
        )
    return path


def read_bytes(folder: Path, name: str, *, named_in: str = "", limit: int = BINARY_LIMIT) -> bytes:
    """The bytes of a file of the folder. Raises PackFault as `safe_path`, or when it is too large."""
    path = safe_path(folder, name, named_in=named_in)
    size = path.stat().st_size
    if size > limit:
        raise PackFault(
            "pack-too-large",
            name,
            0,
            f"ファイルが大きすぎます。{limit:,}バイトまでです（いま {size:,}）。",
        )
    return path.read_bytes()


def read_text(folder: Path, name: str, *, named_in: str = "") -> str:
    """The UTF-8 text of a file of the folder, line ends as \\n.

    Raises:
        PackFault: as `read_bytes`, or the bytes are not UTF-8; the line of the first bad byte is named.
    """
    raw = read_bytes(folder, name, named_in=named_in, limit=TEXT_LIMIT)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise PackFault(
            "pack-not-utf8", name, line, "UTF-8 として読めません。UTF-8 で保存してください。"
        ) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def read_toml(folder: Path, name: str, *, named_in: str = "") -> tuple[dict[str, Any], str]:
    """The TOML table of a file of the folder and its text.

    Raises:
        PackFault: as `read_text`, or the text is not TOML; the line is named.
    """
    text = read_text(folder, name, named_in=named_in)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as fault:
        match = re.search(r"at line (\d+)", str(fault))
        line = int(match[1]) if match else text.count("\n") + 1
        reason = str(fault).split(" (at ")[0]
        raise PackFault(
            "pack-toml",
            name,
            line,
            f"TOML として読めません。書き方を確かめてください（{reason}）。",
        ) from None
    except RecursionError:
        raise PackFault("pack-toml", name, 1, "入れ子が深すぎます。浅くしてください。") from None
