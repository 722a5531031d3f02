"""The catalogue in resources is sound, and a bad one is refused with file, line and reason."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest

from app.facts.catalogue import Catalogue, catalogue_of, load_catalogue
from app.facts.definition import CatalogueFault, UnknownFact
from app.facts.record import Origin

NEEDED = [
    "company.corporate_number",
    "company.name",
    "company.kana",
    "company.name_en",
    "company.kind",
    "company.established_on",
    "company.capital",
    "company.phone",
    "company.email",
    "company.employee_count",
    "company.head_office.postal_code",
    "company.head_office.prefecture_code",
    "company.head_office.prefecture",
    "company.head_office.city_code",
    "company.head_office.city",
    "company.head_office.street",
    "company.head_office.address",
    "company.head_office.address_kana",
    "company.representative.family_name",
    "company.representative.given_name",
    "company.representative.name",
    "company.representative.kana",
    "company.representative.title",
    "company.representative.birth",
    "company.contact.name",
    "company.contact.kana",
    "company.contact.department",
    "company.contact.title",
    "company.contact.phone",
    "company.contact.email",
    "company.employment_insurance.office_number",
    "company.employment_insurance.hello_work",
    "company.employment_insurance.submission_id",
    "company.employment_insurance.submission_name",
    "company.labour_insurance.number",
    "company.social_insurance.office_mark",
    "company.social_insurance.office_number",
    "company.social_insurance.kenpo_kind",
    "employees[].family_name",
    "employees[].given_name",
    "employees[].name",
    "employees[].family_kana",
    "employees[].given_kana",
    "employees[].kana",
    "employees[].former_name",
    "employees[].former_kana",
    "employees[].sex",
    "employees[].birth",
    "employees[].nationality",
    "employees[].postal_code",
    "employees[].address",
    "employees[].hired_on",
    "employees[].removed",
    "employees[].pay_type",
    "employees[].monthly_wage",
    "employees[].weekly_hours",
    "employees[].weekly_minutes",
    "employees[].contract.fixed_term",
    "employees[].contract.starts_on",
    "employees[].contract.ends_on",
    "employees[].contract.renewable",
    "employees[].job",
    "employees[].employment_kind",
    "employees[].my_number",
    "employees[].employment_insurance.number",
    "employees[].employment_insurance.acquired_on",
    "employees[].employment_insurance.cause",
    "employees[].employment_insurance.lost_on",
    "employees[].pay[month]",
    "officers[].name",
    "offices[].name",
    "shareholders[].name",
    "licences[].name",
    "financials.revenues[fy]",
]


@pytest.fixture(scope="module")
def catalogue(resources: Path) -> Catalogue:
    return load_catalogue(resources)


def test_the_catalogue_is_sound(catalogue: Catalogue) -> None:
    assert [fault.sentence for fault in catalogue.check()] == []


def test_the_catalogue_has_the_facts_the_program_names(catalogue: Catalogue) -> None:
    assert [path for path in NEEDED if path not in catalogue.facts] == []
    assert set(catalogue.collections) >= {
        "employees",
        "offices",
        "officers",
        "shareholders",
        "licences",
    }


def test_every_fact_speaks_japanese_and_secrets_are_marked(catalogue: Catalogue) -> None:
    for fact in catalogue.facts.values():
        assert any("぀" <= sign <= "鿿" for sign in fact.label), fact.pattern
    secret = [f for f in catalogue.facts.values() if f.secret]
    assert [f.pattern for f in secret] == [
        "employees[].my_number",
        "employees[].dependants[].my_number",
    ]
    assert all(f.personal for f in secret)


def test_definitions_are_found_by_concrete_path(catalogue: Catalogue) -> None:
    assert catalogue.definition("employees[k3x9].pay[2026-06]").series == "month"
    assert catalogue.definition("employees[].pay[month]").collection == "employees"
    assert (
        catalogue.definition("officers[a].licences[b].number").collection == "officers[].licences"
    )
    for path in ("employees[].pay[2026-06]", "employees.kana", "nothing", "company.name[a]", ""):
        with pytest.raises(UnknownFact):
            catalogue.definition(path)


def test_legal_figures_are_dated_and_name_their_source(catalogue: Catalogue) -> None:
    rate = catalogue.parameters["employment_insurance.rate.general"]
    days = (date(2023, 3, 31), date(2025, 3, 31), date(2025, 4, 1), date(2026, 3, 31))
    found = [rate.on(day) for day in (*days, date(2026, 4, 1))]
    assert [entry.value if entry else None for entry in found] == [
        None,
        Fraction(155, 10_000),
        Fraction(145, 10_000),
        Fraction(145, 10_000),
        Fraction(135, 10_000),
    ]
    assert rate.on(date(2027, 4, 1)) is None
    for parameter in catalogue.parameters.values():
        assert parameter.law
        assert all(entry.source for entry in parameter.values)
    hours = catalogue.parameters["employment_insurance.weekly_hours"].on(date(2026, 7, 1))
    assert hours is not None
    assert (hours.value, hours.verified) == (20, False)


def test_the_rates_are_those_of_the_reference_table(catalogue: Catalogue, shared: Path) -> None:
    rows = (shared / "samples/social/premium_rates.csv").read_text("utf-8").splitlines()
    names = {
        "一般の事業": "general",
        "農林水産・清酒製造": "agriculture_sake",
        "建設の事業": "construction",
    }
    compared = 0
    for row in rows:
        cells = row.split(",")
        if cells[0] == "koyou_rate":
            entry = catalogue.parameters[f"employment_insurance.rate.{names[cells[1]]}"].on(
                date.fromisoformat(cells[6])
            )
            assert entry is not None
            assert entry.value == Fraction(int(cells[2]), int(cells[3]))
            assert entry.valid_to == date.fromisoformat(cells[7])
            compared += 1
    assert compared == 4


def test_loading_needs_neither_pydantic_nor_the_network() -> None:
    """The first window waits for the catalogue, so nothing heavy may come with it."""
    code = (
        "import sys, pathlib; from app.facts.catalogue import load_catalogue;"
        "from app.facts.graph import Graph; load_catalogue(pathlib.Path('resources'));"
        "print([m for m in ('pydantic', 'httpx', 'PySide6', 'keyring', 'lxml') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr


# ---- bad catalogues -------------------------------------------------------------------------

AT_LOAD = {
    "not TOML": ('[fact]\n"company.a" = { label = "a"\nkind', 2, "TOML"),
    "unknown heading": ("[facts]\n", 1, "知らない見出し"),
    "no label": ('\n[fact]\n"company.a" = { kind = "text" }', 3, "label"),
    "unknown kind": ('[fact]\n"company.a" = { label = "a", kind = "float" }', 2, "kind"),
    "unknown key": ('[fact."company.a"]\nlabel = "a"\nkind = "text"\ncolour = "red"', 4, "colour"),
    "wrong type": ('[fact."company.a"]\nlabel = "a"\nkind = "text"\nsecret = "yes"', 4, "secret"),
    "bad path": ('[fact]\n"company..a" = { label = "a", kind = "text" }', 2, "名前の書き方"),
    "no collection": ('[fact]\n"cats[].a" = { label = "a", kind = "text" }', 2, "[[collection]]"),
    "no choices": ('[fact]\n"company.a" = { label = "a", kind = "choice" }', 2, "choices"),
    "choices of text": (
        '[fact]\n"company.a" = { label = "a", kind = "text", choices = [["1", "x"]] }',
        2,
        "choices",
    ),
    "crooked choices": (
        '[fact]\n"company.a" = { label = "a", kind = "choice", choices = [["1"]] }',
        2,
        "choices",
    ),
    "unknown origin": (
        '[fact."company.a"]\nlabel = "a"\nkind = "text"\nprecedence = ["rumour"]',
        4,
        "出どころ",
    ),
    "origin twice": (
        '[fact]\n"company.a" = { label = "a", kind = "text", precedence = ["typed", "typed"] }',
        2,
        "2 つ",
    ),
    "no table": ('[fact]\n"company.a" = 1', 2, "書き方"),
    "nameless collection": ('[[collection]]\npath = "staff"', 2, "一覧の書き方"),
    "precedence of no list": ("precedence = 5", 1, "出どころ"),
    "rule alone": ('[fact]\n"company.a" = { label = "a", kind = "text", rule = "x" }', 2, "rule"),
    "two of one": (
        '[fact]\n"books.a[fy]" = { label = "a", kind = "yen" }\n"books.a[month]" = { label = "a", kind = "yen" }',
        3,
        "2 つ",
    ),
}


@pytest.mark.parametrize("case", AT_LOAD)
def test_a_bad_catalogue_is_refused_when_it_is_read(case: str) -> None:
    text, line, reason = AT_LOAD[case]
    with pytest.raises(CatalogueFault) as caught:
        catalogue_of({"bad.toml": text})
    assert (caught.value.file, caught.value.line) == ("bad.toml", line)
    assert reason in caught.value.sentence


GOOD = """
[[collection]]
path = "staff"
label = "従業員"
[fact]
"company.a" = { label = "a", kind = "yen" }
"company.t" = { label = "t", kind = "text" }
"staff[].w" = { label = "w", kind = "yen" }
"staff[].ring" = { label = "ring", kind = "bool", value = "staff.count > 1" }
"""
AT_CHECK = {
    "unknown name": ('value = "company.zzz + 1"', 4, "目録にありません"),
    "unknown figure": ("value = \"param('x')\"", 4, "法定の数値"),
    "wrong kind": ('value = "company.t"', 4, "合いません"),
    "ratio for yen": ('value = "company.a / 3"', 4, "端数"),
    "forbidden form": ('value = "company.a ** 2"', 4, "累乗"),
    "cycle of one": ('value = "company.bad + 1"', 4, "循環"),
    "no fact in it": ('value = "1 + 1"', 4, "どの項目も使っていません"),
    "never applies": ('value = "company.a"\nwhen = "False"', 4, "いつまでも"),
    "condition no bool": ('value = "company.a"\nwhen = "company.a"', 5, "はい・いいえ"),
    "serves nobody": ('value = "company.a"\ninternal = true', 5, "どこからも"),
    "nobody tells": ("askable = false", 1, "いつまでも"),
}


@pytest.mark.parametrize("case", AT_CHECK)
def test_bad_expressions_are_found_by_the_check(case: str) -> None:
    lines, line, reason = AT_CHECK[case]
    text = f'[fact."company.bad"]\nlabel = "bad"\nkind = "yen"\n{lines}\n'
    faults = catalogue_of({"good.toml": GOOD, "bad.toml": text}).check()
    assert [(fault.file, fault.line) for fault in faults] == [("bad.toml", line)]
    assert reason in faults[0].sentence


def test_longer_cycles_and_what_rests_on_the_dead_are_found() -> None:
    text = dedent(
        """
        [[collection]]
        path = "staff"
        label = "従業員"
        [fact]
        "company.x" = { label = "x", kind = "integer", value = "company.y" }
        "company.y" = { label = "y", kind = "integer", value = "sum(e.z for e in staff)" }
        "staff[].z" = { label = "z", kind = "integer", value = "company.x" }
        """
    )
    faults = catalogue_of({"c.toml": text}).check()
    assert [(fault.line, "循環" in fault.reason) for fault in faults] == [(8, True)]
    assert "company.x → company.y → staff[].z → company.x" in faults[0].reason
    dead = dedent(
        """
        [fact]
        "company.never" = { label = "n", kind = "integer", precedence = [] }
        "company.on_it" = { label = "o", kind = "integer", value = "company.never + 1" }
        """
    )
    assert [fault.line for fault in catalogue_of({"d.toml": dead}).check()] == [3, 4]


def test_membership_may_not_depend_on_itself() -> None:
    text = GOOD + (
        '"staff[].removed" = { label = "r", kind = "bool", value = "staff.count > 3" }\n'
    )
    assert any("循環" in fault.reason for fault in catalogue_of({"m.toml": text}).check())


PARAMETERS = {
    "overlap": (
        "values = [{ from = 2026-01-01, value = 1, verified = true, source = 's' }, { from = 2027-01-01, value = 2, verified = true, source = 's' }]",
        "重なって",
    ),
    "float": (
        "values = [{ from = 2026-01-01, value = 1.5, verified = true, source = 's' }]",
        "整数か",
    ),
    "no source": ("values = [{ from = 2026-01-01, value = 1, verified = true }]", "source"),
    "backwards": (
        "values = [{ from = 2026-02-01, to = 2026-01-01, value = 1, verified = true, source = 's' }]",
        "より前",
    ),
    "no date": (
        "values = [{ from = '2026-02-01', value = 1, verified = true, source = 's' }]",
        "日付",
    ),
    "nothing": ("values = []", "values"),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_bad_legal_figures_are_refused(case: str) -> None:
    lines, reason = PARAMETERS[case]
    text = f'[parameter."p"]\nlabel = "p"\nunit = ""\nlaw = "l"\n{lines}\n'
    faults = catalogue_of({}, {"rates.toml": text}).check()
    assert [fault.file for fault in faults] == ["rates.toml"]
    assert reason in faults[0].reason


def test_mappings_are_no_part_of_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.toml").write_text(
        '[fact]\n"company.a" = { label = "あ", kind = "text" }\n'
    )
    (tmp_path / "facts" / "map-of-it.toml").write_text("[anything]\n")
    catalogue = load_catalogue(tmp_path)
    assert list(catalogue.facts) == ["company.a"]
    assert catalogue.definition("company.a").precedence[0] is Origin.REGISTER
