"""How schemes are known by their words, numbers and dates, and how figures are written in sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.clock import JST, fixed_clock
from app.domain.grant import Grant, GrantSource
from app.facts.catalogue import Catalogue
from app.facts.record import BLANK, Origin, Record
from app.services.grants.matching import Matching
from app.services.grants.rules import EligibilityRules, rules_of
from app.services.grants.verdict import Eligibility
from app.services.grants.wording import Shown, said, yen
from tests.services.grants.grant_samples import NOW, company

SCHEMES = """
[[rule]]
id = "r"
title = "条件"

[[scheme]]
id = "by_title"
title_contains = ["ＩＯＴ導入"]
title_excludes = ["事務局"]
from = 2025-04-01
to = 2026-03-31
rules = ["r"]

[[scheme]]
id = "by_institution"
institution_contains = ["何とか事業団"]
rules = ["r"]

[[scheme]]
id = "by_number"
numbers = ["S-00006007"]
rules = ["r"]
"""


def grant(title: str, institution: str = "", number: str = "", starts: str = "") -> Grant:
    begins = datetime.fromisoformat(starts).replace(tzinfo=UTC) if starts else None
    return Grant("k", GrantSource.JGRANTS, "k", title, number, institution, starts=begins)


@pytest.mark.parametrize(
    ("told", "belongs"),
    [
        (grant("iot導入の補助金", starts="2025-06-01"), True),
        (grant("IoT導入の補助金", starts="2025-03-31T14:59"), False),
        (grant("IoT導入の補助金", starts="2025-03-31T15:00"), True),
        (grant("IoT導入の補助金", starts="2026-03-31T15:00"), False),
        (grant("IoT導入の補助金"), True),
        (grant("IoT導入の事務局", starts="2025-06-01"), False),
        (grant("ほかの補助金", "公益財団法人何とか事業団"), True),
        (grant("ほかの補助金", number="S-00006007"), True),
        (grant("ほかの補助金", number="S-0000600"), False),
        (grant("ほかの補助金"), False),
    ],
)
def test_a_record_belongs_to_a_scheme_by_words_numbers_and_dates(
    catalogue: Catalogue, told: Grant, belongs: bool
) -> None:
    rules = rules_of({"schemes.toml": SCHEMES}, catalogue)
    assert rules.of_scheme(told, date(2025, 12, 1)) == (("r",) if belongs else ())


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0円"),
        (300_000_000, "3億円"),
        (12_345_678, "1,234万5,678円"),
        (50_000_000, "5,000万円"),
        (1_500_000_000, "15億円"),
        (2_000_000_000_001, "2兆1円"),
        (-15_000, "－1万5,000円"),
    ],
)
def test_amounts_are_written_as_people_write_them(amount: int, written: str) -> None:
    assert yen(amount) == written


def test_a_sentence_is_said_only_with_all_its_figures() -> None:
    midnight = datetime(2026, 4, 1, 0, 0, tzinfo=JST)
    figures: dict[str, Shown] = {"n": 1234, "none": None, "blank": BLANK, "end": midnight,
                                 "noon": midnight.replace(hour=12, minute=5), "areas": ("東京都", "北海道")}  # fmt: skip
    sentences = ("{none}", "{blank:yen}", "{n:n}名、{areas}")
    assert said(sentences, figures.get) == "1,234名、東京都、北海道"
    assert said(("{none}",), figures.get) == ""
    assert said(("{end:until}まで",), figures.get) == "令和8年3月31日24時まで"
    assert said(("{end:day}から",), figures.get) == "令和8年4月1日から"
    assert said(("{noon:until}まで",), figures.get) == "令和8年4月1日12時5分まで"


def test_a_verdict_that_rests_on_an_assumed_value_says_so(
    catalogue: Catalogue, rules: EligibilityRules
) -> None:
    graph = company(catalogue, [])
    small = Grant("k", GrantSource.JGRANTS, "k", "補助金", areas=("全国",), employees="20名以下",
                  industries=(), purposes=())  # fmt: skip
    matching = Matching(rules, graph, catalogue, fixed_clock(NOW))
    matching.load([small])
    graph.add(Record("company.employee_count", 30, Origin.TYPED, NOW))
    matching.refresh()
    assert matching.verdict("k").outcome is Eligibility.NO
    assert matching.verdict("k").changes == ("従業員があと10名少なければ対象です。",)
    assumed = company(catalogue, [])
    assumed.add(Record("company.capital", 1, Origin.ASSUMED, NOW))
    capped = Grant("c", GrantSource.MIRASAPO, "c", "制度", areas=("全国",), max_capital=10,
                   max_established_years=3, industries=())  # fmt: skip
    matching = Matching(rules, assumed, catalogue, fixed_clock(NOW))
    matching.load([capped])
    assert matching.verdict("c").gaps == ("company.established_on",)
    assumed.add(Record("company.established_on", date(2024, 1, 1), Origin.TYPED, NOW))
    assert matching.refresh() == 1
    found = matching.verdict("c")
    assert (found.outcome, found.provisional) == (Eligibility.YES, True)
