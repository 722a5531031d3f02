"""The grid of a table in a form, and the editors of its cells: a line of text or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.forms.fields import Field
from app.views import theme
from app.views.models.table_rows import Index, TableRows
from app.views.widgets.field import SelectField
from app.views.widgets.form_choices import choices_of
from app.views.widgets.form_editor import Watch

if TYPE_CHECKING:
    pass

_PAD = 14
"""Air above and below the words of a cell, together."""


class CellDelegate(QStyledItemDelegate):
    """Makes the editor of a cell: a line, or a list. `typing` carries the text at each keystroke."""

    typing = Signal(object, str)
    given_up = Signal()
    closed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.watch: Watch | None = None
        self.closeEditor.connect(self._closed)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, TableRows)
        row, column = model.place(index)
        spoken = f"{row.label} {column.label}"
        if column.kind in ("choice", "yes_no"):
            choice = SelectField(choices_of(column), spoken=spoken, parent=parent)
            choice.activated.connect(lambda _=0: self._done(choice))
            return choice
        line = QLineEdit(parent)
        line.setAccessibleName(spoken)
        line.setFrame(False)
        self.watch = Watch(line)
        line.textEdited.connect(lambda text: self._typed(index, text))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, SelectField):
            editor.set_value(text)
            editor.showPopup()
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, SelectField):
            model.setData(index, editor.value())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), hint.height() + theme.current().grown(_PAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(theme.current().colour("line"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.drawLine(option.rect.topRight(), option.rect.bottomRight())
        painter.restore()

    def _typed(self, index: Index, text: str) -> None:
        if self.watch is None or not self.watch.composing:
            self.typing.emit(index, text)

    def _done(self, editor: QComboBox) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _closed(self, _editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        self.watch = None
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self.given_up.emit()
        self.closed.emit()


class Grid(QTableView):
    """The cells. Keys are as the head of this file says."""

    emptied = Signal()
    row_wanted = Signal()
    row_unwanted = Signal()

    def __init__(self, field: Field, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(field.label)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed
            | triggers.EditKeyPressed
            | triggers.DoubleClicked
            | triggers.SelectedClicked
        )
        self.verticalHeader().setVisible(field.transposed or field.is_fixed or bool(field.row_word))
        self.verticalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        wrap = Qt.AlignmentFlag(left.value | Qt.TextFlag.TextWordWrap.value)
        self.horizontalHeader().setDefaultAlignment(wrap)
        self.verticalHeader().setDefaultAlignment(left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a table; everything else is Qt's."""
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_Insert:
            self.row_wanted.emit()
        elif key == Qt.Key.Key_Delete and control:
            self.row_unwanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.emptied.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            # an Enter that finishes a cell comes here too, when its line has done with it
            here = self.currentIndex()
            if not self.is_writing() and here.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(here)
        else:
            super().keyPressEvent(event)

    def is_writing(self) -> bool:
        """Whether a cell is open; Qt forgets its state where rows come or go meanwhile."""
        now = QApplication.focusWidget()
        inside = now is not None and now is not self and self.isAncestorOf(now)
        return inside or self.state() == QAbstractItemView.State.EditingState

    def fit(self) -> None:
        """As high as its rows: the page scrolls, the table does not."""
        self.resizeRowsToContents()
        least = theme.current().grown(32)
        high = 0
        for n in range(self.model().rowCount()):
            self.setRowHeight(n, max(least, self.rowHeight(n)))
            high += self.rowHeight(n)
        head, side = self.horizontalHeader(), self.verticalHeader()
        beside = side.sizeHint().width() if side.isVisibleTo(self) else 0
        is_wide = head.length() + beside > self.width()  # the bar itself only knows of it later
        extra = self.horizontalScrollBar().sizeHint().height() if is_wide else 0
        head.setFixedHeight(self._head_height())
        self.setFixedHeight(head.height() + high + extra + 2)

    def _head_height(self) -> int:
        """As high as the longest heading needs in the width it has."""
        head, model = self.horizontalHeader(), self.model()
        high = theme.current().size("tableHead")
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        for n in range(model.columnCount()):
            words = str(model.headerData(n, Qt.Orientation.Horizontal) or "")
            room = QRect(0, 0, max(24, head.sectionSize(n) - 20), 1000)
            high = max(high, head.fontMetrics().boundingRect(room, wrap, words).height() + 10)
        return high
