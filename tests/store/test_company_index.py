"""The index beside the vaults: kept whole, and made anew when it is lost or damaged."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_parts import CHEAP, NOON

from app.store.index import CompanyIndex, IndexRow
from app.store.key_file import create_key_file

ROW = IndexRow("a.vault", "みなと製菓", "1180301018771", "名古屋市", "kikyo", "港", NOON, 3)


@pytest.fixture
def index(tmp_path: Path) -> CompanyIndex:
    return CompanyIndex(tmp_path / "companies")


def test_rows_are_kept_in_the_order_of_use(index: CompanyIndex) -> None:
    assert index.rows() == []
    later = IndexRow("b.vault", "べつの会社", last_opened=NOON + timedelta(hours=1), practice=False)
    for row in (ROW, later, IndexRow("c.vault", "開いたことがない")):
        index.put(row)
        index.path(row).write_bytes(b"x")
    assert CompanyIndex(index.folder).rows() == [
        later,
        ROW,
        IndexRow("c.vault", "開いたことがない"),
    ]
    index.drop("b.vault")
    index.path(ROW).unlink()
    rows = {row.file: row for row in index.rows()}
    assert not rows["a.vault"].there
    assert rows["b.vault"].name == "b"  # the file is still there, so it is still shown


def test_unknown_vaults_are_shown_with_their_mark(index: CompanyIndex) -> None:
    index.folder.mkdir()
    for name, practice in (("練習", True), ("本番", False)):
        path = index.folder / f"{name}.vault"
        create_key_file(path, "p", practice=practice, cost=CHEAP)
        path.write_bytes(b"x")
    (index.folder / "鍵なし.vault").write_bytes(b"x")
    assert {(row.name, row.practice) for row in index.rows()} == {
        ("練習", True),
        ("本番", False),
        ("鍵なし", False),
    }


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["companies", "file", "name", "last_opened", "due_count"]), inner
            )
        ),
        max_leaves=20,
    )
    | st.binary(max_size=40)
)
def test_a_damaged_index_never_hinders(index: CompanyIndex, content: object) -> None:
    index.folder.mkdir(exist_ok=True)
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    (index.folder / "companies.json").write_bytes(raw)
    assert isinstance(index.rows(), list)


def test_rows_that_point_elsewhere_are_left_out(index: CompanyIndex) -> None:
    index.put(ROW)
    file = index.folder / "companies.json"
    form = json.loads(file.read_bytes())
    (good,) = form["companies"]
    for bad in ("../a.vault", "/etc/a.vault", "a.txt", 3, None):
        form["companies"].append({**good, "file": bad})
    form["companies"].append({**good, "file": "z.vault", "last_opened": "2026-07-03T00:00:00"})
    file.write_text(json.dumps(form))
    assert [row.file for row in index.rows()] == ["a.vault"]
