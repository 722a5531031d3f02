"""Killed while keys are typed into a form written on a skeleton: at most one second is lost.

Three kills here; `ICHIDO_KILLS=50` (and `make soak`) asks for more.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.services.connectors.egov import FormFile, Skeleton
from app.store.drafts import Drafts
from tests.journeys.skeleton_typist import PLACE
from tests.journeys.typist import PASSPHRASE, house

KILLS = int(os.environ.get("ICHIDO_KILLS", "3"))
pytestmark = [pytest.mark.kill, pytest.mark.timeout(600 + 60 * KILLS)]
ROOT = Path(__file__).resolve().parent.parent.parent
NUMBER, PROC, FORM = "1011001141756", "4950000020325000", "495000020325029841"


def _door() -> Any:
    """A door that hands out the practice town's form, without a town."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((ROOT / "resources/sandbox/procedures" / PROC).glob("*.xml")):
            archive.writestr(path.name, path.read_bytes())
    form = FormFile(FORM, "0003", "取得届", f"{FORM}_01.xml", "", f"{FORM}check.xml", "", "")
    told = Skeleton(PROC, buffer.getvalue(), ("kousei.xml",), (form,))
    return SimpleNamespace(procedure=lambda _proc: told)


def _prepare(home: Path) -> None:
    inner = house(home)
    made = inner.companies.create(NUMBER, None, PASSPHRASE, practice=True, name="練習商店")
    desk = inner.desk(made.opened)
    desk.doors.__dict__["egov"] = _door()
    desk.cases.skeletons.fetch(PROC)
    desk.egov.drafts.begin(PROC)
    desk.lock()


def _kept(home: Path) -> str:
    """What the vault holds of the field, after its integrity was looked at."""
    inner = house(home)
    opened = inner.companies.open(inner.companies.cards()[0], PASSPHRASE)
    try:
        assert opened.vault.integrity_check() == ()
        drafts = Drafts(opened.vault)
        (row,) = drafts.list()
        return str(drafts.load(row.id).answers.get(PLACE, {}).get("text", ""))
    finally:
        opened.vault.close(back_up=False)


def test_at_most_a_second_of_typing_is_lost(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _prepare(home)
    dice = random.Random(5)
    lost: list[float] = []
    for n in range(KILLS):
        log = tmp_path / f"log{n}"
        child = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/journeys/skeleton_typist.py"), str(home), str(log)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stderr=subprocess.PIPE,
        )
        end = time.monotonic() + 60
        while not (log.exists() and log.stat().st_size > 200):
            assert child.poll() is None, (child.stderr.read() if child.stderr else b"").decode()
            assert time.monotonic() < end, "the typist does not begin"
            time.sleep(0.05)
        time.sleep(dice.uniform(0.3, 2.0))
        killed = time.time()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stderr:
            child.stderr.close()
        strokes = [line.split("\t") for line in log.read_text("utf-8").splitlines() if "\t" in line]
        kept = _kept(home)
        places = [i for i, (_, text) in enumerate(strokes) if text == kept]
        assert places, f"the vault holds what was never typed: {kept!r}"
        after = strokes[places[-1] + 1 :]
        lost.append(killed - float(after[0][0]) if after else 0.0)
    assert max(lost) <= 1.0, lost
    print("lost", lost)
