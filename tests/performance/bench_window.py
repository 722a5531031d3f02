"""How fast the program is for the eyes: first painted window, and a keystroke in the form."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = 9

_BARE = """
import time, sys, json
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, app.quit)
app = QApplication(["bare"])
window = Window(); window.resize(1280, 800); window.show()
app.exec()
"""

_OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from app.bootstrap import House, places
from app.views.main_window import MainWindow
from app.views.program import ProgramHouse, make_application
import os
house = House(Path("resources"), places(os.environ))
app = make_application(house, ["ichido"])
window = MainWindow(ProgramHouse(house))
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, app.quit)
        return False
painted = Painted(); window.unlock.installEventFilter(painted)
window.show()
app.exec()
heavy = [m for m in ("pydantic", "httpx", "keyring", "PySide6.QtWebEngineCore") if m in sys.modules]
assert not heavy, heavy
"""


def _seconds(script: str, home: str) -> float:
    wrapped = f"import time; t = time.perf_counter()\n{script}\nimport json; print(json.dumps(time.perf_counter() - t)); sys.stdout.flush(); import os; os._exit(0)"
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "ICHIDO_HOME": home,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", wrapped],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


def measure() -> list[tuple[str, float, str]]:
    """The ratio of the medians of interleaved starts, without the interpreter's own start."""
    with tempfile.TemporaryDirectory() as home:
        _seconds(_OURS, home)
        pairs = [(_seconds(_OURS, home), _seconds(_BARE, home)) for _ in range(RUNS)]
    ours, bare = statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)
    return [("first painted window / a bare QMainWindow", ours / bare, "<= 1.5 x")]
