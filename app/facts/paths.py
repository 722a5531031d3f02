"""Fact paths: how they are written, how a concrete one finds its definition, how a scope fills one.

    pattern    employees[].pay[month]      as the catalogue writes it
    concrete   employees[k3x9].pay[2026-06]  as records write it
    normal     employees[].pay[]           brackets emptied: the key both share

A bracket after a collection holds a member's key, one after a series holds a period: a month
("2026-06"), or, for a series by fiscal year, the month in which that year ends ("2026-03").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_BRACKET: Final = re.compile(r"\[[^\[\]]*\]")
_PATTERN: Final = re.compile(
    r"[a-z][a-z0-9_]*(?:\[\])?(?:\.[a-z][a-z0-9_]*(?:\[\])?)*(?:\[(?:month|fy)\])?"
)
_CONCRETE: Final = re.compile(
    r"[a-z][a-z0-9_]*(?:\[[A-Za-z0-9_-]+\])?(?:\.[a-z][a-z0-9_]*(?:\[[A-Za-z0-9_-]+\])?)*"
)
_PERIOD: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@lru_cache(maxsize=65536)
def normal(path: str) -> str:
    """The path with every bracket emptied: "employees[k3x9].pay[2026-06]" → "employees[].pay[]"."""
    return _BRACKET.sub("[]", path)


def is_pattern(text: str) -> bool:
    """Whether `text` is a well-formed pattern of the catalogue."""
    return _PATTERN.fullmatch(text) is not None


def is_concrete(text: str) -> bool:
    """Whether `text` is a well-formed concrete path (every bracket filled)."""
    return _CONCRETE.fullmatch(text) is not None


def is_period(text: str) -> bool:
    """Whether `text` is a period as paths write it: a year and a month, "2026-06"."""
    return _PERIOD.fullmatch(text) is not None


def fill(pattern: str, scope: str) -> str:
    """The pattern with the brackets of `scope` put in, as far as the two run together.

    fill("employees[].kana", "employees[k3x9]") → "employees[k3x9].kana". A pattern outside the
    scope comes back unchanged.
    """
    if not scope:
        return pattern
    if pattern.startswith(normal(scope)):
        return scope + pattern[len(normal(scope)) :]
    outer = parent_member(scope)
    return fill(pattern, outer) if outer else pattern


def parent_member(member: str) -> str:
    """The member that holds this one: "officers[a].licences[b]" → "officers[a]"; "" at the top."""
    cut = member.rfind("[", 0, member.rfind("["))
    return member[: member.index("]", cut) + 1] if cut >= 0 else ""


def member_steps(path: str) -> list[tuple[str, str]]:
    """Every (collection, key) a concrete path passes through, outermost first.

    A closing bracket (a period) counts as well: the caller knows which names are collections.
    """
    return [(path[: m.start()], m.group()[1:-1]) for m in _BRACKET.finditer(path)]


def member_of(path: str) -> str:
    """The innermost member a path lies in: "employees[k].pay[2026-06]" → "employees[k]", or ""."""
    inner = path[: path.rfind("[")] if path.endswith("]") else path
    return inner[: inner.rfind("]") + 1]


def period_of(path: str) -> str:
    """The text in the closing bracket of a concrete path, or ""."""
    return path[path.rfind("[") + 1 : -1] if path.endswith("]") else ""
