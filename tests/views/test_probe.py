"""The probe's child may die; the guard lets nobody weaken the browser."""

from __future__ import annotations

import json
import os
import sys

import pytest

from app.views import probe
from app.views.probe import guard_sandbox_environment, probe_webengine, under_tests


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_child_that_ends_after_the_window_still_tells_of_the_window() -> None:
    said = json.dumps({"window": True})
    result = probe_webengine(
        child(
            f"import sys; print('{said}', flush=True);"
            "sys.stderr.write('Running as root without --no-sandbox is not supported.'); sys.exit(1)"
        )
    )
    assert (result.window, result.webengine, result.reason) == (True, False, "root")
    assert "いつものブラウザ" in result.sentence


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.stderr.write('FATAL: No usable sandbox!'); sys.exit(133)", "sandbox"),
        ("import nothing_of_this_name", "missing"),
        ("import os; os.abort()", "ended"),
        ("import time; time.sleep(60)", "slow"),
    ],
)
def test_every_other_end_is_a_reason_not_a_crash(code: str, reason: str) -> None:
    result = probe_webengine(child(code), timeout=1.5 if reason == "slow" else 20)
    assert (result.webengine, result.reason) == (False, reason)
    assert result.sentence


def test_a_yes_of_a_child_that_then_died_is_a_no() -> None:
    said = json.dumps({"window": True, "browser": True})
    assert not probe_webengine(
        child(f"import os; print('{said}', flush=True); os._exit(9)")
    ).webengine


def test_no_program_to_run_is_a_no() -> None:
    assert probe_webengine(["/nowhere/at-all"]).reason == "missing"


@pytest.mark.parametrize("name", probe.UNSAFE_VARIABLES)
def test_a_switch_that_weakens_the_browser_is_removed_and_said(name: str) -> None:
    environ = {name: "1", "HOME": "/home/a"}
    assert guard_sandbox_environment(environ, testing=False)
    assert environ == {"HOME": "/home/a", "QTWEBENGINE_CHROMIUM_FLAGS": probe.OUR_FLAGS}


def test_the_tests_switch_counts_only_under_tests() -> None:
    environ = {"ICHIDO_TEST_NO_SANDBOX": "1"}
    assert guard_sandbox_environment(dict(environ), testing=False)
    alone = dict(environ)
    guard_sandbox_environment(alone, testing=False)
    assert probe.SANDBOX_SWITCH not in alone
    tested = dict(environ)
    assert guard_sandbox_environment(tested, testing=True) == ""
    assert tested[probe.SANDBOX_SWITCH] == "1"
    assert under_tests(os.environ)
    assert not under_tests({})


def test_nothing_is_said_when_nothing_was_there() -> None:
    environ: dict[str, str] = {}
    assert guard_sandbox_environment(environ, testing=False) == ""
    assert guard_sandbox_environment(environ, testing=False) == ""


def test_arguments_that_weaken_it_are_removed() -> None:
    arguments = ["main.py", "--no-sandbox", "--disable-web-security=1", "town"]
    assert guard_sandbox_environment({}, testing=False, arguments=arguments)
    assert arguments == ["main.py", "town"]
