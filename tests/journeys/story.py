"""Walks a story in a real window: what `make story ONLY=core OUT=DIR` runs.

    python tests/journeys/story.py --only core|grants|egov [--out DIR] [--readme]

On a machine without a screen it brings a virtual one. OUT keeps what the story made: the vault with
its test key, the package that was sent, the proof, the PDFs, the pictures and the town's log.
`--readme` also renews the pictures of the README (docs/story).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
IN_README = {
    "core": ("register", "today", "form", "browser-otp", "decided"),
    "egov": ("who-needs-what", "compared", "fee"),
    "grants": ("grants-matched", "browser-portal-filled", "browser-portal-receipt"),
}


def main() -> int:
    """Runs the story; the exit code is pytest's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="core")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--readme", action="store_true")
    given = parser.parse_args()
    folder = HERE / given.only
    if not folder.is_dir():
        stories = ", ".join(sorted(p.parent.name for p in HERE.glob("*/test_*.py")))
        print(f"there is no story {given.only!r} (there are: {stories})", file=sys.stderr)
        return 2
    out = (given.out or ROOT / "out" / given.only).resolve()
    out.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "ICHIDO_X11": "1",
        "ICHIDO_STORY_OUT": str(out),
        "QT_QPA_PLATFORM": "xcb" if sys.platform == "linux" else "",
    }
    if os.name == "posix" and os.geteuid() == 0:
        environment["ICHIDO_TEST_NO_SANDBOX"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", str(folder)]
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", *command]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    for path in sorted(p for p in out.rglob("*") if p.is_file() and "town" not in p.parts):
        print(path)
    if given.readme and done.returncode == 0:
        _renew_readme(given.only, out / "pictures")
    return done.returncode


def _renew_readme(story: str, pictures: Path) -> None:
    """The pictures README shows of a story, in 256 colours, under the same names."""
    from PIL import Image

    target = ROOT / "docs" / "story" / ("" if story == "core" else story)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.png"):
        old.unlink()
    for name in IN_README.get(story, ()):
        (found,) = pictures.glob(f"[0-9][0-9]-{name}.png")
        Image.open(found).convert("RGB").quantize(256).save(target / found.name, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
