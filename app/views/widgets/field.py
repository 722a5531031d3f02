"""Fields: text, secret, choice, date. None of them starts with anything that looks like an answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from app.domain.era import parse_date, wareki_text
from app.domain.errors import BadInput
from app.views.icons import paint_icon
from app.views.theme import current, set_property
from app.views.widgets.button import IconButton
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import label

STATES: Final = ("", "error", "warn", "locked")


class TextField(QLineEdit):
    """One line of text, 36 high. `name` is the object name, `spoken` the accessible name."""

    def __init__(
        self,
        text: str = "",
        placeholder: str = "",
        *,
        name: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("field", "true")
        self.setProperty("state", "")
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        if spoken:
            self.setAccessibleName(spoken)

    def set_state(self, state: str) -> None:
        """Shows "", "error", "warn" or "locked" (read only, on the canvas)."""
        if state not in STATES:
            raise ValueError(f"unknown field state {state!r}")
        set_property(self, "state", state)
        self.setReadOnly(state == "locked")

    def state(self) -> str:
        """The state shown."""
        return str(self.property("state"))

    def show_text(self, text: str) -> None:
        """Sets the text from its start, so that a long value shows its beginning."""
        self.setText(text)
        self.setCursorPosition(0)


class SecretField(TextField):
    """A passphrase: hidden letters, and an eye that shows them while it is pressed in."""

    def __init__(
        self,
        placeholder: str = "",
        *,
        name: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", placeholder, name=name, spoken=spoken, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.eye = IconButton(
            "eye", self.tr("{}を見せる").format(spoken), box=28, size=16, parent=self
        )
        self.eye.setObjectName(f"{name}.eye" if name else "")
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._show)
        self.setTextMargins(0, 0, 28, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.eye.move(self.width() - 30, (self.height() - 28) // 2)

    def hide_letters(self) -> None:
        """Hides the letters again, e.g. when the page is left."""
        self.eye.setChecked(False)

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self.eye.set_icon("eye-off" if shown else "eye")


class _Radio(QRadioButton):
    """A radio button that Del empties and whose digits choose."""

    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.emptied.emit()
            return
        super().keyPressEvent(event)


class ChoiceField(QWidget):
    """A row of radio buttons with none set; arrows move and set, Del empties.

    `chosen` carries the value, "" when emptied, and is only sent for what a person did.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        name: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._radios: dict[str, _Radio] = {}
        row = FlowLayout(across=16, parent=self)
        for value, text in choices:
            radio = _Radio(text.replace("&", "&&"))
            radio.setAccessibleName(f"{spoken}、{text}" if spoken else text)
            radio.setObjectName(f"{name}.{value}" if name else "")
            radio.clicked.connect(lambda _=False, v=value: self.chosen.emit(v))
            radio.emptied.connect(self._empty)
            self._group.addButton(radio)
            self._radios[value] = radio
            row.addWidget(radio)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(spoken)
        if choices:
            self.setFocusProxy(self._radios[choices[0][0]])
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._given = 0

    def sizeHint(self) -> QSize:
        """As high as the rows the choices take at the width they were given."""
        hint = super().sizeHint()
        narrow = 0 < self._given < hint.width()
        return QSize(hint.width(), self.heightForWidth(self._given)) if narrow else hint

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest choice; no row of them is ever squeezed."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another number of rows."""
        super().resizeEvent(event)
        if event.size().width() != self._given:
            self._given = event.size().width()
            self.updateGeometry()

    def value(self) -> str:
        """The value chosen, "" when none is."""
        return next((v for v, radio in self._radios.items() if radio.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Shows a choice, or none for ""; sends no signal."""
        if value == "":
            self._group.setExclusive(False)
            for radio in self._radios.values():
                radio.setChecked(False)
            self._group.setExclusive(True)
            return
        self._radios[value].setChecked(True)

    def radio(self, value: str) -> QRadioButton:
        """The button of one choice."""
        return self._radios[value]

    def _empty(self) -> None:
        if self.value():
            self.set_value("")
            self.chosen.emit("")


class SelectField(QComboBox):
    """A list to choose from, whose first row is blank. Del empties; the wheel never changes it."""

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        name: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("field", "true")
        self.setProperty("state", "")
        self.addItem("", "")
        for value, text in choices:
            self.addItem(text, value)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda _index: self.chosen.emit(self.value()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The list's own look, and the mark that it opens."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint_icon(
            painter, "chevron-down", self.width() - 25, (self.height() - 16) // 2, 16, "ink2"
        )
        painter.end()

    def value(self) -> str:
        """The value chosen, "" when none is."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Shows a choice, or none for ""; sends no signal."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def set_state(self, state: str) -> None:
        """Shows "", "error", "warn" or "locked" (cannot be changed)."""
        set_property(self, "state", state)
        self.setEnabled(state != "locked")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setCurrentIndex(0)
            self.chosen.emit("")
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DateField(QWidget):
    """A typed date with its other calendar beside it. `committed` carries the text as typed."""

    committed = Signal(str)

    def __init__(
        self, text: str = "", *, name: str = "", spoken: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.line = TextField(text, name=name, spoken=spoken)
        self.line.setMinimumWidth(current().grown(128))
        self.line.setMaximumWidth(current().grown(176))
        self.wareki: QLabel = label("", "label", "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line)
        row.addWidget(self.wareki, 1)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._spell)
        self.line.editingFinished.connect(lambda: self.committed.emit(self.line.text()))
        self._spell(text)

    def text(self) -> str:
        """The text in the field."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Shows a date as text."""
        self.line.setText(text)

    def set_state(self, state: str) -> None:
        """Shows "", "error", "warn" or "locked"."""
        self.line.set_state(state)

    def _spell(self, text: str) -> None:
        try:
            day = parse_date(text) if text.strip() else None
        except BadInput:
            day = None
        if day is None:
            self.wareki.setText("")
        elif unicodedata.normalize("NFKC", text).strip()[:4].isdigit():
            self.wareki.setText(wareki_text(day, weekday=True))
        else:
            self.wareki.setText(f"{day.year}年{day.month}月{day.day}日")
