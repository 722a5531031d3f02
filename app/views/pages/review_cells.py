"""The list of the review: every cell that leaves, by section, with its origin and the reviewer's tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.models.form_face import row_face
from app.views.models.review_ticks import Ticks
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.form_review_row import ReviewRow
from app.views.widgets.lines import wrap_label

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Section


class ReviewCells(QWidget):
    """One card a section. `wanted` leads to a field, `seen` marks it on the paper."""

    wanted = Signal(str)
    seen = Signal(str)
    ticks_changed = Signal()

    def __init__(self, draft: Draft, ticks: Ticks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._ticks = ticks
        self.rows: dict[str, ReviewRow] = {}
        self._lines: dict[str, QWidget | None] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._left = list(enumerate(draft.procedure.sections, start=1))
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._build_next)
        self._build_next()
        if self._left:
            self._later.start()

    def refresh(self) -> None:
        """Show the draft as it is now."""
        for field_id in self.rows:
            self._show(self._draft.cell(field_id))
        self._show_boxes()

    def mark(self, field_id: str) -> None:
        """Mark the row of the cell shown on the paper, and bring it into view's reach."""
        for key, row in self.rows.items():
            row.set_marked(key == field_id)

    def first_box(self) -> QWidget | None:
        """The first tick of all."""
        return next(iter(self._boxes.values()), None)

    def build_all(self) -> None:
        """Build the sections that are still to come."""
        while self._left:
            self._build_next()

    def _build_next(self) -> None:
        if not self._left:
            self._later.stop()
            return
        number, section = self._left.pop(0)
        cells = [self._draft.cell(f.id) for f in section.fields]
        if not any(c.filled for c in cells):
            return
        card = Card(f"{number} {section.label}", name=f"review.section.{section.id}")
        self._head(card, section)
        for cell in cells:
            row = ReviewRow(cell.field.id, cell.field.label)
            row.ticked.connect(self._tick)
            row.wanted.connect(self.wanted)
            row.seen.connect(self.seen)
            self.rows[cell.field.id] = row
            self._lines[cell.field.id] = card.add_row(row)
            self._show(cell)
        self._column.addWidget(card)
        card.show()
        self._show_boxes()

    def _head(self, card: Card, section: Section) -> None:
        box = QCheckBox("まとめて確かめた")
        box.setObjectName(f"review.tick.{section.id}")
        box.setAccessibleName(f"{section.label} をまとめて確かめた")
        box.clicked.connect(lambda on, s=section: self._tick_all(s, on))
        card.head.addWidget(box)
        self._boxes[section.id] = box

    def _show(self, cell: Cell) -> None:
        row = self.rows[cell.field.id]
        row.setVisible(cell.filled)
        line = self._lines[cell.field.id]
        if line is not None:
            line.setVisible(cell.filled)
        if cell.filled:
            row.show_cell(shown_text(cell), row_face(cell).badge, self._ticks.state(cell))

    def _show_boxes(self) -> None:
        for section in self._draft.procedure.sections:
            box = self._boxes.get(section.id)
            if box is not None:
                ticked, total = self._ticks.count(self._draft.cell(f.id) for f in section.fields)
                box.setChecked(bool(total) and ticked == total)

    def _tick(self, field_id: str, on: bool) -> None:
        cell = self._draft.cell(field_id)
        self._ticks.set(cell, on)
        self._show(cell)
        self._show_boxes()
        self.ticks_changed.emit()

    def _tick_all(self, section: Section, on: bool) -> None:
        for field in section.fields:
            cell = self._draft.cell(field.id)
            if cell.filled and (self._ticks.state(cell) == "ticked") != on:
                self._ticks.set(cell, on)
            if field.id in self.rows:
                self._show(cell)
        self._show_boxes()
        self.ticks_changed.emit()


class GapCard(Card):
    """What still stands between the draft and the door: one row a field, each with a way to it."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("あとこれだけ", name="review.gaps", parent=parent)
        self._shown: tuple[tuple[str, str], ...] = ()
        self.buttons: list[QWidget] = []

    def show_gaps(self, draft: Draft) -> None:
        """List unanswered fields and open problems; hidden when there are none."""
        lines = gap_lines(draft)
        self.setVisible(bool(lines))
        if lines == self._shown:
            return
        self._shown = lines
        self.set_count(f"{len(lines)}か所")
        self.clear_rows()
        self.buttons = []
        for field_id, sentence in lines:
            self.add_row(self._line(field_id, sentence))

    def focus_first(self) -> None:
        """Give the first way out the keyboard."""
        if self.buttons:
            self.buttons[0].setFocus()

    def _line(self, field_id: str, sentence: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(19, 6, 16, 6)
        line.addWidget(wrap_label(sentence, "body", "ink").centre("body"), 1)
        button = Button("そこへ行く", small=True, name=f"review.gap.{field_id}")
        button.setAccessibleName(f"{sentence} そこへ行く")
        button.clicked.connect(lambda _=False: self.wanted.emit(field_id))
        line.addWidget(button)
        self.buttons.append(button)
        return row


def gap_lines(draft: Draft) -> tuple[tuple[str, str], ...]:
    """(field id, sentence) of everything left to do, in the order of the form; a field once."""
    problems = {p.field_id: p.sentence for p in reversed(draft.problems())}
    gaps = set(draft.gaps())
    lines: list[tuple[str, str]] = []
    for cell in draft.cells():
        name = cell.field.label
        if cell.field.id in problems:
            lines.append((cell.field.id, f"{name}: {problems[cell.field.id]}"))
        elif cell.field.id in gaps:
            where = f"{cell.field.where}" if cell.field.where else ""
            lines.append((cell.field.id, f"{name}がまだありません。{where}"))
    return tuple(lines)


def shown_text(cell: Cell) -> str:
    """The value as read in the review: both calendars, and the letters that leave when they differ."""
    if cell.table is not None:
        return "\n".join(
            "　".join(c.text for c in row.cells.values() if c.text)
            for row in cell.table.filled_rows
        )
    text = cell.text
    if cell.wareki:
        text = f"{text}  {cell.wareki}"
    unit = cell.field.unit_label or ("円" if cell.field.kind == "yen" else "")
    if unit and text:
        text = f"{text} {unit}"
    if cell.substituted and cell.sent_text:
        text = f"{text} → {cell.sent_text}"
    return text
