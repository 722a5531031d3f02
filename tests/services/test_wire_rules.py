"""The wire's rules: which addresses, which certificate, how often, and what a log may hold."""

from __future__ import annotations

import hashlib
import logging
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.domain.clock import JST
from app.domain.errors import Unreachable
from app.services.wire import HOUJIN_BANGOU_STEPS, Busy, Pace, Timeouts, Wire
from app.services.wire.address import check_address
from app.services.wire.redact import log_line
from tests.services.certificates import certificate_for_loopback
from tests.services.misbehaving_server import (
    MisbehavingServer,
    answer,
)

FAST = Timeouts(connect=2.0, read=0.3, whole=0.6)


class Watch:
    """A clock a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 3, 13, 42, tzinfo=JST)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


# ---- which addresses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://api.e-gov.go.jp/shinsei/v2",
        "http://localhost:8000/",
        "http://192.168.0.1/",
        "http://0.0.0.0/",
        "http://127.0.0.1.example.com/",
        "http://user@127.0.0.1/",
        "http://[::ffff:8.8.8.8]/",
        "ftp://127.0.0.1/",
        "http:///x",
        "http://127.0.0.1:99999/",
    ],
)
def test_a_practice_vault_reaches_loopback_only(url):
    with pytest.raises(Unreachable):
        check_address(url, practice=True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "https://[::1]:1/x", "http://127.9.9.9/"]
)
def test_a_practice_vault_reaches_the_town(url):
    assert check_address(url, practice=True).hostname


@pytest.mark.parametrize(
    "url",
    [
        "http://api.e-gov.go.jp/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://town.localhost./",
        "https://10.0.0.5/",
        "https://169.254.169.254/",
        "https://0.0.0.0/",
        "https://a:b@api.e-gov.go.jp/",
    ],
)
def test_a_real_vault_refuses_loopback_private_and_plain(url):
    with pytest.raises(Unreachable):
        check_address(url, practice=False)


def test_a_refused_address_is_never_called():
    called: list[object] = []
    transport = httpx.MockTransport(lambda r: called.append(r) or httpx.Response(200, json={}))
    for practice, url in ((False, "https://127.0.0.1/"), (True, "https://api.e-gov.go.jp/")):
        with pytest.raises(Unreachable):
            Wire(practice=practice, transport=transport).request("GET", url)
    assert called == []


# ---- TLS ----------------------------------------------------------------------------------------


def test_the_pinned_certificate_is_taken_and_no_other(tmp_path):
    good, good_pin = certificate_for_loopback(tmp_path / "good.pem")
    other, _ = certificate_for_loopback(tmp_path / "other.pem")
    with MisbehavingServer(answer(b'{"ok": true}'), tls=good) as server:
        town = Wire(practice=True, pin=good_pin, timeouts=FAST)
        assert town.request("GET", server.url).json() == {"ok": True}
        town.close()
    with MisbehavingServer(answer(), tls=other) as server:
        stranger = Wire(practice=True, pin=good_pin, timeouts=FAST)
        with pytest.raises(Unreachable) as fault:
            stranger.request("POST", server.url, json={}, idempotent=False)
        assert fault.value.code == "practice-certificate"
        assert server.requests == []
        unpinned = Wire(practice=True, timeouts=FAST)
        with pytest.raises(Unreachable) as fault:
            unpinned.request("GET", server.url)
        assert fault.value.code == "practice-certificate-unknown"


def test_a_certificate_changed_after_the_first_handshake_is_refused(tmp_path):
    good, pin = certificate_for_loopback(tmp_path / "good.pem")
    other, _ = certificate_for_loopback(tmp_path / "other.pem")
    with MisbehavingServer(answer(), tls=good) as server:
        town = Wire(practice=True, pin=pin, timeouts=FAST)
        town.request("GET", server.url)
        good.load_cert_chain(tmp_path / "other.pem")  # the same server now shows another one
        assert other is not good
        with pytest.raises(Unreachable) as fault:
            town.request("POST", server.url + "/apply", json={}, idempotent=False)
        assert len(server.requests) == 1
        town.close()
    assert fault.value.code == "door-certificate"


def _leads_home(monkeypatch, name: str, trust: ssl.SSLContext) -> None:
    """`name` resolves to this machine, whose own authority vouches for the certificate there."""
    asked = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: asked(
            "127.0.0.1" if host in (name, name.encode()) else host, *rest, **more
        ),
    )
    monkeypatch.setattr("app.services.wire.client.system_trust", lambda: trust)


def _trusting_anything() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_a_real_vault_does_not_follow_a_name_to_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    _leads_home(monkeypatch, "api.e-gov.go.jp", _trusting_anything())
    tls, _ = certificate_for_loopback(tmp_path / "trusted-here.pem")
    with MisbehavingServer(answer(), tls=tls) as server:
        url = f"https://api.e-gov.go.jp:{server.port}/shinsei/v2/apply"
        wire = Wire(practice=False, timeouts=FAST)
        with pytest.raises(Unreachable) as fault:
            wire.request("POST", url, json={}, idempotent=False)
        wire.close()
    assert fault.value.code == "address-loopback"
    assert server.requests == []


def test_a_proxy_on_this_machine_may_still_be_used(monkeypatch):
    with MisbehavingServer(answer(b"", 502)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        wire = Wire(practice=False, timeouts=FAST)
        with pytest.raises(Unreachable) as fault:
            wire.request("GET", "https://api.e-gov.go.jp/shinsei/v2")
        wire.close()
    assert fault.value.code == "door-unreached"
    assert proxy.requests[0].startswith(b"CONNECT api.e-gov.go.jp:443 ")


def test_the_system_trust_refuses_an_unknown_certificate(tmp_path):
    from app.services.wire.trust import system_trust

    tls, _ = certificate_for_loopback(tmp_path / "unknown.pem")
    context = system_trust()
    assert context is system_trust()
    with (
        MisbehavingServer(answer(), tls=tls) as server,
        socket.create_connection(("127.0.0.1", server.port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="127.0.0.1")


# ---- pace ---------------------------------------------------------------------------------------


def _mock(*statuses: int, headers: dict[str, str] | None = None, **more):
    seen: list[httpx.Request] = []
    queue = list(statuses)

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(queue.pop(0), json={}, headers=headers or {})

    made = Wire(practice=True, transport=httpx.MockTransport(handle), **more)
    return made, seen


def test_the_register_is_left_alone_30_s_then_1_5_and_30_minutes():
    watch = Watch()
    pace = Pace(statuses=frozenset({403}), steps=HOUJIN_BANGOU_STEPS)
    wire, seen = _mock(*[403] * 5, 200, 403, clock=watch, pace=pace)
    for count, seconds in enumerate((30, 60, 300, 1800, 1800), start=1):
        with pytest.raises(Busy) as fault:
            wire.request("GET", "http://127.0.0.1/4/num")
        assert (fault.value.seconds, fault.value.until) == (
            seconds,
            watch.now + timedelta(seconds=seconds),
        )
        watch.forward(seconds - 1)
        with pytest.raises(Busy):
            wire.request("GET", "http://127.0.0.1/4/num")
        assert len(seen) == count, "while it waits, the door is not asked"
        watch.forward(1)
    assert wire.request("GET", "http://127.0.0.1/4/num").status == 200
    with pytest.raises(Busy) as fault:
        wire.request("GET", "http://127.0.0.1/4/num")
    assert fault.value.seconds == 30, "an answer starts the waits again"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Fri, 03 Jul 2026 04:43:00 GMT", 60),
        ("soon", 5),
        ("-4", 5),
        ("9" * 40, 86_400),
        ("0", 5),
    ],
)
def test_retry_after_is_obeyed(said, seconds):
    watch = Watch()
    wire, _ = _mock(429, headers={"Retry-After": said}, clock=watch)
    with pytest.raises(Busy) as fault:
        wire.request("POST", "http://127.0.0.1/apply", json={}, idempotent=False)
    assert fault.value.seconds == seconds
    assert isinstance(fault.value, Unreachable), "the door took nothing"


def test_a_clock_set_back_makes_no_wait_longer():
    watch = Watch()
    wire, seen = _mock(
        200, 200, 429, 200, clock=watch, pace=Pace(interval=0.4), pause=lambda _: None
    )
    wire.request("GET", "http://127.0.0.1/")
    watch.forward(-86_400)
    wire.request("GET", "http://127.0.0.1/")
    with pytest.raises(Busy) as first:
        wire.request("GET", "http://127.0.0.1/")
    watch.forward(-86_400)
    with pytest.raises(Busy) as second:
        wire.request("GET", "http://127.0.0.1/")
    assert second.value.seconds == first.value.seconds
    watch.forward(first.value.seconds + 1)
    wire.request("GET", "http://127.0.0.1/")
    assert len(seen) == 4


def test_a_short_wait_is_held_and_a_long_one_is_raised():
    paused: list[float] = []
    watch = Watch()
    wire, seen = _mock(*[200] * 9, clock=watch, pace=Pace(interval=0.4), pause=paused.append)
    for _ in range(3):
        wire.request("GET", "http://127.0.0.1/a")
    assert paused == pytest.approx([0.4, 0.8])
    with pytest.raises(Busy):
        wire.request("GET", "http://127.0.0.1/a")
    assert len(seen) == 3


def test_a_sentence_of_waiting_names_the_time():
    fault = Busy("e-Gov", datetime(2026, 1, 1, tzinfo=UTC), seconds=300, status=429)
    assert "5分ほど" in fault.sentence


# ---- log ----------------------------------------------------------------------------------------


def test_a_log_line_holds_no_number_and_no_query():
    line = log_line(
        "GET", "https://u:p@api.e-gov.go.jp/shinsei/v2/apply/9002026000002796?id=K3Y", "200", 12
    )
    assert line == "GET api.e-gov.go.jp /shinsei/v2/apply/{id} 200 12 ms"


def test_nothing_secret_is_logged_even_at_debug(caplog):
    caplog.set_level(logging.DEBUG)
    with MisbehavingServer(answer(b'{"access_token": "T0KEN"}')) as server:
        wire = Wire(practice=True)
        wire.request(
            "POST",
            server.url + "/num/1290001089235?id=APPID",
            headers={"Authorization": "Bearer T0KEN"},
            form={"code": "C0DE"},
            basic=("me", "S3CRET"),
            idempotent=True,
        )
        wire.close()
    logged = "\n".join(f"{r.name} {r.getMessage()}" for r in caplog.records)
    assert "POST 127.0.0.1 /num/{id} 200" in logged
    for secret in ("APPID", "T0KEN", "C0DE", "S3CRET", "1290001089235", "bWU6"):
        assert secret not in logged


def test_httpx_is_not_imported_before_the_first_request():
    program = (
        "import sys, app.services.wire, app.services.connectors.egov, app.services.connectors.oidc,"
        " app.services.connectors.houjin_bangou, app.services.sign_in, app.services.keys;"
        "from app.services.settings import first_look; from app.services.wire import Wire;"
        "Wire(practice=True); app.services.keys.KeyRing();"
        "print([m for m in ('httpx', 'keyring', 'pydantic', 'truststore', 'joserfc') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout.strip() == "[]"


def test_the_pin_is_read_with_or_without_colons(tmp_path):
    tls, pin = certificate_for_loopback(tmp_path / "c.pem")
    colons = ":".join(pin[i : i + 2].upper() for i in range(0, 64, 2))
    assert len(hashlib.sha256().hexdigest()) == len(pin)
    with MisbehavingServer(answer(), tls=tls) as server:
        wire = Wire(practice=True, pin=colons, timeouts=FAST)
        assert wire.request("GET", server.url).status == 200
        wire.close()
