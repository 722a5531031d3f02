"""award.toml and [[rounds]]: what is wrong is named with file, line and reason."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from app.facts.catalogue import Catalogue
from app.forms.award_rules import load_award
from app.forms.library import ProcedureLibrary
from app.forms.pack_fault import PackFault
from app.forms.procedure import load_procedure


@pytest.fixture
def copy(tmp_path: Path, resources: Path) -> Path:
    folder = tmp_path / "chusho" / "jizokuka"
    shutil.copytree(resources / "procedures" / "chusho" / "jizokuka", folder)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('from = "notice"', 'from = "nothing"', "nothing"),
        ('round = "implement_by"', 'round = "never"', "never"),
        ('after = ["request"]', 'after = ["later"]', "later"),
        ("days = 10", "days = 10\nmonths = 1", "どちらか一つ"),
        ('done = "awards[].withdrawn_on"', 'done = "company.name"', "形"),
        ('done = "awards[].withdrawn_on"', 'done = "awards[].nothing"', "目録"),
        ('id = "withdraw"', 'id = "request"', "二つ"),
    ],
)
def test_a_fault_of_the_award_names_its_line(
    copy: Path, catalogue: Catalogue, old: str, new: str, word: str
) -> None:
    path = copy / "award.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackFault, match=word) as fault:
        load_award(load_procedure(copy, catalogue), catalogue)
    assert fault.value.file == "award.toml"
    assert fault.value.line > 5


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (
            'choices = [["17", "第17回"], ["20", "第20回"]]',
            'choices = [["17", "第17回"]]',
            "rounds",
        ),
        ("of_round(field.kai, 'closes')", "of_round(field.kai, 'nai')", "nai"),
        ("closes = 2026-12-15", "closes = 2026-12-15\nopens = 2027-01-01", "締切"),
        ("exact = true", "exact = true\nday = 3", "どれか一つ"),
        ("({meisho})", "({nai})", "nai"),
    ],
)
def test_a_fault_of_the_rounds_and_names_names_its_line(
    copy: Path, catalogue: Catalogue, old: str, new: str, word: str
) -> None:
    path = copy / "procedure.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackFault, match=word) as fault:
        load_procedure(copy, catalogue)
    assert fault.value.file == "procedure.toml"
    assert fault.value.line > 5


def test_the_round_that_closes_next_is_the_open_one(copy: Path, catalogue: Catalogue) -> None:
    rounds = load_procedure(copy, catalogue).round_table
    assert rounds.open_on(date(2025, 6, 13)) == "17"
    assert rounds.open_on(date(2025, 6, 14)) == "20"
    assert rounds.open_on(date(2030, 1, 1)) == "20"
    assert rounds.value("20", "report_by") == date(2028, 4, 10)
    assert rounds.value("20", "wage_rise_yen") is None


def test_a_scheme_finds_its_folder(resources: Path) -> None:
    entries = ProcedureLibrary(resources).entries()
    practice = [e.id for e in entries if e.is_for_grant("a0WJ200000CDJWIMA5", "", "x")]
    assert practice == ["jgrants/renshu_hojokin"]
    title = (
        "\u2f29規模事業者持続化補助\u2fa6＜\u2f00般型・通常枠＞第20回公募"  # as jGrants writes it
    )
    assert [e.id for e in entries if e.is_for_grant("z", "S-1", title)] == ["chusho/jizokuka"]
