"""The kept copy of public grants: search against a slow twin, changes, kills, damage, two programs."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_parts import ROOT

from app.domain.areas import BLOCKS, PREFECTURES
from app.domain.clock import fixed_clock
from app.domain.folding import fold, folded_words
from app.domain.grant import Grant, GrantDetail, GrantFile, GrantQuery, GrantRound, GrantSource
from app.domain.grant_words import BANDS, INDUSTRIES, PURPOSES
from app.store.public_data import Changes, PublicData, PublicFault
from app.store.public_file import FORMAT
from app.store.public_rows import folded_text, merged

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def grant(number: int, **parts: object) -> Grant:
    """A grant with this number."""
    plain = Grant(f"jgrants:{number}", GrantSource.JGRANTS, str(number), f"支援{number}")
    return replace(plain, **parts)  # type: ignore[arg-type]


def opened(path: Path) -> PublicData:
    """The copy in this folder."""
    return PublicData(path / "grants.db", fixed_clock(NOW))


# --- folding


@pytest.mark.parametrize(
    ("left", "right"),
    [("IoT", "ＩｏＴ"), ("カタカナ", "ｶﾀｶﾅ"), ("カタカナ", "かたかな"), ("⼯芸", "工芸"), ("ガ", "ｶﾞ"),
     ("ヴ", "ゔ"), ("ＡＢＣ", "abc"), ("Ⅳ", "iv"), (" a　 b\n", "a b"), ("㈱", "(株)")],
)  # fmt: skip
def test_what_people_write_alike_is_alike(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert all(word in once for word in folded_words(text))


# --- search against a slow twin


def twin(grants: list[Grant], query: GrantQuery, among: set[str] | None) -> list[str]:
    """What the query finds, slowly and straight from its description."""
    found = []
    for one in grants:
        text = folded_text(one, None)
        least, most = BANDS.get(one.employees, (0, None))
        covered = {p for a in one.areas for p in BLOCKS.get(a, (a,))}
        if "全国" in one.areas:
            covered |= set(PREFECTURES)
        tests = [
            all(word in text for word in folded_words(query.words)),
            not query.areas or any(a in covered for a in query.areas),
            not query.purposes
            or one.purposes == ()
            or set(query.purposes) & set(one.purposes or ()),
            not query.industries
            or one.industries == ()
            or set(query.industries) & set(one.industries or ()),
            not query.categories or one.category in query.categories,
            query.employees is None
            or (least <= query.employees and (most is None or query.employees <= most)),
            query.amount_from is None or (one.max_limit or -1) >= query.amount_from,
            query.amount_to is None
            or (one.max_limit is not None and one.max_limit <= query.amount_to),
            query.deadline_from is None or one.ends is None or one.ends >= query.deadline_from,
            query.deadline_to is None or (one.ends is not None and one.ends <= query.deadline_to),
            query.open_at is None or one.starts is None or one.starts <= query.open_at,
            query.open_at is None or one.ends is None or one.ends >= query.open_at,
            among is None or one.key in among,
        ]
        if all(tests):
            found.append(one)
    last = datetime.max.replace(tzinfo=UTC)
    still = sorted((g for g in found if not g.ends or g.ends >= NOW), key=lambda g: g.ends or last)
    over = sorted((g for g in found if g.ends and g.ends < NOW), key=lambda g: g.ends or last)
    return [g.key for g in (*still, *reversed(over))]


LETTERS = "農業介護補助金かカｶが-・ａA 1"
WORDS = st.text(LETTERS, max_size=4)
MOMENTS = st.none() | st.integers(-50_000, 50_000).map(lambda n: NOW + timedelta(minutes=7 * n))
AREAS = st.lists(st.sampled_from(["全国", "東京都", "大阪府", "近畿地方", "海外", "?"]), max_size=3)
SOME_INDUSTRIES = st.sampled_from(list(INDUSTRIES.values())[:3])
GRANTS = st.builds(
    grant,
    st.just(0),
    title=st.text(LETTERS, max_size=12),
    institution=WORDS,
    areas=AREAS.map(tuple),
    employees=st.sampled_from(["", *BANDS]),
    max_limit=st.none() | st.integers(1, 30),
    starts=MOMENTS,
    ends=MOMENTS,
    purposes=st.none() | st.lists(st.sampled_from(PURPOSES[:3]), max_size=2).map(tuple),
    industries=st.none() | st.lists(SOME_INDUSTRIES, max_size=2).map(tuple),
    category=st.sampled_from(["給付・補助金", "税制"]),
)
QUERIES = st.builds(
    GrantQuery,
    words=st.text(LETTERS, max_size=6),
    areas=st.lists(st.sampled_from(["東京都", "大阪府", "海外"]), max_size=2).map(tuple),
    purposes=st.lists(st.sampled_from(PURPOSES[:3]), max_size=1).map(tuple),
    industries=st.lists(SOME_INDUSTRIES, max_size=1).map(tuple),
    categories=st.lists(st.sampled_from(["税制"]), max_size=1).map(tuple),
    employees=st.none() | st.integers(0, 1000),
    amount_from=st.none() | st.integers(0, 30),
    amount_to=st.none() | st.integers(0, 30),
    deadline_from=MOMENTS,
    deadline_to=MOMENTS,
    open_at=st.none() | st.just(NOW),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(GRANTS, max_size=12), st.lists(st.one_of(st.builds(GrantQuery, words=WORDS), QUERIES), min_size=1, max_size=6), st.booleans())  # fmt: skip
def test_search_agrees_with_a_slow_twin(
    tmp_path_factory: pytest.TempPathFactory,
    grants: list[Grant],
    queries: list[GrantQuery],
    some: bool,
) -> None:
    grants = [replace(g, key=f"jgrants:{n}", id=str(n)) for n, g in enumerate(grants)]
    public = opened(tmp_path_factory.mktemp("twin"))
    public.put([replace(g, title="前の題", ends=NOW) for g in grants[::2]], NOW)
    public.put(grants, NOW)
    among = {g.key for g in grants[::3]} if some else None
    for query in queries:
        expected = twin(grants, query, among)
        found = public.search(query, 100, 0, among)
        assert found.exact
        assert found.total == len(expected)
        assert _loosely(public, found.keys) == _loosely(public, expected)
        pages = [public.search(query, 3, start, among).keys for start in range(0, 12, 3)]
        assert [key for page in pages for key in page] == list(found.keys)
    public.close()


def _loosely(public: PublicData, keys: object) -> list[object]:
    """Keys in order, where grants of one minute may stand in any order."""
    found: dict[object, set[str]] = {}
    for key in keys:  # type: ignore[attr-defined]
        one = public.get(key)
        assert one is not None
        found.setdefault(one.ends and int(one.ends.timestamp()) // 60, set()).add(key)
    return list(found.items())


def test_a_prefecture_finds_its_block_and_the_nation(tmp_path: Path) -> None:
    public = opened(tmp_path)
    public.put([grant(1, areas=("近畿地方",)), grant(2, areas=("全国",)), grant(3, areas=("奈良県",)), grant(4)], NOW)  # fmt: skip
    assert set(public.search(GrantQuery(areas=("大阪府",))).keys) == {"jgrants:1", "jgrants:2"}
    assert public.search(GrantQuery(areas=("全国",))).keys == ("jgrants:2",)
    assert public.search(GrantQuery(areas=("どこか",))).keys == ()


def test_pairs_that_are_apart_are_no_word(tmp_path: Path) -> None:
    public = opened(tmp_path)
    public.put([grant(1, title="設備 備投 投資"), grant(2, title="設備投資")], NOW)
    found = public.search(GrantQuery(words="設備投資"))
    assert (found.keys, found.total, found.exact) == (("jgrants:2",), 1, True)


# --- what is kept


def test_everything_of_a_detail_comes_back(tmp_path: Path) -> None:
    public = opened(tmp_path)
    whole = GrantDetail(
        grant=grant(1, areas=("全国", "東京都"), ends=NOW, industries=("建設業",), practice=True),
        catch_phrase="一行", body="<p>農業</p>", area_detail="市内", rate="1/2以内", type_name="一般型",
        reception="有", several_requests=False, page_url="https://x.example/", project_ends=NOW,
        rounds=(GrantRound("r", "第1回", ("東京都",), "市内", NOW, None, NOW),),
        files=(GrantFile("form", "様式.pdf", 12), GrantFile("outline", "要綱")),
        links=(("頁", "https://y.example/"),), inquiry="電話",
    )  # fmt: skip
    assert public.put_detail(whole, NOW)
    assert public.detail("jgrants:1") == whole
    assert not public.put_detail(whole, NOW)
    assert public.get("jgrants:1") == whole.grant
    assert public.search(GrantQuery(words="農業 市内 様")).total == 0
    assert public.search(GrantQuery(words="農業 市内")).keys == ("jgrants:1",)
    assert public.search(GrantQuery(words="<p>")).total == 0


def test_what_the_list_does_not_tell_stays_as_the_detail_told_it(tmp_path: Path) -> None:
    public = opened(tmp_path)
    public.put([grant(1, max_limit=100)], NOW)
    assert not public.detail_is_current("jgrants:1")
    public.put_detail(GrantDetail(grant(1, industries=("建設業",), title="別の題")), NOW)
    assert public.detail_is_current("jgrants:1")
    shown = public.get("jgrants:1")
    assert shown == grant(1, max_limit=100, industries=("建設業",))
    later = NOW + timedelta(days=1)
    assert public.put([grant(1, max_limit=200)], later) == Changes((), ("jgrants:1",), ())
    assert not public.detail_is_current("jgrants:1")
    assert public.get("jgrants:1") == grant(1, max_limit=200, industries=("建設業",))
    assert public.seen_at("jgrants:1") == later
    changes = public.changes("jgrants:1")
    assert [(c.field, c.before, c.after, c.seen_at) for c in changes] == [
        ("max_limit", "100", "200", later)
    ]


def test_the_version_grows_with_each_change_alone(tmp_path: Path) -> None:
    public = opened(tmp_path)
    first = public.version()
    public.put([grant(1)], NOW)
    second = public.version()
    public.put([grant(1)], NOW + timedelta(days=1))
    assert first < second == public.version()
    assert public.grants() == [grant(1)]
    assert public.put([grant(1, ends=NOW)], NOW).changed
    assert public.grants() == [grant(1, ends=NOW)]
    assert public.search(GrantQuery()).total == 1


@given(st.builds(merged, st.none() | GRANTS, GRANTS))
def test_a_merged_grant_keeps_what_is_told(one: Grant) -> None:
    assert isinstance(one, Grant)


# --- faults


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.domain.grant import Grant, GrantSource
from app.store.public_data import PublicData
public = PublicData(Path(sys.argv[1]))
now = datetime(2026, 11, 24, tzinfo=UTC)
for turn in range(1, 10_000):
    public.put([Grant(f"jgrants:{n}", GrantSource.JGRANTS, str(n), f"題{turn}", max_limit=turn) for n in range(60)], now)
    print(turn, flush=True)
"""


