"""The subsidy arithmetic of 様式3 is data; it gives the figures of the official workbook."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.clock import JST, fixed_clock
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.forms.draft import Draft
from app.forms.procedure import Procedure, load_procedure

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)


@pytest.fixture(scope="module")
def jizokuka(resources: Path, catalogue: Catalogue) -> Procedure:
    return load_procedure(resources / "procedures" / "chusho" / "jizokuka", catalogue)


def budget(
    procedure: Procedure, catalogue: Catalogue, *, a: int, c: int, deficit: bool, cap: int
) -> Draft:
    """A draft with one plain row of `a` yen, one web row of `c`, and the 特例 that give the cap."""
    graph = Graph(catalogue, [], NOW.date())
    draft = Draft(procedure, graph, "", {}, NOW.date(), fixed_clock(NOW), "山本")
    wage = cap in (2_000_000, 2_500_000)
    draft.answer("chinage", "希望する" if wage else "希望しない")
    if wage:
        draft.answer("akaji", "該当する" if deficit else "該当しない")
    draft.answer("invoice", "希望する" if cap in (1_000_000, 2_500_000) else "希望しない")
    for kind, amount in (("1", a), ("3", c)):
        _, key = draft.add_row("keihi")
        draft.write_cell("keihi", key, "kubun", kind)
        draft.write_cell("keihi", key, "kingaku", str(amount))
    return draft


def vectors(shared: Path) -> list[dict[str, str]]:
    path = shared / "samples" / "forms" / "jizokuka_arithmetic_vectors.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_every_vector_comes_out(shared: Path, jizokuka: Procedure, catalogue: Catalogue) -> None:
    seen = 0
    for row in vectors(shared):
        a, c, cap = (int(row[k]) for k in ("a_nonweb", "c_web", "cap"))
        draft = budget(jizokuka, catalogue, a=a, c=c, deficit=row["rate"] == "3/4", cap=cap)
        got = {i: draft.cell(i).value for i in ("jougen", "b_saishou", "b_saidai", "f", "hasuu")}
        assert got["jougen"] == cap, row
        assert got["b_saishou"] == int(row["b_min"]), row
        assert got["b_saidai"] == int(row["b_max"]), row
        assert got["f"] == int(row["f_total"]), row
        assert got["hasuu"] == int(row["plus1"]), row
        for b, wanted in ((got["b_saishou"], "d_max"), (got["b_saidai"], "d_min")):
            draft.answer("b", str(b))
            assert draft.cell("d").value == int(row[wanted]), row
        refused = any(p.code == "check:web_nomi" for p in draft.problems())
        assert refused == ("refuse" in row["case"]), row
        seen += 1
    assert seen == 12


def test_the_web_share_is_never_above_a_quarter(jizokuka: Procedure, catalogue: Catalogue) -> None:
    for a in (1, 7, 100_000, 333_333, 749_999, 900_000, 2_876_380):
        for c in (1, 50_000, 333_334, 1_000_001):
            for cap in (500_000, 1_000_000, 2_000_000):
                draft = budget(jizokuka, catalogue, a=a, c=c, deficit=False, cap=cap)
                d, f = draft.cell("d").value, draft.cell("f").value
                assert isinstance(d, int)
                assert isinstance(f, int)
                assert 4 * d <= f <= cap
                assert draft.cell("yonbun").value is True


def test_a_share_out_of_its_range_is_refused(jizokuka: Procedure, catalogue: Catalogue) -> None:
    draft = budget(jizokuka, catalogue, a=900_000, c=300_000, deficit=False, cap=500_000)
    draft.answer("b", "374999")
    assert any(p.code == "check:b_hani" for p in draft.problems())
    draft.answer("b", "375000")
    assert not any(p.code == "check:b_hani" for p in draft.problems())
    assert (draft.cell("d").value, draft.cell("f").value) == (125_000, 500_000)
