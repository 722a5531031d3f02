"""The first picture: from the start of the process to the first painted window, ours and a bare one.

Ours comes in two pictures: the window in the colour of the paper with the program's name, then the
first page in it. The bar of the design is on the first; the second has a bar of its own.

Both are whole processes, started in turn, with their compiled files kept (as in any installed
program), on a virtual screen where there is one (`xvfb-run`), else offscreen.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = 11
# What must come after the first picture.
LATER = (
    "pydantic", "httpx", "keyring", "PySide6.QtWebEngineCore", "lxml", "cryptography", "argon2",
    "sqlcipher3", "joserfc", "reportlab", "app.facts.catalogue", "app.forms.procedure",
)  # fmt: skip

_TOLD = """
def told():
    print(time.time(), *(name for name in LATER if name in sys.modules), flush=True)
    os._exit(0)
"""

_BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, told)
app = QApplication(["bare"])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

_OURS = """
from pathlib import Path
from app.bootstrap import House, places
from app.views.program import ProgramHouse, after_first_paint, first_window, make_application
house = House(Path("resources"), places(os.environ))
app = make_application(house, ["ichido"])
window = first_window(app, ProgramHouse(house), lambda window: told())
{also}
app.exec()
"""
_WINDOW = _OURS.format(also="after_first_paint(window, told)")
_PAGE = _OURS.format(also="")


def _start(script: str, home: str) -> tuple[float, list[str]]:
    """Seconds from the start of the process to the picture, and the late modules already there."""
    environment = {**os.environ, "ICHIDO_HOME": home, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(Path(home) / "compiled")
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-c", f"import os, sys, time\nLATER = {LATER!r}\n{_TOLD}{script}"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    painted, *heavy = done.stdout.split()
    return float(painted) - begin, heavy


class _Screen:
    """A virtual screen while it is used, where Xvfb is on this machine."""

    def __enter__(self) -> None:
        self._before = dict(os.environ)
        self._server: subprocess.Popen[bytes] | None = None
        if sys.platform != "linux" or shutil.which("Xvfb") is None:
            return
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
            pass_fds=(write,), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        number = os.read(read, 16).decode().strip()
        os.close(read)
        if number:
            os.environ |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}

    def __exit__(self, *_: object) -> None:
        os.environ.clear()
        os.environ.update(self._before)
        if self._server is not None:
            self._server.terminate()
            self._server.wait()


def measure() -> list[tuple[str, float, str]]:
    """The ratio of the medians of interleaved starts, and how many late modules came too early."""
    with tempfile.TemporaryDirectory() as home, _Screen():
        for script in (_BARE, _PAGE):
            _start(script, home)
        _, heavy = _start(_PAGE, home)
        runs = [[_start(s, home)[0] for s in (_WINDOW, _PAGE, _BARE)] for _ in range(RUNS)]
    window, page, bare = (statistics.median(column) for column in zip(*runs, strict=True))
    early = "late modules loaded before the first page" + (
        f" ({', '.join(heavy)})" if heavy else ""
    )
    return [
        (
            f"first painted window / a bare QMainWindow ({window * 1e3:.0f} / {bare * 1e3:.0f} ms)",
            window / bare,
            "<= 1.5 x",
        ),
        (f"first page painted / a bare QMainWindow ({page * 1e3:.0f} ms)", page / bare, "<= 2.2 x"),
        (early, float(len(heavy)), "<= 0 modules"),
    ]