@pytest.mark.kill
def test_a_kill_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "grants.db"
    for wait in (random.Random(7).uniform(0.05, 0.4) for _ in range(6)):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert child.stdout is not None
        told = int(child.stdout.readline())
        time.sleep(wait)
        os.kill(child.pid, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        told = max([told, *(int(line) for line in child.stdout.read().split() if line.isdigit())])
        child.wait()
        child.stdout.close()
        public = PublicData(path)
        limits = {one.max_limit for one in public.grants()}
        assert len(limits) == 1
        assert (limit := limits.pop()) is not None
        assert limit >= told
        assert public.search(GrantQuery(words=f"題{limit}"), 100).total == 60
        assert public.notice == ""
        public.close()


@pytest.mark.parametrize("where", [0, 4096])
def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path, where: int) -> None:
    public = opened(tmp_path)
    public.put([grant(n) for n in range(500)], NOW)
    version = public.version()
    public.close()
    path = tmp_path / "grants.db"
    with path.open("r+b") as file:
        file.seek(where)
        file.write(b"\x99" * (60_000 if where else 100))
    again = PublicData(path, fixed_clock(NOW + timedelta(hours=1)))
    codes = []
    for _ in range(2):
        try:
            again.put([grant(1)], NOW)
            again.search(GrantQuery(words="支援"))
        except PublicFault as fault:
            codes.append(fault.code)
    assert codes in ([], ["public_damaged"])
    assert "作り直しました" in again.notice
    assert (tmp_path / "grants.db.damaged").exists()
    assert again.grants() == [grant(1)]
    assert again.version() > version
    again.close()


