"""Beside the list: one form with its day, or one person with the reason, the law and the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.era import wareki_text
from app.domain.social.decisions import Decision, Revision
from app.services.social.asking import Ask
from app.services.social.duties import DueNotices
from app.services.social.insurer import CSV_FORMS
from app.services.social.labour import LABOUR_FORMS, procedure_of
from app.services.social.notice import Aside, Notice
from app.services.social.on_paper import OnPaper
from app.views.models.need_list import due_words, form_name
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.social_told import PaperMark
from app.views.theme import current
from app.views.widgets.ask_rows import AskRows
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import hairline, wrap_label
from app.views.widgets.masked import MaskedRows


class SocialDetail(ScrollColumn):
    """Shows what a row stands for; carries what is asked for, does nothing itself.

    `asks` gives the facts a notice or somebody left out is asked for.
    """

    prepare_asked = Signal(str)
    write_asked = Signal(str, str)
    facts_asked = Signal(str)
    answered = Signal(str, str)
    paper_said = Signal(object, object)
    paper_back = Signal(object)

    def __init__(self, asks: Callable[[Notice | Aside], Sequence[Ask]]) -> None:
        super().__init__((24, 20, 24, 24))
        self.setObjectName("social.detail")
        self.setAccessibleName("くわしく")
        self.setProperty("surface", "card")
        self._asks = asks
        self._rows: AskRows | None = None
        self._mark: PaperMark | None = None
        self.back = Button("一覧へもどる", "quiet", "arrow-left", small=True, name="social.back")
        self.back.setParent(self)
        self.back.hide()

    def show_what(
        self, what: DueNotices | Notice | Aside | None, today: date, written: frozenset[str]
    ) -> None:
        """Shows a row; `written` are the ids of the procedures that can be started."""
        self.back.setParent(self)
        column = self.renew()
        column.setSpacing(12)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows = self._mark = None
        if isinstance(what, DueNotices):
            self._group(what, today)
        elif isinstance(what, Notice):
            self._notice(what, today, written)
        elif isinstance(what, Aside):
            self._aside(what)
        else:
            column.addWidget(EmptyState("user", "行をえらぶと、ここに出ます"))
        column.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def refuse(self, path: str, sentence: str) -> None:
        """Says why an answer cannot be taken."""
        if self._rows is not None:
            self._rows.refuse(path, sentence)

    def refuse_paper(self, sentence: str) -> None:
        """Says why the day of a paper cannot be taken."""
        if self._mark is not None:
            self._mark.refuse(sentence)

    def focus_asks(self) -> bool:
        """The keyboard into the first question; False where there is none."""
        return self._rows is not None and self._rows.focus_first()

    # --- what a row stands for

    def _group(self, group: DueNotices, today: date) -> None:
        column = self.column
        column.addWidget(wrap_label(group.name, "title", "ink"))
        ready = len(group.notices) - group.waiting
        said = f"{len(group.notices):,}人の届が要ります。"
        if group.waiting:
            said += f"うち {group.waiting:,}人は、足りない事実があります。"
        column.addWidget(wrap_label(said, "body", "ink"))
        first = group.notices[0]
        self._fact("期限", _due(first, today))
        for sentence in dict.fromkeys(n.route.sentence for n in group.notices):
            self._fact("出し方", sentence)
        if group.form in CSV_FORMS and ready:
            self._prepare(group.form)
        elif group.form in LABOUR_FORMS:
            told = "一人ずつ書く届です。人をえらぶと、そこから書けます。"
            column.addWidget(wrap_label(told, "note", "ink2"))

    def _notice(self, notice: Notice, today: date, written: frozenset[str]) -> None:
        person, column = notice.person, self.column
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(wrap_label(person.name or person.kana or "氏名はまだ", "title", "ink"), 1)
        head.addWidget(Chip(form_name(notice.form), "info"), 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        column.addWidget(wrap_label(notice.reason, "body", "ink"))
        self._fact("期限", _due(notice, today))
        self._fact("出し方", notice.route.sentence)
        self._arithmetic(notice)
        if notice.needs_my_number:
            told = f"個人番号({len(notice.needs_my_number)}人分)は、封をするときにだけききます。"
            column.addWidget(wrap_label(told, "note", "ink2"))
        self._questions(notice)
        self._personal(notice)
        procedure = procedure_of(notice)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        if notice.form in CSV_FORMS and not notice.asks:
            buttons.addWidget(self._prepare_button(notice.form))
        elif procedure in written:
            write = Button("この届を書く", "primary", name="social.write")
            write.clicked.connect(lambda _=False: self.write_asked.emit(procedure, person.member))
            buttons.addWidget(write)
        buttons.addWidget(self._facts_button(person.member))
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._mark = PaperMark(person.name or person.kana, form_name(notice.form))
        self._mark.said.connect(lambda day: self.paper_said.emit(notice.key, day))
        column.addWidget(self._mark)

    def _aside(self, aside: Aside) -> None:
        self.column.addWidget(wrap_label(aside.name or "氏名はまだ", "title", "ink"))
        self.column.addWidget(wrap_label(aside.sentence, "body", "ink"))
        if isinstance(aside, OnPaper):
            back = Button("紙で出したことを取り消す", small=True, name="social.paper.back")
            back.clicked.connect(lambda _=False: self.paper_back.emit(aside.notice))
            self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._questions(aside)
        self.column.addWidget(self._facts_button(aside.member), 0, Qt.AlignmentFlag.AlignLeft)

    # --- parts

    def _fact(self, name: str, text: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        word = wrap_label(name, "label", "ink2")
        word.setFixedWidth(current().grown(64))
        row.addWidget(word, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(wrap_label(text, "label", "ink"), 1)
        self.column.addLayout(row)

    def _arithmetic(self, notice: Notice) -> None:
        """The averages and grades, worked out when they are asked for."""
        if not (isinstance(notice.content, Decision | Revision) or notice.remarks):
            return
        button = Button("計算を見る", icon="chevron-right", small=True, name="social.arithmetic")
        button.setCheckable(True)
        holder = QWidget()
        holder.setObjectName("social.arithmetic.lines")
        lines = QVBoxLayout(holder)
        lines.setContentsMargins(4, 0, 0, 4)
        lines.setSpacing(4)
        holder.hide()

        def show(on: bool) -> None:
            if on and lines.count() == 0:
                for sentence in notice.explanation:
                    lines.addWidget(wrap_label(sentence, "body", "ink"))
            holder.setVisible(on)
            button.set_text("計算をしまう" if on else "計算を見る")
            button.set_icon("chevron-down" if on else "chevron-right")

        button.toggled.connect(show)
        self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(holder)

    def _questions(self, what: Notice | Aside) -> None:
        asks = self._asks(what)
        if not asks:
            if isinstance(what, Notice) and what.asks:
                told = f"「{'」「'.join(what.asks)}」が足りません。"
                self.column.addWidget(wrap_label(told, "body", "warn"))
            return
        self.column.addWidget(hairline())
        self.column.addWidget(wrap_label("ここで答えられること", "heading", "ink"))
        self._rows = AskRows(asks, "social.ask")
        self._rows.answered.connect(self.answered)
        self.column.addWidget(self._rows)

    def _personal(self, notice: Notice) -> None:
        person = notice.person
        rows = [
            ("生年月日", wareki_text(person.birth) if person.birth else ""),
            ("基礎年金番号", person.pension_number),
            ("整理番号", person.number),
            ("住所", person.address),
        ]
        self.column.addWidget(hairline())
        self.column.addWidget(MaskedRows("本人のこと", rows, name="social.personal"))

    def _prepare(self, form: str) -> None:
        self.column.addWidget(self._prepare_button(form), 0, Qt.AlignmentFlag.AlignLeft)

    def _prepare_button(self, form: str) -> Button:
        made = Button(f"{form_name(form)}を用意する", "primary", name="social.prepare")
        made.clicked.connect(lambda _=False: self.prepare_asked.emit(form))
        return made

    def _facts_button(self, member: str) -> Button:
        made = Button("この人の事実を見る", "quiet", small=True, name="social.facts")
        made.clicked.connect(lambda _=False: self.facts_asked.emit(member))
        return made


def _due(notice: Notice, today: date) -> str:
    """The last day in both calendars, and the law's own words for it."""
    if notice.due is None:
        return notice.due_text
    return f"{due_words(notice.due, today)}({wareki_text(notice.due)})\n{notice.due_text}"
