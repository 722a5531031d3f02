"""The fields column: the whole form as one scrolling page, its sections built when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views import theme
from app.views.models.form_face import RowFace
from app.views.widgets.form_row import FormRow
from app.views.widgets.lines import hairline, label, wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.views.models.sheet import Sheet, SheetSection

HEADING = 36
ROW_STEP = 44
MARGIN_LEFT = 24
MARGIN_RIGHT = 20

Face = Callable[["Cell"], RowFace]


class SectionPanel(QWidget):
    """One section: a heading at once, its rows when someone comes near."""

    def __init__(self, number: int, section: SheetSection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.built = False
        self.rows: dict[str, FormRow] = {}
        self._anchor = label(f"{number} {section.label}", "heading", "ink")
        self._note = label("", "label", "ink2")
        head = QHBoxLayout()
        head.addWidget(self._anchor)
        head.addStretch(1)
        head.addWidget(self._note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        if number > 1:
            self._column.addSpacing(2)
            self._column.addWidget(hairline())
        title = QWidget()
        title.setFixedHeight(theme.current().grown(HEADING))
        title.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(title)
        if section.note:
            self._column.addWidget(wrap_label(section.note, "label", "ink2"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._column.addLayout(self._rows)
        step = theme.current().grown(ROW_STEP)
        self.setMinimumHeight(HEADING + step * len(section.fields))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def heading(self) -> QRect:
        """Where the heading stands in the panel."""
        return self._anchor.geometry()

    def show_count(self, cells: Iterable[Cell]) -> None:
        """前回と同じ nか所, when values came from an earlier filing."""
        same = sum(1 for c in cells if c.visible and str(c.origin) == "filing")
        self._note.setText(f"前回と同じ {same}か所" if same else "")

    def build(self, make: Callable[[str], FormRow]) -> None:
        """Make the rows; done once."""
        self.built = True
        for field in self.section.fields:
            row = make(field.id)
            self.rows[field.id] = row
            self._rows.addWidget(row)
        self.setMinimumHeight(0)


class FieldColumn(QScrollArea):
    """All sections under each other. Rows report to the column, the column to the page."""

    typed = Signal(str, str)
    committed = Signal(str, str)
    cleared = Signal(str)
    entered = Signal(str)
    left = Signal(str)
    next_wanted = Signal(str)
    act = Signal(str, str)
    explain = Signal(str)

    def __init__(self, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self.setObjectName(f"{area}.fields")
        self.setAccessibleName("欄")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panels: dict[str, SectionPanel] = {}
        self._sheet: Sheet | None = None
        self._face: Face | None = None
        self._later = QTimer(self)
        self._later.setInterval(0)
        self._later.timeout.connect(self._build_next)
        self.verticalScrollBar().valueChanged.connect(lambda _v: self._build_seen())
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._body = QWidget()
        self._sections = QVBoxLayout(self._body)
        self.setWidget(self._body)

    def load(self, sheet: Sheet, face: Face) -> None:
        """Lay out a sheet: headings now, rows as they are needed."""
        self._later.stop()
        self._sheet, self._face = sheet, face
        self._panels = {}
        body = QWidget()
        body.setProperty("surface", "surface")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sections = QVBoxLayout(body)
        self._sections.setContentsMargins(MARGIN_LEFT, 0, MARGIN_RIGHT, 24)
        self._sections.setSpacing(8)
        for number, section in enumerate(sheet.procedure.sections, start=1):
            panel = SectionPanel(number, section)
            panel.show_count(sheet.cell(f.id) for f in section.fields)
            self._panels[section.id] = panel
            self._sections.addWidget(panel)
        self._sections.addStretch(1)
        self._body = body
        self.setWidget(body)
        self._later.start()

    def row(self, field_id: str) -> FormRow | None:
        """The row of a field when it has been built."""
        for panel in self._panels.values():
            if field_id in panel.rows:
                return panel.rows[field_id]
        return None

    def rows(self) -> list[FormRow]:
        """Every row that has been built, in the order of the form."""
        return [row for panel in self._panels.values() for row in panel.rows.values()]

    def panel(self, section_id: str) -> SectionPanel:
        """The panel of a section."""
        return self._panels[section_id]

    def commit_row(self, field_id: str) -> None:
        """Commit what is being typed in a row, as leaving it would."""
        row = self.row(field_id)
        if row is not None:
            row.editor.commit()

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word in one of the rows."""
        row = self.focused_row()
        return row is not None and row.editor.composing()

    def build_for(self, field_id: str) -> FormRow:
        """The row of a field, its section built first if it was not."""
        assert self._sheet is not None
        panel = self._panels[self._sheet.procedure.section_of[field_id]]
        self._build(panel)
        return panel.rows[field_id]

    def build_all(self) -> None:
        """Build every section now."""
        for panel in self._panels.values():
            self._build(panel)

    def show_cells(self, cells: Iterable[Cell]) -> None:
        """Show these cells in the rows that exist; hidden ones take no room."""
        for cell in cells:
            row = self.row(cell.field.id)
            if row is not None:
                self._show(row, cell)

    def go(self, field_id: str, *, select: bool = False) -> None:
        """Bring a field into view and give it the keyboard."""
        row = self.build_for(field_id)
        self._settle()
        self._bring(row)
        row.editor.take_focus(select=select)

    def focused_row(self) -> FormRow | None:
        """The row the keyboard is in."""
        widget = QApplication.focusWidget()
        return next(
            (row for row in self.rows() if widget is not None and row.isAncestorOf(widget)), None
        )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through the rows in the order of the form, whatever order they were built in."""
        row = self.focused_row()
        if row is None or self._sheet is None:
            return super().focusNextPrevChild(forward)
        stop = _beside(row.stops(), QApplication.focusWidget(), forward)
        if stop is None:
            other = self.neighbour(row.field.id, forward)
            if other is None:
                return super().focusNextPrevChild(forward)
            stops = self.build_for(other).stops()
            stop = stops[0] if forward else stops[-1]
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stop.setFocus(reason)
        self._settle()
        self._bring(stop)
        return True

    def neighbour(self, field_id: str, forward: bool) -> str | None:
        """The next (or previous) field that can take the keyboard."""
        assert self._sheet is not None
        order = [c.field.id for c in self._sheet.cells() if c.visible]
        if field_id not in order:
            return None
        place = order.index(field_id) + (1 if forward else -1)
        while 0 <= place < len(order):
            if self.build_for(order[place]).stops():
                return order[place]
            place += 1 if forward else -1
        return None

    def go_to_section(self, section_id: str) -> None:
        """Bring a section's heading to the top."""
        panel = self._panels[section_id]
        self._build(panel)
        self._settle()
        self.verticalScrollBar().setValue(panel.y())

    def _make_room(self, _least: int, most: int) -> None:
        """The scroll bar stands inside the right margin, so that fields do not move for it."""
        bar = self.verticalScrollBar().sizeHint().width()
        self._sections.setContentsMargins(MARGIN_LEFT, 0, MARGIN_RIGHT - (bar if most else 0), 24)

    def _show(self, row: FormRow, cell: Cell) -> None:
        assert self._face is not None
        row.setVisible(cell.visible)
        if cell.visible:
            row.show_cell(cell, self._face(cell))

    def _make(self, field_id: str) -> FormRow:
        assert self._sheet is not None
        row = FormRow(self._sheet.procedure.field(field_id), self._area)
        for name in (
            "typed", "committed", "cleared", "entered", "left", "next_wanted", "act", "explain"
        ):  # fmt: skip
            getattr(row, name).connect(getattr(self, name))
        return row

    def _build(self, panel: SectionPanel) -> None:
        if panel.built or self._sheet is None:
            return
        above = panel.geometry().bottom() < self.verticalScrollBar().value()
        before = panel.height()
        panel.build(self._make)
        for field_id, row in panel.rows.items():
            self._show(row, self._sheet.cell(field_id))
        if above:
            self._settle()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + panel.height() - before)

    def _build_next(self) -> None:
        panel = next((p for p in self._panels.values() if not p.built), None)
        if panel is None:
            self._later.stop()
            return
        self._build(panel)

    def _build_seen(self) -> None:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        for panel in self._panels.values():
            if not panel.built and panel.y() <= bottom and panel.geometry().bottom() >= top:
                self._build(panel)

    def _bring(self, widget: QWidget) -> None:
        """Scroll down or up to a widget, never sideways."""
        self.ensureWidgetVisible(widget, 0, 48)
        self.horizontalScrollBar().setValue(0)

    def _settle(self) -> None:
        """Let pending layout happen now, so that positions can be read."""
        self._sections.activate()
        QCoreApplication.sendPostedEvents(self._body, QEvent.Type.LayoutRequest.value)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.LayoutRequest.value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What came into view is built."""
        super().resizeEvent(event)
        self._build_seen()

    def showEvent(self, event: QShowEvent) -> None:
        """What is in view is built before the first painting."""
        super().showEvent(event)
        self._build_seen()


def _beside(stops: list[QWidget], focused: QWidget | None, forward: bool) -> QWidget | None:
    """The stop after (or before) the one in focus inside one row; None at its end."""
    place = stops.index(focused) if focused in stops else (0 if forward else len(stops) - 1)
    place += 1 if forward else -1
    return stops[place] if 0 <= place < len(stops) else None
