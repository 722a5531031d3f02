"""Where a key of a TOML text stands, so that a fault in a folder can name its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

Location = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*)\s*=\s*(.*)$")


def line_map(text: str) -> dict[Location, int]:
    """Line numbers (from 1) of every table header and key of `text`.

    Arrays of tables carry their index, e.g. ("sections", 0, "fields", 2, "kind"). The text is one
    that tomllib took; multi-line values are skipped by their quotes and brackets.
    """
    lines: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    here: Location = ()
    closing = ""
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            if closing in line:
                closing = ""
            continue
        if depth > 0:
            depth += _depth(line)
            continue
        if match := _HEADER.match(line):
            here = _enter(match[2], match[1] == "[[", counts)
            lines.setdefault(here, number)
        elif match := _KEY.match(line):
            key = here + tuple(part.strip("\"'") for part in _split(match[1]))
            lines.setdefault(key, number)
            value = match[2]
            for quotes in ('"""', "'''"):
                if value.count(quotes) == 1:
                    closing = quotes
            depth = 0 if closing else _depth(value)
    return lines


def line_of(lines: dict[Location, int], location: Sequence[str | int]) -> int:
    """The line of `location`, or of the nearest table round it; 0 when nothing of it is written."""
    place = tuple(location)
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return 0


def _split(key: str) -> list[str]:
    return [key] if key[:1] in "\"'" else key.split(".")


def _enter(name: str, is_array: bool, counts: dict[Location, int]) -> Location:
    here: Location = ()
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for position, part in enumerate(parts):
        here = (*here, part)
        if is_array and position == len(parts) - 1:
            counts[here] = counts.get(here, -1) + 1
        if here in counts:
            here = (*here, counts[here])
    return here


def _depth(line: str) -> int:
    """Brackets opened minus closed outside quotes and comments."""
    depth = 0
    quote = ""
    escaped = False
    for c in line:
        if quote:
            if escaped:
                escaped = False
            elif c == "\\" and quote == '"':
                escaped = True
            elif c == quote:
                quote = ""
        elif c in "\"'":
            quote = c
        elif c == "#":
            break
        elif c in "[{":
            depth += 1
        elif c in "]}":
            depth -= 1
    return depth
