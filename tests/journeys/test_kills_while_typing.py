"""Killed while keys are typed into the real form: at most one second of typing is lost, never the vault.

Five kills here; `ICHIDO_KILLS=50` (and `make soak`) asks for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.services.companies import Companies
from app.store.drafts import Drafts
from tests.journeys.typist import FIELD, PASSPHRASE, PROCEDURE, house

KILLS = int(os.environ.get("ICHIDO_KILLS", "5"))
pytestmark = [pytest.mark.kill, pytest.mark.timeout(900 + 60 * KILLS)]
ROOT = Path(__file__).resolve().parent.parent.parent
NUMBER = "1011001141756"


def _prepare(home: Path) -> None:
    inner = house(home)
    companies: Companies = inner.companies
    made = companies.create(NUMBER, None, PASSPHRASE, practice=True, name="練習商店")
    desk = inner.desk(made.opened)
    key = desk.add_member("employees", {"family_name": "佐野", "given_name": "明"})
    desk.open_draft(PROCEDURE, key)
    desk.lock()


def _kept(home: Path) -> str:
    """What the vault holds of the field, after its integrity was looked at."""
    inner = house(home)
    opened = inner.companies.open(inner.companies.cards()[0], PASSPHRASE)
    try:
        assert opened.vault.integrity_check() == ()
        drafts = Drafts(opened.vault)
        (row,) = drafts.list()
        answer = drafts.load(row.id).answers.get(FIELD, {})
        return str(answer.get("source_text", ""))
    finally:
        opened.vault.close(back_up=False)


def test_at_most_a_second_of_typing_is_lost(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _prepare(home)
    dice = random.Random(3)
    lost: list[float] = []
    for n in range(KILLS):
        log = tmp_path / f"log{n}"
        child = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "journeys" / "typist.py"), str(home), str(log)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stderr=subprocess.PIPE,
        )
        end = time.monotonic() + 60
        while not (log.exists() and log.stat().st_size > 200):
            assert child.poll() is None, (child.stderr.read() if child.stderr else b"").decode()
            assert time.monotonic() < end, "the typist does not begin"
            time.sleep(0.05)
        time.sleep(dice.uniform(0.3, 2.5))
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
