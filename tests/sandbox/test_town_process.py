"""The town as a process: endpoints, TLS, loopback only, its log, its state folder, its end."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import httpx

from tests.sandbox.town_packages import PROC, Application, skeleton
from tests.sandbox.town_process import ROOT, TownProcess, start_town


def client_of(town: TownProcess) -> httpx.Client:
    headers = {"Authorization": f"Bearer {town.token()['access_token']}"}
    base = town.endpoints["egov_api"]
    return httpx.Client(base_url=base, headers=headers, trust_env=False, verify=False)


def test_certificate_is_the_pinned_one(town: TownProcess) -> None:
    trusted = ssl.create_default_context(cadata=town.endpoints["document_authority_pem"])
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT
    for name in ("egov_auth_https", "gbizid_issuer_https"):
        url = httpx.URL(town.endpoints[name])
        with (
            socket.create_connection(("127.0.0.1", url.port or 0), 10) as raw,
            trusted.wrap_socket(raw, server_hostname="127.0.0.1") as tls,
        ):
            der = tls.getpeercert(binary_form=True)
            assert der is not None
            assert hashlib.sha256(der).hexdigest() == town.endpoints["tls_sha256"]
            tls.unwrap().close()


def test_issuers_over_tls(town: TownProcess) -> None:
    trusted = ssl.create_default_context(cadata=town.endpoints["document_authority_pem"])
    with httpx.Client(verify=trusted, trust_env=False) as web:
        gbizid = town.endpoints["gbizid_issuer_https"]
        found = web.get(f"{gbizid}.well-known/openid-configuration").json()
        assert found["issuer"] == gbizid
        assert found["authorization_endpoint"].startswith("https://127.0.0.1:")
        egov = town.endpoints["egov_auth_https"]
        assert web.get(f"{egov}/.well-known/openid-configuration").json()["issuer"] == egov


def test_other_host_names_are_refused(town: TownProcess, web: httpx.Client) -> None:
    for name in ("mailbox", "egov_auth"):
        url = httpx.URL(town.endpoints[name])
        answer = web.get(url, headers={"Host": f"evil.example:{url.port}"})
        assert answer.status_code == 400


def test_log_has_no_secret(town: TownProcess, web: httpx.Client) -> None:
    tokens = town.token()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    web.get(f"{town.endpoints['egov_api']}/procedure/{PROC}", headers=headers)
    web.get(f"{town.endpoints['egov_auth']}/auth", params={"state": "SECRETSTATE"})
    form = {"account": "prime@example.jp", "password": "SECRETPASSWORD"}
    web.post(f"{town.endpoints['gbizid_issuer']}login", data=form)
    lines = town.control("GET", "log")["lines"]
    text = json.dumps(lines)
    for secret in ("SECRET", tokens["access_token"][-20:], town.endpoints["control_token"]):
        assert secret not in text
    assert {"service", "method", "path", "query", "status", "weather", "at", "fault"} == set(
        lines[0]
    )
    assert any(line["query"] == ["state"] for line in lines)


def test_clock_can_be_set(town: TownProcess) -> None:
    town.control("POST", "clock", {"set": "2027-03-01T10:00:00"})
    assert town.clock(60)["now"].startswith("2027-03-01 10:01")
    tokens = town.token()
    assert tokens["expires_in"] == 3600


def test_town_ends_with_its_parent() -> None:
    town = start_town(seed=1)
    assert town.stop() == 0


def test_town_ends_on_sigterm_even_with_a_silent_request() -> None:
    with start_town(seed=1) as town:
        town.weather("no_answer", match="/4/num")
        url = httpx.URL(f"{town.endpoints['houjin_bangou']}/num")
        with socket.create_connection(("127.0.0.1", url.port or 0), 10) as raw:
            raw.sendall(b"GET /4/num HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            os.kill(town.process.pid, signal.SIGTERM)
            assert town.process.wait(15) == 0


def test_state_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    with start_town(state=folder) as town:
        tokens, before = town.token(), town.endpoints
        with client_of(town) as api:
            number = api.post("/apply", json=Application(skeleton(api)).body()).json()["results"]
    kept = (folder / "town.json").read_text("utf-8")
    assert tokens["refresh_token"] not in kept
    assert tokens["access_token"] not in kept
    if os.name == "posix":
        assert stat.S_IMODE((folder / "town.json").stat().st_mode) == 0o600
    with start_town(state=folder) as town:
        assert town.endpoints["egov_api"] == before["egov_api"]
        assert town.endpoints["tls_sha256"] == before["tls_sha256"]
        (held,) = town.ledger()
        assert held["arrive_id"] == number["arrive_id"]
        refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        basic = (town.endpoints["software_id"], town.endpoints["api_key"])
        url = f"{town.endpoints['egov_auth']}/token"
        answer = httpx.post(url, data=refresh, auth=basic, trust_env=False, verify=False)
        assert answer.status_code == 200
        with client_of(town) as api:
            second = api.post("/apply", json=Application(skeleton(api)).body()).json()["results"]
    assert second["arrive_id"] > number["arrive_id"]


def test_port_file(tmp_path: Path) -> None:
    path = tmp_path / "town.json"
    with start_town(seed=3, extra=("--port-file", str(path))) as town:
        assert json.loads(path.read_text("utf-8")) == town.endpoints


def test_seed_repeats() -> None:
    def first_code() -> str:
        with start_town(seed=5) as town:
            town.control("POST", "pace", {"mode": "manual"})
            with client_of(town) as api:
                body = Application(skeleton(api)).body()
                number = api.post("/apply", json=body).json()["results"]["arrive_id"]
            town.advance(number, "審査中")
            town.advance(number, "審査終了")
            return str(town.ledger()[0]["subject"]["insured_given"])

    assert first_code() == first_code()


def test_town_imports_nothing_of_the_client() -> None:
    code = (
        "import sys, app.sandbox.serve; "
        "print([m for m in sys.modules if m.startswith('app.') and m != 'app.sandbox' "
        "and not m.startswith('app.sandbox.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_files_stay_short() -> None:
    for path in (ROOT / "app" / "sandbox").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path.name
