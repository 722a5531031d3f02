"""Industry codes and the classes of the law, by the table of 中小企業基本法 (see resources/parameters)."""

from __future__ import annotations

from typing import Any

import pytest

from app.facts.catalogue import Catalogue
from tests.services.grants.grant_samples import company

CLASSES = {
    # code: (act class, small-firm class, class of the subsidies' table)
    "0111": ("other", "other", "other"),
    "0611": ("other", "other", "other"),
    "E": ("other", "other", None),
    "2441": ("other", "other", "other"),
    "1911": ("other", "other", "other"),
    "192": ("other", "other", "rubber"),
    "193": ("other", "other", None),
    "1931": ("other", "other", "other"),
    "1933": ("other", "other", "rubber"),
    "371": ("other", "other", "other"),
    "38": ("service", "commerce_service", "service"),
    "3911": ("service", "commerce_service", "software"),
    "3921": ("service", "commerce_service", "software"),
    "401": ("other", "other", "other"),
    "411": ("service", "commerce_service", "service"),
    "413": ("other", "other", "other"),
    "41": (None, None, None),
    "G": (None, None, None),
    "4411": ("other", "other", "other"),
    "50": ("wholesale", "commerce_service", "wholesale"),
    "5599": ("wholesale", "commerce_service", "wholesale"),
    "56": ("retail", "commerce_service", "retail"),
    "6199": ("retail", "commerce_service", "retail"),
    "I": (None, None, None),
    "6211": ("other", "other", "other"),
    "681": ("other", "other", "other"),
    "691": ("other", "other", "other"),
    "6931": ("service", "commerce_service", "service"),
    "7011": ("service", "commerce_service", "service"),
    "7261": ("service", "commerce_service", "service"),
    "7511": ("service", "lodging_leisure", "inn"),
    "7621": ("retail", "commerce_service", "retail"),
    "7721": ("retail", "commerce_service", "retail"),
    "7821": ("service", "commerce_service", "service"),
    "7911": ("other", "other", "other"),
    "7961": ("service", "commerce_service", "service"),
    "79": (None, None, None),
    "8064": ("service", "lodging_leisure", "service"),
    "8211": ("service", "commerce_service", "service"),
    "8311": ("service", "commerce_service", "service"),
    "8711": ("service", "commerce_service", "service"),
    "9611": ("service", "commerce_service", "service"),
}


@pytest.mark.parametrize(("code", "classes"), CLASSES.items())
def test_a_code_falls_into_the_class_of_the_table(
    catalogue: Catalogue, code: str, classes: tuple[str | None, ...]
) -> None:
    graph = company(catalogue, [("company.industry_code", code)])
    names = ("act_class", "support_class", "program_class")
    assert tuple(graph.fact(f"size.{name}").value for name in names) == classes


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("2441", (300_000_000, 300, 20, 20, 300)),
        ("5011", (100_000_000, 100, 5, 5, 100)),
        ("5611", (50_000_000, 50, 5, 5, 50)),
        ("7821", (50_000_000, 100, 5, 5, 100)),
        ("7511", (50_000_000, 100, 5, 20, 200)),
        ("8011", (50_000_000, 100, 5, 20, 100)),
        ("3911", (50_000_000, 100, 5, 5, 300)),
        ("1933", (300_000_000, 300, 20, 20, 900)),
    ],
)
def test_the_limits_are_those_of_the_law(
    catalogue: Catalogue, code: str, limits: tuple[Any, ...]
) -> None:
    graph = company(catalogue, [("company.industry_code", code)])
    names = ("act_capital_limit", "act_employee_limit", "act_small_limit", "support_limit",
             "program_employee_limit")  # fmt: skip
    assert tuple(graph.fact(f"size.{name}").value for name in names) == limits


@pytest.mark.parametrize(
    ("shares", "officers", "deemed"),
    [
        ([("大企業", "1/2")], [False], True),
        ([("大企業", "49/100"), ("大企業", "1/6")], [False], False),
        ([("大企業", "1/3"), ("大企業", "1/3")], [False], True),
        ([("大企業", "1/10")], [True, False], True),
        ([("大企業", "1/10")], [True, False, False], False),
        ([(None, "9/10")], [False], None),
        ([], [False], None),
        ([("大企業", "1/10")], [], None),
    ],
)
def test_who_owns_a_company_can_make_it_large(
    catalogue: Catalogue,
    shares: list[tuple[str | None, str]],
    officers: list[bool],
    deemed: bool | None,
) -> None:
    facts: list[tuple[str, Any]] = []
    for number, (size, ratio) in enumerate(shares):
        facts.append((f"shareholders[s{number}].ratio", ratio))
        facts += [(f"shareholders[s{number}].size_class", size)] if size else []
    facts += [(f"officers[o{n}].from_large", large) for n, large in enumerate(officers)]
    assert company(catalogue, facts).fact("ownership.deemed_large").value is deemed


def test_taxable_income_is_the_mean_of_three_years(catalogue: Catalogue) -> None:
    facts: list[tuple[str, Any]] = [("company.fiscal_year_end_month", 3)]
    facts += [
        (f"financials.taxable_income[{year}-03]", amount)
        for year, amount in ((2023, 100), (2024, 100), (2025, 102), (2026, 10**12))
    ]
    # On 2026-01-26 the year that ends in 2026-03 is still running.
    assert company(catalogue, facts).fact("applicant.taxable_income_average").value == 100
