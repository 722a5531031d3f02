"""The grant connectors against the practice town, over HTTP, as the program meets it."""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path

import pytest

from app.domain.clock import system_clock
from app.domain.errors import Refused
from app.domain.grant import GrantQuery
from app.services.connectors.gbizinfo import GBizInfo
from app.services.connectors.jgrants import DOOR, JGrants, ListQuery, jgrants_pace
from app.services.grants.clean import shown_html
from app.services.grants.keeping import GrantKeeping
from app.services.wire import Wire
from app.store.public_data import PublicData
from tests.sandbox.town_process import TownProcess

PRACTICE_GRANT = "a0WJ200000CDJWIMA5"


@pytest.fixture
def jgrants(town: TownProcess) -> JGrants:
    """The connector at the town."""
    return JGrants(Wire(practice=True, door=DOOR, pace=jgrants_pace()), town.endpoints["jgrants"])


def test_everything_is_kept_and_then_only_what_changed(jgrants: JGrants, tmp_path: Path) -> None:
    public = PublicData(tmp_path / "grants.db")
    keep = GrantKeeping(public, jgrants, system_clock)
    report = keep.refresh(lambda *_: None, lambda: False)
    assert report.fault == ""
    assert report.seen == len(report.new) >= 2894
    assert report.detailed > 10
    again = keep.refresh(lambda *_: None, lambda: False)
    assert (again.new, again.changed, again.detailed) == ((), (), 0)
    key = f"jgrants:{PRACTICE_GRANT}"
    assert public.search(GrantQuery(words="申請練習用")).keys[0] == key
    detail = public.detail(key)
    assert detail is not None
    assert detail.grant.practice
    assert detail.rounds
    public.close()


def test_both_versions_and_the_files_agree(jgrants: JGrants) -> None:
    second, first = jgrants._detail("v2", PRACTICE_GRANT), jgrants._detail("v1", PRACTICE_GRANT)
    assert first.body == second.body
    assert first.grant.ends == second.grant.ends
    assert first.grant.areas == second.grant.areas
    assert [f.name for f in first.files] == [f.name for f in second.files]
    for file in second.files:
        content = io.BytesIO()
        assert jgrants.file(PRACTICE_GRANT, file.kind, file.name, content) == file.size
        assert content.getvalue().startswith(b"%PDF")


def test_the_list_takes_our_parameters(jgrants: JGrants) -> None:
    whole = list(jgrants.list("事業"))
    assert {g.key for g in jgrants.list(ListQuery("事業", open_only=True))} < {g.key for g in whole}
    tokyo = list(jgrants.list(ListQuery("事業", areas=("東京都",))))
    assert tokyo
    assert all("東京都" in g.areas for g in tokyo)
    assert [g.key for g in jgrants.list("ＩｏＴ")] == [g.key for g in jgrants.list("iot")]
    with pytest.raises(Refused):
        jgrants.detail("a0W000000000000000")


def test_a_company_of_gbizinfo(town: TownProcess) -> None:
    told = town.endpoints
    asking = GBizInfo(
        Wire(practice=True, door="gBizINFO"), told["gbizinfo"], told["gbizinfo_token"]
    )
    company = asking.company("1011001141756")
    assert company is not None
    kinds = {a.kind for a in company.activities}
    assert {"certification", "subsidy"} <= kinds
    assert all(a.day is None or a.day > date(2000, 1, 1) for a in company.activities)
    assert all(term.ends for term in company.terms)
    assert company.workplace
    assert company.missing == ()
    old = asking._company("v1", "1011001141756")
    assert old is not None
    assert [a.title for a in old.activities] == [a.title for a in company.activities]
    assert asking.company("4000012090001") is None
    with pytest.raises(Refused):
        GBizInfo(Wire(practice=True), told["gbizinfo"], "wrong").company("1011001141756")


def test_every_composed_detail_is_read_and_shown_clean(town: TownProcess, tmp_path: Path) -> None:
    town.control("POST", "jgrants", {"rate": 0})
    wire = Wire(practice=True, door=DOOR)
    jgrants = JGrants(wire, town.endpoints["jgrants"])
    composed = town.control("GET", "jgrants")["composed"]
    assert len(composed) > 100
    for ident in composed:
        detail = jgrants.detail(ident)
        made = shown_html(detail)
        for hostile in ("<script", "<img", "<iframe", "style=", "onerror=", 'href="javascript'):
            assert hostile not in made.lower()
        for file in detail.files:
            content = io.BytesIO()
            assert jgrants.file(ident, file.kind, file.name, content) == file.size


def test_a_detail_of_40_megabytes(town: TownProcess, jgrants: JGrants) -> None:
    town.control("POST", "jgrants", {"rate": 0, "big": {"id": PRACTICE_GRANT, "megabytes": 40}})
    big = next(f for f in jgrants.detail(PRACTICE_GRANT).files if (f.size or 0) > 40_000_000)
    with tempfile.TemporaryFile() as sink:
        assert jgrants.file(PRACTICE_GRANT, big.kind, big.name, sink) == big.size
        sink.seek(-6, 2)
        assert sink.read() == b"%%EOF\n"
    town.control("POST", "jgrants", {"big": None})


def test_a_hasty_door_is_waited_for_and_a_change_is_told(town: TownProcess, jgrants: JGrants, tmp_path: Path) -> None:  # fmt: skip
    public = PublicData(tmp_path / "grants.db")
    keep = GrantKeeping(public, jgrants, system_clock)
    key = f"jgrants:{PRACTICE_GRANT}"
    town.weather("rate_limited", match="*/subsidies")
    assert keep.refresh(lambda *_: None, lambda: public.detail_is_current(key)).fault == ""
    changes = {"subsidy_max_limit": 7_000_000, "subsidy_rate": "3/4以内"}
    town.control("POST", "jgrants/record", {"id": PRACTICE_GRANT, "changes": changes})
    report = keep.refresh(lambda *_: None, lambda: False)
    assert report.changed == (key,)
    told = {c.field: c.after for c in public.changes(key)}
    assert told == {"max_limit": "7,000,000", "rate": "3/4以内"}
    public.close()


@pytest.mark.parametrize("kind", ["truncated_body", "error_500"])
def test_weather_on_one_detail(town: TownProcess, jgrants: JGrants, kind: str) -> None:
    town.weather(kind, match="*/v2/public/subsidies/id/*")
    assert jgrants.detail(PRACTICE_GRANT).grant.id == PRACTICE_GRANT
