"""届と決定 person by person: who was decided otherwise first, with both figures and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.services.social.comparing import ComparedCell, ComparedPerson, Comparison, Outcome
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.figure_delegate import BOLD_ROLE, FILL_ROLE, Table
from app.views.widgets.lines import label, wrap_label

_SAID = 20
"""So many people are said in sentences; everybody stands in the table."""
_SEEN = 12
"""So many rows of the table are seen at a time."""
_ALONE = {
    Outcome.ONLY_FILED: ComparedCell("通知書", "あり", "なし", True),
    Outcome.ONLY_DECIDED: ComparedCell("届", "なし", "あり", True),
}


class _Model(QAbstractTableModel):
    HEADS = ("氏名", "項目", "届（見込み）", "決定")

    def __init__(self, people: Sequence[ComparedPerson], parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[tuple[ComparedPerson, ComparedCell]] = [
            (person, cell)
            for person in people
            for cell in (person.cells or (_ALONE[person.outcome],))
        ]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADS[section]
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        person, cell = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (_who(person), cell.label, cell.filed, cell.decided)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            told = (
                "ちがいます" if cell.differs else "新しく決まりました" if cell.new else "同じです"
            )
            return f"{_who(person)}、{cell.label}、届 {cell.filed}、決定 {cell.decided}、{told}"
        if cell.differs and role == FILL_ROLE:
            return "warnSoft"
        return cell.differs if role == BOLD_ROLE else None


def _who(person: ComparedPerson) -> str:
    return f"{person.name}（{person.number}）" if person.number else person.name


class CompareCard(QWidget):
    """The comparison of one filing. `opened` carries the id of the 決定通知書."""

    opened = Signal(str)

    def __init__(self, found: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outbox.compare")
        self._found = found
        self.table: Table | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 12, 16, 16)
        self._column.setSpacing(8)
        self._column.addLayout(self._head())
        self._column.addWidget(wrap_label(found.sentence, "body", "ink"))
        for doubt in found.doubts[:_SAID]:
            self._column.addWidget(wrap_label(doubt, "label", "danger"))
        other = [p for p in found.people if p.outcome is not Outcome.SAME]
        for person in other[:_SAID]:
            self._column.addWidget(wrap_label(_who(person), "heading", "ink"))
            self._column.addWidget(wrap_label(person.sentence, "label", "ink"))
        if len(other) > _SAID:
            rest = f"ほかの{len(other) - _SAID}人は、下の表にあります。"
            self._column.addWidget(wrap_label(rest, "label", "ink2"))
        self._shown = other
        if other:
            self._put_table(other)
        self._column.addLayout(self._foot(len(other)))

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("届と決定を、ひとりずつ比べる", "heading", "ink"))
        count = self._found.differing
        if count:
            head.addWidget(Chip(f"{count}人 ちがいます", "warn", "soft", "triangle-alert"))
        else:
            head.addWidget(Chip("みな同じ", "ok", "soft", "check"))
        head.addStretch(1)
        return head

    def _foot(self, other: int) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        look = Button("通知書を見る", "small", "stamp", name="outbox.compare.document")
        look.clicked.connect(lambda: self.opened.emit(self._found.document_id))
        foot.addWidget(look)
        self.everybody = Button("全員を表で見る", "quiet", small=True, name="outbox.compare.all")
        self.everybody.clicked.connect(self._show_all)
        self.everybody.setVisible(other < len(self._found.people))
        foot.addWidget(self.everybody)
        foot.addStretch(1)
        return foot

    def _show_all(self) -> None:
        self.everybody.hide()
        self._put_table(self._found.people)
        if self.table is not None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_table(self, people: Sequence[ComparedPerson]) -> None:
        """A table that scrolls inside itself, so that a thousand people are no more work than ten."""
        if self.table is None:
            self.table = Table(name="outbox.compare.table", spoken="届と決定の表")
            self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            at = self._column.count() - 1 if hasattr(self, "everybody") else -1
            self._column.insertWidget(at, self.table)
        model = _Model(people, self.table)
        self.table.setModel(model)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns follow the width."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Each column as wide as its longest text; the first takes what is left over."""
        if self.table is None:
            return
        model = self.table.model()
        assert isinstance(model, _Model)
        metrics = QFontMetrics(current().font("body", bold=True))

        def widest(texts: set[str]) -> int:
            return max(metrics.horizontalAdvance(text) for text in texts) + 26

        columns = (
            {_who(p) for p, _ in model.rows[:200]},
            {c.label for _, c in model.rows},
            {c.filed for _, c in model.rows} | {_Model.HEADS[2]},
            {c.decided for _, c in model.rows} | {_Model.HEADS[3]},
        )
        needs = [widest(texts) for texts in columns]
        longer = model.rowCount() > _SEEN
        bar = self.table.verticalScrollBar().sizeHint().width() if longer else 0
        spare = self.table.width() - sum(needs) - bar
        needs[0] += max(0, spare)
        for column, width in enumerate(needs):
            self.table.setColumnWidth(column, width)
        theme = current()
        rows = min(model.rowCount(), _SEEN)
        height = theme.size("tableHead") + rows * theme.size("tableRow") + 2
        if spare < 0:
            height += self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(height)
