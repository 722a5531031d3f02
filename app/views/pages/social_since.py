"""From which day on events are looked at: earlier ones were told in other ways, and are not asked for."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.era import parse_date
from app.domain.errors import BadInput
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.field import DateField
from app.views.widgets.lines import wrap_label


class SinceRow(QWidget):
    """One line at the foot of the list; pressed, it takes another day. `chosen` carries it."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("social.since")
        self._day = date.min
        self._fault: Band | None = None
        self.line = wrap_label("", "note", "ink2")
        self.change = Button("変える", "quiet", small=True, name="social.since.change")
        self.change.setAccessibleName("いつからの出来事を見るかを変える")
        self.change.clicked.connect(lambda _=False: self._open())
        self.day = DateField(name="social.since.day", spoken="いつからの出来事を見るか")
        self.settle = Button("決める", small=True, name="social.since.settle")
        self.settle.clicked.connect(lambda _=False: self._settle())
        self.day.line.returnPressed.connect(self._settle)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        for part in (self.day, self.settle, self.change):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 6, 16, 8)
        self._column.setSpacing(4)
        self._column.addLayout(row)
        self._close()

    def show_day(self, day: date) -> None:
        """Says from when on events are looked at."""
        self._day = day
        self._close()

    def refuse(self, sentence: str) -> None:
        """Says why a day cannot be taken."""
        self._clear()
        self._fault = Band("danger", sentence, name="social.since.fault")
        self._column.addWidget(self._fault)
        self._fault.show()
        self.day.set_state("error")

    def _open(self) -> None:
        self.day.set_text(self._day.isoformat())
        self.line.set_text("いつからの出来事を見ますか。")
        self.change.hide()
        self.day.show()
        self.settle.show()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self._clear()
        told = f"{self._day.year}年{self._day.month}月{self._day.day}日からの出来事を見ています。"
        self.line.set_text(told)
        self.day.set_state("")
        self.day.hide()
        self.settle.hide()
        self.change.show()

    def _settle(self) -> None:
        try:
            day = parse_date(self.day.text())
        except BadInput as wrong:
            self.refuse(wrong.sentence)
            return
        self.chosen.emit(day)

    def _clear(self) -> None:
        if self._fault is not None:
            self._fault.hide()
            self._fault.deleteLater()
            self._fault = None
