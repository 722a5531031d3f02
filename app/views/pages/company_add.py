"""A new employee, by keyboard: seven fields, Enter goes on, the last button keeps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import ChoiceField, DateField, TextField
from app.views.widgets.lines import label, wrap_label

LINES: tuple[tuple[str, str, str], ...] = (
    ("family_name", "姓", "text"),
    ("given_name", "名", "text"),
    ("family_kana", "姓のフリガナ", "text"),
    ("given_kana", "名のフリガナ", "text"),
    ("sex", "性別", "sex"),
    ("birth", "生年月日", "date"),
    ("hired_on", "雇い入れた日", "date"),
)
LABEL_WIDTH = 132


class AddEmployee(Card):
    """Asks what is needed to begin; everything else can be told later. `added` carries the key."""

    added = Signal(str)
    closed = Signal()

    def __init__(self, desk: Any, parent: QWidget | None = None) -> None:
        super().__init__("従業員を加える", name="company.new", parent=parent)
        self._desk = desk
        self._fields: dict[str, TextField | DateField | ChoiceField] = {}
        self._faults = QVBoxLayout()
        self.body.setSpacing(8)
        self.body.addWidget(
            wrap_label(
                "分かるところだけで始められます。フリガナは、ひらがなでも入ります。",
                "label",
                "ink2",
            )
        )
        for name, word, kind in LINES:
            self.body.addLayout(self._line(name, word, kind))
        self.body.addLayout(self._faults)
        self.save = Button("加える", "primary", name="company.new.save")
        self.save.clicked.connect(self.keep)
        close = Button("やめる", "quiet", name="company.new.close")
        close.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(LABEL_WIDTH + 8, 8, 0, 0)
        buttons.addWidget(self.save)
        buttons.addWidget(close)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    def focus_first(self) -> None:
        """Begin at the family name."""
        self._fields["family_name"].setFocus()

    def texts(self) -> dict[str, str]:
        """What was typed, by the fact's path after the person."""
        found: dict[str, str] = {}
        for name, widget in self._fields.items():
            found[name] = widget.value() if isinstance(widget, ChoiceField) else widget.text()
        return {name: text for name, text in found.items() if text.strip()}

    def keep(self) -> None:
        """Keep the person, or say what cannot be read and stay."""
        self._clear_faults()
        try:
            key = self._desk.add_member("employees", self.texts())
        except Known as fault:
            self._faults.addWidget(Band("danger", fault.sentence, name="company.new.fault"))
            return
        for widget in self._fields.values():
            if isinstance(widget, ChoiceField):
                widget.set_value("")
            elif isinstance(widget, DateField):
                widget.set_text("")
            else:
                widget.clear()
        self.added.emit(key)

    def _line(self, name: str, word: str, kind: str) -> QHBoxLayout:
        widget: TextField | DateField | ChoiceField
        path = f"company.new.{name}"
        if kind == "date":
            widget = DateField(name=path, spoken=word)
            widget.line.returnPressed.connect(lambda n=name: self._next(n))
        elif kind == "sex":
            widget = ChoiceField((("男", "男"), ("女", "女")), name=path, spoken=word)
        else:
            widget = TextField(name=path, spoken=word)
            widget.returnPressed.connect(lambda n=name: self._next(n))
        self._fields[name] = widget
        head = label(word, "label", "ink2")
        head.setFixedWidth(LABEL_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(head)
        row.addWidget(widget, 1)
        return row

    def _next(self, name: str) -> None:
        names = list(self._fields)
        place = names.index(name) + 1
        target = self._fields[names[place]] if place < len(names) else self.save
        target.setFocus()

    def _clear_faults(self) -> None:
        while (item := self._faults.takeAt(0)) is not None:
            if (band := item.widget()) is not None:
                band.hide()
                band.deleteLater()
