"""The editor of a table: cells reached by arrow keys, written in place, rows added and taken out.

Typing begins to write, Enter and F2 open a cell, Del empties it, Insert adds a row, Ctrl+Del takes
one out, Tab goes on. Below stand the sums, and where the value of the present cell came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from app.domain.canonical import new_salt
from app.forms.convert import decimal_text
from app.forms.fields import NUMBERS, Field
from app.forms.table_cells import cell_text
from app.forms.tables import Table, TableAnswer, sums_of
from app.views import theme
from app.views.models.table_rows import Index, TableRows
from app.views.widgets.button import Button
from app.views.widgets.form_editor import Editor, Watch
from app.views.widgets.form_grid import CellDelegate, Grid
from app.views.widgets.lines import label, wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell

_WIDTHS = {"yen": 104, "integer": 72, "percent": 84, "decimal": 84, "date": 118, "yes_no": 84}
_LEAST = 84
_MONTH_DAY = 76


class TableEditor(Editor):
    """A table of a form. `committed` carries the whole of what is written, as app.forms.tables."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._rows = TableRows(field, self)
        self._grid = Grid(field, self.name)
        self._delegate = CellDelegate(self._grid)
        self._grid.setItemDelegate(self._delegate)
        self._grid.setModel(self._rows)
        self._table = Table((), TableAnswer())
        self._before: TableAnswer | None = None
        self._add = Button("行を足す", "plain", "plus", small=True, name=f"{self.name}.add")
        self._remove = Button("この行を消す", "quiet", small=True, name=f"{self.name}.remove")
        self._sums = label("", "label", "ink")
        self._told = wrap_label("", "note", "ink2")
        self._told.setObjectName(f"{self.name}.told")
        self._build()
        self._join()

    def control(self) -> QWidget:
        """The grid."""
        return self._grid

    def text(self) -> str:
        """What is written, as one text."""
        return self._table.written.to_text()

    def composing(self) -> bool:
        """Whether an input method is in the middle of a word in a cell."""
        return self._delegate.watch is not None and self._delegate.watch.composing

    def show_cell(self, cell: Cell) -> None:
        """Show the rows of the draft; the present cell stays where it was."""
        here = self._here()
        self._table = cell.table or Table((), TableAnswer())
        self._rows.show_cell(cell)
        if here is not None and not self._is_writing():
            found = self._rows.find(*here)
            if found.isValid():
                self._grid.setCurrentIndex(found)
        room = len(self._table.rows) < self.field.max_rows
        self._add.setVisible(not self.field.is_fixed)
        self._add.setEnabled(room)
        self._remove.setVisible(not self.field.is_fixed)
        self._remove.setEnabled(bool(self._table.rows))
        self._grid.setVisible(bool(self._table.rows))
        if not self._is_writing():
            self._size_columns()
            self._grid.fit()
        self._show_sums()
        self._tell()

    def set_state(self, state: str) -> None:
        """Problems are shown in their cells and in the bands below."""

    def commit(self) -> None:
        """Finish the cell being written."""
        writing = QApplication.focusWidget()
        if self._is_writing() and writing is not None and self._grid.isAncestorOf(writing):
            self._delegate.commitData.emit(writing)
            self._delegate.closeEditor.emit(writing, QAbstractItemDelegate.EndEditHint.NoHint)

    def has_focus(self) -> bool:
        """Whether the keyboard is in the grid or in one of its cells."""
        now = QApplication.focusWidget()
        return now is not None and (now is self._grid or self._grid.isAncestorOf(now))

    def stops(self) -> list[QWidget]:
        """The grid, then its buttons."""
        buttons = [b for b in (self._add, self._remove) if b.isVisibleTo(self) and b.isEnabled()]
        return [*([self._grid] if self._table.rows else []), *buttons]

    def take_focus(self, *, select: bool = False) -> None:
        """The first cell to put right, else the present one, else the button that adds a row."""
        if not self._table.rows:
            self._add.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self._grid.currentIndex().isValid() or select:
            self._grid.setCurrentIndex(self._first_wanting())
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._grid)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._add)
        line.addWidget(self._remove)
        line.addStretch(1)
        line.addWidget(self._sums)
        column.addLayout(line)
        column.addWidget(self._told)
        self._add.setAccessibleName(f"{self.field.label} 行を足す")
        self._remove.setAccessibleName(f"{self.field.label} この行を消す")

    def _join(self) -> None:
        watch = Watch(self._grid)
        watch.focus_in.connect(self.entered)
        watch.focus_out.connect(self.left)
        for button in (self._add, self._remove):
            Watch(button).focus_in.connect(self.entered)
        self._rows.written.connect(self._write)
        self._delegate.typing.connect(self._type)
        self._delegate.given_up.connect(self._give_up)
        # the view lets go of the editor only after it was told; then rows may change their height
        self._delegate.closed.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._grid.emptied.connect(self._empty)
        self._grid.row_wanted.connect(self._add_row)
        self._grid.row_unwanted.connect(self._remove_row)
        self._add.clicked.connect(lambda _=False: self._add_row())
        self._remove.clicked.connect(lambda _=False: self._remove_row())
        self._grid.selectionModel().currentChanged.connect(lambda *_: self._tell())

    # what a person does

    def _type(self, index: Index, text: str) -> None:
        """A keystroke in a cell: kept at once, so that a kill loses nothing."""
        row, column = self._rows.place(index)
        if self._before is None:
            self._before = self._table.written
        self.typed.emit(self._before.with_cell(row.key, column.id, text).to_text())

    def _write(self, key: str, column_id: str, text: str) -> None:
        column = self.field.column(column_id)
        before, self._before = self._before, None
        cell = self._table.row(key).cells[column_id]
        kept = cell_text(column, text)
        base = before if before is not None else self._table.written
        if before is None and kept == cell_text(column, _as_text(cell)):
            return
        self.committed.emit(base.with_cell(key, column_id, kept).to_text())

    def _give_up(self) -> None:
        """Esc: what stood there before stands again."""
        before, self._before = self._before, None
        if before is not None:
            self.committed.emit(before.to_text())

    def _empty(self) -> None:
        index = self._grid.currentIndex()
        if index.isValid() and self._rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            row, column = self._rows.place(index)
            if row.cells[column.id].answered or row.cells[column.id].text:
                self._write(row.key, column.id, "")

    def _add_row(self) -> None:
        if self.field.is_fixed or len(self._table.rows) >= self.field.max_rows:
            return
        taken = frozenset(row.key for row in self._table.rows)
        key = new_salt()[:6] if self.field.rows_from else self._table.written.free_key(taken)
        self.committed.emit(self._table.written.with_row(key).to_text())
        first = next((c.id for c in self.field.columns if not c.calc), self.field.columns[0].id)
        found = self._rows.find(key, first)
        if found.isValid():
            self._grid.setCurrentIndex(found)
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove_row(self) -> None:
        index = self._grid.currentIndex()
        if self.field.is_fixed or not self._table.rows:
            return
        row = self._rows.place(index)[0] if index.isValid() else self._table.rows[-1]
        place = [r.key for r in self._table.rows].index(row.key)
        self.committed.emit(self._table.written.without_row(row.key, given=row.given).to_text())
        if self._table.rows:
            near = self._table.rows[min(place, len(self._table.rows) - 1)]
            self._grid.setCurrentIndex(self._rows.find(near.key, self.field.columns[0].id))
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is shown

    def _here(self) -> tuple[str, str] | None:
        index = self._grid.currentIndex()
        if not index.isValid():
            return None
        row, column = self._rows.place(index)
        return row.key, column.id

    def _is_writing(self) -> bool:
        return self._grid.is_writing()

    def _settle(self) -> None:
        if not self._is_writing():
            self._size_columns()
            self._grid.fit()
            self._tell()

    def _first_wanting(self) -> Index:
        for at in range(self._rows.rowCount()):
            for n in range(self._rows.columnCount()):
                index = self._rows.index(at, n)
                if self._rows.problem(index):
                    return index
        return self._rows.index(0, 0)

    def _show_sums(self) -> None:
        parts = []
        for name, value in sums_of(self.field, self._table).items():
            column = self.field.column(name)
            shown = (
                f"{value // column.unit:,}{column.unit_label or '円'}"
                if column.kind == "yen" and isinstance(value, int)
                else decimal_text(value, column) + ("%" if column.kind == "percent" else "")
            )
            parts.append(f"{column.label} 合計 {shown}")
        self._sums.setText("　".join(parts))

    def _tell(self) -> None:
        """Where the value of the present cell came from, or what to do there."""
        index = self._grid.currentIndex()
        if not self._table.rows:
            word = self.field.row_word or "行"
            self._told.set_text(f"まだ{word}がありません。「行を足す」か Insert で足します。")
        elif index.isValid():
            row, column = self._rows.place(index)
            said = self._rows.problem(index) or f"出どころ {self._rows.origin(index)}"
            label_ = f"{row.label}行目" if row.label.isdigit() else row.label
            self._told.set_text(f"{label_} {column.label}: {said}")
        else:
            self._told.set_text("")

    def _size_columns(self) -> None:
        head = self._grid.horizontalHeader()
        count = self._rows.columnCount()
        if not count:
            return
        if self.field.transposed:
            self._grid.updateGeometries()
            share = self._grid.viewport().width() // count
            for n in range(count):
                head.resizeSection(n, max(theme.current().grown(_LEAST), share))
            return
        wide = [theme.current().grown(self._least(c)) for c in self.field.columns]
        room = self._grid.viewport().width() - sum(wide)
        loose = wide.count(0)
        share = max(theme.current().grown(_LEAST), room // loose if loose else 0)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for n, width in enumerate(wide):
            if not loose:
                width = max(width, self._grid.viewport().width() // count)
            head.resizeSection(n, width or share)

    def _least(self, column: Field) -> int:
        """The width a column has at 100 %; 0 where it takes what is left."""
        if column.kind == "date" and column.calc and self.field.months:
            return _MONTH_DAY
        return _WIDTHS.get(column.kind, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns follow the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and not self._is_writing():
            self._size_columns()
            self._grid.fit()

    def event(self, event: QEvent) -> bool:
        """A change of the theme measures again."""
        if event.type() == QEvent.Type.FontChange and self._table.rows:
            self._grid.fit()
        return super().event(event)


def _as_text(cell: Cell) -> str:
    """The text a cell holds, as `cell_text` would keep it."""
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    if cell.field.kind in NUMBERS or cell.field.kind == "choice":
        return cell.sent_text or cell.text
    return cell.text
