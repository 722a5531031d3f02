"""A child process for the kill test: types without pause into a form written on a skeleton.

    python tests/journeys/skeleton_typist.py HOME LOG

LOG is as in typist.py: each line "seconds<TAB>text" is written before its key is pressed.
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
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.views import theme  # noqa: E402
from app.views.main_window import MainWindow  # noqa: E402
from app.views.program import ProgramHouse  # noqa: E402
from tests.journeys.typist import LETTERS, PASSPHRASE, house  # noqa: E402

PLACE = "kousei/管理情報/申請者連絡先情報/申請者情報/部門名"


def main(home: Path, log: Path) -> None:
    """Opens the draft and types."""
    inner = house(home)
    app = QApplication(["typist"])
    theme.apply(app, theme.load(inner.resources, "light", 1.0))
    window = MainWindow(ProgramHouse(inner))
    desk = inner.desk(inner.companies.open(inner.companies.cards()[0], PASSPHRASE))
    window.take_desk(desk)
    window.show()
    (line,) = desk.egov.drafts.lines()
    window.show_page("skeleton", draft=line.id)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    state = {"n": 0}

    def stroke() -> None:
        row = getattr(window.page(), "rows", {}).get(PLACE)
        if row is None:
            return
        field = row.field
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
