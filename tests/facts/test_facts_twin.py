"""The graph against its slow twin: values, what is missing, firmness, gaps."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from typing import Any

from drawn_expressions import loops, trees, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow_twin import (
    BLANK,
    BOOLS,
    FIRM,
    MISSING,
    NUMBERS,
    PROVISIONAL,
    UNCONFIRMED,
    Tree,
    World,
    brute_gaps,
    leaves,
    text_of,
    worth,
)

from app.domain.clock import JST
from app.facts import record as records
from app.facts.catalogue import Catalogue, catalogue_of
from app.facts.graph import Graph
from app.facts.record import Origin, Record

DAY = date(2026, 7, 1)
MOMENT = datetime(2026, 7, 1, 9, 0, tzinfo=JST)
ORIGIN = {FIRM: Origin.TYPED, UNCONFIRMED: Origin.REGISTER, PROVISIONAL: Origin.ASSUMED}
FACTS = """
[[collection]]
path = "staff"
label = "人"
[fact]
""" + "\n".join(
    [f'"company.{n}" = {{ label = "{n}", kind = "bool" }}' for n in BOOLS]
    + [f'"company.{n}" = {{ label = "{n}", kind = "integer" }}' for n in NUMBERS]
    + [
        '"staff[].b" = { label = "b", kind = "bool" }',
        '"staff[].n" = { label = "n", kind = "integer" }',
    ]
)
PLAIN = catalogue_of({"twin.toml": FACTS})
THOROUGH = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(path: str, value: Any, weakness: int) -> Record:
    value = records.BLANK if isinstance(value, str) else value
    return Record(path, value, ORIGIN[weakness], MOMENT, salt="0" * 32)


def graph_of(world: World, catalogue: Catalogue = PLAIN) -> Graph:
    made = [
        told(f"company.{name}", *found)
        for name, found in world.facts.items()
        if found[0] != MISSING
    ]
    for key, facts in world.members.items():
        made.append(told(f"staff[{key}].removed", False, FIRM))
        made += [
            told(f"staff[{key}].{name}", *found)
            for name, found in facts.items()
            if found[0] != MISSING
        ]
    return Graph(catalogue, made, DAY)


def seen(outcome: Any) -> tuple[Any, int]:
    if outcome.missing:
        return MISSING, FIRM
    value = BLANK if outcome.value is records.BLANK else outcome.value
    return value, outcome.unconfirmed * UNCONFIRMED | outcome.provisional * PROVISIONAL


@THOROUGH
@given(tree=st.one_of(trees("b", 3), trees("n", 3), *loops("b", 2), *loops("n", 2)), world=worlds())
def test_values_and_firmness_equal_the_twin(tree: Tree, world: World) -> None:
    value, weakness = worth(tree, world)
    expected = (MISSING, FIRM) if value is MISSING or value == MISSING else (value, weakness)
    found = seen(graph_of(world).evaluate(text_of(tree)))
    assert found == expected
    assert isinstance(found[0], bool) is isinstance(expected[0], bool)


def without_assumptions(tree: Any) -> bool:
    return not isinstance(tree, tuple) or (
        tree[0] != "assume" and all(without_assumptions(part) for part in tree[1:])
    )


@THOROUGH
@given(
    tree=st.one_of(trees("b", 2), trees("n", 2)).filter(without_assumptions),
    world=worlds(most_members=2),
)
def test_a_known_outcome_never_changes_when_more_is_told(tree: Tree, world: World) -> None:
    before = graph_of(world).evaluate(text_of(tree))
    names = sorted(leaves(tree, world))[:4]
    if before.missing:
        return
    for values in product(*([True, False, BLANK] if _bool_path(n) else [0, 7] for n in names)):
        graph = graph_of(world)
        for name, value in zip(names, values, strict=True):
            graph.add(told(name, value, FIRM))
        assert graph.evaluate(text_of(tree)).value == before.value


def _bool_path(path: str) -> bool:
    return path.rsplit(".", 1)[1].startswith("b")


@THOROUGH
@given(
    tree=st.one_of(trees("b", 3), trees("n", 2), *loops("b", 2), *loops("n", 2)),
    world=worlds(most_members=2),
)
def test_gaps_equal_every_subset_tried(tree: Tree, world: World) -> None:
    if len(leaves(tree, world)) > 8:
        return
    found = graph_of(world).gaps_of(text_of(tree))
    assert len(set(found)) == len(found)
    assert set(found) == brute_gaps(tree, world)


def once_each(depth: int, names: list[str]) -> Tree:
    """A tree of and, or, not in which each name stands once."""
    if len(names) == 1:
        return ("not", ("fact", names[0])) if depth % 2 else ("fact", names[0])
    cut = len(names) // 2
    word = "and" if depth % 2 else "or"
    return (word, once_each(depth + 1, names[:cut]), once_each(depth + 1, names[cut:]))


@THOROUGH
@given(data=st.data())
def test_gaps_of_read_once_trees_are_exactly_what_real_answers_can_settle(data: Any) -> None:
    """No notion of our own here: a set settles if some answers to it make the outcome known."""
    names = data.draw(st.permutations(BOOLS))[: data.draw(st.integers(1, 4))]
    tree = once_each(data.draw(st.integers(0, 1)), list(names))
    world = World(dict.fromkeys(names, (MISSING, FIRM)))
    for name in names:
        if data.draw(st.booleans()):
            world.facts[name] = (data.draw(st.booleans()), FIRM)
    open_names = [n for n in names if world.facts[n][0] == MISSING]
    settled: set[frozenset[str]] = set()
    for mask in sorted(range(2 ** len(open_names)), key=int.bit_count):
        chosen = [n for bit, n in enumerate(open_names) if mask >> bit & 1]
        some = any(
            worth(
                tree, World(world.facts | {n: (v, FIRM) for n, v in zip(chosen, way, strict=True)})
            )[0]
            != MISSING
            for way in product([True, False], repeat=len(chosen))
        )
        paths = frozenset(f"company.{name}" for name in chosen)
        if some and not any(small <= paths for small in settled):
            settled.add(paths)
    known = worth(tree, world)[0] != MISSING
    assert set(graph_of(world).gaps_of(text_of(tree))) == (set() if known else settled)


@THOROUGH
@given(inner=trees("b", 2), outer=trees("b", 2), condition=trees("b", 1), world=worlds(2))
def test_derived_facts_stand_for_their_expressions(
    inner: Tree, outer: Tree, condition: Tree, world: World
) -> None:
    """A fact b3 that is derived and applies on a condition, read by another derived fact."""
    if "b3" in text_of(inner) or "b3" in text_of(condition):
        return
    lines = FACTS.replace('"company.b3" = { label = "b3", kind = "bool" }', "")
    lines += f"""
[fact."company.b3"]
label = "b3"
kind = "bool"
value = '{text_of(inner)}'
when = '{text_of(condition)}'
[fact."company.goal"]
label = "goal"
kind = "bool"
value = '{text_of(outer)}'
"""
    graph = graph_of(
        World({k: v for k, v in world.facts.items() if k != "b3"}, world.members),
        catalogue_of({"twin.toml": lines}),
    )
    holds, weak = worth(condition, world)
    value, more = worth(inner, world)
    if holds == MISSING:
        world.facts["b3"] = (MISSING, FIRM)
    elif holds is not True:
        world.facts["b3"] = (BLANK, weak)
    else:
        world.facts["b3"] = (MISSING, FIRM) if value == MISSING else (value, weak | more)
    expected, weakness = worth(outer, world)
    fact = graph.fact("company.goal")
    found = BLANK if fact.value is records.BLANK else MISSING if fact.value is None else fact.value
    assert found == expected
    if expected != MISSING:
        assert fact.provisional is bool(weakness & PROVISIONAL)
