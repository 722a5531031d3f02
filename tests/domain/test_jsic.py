"""The classes of 日本標準産業分類: every code of the table lies where the table puts it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.domain.grant_words import INDUSTRIES
from app.domain.jsic import class_of, division_named, division_of


def rows(root: Path) -> list[tuple[str, str]]:
    text = (root / "resources/jsic/jsic-14.csv").read_text("utf-8").splitlines()
    return [(row["code"], row["name"]) for row in csv.DictReader(text)]


def test_every_code_of_the_table_reaches_its_division(root: Path) -> None:
    table = rows(root)
    assert len(table) == 20 + 99 + 536 + 1_473 == len({code for code, _ in table})
    division = ""
    for code, name in table:
        if code in INDUSTRIES:
            division = code
            assert name == INDUSTRIES[code]
        assert division_of(code) == division_of(division + code.removeprefix(division)) == division
        reached = [class_of(code, depth) for depth in ("middle", "minor", "detail")]
        digits = code if code.isdigit() else ""
        assert reached == [digits[:n] if len(digits) >= n else None for n in (2, 3, 4)]


@pytest.mark.parametrize("code", ["", "E0", "00", "9", "12345", "U", "A09", "09x", "E09E", "ー"])
def test_what_is_no_code_has_no_division(code: str) -> None:
    assert division_of(code) is None
    assert class_of(code, "middle") is None


def test_names_are_known_whatever_their_commas_and_widths() -> None:
    for letter, name in INDUSTRIES.items():
        for written in (name, name.replace("、", "，"), name.replace("（", "(").replace("）", ")")):
            assert division_named(written) == letter
    assert division_named("忍者業") is None
