"""Editors of a choice: a radio row, a list when there are many, ticks when several may be chosen.

None of them has a preset answer; Del empties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from app.facts.record import Blank
from app.views import theme
from app.views.widgets.field import ChoiceField, SelectField
from app.views.widgets.flow import FlowLayout
from app.views.widgets.form_editor import Editor, Watch

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

RADIO_MOST = 4
RADIO_LETTERS = 26


class _ChoiceEditor(Editor):
    """What the three share: Enter goes on to the next field."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms and goes on; it never sends."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
            return
        super().keyPressEvent(event)

    def _report(self, value: str) -> None:
        if value:
            self.committed.emit(value)
        else:
            self.cleared.emit()

    def _follow(self, control: QWidget) -> None:
        watch = Watch(control)
        watch.focus_in.connect(self.entered)
        watch.focus_out.connect(self.left)


class RadioEditor(_ChoiceEditor):
    """A row of choices, none of them set before the person chooses."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._choices = ChoiceField(choices_of(field), name=self.name, spoken=field.label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._choices, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(theme.current().size("field"))
        let_wrap(self._choices)
        self._choices.chosen.connect(self._report)
        for value, _word in choices_of(field):
            self._follow(self._choices.radio(value))

    def control(self) -> QWidget:
        """The row of radio buttons."""
        return self._choices

    def text(self) -> str:
        """The chosen value, or nothing."""
        return self._choices.value()

    def show_cell(self, cell: Cell) -> None:
        """Set the choice of the draft without reporting it back."""
        value = chosen_value(cell)
        if value != self._choices.value():
            known = {choice for choice, _word in choices_of(self.field)}
            self._choices.set_value(value if value in known else "")

    def set_state(self, state: str) -> None:
        """A locked choice cannot be pressed; errors stand in the band."""
        self._choices.setEnabled(state != "locked")

    def has_focus(self) -> bool:
        """Whether one of the buttons has the keyboard."""
        return any(self._choices.radio(v).hasFocus() for v, _word in choices_of(self.field))

    def stops(self) -> list[QWidget]:
        """The button in focus, else the chosen one, else the first: one stop for the row."""
        radios = {v: self._choices.radio(v) for v, _word in choices_of(self.field)}
        focused = next((r for r in radios.values() if r.hasFocus()), None)
        first = next(iter(radios.values()))
        return [focused or radios.get(self._choices.value(), first)]

    def take_focus(self, *, select: bool = False) -> None:
        """The chosen button takes the keyboard, else the first."""
        self.stops()[0].setFocus(Qt.FocusReason.OtherFocusReason)


class ComboEditor(_ChoiceEditor):
    """Many choices: a list that opens with Alt+↓, empty until the person chooses."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._select = SelectField(choices_of(field), name=self.name, spoken=field.label)
        self._select.setMinimumContentsLength(8)
        self._select.setSizeAdjustPolicy(
            SelectField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._select)
        self._select.chosen.connect(self._report)
        self._follow(self._select)

    def control(self) -> QWidget:
        """The list."""
        return self._select

    def text(self) -> str:
        """The chosen value, or nothing."""
        return self._select.value()

    def show_cell(self, cell: Cell) -> None:
        """Set the choice of the draft without reporting it back."""
        value = chosen_value(cell)
        if value != self._select.value():
            self._select.set_value(value)

    def set_state(self, state: str) -> None:
        """Colour of the edge."""
        self._select.set_state(state)


class TicksEditor(_ChoiceEditor):
    """Several of the choices may be ticked; the value is their codes with commas."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._boxes: dict[str, QCheckBox] = {}
        holder = QWidget()
        holder.setObjectName(self.name)
        holder.setAccessibleName(field.label)
        flow = FlowLayout(across=16, parent=holder)
        for value, word in field.choices:
            box = QCheckBox(word.replace("&", "&&"))
            box.setAccessibleName(f"{field.label}、{word}")
            box.setObjectName(f"{self.name}.{value}")
            box.clicked.connect(lambda _=False: self._report(self.text()))
            self._follow(box)
            self._boxes[value] = box
            flow.addWidget(box)
        let_wrap(holder)
        self._holder = holder
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(holder, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(theme.current().size("field"))

    def control(self) -> QWidget:
        """The row of boxes."""
        return self._holder

    def text(self) -> str:
        """The codes of the ticked choices, with commas."""
        return ",".join(value for value, box in self._boxes.items() if box.isChecked())

    def show_cell(self, cell: Cell) -> None:
        """Tick what the draft says without reporting it back."""
        wanted = set(chosen_value(cell).split(","))
        for value, box in self._boxes.items():
            box.setChecked(value in wanted)

    def set_state(self, state: str) -> None:
        """Locked boxes cannot be pressed."""
        self._holder.setEnabled(state != "locked")

    def has_focus(self) -> bool:
        """Whether one of the boxes has the keyboard."""
        return any(box.hasFocus() for box in self._boxes.values())

    def stops(self) -> list[QWidget]:
        """Every box."""
        return list(self._boxes.values())

    def take_focus(self, *, select: bool = False) -> None:
        """The first box takes the keyboard."""
        next(iter(self._boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)


def let_wrap(widget: QWidget) -> None:
    """Let a row of choices take the height its width asks for (a fixed policy would cut it)."""
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def choices_of(field: Field) -> tuple[tuple[str, str], ...]:
    """(value, official word) of each choice; a yes/no question has its two words."""
    if field.kind == "yes_no":
        return (("true", field.words[0]), ("false", field.words[1]))
    return field.choices


def is_radio_row(field: Field) -> bool:
    """Whether the choices are few and short enough to stand in one row."""
    choices = choices_of(field)
    return len(choices) <= RADIO_MOST and sum(len(word) for _v, word in choices) <= RADIO_LETTERS


def chosen_value(cell: Cell) -> str:
    """The value among the choices that the cell holds, or nothing."""
    if not cell.answered or cell.value is None or isinstance(cell.value, Blank):
        return ""
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    return str(cell.value)
