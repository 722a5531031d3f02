"""Real list records with credit (records.json), some with an industry and a purpose put in for practice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.domain.clock import JST
from app.domain.grant import Grant
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.services.connectors.jgrants.parse import to_grant

NOW = datetime(2026, 1, 26, 9, 0, tzinfo=JST)
"""A Monday on which 埼玉県's grant has just ended and the fishery one begins in four hours."""


def sample_grants() -> list[Grant]:
    """Every record under its short name as key; "name+" is the one with industry and purpose."""
    told = json.loads((Path(__file__).parent / "records.json").read_text("utf-8"))
    names = {ident: name for name, ident in told["names"].items()}
    grants: list[Grant] = []
    for row in told["records"]:
        name = names[row["id"]]
        grants.append(_grant(row, name))
        if name in told["composed"]:
            grants.append(_grant({**row, **told["composed"][name]}, f"{name}+"))
    return grants


def _grant(row: Mapping[str, Any], key: str) -> Grant:
    grant = to_grant(row, practice=False)
    assert grant is not None
    return replace(grant, key=key)


def company(catalogue: Catalogue, facts: Iterable[tuple[str, Any]]) -> Graph:
    """The graph of a company with typed facts; ratios may be written "n/d"."""
    return Graph(catalogue, [typed(catalogue, *fact) for fact in facts], NOW.date())


def typed(catalogue: Catalogue, path: str, value: Any) -> Record:
    """A fact as somebody types it."""
    ratio = catalogue.definition(path).kind == "ratio"
    told: Value = Fraction(value) if ratio else value
    return Record(path, told, Origin.TYPED, NOW)
