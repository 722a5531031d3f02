"""The form page: sections, fields, and why each value is what it is (LOOK 3, pictures 3-form-*)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views import theme
from app.views.background import run
from app.views.models.form_explain import explain_face
from app.views.models.form_state import head_words, review_line, section_line
from app.views.page import Page, Status, Target, Window
from app.views.pages.cases import amending_band
from app.views.pages.form_draft import ask_where, fault_sentence, form_status, opened, where_of
from app.views.pages.form_keys import PageKeys
from app.views.pages.form_library import FormLibrary
from app.views.pages.form_preprint import show_preprint
from app.views.pages.form_versions import renewal_band, versions_menu
from app.views.pages.form_view import FormView
from app.views.pages.form_work import FormWork
from app.views.widgets.button import Button
from app.views.widgets.form_explain import EXPLAIN, PAPER, RightPane
from app.views.widgets.lines import label
from app.views.widgets.slices import Slices

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.views.models.seen import OpenDraft


class FormPage(Page):
    """One draft. `asked` names it: procedure and subject, or `draft` (its id); perhaps a `field`."""

    folds_navigation = True
    place = "procedures"
    margin = 0

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("form")
        self.open_draft: OpenDraft = opened(desk, asked)
        self._amends = asked.get("amends", "")
        self._where = where_of(self.open_draft, self._amends)
        self._field = asked.get("field", "")
        self._name: tuple[int, str] = (-1, "")
        self._has_layout = False
        self._settling = False
        self._opening = True
        self._arriving: str | None = None
        self._later = Slices(self)
        self.view = FormView(self)
        self.fields = self.view.fields
        self.work = FormWork(self.fields, desk.confirm_fact, self)
        FormLibrary(self, self.work, self.fields)
        self._due = label("", "label", "ink2", name="form.due")
        self.review_button = Button("確かめて送る", "primary", name="form.review")
        self.review_button.setToolTip("Ctrl+Enter")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._join()
        self._load()
        theme.theme_changed.connect(self._dress)

    @property
    def draft(self) -> Draft:
        """The draft on the page."""
        return self.open_draft.draft

    @property
    def right(self) -> RightPane:
        """The right pane; made now if it was not there."""
        return self.view.right

    # what the frame asks

    def header_actions(self) -> list[QWidget]:
        """The deadline and the way to the review."""
        return [self._due, self.review_button]

    def columns(self) -> Sequence[QWidget]:
        """What F6 walks through."""
        return self.view.columns()

    def targets(self) -> Sequence[Target]:
        """Every visible field, for Ctrl+K."""
        title = self.draft.procedure.title
        return [
            Target(c.field.label, title, self._goer(c.field.id))
            for c in self.draft.cells()
            if c.visible
        ]

    def status(self) -> Status:
        """When it was saved, how much was typed, the 一度率 of this form."""
        return form_status(self.open_draft)

    def refresh(self) -> None:
        """Show what changed in the facts meanwhile, and put the cursor where it was.

        After sealing the desk gives another draft: the sealed one is never written again.
        """
        open_draft = opened(self.desk, self._where)
        if open_draft is not self.open_draft:
            self.open_draft = open_draft
            self._load()
        self.work.refresh()
        wanted = self._field or self.open_draft.cursor
        self._field = ""
        seen = [c.field.id for c in self.draft.cells() if c.visible]
        first = next(iter(self.draft.gaps()), "")
        target = next((f for f in (wanted, first, *seen) if f in seen), "")
        opening = self._opening
        self._arriving, self._opening = target, False
        if opening:
            self._later.run(self._ask_left, self.arrive)  # after the picture of the page
        else:
            self.arrive()
        self._show_sections(None)
        self._follow_head()
        if self.view.has_right:
            self._follow_right()

    def arrive(self) -> None:
        """Put the cursor where `refresh` found it was, now rather than in the next turn."""
        target, self._arriving = self._arriving, None
        if target is not None:
            self._ask_left()
        if target:
            self._settling = True
            self.fields.go(target)
            self._settling = False
            self.view.sections.show_present(self.draft.procedure.section_of[target])
            if self.view.has_right:
                self._follow_right()

    def first_focus(self) -> QWidget | None:
        """The field the cursor was in."""
        self.arrive()
        row = self.fields.focused_row()
        return row.editor.control() if row is not None else None

    def leaving(self) -> None:
        """Commit what is being typed and write it."""
        self._arriving = None  # nobody is here any more
        self.work.commit_all()

    def fold(self, width: int) -> None:
        """Three columns, a tab, or a bar and a drawer."""
        self.view.fold(width)
        self._follow()

    # what the person does

    def explain(self, field_id: str = "") -> None:
        """F1: この値はどこから, for a field or for the one in focus."""
        if field_id and field_id != self.work.current:
            self.fields.go(field_id)
        self._follow()
        self.view.open_right(EXPLAIN)

    def show_paper(self) -> None:
        """様式で見る."""
        self._load_paper()
        self.view.open_right(PAPER)

    def back_to_field(self) -> None:
        """Esc: close the drawer and return to the field."""
        current = self.work.current  # hiding the drawer lets the focus fall on some other field
        self.view.close_drawer()
        if current:
            self.fields.go(current)

    def to_review(self) -> None:
        """確かめて送る: works always; gaps are listed there."""
        self.work.commit_all()
        amends = {"amends": self._amends} if self._amends else {}
        self.window_.show_page("review", draft=self.open_draft.id, **amends)

    def to_interview(self) -> None:
        """まとめて答える; an answer to a 補正 asks in the form itself."""
        self.work.commit_all()
        if self._amends:
            self.fields.go(next(iter(self.draft.gaps()), self.work.current))
            return
        self.window_.show_page("interview", **self._where)

    def print_form(self) -> None:
        """Ctrl+P: the official layout as a PDF, where the person wants it."""
        self.work.commit_all()
        who = self._subject_name() or self.desk.card.name
        ask_where(self, f"{self.draft.procedure.title}_{who}.pdf", self.write_pdf)

    def write_pdf(self, path: Path) -> None:
        """Write the PDF off the window's thread and say where it is."""
        open_draft = self.open_draft

        def write() -> Path:
            path.write_bytes(open_draft.pdf())
            return path

        run(write, lambda p: self.window_.say(f"{p} に書き出しました。"), self._failed, self)

    def _failed(self, fault: Exception) -> None:
        self.view.show_fault(fault_sentence(fault))
        if not isinstance(fault, Known | OSError):
            raise fault

    # joining and showing

    def _join(self) -> None:
        view = self.view
        view.sections.chosen.connect(self.work.go_to_section)
        view.sections.review_wanted.connect(self.to_review)
        view.sections.interview_wanted.connect(self.to_interview)
        view.bar_made.connect(self._join_bar)
        view.right_made.connect(self._join_right)
        view.paper_asked.connect(self._load_paper)
        view.fields.explain.connect(self.explain)
        view.fields.in_view.connect(self._go_on)
        self.review_button.clicked.connect(self.to_review)
        self.work.sections_changed.connect(self._show_sections)
        self.work.followed.connect(self._follow)
        self.work.saved.connect(self._saved)
        self.work.fault.connect(view.show_fault)
        self.work.entered.connect(self._entered)
        self.work.versions_wanted.connect(self._show_versions)
        self.keys = PageKeys(
            self,
            {
                "explain": self.explain,
                "next_to_fix": lambda: self.work.to_fix(1),
                "previous_to_fix": lambda: self.work.to_fix(-1),
                "next_section": lambda: self.work.section(1),
                "previous_section": lambda: self.work.section(-1),
                "remedy": self.work.remedy,
                "review": self.to_review,
                "undo": self.work.undo,
                "redo": self.work.redo,
                "print": self.print_form,
                "back": self.back_to_field,
            },
            self.fields.composing,
        )

    def _join_bar(self) -> None:
        bar = self.view.bar
        bar.chosen.connect(self.work.go_to_section)
        bar.review_wanted.connect(self.to_review)
        bar.explain_wanted.connect(self.explain)
        bar.paper_wanted.connect(self.show_paper)
        self._show_sections(None)

    def _join_right(self) -> None:
        right = self.right
        right.paper.pressed.connect(self._pressed_paper)
        right.explain.opened.connect(self._open_source)
        right.paper_shown.connect(self._load_paper)
        self._follow_right()

    def _go_on(self) -> None:
        """The fields in view stand: what they are explained by comes next, then the other rows."""
        self._later.run(
            self.view.prepare_right, lambda: self.right, self._load_wide_paper, self.fields.go_on
        )

    def _load(self) -> None:
        self.title = self.draft.procedure.title
        name = self._subject_name()
        self.note = f"{self.desk.card.name} ・ {name}" if name else self.desk.card.name
        self.work.open(self.open_draft)
        self.view.clear_band("form.amending")
        if band := amending_band(self.desk, self._amends) if self._amends else None:
            self.view.show_band(band)
        renewal = self.open_draft.renewal
        if renewal is not None:
            self.view.show_band(renewal_band(renewal, self._seen_renewal))
        show_preprint(self)

    def _seen_renewal(self) -> None:
        self.desk.accept_renewal(self.open_draft.id)
        self.view.clear_band("form.renewal")

    def _show_versions(self, field_id: str) -> None:
        row = self.fields.row(field_id)
        if row is not None:
            menu = versions_menu(
                self, self.work.versions(field_id), lambda text: self.work.commit(field_id, text)
            )
            menu.popup(row.editor.mapToGlobal(row.editor.rect().bottomLeft()))

    def _show_sections(self, changed: Collection[str] | None) -> None:
        draft, view = self.draft, self.view
        present = draft.procedure.section_of.get(self.work.current, "")
        if changed is None or view.mode == "narrow":
            lines = [section_line(draft, s.id) for s in draft.procedure.sections]
            lines.append(review_line(draft))
            view.sections.show_lines(lines, present)
            if view.has_bar:
                view.bar.show_lines(lines, present)
            return
        for section_id in changed:
            view.sections.show_line(section_line(draft, section_id))
        view.sections.show_line(review_line(draft))

    def _follow(self) -> None:
        """The slower parts: questions left, deadline, explanation, paper."""
        self._ask_left()
        self._follow_head()
        if self.view.has_right:
            self._follow_right()

    def _ask_left(self) -> None:
        self.view.sections.show_questions(len(self.draft.gaps()))

    def _follow_head(self) -> None:
        due, ready = head_words(self.draft, self.view.mode)
        self._due.setText(due)
        self.review_button.setAccessibleDescription(ready)

    def _follow_right(self) -> None:
        draft = self.draft
        if self.work.current:
            face = explain_face(draft, draft.cell(self.work.current), self._subject_name())
            self.right.explain.show_face(face)
        if self._has_layout:
            self._load_paper()

    def _load_wide_paper(self) -> None:
        """A wide window shows the paper beside the explanation."""
        if self.view.mode == "wide" and not self._has_layout:
            self._load_paper()

    def _load_paper(self) -> None:
        from app.forms.layout import load_layout

        paper = self.right.paper
        if not self._has_layout:
            try:
                layout = load_layout(self.draft.procedure)
            except Known as fault:
                self.view.show_fault(fault.sentence)
                return
            self._has_layout = True
            paper.show_layout(layout, practice=self.desk.practice)
        paper.paper.set_cells({c.field.id: c for c in self.draft.cells()})
        paper.paper.mark(self.work.current)

    def _entered(self, field_id: str) -> None:
        before, self_section = self.open_draft.cursor, self.draft.procedure.section_of
        self.open_draft.set_cursor(field_id)
        if self._settling:
            return
        self._follow()
        moved = self_section.get(before) != self_section[field_id]
        if moved or not self.view.sections.has_present():
            self._show_sections(None)

    def _saved(self) -> None:
        if self.open_draft.fault is None:
            self.view.clear_fault()
        self.window_.update_status()

    def _pressed_paper(self, field_id: str) -> None:
        self.view.close_drawer()
        self.fields.go(field_id)

    def _open_source(self, explanation: Any) -> None:
        """A row of the tree: the field of that fact when the form has it, else the company page."""
        for cell in self.draft.cells():
            if cell.fact_path == explanation.path and cell.visible:
                self._pressed_paper(cell.field.id)
                return
        if explanation.path:
            self.window_.show_page("company", path=explanation.path)

    def _goer(self, field_id: str) -> Callable[[], None]:
        return lambda: self.fields.go(field_id)

    def _subject_name(self) -> str:
        draft = self.draft
        if draft.procedure.subject != "employees" or not draft.subject:
            return ""
        revision = draft.graph.revision
        if self._name[0] != revision:
            names = {m.key: m.name for m in self.desk.employees()}
            self._name = revision, names.get(draft.subject, "")
        return self._name[1]

    def _dress(self) -> None:
        """Another theme or text size: the rows are laid out anew."""
        current = self.work.current
        self.work.commit_all()
        self.work.open(self.open_draft)
        if current and self.isVisible():
            self.fields.go(current)
