"""A key in a cell of a long table: pressed, the sums and checks that read it worked out, all painted.

The 経費明細 of a grant application, as long as the form takes, over the real page and a real vault.
Processor time of the window's thread, so that what else the machine does is left out.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.performance.bench_form import ROOT, _application, _KeptInVault, _p95, _page, _settle

PROCEDURE, TABLE = "chusho/jizokuka", "keihi"
CELLS = {"kingaku": "1", "naiyou": "ア"}
ROWS_WRITTEN = 12
KEYS_A_CELL = 5


def _fill(draft: Any) -> None:
    """As many rows as the form takes, a cost and what it is for in each."""
    from app.forms.tables import TableAnswer

    written = TableAnswer()
    for number in range(draft.procedure.field(TABLE).max_rows):
        key = f"r{number + 1}"
        written = written.with_cell(key, "naiyou", "チラシ").with_cell(key, "kingaku", "120000")
    draft.answer(TABLE, written.to_text())


def _keystrokes(page: Any) -> list[float]:
    """Milliseconds of each key, typed into one cell after the other."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    app, times = _application(), []
    page.fields.go(TABLE)
    editor = page.fields.row(TABLE).editor
    grid = editor.control()
    for column, letter in CELLS.items():
        for row in range(ROWS_WRITTEN):
            index = editor._rows.find(f"r{row + 1}", column)
            grid.setCurrentIndex(index)
            grid.edit(index)
            _settle(app, 0.1)
            line = QApplication.focusWidget()
            assert line is not None
            assert line is not grid, "the cell did not open"
            for _ in range(KEYS_A_CELL):
                _settle(app, 0.08)
                begin = time.thread_time()
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    key = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    app.sendEvent(line, key)
                app.processEvents()
                times.append((time.thread_time() - begin) * 1e3)
            QTest.keyPress(line, Qt.Key.Key_Return)
            _settle(app, 0.1)
    return times


def measure() -> list[tuple[str, float, str]]:
    """(name, measured, bar) in milliseconds."""
    from bench_forms import employee_records
    from form_desk import FormDesk

    _application()
    records = employee_records(100)
    house = FormDesk(ROOT / "resources", records=records)
    with tempfile.TemporaryDirectory() as folder:
        kind = house.library.load(PROCEDURE, house.catalogue)
        desk = _KeptInVault(Path(folder), records, kind)
        _fill(desk.open_draft(PROCEDURE, "").draft)
        with _page(desk, "") as page:
            key = _p95(_keystrokes(page))
        desk.close()
    return [("keystroke in a table of 30 rows to checked and shown, p95", key, "<= 16 ms")]
