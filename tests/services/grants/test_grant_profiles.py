"""Ten companies, written down with the verdicts a person gave over real records, and the rule that decides."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import fixed_clock
from app.facts.catalogue import Catalogue
from app.services.grants.matching import Matching
from app.services.grants.rules import EligibilityRules
from app.services.grants.verdict import Eligibility, Verdict
from tests.services.grants.grant_samples import NOW, company, sample_grants

PROFILES = sorted((Path(__file__).parent / "profiles").glob("*.toml"))


def test_there_are_ten_companies_with_a_dozen_verdicts_each() -> None:
    assert len(PROFILES) == 10
    for path in PROFILES:
        assert len(tomllib.loads(path.read_text("utf-8"))["verdicts"]) >= 12, path.stem


@pytest.fixture(scope="module", params=PROFILES, ids=lambda path: path.stem)
def profile(
    request: pytest.FixtureRequest, catalogue: Catalogue, rules: EligibilityRules
) -> tuple[dict[str, Any], Matching]:
    told = tomllib.loads(request.param.read_text("utf-8"))
    graph = company(catalogue, told["facts"].items())
    matching = Matching(rules, graph, catalogue, fixed_clock(NOW))
    matching.load(sample_grants())
    return told, matching


def test_the_verdicts_are_those_a_person_gave(profile: tuple[dict[str, Any], Matching]) -> None:
    told, matching = profile
    found = {}
    for name in told["verdicts"]:
        verdict = matching.verdict(name)
        found[name] = [verdict.outcome.value, verdict.reasons[0].rule_id]
    assert found == told["verdicts"]


def test_the_changes_and_gaps_are_those_a_person_would_name(
    profile: tuple[dict[str, Any], Matching],
) -> None:
    told, matching = profile
    for name, changes in told.get("changes", {}).items():
        assert list(matching.verdict(name).changes) == changes, name
    for name, gaps in told.get("gaps", {}).items():
        assert list(matching.verdict(name).gaps) == gaps, name
        assert all(found.label for _, found in matching.questions(name))


def test_every_verdict_is_whole(profile: tuple[dict[str, Any], Matching]) -> None:
    _, matching = profile
    for key in matching.order():
        verdict = matching.verdict(key)
        assert verdict.outcome is matching.outcome(key)
        assert verdict.reasons[0].decisive
        assert all(reason.sentence and "{" not in reason.sentence for reason in verdict.reasons)
        assert _agrees(verdict)


def _agrees(verdict: Verdict) -> bool:
    """Whether the decisive reasons say what the outcome says."""
    wanted = {Eligibility.YES: True, Eligibility.NO: False, Eligibility.OPEN: None}
    deciding = [reason.holds for reason in verdict.reasons if reason.decisive]
    return all(holds is wanted[verdict.outcome] for holds in deciding)
