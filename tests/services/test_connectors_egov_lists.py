"""Reading whole lists of e-Gov, since a filing is settled by what is listed."""

from __future__ import annotations

from urllib.parse import parse_qs

import httpx
import pytest

from app.domain.errors import NoAnswer
from app.services.connectors.egov import Egov
from app.services.wire import Wire
from tests.services.egov_door import (
    ARRIVE,
    BASE,
    FIRST,
    LAST,
    Door,
    case_item,
    good,
)

# ---- lists --------------------------------------------------------------------------------------


class Lister:
    """A door with a list of cases, that counts its pages from `first`."""

    def __init__(self, count: int, first: int = 1, change_at: int = -1, change=None) -> None:
        self.items = [case_item(f"90020260000{n:05}", no=n) for n in range(count)]
        self.first, self.change_at, self.calls = first, change_at, []
        self.change = change
        wire = Wire(practice=False, door="e-Gov", transport=httpx.MockTransport(self._handle))
        self.egov = Egov(wire, BASE, lambda: "T")

    def _handle(self, request: httpx.Request) -> httpx.Response:
        query = {k: v[0] for k, v in parse_qs(request.url.query.decode()).items()}
        self.calls.append(query)
        if len(self.calls) == self.change_at:
            self.change(self.items)
        size, page = int(query["limit"]), max(0, int(query["offset"]) - self.first)
        found = self.items[page * size : (page + 1) * size]
        return good(
            {"apply_list": found},
            resultset={
                "all_count": len(self.items),
                "limit": size,
                "offset": page,
                "count": len(found),
            },
        )


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 120])
def test_a_list_is_read_to_its_end_however_pages_are_counted(count, first):
    door = Lister(count, first)
    cases = door.egov.cases(FIRST, LAST)
    assert sorted(c.arrive_id for c in cases) == [str(i["arrive_id"]) for i in door.items]
    assert door.calls[0] == {
        "date_from": "2026-07-01", "date_to": "2026-07-03", "limit": "50", "offset": "1"
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda items: items.insert(0, case_item("9002026000099999", no=999)),
        lambda items: items.append(case_item("9002026000099999", no=999)),
        lambda items: items.pop(0),
        lambda items: items.pop(),
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_list_that_changes_while_it_is_read_is_read_again(change, at):
    """A filing made elsewhere shifts the pages: one row would be missed and one seen twice."""
    door = Lister(120, change_at=at, change=change)
    cases = door.egov.cases(FIRST, LAST)
    assert {c.arrive_id for c in cases} == {i["arrive_id"] for i in door.items}
    assert len(cases) == len(door.items)


def test_a_list_that_never_adds_up_is_a_fault():
    def handle(_: httpx.Request) -> httpx.Response:
        return good({"apply_list": [case_item()]}, resultset={"all_count": 2})

    wire = Wire(practice=False, door="e-Gov", transport=httpx.MockTransport(handle))
    with pytest.raises(NoAnswer) as fault:
        Egov(wire, BASE, lambda: "T").cases(FIRST, LAST)
    assert fault.value.code == "egov-list-incomplete"


@pytest.mark.parametrize(
    "told",
    [
        good({"apply_list": []}),
        good({"apply_list": []}, resultset={}),
        good({"apply_list": {}}, resultset={"all_count": 0}),
        good([], resultset={"all_count": 0}),
        good({"apply_list": [case_item("短い")]}, resultset={"all_count": 1}),
        good({"apply_list": [case_item(status="")]}, resultset={"all_count": 1}),
        good({"apply_list": ["x"]}, resultset={"all_count": 1}),
    ],
)
def test_an_empty_looking_list_without_its_count_is_not_believed(told):
    """An empty list would mean "never arrived" and free the filing to be sent again."""
    with pytest.raises(NoAnswer):
        Door(told).egov.cases(FIRST, LAST)


def test_a_sending_that_is_no_case_yet_is_listed_without_a_number():
    blank = case_item("-", status="-", send_number="201504281145005643")
    door = Door(good({"apply_list": [blank]}, resultset={"all_count": 1}))
    assert [c.arrive_id for c in door.egov.cases_of_send("201504281145005643")] == [""]
    assert "send_number=201504281145005643" in str(door.seen[0].url)


def test_notices_messages_and_reports():
    door = Door(
        good({"notice_list": [{"arrive_id": ARRIVE, "notice_sub_id": 1, "title": "t"}]}, resultset={"all_count": 1}),
        good({"information_list": [{"information_id": "7", "information_title": "t"}]}, resultset={"all_count": 1}),
        good({"error_report_info": [{"send_number": "1", "apply_count": 2, "arrive_count": "1", "error_count": 1,
              "result": [{"arrive_id": ARRIVE}, {"arrive_id": "-", "report_list": [{"content": "誤り"}]}]}]},
             resultset={"all_count": 1}),
    )  # fmt: skip
    assert door.egov.notices(FIRST, LAST)[0].arrive_id == ARRIVE
    assert door.egov.messages(FIRST, LAST)[0].information_id == "7"
    report = door.egov.reports(FIRST, LAST)[0]
    assert (report.arrive_count, report.arrive_ids) == (1, (ARRIVE,))
    assert report.items[0].content == "誤り"
    assert "limit=30" in str(door.seen[2].url)
