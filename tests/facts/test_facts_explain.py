"""Explanations name the decisive parts only, in Japanese, with law and legal figure; gaps at scale."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, catalogue_of, load_catalogue
from app.facts.explain import Explanation
from app.facts.graph import Graph
from app.facts.record import BLANK, Origin, Record

DAY = date(2026, 7, 1)
MOMENT = datetime(2026, 7, 1, 9, 0, tzinfo=JST)


@pytest.fixture(scope="module")
def catalogue(resources: Path) -> Catalogue:
    return load_catalogue(resources)


def record(path: str, value: Any, origin: Origin = Origin.TYPED, **locator: str) -> Record:
    return Record(path, value, origin, MOMENT, locator=locator)


def paths(explanation: Explanation) -> list[str]:
    return [child.path or child.parameter or child.label for child in explanation.children]


def test_a_derived_value_is_explained_down_to_its_records_and_the_law(catalogue: Catalogue) -> None:
    graph = Graph(
        catalogue,
        [
            record("employees[a].weekly_hours", 19, by="山本"),
            record("employees[a].weekly_minutes", 60, Origin.BOOKS, file="台帳.csv", row="12"),
        ],
        DAY,
    )
    why = graph.explain("employees[a].employment_insurance.hours_reached")
    assert why.value is True
    assert why.origin is Origin.DERIVED
    assert why.law == "雇用保険法"
    assert paths(why) == ["employees[a].weekly_working_hours", "employment_insurance.weekly_hours"]
    hours, figure = why.children
    assert figure.value == 20
    assert "20時間" in figure.sentence
    assert paths(hours) == ["employees[a].weekly_hours", "employees[a].weekly_minutes"]
    typed, booked = hours.children
    assert typed.sentence == (
        "「1週間の所定労働時間（時間）」は19です。山本さんが令和8年7月1日に入力しました。"
    )
    assert "帳簿台帳.csvの12行目" in booked.sentence
    assert booked.record is not None


def test_a_missing_value_is_explained_by_what_is_missing_only(catalogue: Catalogue) -> None:
    graph = Graph(catalogue, [record("employees[a].weekly_hours", 19)], DAY)
    why = graph.explain("employees[a].employment_insurance.hours_reached")
    assert why.value is None
    assert paths(why) == ["employees[a].weekly_working_hours"]
    assert paths(why.children[0]) == ["employees[a].weekly_minutes"]
    assert why.children[0].children[0].sentence == (
        "「1週間の所定労働時間（分）」がまだ入っていません。雇用契約書を見て、入れてください。"
    )


def test_only_the_part_that_decides_is_named(catalogue: Catalogue) -> None:
    graph = Graph(
        catalogue,
        [
            record("employees[a].sex", "女"),
            record("employees[a].family_name", "山田"),
            record("employees[a].given_name", "花子"),
            record("employees[b].sex", "男"),
            record("company.capital", 5_000_000),
        ],
        DAY,
    )
    decided = graph.explain_expression(
        "company.capital > 1000000 or any(e.sex == '女' for e in employees)"
    )
    assert paths(decided) == ["company.capital"]
    witness = graph.explain_expression(
        "any(e.sex == '女' for e in employees) and company.capital > 1"
    )
    assert paths(witness) == ["employees[a].sex", "company.capital"]
    assert witness.children[0].label == "性別（山田　花子）"
    false = graph.explain_expression("company.capital > 9000000 and company.phone == 'x'")
    assert paths(false) == ["company.capital"]
    chosen = graph.explain_expression("1 if company.capital > 9000000 else employees.count")
    assert paths(chosen) == ["company.capital", "従業員の一覧"]
    assert chosen.children[1].sentence == "従業員の一覧には2人が載っています。"


def test_conflicts_conditions_assumptions_and_secrets_are_said(catalogue: Catalogue) -> None:
    graph = Graph(
        catalogue,
        [
            record("company.name", "株式会社甲", Origin.REGISTER),
            record("company.name", "株式会社乙"),
            record("employees[a].contract.fixed_term", False),
            record("employees[a].my_number", "123456789012"),
            record("employees[a].weekly_hours", 30, Origin.ASSUMED),
            record("employees[a].weekly_minutes", BLANK),
        ],
        DAY,
    )
    assert (
        graph.explain("company.name").sentence
        == "「商号又は名称」が2通りあります。どれを使いますか。"
    )
    absent = graph.explain("employees[a].contract.ends_on")
    assert absent.sentence == "「契約期間の末日」は、この場合には要りません。"
    assert paths(absent) == ["employees[a].contract.fixed_term"]
    assert "123456789012" not in graph.explain("employees[a].my_number").sentence
    hours = graph.explain("employees[a].weekly_working_hours")
    assert hours.sentence.endswith("仮に置いた値を使っています。")
    assert hours.children[1].sentence.startswith("「1週間の所定労働時間（分）」は空欄です。")


def test_a_rate_that_is_not_there_yet_is_said(catalogue: Catalogue) -> None:
    graph = Graph(catalogue, [], date(2031, 1, 1))
    why = graph.explain_expression("param('employment_insurance.rate.general') > 0")
    assert why.value is None
    assert paths(why) == ["employment_insurance.rate.general"]
    assert "まだ収められていません" in why.children[0].sentence
    assert graph.gaps_of("param('employment_insurance.rate.general') > 0") == ()


def test_sentences_never_shout(catalogue: Catalogue) -> None:
    graph = Graph(catalogue, [record("employees[a].hired_on", DAY)], DAY)
    for pattern, fact in catalogue.facts.items():
        path = (
            pattern.replace("[month]", "[2026-06]")
            .replace("[fy]", "[2026-03]")
            .replace("[]", "[a]")
        )
        sentence = graph.explain(path).sentence
        assert sentence.endswith("。"), sentence
        assert fact.label in sentence
        assert not set("!！") & set(sentence)
        assert not any(word in sentence for word in ("エラー", "不正", "無効"))


NAMES = [f"company.x{number}" for number in range(80)]
MANY = catalogue_of(
    {
        "many.toml": '[[collection]]\npath = "staff"\nlabel = "従業員"\n[fact]\n'
        + '"staff[].w" = { label = "w", kind = "integer" }\n'
        + "\n".join(f'"{name}" = {{ label = "{name}", kind = "bool" }}' for name in NAMES)
    }
)


def test_up_to_sixty_four_sets_are_named_beyond_that_the_open_leaves() -> None:
    graph = Graph(MANY, [record(NAMES[79], False)], DAY)
    named = graph.gaps_of(" or ".join(NAMES[:64]))
    assert set(named) == {frozenset([name]) for name in NAMES[:64]}
    assert graph.gaps_of(" or ".join(NAMES[:65])) == (frozenset(NAMES[:65]),)
    assert graph.gaps_of(f"({' or '.join(NAMES[:65])}) and {NAMES[79]}") == ()


def test_families_that_explode_fall_back_to_the_open_leaves() -> None:
    """Any pair makes it false and any choice of one from each makes it true: 2^20 + 20 sets."""
    pairs = " and ".join(f"({NAMES[2 * n]} or {NAMES[2 * n + 1]})" for n in range(20))
    graph = Graph(MANY, [record(NAMES[0], False)], DAY)
    assert graph.gaps_of(pairs) == (frozenset(NAMES[1:40]),)


def test_a_sum_over_a_thousand_members_lacks_one_set() -> None:
    known = [record(f"staff[k{n}].w", n) for n in range(0, 1000, 2)]
    graph = Graph(
        MANY, [*known, *(record(f"staff[k{n}].removed", False) for n in range(1000))], DAY
    )
    (only,) = graph.gaps_of("sum(e.w for e in staff)")
    assert only == frozenset(f"staff[k{n}].w" for n in range(1, 1000, 2))
