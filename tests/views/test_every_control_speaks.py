"""Every page, by the same eyes: each control has a name for a screen reader, and no word is cut."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.domain.clock import fixed_clock
from app.views import theme
from app.views.widgets.lines import NoteLabel

SCENES = (
    *(("tests.pictures.scenes.frame", n) for n in (
        "unlock", "unlock-wrong", "unlock-first", "today", "today-practice",
        "create-number", "create-passphrase", "create-sheet")),
    *(("tests.pictures.scenes.forms", n) for n in (
        "form", "review", "company", "person", "person-shown", "interview", "procedures", "once")),
    *(("tests.pictures.scenes.doors", n) for n in (
        "outbox", "outbox-sealed", "outbox-unknown", "outbox-empty", "documents", "settings",
        "sign-in-system")),
    *(("tests.pictures.scenes.by_hand", n) for n in (
        "outbox-by-hand", "outbox-could-go-by-hand", "outbox-compared")),
    *(("tests.pictures.scenes.my_number", n) for n in ("my-number", "my-number-practice")),
    *(("tests.pictures.scenes.office", n) for n in (
        "office-matrix", "office-dates", "office-batch", "office-batch-confirm", "office-page",
        "office-open")),
    *(("tests.pictures.scenes.egov", n) for n in (
        "skeleton", "skeleton-choose", "skeleton-review", "fees", "deliveries")),
    *(("tests.pictures.scenes.records", n) for n in (
        "locaben", "locaben-missing", "public-records", "public-records-no-token")),
    *(("tests.pictures.scenes.social", n) for n in (
        "social-person", "social-questions", "social-insurer", "social-form",
        "social-import", "social-import-checked")),
)  # fmt: skip
LOOKS = (
    ("light", 1.0, 1280, 800),
    ("light", 1.3, 1280, 800),
    ("dark", 1.0, 960, 600),
)
"""Theme, text size, window: dark and small together, since neither changes what the other does."""


@pytest.fixture(
    params=[(m, n, *look) for m, n in SCENES for look in LOOKS],
    ids=lambda p: f"{p[1]}-{p[2]}-{p[3]}-{p[4]}",
)
def page(request: pytest.FixtureRequest, qtbot: Any, resources: Path) -> Iterator[QWidget]:
    """One page in one look and size of window."""
    from tests.pictures.stage import Stage

    module, name, mode, scale, width, height = request.param
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look = theme.load(resources, mode, scale)
    theme.apply(app, look)
    stage = Stage(resources, fixed_clock(datetime(2026, 7, 3, 13, 42)), look)
    widget = getattr(importlib.import_module(module), name.replace("-", "_"))(stage)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    qtbot.wait(50)
    yield widget
    widget.close()
    widget.deleteLater()
    theme.apply(app, theme.load(resources, "light", 1.0))


def test_every_control_has_a_name(page: QWidget) -> None:
    silent = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        if widget.focusPolicy() in (Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.WheelFocus):
            continue
        if widget.focusProxy() is not None or widget.objectName().startswith("qt_"):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        spoken = face.text(QAccessible.Text.Name).strip() if face is not None else ""
        if not spoken:
            silent.append(f"{type(widget).__name__} {widget.objectName()!r}")
    assert not silent, silent


def test_no_word_is_cut(page: QWidget) -> None:
    cut = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, NoteLabel) and widget.toolTip() == widget.text():
            continue  # ends in … where there is no room, and is whole in its tip
        if isinstance(widget, QLabel) and not widget.wordWrap() and "<" not in widget.text():
            metrics = QFontMetrics(widget.font())
            wanted = max(
                (metrics.horizontalAdvance(t) for t in widget.text().split("\n")), default=0
            )
            if widget.text() and wanted > widget.contentsRect().width() + 1:
                cut.append(f"label {widget.text()!r}: {wanted} in {widget.contentsRect().width()}")
        elif isinstance(widget, QAbstractButton):
            narrow = widget.width() + 1 < widget.minimumSizeHint().width()
            if widget.text() and narrow:
                cut.append(f"button {widget.text()!r}")
    assert not cut, cut
