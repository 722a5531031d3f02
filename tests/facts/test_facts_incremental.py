"""Incremental against full: after any sequence of edits the graph equals one built afresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.clock import JST
from app.facts.catalogue import catalogue_of
from app.facts.graph import Graph
from app.facts.record import BLANK, Origin, Record

DAY = date(2026, 7, 1)
OTHER_DAY = date(2026, 4, 1)
START = datetime(2026, 3, 1, 9, 0, tzinfo=JST)

CATALOGUE = catalogue_of(
    {
        "edits.toml": """
[[collection]]
path = "staff"
label = "従業員"
counter = "人"
[[collection]]
path = "staff[].children"
label = "子"
counter = "人"
[fact]
"company.a" = { label = "a", kind = "integer" }
"company.b" = { label = "b", kind = "integer" }
"company.open" = { label = "open", kind = "bool" }
"company.fiscal_year_end_month" = { label = "決算月", kind = "integer" }
"company.extra" = { label = "extra", kind = "integer", when = "company.open" }
"staff[].wage" = { label = "wage", kind = "yen" }
"staff[].hours" = { label = "hours", kind = "integer" }
"staff[].pay[month]" = { label = "pay", kind = "yen" }
"staff[].children[].age" = { label = "age", kind = "integer" }
"books.sales[fy]" = { label = "sales", kind = "yen" }

