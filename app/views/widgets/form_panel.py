"""The sections of the fields column, placed by hand.

A chain of box layouts asks every part of the form for its size when one of them changes: too slow
for a keystroke. Here a part that changes is measured alone, and what stands below it only moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.views import theme
from app.views.widgets.form_row import FormRow
from app.views.widgets.lines import hairline, label, wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.views.models.sheet import SheetSection

HEADING = 36
ROW_HEIGHT = 36
NOTE_HEIGHT = 20
GAP = 8
ABOVE_RULE = 2
MARGIN_LEFT = 24
MARGIN_BELOW = 24


class SectionPanel(QWidget):
    """One section: its heading and each row when someone comes near.

    `changed` asks for the panel to be placed anew, as one of its parts wants another height.
    """

    changed = Signal()

    def __init__(self, number: int, section: SheetSection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self._number = number
        self.rows: dict[str, FormRow] = {}
        self._unseen: set[str] = set()
        self._width = self._height = -1
        self._same = ""
        self._note: QLabel | None = None
        self._head: list[tuple[QWidget, int]] = []
        _make_opaque(self)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)

    @property
    def built(self) -> bool:
        """Whether the heading and the row of every field that is asked are there."""
        return self.headed and not self.missing()

    @property
    def headed(self) -> bool:
        """Whether the heading is there."""
        return bool(self._head)

    def make_head(self) -> None:
        """The heading, once."""
        if self._head:
            return
        if self._number > 1:
            self._head.append((hairline(), ABOVE_RULE))
        gap = GAP if self._number > 1 else 0
        self._head.append((self._title(f"{self._number} {self.section.label}"), gap))
        if self.section.note:
            self._head.append((wrap_label(self.section.note, "label", "ink2"), GAP))
        for part, _gap in self._head:
            part.setParent(self)
            part.show()
        self.ask()

    def missing(self) -> Sequence[str]:
        """The fields without a row, in order; a field that is not asked needs none until it is."""
        return [
            f.id for f in self.section.fields if f.id not in self.rows and f.id not in self._unseen
        ]

    def show_count(self, cells: Iterable[Cell]) -> None:
        """前回と同じ nか所, when values came from an earlier filing; cells not asked take no room."""
        cells = list(cells)
        same = sum(1 for c in cells if c.visible and str(c.origin) == "filing")
        self._same = f"前回と同じ {same}か所" if same else ""
        if self._note is not None:
            self._note.setText(self._same)
        self._unseen = {c.field.id for c in cells if not c.visible}

    def set_seen(self, field_id: str, seen: bool) -> None:
        """Keep room for a field that has no row yet, or none."""
        if seen == (field_id in self._unseen):
            self._unseen ^= {field_id}
            self.ask()

    def add(self, row: FormRow) -> None:
        """Take the row of a field, as wide as it will be; shown and placed by who asks next."""
        row.setParent(self)
        _make_opaque(row)
        if self._width > 0:
            row.resize(self._width, row.height())
        self.rows[row.field.id] = row

    def ask(self) -> None:
        """Have the panel placed anew."""
        self._height = -1
        self.changed.emit()

    def place_of(self, field_id: str) -> tuple[int, int]:
        """Top and height in the panel of a field, as guessed where it has no row yet."""
        places = self._places(self._width)[0]
        return next((top, high) for name, top, high in places if name == field_id)

    def missing_between(self, top: int, bottom: int) -> str | None:
        """The first field without a row that would be seen between two heights of the panel."""
        if len(self.rows) == len(self.section.fields):
            return None
        for name, above, high in self._places(self._width)[0]:
            if name not in self.rows and high and above <= bottom and above + high >= top:
                return name
        return None

    def place(self, width: int) -> int:
        """Place the parts in this width; gives the height."""
        if (width, True) != (self._width, self._height >= 0):
            self._width = width
            self._height = self._lay(width)
        return self._height

    def event(self, event: QEvent) -> bool:
        """A part wants another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.ask()
            return True
        return super().event(event)

    def _title(self, text: str) -> QWidget:
        title = QWidget()
        title.setFixedHeight(theme.current().grown(HEADING))
        head = QHBoxLayout(title)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(label(text, "heading", "ink"))
        head.addStretch(1)
        self._note = label(self._same, "label", "ink2")
        head.addWidget(self._note)
        return title

    def _lay(self, width: int) -> int:
        """Place all parts; gives where the last ends."""
        below, boxes = 0, list[tuple[QWidget, QRect]]()
        for part, gap in self._head:
            boxes.append((part, QRect(0, below + gap, width, _height(part, width))))
            below = boxes[-1][1].bottom() + 1
        places, below = self._places(width, below if boxes else -1)
        for name, top, high in places:
            if high and name in self.rows:
                boxes.append((self.rows[name], QRect(0, top, width, high)))
        _move(boxes)
        return below

    def _places(self, width: int, below: int = -1) -> tuple[list[tuple[str, int, int]], int]:
        """(field, top, height) of each, no height where it is not seen; and where the last ends."""
        if below < 0:
            below = self._head[-1][0].geometry().bottom() + 1 if self._head else self._head_room()
        guessed, places = theme.current().grown(ROW_HEIGHT), []
        for field in self.section.fields:
            row = self.rows.get(field.id)
            if row.isHidden() if row else field.id in self._unseen:
                places.append((field.id, below, 0))
                continue
            high = guessed if row is None else _height(row, width)
            places.append((field.id, below + GAP, high))
            below += GAP + high
        return places, below

    def _head_room(self) -> int:
        """The height to keep for a heading that is not there yet."""
        grown = theme.current().grown
        above = ABOVE_RULE + 1 + GAP if self._number > 1 else 0
        return above + grown(HEADING) + (GAP + grown(NOTE_HEIGHT) if self.section.note else 0)