def test_threads_that_ended_leave_no_connection(tmp_path: Path) -> None:
    public = opened(tmp_path)
    public.put([grant(1)], NOW)
    for _ in range(20):
        thread = threading.Thread(target=public.grants)
        thread.start()
        thread.join()
    assert len(public._file._all) <= 2
    assert public.count() == 1
    public.close()
    with pytest.raises(PublicFault) as caught:
        public.count()
    assert caught.value.code == "public_closed"


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    from app.store.cipher import connect_plain

    connection = connect_plain(tmp_path / "grants.db", busy_milliseconds=100)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(PublicFault) as caught:
        opened(tmp_path)
    assert caught.value.code == "public_newer"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PublicFault) as caught:
        opened(tmp_path / "file")
    assert "支援制度の写し" in caught.value.sentence


def test_several_programs_write_and_read_at_once(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    faults: list[Exception] = []

    def work(public: PublicData, start: int) -> None:
        try:
            for turn in range(5):
                public.put([grant(start + n, max_limit=turn + 1) for n in range(40)], NOW)
                public.search(GrantQuery(words="支援"))
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(p, s)) for p, s in ((first, 0), (second, 20), (first, 60))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert first.count() == second.count() == 100
    assert {g.max_limit for g in second.grants()} == {5}
    first.close()
    second.close()


def test_the_real_records_are_searched(tmp_path: Path, shared: Path) -> None:
    from app.services.connectors.jgrants.parse import to_grant

    rows = json.loads((shared / "samples/jgrants/list_records_2894_2026-01-23.json").read_bytes())
    grants = [g for g in (to_grant(row, practice=False) for row in rows) if g]
    public = opened(tmp_path)
    assert len(public.put(grants, NOW).new) == 2894
    for words in ("農業", "介護", "ものづくり", "ｶｰﾎﾞﾝﾆｭｰﾄﾗﾙ", "東京都 設備"):
        query = GrantQuery(words=words)
        expected = twin(grants, query, None)
        assert public.search(query, 3000).total == len(expected)
    assert public.search(GrantQuery(words="申請練習用")).total >= 1
