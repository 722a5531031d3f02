"""GIF 451-1 tables A to G, and the gBizConnect sample company, told in the catalogue's facts."""

from __future__ import annotations

import csv
import itertools
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record

DAY = date(2020, 11, 1)
MOMENT = datetime(2020, 11, 1, 9, 0, tzinfo=JST)
COMPANY = "corporations-1234567891011"
ISSUED = {"Certificate"}
"""What an authority issues about the company; it is a document, not something the company tells."""


@pytest.fixture(scope="module")
def catalogue(resources: Path) -> Catalogue:
    return load_catalogue(resources)


@pytest.fixture(scope="module")
def mapping(resources: Path) -> dict[str, Any]:
    return tomllib.loads((resources / "facts" / "gif-451-1.toml").read_text(encoding="utf-8"))


def gif_items(text: str) -> set[tuple[str, str]]:
    """(table, item) of the models for companies: chapters 4 (法人用) and 5 (士業法人用)."""
    body = text[text.rindex("\n法人用データモデル\n") : text.rindex("データモデルの活用イメージ")]
    found: set[tuple[str, str]] = set()
    table, lines = "", body.split("\n")
    for marker, line in itertools.pairwise(lines):
        heading = re.match(r"([A-G])票：", line)
        if heading:
            table = heading[1]
        elif marker in ("\t", "\t必", "必") and line.startswith("\t") and line.strip():
            found.add((table, line.strip()))
    return found - {(t, "項目名") for t in "ABCDEFG"}


def test_every_item_of_gif_a_to_g_has_fact_paths(
    catalogue: Catalogue, mapping: dict[str, Any], shared: Path
) -> None:
    text = (shared / "samples/gbizconnect/gif_451-1_shinsei.txt").read_text(encoding="utf-8")
    items = gif_items(text)
    assert {table for table, _ in items} == set("ABCDEFG")
    assert len([1 for table, _ in items if table == "C"]) == 50
    mapped = {(table, item) for table, rows in mapping["gif"].items() for item in rows}
    assert mapped == items
    for table, item in items:
        assert mapping["gif"][table][item], (table, item)
        for path in mapping["gif"][table][item]:
            assert path in catalogue.facts, path


def test_the_finance_keys_bear_the_official_names(
    catalogue: Catalogue, mapping: dict[str, Any], shared: Path
) -> None:
    keys = mapping["gbizconnect"]["Finance/Content"]
    with (shared / "samples/gbizconnect/finance_map.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 51
    assert set(keys) == {row["gbizconnect_key"] for row in rows}
    for row in rows:
        assert catalogue.facts[keys[row["gbizconnect_key"]]].label == row["ja"].strip()


def told(node: Any, section: str, member: str = "") -> Iterator[tuple[str, str, str, str]]:
    """(section, key, value, member key) of everything the sample says."""
    if isinstance(node, list):
        for number, entry in enumerate(node):
            yield from told(entry, section, f"m{number}")
        return
    for key, value in node.items():
        if isinstance(value, str):
            yield section, key, value, member
        else:
            yield from told(value, f"{section}/{key}" if section else key, member)


def value_of(kind: str, text: str) -> Any:
    if kind == "date":
        return date.fromisoformat(text)
    if kind in ("yen", "integer"):
        return int(text)
    return Fraction(int(text), 100) if kind == "ratio" else text


def test_the_sample_company_can_be_told_and_read_back(
    catalogue: Catalogue, mapping: dict[str, Any], shared: Path
) -> None:
    sample = json.loads((shared / "samples/gbizconnect/sample_company.json").read_text("utf-8"))
    company = {key: value for key, value in sample[COMPANY].items() if key not in ISSUED}
    graph = Graph(catalogue, [], DAY)
    spoken = list(told(company, ""))
    assert len(spoken) > 130
    read_back = []
    for section, key, text, member in spoken:
        pattern = mapping["gbizconnect"][section][key]
        path = (
            pattern.replace("licences[].", "licences[p0].", 1) if "officers" in pattern else pattern
        )
        path = path.replace("[]", f"[{member}]").replace("[fy]", "[2020-10]")
        value = value_of(catalogue.definition(path).kind, text)
        graph.add(Record(path, value, Origin.TYPED, MOMENT, source_text=text))
        read_back.append((path, value))
    assert graph.strays == ()
    for path, value in read_back:
        assert graph.fact(path).value == value, path
    assert graph.members("officers") == ("m0",)
    assert graph.members("officers[m0].licences") == ("p0",)
    assert graph.fact("company.head_office.address").value == "東京都〇〇区〇〇丁目〇番地〇号"
    assert graph.fact("licences[m0].holder.name").value == "代理　太郎"
    assert graph.evaluate("sum(s.ratio for s in shareholders)").value == Fraction(3, 10)
