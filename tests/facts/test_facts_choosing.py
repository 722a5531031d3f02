"""Which record counts, conflicts and states, against the rules read aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clock import JST
from app.facts.catalogue import catalogue_of
from app.facts.choosing import choose
from app.facts.definition import UnfitValue, UnknownFact
from app.facts.graph import Graph, State
from app.facts.record import BLANK, Origin, Record

DAY = date(2026, 7, 1)
START = datetime(2026, 1, 10, 9, 0, tzinfo=JST)
CATALOGUE = catalogue_of(
    {
        "choice.toml": """
[[collection]]
path = "staff"
label = "従業員"
[fact]
"company.name" = { label = "名称", kind = "text" }
"company.phone" = { label = "電話", kind = "text", precedence = ["typed", "gbizid"] }
"company.fixed" = { label = "期間の定め", kind = "bool" }
"company.ends" = { label = "末日", kind = "date", when = "company.fixed" }
"staff[].family" = { label = "姓", kind = "text" }
"staff[].given" = { label = "名", kind = "text" }
"staff[].pay[month]" = { label = "支払額", kind = "yen" }
"staff[].name" = { label = "氏名", kind = "text", value = "join(' ', staff[].family, staff[].given)", askable = true }
"company.size" = { label = "人数", kind = "integer", value = "staff.count", precedence = ["derived", "typed"] }
"""
    }
)


def record(
    path: str, value: Any, origin: Origin = Origin.TYPED, hours: int = 0, **more: Any
) -> Record:
    return Record(path, value, origin, START + timedelta(hours=hours), **more)


def name(value: str, origin: Origin, hours: int = 0, **more: Any) -> Record:
    return record("company.name", value, origin, hours, **more)


def fact_of(*records: Record, path: str = "company.name", day: date = DAY) -> Any:
    return Graph(CATALOGUE, records, day).fact(path)


def test_the_latest_valid_from_not_after_the_reference_date_counts() -> None:
    old = name("旧", Origin.REGISTER, valid_from=date(2020, 1, 1))
    new = name("新", Origin.REGISTER, valid_from=date(2026, 6, 1))
    later = name("次", Origin.REGISTER, valid_from=date(2026, 7, 2))
    assert fact_of(later, new, old).record == new
    assert fact_of(later, new, old, day=date(2026, 5, 31)).record == old
    assert fact_of(later, new, old, day=date(2026, 7, 2)).record == later


def test_what_is_no_longer_valid_does_not_count() -> None:
    ended = name("旧", Origin.REGISTER, valid_to=date(2026, 6, 30))
    assert fact_of(ended).state is State.MISSING
    assert fact_of(ended, day=date(2026, 6, 30)).value == "旧"


def test_then_precedence_of_the_fact_then_the_latest_recorded() -> None:
    typed, register = name("入力", Origin.TYPED, 9), name("登記", Origin.REGISTER, 1)
    assert fact_of(typed, register).record == register
    gbizid = record("company.phone", "03", Origin.GBIZID, 9)
    told = record("company.phone", "06", Origin.TYPED, 1)
    assert fact_of(told, gbizid, path="company.phone").record == told
    again = record("company.phone", "07", Origin.TYPED, 2)
    assert fact_of(again, told, path="company.phone").record == again


def test_competitors_make_a_conflict_until_a_person_confirms() -> None:
    typed, register = name("入力", Origin.TYPED, 9), name("登記", Origin.REGISTER, 1)
    fact = fact_of(typed, register)
    assert (fact.state, fact.value, fact.competitors) == (State.CONFLICTING, "登記", (typed,))
    confirmed = register.confirmed("山本", START + timedelta(hours=10))
    settled = fact_of(typed, register, confirmed)
    assert (settled.state, settled.competitors) == (State.CONFIRMED, (typed,))
    newer = name("別", Origin.TYPED, 11)
    assert fact_of(typed, register, confirmed, newer).state is State.CONFLICTING


def test_a_source_supersedes_itself_and_the_world_moves_on() -> None:
    first, second = name("一", Origin.TYPED, 1), name("二", Origin.TYPED, 2)
    assert fact_of(first, second).state is State.CONFIRMED
    said = name("旧", Origin.TYPED, 1)
    moved = name("新", Origin.REGISTER, 5, valid_from=date(2026, 3, 1))
    assert fact_of(said, moved).competitors == ()
    before = name("新", Origin.REGISTER, 5, valid_from=date(2020, 3, 1))
    assert fact_of(said, before).competitors == (said,)


def test_agreement_is_no_conflict_and_an_assumption_gives_way() -> None:
    assert fact_of(name("同", Origin.TYPED, 1), name("同", Origin.REGISTER, 2)).competitors == ()
    guess, told = name("仮", Origin.ASSUMED, 5), name("真", Origin.TYPED, 1)
    fact = fact_of(guess, told)
    assert (fact.state, fact.value, fact.competitors) == (State.CONFIRMED, "真", ())


@pytest.mark.parametrize(
    ("origin", "state"),
    [
        (Origin.TYPED, State.CONFIRMED),
        (Origin.REGISTER, State.UNCONFIRMED),
        (Origin.FILING, State.UNCONFIRMED),
        (Origin.ASSUMED, State.ASSUMED),
    ],
)
def test_states_of_a_single_record(origin: Origin, state: State) -> None:
    fact = fact_of(name("値", origin))
    assert fact.state is state
    assert fact.provisional is (state is State.ASSUMED)


def test_blank_is_an_answer_and_missing_is_a_hole() -> None:
    blank = fact_of(record("company.name", BLANK))
    assert (blank.state, blank.value, blank.known) == (State.CONFIRMED, BLANK, True)
    hole = fact_of()
    assert (hole.state, hole.value, hole.known, hole.origin) == (State.MISSING, None, False, None)


def test_a_fact_that_does_not_apply_is_blank_for_others_and_keeps_its_record() -> None:
    ends = record("company.ends", date(2026, 12, 31))
    graph = Graph(CATALOGUE, [ends], DAY)
    assert graph.fact("company.ends").state is State.MISSING
    assert graph.gaps("company.ends") == (frozenset({"company.fixed"}),)
    graph.add(record("company.fixed", False))
    assert graph.fact("company.ends").state is State.NOT_APPLICABLE
    assert graph.evaluate("blank(company.ends)").value is True
    graph.add(record("company.fixed", True, hours=1))
    assert graph.fact("company.ends").value == date(2026, 12, 31)


def test_a_record_may_stand_before_or_behind_a_derivation() -> None:
    parts = [record("staff[a].family", "山田"), record("staff[a].given", "花子")]
    graph = Graph(CATALOGUE, parts, DAY)
    fact = graph.fact("staff[a].name")
    assert (fact.value, fact.state, fact.origin) == ("山田 花子", State.CONFIRMED, Origin.DERIVED)
    graph.add(record("staff[a].name", "山田 華子", Origin.DOCUMENT, 3))
    fact = graph.fact("staff[a].name")
    assert (fact.value, fact.state, fact.computed) == ("山田 華子", State.CONFLICTING, "山田 花子")
    graph.add(record("company.size", 5))
    assert graph.fact("company.size").value == 1
    assert [r.value for r in graph.fact("company.size").competitors] == [5]


def test_computed_states_follow_what_decided_them() -> None:
    family = record("staff[a].family", "山田", Origin.FILING)
    graph = Graph(CATALOGUE, [family, record("staff[a].given", "花子")], DAY)
    assert graph.fact("staff[a].name").state is State.UNCONFIRMED
    graph.add(record("staff[a].given", "華", Origin.ASSUMED, 1))
    assert graph.fact("staff[a].name").state is State.UNCONFIRMED
    provisional = Graph(CATALOGUE, [family, record("staff[a].given", "華", Origin.ASSUMED)], DAY)
    fact = provisional.fact("staff[a].name")
    assert (fact.state, fact.provisional) == (State.ASSUMED, True)


@pytest.mark.parametrize("turned", [False, True])
def test_of_several_that_decide_alone_the_firmest_counts(turned: bool) -> None:
    graph = Graph(
        CATALOGUE,
        [name("名", Origin.REGISTER), record("company.phone", "03", Origin.ASSUMED)],
        DAY,
    )
    parts = ["company.name == '名'", "company.phone == '03'"]
    outcome = graph.evaluate(" or ".join(parts[::-1] if turned else parts))
    assert (outcome.value, outcome.unconfirmed, outcome.provisional) == (True, True, False)


def test_an_empty_list_is_counted_but_not_confirmed() -> None:
    assert fact_of(path="company.size").state is State.UNCONFIRMED
    told = fact_of(record("staff[a].family", "山田"), path="company.size")
    assert (told.value, told.state) == (1, State.CONFIRMED)


def test_members_stand_in_order_of_their_first_record_until_removed() -> None:
    graph = Graph(
        CATALOGUE,
        [
            record("staff[b].family", "乙"),
            record("staff[a].family", "甲"),
            record("staff[b].given", "子"),
        ],
        DAY,
    )
    assert graph.members("staff") == ("b", "a")
    graph.add(record("staff[b].removed", True, valid_from=date(2026, 6, 1)))
    assert graph.members("staff") == ("a",)
    assert graph.at(date(2026, 5, 31)).members("staff") == ("b", "a")
    with pytest.raises(UnknownFact):
        graph.members("cats")


def test_series_are_facts_of_their_period() -> None:
    graph = Graph(CATALOGUE, [record("staff[a].pay[2026-06]", 300_000)], DAY)
    assert graph.fact("staff[a].pay[2026-06]").value == 300_000
    assert graph.fact("staff[a].pay[2026-05]").state is State.MISSING
    for path in (
        "staff[a].pay",
        "staff[a].pay[2026-13]",
        "staff[a].pay[x]",
        "staff[].pay[2026-06]",
    ):
        with pytest.raises(UnknownFact):
            graph.fact(path)


def test_erased_records_are_as_if_never_told() -> None:
    kept, erased = record("staff[a].family", "甲"), record("staff[b].family", "乙")
    graph = Graph(CATALOGUE, [kept, erased], DAY)
    assert graph.members("staff") == ("a", "b")
    assert graph.forget(erased.id)
    assert graph.members("staff") == ("a",)
    assert graph.fact("staff[b].family").state is State.MISSING
    assert graph.records("staff[b].family") == ()


def test_records_without_a_place_are_kept_aside_not_lost() -> None:
    strange = [
        record("company.gone", "x"),
        record("company.name", 5),
        record("staff[a].pay[2026]", 1),
        record("company.fixed", 1),
    ]
    graph = Graph(CATALOGUE, strange, DAY)
    assert graph.strays == tuple(strange)
    assert graph.members("staff") == ()
    with pytest.raises(UnknownFact):
        graph.add(strange[0])
    with pytest.raises(UnfitValue):
        graph.add(strange[1])
    assert graph.revision == 0


# ---- the slow twin of the choice ------------------------------------------------------------

DAYS = st.none() | st.sampled_from(
    [date(2026, 1, 5), date(2026, 1, 12), date(2026, 6, 1), date(2026, 8, 1)]
)
ORIGINS = (Origin.REGISTER, Origin.TYPED, Origin.ASSUMED)


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    return [
        Record(
            "company.name",
            draw(st.sampled_from("ab")),
            draw(st.sampled_from(ORIGINS)),
            START + timedelta(days=draw(st.integers(0, 3))),
            valid_from=draw(DAYS),
            valid_to=draw(DAYS),
            confirmed_at=draw(st.none() | st.just(START + timedelta(days=2))),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]


def said_after(one: Record, other: Record, log: list[Record]) -> bool:
    if one.recorded_at != other.recorded_at:
        return one.recorded_at > other.recorded_at
    return log.index(one) > log.index(other)


def replaces(other: Record, it: Record, log: list[Record]) -> bool:
    """Whether `other` has replaced `it`, each reason of the docstring in turn."""
    not_earlier = it.valid_from is None or (
        other.valid_from is not None and other.valid_from >= it.valid_from
    )
    itself = other.origin is it.origin and not_earlier and said_after(other, it, log)
    begins = it.valid_from if it.valid_from is not None else it.recorded_at.date()
    moved_on = other.valid_from is not None and other.valid_from > begins
    gives_way = it.origin is Origin.ASSUMED and other.origin is not Origin.ASSUMED
    return itself or moved_on or gives_way


@settings(max_examples=600)
@given(log=logs())
def test_the_choice_equals_the_rules_one_by_one(log: list[Record]) -> None:
    found = choose(log, DAY, CATALOGUE.definition("company.name"))
    live = [
        r
        for r in log
        if (r.valid_from is None or r.valid_from <= DAY)
        and (r.valid_to is None or r.valid_to >= DAY)
    ]
    if not live:
        assert found.record is None
        return
    best = live
    dated = [r.valid_from for r in best if r.valid_from is not None]
    if dated:
        best = [r for r in best if r.valid_from == max(dated)]
    origin = next(
        o
        for o in (Origin.REGISTER, Origin.TYPED, Origin.ASSUMED)
        if any(r.origin is o for r in best)
    )
    best = [r for r in best if r.origin is origin]
    winner = next(r for r in best if all(r is o or said_after(r, o, log) for o in best))
    assert found.record is winner
    others = [
        r
        for r in live
        if r.value != winner.value and not any(o is not r and replaces(o, r, log) for o in live)
    ]
    assert list(found.competitors) == others
    seen = winner.confirmed_at
    open_ = [r for r in others if seen is None or r.recorded_at > seen]
    assert found.conflict is bool(open_)


def test_confirming_never_changes_which_value_counts() -> None:
    register = name("登記", Origin.REGISTER, 1, valid_from=date(2020, 1, 1))
    confirmed = replace(register.confirmed("山本", START + timedelta(days=1)))
    assert fact_of(register, confirmed).record == confirmed
