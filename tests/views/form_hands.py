"""A form page in a window and the hands that use it, for the tests of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.views.pages.form_page import FormPage

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


@pytest.fixture
def page(qtbot: Any, desk: FormDesk) -> FormPage:
    return shown(qtbot, desk)


def shown(qtbot: Any, desk: FormDesk, *, height: int = 720, build: bool = True) -> FormPage:
    page = FormPage(desk, FakeWindow(), {"procedure": PROCEDURE, "subject": PERSON})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(1200, height)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    page.arrive()
    if build:
        page.fields.build_all()
    qtbot.waitUntil(lambda: page.work.current != "")
    return page


def field(page: FormPage, field_id: str) -> QLineEdit:
    found = page.findChild(QLineEdit, f"form.field.{field_id}")
    assert found is not None
    return found


def press(page: QWidget, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def names(page: FormPage, kind: type = QPushButton) -> list[str]:
    """The object names of the buttons that can be seen, links and bands alike."""
    return [b.objectName() for b in page.findChildren(kind) if b.isVisibleTo(page)]


def compose(widget: QWidget, text: str) -> None:
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit_composed(widget: QWidget, text: str) -> None:
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
