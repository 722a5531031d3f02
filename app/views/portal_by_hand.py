"""The receipt number written in by hand, and the way back where the application never arrived."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.button import Button
from app.views.widgets.field import TextField
from app.views.widgets.lines import wrap_label


class ByHand(QWidget):
    """`number_typed(str)` for the number; `never_filed` after the person has looked and not found it."""

    number_typed = Signal(str)
    never_filed = Signal()

    def __init__(self, words: str, margin: int = 16) -> None:
        super().__init__()
        self.setObjectName("portal.by_hand")
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, 0, margin, 0)
        column.setSpacing(8)
        column.addWidget(wrap_label(words, "note", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.number = TextField(name="portal.number", spoken="受付番号")
        keep = Button("記録する", small=True, name="portal.number.keep")
        keep.clicked.connect(lambda: self.number_typed.emit(self.number.text()))
        self.number.returnPressed.connect(lambda: self.number_typed.emit(self.number.text()))
        row.addWidget(self.number, 1)
        row.addWidget(keep)
        column.addLayout(row)
        self.sure = QCheckBox("一覧に、この申請がないことを確かめました")
        self.sure.setObjectName("portal.never.sure")
        self.sure.setAccessibleName(self.sure.text())
        self.never = Button("封をした状態にもどす", small=True, name="portal.never")
        self.never.hide()
        self.sure.toggled.connect(self.never.setVisible)
        self.never.clicked.connect(self.never_filed)
        column.addWidget(self.sure)
        column.addWidget(self.never)

    def without_way_back(self) -> None:
        """Only the number: nothing was filed yet."""
        self.sure.hide()
        self.never.hide()
