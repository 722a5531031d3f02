"""What the tests of grant filings share: a vault of its own, and drafts over a made-up company."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Record
from app.forms.draft import Draft
from app.forms.draft_parts import Answer, Earlier
from app.forms.procedure import Procedure
from app.store.key_file import create_key_file
from app.store.vault import Vault
from tests.services.open_desk import CHEAP, ROOT

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)
RESOURCES = ROOT / "resources"
CATALOGUE: Catalogue = load_catalogue(RESOURCES)


class Ticks:
    """A clock that goes on ten seconds at each look, so that histories have steps."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=10)
        return self.now


def open_vault(folder: Path, clock: Ticks) -> Vault:
    """A new practice vault."""
    path = folder / "a.vault"
    key, _ = create_key_file(path, "a passphrase", practice=True, cost=CHEAP)
    return Vault.create(path, key, practice=True, migrations=RESOURCES / "migrations", clock=clock)


def draft_of(
    procedure: Procedure,
    clock: Ticks,
    records: list[Record] | None = None,
    answers: dict[str, Answer] | None = None,
    earlier: dict[str, Earlier] | None = None,
    draft_id: str = "",
) -> Draft:
    """A draft of a procedure over these records."""
    graph = Graph(CATALOGUE, records or [], NOW.date())
    return Draft(
        procedure, graph, "", answers or {}, NOW.date(), clock, "山本",
        draft_id=draft_id, earlier=earlier,
    )  # fmt: skip
