"""The jGrants connector against the samples, exact requests, and answers it must survive."""

from __future__ import annotations

import base64
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput, NoAnswer, Refused
from app.services.connectors.jgrants import JGrants, ListQuery, jgrants_pace
from app.services.connectors.jgrants.hollow import Hollow, TooMuch
from app.services.connectors.jgrants.parse import moment, read_json
from app.services.wire import Busy, Wire

BASE = "https://api.jgrants-portal.go.jp/exp"
ID = "S0J0w00wer0wUgr77E"
ROW = {
    "id": ID,
    "name": "S-01100011",
    "title": "小規模事業者補助金",
    "detail": "<p>経費の一部を補助</p>",
    "use_purpose": "新たな事業を行いたい / 設備整備・IT導入したい",
    "industry": "情報通信業 / 教育，学習支援業",
    "target_number_of_employees": "従業員の制約なし",
    "subsidy_rate": "20%",
    "subsidy_max_limit": 10000000,
    "is_enable_multiple_request": False,
    "front_subsidy_detail_page_url": "https://www.jgrants-portal.go.jp/subsidy/x",
    "granttype": "一般型",
    "application_guidelines": [{"name": "公募要領.pdf", "data": "JVBERi0xLjQKJe"}],
    "outline_of_grant": [{"name": "交付要綱.pdf", "data": "JVBERi0xLjQKJe"}],
    "application_form": [],
    "workflow": [
        {
            "id": "a0GBE000005RJTW2A4",
            "target_area_search": "大分県",
            "target_area_detail": "全国",
            "fiscal_year_round": "第54回",
            "acceptance_start_datetime": "2025-10-01T15:00Z",
            "acceptance_end_datetime": "2026-03-21T15:00Z",
            "project_end_deadline": "2027-12-31T15:00Z",
        }
    ],
    "institution_name": None,
}


def answer(*rows: object) -> bytes:
    """An answer as the API writes it."""
    return json.dumps(
        {"metadata": {"resultset": {"count": len(rows)}}, "result": list(rows)}, ensure_ascii=False
    ).encode()


