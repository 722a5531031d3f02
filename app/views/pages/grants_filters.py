"""What narrows the list of grants: area, purpose, industry, size, amount, deadline, kind of scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.areas import NATIONWIDE, PREFECTURES
from app.domain.clock import Clock
from app.domain.grant import GrantQuery
from app.views.widgets.button import Button
from app.views.widgets.field import SelectField
from app.views.widgets.lines import label

AMOUNTS = (
    ("500000", "50万円から"),
    ("1000000", "100万円から"),
    ("5000000", "500万円から"),
    ("10000000", "1,000万円から"),
    ("50000000", "5,000万円から"),
)
DEADLINES = (("14", "2週間まで"), ("31", "1か月まで"), ("92", "3か月まで"))
SIZES = (("own", "この会社の人数"),)


@dataclass(frozen=True)
class Words:
    """The publisher's own words that can be chosen."""

    purposes: Sequence[str]
    industries: Sequence[str]
    categories: Sequence[str]


class GrantFilters(QFrame):
    """Every choice starts empty. `changed` after any of them."""

    changed = Signal()

    def __init__(self, words: Words, employees: int | None, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("grants.filters")
        self.setAccessibleName("しぼりこみ")
        self._employees, self._clock = employees, clock
        self.area = self._combo("area", "地域", _same((NATIONWIDE, *PREFECTURES)))
        self.purpose = self._combo("purpose", "目的", _same(words.purposes))
        self.industry = self._combo("industry", "業種", _same(words.industries))
        self.category = self._combo("category", "種類", _same(words.categories))
        sizes = SIZES if employees is not None else ()
        self.size_ = self._combo("size", "規模", sizes)
        self.amount = self._combo("amount", "金額", AMOUNTS)
        self.deadline = self._combo("deadline", "締切", DEADLINES)
        self.closed = QCheckBox("受付が終わったものも出す")
        self.closed.setObjectName("grants.filter.closed")
        self.closed.setAccessibleName(self.closed.text())
        self.closed.toggled.connect(lambda _on: self.changed.emit())
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for number, (word, combo) in enumerate(self._all()):
            row, column = divmod(number, 2)
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(label(word, "note", "ink2"))
            cell.addWidget(combo)
            holder = QWidget()
            holder.setMinimumWidth(0)
            holder.setLayout(cell)
            cell.setContentsMargins(0, 0, 0, 0)
            grid.addWidget(holder, row, column)
        self.clear_ = Button("しぼりこみをやめる", "quiet", small=True, name="grants.filters.clear")
        self.clear_.clicked.connect(self.clear)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 4, 16, 12)
        column_.setSpacing(8)
        column_.addLayout(grid)
        foot = QHBoxLayout()
        foot.addWidget(self.closed, 1)
        foot.addWidget(self.clear_)
        column_.addLayout(foot)

    def _all(self) -> list[tuple[str, SelectField]]:
        return [
            ("地域", self.area), ("種類", self.category), ("目的", self.purpose), ("業種", self.industry),
            ("規模", self.size_), ("金額", self.amount), ("締切", self.deadline),
        ]  # fmt: skip

    def _combo(self, name: str, spoken: str, choices: Sequence[tuple[str, str]]) -> SelectField:
        made = SelectField(choices, name=f"grants.filter.{name}", spoken=spoken)
        made.currentIndexChanged.connect(lambda _n: self.changed.emit())
        return made

    def clear(self) -> None:
        """Back to the beginning."""
        for _word, combo in self._all():
            combo.setCurrentIndex(0)
        self.closed.setChecked(False)

    @property
    def count(self) -> int:
        """How many choices narrow the list."""
        return sum(combo.currentIndex() > 0 for _word, combo in self._all())

    def query(self, words: str, *, starred_only: bool = False) -> GrantQuery:
        """The query of the words typed and these choices."""

        def chosen(combo: SelectField) -> tuple[str, ...]:
            value = str(combo.currentData() or "")
            return (value,) if value else ()

        now: datetime = self._clock()
        made = GrantQuery(
            words=words,
            areas=chosen(self.area),
            purposes=chosen(self.purpose),
            industries=chosen(self.industry),
            categories=chosen(self.category),
            employees=self._employees if self.size_.currentData() else None,
            amount_from=int(self.amount.currentData() or 0) or None,
            open_at=None if self.closed.isChecked() else now,
            starred_only=starred_only,
        )
        days = int(self.deadline.currentData() or 0)
        if days:
            made = replace(made, deadline_from=now, deadline_to=now + timedelta(days=days))
        return made


def _same(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in words)
