"""The real catalogue and rules, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.facts.catalogue import Catalogue, load_catalogue
from app.services.grants.rules import EligibilityRules, load_rules


@pytest.fixture(scope="session")
def catalogue(root: Path) -> Catalogue:
    """The program's catalogue."""
    return load_catalogue(root / "resources")


@pytest.fixture(scope="session")
def rules(root: Path, catalogue: Catalogue) -> EligibilityRules:
    """The program's rules."""
    return load_rules(root / "resources", catalogue)