"company.sum" = { label = "sum", kind = "integer", value = "company.a + company.b" }
"company.either" = { label = "either", kind = "integer", value = "company.a if company.open else company.sum" }
"company.total" = { label = "total", kind = "yen", askable = true, value = "sum(e.wage for e in staff if e.hours >= 20)" }
"company.count" = { label = "count", kind = "integer", value = "staff.count" }
"company.many" = { label = "many", kind = "bool", value = "company.count >= 2 or company.total > 100" }
"company.before" = { label = "before", kind = "integer", value = "company.sum - at(company.sum, date(\\"2026-04-01\\"))" }
"company.quarter" = { label = "quarter", kind = "yen", value = "sum(e.quarter for e in staff)" }
"company.young" = { label = "young", kind = "integer", value = "sum(e.young for e in staff)" }
"company.last_sales" = { label = "last", kind = "yen", value = "coalesce(books.sales[fy-1], 0) + books.grown[fy]" }
"staff[].quarter" = { label = "quarter", kind = "yen", value = "sum(over(staff[].pay, months_before(reference_date, 2)))" }
"staff[].young" = { label = "young", kind = "integer", value = "count(c for c in staff[].children if c.age < 18)" }
"staff[].rich" = { label = "rich", kind = "bool", value = "staff[].wage > company.total / 2" }
"books.grown[fy]" = { label = "grown", kind = "yen", value = "books.sales[fy] - books.sales[fy-1]" }
"""
    }
)
COMPANY = ("a", "b", "open", "extra", "total", "fiscal_year_end_month")
NUMBERS = st.one_of(st.just(BLANK), st.integers(0, 40))
ASKED = (
    "any(e.rich for e in staff)",
    "all(e.hours >= 20 for e in staff)",
    "max(e.wage for e in staff) > company.a and not company.open",
)


@st.composite
def edits(draw: st.DrawFn) -> Record:
    key, child = draw(st.sampled_from("pqr")), draw(st.sampled_from("xy"))
    path = draw(
        st.sampled_from(
            (
                *(f"company.{name}" for name in COMPANY),
                f"staff[{key}].wage",
                f"staff[{key}].hours",
                f"staff[{key}].removed",
                f"staff[{key}].pay[2026-0{draw(st.integers(4, 7))}]",
                f"staff[{key}].children[{child}].age",
                f"staff[{key}].children[{child}].removed",
                f"books.sales[202{draw(st.integers(4, 7))}-03]",
            )
        )
    )
    flag = path.endswith((".open", ".removed"))
    value: Any = draw(st.booleans() if flag else NUMBERS)
    if path.endswith("month"):
        value = draw(st.sampled_from([3, 12]))
    starts = st.none() | st.dates(date(2026, 3, 1), date(2026, 8, 1))
    return Record(
        path,
        value,
        draw(st.sampled_from(list(Origin))),
        START,
        valid_from=draw(starts),
        valid_to=draw(st.none() | st.dates(date(2026, 4, 1), date(2026, 9, 1))),
        confirmed_at=START if draw(st.booleans()) else None,
    )


def everything(graph: Graph) -> dict[str, Any]:
    """All facts there can be, what is asked, explanations and gaps."""
    found: dict[str, Any] = {}
    paths = [f"company.{name}" for name in COMPANY]
    paths += [p for p in CATALOGUE.facts if p.startswith("company.") and p not in paths]
    paths += [f"books.grown[202{year}-03]" for year in (5, 6, 7)]
    members = graph.members("staff")
    found["members"] = members
    for key in members:
        paths += [f"staff[{key}].{name}" for name in ("quarter", "young", "rich", "wage")]
        found[key] = graph.members(f"staff[{key}].children")
    for path in paths:
        found[path] = (graph.fact(path), graph.gaps(path))
    for text in ASKED:
        found[text] = (graph.evaluate(text), graph.gaps_of(text))
    found["why"] = graph.explain("company.many")
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(edits(), st.sampled_from(["add", "add", "add", "forget"])), max_size=14
    )
)
def test_incremental_equals_full_after_every_edit(steps: list[tuple[Record, str]]) -> None:
    graph = Graph(CATALOGUE, [], DAY)
    earlier = graph.at(OTHER_DAY)
    log: list[Record] = []
    for number, (drawn, what) in enumerate(steps):
        moment = START + timedelta(hours=number)
        record = replace(
            drawn, recorded_at=moment, confirmed_at=moment if drawn.confirmed_at else None
        )
        if what == "forget" and log:
            gone = log.pop(number % len(log))
            assert graph.forget(gone.id)
        else:
            log.append(record)
            graph.add(record)
        assert everything(graph) == everything(Graph(CATALOGUE, log, DAY))
        assert everything(earlier) == everything(Graph(CATALOGUE, log, OTHER_DAY))


def known(path: str, value: Any) -> Record:
    return Record(path, value, Origin.TYPED, START)


def clean_paths(graph: Graph) -> set[str]:
    return {p for p, cell in graph._core.cells[DAY].items() if cell.result is not None}


def test_a_record_marks_only_what_has_read_it() -> None:
    graph = Graph(CATALOGUE, [known("company.a", 1), known("company.b", 2)], DAY)
    graph.add(known("staff[p].wage", 30))
    graph.add(known("staff[p].hours", 40))
    for path in ("company.sum", "company.count", "company.total", "staff[p].rich"):
        graph.fact(path)
    before = clean_paths(graph)
    graph.add(known("company.a", 5))
    assert before - clean_paths(graph) == {"company.a", "company.sum"}
    assert graph.fact("company.sum").value == 7


def test_a_new_member_marks_the_aggregates_and_a_member_s_own_facts_stay() -> None:
    graph = Graph(CATALOGUE, [known("staff[p].wage", 30), known("staff[p].hours", 40)], DAY)
    for path in ("company.count", "company.total", "staff[p].wage", "staff[p].young"):
        graph.fact(path)
    before = clean_paths(graph)
    graph.add(known("staff[q].hours", 3))
    assert before - clean_paths(graph) == {"company.count", "company.total"}
    assert graph.fact("company.count").value == 2
    assert graph.fact("company.total").value == 30


def test_what_a_short_circuit_never_read_marks_nothing() -> None:
    graph = Graph(CATALOGUE, [known("company.open", True), known("company.a", 1)], DAY)
    assert graph.fact("company.either").value == 1
    graph.add(known("company.b", 9))
    assert "company.either" in clean_paths(graph)


def test_the_revision_grows_with_every_change() -> None:
    graph = Graph(CATALOGUE, [], DAY)
    record = known("company.a", 1)
    graph.add(record)
    assert graph.revision == 1
    assert graph.forget(record.id)
    assert not graph.forget(record.id)
    assert graph.revision == 2
    assert graph.fact("company.a").value is None


def test_forgetting_a_member_s_first_record_moves_the_member() -> None:
    first = known("staff[q].wage", 1)
    graph = Graph(CATALOGUE, [first, known("staff[p].wage", 2), known("staff[q].hours", 3)], DAY)
    assert graph.members("staff") == ("q", "p")
    assert graph.forget(first.id)
    assert graph.members("staff") == ("p", "q")


def test_a_chain_of_two_thousand_is_worked_out_explained_and_asked_for() -> None:
    lines = ['[fact]\n"company.c0" = { label = "c0", kind = "integer" }']
    lines += [
        f'"company.c{n}" = {{ label = "c{n}", kind = "integer", value = "company.c{n - 1} + 1" }}'
        for n in range(1, 2001)
    ]
    catalogue = catalogue_of({"chain.toml": "\n".join(lines)})
    graph = Graph(catalogue, [], DAY)
    assert graph.gaps("company.c2000") == (frozenset({"company.c0"}),)
    assert graph.explain("company.c2000").children[0].path == "company.c1999"
    graph.add(known("company.c0", 5))
    assert graph.fact("company.c2000").value == 2005


def test_threads_that_ask_and_tell_at_once_leave_a_right_graph() -> None:
    log = [known(f"staff[k{n}].wage", n) for n in range(60)]
    log += [known(f"staff[k{n}].hours", 40) for n in range(60)]
    graph = Graph(CATALOGUE, [], DAY)
    wrong: list[object] = []

    def ask() -> None:
        try:
            for _ in range(150):
                count = graph.fact("company.count").value
                if not isinstance(count, int) or count > 60:
                    wrong.append(count)
                graph.gaps("company.total")
                graph.explain("company.many")
        except Exception as fault:
            wrong.append(fault)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for record in log:
        graph.add(record)
    for thread in threads:
        thread.join()
    assert wrong == []
    assert graph.fact("company.total").value == sum(range(60))
    assert everything(graph) == everything(Graph(CATALOGUE, log, DAY))
