"""The release tool. Today: an unsigned one-folder build and its smoke test.

    python packaging/release.py build [--out DIR]     PyInstaller one-folder build, then `check`
    python packaging/release.py check DIR             the built program checks itself

Signing, installers and signed updates are not here yet. PyInstaller does not build for another
system: run it on Windows for Windows, on macOS for macOS. Run with the development requirements.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "ichido"

# Parts of Qt that the program never loads; leaving them out makes the folder a third smaller.
UNUSED = (
    "PySide6/Qt/qml",
    "PySide6/qml",
    "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
)
UNUSED_LIBRARIES = ("Qt63D*", "Qt6Charts*", "Qt6DataVisualization*", "Qt6Graphs*", "Qt6Quick3D*",
                    "Qt6SpatialAudio*", "Qt6Multimedia*", "Qt6Sensors*", "Qt6Bluetooth*")  # fmt: skip
# Modules that are found by name at run time, so that PyInstaller does not see them.
HIDDEN = (
    "app.views.pages",
    "app.services",
    "app.sandbox",
    "app.forms",
    "app.store",
    "uvicorn",
    "keyring.backends",
)


def build(out: Path) -> Path:
    """Builds below `out` and gives the folder of the program. Raises CalledProcessError."""
    work = out / "work"
    shutil.rmtree(out / NAME, ignore_errors=True)
    separator = os.pathsep
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--onedir", "--log-level", "WARN",
        "--name", NAME, "--distpath", str(out), "--workpath", str(work), "--specpath", str(work),
        "--add-data", f"{ROOT / 'resources'}{separator}resources",
        "--copy-metadata", "keyring",
    ]  # fmt: skip
    for module in HIDDEN:
        command += ["--collect-submodules", module]
    if sys.platform != "linux":
        command.append("--windowed")
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _commit_time()
    environment = {**os.environ, "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": epoch}
    subprocess.run([*command, str(ROOT / "main.py")], cwd=ROOT, env=environment, check=True)
    folder = out / NAME
    _prune(folder / "_internal")
    return folder


def _commit_time() -> str:
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "315532800"


def _prune(inside: Path) -> None:
    for name in UNUSED:
        path = inside / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for pattern in UNUSED_LIBRARIES:
        for path in inside.rglob(f"*{pattern}"):
            if path.is_file():
                path.unlink()


def check(folder: Path) -> int:
    """Runs the built program's own check, under a virtual screen where there is no screen."""
    program = folder / (f"{NAME}.exe" if sys.platform == "win32" else NAME)
    command = [str(program), "check"]
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        if shutil.which("xvfb-run") is None:
            print("xvfb-run is missing: sudo apt-get install -y xvfb xauth", file=sys.stderr)
            return 1
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", *command]
    done = subprocess.run(command, check=False)
    return done.returncode


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code says whether it went well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("--out", type=Path, default=ROOT / "dist")
    checking = commands.add_parser("check")
    checking.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    if given.command == "check":
        return check(given.folder)
    folder = build(given.out.resolve())
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
    print(f"{folder}  {size:,.0f} MB")
    return check(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
