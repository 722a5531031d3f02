"""The matching against its slow twin, what a change touches, the order, and what cannot be compared."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clock import fixed_clock
from app.domain.grant import Grant, GrantSource
from app.facts.catalogue import Catalogue
from app.facts.definition import CatalogueFault
from app.facts.graph import Graph
from app.services.connectors.jgrants.parse import to_grant
from app.services.grants.matching import Matching
from app.services.grants.rules import EligibilityRules, rules_of
from app.services.grants.verdict import Eligibility, Window
from tests.services.grants.grant_samples import NOW, company, typed
from tests.services.grants.plain_twin import BANDS, TRADES, verdict

PATHS = {
    "prefecture": "company.head_office.prefecture",
    "employees": "company.employee_count",
    "capital": "company.capital",
    "code": "company.industry_code",
    "established": "company.established_on",
    "income": "applicant.taxable_income_average",
    "deemed": "ownership.deemed_large",
}
PLACES = ["東京都", "徳島県", "高知県", "新潟県", "大阪府"]
CODES = ["0911", "2441", "0611", "5611", "5011", "3911", "3931", "7511", "7621", "8011", "7911", "7921",
         "1933", "1931", "1911", "19", "39", "79"]  # fmt: skip
WORDS = {True: Eligibility.YES, False: Eligibility.NO, None: Eligibility.OPEN}
TITLES = ["設備の補助金", "中小企業設備補助金", "小規模事業者持続化補助金＜一般型＞", "ＩＴ導入補助金2026",
          "ものづくり・商業・サービス生産性向上促進補助金（25次締切）"]  # fmt: skip


def drawn_grant(rng: random.Random, number: int) -> Grant:
    """A grant of any source, area, band, industry, window and scheme."""
    day = timedelta(days=1)
    return Grant(
        key=f"g{number}",
        source=rng.choice(list(GrantSource)),
        id=str(number),
        title=rng.choice(TITLES).replace("ＩＴ", rng.choice(["IT", "ＩＴ"])),
        areas=tuple(
            rng.sample([*PLACES, "全国", "四国地方", "関東・甲信越地方"], rng.randrange(4))
        ),
        employees=rng.choice(["", "従業員数の制約なし", "901名以上", *BANDS]),
        max_employees=rng.choice([None, None, 30]),
        max_capital=rng.choice([None, None, 10_000_000]),
        max_established_years=rng.choice([None, None, 5]),
        starts=NOW + rng.choice([-9, 3]) * day,
        ends=rng.choice([None, NOW - day, NOW + 9 * day]),
        industries=rng.choice([None, (), tuple(rng.sample(sorted(set(TRADES.values())), 2))]),
        purposes=rng.choice([None, ("資金繰りを改善したい",)]),
    )


def drawn_company(rng: random.Random) -> dict[str, Any]:
    """What is known of a company; about a third is not."""
    whole: dict[str, Any] = {
        "prefecture": rng.choice(PLACES),
        "employees": rng.choice([0, 5, 6, 20, 21, 50, 51, 100, 101, 200, 201, 300, 301, 900, 901]),
        "capital": rng.choice(
            [10_000_000, 50_000_000, 50_000_001, 10**8, 3 * 10**8, 3 * 10**8 + 1]
        ),
        "code": rng.choice(CODES[:-3]),
        "established": rng.choice([date(2021, 1, 26), date(2021, 1, 25), date(1999, 4, 1)]),
        "income": rng.choice([0, 1_500_000_000, 1_500_000_001]),
        "deemed": rng.choice([True, False]),
    }
    return {name: value for name, value in whole.items() if rng.random() < 0.7}


def graph_of(catalogue: Catalogue, known: dict[str, Any], offices: list[str]) -> Graph:
    facts = [(PATHS[name], value) for name, value in known.items()]
    facts += [(f"offices[o{n}].area", f"{place}中央区") for n, place in enumerate(offices)]
    return company(catalogue, facts)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_verdict_is_that_of_the_slow_twin(
    catalogue: Catalogue, rules: EligibilityRules, seed: int
) -> None:
    rng = random.Random(seed)
    grants = [drawn_grant(rng, number) for number in range(80)]
    known, offices = drawn_company(rng), rng.sample(PLACES, rng.randrange(2))
    graph = graph_of(catalogue, known, offices)
    matching = Matching(rules, graph, catalogue, fixed_clock(NOW))
    matching.load(grants)
    for _ in range(3):
        for grant in grants:
            wanted = WORDS[verdict(grant, {**known, "offices": offices}, NOW)]
            assert matching.outcome(grant.key) is wanted, (grant, known)
        fresh = drawn_company(rng)
        for name, value in fresh.items():
            graph.add(typed(catalogue, PATHS[name], value))
        known.update(fresh)
        matching.refresh()


def test_a_changed_fact_works_out_only_the_conditions_that_read_it(
    catalogue: Catalogue, rules: EligibilityRules
) -> None:
    rng = random.Random(3)
    graph = graph_of(catalogue, {"prefecture": "東京都", "employees": 10}, [])
    matching = Matching(rules, graph, catalogue, fixed_clock(NOW))
    grants = [drawn_grant(rng, number) for number in range(300)]
    matching.load(grants)
    assert matching.refresh() == 0
    before = {grant.key: matching.outcome(grant.key) for grant in grants}
    graph.add(typed(catalogue, "company.employee_count", 400))
    touched = matching.refresh()
    moved = sum(matching.outcome(key) is not outcome for key, outcome in before.items())
    assert 0 < moved <= touched < len(grants)
    graph.add(typed(catalogue, "company.name", "山田"))
    assert matching.refresh() == 0


def test_the_order_is_by_outcome_then_by_the_next_deadline(
    catalogue: Catalogue, rules: EligibilityRules
) -> None:
    plain = Grant("a", GrantSource.JGRANTS, "a", "補助金", areas=("全国",), employees="従業員数の制約なし",
                  industries=(), purposes=())  # fmt: skip
    day = timedelta(days=1)
    grants = [
        replace(plain, key="over", ends=NOW - day),
        replace(plain, key="over long ago", ends=NOW - 9 * day),
        replace(plain, key="never ends"),
        replace(plain, key="soon", ends=NOW + day),
        replace(plain, key="later", ends=NOW + 9 * day),
        replace(plain, key="unknown", industries=None, ends=NOW + day),
        replace(plain, key="elsewhere", areas=("大阪府",), ends=NOW + day),
        replace(plain, key="not yet", starts=NOW + day, ends=NOW + 5 * day),
    ]
    graph = graph_of(catalogue, {"prefecture": "東京都", "code": "0911"}, [])
    moment = [NOW]
    matching = Matching(rules, graph, catalogue, lambda: moment[0])
    matching.load(grants)
    head = ["soon", "not yet", "later", "never ends", "unknown", "elsewhere"]
    assert matching.order() == [*head, "over", "over long ago"]
    assert matching.window("not yet") is Window.UPCOMING
    assert "始まります" in matching.verdict("not yet").reasons[-2].sentence
    moment[0] = NOW + day
    assert (matching.window("soon"), matching.order()[0]) == (Window.OPEN, "soon")
    moment[0] = NOW + 2 * day
    assert matching.order()[:3] == ["not yet", "later", "never ends"]
    assert matching.verdict("soon").reasons[0].rule_id == "window.closed"


def test_words_that_are_in_no_list_cannot_be_compared(
    catalogue: Catalogue, rules: EligibilityRules
) -> None:
    graph = graph_of(catalogue, {"prefecture": "東京都", "code": "0911"}, [])
    odd = Grant("odd", GrantSource.JGRANTS, "odd", "補助金", areas=("東京都", "江戸'"), employees="30人くらい",
                industries=("製造業", "忍者業"), purposes=())  # fmt: skip
    matching = Matching(rules, graph, catalogue, fixed_clock(NOW))
    matching.load([odd])
    found = matching.verdict("odd")
    assert found.outcome is Eligibility.OPEN
    ids = [reason.rule_id for reason in found.reasons if reason.decisive]
    assert ids == ["area.unread", "employees.unread", "industry.unread"]
    assert found.gaps == ()


def test_loading_can_be_done_in_steps_and_again(
    catalogue: Catalogue, rules: EligibilityRules
) -> None:
    rng = random.Random(5)
    grants = [drawn_grant(rng, number) for number in range(120)]
    graph = graph_of(catalogue, {"prefecture": "東京都"}, [])
    whole = Matching(rules, graph, catalogue, fixed_clock(NOW))
    whole.load(grants)
    stepped = Matching(rules, graph, catalogue, fixed_clock(NOW))
    read = list(stepped.load_in_steps(grants, 0))
    assert len(read) > 120, "each record, and each new condition, may be a step of its own"
    assert read == sorted(read)
    assert read[-1] == 120
    assert stepped.order() == whole.order()
    of_each = [
        stepped.order(outcome) for outcome in (Eligibility.YES, Eligibility.OPEN, Eligibility.NO)
    ]
    assert [key for keys in of_each for key in keys] == stepped.order()
    open_now = [key for key in whole.order() if whole.outcome(key) is Eligibility.OPEN]
    assert of_each[1] == open_now
    stepped.load(grants[:7])
    assert set(stepped.order()) == {grant.key for grant in grants[:7]}


def test_nobody_is_counted_on_an_empty_list(catalogue: Catalogue, rules: EligibilityRules) -> None:
    grant = Grant("a", GrantSource.JGRANTS, "a", "補助金", areas=("全国",), employees="20名以下",
                  industries=(), purposes=())  # fmt: skip
    matching = Matching(rules, company(catalogue, []), catalogue, fixed_clock(NOW))
    matching.load([grant])
    found = matching.verdict("a")
    assert found.outcome is Eligibility.OPEN
    assert found.gaps == ("company.employee_count",)
    titles = [title for title, _ in matching.explain("a")]
    assert titles == ["対象の地域", "従業員数", "業種"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[rule]]\nid = "a"\ntitle = "A"\nexpression = "company.nothing"',
            "事実の目録にありません",
        ),
        ('[[rule]]\nid = "a"\ntitle = "A"\nexpression = "company.capital"', "はい・いいえ"),
        ('[[rule]]\nid = "a"\ntitle = "A"\nexpression = "company.capital <= {most}"', "most"),
        ('[[rule]]\nid = "a"\ntitle = "A"\nyes = ["{limit:hex}"]', "書式"),
        ('[[rule]]\nid = "a"\ntitle = "A"\nyes = ["{who}"]', "知らない数値"),
        ('[[rule]]\nid = "a"\ntitle = "A"\nask = ["company.nothing"]', "目録にありません"),
        ('[[rule]]\nid = "a"\ntitle = "A"\npattern = "x"', "知らない項目"),
        ('[[scheme]]\nid = "s"\nrules = ["b"]', "条件 b がありません"),
        ('[[rules]]\nid = "a"', "知らない見出し"),
    ],
)
def test_a_bad_rule_is_refused_with_its_reason(catalogue: Catalogue, text: str, said: str) -> None:
    with pytest.raises(CatalogueFault) as fault:
        rules_of({"bad.toml": text}, catalogue)
    assert said in fault.value.reason


def test_no_quoted_sentence_is_invented(rules: EligibilityRules, shared: Path) -> None:
    """Every part of a quoted sentence stands in the tables of the forms and guidelines."""
    tables = "\n".join(
        p.read_text("utf-8") for p in sorted((shared / "samples/forms").glob("*.csv"))
    )
    quoted = [rule.source_sentence for rule in rules.rules.values() if rule.source_sentence]
    assert len(quoted) >= 5
    for sentence in quoted:
        # The label, the limits and the choices of one row are joined by ": " and （…）.
        head, _, rest = sentence.partition(": ")
        limits, _, choices = rest.partition("（①")
        parts = [head, limits, f"①{choices[:-1]}" if choices else ""]
        for part in parts:
            assert part.removesuffix("（法人のみ）") in tables, part


def test_the_real_records_all_find_a_verdict(
    catalogue: Catalogue, rules: EligibilityRules, shared: Path
) -> None:
    rows = json.loads(
        (shared / "samples/jgrants/list_records_2894_2026-01-23.json").read_text("utf-8")
    )
    grants = [grant for row in rows if (grant := to_grant(row, practice=False)) is not None]
    assert len(grants) == 2_894
    matching = Matching(rules, company(catalogue, []), catalogue, fixed_clock(NOW))
    matching.load(grants)
    assert len(matching.order()) == 2_894
    for grant in grants[::7]:
        found = matching.verdict(grant.key)
        assert found.outcome is matching.outcome(grant.key)
        assert all(reason.sentence and "{" not in reason.sentence for reason in found.reasons)
        assert not any(reason.rule_id.endswith(".unread") for reason in found.reasons)
