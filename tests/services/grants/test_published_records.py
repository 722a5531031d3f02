"""Every published record for every written company, against a plain reading of the raw row.

Nothing of the program's reader or rules is used for the reading: an area as its words say, a band of
employees as its number says, the end as its date says. A row that excludes a company must be 対象外, and
none may be 対象外 by area or size that the row does not exclude.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.areas import BLOCKS
from app.domain.clock import fixed_clock
from app.facts.catalogue import Catalogue
from app.services.connectors.jgrants.parse import to_grant
from app.services.grants.matching import Matching
from app.services.grants.rules import EligibilityRules
from tests.services.grants.grant_samples import NOW, company
from tests.services.grants.test_grant_profiles import PROFILES

MOST = {
    "5名以下": 5,
    "20名以下": 20,
    "50名以下": 50,
    "100名以下": 100,
    "300名以下": 300,
    "900名以下": 900,
}


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "samples/jgrants/list_records_2894_2026-01-23.json").read_text("utf-8")
    return {f"jgrants:{row['id']}": row for row in json.loads(text)}


def in_area(row: dict[str, Any], prefectures: set[str]) -> bool | None:
    """None where the row or the company says nothing of it."""
    told = {part.strip() for part in (row["target_area_search"] or "").split(" / ") if part.strip()}
    if not told or not prefectures:
        return None
    blocks = {block for block, members in BLOCKS.items() if prefectures & set(members)}
    return bool(told & {"全国", *prefectures, *blocks})


def in_band(row: dict[str, Any], employees: int | None) -> bool | None:
    band = row["target_number_of_employees"]
    if not band or employees is None:
        return None
    if "制約" in band:
        return True
    return employees <= MOST[band] if band in MOST else employees >= 901


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_no_row_is_read_otherwise_than_it_says(
    path: Path, rows: dict[str, dict[str, Any]], catalogue: Catalogue, rules: EligibilityRules
) -> None:
    facts = tomllib.loads(path.read_text("utf-8"))["facts"]
    matching = Matching(rules, company(catalogue, facts.items()), catalogue, fixed_clock(NOW))
    grants = [to_grant(row, practice=False) for row in rows.values()]
    matching.load([grant for grant in grants if grant is not None])
    places = {facts.get("company.head_office.prefecture", "")}
    places |= {str(v)[:3] for k, v in facts.items() if k.endswith(".area")}  # 福井県あわら市
    places |= {str(v)[:4] for k, v in facts.items() if k.endswith(".area")}  # 神奈川県川崎市
    known = {place for members in BLOCKS.values() for place in members}
    here = places & known
    for key, row in rows.items():
        end = row["acceptance_end_datetime"]
        over = bool(end) and datetime.fromisoformat(end.replace("Z", "+00:00")) < NOW
        area, size = in_area(row, here), in_band(row, facts.get("company.employee_count"))
        out = matching.outcome(key).value
        if over or area is False or size is False:
            assert out == "対象外", (key, row["title"])
        elif out == "対象外":
            deciding = [r.rule_id for r in matching.verdict(key).reasons if r.decisive]
            assert not any(rule.startswith(("area", "employees", "window")) for rule in deciding), (
                key, deciding,
            )  # fmt: skip
