"""What the tests of the forms share: the catalogue, the real folder, a filled company, drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from filled_company import TODAY, WHO, Ticking, company_records

from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Record, Value
from app.forms.draft import Answer, Draft
from app.forms.procedure import Procedure, load_procedure


@pytest.fixture(scope="session")
def catalogue(resources: Path) -> Catalogue:
    return load_catalogue(resources)


@pytest.fixture(scope="session")
def folder(resources: Path) -> Path:
    return resources / "procedures" / "mhlw" / "koyou_hoken_shikaku_shutoku"


@pytest.fixture(scope="session")
def procedure(folder: Path, catalogue: Catalogue) -> Procedure:
    return load_procedure(folder, catalogue)


@pytest.fixture
def make_draft(procedure: Procedure, catalogue: Catalogue) -> Callable[..., Draft]:
    """A draft over the filled company, or over `given` records, with stored `answers`."""

    def make(
        given: list[Record] | None = None,
        answers: Mapping[str, Answer] | None = None,
        form: Procedure | None = None,
        today: date = TODAY,
        **changed: Value | None,
    ) -> Draft:
        held = company_records(**changed) if given is None else given
        graph = Graph(catalogue, held, today)
        return Draft(form or procedure, graph, "k3x9", answers or {}, today, Ticking(), WHO)

    return make


@pytest.fixture
def ready(make_draft: Callable[..., Draft]) -> Draft:
    """A draft that can be sent."""
    draft = make_draft()
    draft.leave_blank("hihokensha_bangou")
    assert draft.is_complete
    return draft