class PanelColumn(QWidget):
    """The panels under each other. `placed` says that they stand, after each placing."""

    placed = Signal()

    def __init__(self, panels: Sequence[SectionPanel]) -> None:
        super().__init__()
        self._panels = panels
        self._room = (0, 0)
        self._laying = False
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        for panel in panels:
            panel.setParent(self)
            panel.changed.connect(self.lay)

    def fit(self, width: int, least: tuple[int, int]) -> None:
        """Place the panels `width` wide on a body at least as wide and high as `least`."""
        self._room = least
        self._width = width
        self.lay()

    def lay(self) -> None:
        """Measure what changed and move what stands below it."""
        if self._laying or not self._room[0]:
            return
        self._laying = True
        below, boxes = 0, list[tuple[QWidget, QRect]]()
        for number, panel in enumerate(self._panels):
            top = below + GAP if number else 0
            height = panel.place(self._width)
            boxes.append((panel, QRect(MARGIN_LEFT, top, self._width, height)))
            below = top + height
        _move(boxes)
        self._laying = False
        self.resize(self._room[0], max(below + GAP + MARGIN_BELOW, self._room[1]))
        self.placed.emit()


def _make_opaque(widget: QWidget) -> None:
    """Paint the surface itself, so that Qt can move the picture of it in place of painting it anew."""
    widget.setBackgroundRole(QPalette.ColorRole.Base)
    widget.setAutoFillBackground(True)


def _height(part: QWidget, width: int) -> int:
    """What a part wants in this width."""
    height = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
    return max(part.minimumHeight(), min(part.maximumHeight(), height))


def _move(boxes: list[tuple[QWidget, QRect]]) -> None:
    """Move parts, the foremost in the direction of the move first.

    Qt moves the picture of a part only where no other part lies over it.
    """
    moved = [(part, box) for part, box in boxes if part.geometry() != box]
    if any(box.top() > part.y() for part, box in moved):
        moved.reverse()
    for part, box in moved:
        part.setGeometry(box)
