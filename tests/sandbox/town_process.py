"""Start the practice town for a test, as its own process, and talk to its control API.

How to use it from any test:

    from tests.sandbox.town_process import start_town

    with start_town(seed=7) as town:                # about two seconds; share it in a session fixture
        town.endpoints["egov_api"]                  # addresses, practice ids and keys (see below)
        tokens = town.token("prime@example.jp")     # tokens without a browser
        town.weather("answer_lost", match="POST */apply")
        town.ledger()                               # every filing the e-Gov side holds
        town.advance(arrive_id, "審査終了")          # or 補正, 取下げ承認, 取下げ却下, コメント …
        town.clock(301)                             # let five minutes pass in the town
        town.otp("prime@example.jp")                # newest one-time code of the mailbox
        town.control("POST", "foreign-filing", {"account": "prime@example.jp"})
        town.reset()                                # between tests

Endpoints: houjin_bangou, application_id, gbizid_issuer(_https), gbizid_client_id, gbizid_client_secret,
egov_auth(_https), egov_api(_https), jgrants(_https), gbizinfo(_https), gbizinfo_token, portal(_https),
elsewhere, software_id, api_key, redirect_uris, mailbox, phone, control,
control_token, tls_sha256, tls_certificate_pem, document_authority_pem, pid.
Weather kinds are listed in app/sandbox/weather.py; accounts in resources/sandbox/README.md.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN = 40.0


class TownProcess:
    """A running town; leaving the `with` block ends it."""

    def __init__(self, process: subprocess.Popen[bytes], endpoints: dict[str, Any]) -> None:
        """Use start_town() instead."""
        self.process = process
        self.endpoints = endpoints
        headers = {"X-Town-Token": endpoints["control_token"]}
        self._client = httpx.Client(headers=headers, timeout=20, trust_env=False, verify=False)

    def __enter__(self) -> TownProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def control(self, method: str, path: str, order: dict[str, Any] | None = None) -> Any:
        """One call of the control API; fails the test unless it answers 200."""
        answer = self._client.request(
            method, f"{self.endpoints['control']}/{path}", json=order if method == "POST" else None
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def weather(self, kind: str, **order: Any) -> Any:
        """Call down one fault; count=1 unless count or seconds is given."""
        return self.control("POST", "weather", {"kind": kind, **order})

    def clock(self, seconds: float) -> Any:
        """Let time pass in the town."""
        return self.control("POST", "clock", {"advance_seconds": seconds})

    def ledger(self) -> list[dict[str, Any]]:
        """Every filing the e-Gov side holds, oldest first."""
        filings: list[dict[str, Any]] = self.control("GET", "ledger")["filings"]
        return filings

    def advance(self, arrive_id: str, to: str, **order: Any) -> Any:
        """Put a filing into a state."""
        return self.control("POST", f"case/{arrive_id}/advance", {"to": to, **order})

    def token(self, account: str = "prime@example.jp") -> dict[str, Any]:
        """Tokens of the e-Gov account server without a browser."""
        tokens: dict[str, Any] = self.control("POST", "token", {"account": account})
        return tokens

    def otp(self, address: str) -> str:
        """The newest one-time code mailed to an address."""
        mails = self.control("GET", f"mailbox?address={address}")["mails"]
        return str(mails[-1]["otp"])

    def reset(self) -> None:
        """The town as on its first day."""
        self.control("POST", "reset", {})

    def stop(self) -> int:
        """End the town; gives its exit status."""
        self._client.close()
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status


def start_town(
    *,
    seed: int | None = None,
    state: Path | None = None,
    redirect_uris: tuple[str, ...] = (),
    extra: tuple[str, ...] = (),
) -> TownProcess:
    """Start a town and wait until it has printed its endpoints; it dies with this process."""
    command = [sys.executable, "-m", "app.sandbox", "--with-parent", *extra]
    if seed is not None:
        command += ["--seed", str(seed)]
    if state is not None:
        command += ["--state", str(state)]
    for address in redirect_uris:
        command += ["--redirect-uri", address]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
        line = _first_line(process)
        if not line:
            process.kill()
            process.wait(5)
            errors.seek(0)
            raise AssertionError(
                f"the town did not start: {errors.read().decode(errors='replace')}"
            )
    return TownProcess(process, json.loads(line))


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    if os.name == "nt":
        return process.stdout.readline()
    until = time.monotonic() + READY_WITHIN
    ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
    return process.stdout.readline() if ready else b""
