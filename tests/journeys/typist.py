"""A child process for the kill test: types into the real form without pause until it is killed.

    python tests/journeys/typist.py HOME LOG

LOG begins with a line of what the field held, and each keystroke appends a line "seconds<TAB>text", written *before* the
key is pressed: the save has a thread of its own and may be done before the hand could note what it typed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit  # noqa: E402

from app.bootstrap import House, Places  # noqa: E402
from app.views import theme  # noqa: E402
from app.views.main_window import MainWindow  # noqa: E402
from app.views.program import ProgramHouse  # noqa: E402

FIELD = "bikou_ran"
PROCEDURE = "mhlw/koyou_hoken_shikaku_shutoku"
PASSPHRASE = "kill while typing"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def house(home: Path) -> House:
    """The house below a folder of the test."""
    return House(ROOT / "resources", Places(home, home / "s.json", home / "p.toml"), person="人")


def main(home: Path, log: Path) -> None:
    """Opens the draft and types."""
    inner = house(home)
    app = QApplication(["typist"])
    theme.apply(app, theme.load(inner.resources, "light", 1.0))
    window = MainWindow(ProgramHouse(inner))
    desk = inner.desk(inner.companies.open(inner.companies.cards()[0], PASSPHRASE))
    window.take_desk(desk)
    window.show()
    key = desk.employees()[0].key
    window.show_page("form", procedure=PROCEDURE, subject=key)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    state = {"n": 0}

    def stroke() -> None:
        found = window.findChildren(QLineEdit, f"form.field.{FIELD}")
        if not found:
            return
        field = found[0]
        letter, before = LETTERS[state["n"] % len(LETTERS)], field.text()
        if not state["n"]:
            os.write(file, f"{time.time():.4f}\t{before}\n".encode())
        after = letter if len(before) >= 20 else before + letter
        os.write(file, f"{time.time():.4f}\t{after}\n".encode())
        field.setFocus()
        if len(before) >= 20:
            field.selectAll()
        else:
            field.end(False)
        QTest.keyClick(field, letter)
        assert field.text() == after, (field.text(), after)
        state["n"] += 1

    timer = QTimer()
    timer.timeout.connect(stroke)
    timer.start(15)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
