"""Many members read at once: the same values, and from the same records, as fact by fact."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

from app.domain.clock import JST
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import BLANK, Origin, Record

CATALOGUE = load_catalogue(Path(__file__).resolve().parents[2] / "resources")
DAY = date(2026, 7, 1)
LEAVES = (
    "family_name", "social_insurance.number", "pay[2026-04]", "pay[2026-05]",
    "dependants[d1].family_name", "bonus_paid_on[2026-06]",
)  # fmt: skip


def said(dice: random.Random, count: int) -> list[Record]:
    """Records that compete: several origins, days, answers left blank on purpose."""
    made = []
    for n in range(count):
        member, leaf = f"e{dice.randrange(6)}", dice.choice(LEAVES)
        value: object = 200_000 + dice.randrange(3) * 1_000
        if "name" in leaf or "number" in leaf:
            value = str(dice.randrange(1, 4))
        if "paid_on" in leaf:
            value = date(2026, 6, 1 + dice.randrange(3))
        begins = dice.choice([None, None, date(2026, 1, 1), date(2026, 6, 30), date(2026, 9, 1)])
        made.append(
            Record(
                f"employees[{member}].{leaf}",
                BLANK if dice.random() < 0.1 else value,  # type: ignore[arg-type]
                dice.choice([Origin.TYPED, Origin.BOOKS, Origin.DOCUMENT]),
                datetime(2026, 5, 1, tzinfo=JST) + timedelta(minutes=n),
                valid_from=begins,
                valid_to=date(2026, 5, 1) if begins is None and dice.random() < 0.1 else None,
            )
        )
    return made


def as_facts(graph: Graph) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for member in graph.members("employees"):
        facts = {leaf: graph.fact(f"employees[{member}].{leaf}") for leaf in LEAVES}
        found[member] = {
            leaf: fact.value
            for leaf, fact in facts.items()
            if fact.record is not None and fact.record.value is not BLANK
        }
    return found


def told_of(graph: Graph) -> dict[str, dict[str, object]]:
    return {key: dict(told) for key, told in graph.told("employees").items()}


def test_told_at_once_is_what_is_told_one_by_one() -> None:
    for seed in range(30):
        dice = random.Random(seed)
        records = said(dice, 60)
        graph = Graph(CATALOGUE, records[:40], DAY)
        assert told_of(graph) == as_facts(graph)
        for record in records[40:]:
            graph.add(record)
        assert told_of(graph) == as_facts(graph)
        for record in dice.sample(records, 30):
            assert graph.forget(record.id)
        assert told_of(graph) == as_facts(graph)


def test_the_records_behind_are_those_that_count() -> None:
    for seed in range(30):
        graph = Graph(CATALOGUE, said(random.Random(seed), 60), DAY)
        told = graph.told("employees")
        counting = graph.counting("employees", [*told, "nobody"])
        assert counting.pop("nobody") == {}
        for member, leaves in counting.items():
            assert {leaf: record.value for leaf, record in leaves.items()} == told[member]
            for leaf, record in leaves.items():
                assert graph.fact(f"employees[{member}].{leaf}").record is record


def test_a_collection_inside_a_member_is_read_too() -> None:
    graph = Graph(CATALOGUE, said(random.Random(3), 200), DAY)
    inside = graph.told("employees[e1].dependants")
    name = graph.fact("employees[e1].dependants[d1].family_name").value
    assert inside == {"d1": {"family_name": name}}
