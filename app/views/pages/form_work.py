"""The work on a form: what the rows report goes into the draft, what the draft changed is shown.

Nothing here lays out anything. Each act asks the draft for one change, hands it to the open draft to
be kept, and repaints the affected rows alone; the slower parts of the page follow a moment later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Known
from app.forms.convert import shown
from app.views.models.form_face import rivals_of, row_face
from app.views.models.form_state import next_to_fix
from app.views.widgets.form_fields import FieldColumn

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.draft_parts import Change
    from app.services.draft_files import DraftFiles, Version
    from app.views.models.seen import OpenDraft

FOLLOW_MS = 60
SAVED_MS = 150


class FormWork(QObject):
    """One open draft under the hands of a person."""

    sections_changed = Signal(object)
    followed = Signal()
    saved = Signal()
    fault = Signal(str)
    entered = Signal(str)
    versions_wanted = Signal(str)
    library_wanted = Signal(str)

    def __init__(
        self,
        column: FieldColumn,
        settle: Callable[[str, str], object],
        parent: QObject | None = None,
    ) -> None:
        """`settle` states that a record (path, id) is the right one of a conflict."""
        super().__init__(parent)
        self._column = column
        self._settle = settle
        self._open: OpenDraft | None = None
        self.current = ""
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self.followed)
        self._wait_saved = QTimer(self, singleShot=True, interval=SAVED_MS)
        self._wait_saved.timeout.connect(self._look_saved)
        column.typed.connect(self.type)
        column.committed.connect(self.commit)
        column.cleared.connect(self.clear)
        column.entered.connect(self._enter)
        column.left.connect(self._leave)
        column.next_wanted.connect(self._next)
        column.act.connect(self.act)

    @property
    def draft(self) -> Draft:
        """The draft being written."""
        assert self._open is not None
        return self._open.draft

    def open(self, open_draft: OpenDraft) -> None:
        """Take another draft; what a crash left half typed is committed first."""
        self._open = open_draft
        self.current = ""
        for change in open_draft.draft.commit_pending():
            open_draft.apply(change)
        self._column.load(open_draft.draft, row_face)

    # what rows report

    def type(self, field_id: str, text: str) -> None:
        """A keystroke: checked and kept, converted only on commit."""
        self._do(lambda: self.draft.typing(field_id, text))

    def commit(self, field_id: str, text: str) -> None:
        """A field was finished."""
        self._do(lambda: self.draft.answer(field_id, text))
        self._show(field_id)

    def clear(self, field_id: str) -> None:
        """Del: the answer is emptied."""
        self._do(lambda: self.draft.clear(field_id))

    def act(self, field_id: str, name: str) -> None:
        """A remedy, a link or a button of the row was pressed."""
        verb, _, rest = name.partition(":")
        draft = self.draft
        acts: dict[str, Callable[[], Change]] = {
            "substitute": lambda: (
                draft.answer(field_id, self._with_letter(field_id, rest))
                if rest
                else draft.substitute(field_id)
            ),
            "accept": lambda: draft.accept(field_id, rest),
            "blank": lambda: draft.leave_blank(field_id),
            "clear": lambda: draft.clear(field_id),
            "confirm": lambda: draft.confirm(field_id),
            "restore": lambda: draft.restore(field_id),
        }
        self._column.commit_row(field_id)
        if verb == "choose":
            self._choose(field_id, int(rest))
        elif verb in ("attach", "detach", "kept"):
            self._file(verb, field_id, rest)
        elif verb == "library":
            self.library_wanted.emit(field_id)
            return
        elif verb == "versions":
            self.versions_wanted.emit(field_id)
            return
        elif verb in acts:
            self._do(acts[verb])
        self._column.go(field_id, select=verb == "fix")

    def remedy(self) -> None:
        """Ctrl+.: the first remedy offered in the field in focus."""
        if self.current:
            name = row_face(self.draft.cell(self.current)).remedy
            if name:
                self.act(self.current, name)

    def undo(self) -> None:
        """Take the last act back, wherever it was; what is being typed counts as one."""
        self._step(self.draft.undo)

    def redo(self) -> None:
        """Do it again."""
        self._step(self.draft.redo)

    def commit_all(self) -> None:
        """Finish what is being typed and write it, before review or leaving."""
        if self._open is None:
            return
        if self.current:
            self._column.commit_row(self.current)
        for change in self.draft.commit_pending():
            self._keep(change)
        try:
            self._open.flush()
        except Known as fault:
            self.fault.emit(fault.sentence)
        self._look_saved()

    def to_fix(self, step: int) -> None:
        """F8: the next or previous thing to fix."""
        target = next_to_fix(self.draft.cells(), self.current, 1 if step > 0 else -1)
        if target:
            self._column.go(target)

    def section(self, step: int) -> None:
        """Ctrl+↓ ↑: the first field of the next or previous section."""
        sections = [s.id for s in self.draft.procedure.sections]
        here = self.draft.procedure.section_of.get(self.current, sections[0])
        self.go_to_section(sections[(sections.index(here) + step) % len(sections)])

    def go_to_section(self, section_id: str) -> None:
        """The first field in the section that needs a hand, else its first field."""
        section = next(s for s in self.draft.procedure.sections if s.id == section_id)
        cells = [self.draft.cell(f.id) for f in section.fields]
        seen = [c for c in cells if c.visible]
        wanted = [c for c in seen if any(p.open for p in c.problems) or not c.answered]
        self._column.go_to_section(section_id)
        if seen:
            self._column.go((wanted or seen)[0].field.id)

    def refresh(self) -> None:
        """Show what changed elsewhere: in the facts, or in this draft on another page."""
        if self._open is not None:
            self.draft.refresh()
            self._shown([c.field.id for c in self.draft.cells()])

    def _file(self, verb: str, field_id: str, rest: str) -> None:
        """A file goes into a slot or out of it; the vault keeps it either way."""
        assert self._open is not None
        files = self._open.files
        if verb in ("detach", "kept"):
            act = files.detach if verb == "detach" else files.attach_kept
            self._do(lambda: act(field_id, rest))
            return
        try:
            content = Path(rest).read_bytes()
        except OSError:
            self.fault.emit("ファイルを読めません。場所を確かめて、選び直してください。")
            return
        self._do(lambda: files.attach(field_id, Path(rest).name, content))

    @property
    def files(self) -> DraftFiles:
        """The files of the open draft."""
        assert self._open is not None
        return self._open.files

    def versions(self, field_id: str) -> list[Version]:
        """The earlier texts of a field, latest first."""
        assert self._open is not None
        self._open.flush()
        return self._open.files.versions(field_id)

    def _choose(self, field_id: str, number: int) -> None:
        """Settle a conflict; a statement of lower standing counts from now on by being repeated."""
        cell = self.draft.cell(field_id)
        record = rivals_of(cell)[number]
        try:
            self._settle(record.path, record.id)
        except Known as fault:
            self.fault.emit(fault.sentence)
        self.refresh()
        if self.draft.cell(field_id).value != record.value:
            self._do(lambda: self.draft.answer(field_id, shown(cell.field, record.value)))
        self._show(field_id)

    def _with_letter(self, field_id: str, letter: str) -> str:
        """The cell's text with the letter the person chose in place of the refused one."""
        cell = self.draft.cell(field_id)
        bad = next(p.character for p in cell.problems if p.character)
        return cell.text.replace(bad, letter)

    def _next(self, field_id: str) -> None:
        other = self._column.neighbour(field_id, True)
        if other is not None:
            self._column.go(other)

    def _enter(self, field_id: str) -> None:
        self.current = field_id
        self.entered.emit(field_id)
        self._follow.start()

    def _leave(self, field_id: str) -> None:
        row = self._column.row(field_id)
        if row is not None:
            row.announce()

    # what the draft changed

    def _step(self, step: Callable[[], Change | None]) -> None:
        if self.current:
            self._column.commit_row(self.current)
        change = step()
        if change is not None:
            self._keep(change)
            self._show(change.field_id)
            self._column.go(change.field_id)

    def _do(self, act: Callable[[], Change]) -> None:
        try:
            change = act()
        except Known as fault:
            self.fault.emit(fault.sentence)
            return
        self._keep(change)

    def _keep(self, change: Change) -> None:
        assert self._open is not None
        self._open.apply(change)
        self._shown({*change.affected, change.field_id})
        self._wait_saved.start()

    def _shown(self, field_ids: Collection[str]) -> None:
        self._column.show_cells(self.draft.cell(i) for i in field_ids)
        section_of = self.draft.procedure.section_of
        self.sections_changed.emit({section_of[i] for i in field_ids})
        self._follow.start()

    def _show(self, field_id: str) -> None:
        self._column.show_cells((self.draft.cell(field_id),))

    def _look_saved(self) -> None:
        if self._open is None:
            return
        if self._open.fault is not None:
            self.fault.emit(self._open.fault.sentence)
        if self._open.pending:
            self._wait_saved.start()
        self.saved.emit()
