"""今日: what is due, what came back, what is waited for, the one interview, the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.era import to_wareki
from app.domain.errors import Known
from app.views.background import run
from app.views.page import Page, Target, Window
from app.views.pages.today_parts import DueRowView, Legend, QuestionCard, clear, plain_sentence
from app.views.vault_faults import BACKUP, note_backup, troubles
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import WrapLabel, label
from app.views.widgets.row import ListRow
from app.views.widgets.year_strip import YearStrip

if TYPE_CHECKING:
    from app.services.obligations import DueRow, ReturnRow, Today, YearMark

_NARROW = 1120


class TodayPage(Page):
    """The first page of an open company. Everything on it comes from `desk.today()`."""

    def __init__(self, desk: Any, window: Window) -> None:
        super().__init__(desk, window)
        self.setObjectName("today")
        self.title = self.tr("今日")
        self._today: Today | None = None
        self.sentence = WrapLabel("", "headline", "ink")
        self.sentence.setObjectName("today.sentence")
        self.due = Card(self.tr("期限"), name="today.due")
        self.came_back = Card(self.tr("戻ってきたもの"), name="today.came_back")
        self.waiting = Card(self.tr("待っているもの"), name="today.waiting")
        self.questions = QuestionCard()
        self.questions.pressed.connect(lambda: self.window_.show_page("interview"))
        self.year = YearStrip()
        self.year.opened.connect(self._open_mark)
        self._lay()

    def _lay(self) -> None:
        self._left = QVBoxLayout()
        self._left.setSpacing(16)
        self._left.addWidget(self.due)
        self._left.addWidget(self.questions, 1)
        self._left.addStretch(0)
        self._right = QVBoxLayout()
        self._right.setSpacing(16)
        self._right.addWidget(self.came_back)
        self._right.addWidget(self.waiting)
        self._right.addStretch(1)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(self._left, 592)
        self._columns.addLayout(self._right, 416)
        year = Card(self.tr("この一年"), name="today.year.card")
        assert year.count is not None
        year.count.setObjectName("today.year.note")
        self._year_card = year
        year.head.addWidget(Legend())
        year.head.setContentsMargins(18, 17, 18, 10)
        year.body.setContentsMargins(18, 2, 18, 13)
        year.body.addWidget(self.year)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        self._troubles = QVBoxLayout()
        self._troubles.setSpacing(8)
        column.addLayout(self._troubles)
        self._band_place = QVBoxLayout()
        column.addLayout(self._band_place)
        column.addWidget(self.sentence)
        column.addLayout(self._columns)
        column.addSpacing(8)
        column.addWidget(year)
        column.addStretch(1)

    def refresh(self) -> None:
        """Reads the day again, off the window's thread."""
        now = self.desk.clock()
        wareki = to_wareki(now.date())
        weekday = "月火水木金土日"[now.weekday()]
        self.note = self.tr("{}年{}月{}日({}) {}{}年").format(
            now.year, now.month, now.day, weekday, wareki.era.name, wareki.year
        )
        self._show_troubles()
        run(self.desk.today, self._show, self._failed, self)

    def _show_troubles(self) -> None:
        """What is wrong with the files around the vault, until it is mended."""
        clear(self._troubles)
        found = troubles(self.desk)
        self._troubles.setContentsMargins(0, 0, 0, 8 if found else 0)
        for trouble in found:
            actions: list[Action] = [(self.tr("設定をひらく"), self._open_keys)]
            if trouble.about == BACKUP:
                actions.insert(0, (self.tr("今すぐ控えを取る"), self._back_up))
            name = f"today.trouble.{trouble.about}"
            band = Band(trouble.kind, trouble.sentence, trouble.note, actions, name=name)
            self._troubles.addWidget(band)

    def _open_keys(self) -> None:
        self.window_.show_page("settings", at="vault")

    def _back_up(self) -> None:
        def done(_made: object) -> None:
            note_backup(self.desk, None)
            self._show_troubles()
            self.window_.say(self.tr("控えを取りました。"))

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault
            note_backup(self.desk, fault)
            self._show_troubles()
            self.window_.say(self.tr("まだ取れません。設定で、別のところに取れます。"))

        run(self.desk.back_up, done, failed, self)

    def targets(self) -> list[Target]:
        """The rows with a day, for Ctrl+K."""
        if self._today is None:
            return []
        return [
            Target(row.title, row.note, lambda r=row: self._open_due(r), icon="calendar")  # type: ignore[misc]
            for row in self._today.due
        ]

    def columns(self) -> list[QWidget]:
        """Left column, right column, year."""
        return [self.due, self.questions, self.came_back, self.waiting, self.year]

    def fold(self, width: int) -> None:
        """Below 1120 the two columns stand one over the other."""
        narrow = width < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(way)

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            raise fault
        clear(self._band_place)
        self._band_place.addWidget(Band("danger", fault.sentence, name="today.band"))

    def _show(self, today: Today) -> None:
        self._today = today
        clear(self._band_place)
        self.sentence.set_html(today.sentence, plain_sentence(today.sentence))
        self._show_due(today)
        self._show_rows(
            self.came_back,
            today.came_back,
            ("inbox", self.tr("戻ってきたものはありません"), self.tr("届くと、ここに出ます。")),
        )
        self._show_rows(
            self.waiting,
            today.waiting,
            (
                "hourglass",
                self.tr("待っているものはありません"),
                self.tr("送ると、ここに並びます。"),
            ),
        )
        self.questions.setVisible(today.questions > 0)
        self.questions.show_count(today.questions, today.served)
        era = to_wareki(today.day)
        year = era.year if today.day.month >= today.first_month else era.year - 1
        if year >= 1:
            self._year_card.set_count(self.tr("{}{}年度").format(era.era.name, year))
        self.year.show_year(today.first_month, today.day.month, today.marks)
        self.window_.update_status()

    def _show_due(self, today: Today) -> None:
        self.due.clear_rows()
        self.due.set_count(self.tr("{}件").format(len(today.due)) if today.due else "")
        for row in today.due:
            view = DueRowView(row)
            view.opened.connect(self._open_due)
            self.due.add_row(view)
        if not today.due:
            begin = Button(self.tr("手続をえらぶ"), "small", name="today.begin")
            begin.clicked.connect(lambda _=False: self.window_.show_page("procedures"))
            self.due.add_row(
                EmptyState(
                    "calendar",
                    self.tr("期限はありません"),
                    self.tr("手続を書きはじめると、期限がここに出ます。"),
                    begin,
                )
            )

    def _show_rows(
        self, card: Card, rows: tuple[ReturnRow, ...], empty: tuple[str, str, str]
    ) -> None:
        card.clear_rows()
        card.set_count(self.tr("{}件").format(len(rows)) if rows else "")
        for row in rows:
            card.add_row(self._return_row(row, card.objectName()))
        if not rows:
            card.add_row(EmptyState(*empty))

    def _return_row(self, row: ReturnRow, name: str) -> ListRow:
        right: list[QWidget] = []
        if row.side:
            right.append(label(row.side, "note", "ink2"))
        if row.button:
            button = Button(row.button, "small", name=f"{name}.{row.filing_id}.open")
            button.setAccessibleName(f"{row.title} {row.button}")
            button.clicked.connect(lambda _=False: self._open_filing(row))
            right.append(button)
        colours = {"ok": "ok", "danger": "danger", "warn": "warn", "info": "ink2"}
        view = ListRow(
            row.icon,
            row.title,
            row.note,
            right,
            icon_colour=colours.get(row.kind, "ink2"),
            pressable=not row.button,
            name=f"{name}.{row.filing_id}",
        )
        if not row.button:
            view.pressed.connect(lambda: self._open_filing(row))
        return view

    def _open_due(self, row: DueRow) -> None:
        if row.page == "fees":
            self.window_.show_page("fees")
        elif row.page == "skeleton":
            self.window_.show_page("skeleton", draft=row.draft_id)
        elif row.grant:
            self.window_.show_page("grants", open=row.grant)
        elif row.notice:
            self.window_.show_page("social", group=row.notice)
        elif row.award:
            self.window_.show_page("award", award=row.award)
        else:
            self.window_.show_page("form", draft=row.draft_id)

    def _open_filing(self, row: ReturnRow) -> None:
        if row.page == "outbox":
            self.window_.show_page("outbox", filing=row.filing_id)
        else:
            self.window_.show_page(row.page, open=row.filing_id)

    def _open_mark(self, mark: YearMark) -> None:
        rows = self._today.due if self._today is not None else ()
        row = next((r for r in rows if r.title == mark.title), None)
        if mark.state != "done" and row is not None:
            self._open_due(row)
        else:
            self.window_.show_page("outbox")
