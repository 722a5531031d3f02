"""Rules of whole windows: names, tab order, no cut word, no stray window."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSizePolicy, QWidget

from app.views import theme
from app.views.widgets.lines import WrapLabel
from tests.pictures.sample_house import MINATO, SampleHouse
from tests.views.window_parts import dressed, house, rest, window

__all__ = ["dressed", "house", "window"]


def _today(window: Any, house: SampleHouse) -> QWidget:
    window.take_desk(house.desk(MINATO))
    rest()
    return window.frame


def _create(window: Any, house: SampleHouse) -> QWidget:
    window.show_create(True)
    rest()
    return window.create_page()


SURFACES: list[Callable[[Any, SampleHouse], QWidget]] = [lambda w, _h: w.unlock, _create, _today]


@pytest.mark.parametrize("surface", SURFACES, ids=["unlock", "create", "today"])
def test_every_control_has_a_name_and_an_object_name(window, house: SampleHouse, surface) -> None:  # type: ignore[no-untyped-def]
    place = surface(window, house)
    controls = [
        w
        for w in place.findChildren(QWidget)
        if w.isVisible() and w.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    ]
    assert len(controls) >= 3
    for control in controls:
        spoken = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
        assert spoken.strip(), control.objectName()
        assert re.match(r"^[a-z_]+(\.[\w-]+)+$", control.objectName()), (
            spoken,
            control.objectName(),
        )
        assert min(control.width(), control.height()) >= 24, (spoken, control.size())


@pytest.mark.parametrize("surface", SURFACES, ids=["unlock", "create", "today"])
def test_tab_reaches_every_control(window, house: SampleHouse, qtbot, surface) -> None:  # type: ignore[no-untyped-def]
    place = surface(window, house)
    wanted = {
        w.objectName()
        for w in place.findChildren(QWidget)
        if w.isVisible() and w.isEnabled() and w.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    }
    seen: set[str] = set()
    for _ in range(len(wanted) * 3):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is not None:
            seen.add(focus.objectName())
    assert wanted - seen == set()


@pytest.mark.parametrize("scale", theme.TEXT_SCALES)
@pytest.mark.parametrize("surface", SURFACES, ids=["unlock", "create", "today"])
def test_no_word_is_cut_at_any_text_size(  # type: ignore[no-untyped-def]
    window, house: SampleHouse, resources, dressed, surface, scale: float
) -> None:
    theme.apply(dressed, theme.load(resources, "light", scale))
    place = surface(window, house)
    rest()
    for widget in place.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QPushButton):
            continue
        if (
            widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
            and widget.toolTip()
        ):
            continue
        if isinstance(widget, WrapLabel):
            needed = widget.heightForWidth(widget.width())
            assert widget.height() >= needed - 1, (widget.plain(), widget.size(), needed)
        else:
            hint = widget.sizeHint()
            assert widget.width() >= hint.width() - 1, (widget.text(), widget.width(), hint)
            assert widget.height() >= hint.height() - 1, (widget.text(), widget.height(), hint)


def test_nothing_opens_as_a_window_of_its_own(window, house: SampleHouse, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A part shown before it has a parent flashes as a window and takes the focus away."""
    strays: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: Any, event: QEvent) -> bool:
            shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
            if shown and watched.isWindow() and watched is not window:
                strays.append(f"{type(watched).__name__} {watched.objectName()}")
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    try:
        _create(window, house)
        _today(window, house)
        window.palette_.open()
        window.say("行を消しました。", lambda: None)
        window.lock()
        rest()
    finally:
        QApplication.instance().removeEventFilter(watch)
    assert strays == []
    assert QApplication.activeWindow() is window
