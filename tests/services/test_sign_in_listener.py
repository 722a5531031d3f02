"""The loopback listener against browsers, strangers and slow connections."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import BadInput, Known
from app.services.sign_in import LoopbackListener


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as made:
        yield made


def send(listener: LoopbackListener, raw: str) -> str:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as visitor:
        visitor.sendall(raw.encode())
        pieces = []
        while piece := visitor.recv(65536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def get(listener: LoopbackListener, target: str, host: str = "", method: str = "GET") -> str:
    host = host or f"127.0.0.1:{listener.port}"
    return send(listener, f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")


def test_the_returned_address_is_given_whole_and_the_person_told(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        page = get(listener, "/callback?code=a%20b&state=x&session_state=s")
        assert waiting.result(10) == (
            f"http://127.0.0.1:{listener.port}/callback?code=a%20b&state=x&session_state=s"
        )
    assert page.startswith("HTTP/1.1 200 OK")
    assert "戻ってください" in page
    assert "Cache-Control: no-store" in page
    assert "Content-Security-Policy: default-src 'none'" in page
    assert "code=a" not in page


def test_it_answers_nobody_afterwards(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        get(listener, "/callback?code=a&state=x")
        waiting.result(10)
        with pytest.raises(OSError, match="refused"):
            get(listener, "/callback?code=b&state=x")


@pytest.mark.parametrize(
    ("status", "target", "host", "method"),
    [
        ("404", "/", "", "GET"),
        ("404", "/callback", "", "GET"),
        ("404", "/callback/?code=a&state=x", "", "GET"),
        ("404", "/Callback?code=a&state=x", "", "GET"),
        ("404", "/favicon.ico", "", "GET"),
        ("404", "/callback?x=1", "", "GET"),
        ("405", "/callback?code=a&state=x", "", "POST"),
        ("405", "/callback?code=a&state=x", "", "OPTIONS"),
        ("400", "/callback?code=a&state=x", "evil.example", "GET"),
        ("400", "/callback?code=a&state=x", "127.0.0.1", "GET"),
        ("400", "/callback?code=a&state=x", "localhost:53682", "GET"),
        ("400", "http://evil.example/callback?code=a&state=x", "", "GET"),
    ],
)
def test_a_stranger_is_turned_away_and_the_wait_goes_on(pool, status, target, host, method):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        assert get(listener, target, host, method).startswith(f"HTTP/1.1 {status}")
        assert not waiting.done()
        get(listener, "/callback?code=real&state=x")
        assert "code=real" in waiting.result(10)


def test_a_page_that_guesses_does_not_end_the_wait(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback", state="right") as listener:
        waiting = pool.submit(listener.wait, 10)
        for guess in ("wrong", "right&state=wrong", ""):
            assert get(listener, f"/callback?code=evil&state={guess}").startswith("HTTP/1.1 404")
        get(listener, "/callback?code=real&state=right")
        assert "code=real" in waiting.result(10)


def test_the_state_is_taken_from_the_address_that_is_opened(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        listener.expect("https://account.e-gov.go.jp/auth/auth?client_id=a&state=a%2Fb&nonce=n")
        waiting = pool.submit(listener.wait, 10)
        assert get(listener, "/callback?code=evil&state=x").startswith("HTTP/1.1 404")
        get(listener, "/callback?code=real&state=a%2Fb")
        assert "code=real" in waiting.result(10)


@pytest.mark.parametrize(
    "raw",
    [
        "GET /callback?code=a&state=x HTTP/1.1\r\n\r\n",
        "GET /callback?code=a&state=x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET  /callback?code=a HTTP/1.1\r\n\r\n",
        "GET /callback?code=a\r\n\r\n",
        "\x16\x03\x01 hello\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused(pool, raw):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        assert send(listener, raw).startswith("HTTP/1.1 400")
        listener.close()
        with pytest.raises(Known):
            waiting.result(10)


def test_silent_and_endless_connections_hold_up_nobody(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        silent = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(5)]
        with socket.create_connection(("127.0.0.1", listener.port)) as endless:
            endless.sendall(b"GET /" + b"a" * 20_000)
            endless.settimeout(10)
            assert endless.recv(10) == b"", "an endless head is cut off"
        get(listener, "/callback?code=real&state=x")
        assert "code=real" in waiting.result(5)
        for visitor in silent:
            visitor.close()


def test_a_request_in_pieces_is_read(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as listener:
        waiting = pool.submit(listener.wait, 10)
        with socket.create_connection(("127.0.0.1", listener.port)) as slow:
            slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in (
                "GET /call",
                "back?code=a&st",
                f"ate=x HTTP/1.1\r\nHost: 127.0.0.1:{listener.port}",
                "\r\n\r\n",
            ):
                slow.sendall(piece.encode())
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
        assert waiting.result(10).endswith("/callback?code=a&state=x")


def test_closed_before_the_wait():
    listener = LoopbackListener("127.0.0.1", 0, "/callback")
    listener.close()
    with pytest.raises(Known) as fault:
        listener.wait(10)
    assert fault.value.code == "sign-in-stopped"


def test_close_from_another_thread_ends_the_wait(pool):
    listener = LoopbackListener("127.0.0.1", 0, "/callback")
    waiting = pool.submit(listener.wait, 30)
    listener.close()
    with pytest.raises(Known) as fault:
        waiting.result(10)
    assert fault.value.code == "sign-in-stopped"
    listener.close()


def test_the_wait_ends_by_itself():
    listener = LoopbackListener("127.0.0.1", 0, "/callback")
    with pytest.raises(Known) as fault:
        listener.wait(0.05)
    assert fault.value.code == "sign-in-timeout"


def test_a_busy_port_is_said_plainly():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Known) as fault:
            LoopbackListener("127.0.0.1", port, "/callback")
    assert fault.value.code == "listener-port-busy"
    assert str(port) in fault.value.sentence


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost", "192.168.0.1", "", "::"])
def test_only_loopback_is_listened_at(host):
    with pytest.raises(BadInput):
        LoopbackListener(host, 0, "/callback")


def test_the_same_port_can_be_listened_at_again(pool):
    with LoopbackListener("127.0.0.1", 0, "/callback") as first:
        waiting = pool.submit(first.wait, 10)
        get(first, "/callback?code=a&state=x")
        waiting.result(10)
    with LoopbackListener("127.0.0.1", first.port, "/callback") as second:
        assert second.redirect_uri == first.redirect_uri
