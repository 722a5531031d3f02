"""Runs the checks in timed parts, one line a part, and fails when one fails.

    python tests/parts.py           what `make test` runs
    python tests/parts.py soak      the long runs
    python tests/parts.py NAME …    only the named parts

Two parts run at a time where the machine has two cores; their output is shown when they end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest", "-q")
TOWNS = ("tests/services", "tests/sandbox")
"""The folders that talk to a practice town: half of the time, so a part of their own."""
NOT_APART = "not browser and not x11 and not keyring and not pictures and not kill and not soak"


@dataclass(frozen=True)
class Part:
    """One timed part: a name, a command and what its environment adds."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def parts() -> list[Part]:
    """The parts of `make test`, the longest first so that two cores end together."""
    no_sandbox = {"ICHIDO_TEST_NO_SANDBOX": "1"} if os.name == "posix" and os.geteuid() == 0 else {}
    screen = ("xvfb-run", "-a", "-s", "-screen 0 1440x900x24")
    return [
        Part("services", (*PYTEST, "-m", NOT_APART, *TOWNS)),
        Part("tests", (*PYTEST, "-m", NOT_APART, *(f"--ignore={folder}" for folder in TOWNS))),
        Part("kill", (*PYTEST, "-m", "kill and not soak")),
        Part("browser", (*PYTEST, "-m", "browser and not x11 and not soak"), no_sandbox),
        Part(
            "journeys",
            (*screen, *PYTEST, "-m", "x11 and not soak"),
            {"ICHIDO_X11": "1", "QT_QPA_PLATFORM": "xcb", **no_sandbox},
        ),
        Part("pictures", (*PYTEST, "-m", "pictures and not soak")),
        Part("keyring", (*PYTEST, "-m", "keyring and not soak")),
        Part("types", (str(BIN / "mypy"),)),
        Part("contracts", (str(BIN / "lint-imports"), "--no-cache")),
        Part("lint", (str(BIN / "ruff"), "check", ".")),
        Part("format", (str(BIN / "ruff"), "format", "--check", ".")),
    ]


def soak_parts() -> list[Part]:
    """The parts of `make soak`: the long runs, and the faults of `make test` many more times."""
    long = (*PYTEST, "--timeout", "7200")
    kills = ("tests/store/test_kills.py", "tests/journeys/test_kills_while_typing.py",
             "tests/journeys/test_kills_on_a_skeleton.py")  # fmt: skip
    return [
        Part("soak", (*long, "-m", "soak")),
        Part("faults", (*long, "tests/services/test_outbox_faults.py"), {"ICHIDO_ROUNDS": "1000"}),
        Part("storms", (*long, "tests/services/test_batch_weather.py"), {"ICHIDO_STORMS": "20"}),
        Part("kills", (*long, *kills), {"ICHIDO_KILLS": "100"}),
    ]


def _run(part: Part) -> tuple[Part, int, float, str]:
    start = time.monotonic()
    if shutil.which(part.command[0]) is None:
        required = bool(os.environ.get("ICHIDO_REQUIRE_TOOLS"))
        return part, int(required), 0.0, f"skipped: {part.command[0]} is not on this machine"
    # Each has its own place for temporary folders: two runs of pytest trip over each other where
    # they clear away the old ones.
    with tempfile.TemporaryDirectory(prefix="p", ignore_cleanup_errors=True) as room:
        done = subprocess.run(
            part.command,
            cwd=ROOT,
            env={**os.environ, "PYTEST_DEBUG_TEMPROOT": room, **part.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    seconds = time.monotonic() - start
    nothing_there = part.command[: len(PYTEST)] == PYTEST and done.returncode == 5
    return part, 0 if nothing_there else done.returncode, seconds, done.stdout


def main(arguments: list[str]) -> int:
    """Runs the parts; 0 when all pass."""
    if arguments == ["soak"]:
        chosen = soak_parts()
    else:
        chosen = [p for p in parts() if not arguments or p.name in arguments]
    begin = time.monotonic()
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for part, code, seconds, output in pool.map(_run, chosen):
            print(f"== {part.name}  {seconds:.0f} s  {'ok' if code == 0 else 'FAILED'}", flush=True)
            print(output if code else "\n".join(output.splitlines()[-4:]), flush=True)
            if code:
                failed.append(part.name)
    print(f"== all  {time.monotonic() - begin:.0f} s  {', '.join(failed) or 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
