"""Who is in a notice: a table of any length, each person turned out or in, the arithmetic on demand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.social.notice import Key, Notice
from app.views.models.social_tables import PeopleTable, content_words
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import wrap_label
from app.views.widgets.masked import ShowButton

_WIDTHS = (76, 128, 72)
_LOW = 10


class _Rows(Table):
    """Space turns a person out or in."""

    turned = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.turned.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class PeopleCard(Card):
    """`turned` carries the key of a notice that is to be taken out, or back in."""

    turned = Signal(object)

    def __init__(self) -> None:
        super().__init__("出す人", name="social.people")
        self.model = PeopleTable()
        self.table = _Rows(name="social.people.table", spoken="出す人")
        self.table.setModel(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.show_values = ShowButton("届ける内容", name="social.people.show")
        self.head.addWidget(self.show_values)
        self.turn = Button("今回は外す", small=True, name="social.people.turn")
        self.why = Button("計算を見る", small=True, icon="chevron-right", name="social.people.why")
        self.why.setCheckable(True)
        self._why = QWidget()
        self._why.setObjectName("social.people.arithmetic")
        self._lines = QVBoxLayout(self._why)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._why.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.turn)
        buttons.addWidget(self.why)
        buttons.addStretch(1)
        self.content = wrap_label("", "label", "ink")
        self.content.setObjectName("social.people.content")
        self.content.hide()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.content)
        self.body.addLayout(buttons)
        self.body.addWidget(self._why)
        self._out: Collection[Key] = ()
        self.show_values.shown.connect(self._reveal)
        self.turn.clicked.connect(lambda _=False: self._turn(self.table.currentIndex().row()))
        self.table.turned.connect(self._turn)
        self.table.doubleClicked.connect(lambda index: self._turn(index.row()))
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.why.toggled.connect(lambda _on: self._show_why())

    def show_people(self, notices: Sequence[Notice], left_out: Collection[Key]) -> None:
        """These notices; the row that was chosen stays so."""
        chosen = self._chosen()
        self._out = left_out
        self.model.show(notices, left_out)
        out = sum(n.key in left_out for n in notices)
        self.set_count(f"{len(notices):,}人" + (f" ・ 外す {out:,}人" if out else ""))
        look = current()
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, look.grown(width))
        if notices:
            row = self.model.row_of(chosen.key) if chosen is not None else 0
            self.table.setCurrentIndex(self.model.index(max(0, row), 0))
        self._moved(QModelIndex(), QModelIndex())

    def set_low(self, low: bool) -> None:
        """A few rows high, inside a page that scrolls; else as high as there is room."""
        least = self.table.verticalHeader().defaultSectionSize() * _LOW
        self.table.setMinimumHeight(least if low else 0)

    def hide_values(self) -> None:
        """Hides what was shown."""
        self.show_values.hide_again()
        self.why.setChecked(False)

    def _reveal(self, on: bool) -> None:
        self.model.reveal(on)
        self._show_content()

    def _show_content(self) -> None:
        """What is reported of the chosen person, whole: the table may have no room for it."""
        notice, on = self._chosen(), self.show_values.isChecked()
        self.content.setVisible(on and notice is not None)
        told = f"{notice.person.name}: {content_words(notice)}" if on and notice is not None else ""
        self.content.set_text(told)

    def _chosen(self) -> Notice | None:
        row = self.table.currentIndex().row()
        return self.model.notice(row) if 0 <= row < self.model.rowCount() else None

    def _turn(self, row: int) -> None:
        if 0 <= row < self.model.rowCount() and not self.model.notice(row).asks:
            self.turned.emit(self.model.notice(row).key)

    def _moved(self, _now: QModelIndex, _before: QModelIndex) -> None:
        notice = self._chosen()
        self.turn.setVisible(notice is not None and not notice.asks)
        if notice is not None:
            word = "入れもどす" if notice.key in self._out else "今回は外す"
            self.turn.set_text(word)
            self.turn.setAccessibleName(f"{notice.person.name}を{word}")
        self._show_content()
        self._show_why()

    def _show_why(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        notice, on = self._chosen(), self.why.isChecked()
        self.why.set_text("計算をしまう" if on else "計算を見る")
        self.why.set_icon("chevron-down" if on else "chevron-right")
        self._why.setVisible(on and notice is not None)
        if on and notice is not None:
            for sentence in (notice.reason, *notice.explanation):
                self._lines.addWidget(wrap_label(sentence, "label", "ink"))
