"""Questions answered on the spot: one field or choice a fact, each with where the answer stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.field import ChoiceField, TextField
from app.views.widgets.lines import wrap_label

_HINTS = {
    "date": "2026-04-01 や 令和8年4月1日",
    "month": "2026-09 や 令和8年9月",
    "yen": "円",
    "integer": "数字",
}


class Asked(Protocol):
    """A fact that is asked."""

    @property
    def path(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def choices(self) -> Sequence[tuple[str, str]]: ...


class AskRows(QWidget):
    """The questions, none of them preset. `answered` carries path and text; `name` begins the names."""

    answered = Signal(str, str)

    def __init__(self, asks: Sequence[Asked], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._controls: dict[str, QWidget] = {}
        self._fields: dict[str, TextField] = {}
        self._bands: dict[str, QVBoxLayout] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for ask in asks:
            column.addLayout(self._row(ask))

    def focus_first(self) -> bool:
        """The keyboard into the first question; False where there is none."""
        first = next(iter(self._controls.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is not None

    def refuse(self, path: str, sentence: str) -> None:
        """Says under a question why its answer cannot be taken."""
        place = self._bands.get(path)
        if place is None:
            return
        while (item := place.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        band = Band("danger", sentence, name=f"{self._name}.fault.{path}")
        place.addWidget(band)
        band.show()
        if path in self._fields:
            self._fields[path].set_state("error")
            self._fields[path].setFocus()

    def _row(self, ask: Asked) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(wrap_label(ask.label, "label", "ink2"))
        name = f"{self._name}.{ask.path}"
        if ask.choices:
            choice = ChoiceField(ask.choices, name=name, spoken=ask.label)
            choice.chosen.connect(partial(self._tell, ask.path))
            self._controls[ask.path] = choice
            column.addWidget(choice)
        else:
            column.addLayout(self._line(ask, name))
        if ask.where:
            column.addWidget(wrap_label(f"{ask.where}にあります。", "note", "ink2"))
        self._bands[ask.path] = QVBoxLayout()
        column.addLayout(self._bands[ask.path])
        return column

    def _line(self, ask: Asked, name: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        field = TextField("", _HINTS.get(ask.kind, ""), name=name, spoken=ask.label)
        go = Button("答える", small=True, name=f"{name}.go")
        go.setAccessibleName(f"{ask.label}に答える")
        field.returnPressed.connect(lambda: self._tell(ask.path, field.text()))
        go.clicked.connect(lambda _=False: self._tell(ask.path, field.text()))
        row.addWidget(field, 1)
        row.addWidget(go)
        self._controls[ask.path] = self._fields[ask.path] = field
        return row

    def _tell(self, path: str, text: str) -> None:
        if text.strip():
            self.answered.emit(path, text)
