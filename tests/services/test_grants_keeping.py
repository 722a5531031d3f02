"""Keeping the published grants: what a refresh asks for, stops, resumes, waits; the shipped schemes."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from app.domain.clock import fixed_clock
from app.domain.errors import BadInput, Refused, Unreachable
from app.domain.grant import GrantQuery
from app.services.connectors.jgrants import KEYWORDS, JGrants, jgrants_pace
from app.services.connectors.mirasapo import read_schemes
from app.services.grants.keeping import ATTACHMENT, GrantKeeping
from app.services.wire import Wire
from app.store.public_data import PublicData

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def row(number: int, **parts: object) -> dict[str, object]:
    """A row of the list."""
    return {
        "id": f"a0W{number:015}",
        "name": f"S-{number:08}",
        "title": f"補助金{number}",
        "target_area_search": "全国",
        "subsidy_max_limit": 100,
        "acceptance_start_datetime": "2026-01-01T00:00:00.000Z",
        "acceptance_end_datetime": "2027-01-01T00:00:00.000Z",
        "target_number_of_employees": "",
    } | parts


class Portal:
    """The API with rows by keyword; remembers what was asked."""

    def __init__(self, rows: dict[str, list[dict[str, object]]]) -> None:
        self.rows = rows
        self.asked: list[str] = []
        self.busy = 0
        self.broken: set[str] = set()
        self.clock = NOW
        self.data = base64.b64encode(b"%PDF-1.4").decode()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One answer."""
        if self.busy:
            self.busy -= 1
            return httpx.Response(429)
        if request.url.path.endswith("/subsidies"):
            keyword = request.url.params["keyword"]
            self.asked.append(keyword)
            return self.answer(self.rows.get(keyword, []))
        version, ident = request.url.path.split("/")[2], request.url.path.rsplit("/", 1)[1]
        self.asked.append(f"{version}:{int(ident[3:])}")
        if ident in self.broken:
            return httpx.Response(500, json={"errorCode": "E-ML-9999"})
        found = [r for rows in self.rows.values() for r in rows if r["id"] == ident]
        if not found:
            return httpx.Response(404)
        more = {"industry": "建設業", "detail": "<p>詳しく</p>", "application_form": [{"name": "様/式.pdf", "data": self.data}]}  # fmt: skip
        return self.answer([found[0] | more])

    def answer(self, rows: list[dict[str, object]]) -> httpx.Response:
        """The envelope."""
        body = json.dumps({"metadata": {}, "result": rows}).encode()
        return httpx.Response(200, content=body, headers={"Content-Type": "application/json"})


def keeping(tmp_path: Path, portal: Portal, **parts: object) -> tuple[PublicData, GrantKeeping]:
    """A copy in a folder, kept from this portal; its clock moves by what is waited."""
    public = PublicData(tmp_path / "grants.db", fixed_clock(NOW))

    def pause(seconds: float) -> None:
        portal.clock += timedelta(seconds=seconds)

    wire = Wire(practice=False, door="Jグランツ", transport=httpx.MockTransport(portal), pace=jgrants_pace(), clock=lambda: portal.clock, pause=pause)  # fmt: skip
    parts.setdefault("pause", pause)
    connector = JGrants(wire, "https://api.jgrants-portal.go.jp/exp")
    return public, GrantKeeping(public, connector, fixed_clock(NOW), **parts)  # type: ignore[arg-type]


def never() -> bool:
    """Nobody stops it."""
    return False


def test_a_refresh_joins_the_keywords_and_fetches_details_of_open_ones(tmp_path: Path) -> None:
    over = row(3, acceptance_end_datetime="2026-01-02T00:00:00.000Z")
    portal = Portal({KEYWORDS[0]: [row(1), row(2), over], KEYWORDS[1]: [row(2), row(4)]})
    public, keep = keeping(tmp_path, portal)
    steps: list[tuple[int, int]] = []
    report = keep.refresh(lambda done, total: steps.append((done, total)), never)
    assert (len(report.new), report.seen, report.detailed, report.fault) == (4, 4, 3, "")
    assert portal.asked == [*KEYWORDS, "v2:1", "v2:2", "v2:4"]
    assert steps[-1] == (len(KEYWORDS) + 3, len(KEYWORDS) + 3)
    assert [s[0] for s in steps] == sorted(s[0] for s in steps)
    assert public.search(GrantQuery(words="詳しく", industries=("建設業",))).total == 3
    assert keep.last_refreshed() == NOW


