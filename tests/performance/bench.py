"""The figures, as ratios taken in one run, one line a figure:  group  name  measured  bar  ok|short

    python tests/performance/bench.py [--only GROUP]

Each group is a module `bench_<group>*.py` beside this one, or beside the tests it belongs to, with
`measure() -> list[Figure]`-like rows (name, measured, bar): a bar written "<= 16 ms" or ">= 15 x".
Each module is a process of its own: what one leaves in memory would weigh on the next (Python looks
through all of it when it collects), as nothing does in the program. Exits 1 when one falls short.
Milliseconds hold on an idle machine; the load is printed beside.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

GROUPS: dict[str, tuple[str, ...]] = {
    "core": (
        "tests.performance.bench_window",
        "tests.performance.bench_vault",
        "tests.facts.bench_facts",
        "tests.forms.bench_forms",
        "tests.performance.bench_form",
        "tests.performance.bench_table",
    ),
    "grants": ("tests.performance.bench_grants", "tests.performance.bench_matching"),
    "egov": (
        "tests.performance.bench_egov",
        "tests.performance.bench_labour_year",
        "tests.performance.bench_taking_in",
        "tests.performance.bench_batch",
    ),
}


def falls_short(measured: float, bar: str) -> bool:
    """Whether `measured` misses a bar such as "<= 1.5 x" or ">= 50 x"."""
    sign, number = bar.split()[:2]
    return measured > float(number) if sign == "<=" else measured < float(number)


def run(group: str, module: str) -> int:
    """Prints the figures of one module and gives how many fall short."""
    short = 0
    rows: Sequence[tuple[str, float, str]] = importlib.import_module(module).measure()
    for title, measured, bar in rows:
        missed = falls_short(measured, bar)
        short += missed
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        verdict = "short" if missed else "ok"
        print(f"{group}\t{title}\t{measured:.2f}\t{bar}\t{verdict}\t(load {load:.1f})", flush=True)
    return short


def main() -> int:
    """Runs all groups, or the one named; 1 when a figure falls short."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--module", default="", help="of the group named by --only, this alone")
    asked = parser.parse_args()
    if asked.only and asked.only not in GROUPS:
        print(f"no such group: {asked.only} (there are: {', '.join(GROUPS)})", file=sys.stderr)
        return 2
    if asked.module:
        return 1 if run(asked.only, asked.module) else 0
    groups = [asked.only] if asked.only else list(GROUPS)
    each = [(group, module) for group in groups for module in GROUPS[group]]
    ends = [
        subprocess.run(
            [sys.executable, __file__, "--only", group, "--module", module], check=False
        ).returncode
        for group, module in each
    ]
    return 1 if any(ends) else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
