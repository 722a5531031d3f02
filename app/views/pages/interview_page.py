"""まとめて答える: what is missing, one question at a time; what is answered is kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.models.form_face import row_face
from app.views.models.interview import Question, questions
from app.views.page import Page, Status, Window
from app.views.pages.form_keys import PageKeys
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.form_row import FormRow
from app.views.widgets.lines import label, wrap_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.forms.draft_parts import Change
    from app.views.models.seen import OpenDraft

WIDTH = 720
ASKED = {
    "date": "いつですか",
    "month": "いつですか",
    "address": "どこですか",
    "yen": "いくらですか",
    "integer": "いくつですか",
    "yes_no": "どちらですか",
    "choice": "どれですか",
    "choices": "どれですか",
}


class InterviewPage(Page):
    """The gaps of one draft (`asked`: procedure and subject), or of all open drafts."""

    place = "procedures"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("interview")
        self._asked = dict(asked)
        self.title = "まとめて答える"
        self._skipped: set[str] = set()
        self._answered: list[tuple[str, str]] = []
        self._question: Question | None = None
        self._again = ""
        self.row: FormRow | None = None
        self._count = label("", "label", "ink2", name="interview.count")
        self._lay()
        self.keys = PageKeys(
            self,
            {"back": self.leave, "remedy": self._remedy, "undo": self.previous},
            lambda: self.row is not None and self.row.editor.composing(),
        )

    def header_actions(self) -> list[QWidget]:
        """How many questions are left, and the way back."""
        close = Button("ここまでにする", name="interview.close")
        close.clicked.connect(self.leave)
        return [self._count, close]

    def status(self) -> Status:
        """When it was saved."""
        return Status(saved_at=next((d.saved_at for d in self._drafts() if d.saved_at), None))

    def refresh(self) -> None:
        """Begin at the first question that is left."""
        self._skipped.clear()
        self._show_next()

    def leaving(self) -> None:
        """Keep what is being typed."""
        if self.row is not None:
            self.row.editor.commit()
        for open_draft in self._drafts():
            open_draft.flush()

    def leave(self) -> None:
        """Back to the form, or to where the interview was asked for."""
        if self._asked.get("procedure"):
            where = {k: v for k, v in self._asked.items() if k in ("procedure", "subject")}
            self.window_.show_page("form", **where)
        else:
            self.window_.show_page("today")

    def go_on(self) -> None:
        """The answer stands: the next question. An open problem keeps this one here."""
        if self.row is None or self._question is None:
            return
        self.row.editor.commit()
        cell = self._question.open_draft.draft.cell(self._question.field_id)
        if any(p.open for p in cell.problems):
            self.row.announce()
            self.row.editor.take_focus()
            return
        if not cell.answered and not cell.field.optional:
            self._skipped.add(self._question.key)
        self._show_next()

    def later(self) -> None:
        """あとで: this question is left out for now."""
        if self._question is not None:
            self._skipped.add(self._question.key)
            self._show_next()

    def previous(self) -> None:
        """The question answered before this one."""
        if self._answered:
            draft_id, field_id = self._answered.pop()
            open_draft = next(d for d in self._drafts() if d.id == draft_id)
            title = open_draft.draft.procedure.title
            self._show(Question(open_draft, field_id, f"{draft_id}:{field_id}", (title,)))

    def _drafts(self) -> list[OpenDraft]:
        if self._asked.get("procedure"):
            where = self._asked
            return [self.desk.open_draft(where["procedure"], where.get("subject", ""))]
        return [self.desk.open_draft(d.procedure_id, d.subject) for d in self.desk.drafts()]

    # building and showing

    def _lay(self) -> None:
        self.card = Card(name="interview.card")
        self._place = label("", "label", "ink2")
        self._ask = wrap_label("", "title", "ink")
        self._why = wrap_label("", "label", "ink2")
        for part in (self._place, self._ask, self._why):
            self.card.body.addWidget(part)
        self._holder = QVBoxLayout()
        self.card.body.addLayout(self._holder)
        self._faults = QVBoxLayout()
        self.card.body.addLayout(self._faults)
        self.next = Button("これで次へ", "primary", name="interview.next")
        self.next.clicked.connect(self.go_on)
        skip = Button("あとで", name="interview.later")
        skip.clicked.connect(self.later)
        self.back = Button("前の質問", "quiet", name="interview.previous")
        self.back.clicked.connect(self.previous)
        buttons = QHBoxLayout()
        for button in (self.next, skip, self.back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.card.body.addLayout(buttons)
        self._lay_page()

    def _lay_page(self) -> None:
        self.done = EmptyState("circle-check", "いまの質問は、これで全部です", "")
        finish = Button("届にもどる", "primary", name="interview.finish")
        finish.clicked.connect(self.leave)
        self._finish = finish
        column = QVBoxLayout()
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.card)
        column.addWidget(self.done)
        column.addWidget(finish, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        body = QWidget()
        body.setProperty("clear", "true")
        body.setMaximumWidth(WIDTH)
        body.setLayout(column)
        centred = QWidget()
        centred.setProperty("clear", "true")
        row = QHBoxLayout(centred)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(body, 100)
        row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(centred)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _show_next(self) -> None:
        left = questions(self._drafts())
        waiting = [q for q in left if q.key not in self._skipped]
        self._count.setText(f"あと {len(left)}問" if left else "")
        self._show(waiting[0] if waiting else None)
        if not waiting:
            text = (
                f"あとにした質問が {len(left)}つ残っています。"
                if left
                else "答えはもう届に入っています。"
            )
            self.done.line.set_text(text)
            self.done.line.show()

    def _show(self, question: Question | None) -> None:
        self._question = question
        for part in (self.done, self._finish):
            part.setVisible(question is None)
        self.card.setVisible(question is not None)
        self._drop_row()
        _empty(self._faults)
        if question is None:
            self._finish.setFocus()
            return
        draft = question.open_draft.draft
        cell = draft.cell(question.field_id)
        section = draft.procedure.section_of[question.field_id]
        heading = next(s.label for s in draft.procedure.sections if s.id == section)
        self._place.setText(f"{draft.procedure.title} ・ {heading}")
        self._ask.set_text(f"{cell.field.label}は{ASKED.get(cell.field.kind, '何ですか')}。")
        served = (
            f"この答えは {len(question.serves)}つの届に入ります。"
            if len(question.serves) > 1
            else ""
        )
        self._why.set_text("\n".join(x for x in (cell.field.help, served) if x))
        self._why.setVisible(bool(self._why.plain()))
        self.back.setVisible(bool(self._answered))
        self._make_row(question)

    def _make_row(self, question: Question) -> None:
        draft = question.open_draft.draft
        row = FormRow(draft.procedure.field(question.field_id), "interview")
        row.typed.connect(lambda i, text: self._do(lambda: draft.typing(i, text)))
        row.committed.connect(lambda i, text: self._do(lambda: draft.answer(i, text)))
        row.cleared.connect(lambda i: self._do(lambda: draft.clear(i)))
        row.next_wanted.connect(lambda _i: self.go_on())
        row.act.connect(self._act)
        self.row = row
        self._holder.addWidget(row)
        row.show()
        self._refresh_row()
        row.editor.take_focus()

    def _drop_row(self) -> None:
        if self.row is not None:
            self._holder.removeWidget(self.row)
            self.row.hide()
            self.row.deleteLater()
            self.row = None

    def _refresh_row(self) -> None:
        if self.row is not None and self._question is not None:
            cell = self._question.open_draft.draft.cell(self._question.field_id)
            self.row.show_cell(cell, row_face(cell))

    def _act(self, field_id: str, name: str) -> None:
        assert self._question is not None
        draft = self._question.open_draft.draft
        verb, _, rest = name.partition(":")
        if self.row is not None:
            self.row.editor.commit()
        if verb == "blank":
            self._do(lambda: draft.leave_blank(field_id))
            self._show_next()
        elif verb == "accept":
            self._do(lambda: draft.accept(field_id, rest))
        elif verb == "substitute":
            self._do(lambda: draft.substitute(field_id))
        elif verb == "restore":
            self._do(lambda: draft.restore(field_id))
        elif verb == "clear":
            self._do(lambda: draft.clear(field_id))
        elif self.row is not None:
            self.row.editor.take_focus(select=verb == "fix")

    def _remedy(self) -> None:
        if self.row is not None and self.row.face is not None and self.row.face.remedy:
            self._act(self.row.field.id, self.row.face.remedy)

    def _do(self, act: Callable[[], Change]) -> None:
        assert self._question is not None
        _empty(self._faults)
        try:
            change = act()
        except Known as fault:
            self._faults.addWidget(Band("danger", fault.sentence, name="interview.fault"))
            return
        self._question.open_draft.apply(change)
        if change.records:
            for open_draft in self._drafts():
                open_draft.draft.refresh()
        done = (self._question.open_draft.id, self._question.field_id)
        if change.answer is not None and not change.answer.pending and done not in self._answered:
            self._answered.append(done)
        self._refresh_row()
        self.window_.update_status()


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
