"""Many members at once: equal to the slow twin and to one by one, and linear in the people."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from drawn_expressions import trees, worlds
from hypothesis import HealthCheck, given, settings
from slow_twin import FIRM, MISSING, Tree, World, text_of, worth
from test_facts_twin import FACTS, graph_of, seen

from app.domain.clock import JST
from app.facts import record as records
from app.facts.catalogue import Catalogue, catalogue_of, load_catalogue
from app.facts.columns import ColumnCell
from app.facts.gather import Gather
from app.facts.graph import Graph
from app.facts.record import Origin, Record

DAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=JST)
MONTHS = ("2025-04", "2025-05", "2025-06", "2025-07")
FACTS_OF_A_MONTH = (
    "workers", "insured", "wages", "bonuses", "insured_wages", "insured_bonuses",
)  # fmt: skip


def told(path: str, value: Any, origin: Origin = Origin.TYPED, **more: Any) -> Record:
    return Record(path, value, origin, NOW, salt="0" * 32, **more)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    inner=trees("n", 2, member=True),
    outer=trees("n", 1, member=True),
    condition=trees("b", 2, member=True),
    world=worlds(),
)
def test_derived_facts_of_members_equal_the_twin(
    inner: Tree, outer: Tree, condition: Tree, world: World
) -> None:
    """A fact `d` of each member with a drawn derivation, gathered on a drawn condition."""
    lines = (
        FACTS
        + f"""
[fact."staff[].d"]
label = "d"
kind = "integer"
value = '{text_of(inner).replace("e.", "staff[].")}'
"""
    )
    graph = graph_of(world, catalogue_of({"twin.toml": lines}))
    for name, facts in world.members.items():
        value, weak = worth(inner, world, name)
        facts["d"] = (MISSING, FIRM) if value == MISSING else (value, weak)
    for element in (("member", "d"), ("+", outer, ("member", "d"))):
        tree = ("sum", element, condition)
        value, weakness = worth(tree, world)
        expected = (MISSING, FIRM) if value == MISSING else (value, weakness)
        assert seen(graph.evaluate(text_of(tree))) == expected


def staff(count: int) -> list[Record]:
    """People who came, left, are no workers, of whom pay is corrected, dated or not known."""
    made = [told("company.payroll.months_later", 1)]
    for n in range(count):
        me = f"employees[e{n}]."
        made.append(told(me + "hired_on", date(2025, 5, 10) if n % 7 == 3 else date(2020, 4, 1)))
        if n % 5 != 1:
            acquired = told(me + "employment_insurance.acquired_on", date(2020, 4, 1), Origin.BOOKS)
            made.append(acquired)
        else:
            made += [told(me + "weekly_hours", 19 + n % 3), told(me + "weekly_minutes", 0)]
        if n % 11 == 4:
            made.append(told(me + "left_on", date(2025, 6, 20)))
        if n % 13 == 5:
            made.append(told(me + "labour_covered", n % 2 == 0))
        if n % 17 == 6:
            made.append(told(me + "employment_insurance.lost_on", records.BLANK))
        for month in ("2025-05", "2025-06", "2025-07", "2025-08"):
            origin = Origin.ASSUMED if n % 19 == 7 and month == "2025-06" else Origin.BOOKS
            made.append(told(f"{me}pay[{month}]", 200_000 + n, origin))
        if n % 4 == 2:
            made.append(told(me + "bonus[2025-07]", 300_000 + n))
        if n % 23 == 8:
            made.append(told(me + "pay[2025-07]", 7, valid_from=date(2026, 1, 1)))
            made.append(told(me + "closed_wages[2025-05]", 123))
        if n % 29 == 9:
            made.append(told(me + "pay_in_kind[2025-06]", 1_000))
        if n % 31 == 10:
            made.append(told(me + "removed", True))
    return made


@pytest.fixture(scope="module")
def resources() -> Path:
    return Path(__file__).resolve().parents[2] / "resources"


@pytest.fixture(scope="module")
def catalogue(resources: Path) -> Catalogue:
    return load_catalogue(resources)


def of_the_months(graph: Graph) -> dict[str, Any]:
    paths = [f"company.labour_insurance.{name}[{m}]" for name in FACTS_OF_A_MONTH for m in MONTHS]
    return {path: graph.fact(path) for path in paths}


def one_by_one(resources: Path, made: list[Record], monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the same facts are where every member is worked out alone."""
    with monkeypatch.context() as patch:
        patch.setattr(Gather, "_lay", lambda self: None)
        return of_the_months(Graph(load_catalogue(resources), made, DAY))