class Door:
    """Answers by path, remembers what was asked."""

    def __init__(self, **bodies: bytes | int | httpx.Response) -> None:
        self.bodies, self.asked = bodies, []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One answer."""
        self.asked.append(request)
        version = request.url.path.split("/")[2]
        found = self.bodies.get("list" if request.url.path.endswith("subsidies") else version, 404)
        if isinstance(found, httpx.Response):
            return found
        if isinstance(found, int):
            return httpx.Response(found, json={"errorCode": "E-ML-9999", "title": "x"})
        return httpx.Response(200, content=found, headers={"Content-Type": "application/json"})


def asking(door: Door) -> JGrants:
    """The connector over a door of the test."""
    wire = Wire(practice=False, door="Jグランツ", transport=httpx.MockTransport(door), pace=jgrants_pace(), pause=lambda _: None)  # fmt: skip
    return JGrants(wire, BASE)


def test_the_list_is_asked_with_flat_parameters() -> None:
    door = Door(list=answer(ROW))
    query = ListQuery("事業", open_only=True, purposes=("新たな事業を行いたい", "人材育成を行いたい"), areas=("東京都",))  # fmt: skip
    found = list(asking(door).list(query))
    url = door.asked[0].url
    assert url.path == "/exp/v1/public/subsidies"
    assert dict(url.params) == {
        "keyword": "事業", "sort": "acceptance_end_datetime", "order": "ASC", "acceptance": "1",
        "use_purpose": "新たな事業を行いたい / 人材育成を行いたい", "target_area_search": "東京都",
    }  # fmt: skip
    assert [g.key for g in found] == [f"jgrants:{ID}"]
    assert found[0].purposes == ("新たな事業を行いたい", "設備整備・IT導入をしたい")
    assert found[0].industries == ("情報通信業", "教育、学習支援業")
    assert found[0].employees == "従業員数の制約なし"


@pytest.mark.parametrize("keyword", ["", "あ", "空 白", "空　白", "x" * 256])
def test_a_keyword_the_api_does_not_take_is_not_sent(keyword: str) -> None:
    door = Door()
    with pytest.raises(BadInput):
        list(asking(door).list(keyword))
    assert door.asked == []


def test_all_real_records_are_read(shared: Path) -> None:
    rows = json.loads((shared / "samples/jgrants/list_records_2894_2026-01-23.json").read_bytes())
    found = list(asking(Door(list=answer(*rows))).list("事業"))
    assert len(found) == 2894
    assert sum("全国" in g.areas for g in found) == 2043
    assert sum(not g.areas for g in found) == 42
    told = sum(not r["subsidy_max_limit"] for r in rows)
    assert sum(g.max_limit is None for g in found) == told > 800
    assert sum(g.practice for g in found) >= 1
    assert all(g.starts and g.starts.tzinfo for g in found)


def test_a_detail_of_v2_has_its_rounds_and_its_files_without_their_bytes(shared: Path) -> None:
    body = (shared / "samples/jgrants/spec_example_detail_v2.json").read_bytes()
    detail = asking(Door(v2=body)).detail(ID)
    assert detail.type_name == "一般型"
    assert [(f.kind, f.name, f.size) for f in detail.files] == [
        ("guideline", "公募要領.pdf", 10), ("outline", "交付要綱.pdf", 10), ("form", "申請様式.pdf", 10),
    ]  # fmt: skip
    assert detail.rounds[0].name == "第54回"
    assert detail.grant.ends == datetime(2026, 3, 21, 15, tzinfo=UTC)
    assert detail.grant.areas == ("大分県",)
    assert detail.project_ends == datetime(2027, 12, 31, 15, tzinfo=UTC)


def test_v1_is_the_other_way(shared: Path) -> None:
    body = (shared / "samples/jgrants/spec_example_detail_v1.json").read_bytes()
    for first in (500, 404, b"{cut", answer({"id": "another"})):
        door = Door(v2=first, v1=body)
        detail = asking(door).detail(ID)
        assert detail.grant.areas == ("東京都", "大阪府")
        assert [r.url.path.split("/")[2] for r in door.asked] == ["v2", "v1"]


def test_an_unknown_grant_is_named() -> None:
    with pytest.raises(Refused) as caught:
        asking(Door()).detail(ID)
    assert caught.value.code == "grant-not-found"


def test_workflow_null_and_limits_of_nothing() -> None:
    for limit in (0, None, "", -5, 1e400, True):
        row = ROW | {"workflow": None, "subsidy_max_limit": limit}
        detail = asking(Door(v2=answer(row))).detail(ID)
        assert detail.rounds == ()
        assert detail.grant.max_limit is None


def test_control_characters_in_the_json_are_tolerated() -> None:
    body = answer(ROW).replace("経費".encode(), b"a\x00b\x0bc\nd\te")
    detail = asking(Door(v2=body)).detail(ID)
    assert "a b c\nd\te" in detail.body
    assert "\x00" not in detail.body
    assert read_json(b'\xef\xbb\xbf{"a":\x01 1}') == {"a": 1}


@pytest.mark.parametrize(
    "text", ["2025-10-01T15:00Z", "2025-10-01T15:00:00Z", "2025-10-01T15:00:00.000Z"]
)
def test_dates_come_in_three_shapes(text: str) -> None:
    assert moment(text) == datetime(2025, 10, 1, 15, tzinfo=UTC)


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text())))
def test_what_is_no_date_tells_nothing(value: object) -> None:
    moment(value)


def test_429_keeps_away_for_2_then_5_then_10_seconds() -> None:
    door = Door(list=httpx.Response(429))
    now = [datetime(2026, 11, 24, 12, tzinfo=UTC)]
    wire = Wire(practice=False, transport=httpx.MockTransport(door), pace=jgrants_pace(), clock=lambda: now[0], pause=lambda _: None)  # fmt: skip
    waits = []
    for _ in range(4):
        with pytest.raises(Busy) as caught:
            list(JGrants(wire, BASE).list("事業"))
        waits.append(caught.value.seconds)
        now[0] = caught.value.until
    assert waits == [2, 5, 10, 10]


def test_never_more_than_ten_requests_a_second() -> None:
    pauses: list[float] = []
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    wire = Wire(practice=False, transport=httpx.MockTransport(Door(list=answer())), pace=jgrants_pace(), clock=lambda: now, pause=pauses.append)  # fmt: skip
    for _ in range(9):
        list(JGrants(wire, BASE).list("事業"))
    assert pauses == pytest.approx([0.105 * n for n in range(1, 9)])


# --- files


def with_files(**lists: object) -> bytes:
    """A detail with these lists of files."""
    return answer(ROW | lists)


def fetched(body: bytes, kind: str, name: str) -> bytes:
    """The file a door with this v2 answer gives."""
    sink = io.BytesIO(b"before")
    sink.seek(0, 2)
    size = asking(Door(v2=body)).file(ID, kind, name, sink)
    content = sink.getvalue()
    assert content.startswith(b"before")
    assert size == len(content) - 6
    return content[6:]


def test_a_file_is_decoded_whatever_the_order_of_its_keys() -> None:
    content = random.Random(1).randbytes(300_001)
    text = base64.b64encode(content).decode()
    other = base64.b64encode(b"other").decode()
    for wanted in ({"name": "申.pdf", "data": text}, {"data": text, "name": "申.pdf"}):
        body = with_files(
            application_guidelines=[{"data": other, "name": "申.pdf"}],
            application_form=[{"data": other, "name": "a"}, wanted, {"name": "b", "data": other}],
        )
        assert fetched(body, "form", "申.pdf") == content
        assert fetched(body.replace(b"/", b"\\/"), "form", "申.pdf") == content


def test_missing_padding_and_line_breaks_are_taken() -> None:
    body = with_files(application_form=[{"name": "f", "data": "JVBE\r\nRi0xLjQKJe"}])
    assert fetched(body, "form", "f") == b"%PDF-1.4\n%"


@pytest.mark.parametrize("data", ["A", "AB=C", "AAAA=AAA", "!!!!", "あ"])
def test_a_broken_file_is_named_and_leaves_nothing(data: str) -> None:
    sink = io.BytesIO()
    body = with_files(application_form=[{"name": "f", "data": data}])
    with pytest.raises(NoAnswer) as caught:
        asking(Door(v2=body)).file(ID, "form", "f", sink)
    assert caught.value.code == "attachment-damaged"
    assert sink.getvalue() == b""


def test_a_file_that_is_gone_is_named() -> None:
    with pytest.raises(Refused) as caught:
        asking(Door(v2=answer(ROW), v1=answer(ROW))).file(ID, "form", "nothing", io.BytesIO())
    assert caught.value.code == "attachment-gone"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["data", "name", "application_form", "outline_of_grant", "x", 'q"\\']), inner, max_size=4
    ),
    max_leaves=25,
)  # fmt: skip


def emptied(value: object, files: bool = False) -> object:
    """What the slow way makes of it: the `data` of each file emptied."""
    if isinstance(value, dict):
        return {
            key: "" if files and key == "data" and isinstance(inner, str)
            else emptied_list(inner) if key in ("application_form", "outline_of_grant") and isinstance(inner, list)
            else emptied(inner)
            for key, inner in value.items()
        }  # fmt: skip
    if isinstance(value, list):
        return [emptied(inner) for inner in value]
    return value


def emptied_list(value: list[object]) -> list[object]:
    """A list of files with each one emptied."""
    return [emptied(inner, isinstance(inner, dict)) for inner in value]


@given(JSON, st.integers(1, 7), st.booleans())
def test_the_hollow_text_is_the_answer_without_its_files(
    value: object, step: int, plain: bool
) -> None:
    body = json.dumps(value, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    hollow = Hollow()
    for at in range(0, len(body), step):
        assert hollow.take(body[at : at + step])
    assert json.loads(hollow.text.decode("utf-8", "surrogatepass")) == emptied(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(body: bytes) -> None:
    hollow = Hollow()
    for at in range(0, len(body), 3):
        hollow.take(body[at : at + 3])


def test_a_text_beside_the_files_has_a_limit() -> None:
    hollow = Hollow()
    hollow.take(b'{"detail":"' + b"x" * 8_000_000)
    with pytest.raises(TooMuch):
        hollow.take(b"x" * 400_000)
