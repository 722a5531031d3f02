"""Which column is which: a table of the headings and, under it, the choice for the one chosen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.domain.errors import BadInput
from app.services.social.cell_values import month_value
from app.services.social.columns import Columns
from app.services.social.views import TablePreview
from app.views.models.column_table import NOT_TAKEN, ColumnTable, base_of
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SelectField, TextField
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import wrap_label
from app.views.widgets.masked import ShowButton

_WIDTHS = (190, 230, 130, 130)
_ROWS = 12


class ColumnsCard(Card):
    """`checked` is asked for when the columns are settled, `left` when another file is wanted."""

    checked = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__("列の行き先", name="import.columns")
        self.model = ColumnTable()
        self.table = Table(name="import.columns.table", spoken="列の行き先")
        self.table.setModel(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.activated.connect(lambda _index: self._to_choice())
        self.show_values = ShowButton("行の中身", name="import.columns.show")
        self.show_values.shown.connect(self.model.reveal)
        self.head.addWidget(self.show_values)
        self.note = wrap_label("", "label", "ink2")
        self.heading = wrap_label("", "label", "ink", bold=True)
        self.target = SelectField([], name="import.columns.target", spoken="この列の行き先")
        self.target.chosen.connect(lambda _target: self._settle())
        self.month = TextField("", "2026-04(空なら「年月」の列)", name="import.columns.month",
                               spoken="何年何月の額か")  # fmt: skip
        self.month.setMaximumWidth(current().grown(220))
        self.month.editingFinished.connect(self._settle)
        self.check = Button("中身を確かめる", "primary", name="import.check")
        self.check.clicked.connect(lambda _=False: self.checked.emit())
        self.again = Button("ほかのファイルにする", "quiet", name="import.again")
        self.again.clicked.connect(lambda _=False: self.left.emit())
        self._fault: Band | None = None
        self._lay()

    def _lay(self) -> None:
        chooser = QHBoxLayout()
        chooser.setSpacing(12)
        self.heading.setFixedWidth(current().grown(_WIDTHS[0]))
        chooser.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignVCenter)
        chooser.addWidget(self.target, 1)
        chooser.addWidget(self.month)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.check)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        self.body.addWidget(self.note)
        self.body.addWidget(self.table)
        self.body.addLayout(chooser)
        self._faults = QHBoxLayout()
        self.body.addLayout(self._faults)
        self.body.addLayout(buttons)

    def show_preview(self, preview: TablePreview) -> None:
        """The columns of a table that was chosen."""
        self.model.show(preview)
        self.set_count(f"{preview.name} ・ {preview.row_count:,}行")
        self.note.set_text(
            "前に決めたとおりの行き先です。ちがうところだけ変えてください。"
            if preview.remembered
            else "見出しから見当をつけました。ちがうところを変えてください。次からは覚えています。"
        )
        self.target.clear()
        self.target.addItem(NOT_TAKEN, "")
        for target in preview.targets:
            self.target.addItem(target.label, target.target)
        look = current()
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, look.grown(width))
        seen = min(self.model.rowCount(), _ROWS)
        height = self.table.verticalHeader().defaultSectionSize() * seen
        self.table.setFixedHeight(self.table.horizontalHeader().height() + height + 2)
        self.refuse("")
        self.table.setCurrentIndex(self.model.index(0, 0))
        self._moved(self.table.currentIndex(), QModelIndex())

    def columns(self) -> Columns:
        """What was settled."""
        return self.model.columns()

    def refuse(self, sentence: str) -> None:
        """Says why a table cannot be taken in like this; "" takes it away."""
        if self._fault is not None:
            self._fault.hide()
            self._fault.deleteLater()
            self._fault = None
        if sentence:
            self._fault = Band("danger", sentence, name="import.columns.fault")
            self._faults.addWidget(self._fault)
            self._fault.show()

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid():
            return
        target = self.model.target(now.row())
        self.heading.set_text(str(self.model.index(now.row(), 0).data()))
        self.target.set_value(base_of(target))
        monthly = target.endswith("]")
        month = target[target.index("[") + 1 : -1] if monthly else ""
        self.month.setText("" if month == "month" else month)
        self.month.set_state("")
        self.month.setVisible(monthly)

    def _to_choice(self) -> None:
        """Enter on a heading: to its choice."""
        self.target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        row = self.table.currentIndex().row()
        if row < 0:
            return
        base = self.target.value()
        monthly = base.endswith("[month]")
        self.month.setVisible(monthly)
        if monthly and self.month.text().strip():
            try:
                base = base.replace("[month]", f"[{month_value(self.month.text())}]")
            except BadInput as wrong:
                self.month.set_state("error")
                self.refuse(wrong.sentence)
                return
        self.month.set_state("")
        if base != self.model.target(row):
            self.model.settle(row, base)
            self.refuse("")
            self.changed.emit()
