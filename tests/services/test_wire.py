"""The wire against servers that really misbehave, and against MockTransport."""

from __future__ import annotations

import gzip
import socket
import threading

import pytest

from app.domain.errors import Known, NoAnswer, Unreachable
from app.services.wire import Timeouts, Wire
from tests.services.certificates import certificate_for_loopback
from tests.services.misbehaving_server import (
    MisbehavingServer,
    answer,
    drip,
    drip_head,
    flood,
    garbage,
    hang_up,
    reset,
    silence,
)

FAST = Timeouts(connect=2.0, read=0.3, whole=0.6)


@pytest.fixture
def wire():
    made = Wire(practice=True, door="e-Gov", timeouts=FAST)
    yield made
    made.close()


def test_a_good_answer_is_returned_whole(wire):
    with MisbehavingServer(answer(b'{"a": "\xe4\xb8\x80"}')) as server:
        reply = wire.request("GET", server.url + "/x", params={"q": "1"})
    assert (reply.status, reply.json()) == (200, {"a": "一"})
    assert b"GET /x?q=1 HTTP/1.1" in server.requests[0]


def test_json_form_and_basic_leave_as_asked(wire):
    with MisbehavingServer(answer()) as server:
        wire.request("POST", server.url, json={"k": "値"}, idempotent=False)
        wire.request("POST", server.url, form={"a": "b c"}, basic=("id", "secret"), idempotent=True)
    assert server.requests[0].endswith('{"k":"値"}'.encode())
    assert b"authorization: basic awq6c2vjcmv0" in server.requests[1].lower()
    assert server.requests[1].endswith(b"a=b+c")


def test_nobody_listening_is_unreachable(wire):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as fault:
        wire.request("POST", f"http://127.0.0.1:{port}/", json={}, idempotent=False)
    assert fault.value.code == "door-unreached"


@pytest.mark.parametrize("behaviour", [reset, hang_up, garbage, silence, drip, drip_head])
def test_a_lost_answer_to_a_filing_is_no_answer_and_sent_once(wire, behaviour):
    with MisbehavingServer(behaviour) as server:
        with pytest.raises(NoAnswer) as fault:
            wire.request("POST", server.url + "/apply", json={"x": 1}, idempotent=False)
        assert len(server.requests) == 1
    assert fault.value.code == "no-answer"
    assert "もう一度は送らず" in fault.value.sentence


def test_half_a_body_is_no_answer(wire):
    with MisbehavingServer(answer(b'{"arrive', 200, length=500)) as server:
        with pytest.raises(NoAnswer):
            wire.request("POST", server.url, json={}, idempotent=False)
        assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", [reset, hang_up, garbage])
def test_a_broken_line_of_a_reading_call_is_tried_once_more(wire, behaviour):
    with MisbehavingServer(behaviour, answer(b"[1]")) as server:
        assert wire.request("GET", server.url).json() == [1]
        assert len(server.requests) == 2


def test_a_reading_call_is_tried_twice_at_most(wire):
    with MisbehavingServer(reset) as server:
        with pytest.raises(NoAnswer) as fault:
            wire.request("GET", server.url)
        assert len(server.requests) == 2
    assert fault.value.code == "no-answer"
    assert "届いたか" not in fault.value.sentence


def test_a_slow_reading_call_is_not_repeated(wire):
    with MisbehavingServer(silence) as server:
        with pytest.raises(NoAnswer):
            wire.request("GET", server.url)
        assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", [flood, answer(b" " * 5000)])
def test_a_huge_answer_is_not_read_to_its_end(wire, behaviour):
    with MisbehavingServer(behaviour) as server, pytest.raises(NoAnswer) as fault:
        wire.request("GET", server.url, limit=1000)
    assert fault.value.code == "answer-too-large"


def test_a_small_answer_that_unpacks_huge_is_refused(wire):
    bomb = gzip.compress(b" " * 50_000_000)
    with (
        MisbehavingServer(answer(bomb, 200, "Content-Encoding: gzip")) as server,
        pytest.raises(NoAnswer) as fault,
    ):
        wire.request("GET", server.url, limit=1000)
    assert fault.value.code == "answer-too-large"


def test_a_packed_answer_is_read_and_a_cut_one_is_not(wire):
    packed = gzip.compress(b'{"a": 1}' + b" " * 3000)
    with MisbehavingServer(
        answer(packed, 200, "Content-Encoding: gzip"),
        answer(packed[:-12], 200, "Content-Encoding: gzip"),
        answer(packed, 200, "Content-Encoding: br"),
    ) as server:
        assert wire.request("GET", server.url).json() == {"a": 1}
        for _ in range(2):
            with pytest.raises(NoAnswer):
                wire.request("GET", server.url)


