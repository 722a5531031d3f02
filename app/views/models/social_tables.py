"""The tables of one social-insurance notice: who is in it, what is wrong, who waits, what is replaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.domain.social.decisions import Decision, Revision
from app.domain.social.grades import SCHEME_NAMES
from app.services.social.notice import Key, Notice
from app.services.social.people import BonusPaid
from app.views.widgets.figure_delegate import INK_ROLE
from app.views.widgets.masked import HIDDEN

_Index = QModelIndex | QPersistentModelIndex
_IN, _OUT, _WAITS = "出す", "外す", "足りない"


class TextTable(QAbstractTableModel):
    """Rows of plain texts under headings; `spoken` reads a row aloud. Nothing is made per row."""

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self.headings = tuple(headings)
        self._rows: Sequence[tuple[str, ...]] = ()

    def show(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> tuple[str, ...]:
        """The texts of a row."""
        return self._rows[number]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.headings[section]
        return None

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        text = self._rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headings[index.column()]} {text or 'なし'}"
        return None


class PeopleTable(QAbstractTableModel):
    """Whom a notice reports. What is reported of them stays dots until it is asked for."""

    HEADINGS: Final = ("", "氏名", "整理番号", "届ける内容")

    def __init__(self) -> None:
        super().__init__()
        self._notices: Sequence[Notice] = ()
        self._out: Collection[Key] = ()
        self._shown = False

    def show(self, notices: Sequence[Notice], left_out: Collection[Key]) -> None:
        """These notices; `left_out` are the keys a person has taken out of this filing."""
        self.beginResetModel()
        self._notices, self._out = notices, left_out
        self.endResetModel()

    def reveal(self, on: bool) -> None:
        """Shows what is reported, or hides it again."""
        self._shown = on
        if self._notices:
            last = self.index(len(self._notices) - 1, 3)
            self.dataChanged.emit(self.index(0, 3), last)

    def notice(self, number: int) -> Notice:
        """The notice of a row."""
        return self._notices[number]

    def row_of(self, key: Key) -> int:
        """The row of a notice, -1 where it is not among them."""
        return next((n for n, x in enumerate(self._notices) if x.key == key), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._notices)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        notice = self._notices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(notice, index.column())
        if role == INK_ROLE:
            quiet = notice.key in self._out or bool(notice.asks)
            return "ink3" if quiet else "ink"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = self._text(notice, index.column())
            hidden = index.column() == 3 and not self._shown
            return f"{self.HEADINGS[index.column()]} {'隠しています' if hidden else shown}"
        return None

    def _text(self, notice: Notice, column: int) -> str:
        if column == 0:
            if notice.asks:
                return _WAITS
            return _OUT if notice.key in self._out else f"✓ {_IN}"
        if column == 1:
            return notice.person.name or notice.person.kana or "氏名はまだ"
        if column == 2:
            return notice.person.number or "なし"
        return content_words(notice) if self._shown else HIDDEN


def content_words(notice: Notice) -> str:
    """What a notice reports of a person, in a line."""
    content = notice.content
    if isinstance(content, Decision):
        amount = "従前のまま" if content.monthly is None else f"{content.monthly:,}円"
        return _grades(f"報酬月額 {amount}", {s: g.standard for s, g in content.grades.items()})
    if isinstance(content, Revision):
        average = content.average.monthly if content.average else None
        amount = "" if average is None else f"報酬月額 {average:,}円"
        return _grades(amount, {c.scheme: c.after.standard for c in content.changes})
    if isinstance(content, BonusPaid):
        return f"賞与 {content.cash + content.in_kind:,}円"
    if isinstance(content, tuple):
        return f"被扶養者 {len(content)}人"
    expected = notice.person.expected
    return notice.event if expected is None else f"{notice.event} ・ 報酬月額 {sum(expected):,}円"


def _grades(first: str, standards: Mapping[str, int]) -> str:
    told = [f"{SCHEME_NAMES[s][:2]} {yen // 1000:,}千円" for s, yen in standards.items()]
    return " ・ ".join([*([first] if first else []), *told])
