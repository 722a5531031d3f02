"""TOML files read with the lines of their tables at hand, which tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from app.facts.definition import CatalogueFault

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class TomlText:
    """One TOML file: its tables, and the line on which a key stands (searched only when asked)."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            found = _AT_LINE.search(str(fault))
            line = int(found[1]) if found else text.count("\n") + 1
            raise CatalogueFault(name, line, "TOML として読めません") from None

    def line(self, entry: str, key: str = "") -> int:
        """The line (from 1) of an entry's table or one-line form, or of a key inside it."""
        quoted = f'"{entry}"'
        lines = self.text.splitlines()
        for number, line in enumerate(lines, 1):
            bare = line.strip()
            if bare.startswith(quoted) and bare[len(quoted) :].lstrip().startswith("="):
                return number
            if bare.startswith("[") and bare.rstrip("]").endswith("." + quoted):
                return _key_line(lines, number, key)
            if bare.startswith("path") and bare.endswith(quoted):
                return number
        return 1

    def fault(self, entry: str, key: str, reason: str) -> CatalogueFault:
        """A fault at an entry's key."""
        return CatalogueFault(self.name, self.line(entry, key), f"{entry}: {reason}")


def _key_line(lines: list[str], header: int, key: str) -> int:
    for number, line in enumerate(lines[header:], header + 1):
        bare = line.strip()
        if bare.startswith("["):
            break
        if key and bare.startswith(key) and bare[len(key) :].lstrip().startswith("="):
            return number
    return header


def read_folder(folder: Path) -> dict[str, str]:
    """The texts of a folder's TOML files whose names are plain words, by file name.

    Other names ("gif-451-1.toml") are mappings onto the catalogue, not parts of it.
    Raises CatalogueFault for a file that is not UTF-8 text.
    """
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem.isidentifier():
            try:
                texts[path.name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                raise CatalogueFault(path.name, 1, "UTF-8 の文字として読めません") from None
    return texts