def test_another_media_type_is_not_an_answer(wire):
    page = answer(b"<html>login</html>", kind="text/html")
    with MisbehavingServer(page) as server, pytest.raises(NoAnswer) as fault:
        wire.request("GET", server.url)
    assert fault.value.code == "answer-unread"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b'{"a": NaN}', b"[" * 100_000])
def test_a_body_that_is_not_json_is_no_answer(wire, body):
    with MisbehavingServer(answer(body)) as server:
        reply = wire.request("POST", server.url, json={}, idempotent=False)
        with pytest.raises(NoAnswer) as fault:
            reply.json()
    assert "届いたか分かりません" in fault.value.sentence


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(wire, status):
    with MisbehavingServer(answer()) as elsewhere:
        go = answer(b"", status, f"Location: {elsewhere.url}/stolen")
        with MisbehavingServer(go) as server, pytest.raises(NoAnswer) as fault:
            wire.request("GET", server.url, headers={"Authorization": "Bearer t"})
        assert elsewhere.requests == []
    assert fault.value.code == "answer-redirect"


def test_cookies_are_not_kept(wire):
    with MisbehavingServer(answer(b"{}", 200, "Set-Cookie: sid=abc; Path=/")) as server:
        wire.request("GET", server.url)
        wire.request("GET", server.url)
    assert b"cookie" not in server.requests[1].lower()


def test_every_call_has_a_connection_of_its_own(wire):
    """One the door has closed meanwhile would make a filing look lost."""
    with MisbehavingServer(answer()) as server:
        for count in range(1, 4):
            wire.request("POST", server.url, json={}, idempotent=False)
            wire.request("GET", server.url)
            assert server.connections == 2 * count


def test_a_slow_head_over_tls_ends_too(tmp_path):
    tls, pin = certificate_for_loopback(tmp_path / "c.pem")
    with MisbehavingServer(drip_head, tls=tls) as server:
        town = Wire(practice=True, pin=pin, timeouts=FAST)
        with pytest.raises(NoAnswer):
            town.request("POST", server.url, json={}, idempotent=False)
        assert len(server.requests) == 1
        town.close()


def test_a_large_package_over_a_slow_line_has_the_time_it_needs():
    """0.3 s for the whole call would be over while the server is still reading."""

    def late(connection, request):
        threading.Event().wait(0.5)
        answer(b"[1]")(connection, request)

    wire = Wire(practice=True, timeouts=Timeouts(connect=2, read=3, whole=0.3))
    with MisbehavingServer(late) as server:
        sent = wire.request("POST", server.url, content=b"x" * 200_000, idempotent=False)
        assert sent.json() == [1]
        with pytest.raises(NoAnswer):
            wire.request("POST", server.url, content=b"x", idempotent=False)
    wire.close()


def test_a_proxy_that_cannot_be_used_is_said(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
    with pytest.raises(Unreachable) as fault:
        Wire(practice=False).request("GET", "https://api.e-gov.go.jp/")
    assert fault.value.code == "proxy-unread"


def test_the_practice_town_is_never_reached_through_a_proxy(wire, monkeypatch):
    with MisbehavingServer(answer(b"[1]")) as proxy, MisbehavingServer(answer(b"[2]")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert wire.request("GET", server.url).json() == [2]
        assert proxy.requests == []


def test_a_header_that_cannot_be_sent_tells_nothing_of_itself(wire):
    with MisbehavingServer(answer()) as server:
        with pytest.raises(Known) as fault:
            wire.request("GET", server.url, headers={"Authorization": "Bearer geheim\r\nX: y"})
        assert server.requests == []
    text = repr(fault.value) + str(fault.value.__cause__)
    assert "geheim" not in text
    assert fault.value.__suppress_context__


def test_a_sink_takes_the_body_of_an_ordinary_answer_alone(wire):
    taken: list[bytes] = []

    def sink(piece: bytes) -> bool:
        taken.append(piece)
        return True

    packed = gzip.compress(b'{"a": 1}' + b" " * 3_000_000)
    with MisbehavingServer(answer(packed, 200, "Content-Encoding: gzip")) as server:
        reply = wire.request("GET", server.url, sink=sink)
    assert reply.body == b""
    assert b"".join(taken) == b'{"a": 1}' + b" " * 3_000_000
    assert max(map(len, taken)) <= 256 * 1024
    taken.clear()
    with MisbehavingServer(answer(b'{"errorCode": "E"}', 500)) as server:
        assert wire.request("GET", server.url, sink=sink).body == b'{"errorCode": "E"}'
    assert taken == []


def test_a_sink_that_has_enough_or_fails_ends_the_call(wire):
    body = b"[" + b" " * 5_000_000
    with MisbehavingServer(answer(body, 200)) as server:
        assert wire.request("GET", server.url, sink=lambda _: False).status == 200
    with MisbehavingServer(answer(body, 200)) as server, pytest.raises(ZeroDivisionError):
        wire.request("GET", server.url, sink=lambda piece: len(piece) // 0 == 0)
