"""The few settings the first painted window needs, read with the standard library alone."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

THEMES = ("system", "light", "dark")
LANGUAGES = ("ja", "en")
TEXT_SIZES = (90, 100, 115, 130)


@dataclass(frozen=True)
class FirstLook:
    """The defaults stand where a file says nothing usable. `text_size` is in percent.

    `data_folder` is where the vaults are kept, absolute; "" for the usual place.
    """

    theme: str = "system"
    language: str = "ja"
    text_size: int = 100
    hide_companies: bool = False
    data_folder: str = ""


def first_look(settings_file: Path, policy_file: Path | None = None) -> FirstLook:
    """What the first window looks like. Never raises: `load_settings` tells of bad files later."""
    values = _read(settings_file) | (_read(policy_file) if policy_file else {})
    plain = FirstLook()
    theme, language = values.get("theme"), values.get("language")
    size, folder = values.get("text_size"), values.get("data_folder")
    return FirstLook(
        theme=theme if theme in THEMES else plain.theme,
        language=language if language in LANGUAGES else plain.language,
        text_size=size if isinstance(size, int) and size in TEXT_SIZES else plain.text_size,
        hide_companies=values.get("hide_companies") is True,
        data_folder=folder if isinstance(folder, str) and Path(folder).is_absolute() else "",
    )


def parse_file(path: Path, text: str) -> Any:
    """The content of a .toml or .json file. Raises ValueError with line information."""
    return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = parse_file(path, path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


Theme = Literal["system", "light", "dark"]
Language = Literal["ja", "en"]