def test_only_what_changed_is_fetched_again(tmp_path: Path) -> None:
    portal = Portal({KEYWORDS[0]: [row(1), row(2)]})
    public, keep = keeping(tmp_path, portal)
    keep.refresh(lambda *_: None, never)
    portal.asked.clear()
    keep.refresh(lambda *_: None, never)
    assert portal.asked == list(KEYWORDS)
    portal.rows[KEYWORDS[0]][1] = row(2, subsidy_max_limit=500)
    portal.asked.clear()
    report = keep.refresh(lambda *_: None, never)
    assert portal.asked == [*KEYWORDS, "v2:2"]
    assert report.changed == ("jgrants:a0W000000000000002",)
    changes = public.changes("jgrants:a0W000000000000002")
    assert [(c.field, c.before, c.after) for c in changes] == [("max_limit", "100", "500")]


def test_what_is_starred_has_its_detail_though_it_is_over_or_not_listed(tmp_path: Path) -> None:
    over = row(3, acceptance_end_datetime="2026-01-02T00:00:00.000Z")
    portal = Portal({KEYWORDS[0]: [row(1), over], "elsewhere": [row(9)]})
    stars = ["jgrants:a0W000000000000003", "jgrants:a0W000000000000009", "mirasapo:1"]
    _, keep = keeping(tmp_path, portal, wanted=lambda: stars)
    keep.refresh(lambda *_: None, never)
    assert portal.asked[len(KEYWORDS) :] == ["v2:3", "v2:9", "v2:1"]
    portal.rows[KEYWORDS[0]].append(row(5))
    portal.rows[KEYWORDS[0]][1] = row(3, subsidy_max_limit=7)
    portal.asked.clear()
    report = keep.refresh(lambda *_: None, never, only_wanted=True)
    assert portal.asked[len(KEYWORDS) :] == ["v2:3"]
    assert report.new == ("jgrants:a0W000000000000005",)


@pytest.mark.parametrize("after", range(1, len(KEYWORDS) + 3))
def test_it_can_be_stopped_anywhere_and_goes_on_where_it_was(tmp_path: Path, after: int) -> None:
    portal = Portal({KEYWORDS[0]: [row(1), row(2)]})
    public, keep = keeping(tmp_path, portal)
    report = keep.refresh(lambda *_: None, lambda: len(portal.asked) >= after)
    assert report.stopped == (after < len(KEYWORDS) + 2)
    assert public.count() == 2
    portal.asked.clear()
    report = keep.refresh(lambda *_: None, never)
    done = max(0, after - len(KEYWORDS))
    assert len(portal.asked) == len(KEYWORDS) + 2 - done
    assert report.new == ()


def test_a_busy_door_is_waited_for(tmp_path: Path) -> None:
    portal = Portal({KEYWORDS[0]: [row(1)]})
    portal.busy = 3
    _, keep = keeping(tmp_path, portal)
    assert keep.refresh(lambda *_: None, never).detailed == 1
    assert (portal.clock - NOW).total_seconds() >= 2 + 5 + 10
    portal.busy = 99
    report = keep.refresh(lambda *_: None, never)
    assert "混み合っています" in report.fault


def test_a_detail_that_does_not_come_leaves_the_list_record(tmp_path: Path) -> None:
    portal = Portal({KEYWORDS[0]: [row(1), row(2)]})
    portal.broken.add(str(row(1)["id"]))
    public, keep = keeping(tmp_path, portal)
    report = keep.refresh(lambda *_: None, never)
    assert report.failed == ("jgrants:a0W000000000000001",)
    assert (report.detailed, report.fault) == (1, "")
    assert public.detail("jgrants:a0W000000000000001") is None
    assert public.get("jgrants:a0W000000000000001") is not None


