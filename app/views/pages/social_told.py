"""紙で出した: a notice that left the house on paper is marked, with its day, and the mark taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.era import parse_date
from app.domain.errors import BadInput, Known
from app.services.social.notice import Key
from app.services.social.on_paper import OnPaper, PaperNotices
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.field import DateField
from app.views.widgets.lines import wrap_label


class MarkingDesk(Protocol):
    """The part of `desk.social` that keeps what was handed in on paper. Every call may raise Known."""

    @property
    def paper(self) -> PaperNotices: ...
    def on_paper(self) -> Sequence[OnPaper]: ...
    def say_on_paper(self, key: Key, day: date) -> None: ...


class PaperMarks:
    """Keeps a mark or takes it back. `refuse` says why a day cannot be taken, `fail` why a mark cannot
    be taken back, `done` what was kept."""

    def __init__(
        self, desk: MarkingDesk, refuse: Callable[[str], None], fail: Callable[[str], None],
        done: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._desk, self._refuse, self._fail, self._done = desk, refuse, fail, done

    def say(self, key: Key, day: date) -> None:
        """The notice left on paper: it goes from the list, and stands under 要らない人."""
        try:
            self._desk.say_on_paper(key, day)
        except Known as fault:
            self._refuse(fault.sentence)
            return
        self._done("紙で出したと記録しました。「要らない人」で取り消せます。")

    def take_back(self, key: Key) -> None:
        """It did not: the notice is needed again."""
        try:
            self._desk.paper.take_back(key)
        except Known as fault:
            self._fail(fault.sentence)
            return
        self._done("取り消しました。届は、また要る届に出ます。")


class PaperMark(QWidget):
    """A quiet button; pressed, it asks for the day the paper was handed in. `said` carries it."""

    said = Signal(object)

    def __init__(self, who: str, form: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fault: Band | None = None
        self.open = Button("紙で出した", "quiet", "printer", small=True, name="social.paper")
        self.open.setAccessibleName(f"{who}の{form}は紙で出した")
        self.open.setCheckable(True)
        self.open.toggled.connect(self._show)
        self._asked = QWidget()
        inside = QVBoxLayout(self._asked)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        told = "紙で出した日を入れると、要る届から外し、ここからは出しません。あとで取り消せます。"
        inside.addWidget(wrap_label(told, "note", "ink2"))
        self.day = DateField(name="social.paper.day", spoken="紙で出した日")
        self.day.line.returnPressed.connect(self._settle)
        self.settle = Button("記録する", small=True, name="social.paper.settle")
        self.settle.clicked.connect(lambda _=False: self._settle())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.day)
        row.addWidget(self.settle)
        row.addStretch(1)
        inside.addLayout(row)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._asked)
        self._asked.hide()

    def refuse(self, sentence: str) -> None:
        """Says why the day cannot be taken."""
        self._clear()
        self._fault = Band("danger", sentence, name="social.paper.fault")
        self._column.addWidget(self._fault)
        self._fault.show()
        self.day.set_state("error")
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, on: bool) -> None:
        self._clear()
        self._asked.setVisible(on)
        if on:
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        try:
            day: date = parse_date(self.day.text())
        except BadInput as wrong:
            self.refuse(wrong.sentence)
            return
        self.said.emit(day)

    def _clear(self) -> None:
        self.day.set_state("")
        if self._fault is not None:
            self._fault.hide()
            self._fault.deleteLater()
            self._fault = None
