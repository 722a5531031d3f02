"""The store stays small: what it loads, and that SQL's library has one door."""

from __future__ import annotations

import subprocess
import sys

from store_parts import ROOT

STORE = ROOT / "app" / "store"


def test_the_whole_store_loads_nothing_of_the_window_or_the_wire() -> None:
    modules = sorted(f"app.store.{path.stem}" for path in STORE.glob("[!_]*.py"))
    script = (
        f"import sys, {', '.join(modules)}\n"
        "late = ('pydantic', 'httpx', 'keyring', 'PySide6', 'app.forms', 'app.services')\n"
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_connections_are_opened_in_one_module() -> None:
    opening = [path.name for path in STORE.glob("*.py") if "dbapi2.connect(" in path.read_text()]
    assert opening == ["cipher.py"]