def test_a_year_of_wages_equals_one_by_one(
    resources: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = staff(70)
    found = of_the_months(Graph(catalogue, made, DAY))
    assert found == one_by_one(resources, made, monkeypatch)
    assert len([fact for fact in found.values() if fact.known]) >= 16, "not only what is missing"


def test_every_later_record_counts_at_once(
    resources: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Added and erased after the columns were read: told, derived, dated, removed, a new member."""
    made = staff(12)
    graph = Graph(catalogue, made, DAY)
    of_the_months(graph)
    later = [
        told("employees[e2].pay[2025-06]", 1),
        told("employees[e2].pay[2025-07]", 2, valid_from=date(2026, 6, 1)),
        told("employees[e3].closed_wages[2025-06]", 5),
        told("employees[e4].left_on", date(2025, 5, 1)),
        told("employees[new].hired_on", date(2025, 6, 1)),
        told("employees[new].labour_covered", False),
        told("employees[e5].removed", True),
        told("company.payroll.months_later", 0),
    ]
    for record in later:
        graph.add(record)
        made.append(record)
        assert of_the_months(graph) == one_by_one(resources, made, monkeypatch), record.path
    for record in later[::-1]:
        assert graph.forget(record.id)
        made.remove(record)
        assert of_the_months(graph) == of_the_months(Graph(catalogue, made, DAY)), record.path


def test_a_chain_of_derived_facts_of_members_is_worked_out_however_long() -> None:
    lines = ['[[collection]]\npath = "staff"\nlabel = "人"\ncounter = "人"\n[fact]']
    lines.append('"staff[].c0" = { label = "c0", kind = "integer" }')
    lines += [
        f'"staff[].c{n}" = {{ label = "c{n}", kind = "integer", value = "staff[].c{n - 1} + 1" }}'
        for n in range(1, 300)
    ]
    value = "sum(e.c299 for e in staff)"
    lines.append(f'"company.goal" = {{ label = "goal", kind = "integer", value = "{value}" }}')
    made = [told("staff[a].c0", 1), told("staff[b].c0", 10), told("staff[b].c250", 0)]
    graph = Graph(catalogue_of({"chain.toml": "\n".join(lines)}), made, DAY)
    assert graph.fact("company.goal").value == 300 + 49, "what b was told counts"


def test_a_ring_through_many_members_is_a_fault_and_no_endless_work() -> None:
    lines = """
[[collection]]
path = "staff"
label = "人"
[fact]
"staff[].a" = { label = "a", kind = "integer", value = "staff[].b + 1" }
"staff[].b" = { label = "b", kind = "integer", value = "staff[].a + 1" }
"""
    graph = Graph(catalogue_of({"ring.toml": lines}), [told("staff[x].removed", False)], DAY)
    with pytest.raises(Exception, match="循環"):
        graph.evaluate("sum(e.a for e in staff)")


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python and C `work` calls."""
    count = 0

    def seen_one(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen_one)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_the_work_grows_with_the_people_and_little_for_each(catalogue: Catalogue) -> None:
    """Counted, not timed: twice as many more people are twice as much more work."""
    of_the_months(Graph(catalogue, staff(10), DAY))
    graphs = {n: Graph(catalogue, plain_staff(n), DAY) for n in (100, 200, 400)}
    took = {n: calls(partial(of_the_months, graph)) for n, graph in graphs.items()}
    first, second = took[200] - took[100], took[400] - took[200]
    assert abs(second - 2 * first) <= second // 100, took
    assert second <= 200 * 300, "24 sums; one by one they are 2,300 a person"
    cells = graphs[400]._core.cells[DAY]
    assert not [path for path in cells if path.startswith("employees[")], "no cell for a person"
    columns = [
        cell
        for leaves in graphs[400]._core.columns.values()
        for days in leaves.values()
        for cell in days.values()
    ]
    assert len(columns) <= 40
    assert all(isinstance(column, ColumnCell) for column in columns)


def plain_staff(count: int) -> list[Record]:
    """People of whom everything is told once."""
    made = [told("company.payroll.months_later", 0)]
    for n in range(count):
        me = f"employees[e{n}]."
        made.append(told(me + "hired_on", date(2020, 4, 1)))
        made.append(told(me + "employment_insurance.acquired_on", date(2020, 4, 1)))
        made += [told(f"{me}pay[{month}]", 200_000 + n) for month in MONTHS]
    return made
