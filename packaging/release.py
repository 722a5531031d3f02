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
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "ichido"

# Parts of Qt that the program never loads (no QML, no 3D, no sound); Chromium's own stay: it loads
# Qt6Qml and Qt6Quick themselves. Below the folder of PySide6, as patterns.
UNUSED = (
    "Qt/qml",
    "qml",
    "Qt/resources/qtwebengine_devtools_resources*.pak",
    "resources/qtwebengine_devtools_resources*.pak",
    "Qt/plugins/sqldrivers",
    "plugins/sqldrivers",
)
UNUSED_MODULES = (
    "3D", "Charts", "DataVisualization", "Graphs", "Quick3D", "SpatialAudio", "Multimedia",
    "Sensors", "Bluetooth", "VirtualKeyboard", "TextToSpeech", "RemoteObjects", "Scxml",
    "Location", "QuickControls2", "QuickTemplates2", "LabsQmlModels", "Designer",
)  # fmt: skip
# Chromium's own words: those of the languages the program speaks, and English which it falls back to.
KEPT_LOCALES = frozenset({"ja.pak", "en-US.pak"})
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
    shutil.rmtree(work)
    folder = out / NAME
    prune(folder / "_internal")
    return folder


def _commit_time() -> str:
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "315532800"


def prune(inside: Path) -> None:
    """Takes out of a build what the program never loads; links to it go with it."""
    qt = inside / "PySide6"
    doomed = [path for pattern in UNUSED for path in qt.glob(pattern)]
    for module in UNUSED_MODULES:
        for pattern in (f"libQt6{module}*.so*", f"Qt6{module}*.dll", f"Qt{module}*.framework"):
            doomed += [*qt.rglob(pattern), *inside.glob(pattern)]
    doomed += [
        path for path in qt.rglob("qtwebengine_locales/*.pak") if path.name not in KEPT_LOCALES
    ]
    for path in doomed:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in inside.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def size_of(folder: Path) -> int:
    """Bytes on the disk; a link counts nothing."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


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
    begin = time.monotonic()
    folder = build(given.out.resolve())
    seconds = time.monotonic() - begin
    print(f"{folder}  {size_of(folder) / 1e6:,.0f} MB  {seconds:,.0f} s", flush=True)
    return check(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
