"""Strategies that draw expressions and worlds for the slow twin."""

from __future__ import annotations

from typing import Any

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
)


def told_values(kind: str) -> st.SearchStrategy[tuple[Any, int]]:
    """A fact as it may stand: missing, blank, or a value of some firmness."""
    value = st.booleans() if kind == "b" else st.integers(-4, 30)
    weakness = st.sampled_from([FIRM, UNCONFIRMED, PROVISIONAL])
    return st.one_of(st.just((MISSING, FIRM)), st.just((BLANK, FIRM)), st.tuples(value, weakness))


@st.composite
def worlds(draw: st.DrawFn, most_members: int = 3) -> World:
    """Facts and up to `most_members` members."""
    facts = {name: draw(told_values(name[0])) for name in (*BOOLS, *NUMBERS)}
    members = {
        f"k{number}": {name: draw(told_values(name[0])) for name in ("b", "n")}
        for number in range(draw(st.integers(0, most_members)))
    }
    return World(facts, members)


def _leaf(kind: str, member: bool) -> st.SearchStrategy[Tree]:
    names = BOOLS if kind == "b" else NUMBERS
    leaf = st.sampled_from(names).map(lambda name: ("fact", name))
    value = st.booleans() if kind == "b" else st.integers(0, 20)
    made = [leaf, leaf, leaf, value.map(lambda v: ("const", v))]
    return st.one_of(*made, *([st.just(("member", kind))] * 3 if member else []))


def trees(kind: str, depth: int, *, member: bool = False) -> st.SearchStrategy[Tree]:
    """Expressions of a kind ("b" or "n"), nested up to `depth`; inside a loop with `member`."""
    if depth == 0:
        return _leaf(kind, member)

    def sub(wanted: str) -> st.SearchStrategy[Tree]:
        return trees(wanted, depth - 1, member=member)

    shared = [
        _leaf(kind, member),
        st.tuples(st.just("if"), sub("b"), sub(kind), sub(kind)),
        st.tuples(st.just("coalesce"), sub(kind), sub(kind)),
        st.tuples(st.just("assume"), sub(kind), sub(kind)),
    ]
    looped = [] if member else loops(kind, depth)
    if kind == "n":
        ways = [
            st.tuples(st.sampled_from(["+", "-", "*"]), sub("n"), sub("n")),
            st.tuples(st.just("min"), sub("n"), sub("n")),
            st.tuples(st.just("floor_to"), sub("n"), st.just(("const", 5))),
        ]
    else:
        ways = [
            st.tuples(st.sampled_from(["and", "or"]), sub("b"), sub("b")),
            st.tuples(st.sampled_from(["and", "or"]), sub("b"), sub("b"), sub("b")),
            st.tuples(st.just("not"), sub("b")),
            st.tuples(st.sampled_from(["<", ">=", "==", "!="]), sub("n"), sub("n")),
            st.tuples(st.just("blank"), st.sampled_from(NUMBERS).map(lambda n: ("fact", n))),
        ]
    return st.one_of(*shared, *ways, *looped)


def loops(kind: str, depth: int) -> list[st.SearchStrategy[Tree]]:
    """Gatherings over the members, each with or without a condition."""
    condition = st.none() | trees("b", depth - 1, member=True)
    number = trees("n", depth - 1, member=True)
    truth = trees("b", depth - 1, member=True)
    if kind == "b":
        return [st.tuples(st.sampled_from(["any", "all"]), truth, condition)]
    return [
        st.tuples(st.sampled_from(["sum", "smallest"]), number, condition),
        st.tuples(st.just("count"), st.none() | truth, condition),
    ]
