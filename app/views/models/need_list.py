"""Who needs which notice, as the rows of a list: words of a row are made when it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.domain.kana import search_key
from app.services.obligations import day_text
from app.services.social.duties import UNDATED, DueNotices, by_form_and_day
from app.services.social.insurer import FORM_NAMES
from app.services.social.notice import Aside, Key, Needs, Notice

LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 31
Shown = Literal["needed", "left_out", "questions"]
Place = tuple[str, ...]
"""What a row stands for, kept over a reading anew: a form and day, a notice's key, or a member."""
_Index = QModelIndex | QPersistentModelIndex


class NeedLine(NamedTuple):
    """A row as it is painted. `chip` is (word, kind, style, icon); None where nothing is to be said."""

    title: str
    note: str
    chip: tuple[str, str, str, str] | None
    head: bool


class _Row(NamedTuple):
    """What a row stands for: the notices of a form and day, one of them, or somebody left out."""

    what: DueNotices | Notice | Aside
    keys: str

    @property
    def place(self) -> Place:
        what = self.what
        if isinstance(what, DueNotices):
            return ("group", what.form, str(what.due))
        if isinstance(what, Notice):
            return ("notice", *what.key)
        return ("aside", what.member, what.sentence)


@dataclass(frozen=True)
class NeedSheet:
    """What a list shows, made off the window's thread: rows with the keys a name is found by."""

    needs: Needs
    groups: tuple[DueNotices, ...]
    people: int
    rows: dict[str, tuple[_Row, ...]] = field(repr=False)

    def of_form(self, form: str) -> tuple[Notice, ...]:
        """The notices of a form."""
        return tuple(n for n in self.needs.notices if n.form == form)


def sheet_of(needs: Needs, people: int, on_paper: Sequence[Aside] = ()) -> NeedSheet:
    """The rows of what is needed. `people` counts the employees looked at; `on_paper` was handed in."""
    groups = by_form_and_day(needs)
    needed: list[_Row] = []
    for group in groups:
        needed.append(_Row(group, ""))
        needed += [_Row(n, _keys(n)) for n in group.notices]
    asides = {
        "left_out": tuple(_Row(a, search_key(a.name)) for a in (*on_paper, *needs.left_out)),
        "questions": (
            *(_Row(a, search_key(a.name)) for a in needs.questions),
            *(_Row(n, _keys(n)) for n in needs.notices if n.asks),
        ),
    }
    return NeedSheet(needs, groups, people, {"needed": tuple(needed), **asides})


def _keys(notice: Notice) -> str:
    person = notice.person
    return f"{search_key(person.name)} {search_key(person.kana)} {person.number}"


class NeedListModel(QAbstractListModel):
    """Thousands of people cost nothing until they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[_Row] = ()
        self._today = date.min

    def show(self, rows: Sequence[_Row], words: str, today: date) -> None:
        """These rows; with `words` only the people they are found by, under their form."""
        wanted = search_key(words)
        self.beginResetModel()
        self._rows = _narrowed(rows, wanted) if wanted else rows
        self._today = today
        self.endResetModel()

    def what(self, index: _Index) -> DueNotices | Notice | Aside | None:
        """What a row stands for; None for no row."""
        return self._rows[index.row()].what if index.isValid() else None

    def place(self, index: _Index) -> Place:
        """Where a row is found again after a reading anew."""
        return self._rows[index.row()].place if index.isValid() else ()

    def row_of(self, place: Place) -> int:
        """The row of a place, -1 when it is not shown."""
        return next((n for n, row in enumerate(self._rows) if row.place == place), -1)

    def row_of_key(self, key: Key) -> int:
        """The row of a notice, -1 when it is not shown."""
        return self.row_of(("notice", *key))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if role == LINE_ROLE:
            return self._line(self._rows[index.row()].what)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._line(self._rows[index.row()].what).title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            line = self._line(self._rows[index.row()].what)
            return "、".join(
                t for t in (line.title, line.chip[0] if line.chip else "", line.note) if t
            )
        return None

    def _line(self, what: DueNotices | Notice | Aside) -> NeedLine:
        if isinstance(what, DueNotices):
            return NeedLine(
                f"{what.name}  {len(what.notices):,}人",
                due_words(what.due, self._today),
                _group_chip(what, self._today),
                True,
            )
        if isinstance(what, Notice):
            return NeedLine(_named(what), what.reason, _chip(what), False)
        return NeedLine(what.name or "氏名はまだ", what.sentence, None, False)


def _narrowed(rows: Sequence[_Row], wanted: str) -> list[_Row]:
    """The people found, each group only where one of its people is."""
    found: list[_Row] = []
    group: _Row | None = None
    for row in rows:
        if isinstance(row.what, DueNotices):
            group = row
        elif wanted in row.keys:
            if group is not None:
                found.append(group)
                group = None
            found.append(row)
    return found


def _named(notice: Notice) -> str:
    person = notice.person
    return person.name or person.kana or "氏名はまだ"


def due_words(due: date | None, today: date) -> str:
    """7月10日(金)まで ・ あと 7日; 速やかに where the law names no day."""
    if due is None:
        return UNDATED
    left = (due - today).days
    said = f"あと {left}日" if left > 0 else ("今日まで" if left == 0 else f"{-left}日 過ぎました")
    year = "" if due.year == today.year else f"{due.year}年"
    return f"{year}{day_text(due)}まで ・ {said}"


def _group_chip(group: DueNotices, today: date) -> tuple[str, str, str, str] | None:
    if group.due is not None and group.due < today:
        return "過ぎました", "danger", "soft", "circle-alert"
    if group.waiting:
        return f"きくこと {group.waiting:,}", "warn", "dashed", "circle-question-mark"
    return None


def _chip(notice: Notice) -> tuple[str, str, str, str] | None:
    if notice.asks:
        return f"きくこと {len(notice.asks)}", "warn", "dashed", "circle-question-mark"
    if not notice.route.egov:
        return "e-Gov のほか", "neutral", "outline", "printer"
    return None


def form_name(form: str) -> str:
    """What a form is called."""
    return FORM_NAMES.get(form, form)
