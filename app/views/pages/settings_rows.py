"""One row a setting, made from the settings model: label, help, and the control of its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import BadInput, Known
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.field import ChoiceField, SelectField, TextField
from app.views.widgets.lines import label, wrap_label

if TYPE_CHECKING:
    from app.services.settings import SettingRow, Settings

Value = str | int | bool
Change = Callable[[str, Value], str]
"""Keeps a new value of a setting; gives what stays to be known about it, or "".

Raises Known with a sentence when it cannot be taken."""

_NUMBERS = {"minutes": "分", "port": ""}
_SWITCH = (("true", "する"), ("false", "しない"))
ADMINISTRATOR = "管理者が決めています。\n変えるには、管理者に頼んでください。"
_MOST_RADIOS = 4
PRACTICE = "練習では、練習の町の住所を使います。"


def with_value(settings: Settings, name: str, value: Value) -> Settings:
    """The settings with one value (dotted name) replaced. Raises BadInput when it cannot be taken."""
    from pydantic import ValidationError

    content = settings.model_dump()
    place: Any = content
    *folders, last = name.split(".")
    for folder in folders:
        place = place[folder]
    place[last] = value
    try:
        return type(settings).model_validate(content)
    except ValidationError as refused:
        raise BadInput("setting-refused", _sentence(refused.errors()[0])) from None


def _sentence(error: Any) -> str:
    """What can be taken instead, in Japanese."""
    limits = error.get("ctx", {})
    if "ge" in limits:
        return f"{limits['ge']} からの数で入れてください。"
    if "le" in limits:
        return f"{limits['le']} までの数で入れてください。"
    if error["type"] == "value_error":
        return f"{limits['error']}。"
    return "この値は使えません。前の値のままです。"


class SettingLine(QWidget):
    """Label and help at the left, the control at the right, what went wrong under it."""

    def __init__(self, row: SettingRow, change: Change, *, why_fixed: str = "") -> None:
        super().__init__()
        self.row = row
        self._change = change
        self._value: Value = row.value
        self.fixed = ADMINISTRATOR if row.locked else why_fixed
        self.problem: QLabel = label("", "note", "danger", name=f"settings.{row.name}.problem")
        self.problem.hide()
        self.later = wrap_label("", "note", "ok")
        self.later.setObjectName(f"settings.{row.name}.later")
        self.later.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(row.label, "body", "ink"))
        words.addWidget(wrap_label(row.help, "note", "ink2"))
        if self.fixed:
            words.addWidget(wrap_label(self.fixed, "note", "warn" if row.locked else "ink2"))
        words.addStretch(1)
        control = QVBoxLayout()
        control.setSpacing(4)
        control.addWidget(self._control())
        control.addWidget(self.problem)
        control.addWidget(self.later)
        control.addStretch(1)
        grid.addLayout(words, 0, 0)  # with an alignment they would not grow where they wrap
        grid.addLayout(control, 0, 1)

    def _control(self) -> QWidget:
        name, spoken = f"settings.{self.row.name}", self.row.label
        if self.row.kind in ("choice", "switch"):
            choices = self.row.choices or _SWITCH
            many = len(choices) > _MOST_RADIOS
            field = (SelectField if many else ChoiceField)(choices, name=name, spoken=spoken)
            field.set_value(_text(self._value))
            field.chosen.connect(lambda text: self._choose(field, text))
            field.setEnabled(not self.fixed)
            return field
        line = TextField(_text(self._value), name=name, spoken=spoken)
        if self.fixed:
            line.set_state("locked")
        line.editingFinished.connect(lambda: self._typed(line))
        return self._with_companion(line)

    def _with_companion(self, line: TextField) -> QWidget:
        """A unit, or a button that chooses a folder, beside the field."""
        unit = _NUMBERS.get(self.row.kind)
        if unit is None and self.row.kind != "folder":
            return line
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(line)
        if unit is not None:
            line.setMaximumWidth(current().grown(112))
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            row.addWidget(label(unit, "label", "ink2"), 1)
        else:
            pick = Button("えらぶ", name=f"settings.{self.row.name}.pick")
            pick.setEnabled(not self.fixed)
            pick.clicked.connect(lambda: self._pick(line))
            row.addWidget(pick)
        return holder

    def _pick(self, line: TextField) -> None:
        dialog = QFileDialog(self, self.row.label, str(self._value) or str(Path.home()))
        dialog.setObjectName("settings.folder.dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)

        def chosen(folder: str) -> None:
            line.setText(folder)
            self._typed(line)

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose(self, field: ChoiceField | SelectField, text: str) -> None:
        """A setting always has a value: emptied goes back to the last one."""
        if text == "":
            field.set_value(_text(self._value))
            return
        value: Value = text
        if self.row.kind == "switch":
            value = text == "true"
        elif isinstance(self.row.value, int):
            value = int(text)
        if not self._keep(value):
            field.set_value(_text(self._value))

    def _typed(self, line: TextField) -> None:
        text = line.text().strip()
        if self.fixed or text == _text(self._value):
            line.set_state("locked" if self.fixed else "")
            self.problem.hide()
            return
        value: Value = text
        if self.row.kind in _NUMBERS:
            # Full-width digits are converted, never scolded; int() reads both.
            if not text.isdecimal():
                self._complain("数字で入れてください。")
                line.set_state("error")
                return
            value = int(text)
        kept = self._keep(value)
        line.set_state("" if kept else "error")
        if kept:
            line.show_text(_text(value))

    def _keep(self, value: Value) -> bool:
        try:
            later = self._change(self.row.name, value)
        except Known as fault:
            self._complain(fault.sentence)
            return False
        self._value = value
        self.later.set_text(later)
        self.later.setVisible(bool(later))
        self.problem.hide()
        return True

    def _complain(self, sentence: str) -> None:
        self.later.hide()
        self.problem.setText(sentence)
        self.problem.show()


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
