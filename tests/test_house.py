"""What every file of the house keeps to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

LEFT_OPEN = {"app/views/widgets/form_editor.py"}
"""Abstract by `raise NotImplementedError`: a Qt widget cannot be an ABC."""


def files(root: Path, *suffixes: str) -> list[Path]:
    """The files that belong to the repository, by suffix."""
    tops = ("app", "tests", "resources", "packaging", "docs", ".ci")
    found = [p for top in tops for p in sorted((root / top).rglob("*")) if p.suffix in suffixes]
    return [*found, *(p for p in sorted(root.iterdir()) if p.is_file() and p.suffix in suffixes)]


def test_files_stay_readable_in_one_sitting(root: Path) -> None:
    lengths = {
        p.relative_to(root).as_posix(): len(p.read_text("utf-8").splitlines())
        for p in files(root, ".py")
    }
    assert not {name for name, length in lengths.items() if length > 400}


def test_names_say_what_a_thing_is_and_nothing_is_left_open(root: Path) -> None:
    vague = re.compile(r"^ *class \w*(Manager|Controller|Helper|Utils|Common)\b", re.M)
    opened = re.compile(r"raise NotImplementedError|\bTODO\b|\bFIXME\b")
    for path in sorted((root / "app").rglob("*.py")):
        name, text = path.relative_to(root).as_posix(), path.read_text("utf-8")
        assert not vague.search(text), name
        assert name in LEFT_OPEN or not opened.search(text), name


def test_no_character_hides(root: Path) -> None:
    """Bidirectional marks and zero-width letters can make code read otherwise than it runs."""
    kinds = (".py", ".toml", ".md", ".json", ".xml", ".xsl", ".sql", ".ts", ".yml", ".sh", ".txt")
    for path in files(root, *kinds):
        hidden = {c for c in path.read_text("utf-8-sig") if unicodedata.category(c) in ("Cf", "Co")}
        assert not hidden, (path.relative_to(root), [hex(ord(c)) for c in hidden])


def test_one_version_everywhere(root: Path) -> None:
    from app.domain.version import VERSION

    told = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest = re.search(r"^## (\d\S*)", (root / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest is not None
    assert VERSION == told == newest[1]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_hold_hashes_and_no_address(root: Path, name: str) -> None:
    text = (root / name).read_text("utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"://|--(extra-)?index-url|--find-links|\s@\s", text)