def test_without_a_network_the_copy_stays(tmp_path: Path) -> None:
    portal = Portal({KEYWORDS[0]: [row(1)]})
    public, keep = keeping(tmp_path, portal)
    keep.refresh(lambda *_: None, never)

    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("x")

    wire = Wire(practice=False, door="Jグランツ", transport=httpx.MockTransport(broken))
    cut = GrantKeeping(public, JGrants(wire, "https://x.example"), fixed_clock(NOW))
    assert "つながりません" in cut.refresh(lambda *_: None, never).fault
    assert public.search(GrantQuery(words="補助金")).total == 1
    with pytest.raises(Unreachable):
        cut.refresh_one("jgrants:a0W000000000000001")


class Shelf:
    """A document store."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes, str]] = []

    def keep(self, name: str, content: bytes, kind: str, filing_id: str = "", verdict: str = "") -> str:  # fmt: skip
        """Keeps a document."""
        self.kept.append((name, content, kind))
        return "d1"


def test_an_attachment_goes_into_the_documents(tmp_path: Path) -> None:
    portal = Portal({KEYWORDS[0]: [row(1)]})
    _, keep = keeping(tmp_path, portal)
    shelf = Shelf()
    key = "jgrants:a0W000000000000001"
    assert keep.save_file(key, "form", "様/式.pdf", shelf) == "d1"
    assert shelf.kept == [("様_式.pdf", b"%PDF-1.4", ATTACHMENT)]
    with pytest.raises(Refused):
        keep.save_file("mirasapo:1", "form", "x", shelf)


# --- ミラサポplus


def test_the_shipped_schemes_are_taken_once(tmp_path: Path, resources: Path) -> None:
    shipped = resources / "public" / "mirasapo_2023-10.zip"
    public, keep = keeping(tmp_path, Portal({}), shipped=shipped)
    assert keep.take_shipped() == 1112
    assert keep.take_shipped() == 0
    grants = public.grants()
    counts = {c: sum(g.category == c for g in grants) for c in ("給付・補助金", "金融", "税制", "許認可", "サービス")}  # fmt: skip
    assert sum(counts.values()) == 1112
    assert min(counts.values()) > 70
    assert sum("全国" in g.areas for g in grants) > 400
    assert public.search(GrantQuery(words="IT導入補助金")).total >= 1
    detail = public.detail("mirasapo:214")
    assert detail is not None
    assert detail.grant.purposes == ("設備整備・IT導入をしたい",)
    assert detail.links[0] == ("申請のページ", "https://it-shien.smrj.go.jp/")
    assert keep.refresh_one("mirasapo:214") == detail


def packed(make: Callable[[zipfile.ZipFile], None]) -> bytes:
    """A ZIP made by a function."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        make(archive)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        packed(lambda z: z.writestr("other.json", "{}")),
        packed(lambda z: z.writestr("../supports.json", '{"items": []}')),
        packed(lambda z: z.writestr("supports.json", '{"items": {}}')),
        packed(lambda z: z.writestr("supports.json", "[" * 100_000)),
    ],
)
def test_a_hostile_archive_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_schemes(content)


def test_items_that_are_no_scheme_are_left_out() -> None:
    items = [None, 1, {}, {"id": 3, "title": "x"}, {"id": "../", "title": "x"}, {"id": "5", "title": "よい", "prefectures": "?", "competent_authorities": [{"name": "静岡県", "kind": "lgov"}], "max_employees_count": "x"}]  # fmt: skip
    body = json.dumps({"items": items})
    (found,) = read_schemes(packed(lambda z: z.writestr("supports.json", body)))
    assert (found.grant.key, found.grant.areas) == ("mirasapo:5", ("静岡県",))
