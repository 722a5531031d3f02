"""What each answer of e-Gov means: refused, signed out, never sent, or open for ever."""

from __future__ import annotations

import httpx
import pytest

from app.domain.errors import DoorFault, NoAnswer, Refused, SignedOut, Unreachable
from app.services.connectors.egov import Egov
from app.services.wire import Timeouts, Wire
from tests.services.egov_door import (
    ARRIVE,
    BASE,
    PROC,
    RECEIPT,
    ZIP,
    Door,
    case_item,
    good,
    problem,
)
from tests.services.misbehaving_server import MisbehavingServer, answer, hang_up, reset, silence

# ---- what an answer means -----------------------------------------------------------------------

ITEMS = [
    {
        "form_name": "取得届",
        "attached_file_name": "-",
        "file_name": "a.xml",
        "item": "郵便番号",
        "content": "半角で",
    }
]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_problem_json_refuses_with_its_items(status):
    door = Door(problem(status, report_list=ITEMS))
    with pytest.raises(Refused) as fault:
        door.egov.apply(PROC, "a.zip", ZIP)
    assert fault.value.status == status
    assert fault.value.code == f"egov-{status}"
    assert fault.value.items == (("取得届", "郵便番号", "半角で"),)
    assert "「郵便番号に誤りがあります」とのことです" in fault.value.sentence


def test_a_server_error_that_names_items_refuses_too():
    with pytest.raises(Refused):
        Door(problem(500, report_list=ITEMS)).egov.apply(PROC, "a.zip", ZIP)


def test_bulk_errors_are_items_too():
    door = Door(
        problem(
            400, error_count=1, error=[{"errorFolder": "x(1)", "errorFile": "-", "content": "なし"}]
        )
    )
    with pytest.raises(Refused) as fault:
        door.egov.apply(PROC, "a.zip", ZIP)
    assert fault.value.items == (("x(1)", "", "なし"),)


LOST = [
    problem(500),
    problem(503),
    problem(408),
    httpx.Response(500, text="oops"),
    httpx.Response(502, html="<html>"),
    httpx.Response(504),
    httpx.Response(400, html="<html>bad gateway page</html>"),
    httpx.Response(404, text="not here"),
    httpx.Response(400, json=[]),
    httpx.Response(400, json={}),
    httpx.Response(400, json={"title": ["x"]}),
    httpx.Response(302, headers={"Location": "https://account.e-gov.go.jp/"}),
    httpx.Response(200, html="<html>maintenance</html>"),
    httpx.Response(200, json={}),
    httpx.Response(204),
    good({}),
    good([]),
    good(None),
    good(RECEIPT | {"arrive_id": ""}),
    good(RECEIPT | {"arrive_id": "-"}),
    good(RECEIPT | {"arrive_id": "12345"}),
    good(RECEIPT | {"arrive_date": "きのう"}),
    good(RECEIPT | {"apply_form": "x"}),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("cut"),
]


@pytest.mark.parametrize("told", LOST)
def test_what_leaves_the_outcome_open_is_never_sent_again(told):
    door = Door(told)
    with pytest.raises(NoAnswer) as fault:
        door.egov.apply(PROC, "a.zip", ZIP)
    assert len(door.seen) == 1
    assert not isinstance(fault.value, Refused)


@pytest.mark.parametrize(
    "told", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")]
)
def test_what_never_left_is_unreachable(told):
    with pytest.raises(Unreachable):
        Door(told).egov.apply(PROC, "a.zip", ZIP)


@pytest.mark.parametrize(
    "behaviour", [reset, hang_up, silence, answer(b'{"results": {"arr', length=300)]
)
def test_real_lost_answers(behaviour):
    with MisbehavingServer(behaviour) as server:
        wire = Wire(practice=True, door="e-Gov", timeouts=Timeouts(2, 0.3, 1))
        with pytest.raises(NoAnswer):
            Egov(wire, server.url, lambda: "T").apply(PROC, "a.zip", ZIP)
        assert len(server.requests) == 1
        wire.close()


def test_too_large_and_too_often_filed_nothing():
    with pytest.raises(Refused) as fault:
        Door(httpx.Response(413, html="<html>")).egov.apply(PROC, "a.zip", ZIP)
    assert fault.value.code == "egov-too-large"
    with pytest.raises(Unreachable):
        Door(httpx.Response(429, json={})).egov.apply(PROC, "a.zip", ZIP)


@pytest.mark.parametrize("told", [httpx.Response(401), problem(401)])
def test_401_is_signed_out_and_filed_nothing(told):
    with pytest.raises(SignedOut):
        Door(told).egov.apply(PROC, "a.zip", ZIP)


def test_no_token_means_nothing_is_asked():
    def nobody() -> str:
        raise SignedOut("signed-out", "サインインしていません。")

    asked: list[object] = []
    wire = Wire(
        practice=False, transport=httpx.MockTransport(lambda r: asked.append(r) or good({}))
    )
    with pytest.raises(SignedOut):
        Egov(wire, BASE, nobody).apply(PROC, "a.zip", ZIP)
    assert asked == []


def _fails() -> bool:
    raise NoAnswer("x", "y")


def _signed_out() -> bool:
    raise SignedOut("x", "y")


@pytest.mark.parametrize(
    ("alive", "reading", "filing"),
    [
        (lambda: False, (SignedOut, "egov-revoked"), (NoAnswer, "egov-unknown-signed-out")),
        (_signed_out, (SignedOut, "egov-revoked"), (NoAnswer, "egov-unknown-signed-out")),
        (lambda: True, (NoAnswer, "egov-trouble"), (NoAnswer, "egov-unknown")),
        (lambda: None, (NoAnswer, "egov-trouble"), (NoAnswer, "egov-unknown")),
        (_fails, (NoAnswer, "egov-trouble"), (NoAnswer, "egov-unknown")),
        (None, (NoAnswer, "egov-trouble"), (NoAnswer, "egov-unknown")),
    ],
)
def test_500_asks_whether_the_sign_in_lives(alive, reading, filing):
    kind, code = reading
    with pytest.raises(kind) as fault:
        Door(problem(500), alive=alive).egov.case(ARRIVE)
    assert fault.value.code == code
    kind, code = filing
    with pytest.raises(kind) as fault:
        Door(problem(500), alive=alive).egov.apply(PROC, "a.zip", ZIP)
    assert fault.value.code == code, "revoked after the filing was taken would look the same"


def test_a_reading_call_whose_line_broke_is_tried_again():
    door = Door(httpx.ReadError("reset"), good(case_item()))
    assert door.egov.case(ARRIVE).arrive_id == ARRIVE
    assert len(door.seen) == 2


def test_no_fault_carries_the_token():
    for told in (httpx.Response(401), problem(500), httpx.ReadError("Bearer T0KEN")):
        door = Door(told)
        with pytest.raises(DoorFault) as fault:
            door.egov.apply(PROC, "a.zip", ZIP)
        assert "T0KEN" not in repr(fault.value)
