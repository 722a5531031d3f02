"""Reading and writing the settings file, and the administrator's policy file above it.

A file that cannot be read is never overwritten silently: the defaults are used, the fault is told
with file and line, and saving keeps the old file under another name. Settings this edition does not
know are kept and named.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from app.domain.errors import BadInput, Known
from app.services.settings.first_look import parse_file
from app.services.settings.model import Settings


@dataclass(frozen=True)
class Loaded:
    """Settings as they count now.

    `problems` are faults to show in place; `locked` the dotted names the administrator fixed;
    `unknown` the names in the file this edition does not know; `kept` the file's raw content.
    """

    settings: Settings
    problems: tuple[Known, ...] = ()
    locked: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    unread: bool = False


def load_settings(path: Path, policy: Path | None = None) -> Loaded:
    """The settings of `path` (JSON or TOML), with the values `policy` fixes laid over them.

    A missing file means the defaults. Never raises for a bad file; see `Loaded.problems`. A policy
    that cannot be read fixes nothing and says so.
    """
    problems: list[Known] = []
    raw, fault = _read(path, "settings-unread", "既定の設定で開きました。")
    problems += [fault] if fault else []
    fixed, policy_fault = (
        _read(policy, "policy-unread", "管理者に伝えてください。") if policy else ({}, None)
    )
    problems += [policy_fault] if policy_fault else []
    values, bad = _usable(raw, path)
    problems += bad
    policy_values, policy_bad = _usable(fixed, policy) if policy else ({}, [])
    problems += policy_bad
    return Loaded(
        settings=Settings.model_validate(_merged(values, policy_values)),
        problems=tuple(problems),
        locked=frozenset(_names(policy_values)),
        unknown=tuple(sorted(_unknown(raw, Settings))),
        kept=raw,
        unread=fault is not None,
    )


def save_settings(path: Path, settings: Settings, loaded: Loaded) -> Loaded:
    """Write `settings` to `path` (JSON, whole or not at all) and load them again.

    Fixed values are not written; unknown ones of the old file are kept. An old file that could not
    be read is kept beside, named `….unread`, `….unread-2` and so on.

    Raises:
        Known: the folder cannot be written to, or the file is TOML, which a person writes by hand;
            the old file is untouched.
    """
    if path.suffix == ".toml":
        raise Known(
            "settings-by-hand",
            f"設定ファイル {path.name} は手で書くファイルです。中を直すと、次に開いたときに変わります。",
        )
    now = settings.model_dump(mode="json")
    for name in loaded.locked:
        _remove(now, name)
    for name in loaded.locked & set(_names(loaded.kept)):
        _put(now, name, _get(loaded.kept, name))
    content = _merged(dict(loaded.kept), now)
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if loaded.unread and path.exists():
            shutil.copy2(path, free_name(path))
        _write_whole(path, text)
    except OSError:
        raise Known(
            "settings-unwritten",
            f"設定を {path.name} に書けませんでした。前の設定はそのままです。置き場所と空きを確かめてください。",
        ) from None
    fresh = load_settings(path)
    merged = _merged(fresh.settings.model_dump(), _only(settings.model_dump(), loaded.locked))
    return Loaded(
        settings=Settings.model_validate(merged),
        problems=fresh.problems,
        locked=loaded.locked,
        unknown=fresh.unknown,
        kept=fresh.kept,
    )


def check_data_folder(folder: str) -> None:
    """Raises BadInput for a place where no vault could be kept today; "" is the usual place."""
    if not folder:
        return
    place = Path(folder)
    if not place.is_dir():
        raise BadInput(
            "folder-missing", "そのフォルダーがありません。先に作ってから選んでください。"
        )
    try:
        handle, name = tempfile.mkstemp(prefix=".ichido-", dir=place)
        os.close(handle)
        Path(name).unlink()
    except OSError:
        raise BadInput(
            "folder-unwritable", "そのフォルダーには書けません。別のところを選んでください。"
        ) from None


def free_name(path: Path) -> Path:
    """A name beside `path` that is not taken: `settings.json.unread`, then `.unread-2` and so on."""
    first = path.with_name(f"{path.name}.unread")
    number = 2
    found = first
    while found.exists():
        found = path.with_name(f"{first.name}-{number}")
        number += 1
    return found


def _read(path: Path, code: str, then: str) -> tuple[dict[str, Any], Known | None]:
    try:
        values = parse_file(path, path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}, None
    except json.JSONDecodeError as fault:
        return {}, _fault(code, path, fault.lineno, then)
    except tomllib.TOMLDecodeError as fault:
        shown = re.search(r"line (\d+)", str(fault))
        return {}, _fault(code, path, int(shown[1]) if shown else None, then)
    except (OSError, ValueError, RecursionError):
        return {}, _fault(code, path, None, then)
    if not isinstance(values, dict):
        return {}, _fault(code, path, 1, then)
    return values, None


def _fault(code: str, path: Path, line: int | None, then: str) -> Known:
    where = f"{path.name} の {line}行目" if line else path.name
    return Known(code, f"設定ファイル {where}を読めません。{then}ファイルはそのまま残っています。")


def _usable(raw: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], list[Known]]:
    """The known values that are allowed, and one fault for each that is not."""
    values = _known(raw, Settings)
    faults: list[Known] = []
    for _ in range(len(list(_names(values))) + 1):
        try:
            Settings.model_validate(values)
        except ValidationError as fault:
            for name in {".".join(str(p) for p in e["loc"]) for e in fault.errors()}:
                faults.append(_value_fault(name, path))
                _remove(values, name)
            continue
        break
    return values, faults


def _value_fault(name: str, path: Path) -> Known:
    key = name.rsplit(".", 1)[-1]
    line = ""
    try:
        for number, text in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
            if re.search(rf'(^|[^\w]){re.escape(key)}("|\s*=|\s*:)', text):
                line = f"の {number}行目"
                break
    except (OSError, ValueError):
        line = ""
    return Known(
        "settings-value",
        f"設定ファイル {path.name} {line}の「{name}」は使えない値です。既定の値にしました。",
    )


def _known(raw: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, info in model.model_fields.items():
        if key not in raw:
            continue
        inner = info.annotation
        if (
            isinstance(inner, type)
            and issubclass(inner, BaseModel)
            and isinstance(raw[key], Mapping)
        ):
            found[key] = _known(raw[key], inner)
        else:
            found[key] = raw[key]
    return found


def _unknown(raw: Mapping[str, Any], model: type[BaseModel], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in raw.items():
        info = model.model_fields.get(key)
        if info is None:
            found.append(prefix + key)
            continue
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and isinstance(value, Mapping):
            found += _unknown(value, inner, f"{prefix}{key}.")
    return found


def _names(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            found += _names(value, f"{prefix}{key}.")
        else:
            found.append(prefix + key)
    return found


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        held = result.get(key)
        if isinstance(value, Mapping) and isinstance(held, Mapping):
            result[key] = _merged(held, value)
        else:
            result[key] = value
    return result


def _only(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name in names:
        _put(result, name, _get(values, name))
    return result


def _get(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found[part]
    return found


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    *folders, last = name.split(".")
    for part in folders:
        values = values.setdefault(part, {})
    values[last] = value


def _remove(values: dict[str, Any], name: str) -> None:
    *folders, last = name.split(".")
    for part in folders:
        inner = values.get(part)
        if not isinstance(inner, dict):
            values.pop(part, None)
            return
        values = inner
    values.pop(last, None)


def _write_whole(path: Path, text: str) -> None:
    """Write beside, flush to disk, then put in place: the file is the old or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
