"""社会保険の届: the insurer first, then who needs which notice, why, and by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.clock import today
from app.domain.errors import Known
from app.services.social.asking import Ask
from app.services.social.duties import DueNotices
from app.services.social.insurer import Insurer
from app.services.social.notice import Aside, Needs, Notice
from app.services.social.people import Person
from app.views.background import run
from app.views.models.need_list import NeedSheet, Place, Shown, sheet_of
from app.views.page import Page, Target, Window
from app.views.pages.form_keys import PageKeys
from app.views.pages.social_detail import SocialDetail
from app.views.pages.social_insurer import NAMES, InsurerQuestion, union_band
from app.views.pages.social_list import SocialList
from app.views.pages.social_told import MarkingDesk, PaperMarks
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState
from app.views.widgets.segments import Segments

BROKE = "一度の側でつまずきました。書いたものは残っています。"
_LIST, _ENDLESS = 520, 16_777_215
_TABS: tuple[tuple[Shown, str], ...] = (
    ("needed", "要る届"),
    ("questions", "きくこと"),
    ("left_out", "要らない人"),
)


class SocialDesk(MarkingDesk, Protocol):
    """The part of `desk.social` this page needs. `people` and `needs` may take long."""

    def insurer(self) -> Insurer | None: ...
    def set_insurer(self, kind: Insurer) -> None: ...
    def people(self) -> list[Person]: ...
    def since(self) -> date: ...
    def set_since(self, day: date) -> None: ...
    def needs(self) -> Needs: ...
    def asks(self, what: Notice | Aside) -> Sequence[Ask]: ...


class SocialPage(Page):
    """The question of the insurer, or list and detail; a narrow window shows one at a time.

    `asked`: group, the code of a form to begin at.
    """

    place = "procedures"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("social")
        self.title = "社会保険の届"
        self._social: SocialDesk = desk.social
        self._sheet: NeedSheet | None = None
        self._reading = False
        self._again = False
        self._goes_on = False
        self._wanted = (asked or {}).get("group", "")
        self._place: Place = ()
        self._narrow = self._in_detail = False
        self._width = 1280
        self._later: list[Callable[[], None]] = []
        self.question = InsurerQuestion()
        self.list = SocialList()
        self.detail = SocialDetail(self._social.asks)
        self._marks = PaperMarks(
            self._social, self.detail.refuse_paper, lambda told: self._tell("danger", told),
            self._after_paper,
        )  # fmt: skip
        self.tabs = Segments(_TABS, "needed", name="social.tab", spoken="だれを見るか")
        self.take_in = Button("従業員と給与を取り込む", icon="download", name="social.import")
        self.insurer = Button("", "quiet", "shield-check", name="social.insurer.change")
        self._chooser = QWidget()
        self._lay()
        self._join()

    def _lay(self) -> None:
        inner = QHBoxLayout(self._chooser)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.tabs)
        inner.addWidget(self.insurer)
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.list, _LIST)
        row.addWidget(self.detail, 560)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._bands)
        column.addLayout(row, 1)
        begin = Button("従業員と給与を取り込む", small=True, name="social.begin")
        begin.clicked.connect(lambda _=False: self.window_.show_page("social_import"))
        self._nobody = EmptyState(
            "user-plus",
            "従業員がまだいません",
            "CSV か Excel を置くと、だれに何の届が要るかが分かります。",
            begin,
            name="social.nobody",
        )
        self._stack = QStackedWidget()
        for part in (both, self.question, self._nobody):
            self._stack.addWidget(part)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _join(self) -> None:
        self.question.chosen.connect(self._answer_insurer)
        self.question.left.connect(self._show_list_again)
        self.tabs.changed.connect(lambda _tab: self._show_rows())
        self.list.wanted.connect(self._show_rows)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._to_detail)
        self.list.since.chosen.connect(self._look_since)
        self.detail.back.clicked.connect(lambda _=False: self._to_list())
        self.detail.prepare_asked.connect(self._prepare)
        self.detail.write_asked.connect(self._write)
        self.detail.facts_asked.connect(self._see_facts)
        self.detail.answered.connect(self.answer)
        self.detail.paper_said.connect(self._marks.say)
        self.detail.paper_back.connect(self._marks.take_back)
        self.take_in.clicked.connect(lambda _=False: self.window_.show_page("social_import"))
        self.insurer.clicked.connect(lambda _=False: self._ask_insurer())
        self.keys = PageKeys(self, {"back": self._to_list, "review": self._prepare_chosen})

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """Whom the list shows, the insurer said before, and the way to the import."""
        return [self._chooser, self.take_in]

    def columns(self) -> Sequence[QWidget]:
        """F6 walks through list and detail."""
        if self._stack.currentIndex() == 1:
            return [self.question]
        return [self.list, self.detail]

    def first_focus(self) -> QWidget | None:
        """The question while it stands, else the list."""
        if self._stack.currentWidget() is self.question:
            return self.question.rows[Insurer.KYOKAI]
        if self._stack.currentWidget() is self._nobody:
            return self._nobody.button
        return self.list.rows

    def targets(self) -> Sequence[Target]:
        """The forms that are needed, for Ctrl+K."""
        groups = self._sheet.groups if self._sheet is not None else ()
        return [Target(g.name, "要る届", self._goer(g), icon="calendar") for g in groups]

    def fold(self, width: int) -> None:
        """Below 1120 list and detail are shown one at a time."""
        look = current()
        self._width = width
        self._narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        self.list.setMaximumWidth(_ENDLESS if self._narrow else look.grown(_LIST))
        self.list.setVisible(not (self._narrow and self._in_detail))
        self.detail.setVisible(not self._narrow or self._in_detail)
        self.detail.back.setVisible(self._narrow)

    def refresh(self) -> None:
        """Asks for the insurer, or reads anew who needs what."""
        kind = self._social.insurer()
        if kind is None:
            self._ask_insurer()
            return
        self.insurer.set_text(NAMES[kind])
        self.insurer.setAccessibleName(f"健康保険は{NAMES[kind]}。変える")
        self._stack.setCurrentIndex(0)
        self.list.since.show_day(self._social.since())
        self._read()

    # --- the insurer

    def _ask_insurer(self) -> None:
        self.note = ""
        now = self._social.insurer()
        self.insurer.setVisible(now is not None)
        self.tabs.setVisible(now is not None)
        self.question.ask(now)
        self._stack.setCurrentWidget(self.question)
        row = self.question.rows[now or Insurer.KYOKAI]
        QTimer.singleShot(0, row, lambda: row.setFocus(Qt.FocusReason.OtherFocusReason))

    def _answer_insurer(self, kind: Insurer) -> None:
        try:
            self._social.set_insurer(kind)
        except Known as fault:
            self.question.tell(fault.sentence)
            return
        self.desk.take_in()
        self._show_list_again()
        self.window_.say(f"健康保険は{NAMES[kind]}です。")

    def _show_list_again(self) -> None:
        self.tabs.show()
        self.insurer.show()
        self.refresh()
        QTimer.singleShot(0, self.list.rows, self.list.rows.setFocus)

    def _look_since(self, day: date) -> None:
        """Looks at events from another day on."""
        try:
            self._social.set_since(day)
        except Known as fault:
            self.list.since.refuse(fault.sentence)
            return
        self.refresh()
        self.list.rows.setFocus()

    # --- reading, off the window's thread

    def _read(self) -> None:
        """Works out anew who needs what; what is typed meanwhile waits for its end."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self.desk.take_in()
        if self._sheet is None:
            self.list.show_busy("だれに何が要るかを、調べています。")
        run(self._work, self._read_done, self._failed, self)

    def _work(self) -> NeedSheet:
        return sheet_of(self._social.needs(), len(self._social.people()), self._social.on_paper())

    def _read_done(self, sheet: NeedSheet) -> None:
        self._reading = False
        self._sheet = sheet
        calls, self._later = self._later, []
        for call in calls:
            call()
        if self._again:
            self._again = False
            self._read()
        self._show()
        if self._goes_on and not self.detail.focus_asks():
            self.list.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._goes_on = False

    def _failed(self, fault: Exception) -> None:
        self._reading = self._again = False
        self._later = []
        self.list.show_busy("")
        if not isinstance(fault, Known):
            self._tell("danger", BROKE)
            raise fault
        self._tell("danger", fault.sentence)

    # --- showing

    def _show(self) -> None:
        sheet, kind = self._sheet, self._social.insurer()
        if sheet is None or kind is None or self._stack.currentWidget() is self.question:
            return
        _clear(self._bands)
        if not sheet.people:
            self.note = ""
            self._stack.setCurrentWidget(self._nobody)
            return
        self._stack.setCurrentIndex(0)
        if (band := union_band(kind)) is not None:
            self._bands.addWidget(band)
        asked = len(sheet.rows["questions"])
        self.note = f"{sheet.people:,}人 ・ 届 {len(sheet.needs.notices):,}件 ・ きくこと {asked:,}"
        self._to_wanted(sheet)
        self._show_rows()

    def _to_wanted(self, sheet: NeedSheet) -> None:
        """To the form the page was opened for; once."""
        group = next((g for g in sheet.groups if g.form == self._wanted), None)
        self._wanted = ""
        if group is not None:
            self._place = ("group", group.form, str(group.due))

    def _show_rows(self) -> None:
        if self._sheet is None:
            return
        tab = self.tabs.chosen()
        day = today(self.desk.clock)
        index = self.list.show_rows(self._sheet.rows[tab], tab, day, keep=self._place)
        self._show_detail(self.list.model.what(index))

    def _choose(self, index: QModelIndex) -> None:
        self._place = self.list.model.place(index)
        self._show_detail(self.list.model.what(index))

    def _show_detail(self, what: DueNotices | Notice | Aside | None) -> None:
        written = frozenset(row.id for row in self.desk.procedures())
        self.detail.show_what(what, today(self.desk.clock), written)
        self.detail.back.setVisible(self._narrow)

    def _goer(self, group: DueNotices) -> Callable[[], None]:
        return lambda: self._go(("group", group.form, str(group.due)))

    def _go(self, place: Place) -> None:
        self._place = place
        self.tabs.set_chosen("needed")
        self.list.words.clear()
        self._show_rows()

    def _to_detail(self) -> None:
        if self._narrow:
            self._in_detail = True
            self.fold(self._width)
            self.detail.back.setFocus()
        elif not self.detail.focus_asks():
            self.detail.setFocus()

    def _to_list(self) -> None:
        self._in_detail = False
        self.fold(self._width)
        self.list.rows.setFocus()

    # --- what is asked for

    def answer(self, path: str, text: str) -> None:
        """States a fact as typed, and works out anew what follows from it."""
        if self._reading:
            self._later.append(lambda: self.answer(path, text))
            return
        try:
            self.desk.answer_fact(path, text)
        except Known as fault:
            self.detail.refuse(path, fault.sentence)
            return
        self.window_.update_status()
        self._goes_on = True
        self._read()

    def _after_paper(self, told: str) -> None:
        """Says what was kept of a paper, and works out anew who needs what."""
        self.window_.say(told)
        self.window_.update_status()
        self._read()
        self.list.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare(self, form: str) -> None:
        self.window_.show_page("social", form=form)

    def _prepare_chosen(self) -> None:
        """Ctrl+Enter: the form of the row that is chosen."""
        what = self.list.model.what(self.list.rows.currentIndex())
        if isinstance(what, DueNotices | Notice):
            self._prepare(what.form)

    def _write(self, procedure: str, member: str) -> None:
        self.window_.show_page("form", procedure=procedure, subject=member)

    def _see_facts(self, member: str) -> None:
        path = f"employees[{member}].birth"
        self.window_.show_page("company", view="employees", path=path)

    def _tell(self, kind: str, sentence: str) -> None:
        _clear(self._bands)
        self._bands.addWidget(Band(kind, sentence, name="social.told"))


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
