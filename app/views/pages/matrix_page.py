"""今日 of an office: 期限の表, companies by obligations, or what is due by date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.clock import JST, today
from app.domain.errors import Known
from app.services.office.matrix import ATTENTION, Matrix, MatrixRow, look
from app.services.office.summary import COLUMNS, YEARLY, Cell, CellState
from app.services.social.insurer import CSV_FORMS
from app.views.background import run
from app.views.models.matrix_model import COMPANY, FIRST, WORDS, MatrixModel, day_words
from app.views.page import Page, Target, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import chip_width, paint_chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import NoteLabel
from app.views.widgets.matrix_table import CHIPS, MatrixLegend, MatrixTable
from app.views.widgets.painting import focus_ring, smooth
from app.views.widgets.plate import SealPlate
from app.views.widgets.row import ListRow
from app.views.widgets.segments import Segments

if TYPE_CHECKING:
    from app.views.office_window import OfficeWindow

_WORDS = {CellState.WRITE: "あとのある"}
_MOST_LINES, _NARROW = 200, 1120


class _Progress(QObject):
    came = Signal(int, int, str)


class FilterChip(QAbstractButton):
    """A count above the table; pressed, only the companies with such a cell are shown."""

    def __init__(self, state: CellState) -> None:
        super().__init__()
        self.state = state
        self.setCheckable(True)
        self.setObjectName(f"matrix.filter.{state.value}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Shows how many cells are in its state; none hides it."""
        self.setText(f"{_WORDS.get(self.state, WORDS[self.state])} {count}")
        self.setAccessibleName(f"{self.text()}。押すと、その会社だけを見ます")
        self.setVisible(count > 0)
        self.setFixedSize(
            chip_width(self.text(), CHIPS[self.state][1]) + 4, current().size("chip") + 4
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        kind, icon = CHIPS[self.state]
        style = "outline" if self.isChecked() else "soft"
        box = self.rect().adjusted(2, 2, -2, -2).toRectF()
        paint_chip(painter, box, self.text(), kind, style, icon)
        if self.hasFocus():
            focus_ring(painter, self.rect().toRectF(), 12)
        painter.end()


class MatrixPage(Page):
    """Everything on it comes from what was last seen of each company; looking again takes a moment."""

    place = "today"

    def __init__(self, desk: Any, window: Window) -> None:
        super().__init__(desk, window)
        self.setObjectName("matrix")
        self.title = "期限の表"
        self.model = MatrixModel()
        self._stop = False
        self._looking = False
        self._told = _Progress(self)
        self._told.came.connect(self._progress)
        self.segments = Segments(
            (("dates", "日付順"), ("matrix", "会社 × 届出")), "matrix",
            name="matrix.view", spoken="見かた",
        )  # fmt: skip
        self.segments.changed.connect(self._show_view)
        self.again = Button("読み直す", icon="refresh-cw", name="matrix.again")
        self.again.clicked.connect(lambda _=False: self.look_again())
        self.table = MatrixTable(self.model)
        self.table.opened.connect(self._open)
        self.table.ticked.connect(self._say_batch)
        self.table.asked_why.connect(self._say_why)
        self.table.selectionModel().currentChanged.connect(lambda now, _old: self._show_why(now))
        self.filters = [FilterChip(state) for state in ATTENTION]
        self.batch = Button("", "primary", name="matrix.batch")
        self.batch.clicked.connect(lambda _=False: self._to_batch())
        self.why = NoteLabel("label", "ink2", name="matrix.why")
        self.lines = ScrollColumn((0, 0, 0, 0))
        self._lay()

    def _lay(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        chips = QWidget()
        chips.setAccessibleName("数えたもの")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        flow = FlowLayout(across=8, down=4, parent=chips)
        for chip in self.filters:
            chip.toggled.connect(partial(self._filter, chip))
            flow.addWidget(chip)
        row.addWidget(chips, 3)
        hint = NoteLabel("note", "ink2")
        hint.show_text("Enter 開く ・ Space えらぶ")
        row.addWidget(hint, 2)
        self._hint = hint
        row.addWidget(self.batch)
        frame = Card(name="matrix.card")
        frame.rows.addWidget(self.table)
        table = QWidget()
        column = QVBoxLayout(table)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(frame, 1)
        column.addWidget(self.why)
        column.addWidget(MatrixLegend())
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "library",
            "会社がまだありません",
            "「設定」で会社をくわえると、ここに並びます。",
            self._add_button(),
            name="matrix.empty",
        )
        for part in (table, self.lines, self.empty):
            self.stack.addWidget(part)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(12)
        outer.addLayout(row)
        outer.addWidget(self.stack, 1)

    def _add_button(self) -> Button:
        add = Button("会社をくわえる", "small", "plus", name="matrix.add")
        add.clicked.connect(lambda _=False: self.window_.show_page("office"))
        return add

    @property
    def offices(self) -> OfficeWindow:
        """What the window does for the open office."""
        found: OfficeWindow = self.window_.offices  # type: ignore[attr-defined]
        return found

    def header_actions(self) -> list[QWidget]:
        return [self.segments, self.again]

    def fold(self, width: int) -> None:
        """In a narrow window the hint gives its room to the counts."""
        self._hint.setVisible(width >= _NARROW)

    def columns(self) -> list[QWidget]:
        return [*self.filters, self.batch, self.stack]

    def first_focus(self) -> QWidget:
        return self.table

    def targets(self) -> list[Target]:
        """The companies of the table, for Ctrl+K, are those of the switcher; here the batch."""
        return [
            Target("まとめて出す", "事務所", lambda: self.window_.show_page("batch"), icon="send")
        ]

    def refresh(self) -> None:
        """Shows what was last seen, then looks at what was not seen today."""
        run(self.desk.matrix, self._came, self._failed, self)

    def leaving(self) -> None:
        """Looking stops after the company it is at."""
        self._stop = True

    def look_again(self, only: list[str] | None = None) -> None:
        """Opens the companies one after the other and reads what they have due."""
        if self._looking:
            return
        self._looking, self._stop = True, False
        told = self._told.came.emit
        run(
            lambda: look(
                self.desk.office, self.desk.parts, only, told=told, stop=lambda: self._stop
            ),
            self._looked,
            self._failed,
            self,
        )

    def _came(self, matrix: Matrix) -> None:
        self._show(matrix)
        day = today(self.desk.clock)
        old = [
            row.vault_id
            for row in matrix.rows
            if row.seen_at is None or row.seen_at.astimezone(JST).date() != day
        ]
        if old:
            self.look_again(old)

    def _looked(self, matrix: Matrix) -> None:
        self._looking = False
        self._show(matrix)
        self.window_.update_status()

    def _progress(self, done: int, count: int, name: str) -> None:
        self.note = f"{count}社のうち {done}社を読みました・{name}"

    def _failed(self, fault: Exception) -> None:
        self._looking = False
        if not isinstance(fault, Known):
            raise fault
        self.window_.say(fault.sentence)

    # --- what is shown

    def _show(self, matrix: Matrix) -> None:
        chosen = next((chip.state for chip in self.filters if chip.isChecked()), None)
        if chosen is not None and not matrix.count(chosen):
            chosen = None
        at = self.table.currentIndex()
        place = (at.row(), at.column()) if at.isValid() else (0, FIRST)
        self.model.show(matrix, chosen)
        for chip in self.filters:
            chip.show_count(matrix.count(chip.state))
        seen = [row.seen_at for row in matrix.rows if row.seen_at is not None]
        words = f"{len(matrix.rows)}社"
        if seen:
            oldest = min(seen).astimezone(JST)
            words += f"・{oldest.month}月{oldest.day}日 {oldest.hour}:{oldest:%M} に見たところ"
        self.note = words
        self.table.setCurrentIndex(self.model.index(*place))
        self._say_batch()
        self._show_lines(matrix)
        self._show_view(self.segments.chosen())

    def _show_view(self, key: str) -> None:
        if not self.model.matrix.rows:
            self.stack.setCurrentIndex(2)
        else:
            self.stack.setCurrentIndex(0 if key == "matrix" else 1)

    def _filter(self, chip: FilterChip, on: bool) -> None:
        if on:
            for other in self.filters:
                if other is not chip:
                    other.setChecked(False)
        self._show(self.model.matrix)

    def _say_batch(self) -> None:
        """The one filled button: what can be looked through together."""
        key, companies = self._chosen_for_batch()
        self.batch.setVisible(bool(companies))
        if companies:
            word = COLUMNS[key][0]
            self.batch.set_text(f"{word} {len(companies)}社を確かめる")

    def _chosen_for_batch(self) -> tuple[str, tuple[str, ...]]:
        if self.model.ticked:
            key = next(iter(self.model.ticked))[1]
            return key, tuple(i for i, _ in self.model.ticked)
        key = self.model.matrix.best()
        return key, self.model.matrix.ready(key)

    def _to_batch(self) -> None:
        key, companies = self._chosen_for_batch()
        self.window_.show_page("batch", form=key, companies=",".join(companies))

    def _show_why(self, index: Any) -> None:
        self.why.show_text(self.model.spoken(index) if index.isValid() else "")

    def _say_why(self, index: Any) -> None:
        self.window_.say(self.model.spoken(index))

    def _open(self, index: Any) -> None:
        row, cell = self.model.rows[index.row()], self.model.cell(index)
        if index.column() < FIRST or cell is None:
            self._open_company(row, index.column() == COMPANY)
            return
        self._open_cell(row, self.model.key(index.column()), cell)

    def _open_company(self, row: MatrixRow, _by_name: bool = True) -> None:
        self.offices.open(row.vault_id)

    def _open_cell(self, row: MatrixRow, key: str, cell: Cell) -> None:
        sent = (CellState.RETURNED, CellState.ASKING, CellState.SEALED, CellState.REVIEW)
        if cell.state in (*sent, CellState.DONE):
            self.offices.open(row.vault_id, "outbox")
        elif key == YEARLY:
            self.offices.open(row.vault_id, "procedures", open="mhlw/roudou_hoken_nendo_koushin")
        elif key in CSV_FORMS and cell.state in ATTENTION:
            self.offices.open(row.vault_id, "social", form=key)
        else:
            self.offices.open(row.vault_id, "social")

    # --- by date

    def _show_lines(self, matrix: Matrix) -> None:
        column = self.lines.renew()
        found = [
            (cell.due, row, key, cell)
            for row in matrix.rows
            for key, cell in zip(matrix.keys, row.cells, strict=True)
            if cell.state in ATTENTION
        ]
        found.sort(key=lambda f: (f[0] is None, f[0] or today(self.desk.clock), f[1].name))
        card = Card("期限", f"{len(found)}件", name="matrix.dates")
        for place, (due, row, key, cell) in enumerate(found[:_MOST_LINES]):
            card.add_row(self._line(place, row, key, cell, day_words(due) if due else "期限なし"))
        if not found:
            card.add_row(
                EmptyState("calendar", "期限はありません", "することが見つかると、ここに出ます。")
            )
        column.addWidget(card)
        column.addStretch(1)

    def _line(self, place: int, row: MatrixRow, key: str, cell: Cell, day: str) -> QWidget:
        button = Button("見る", "small", name=f"matrix.dates.{place}.open")
        button.setAccessibleName(f"{row.name} {COLUMNS[key][0]} を見る")
        button.clicked.connect(lambda _=False: self._open_cell(row, key, cell))
        title = f"{day}  {COLUMNS[key][0]} {WORDS[cell.state]} {cell.count}"
        return ListRow(
            CHIPS[cell.state][1], title, f"{row.name} ・ {cell.why}",
            [SealPlate(row.kanji, row.plate, 32), button], name=f"matrix.dates.{place}",
        )  # fmt: skip
