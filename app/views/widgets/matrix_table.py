"""The table of companies and obligations: chips where a person must act, marks where not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.services.office.matrix import MatrixRow
from app.services.office.summary import Cell, CellState
from app.views.icons import paint_icon
from app.views.models.matrix_model import (
    CELL_ROLE,
    COMPANY,
    FIGURES,
    FIRST,
    ROW_ROLE,
    TICKED_ROLE,
    WORDS,
    MatrixModel,
    cell_word,
)
from app.views.theme import current, theme_changed
from app.views.widgets.chip import chip_width, paint_chip
from app.views.widgets.painting import focus_ring, smooth
from app.views.widgets.plate import paint_plate
from app.views.words import short_name

CHIPS: Final = {
    CellState.LATE: ("danger", "triangle-alert"),
    CellState.RETURNED: ("danger", "undo-2"),
    CellState.WRITE: ("warn", "circle-dashed"),
    CellState.SEND: ("info", "send"),
}
MARKS: Final = {
    CellState.ASKING: ("circle-question-mark", "warn"),
    CellState.SEALED: ("stamp", "accent"),
    CellState.REVIEW: ("clock", "ink2"),
    CellState.WAIT: ("hourglass", "ink2"),
    CellState.DONE: ("check", "ok"),
}
_LEGEND: Final = (
    CellState.DONE,
    CellState.REVIEW,
    CellState.WAIT,
    CellState.WRITE,
    CellState.LATER,
    CellState.NONE,
    CellState.UNSEEN,
)
_LEGEND_WORDS: Final = {
    CellState.REVIEW: "役所で審査中",
    CellState.WAIT: "出せる日を待つ",
    CellState.WRITE: "あと(残りの人数)",
    CellState.NONE: "義務なし(理由は F1)",
}
_Index = QModelIndex | QPersistentModelIndex


def paint_mark(painter: QPainter, state: CellState, x: float, y: float) -> None:
    """The mark of a state that needs nobody, 14 wide, its middle at `y`."""
    theme = current()
    if state in MARKS or state in CHIPS:
        icon, ink = MARKS.get(state) or (CHIPS[state][1], CHIPS[state][0])
        paint_icon(painter, icon, round(x), round(y - 7), 14, ink)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is CellState.LATER:
        painter.setPen(QPen(theme.colour("ink2"), 1.75))
        painter.drawEllipse(QRectF(x + 2.5, y - 4.5, 9, 9))
    else:
        style = Qt.PenStyle.SolidLine if state is CellState.NONE else Qt.PenStyle.DotLine
        painter.setPen(QPen(theme.colour("ink3"), 1.5, style))
        painter.drawLine(round(x + 3), round(y), round(x + 11), round(y))


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, current().grown(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current()
        painter.save()
        smooth(painter)
        rect = QRectF(option.rect)
        view = self.parent()
        here = isinstance(view, QTableView) and view.currentIndex() == index
        ticked = bool(index.data(TICKED_ROLE))
        painter.fillRect(rect, theme.colour("select" if ticked else "surface"))
        line = QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1)
        painter.fillRect(line, theme.colour("line"))
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            self._cell(painter, rect, cell)
        elif index.column() == COMPANY:
            self._company(painter, rect, index.data(ROW_ROLE))
        else:
            self._text(painter, rect, str(index.data()), "ink2", right=True)
        if ticked:
            paint_icon(
                painter, "circle-check", round(rect.x()) + 3, round(rect.y()) + 3, 14, "accent"
            )
        if here and isinstance(view, QWidget) and view.hasFocus():
            focus_ring(painter, rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _company(self, painter: QPainter, rect: QRectF, row: MatrixRow) -> None:
        paint_plate(
            painter, QRectF(rect.x() + 16, rect.center().y() - 12, 24, 24), row.kanji, row.plate
        )
        ink = "danger" if row.fault else "ink"
        self._text(painter, rect.adjusted(44, 0, 0, 0), short_name(row.name), ink)

    def _text(
        self, painter: QPainter, rect: QRectF, text: str, ink: str, *, right: bool = False
    ) -> None:
        theme = current()
        font = theme.font("label")
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        room = rect.adjusted(8, 0, -8, 0)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _cell(self, painter: QPainter, rect: QRectF, cell: Cell) -> None:
        theme = current()
        word, middle = cell_word(cell), rect.center()
        if cell.state in CHIPS:
            kind, icon = CHIPS[cell.state]
            width = min(chip_width(word, icon), int(rect.width()) - 4)
            height = theme.size("chip")
            box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            paint_chip(painter, box, word, kind, "soft", icon)
            return
        font = theme.font("note")
        width = 14 + (6 + QFontMetrics(font).horizontalAdvance(word) if word else 0)
        x = middle.x() - width / 2
        paint_mark(painter, cell.state, x, middle.y())
        if word:
            painter.setFont(font)
            painter.setPen(theme.colour("ink2"))
            box = QRectF(x + 20, rect.y(), rect.width(), rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)


class _Header(QHeaderView):
    """Two lines a column: the obligation, and when it is due."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme = current()
        painter.save()
        box = QRectF(rect)
        painter.fillRect(box, theme.colour("head"))
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        first, _, second = text.partition("\n")
        half = theme.grown(11)
        lines = [(first, bool(second), -half if second else 0), (second, False, half)]
        for words, bold, by in lines:
            painter.setFont(theme.font("note", bold=bold))
            painter.setPen(theme.colour("ink" if bold else "ink2"))
            side = Qt.AlignmentFlag.AlignHCenter
            if section == COMPANY:
                side = Qt.AlignmentFlag.AlignLeft
            elif section == FIGURES:
                side = Qt.AlignmentFlag.AlignRight
            inner = box.adjusted(
                18 if section == COMPANY else 2, by, -8 if section == FIGURES else -2, by
            )
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class MatrixTable(QTableView):
    """`opened` carries the cell to open (Enter, double press), `ticked` that the choice changed,
    `asked_why` the cell whose reason is wanted (F1)."""

    opened = Signal(object)
    ticked = Signal()
    asked_why = Signal(object)

    def __init__(self, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._model = model
        self.setObjectName("matrix.table")
        self.setAccessibleName("期限の表。会社と届出")
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index))
        model.modelReset.connect(self._measure)
        self._measure()
        theme_changed.connect(self._measure)

    def _measure(self) -> None:
        theme = current()
        self.verticalHeader().setMinimumSectionSize(theme.grown(44))
        self.verticalHeader().setDefaultSectionSize(theme.grown(44))
        self.horizontalHeader().setFixedHeight(theme.grown(57))
        self._widths()

    def _widths(self) -> None:
        theme, columns = current(), self._model.columnCount()
        if columns <= FIRST:
            return
        first, figures = theme.grown(170), theme.grown(72)
        least = theme.grown(83)
        room = self.viewport().width() - first - figures
        each = max(least, room // (columns - FIRST))
        self.setColumnWidth(COMPANY, first)
        self.setColumnWidth(FIGURES, figures)
        for column in range(FIRST, columns):
            self.setColumnWidth(column, each)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = Qt.Key(event.key())
        if index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(index)
        elif index.isValid() and key is Qt.Key.Key_Space:
            if self._model.tick(index):
                self.ticked.emit()
            else:
                self.asked_why.emit(index)
        elif index.isValid() and key is Qt.Key.Key_F1:
            self.asked_why.emit(index)
        else:
            super().keyPressEvent(event)


class MatrixLegend(QWidget):
    """What the marks mean, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("matrix.legend")
        words = "、".join(_legend_word(state) for state in _LEGEND)
        self.setAccessibleName(f"しるし: {words}")
        self._measure()
        theme_changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedHeight(
            current().grown(28) * (1 + max(line for line, _, _, _ in self._places()))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _places(self) -> list[tuple[int, float, CellState, str]]:
        """(line, x, state, word) of each mark; a mark without room begins another line."""
        metrics = QFontMetrics(current().font("note"))
        line, x = 0, 0.0
        found = []
        for state in _LEGEND:
            word = _legend_word(state)
            width = 20 + metrics.horizontalAdvance(word)
            if x and x + width > self.width():
                line, x = line + 1, 0.0
            found.append((line, x, state, word))
            x += width + 20
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        high = theme.grown(28)
        for line, x, state, word in self._places():
            paint_mark(painter, state, x, high * (line + 0.5))
            painter.setFont(theme.font("note"))
            painter.setPen(theme.colour("ink2"))
            box = QRectF(x + 20, high * line, self.width(), high)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)
        painter.end()


def _legend_word(state: CellState) -> str:
    return _LEGEND_WORDS.get(state, WORDS[state])
