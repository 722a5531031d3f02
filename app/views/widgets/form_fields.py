"""The fields column: the whole form as one scrolling page, its sections built when they are needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.views.models.form_face import RowFace
from app.views.widgets.form_panel import MARGIN_LEFT, PanelColumn, SectionPanel
from app.views.widgets.form_row import FormRow
from app.views.widgets.slices import waiting

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.views.models.sheet import Sheet

MARGIN_RIGHT = 20
SLICE_MS = 3
HEADS_AT_ONCE = 1
_SKELETON, _IN_VIEW, _REST = range(3)

Face = Callable[["Cell"], RowFace]


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
    in_view = Signal()
    """What is in view stands; `go_on` has the column build the rest."""

    def __init__(
        self, area: str = "form", parent: QWidget | None = None, *, halts: bool = False
    ) -> None:
        """`halts`: after `in_view` the column waits for `go_on`."""
        super().__init__(parent)
        self._area = area
        self._halts = halts
        self._phase = _SKELETON
        self.setObjectName(f"{area}.fields")
        self.setAccessibleName("欄")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panels: dict[str, SectionPanel] = {}
        self._made: dict[str, FormRow] = {}
        self._sheet: Sheet | None = None
        self._face: Face | None = None
        self._later = QTimer(self)
        self._later.setInterval(0)
        self._later.timeout.connect(self._build_next)
        self._body = PanelColumn(())

    def load(self, sheet: Sheet, face: Face) -> None:
        """Lay out a sheet: headings now, rows as they are needed."""
        self._later.stop()
        self._sheet, self._face = sheet, face
        self._panels = {}
        for row in self._made.values():
            row.deleteLater()
        self._made = {}
        for number, section in enumerate(sheet.procedure.sections, start=1):
            panel = SectionPanel(number, section)
            panel.show_count(sheet.cell(f.id) for f in section.fields)
            self._panels[section.id] = panel
        panels = list(self._panels.values())
        for panel in panels[:HEADS_AT_ONCE]:
            panel.make_head()
        self._body = PanelColumn(panels)
        self.setWidget(self._body)
        self._fit()
        self._phase = _SKELETON
        self._later.start()

    def go_on(self) -> None:
        """Build what is not in view, after `in_view`."""
        if self._phase == _IN_VIEW:
            self._phase = _REST
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
        """The row of a field, made now if it was not there."""
        assert self._sheet is not None
        panel = self._panels[self._sheet.procedure.section_of[field_id]]
        if field_id not in panel.rows:
            self._build(panel, field_id)
        return panel.rows[field_id]

    def build_all(self) -> None:
        """Build every row now, of fields that are not asked too."""
        for panel in self._panels.values():
            panel.make_head()
            for field in panel.section.fields:
                if field.id not in panel.rows:
                    self._build(panel, field.id)

    def show_cells(self, cells: Iterable[Cell]) -> None:
        """Show these cells in the rows that exist; hidden ones take no room."""
        for cell in cells:
            row = self.row(cell.field.id)
            if row is not None:
                self._show(row, cell)
            elif self._sheet is not None:
                section = self._sheet.procedure.section_of[cell.field.id]
                self._panels[section].set_seen(cell.field.id, cell.visible)
        if self._phase == _REST and not all(panel.built for panel in self._panels.values()):
            self._later.start()  # what is asked now gets its row

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
        self._settle()
        self.verticalScrollBar().setValue(panel.y())

    def _fit(self) -> None:
        """The scroll bar stands inside the right margin, so that fields do not move for it."""
        room = self.viewport().size()
        width = self.contentsRect().width() - MARGIN_LEFT - MARGIN_RIGHT
        self._body.fit(width, (room.width(), room.height()))

    def _show(self, row: FormRow, cell: Cell) -> None:
        assert self._face is not None
        if cell.visible:
            row.show_cell(cell, self._face(cell))
        row.setVisible(cell.visible)

    def _make(self, field_id: str) -> FormRow:
        assert self._sheet is not None
        row = FormRow(self._sheet.procedure.field(field_id), self._area)
        for name in (
            "typed", "committed", "cleared", "entered", "left", "next_wanted", "act", "explain"
        ):  # fmt: skip
            getattr(row, name).connect(getattr(self, name))
        return row

    def _build(self, panel: SectionPanel, field_id: str) -> None:
        assert self._sheet is not None
        if not panel.headed:
            self._make_head(panel)
        bar, before = self.verticalScrollBar(), panel.height()
        top, height = panel.place_of(field_id)
        above = panel.y() + top + height < bar.value()
        row = self._made.pop(field_id, None) or self._make(field_id)
        panel.add(row)
        self._show(row, self._sheet.cell(field_id))
        panel.ask()
        if above:
            bar.setValue(bar.value() + panel.height() - before)

    def _build_next(self) -> None:
        """Some rows more: those in view first, and no longer than a person would feel."""
        if self._phase == _SKELETON:  # the skeleton is painted first
            self._phase = _IN_VIEW
            return
        if self._phase == _REST and waiting():
            return
        end = time.perf_counter() + SLICE_MS / 1e3
        while time.perf_counter() < end:
            panel, field_id = self._next_in_view()
            if panel is None and self._phase == _IN_VIEW:
                if self._halts:
                    self._later.stop()
                else:
                    self._phase = _REST
                self.in_view.emit()
                return
            if panel is None:
                panel = next((p for p in self._panels.values() if not p.built), None)
                if panel is None:
                    self._later.stop()
                    return
                field_id = panel.missing()[0] if panel.headed else ""
            if field_id and field_id not in self._made:
                # A table or a list of statements is a frame to make and another to place.
                self._made[field_id] = self._make(field_id)
            elif field_id:
                self._build(panel, field_id)
            else:
                self._make_head(panel)

    def _next_in_view(self) -> tuple[SectionPanel | None, str]:
        """The first heading ("") or row that is missing in what is seen."""
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        for panel in self._panels.values():
            if panel.built or panel.y() > bottom or panel.y() + panel.height() < top:
                continue
            if not panel.headed:
                return panel, ""
            found = panel.missing_between(top - panel.y(), bottom - panel.y())
            if found is not None:
                return panel, found
        return None, ""

    def _make_head(self, panel: SectionPanel) -> None:
        """The heading of a section; what is in view stays where it is."""
        bar, before = self.verticalScrollBar(), panel.height()
        above = panel.y() + before < bar.value()
        panel.make_head()
        if above:
            bar.setValue(bar.value() + panel.height() - before)

    def _bring(self, widget: QWidget) -> None:
        """Scroll down or up to a widget, never sideways."""
        self.ensureWidgetVisible(widget, 0, 48)
        self.horizontalScrollBar().setValue(0)

    def _settle(self) -> None:
        """Let pending layout happen now, so that positions can be read."""
        for panel in self._panels.values():
            QCoreApplication.sendPostedEvents(panel, QEvent.Type.LayoutRequest.value)
        self._body.lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The fields follow the width."""
        super().resizeEvent(event)
        self._fit()


def _beside(stops: list[QWidget], focused: QWidget | None, forward: bool) -> QWidget | None:
    """The stop after (or before) the one in focus inside one row; None at its end."""
    place = stops.index(focused) if focused in stops else (0 if forward else len(stops) - 1)
    place += 1 if forward else -1
    return stops[place] if 0 <= place < len(stops) else None
