"""After the story nothing readable is left on disk: not a passphrase, a number, a name or a token."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.journeys.core.test_core_story import PASSPHRASE

pytestmark = [pytest.mark.x11, pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parent.parent.parent
# What the person asked to be written, and the test's own notes.
ASKED = ("out/",)
SECRETS = {
    "the passphrase": PASSPHRASE,
    "the gBizID password": "Renshu-prime-2026",
    "the employee's name": "由美",
    "the employee's kana": "タカハシ",
    "the representative's kana": "ヤマモト",
    "the company's phone": "03-1234-5678",
    "the birth date": "1993-04-01",
    "the office number": "13011234567",
}


def forms_of(text: str) -> list[bytes]:
    """The ways a text can lie in a file."""
    found = [quote(text).encode()]
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932"):
        try:
            raw = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        found.append(raw)
        if len(raw) >= 6:
            # Base64 at each of its three alignments, without the letters that depend on neighbours.
            for shift in range(3):
                whole = base64.b64encode(b"x" * shift + raw)
                found.append(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
    return [form for form in found if len(form) >= 4]


def test_nothing_readable_is_left(tmp_path: Path) -> None:
    home = tmp_path / "person"
    for name in ("home", "tmp", "config", "cache", "data", "out", "run"):
        (home / name).mkdir(parents=True)
    (home / "run").chmod(0o700)
    environment = {
        **os.environ,
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "ICHIDO_STORY_OUT": str(home / "out"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--basetemp", str(home / "tmp" / "t"),
         "-o", "tmp_path_retention_policy=all", "tests/journeys/core"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    log = (home / "out" / "town-log.json").read_text("utf-8")
    key = (home / "out" / "vault-test-key.txt").read_text("utf-8").split()[-1]
    wanted = {**SECRETS, "the vault's key": key}
    looked_at = 0
    found: list[str] = []
    for path in home.rglob("*"):
        inside = path.relative_to(home).as_posix()
        if not path.is_file() or path.is_symlink() or inside.startswith(ASKED):
            continue
        looked_at += 1
        body = path.read_bytes()
        for what, text in wanted.items():
            if any(form in body for form in forms_of(text)):
                found.append(f"{what} in {inside}")
        if bytes.fromhex(key) in body:
            found.append(f"the vault's key, raw, in {inside}")
    assert looked_at >= 3, "the vault itself must have been looked at"
    assert not found, found
    for secret in ("Renshu-prime-2026", PASSPHRASE):
        assert secret not in log, "the town's log must not hold it either"
    left = [p.relative_to(home).as_posix() for p in home.rglob("*") if "ebEngine" in p.name]
    assert not left, left


def test_the_search_finds_what_is_there() -> None:
    """The judge can say yes: each hiding place is found."""
    for text in SECRETS.values():
        for encoding in ("utf-8", "utf-16-le"):
            body = b"\0" * 7 + text.encode(encoding) + b"\0"
            assert any(form in body for form in forms_of(text)), text
    hidden = base64.b64encode(b"ab" + PASSPHRASE.encode() + b"cd")
    assert any(form in hidden for form in forms_of(PASSPHRASE))
