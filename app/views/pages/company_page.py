"""会社: what is known of the company and its people, where each fact is from, and where it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views import theme
from app.views.models.fact_sheet import COMPANY_SECTIONS, PERSON_SECTIONS, FactSheet
from app.views.models.form_state import SectionLine
from app.views.page import Page, Target, Window
from app.views.pages.company_add import AddEmployee
from app.views.pages.company_disclosures import Disclosures
from app.views.pages.company_people import PeopleColumn
from app.views.pages.company_side import FactSide
from app.views.pages.company_work import CompanyWork
from app.views.pages.form_keys import PageKeys
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.form_fields import FieldColumn
from app.views.widgets.form_sections import SectionColumn
from app.views.widgets.lines import hairline
from app.views.widgets.segments import Segments

VIEWS = (("company", "会社"), ("employees", "従業員"), ("disclosures", "出した先"))


class CompanyPage(Page):
    """Facts of the company, of one person, or the list of what left the house.

    `asked` may hold `view` (company, employees, disclosures), `add` (a new employee at once), and
    `path` (a fact to go to).
    """

    margin = 0

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("company")
        self._asked = dict(asked)
        self._view = ""
        self._person = ""
        self.title = "会社"
        self.views = Segments(VIEWS, name="company.view", spoken="会社のどこを見るか")
        self.sections = SectionColumn("company")
        self.people = PeopleColumn()
        self.fields = FieldColumn("company")
        self.side = FactSide(desk)
        self.add = AddEmployee(desk)
        self.disclosures = Disclosures()
        self.work = CompanyWork(desk, self.fields, self)
        self.public = Button("公開されている記録を見る", name="company.public")
        self.safety = Button("鍵と控え", "plain", "key-round", name="company.keys")
        self._lay()
        self._join()

    def header_actions(self) -> list[QWidget]:
        """The three views, what is public of the company, and the way to keys and backups."""
        return [self.views, self.public, self.safety]

    def columns(self) -> Sequence[QWidget]:
        """Left list, facts, the side."""
        return [self._left, self._middle, self.side]

    def targets(self) -> Sequence[Target]:
        """The facts on the sheet, for Ctrl+K."""
        if self.work.sheet is None:
            return []
        return [
            Target(c.field.label, "会社", lambda i=c.field.id: self.work.go(i))  # type: ignore[misc]
            for c in self.work.sheet.cells()
            if not self.work.sheet.is_veil(c.field.id)
        ]

    def fold(self, width: int) -> None:
        """The side goes first when the window is narrow, then the left column."""
        room = width / max(1.0, theme.current().text_scale)
        self.side.setVisible(room >= 1120 and self._view != "disclosures")
        self._left.setVisible(room >= 800 and self._view != "disclosures")

    def refresh(self) -> None:
        """Read the facts again."""
        card = self.desk.card
        self.note = f"{card.name} ・ 法人番号 {card.corporate_number}"
        path = self._asked.pop("path", "")
        view = self._asked.pop("view", "") or ("employees" if path.startswith("employees") else "")
        if path.startswith("employees["):
            self._person = path[len("employees[") : path.index("]")]
        if view or not self._view:
            self.show_view(view or "company")
        else:
            self.work.refresh()
        if self._asked.pop("add", ""):
            self.show_add()
        elif path and self.work.sheet is not None and path in self.work.sheet.procedure.section_of:
            self.work.go(path)

    def leaving(self) -> None:
        """Commit what is being typed."""
        if self.work.current:
            self.fields.commit_row(self.work.current)

    def show_view(self, view: str) -> None:
        """会社, 従業員 or 出した先."""
        self.leaving()
        self._view = view
        self.views.set_chosen(view)
        self._clear_faults()
        try:
            if view == "company":
                self._show_sheet(
                    FactSheet(lambda: self.desk.fact_rows("company."), COMPANY_SECTIONS)
                )
            elif view == "employees":
                self._show_people()
            else:
                self.disclosures.show_rows(self.desk.disclosures(), self._label_of)
                self._stack.setCurrentWidget(self.disclosures)
        except Known as fault:
            self._say_fault(fault.sentence)
        self.fold(self.window().width())

    def show_person(self, key: str) -> None:
        """The facts of one employee; personal ones but the name are hidden until asked for."""
        self.leaving()
        self._person = key
        self.people.mark(key)
        prefix = f"employees[{key}]."
        self._show_sheet(
            FactSheet(lambda: self.desk.fact_rows(prefix), PERSON_SECTIONS, prefix, veiled=True)
        )

    def show_add(self) -> None:
        """A new employee."""
        self.leaving()
        self.views.set_chosen("employees")
        self._view = "employees"
        self._lefts.setCurrentWidget(self.people)
        self._stack.setCurrentWidget(self._add_scroll)
        self.add.focus_first()

    # building

    def _lay(self) -> None:
        self._lefts = QStackedWidget()
        self._lefts.addWidget(self.sections)
        self._lefts.addWidget(self.people)
        self._left = QFrame()
        left = QHBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._lefts)
        left.addWidget(hairline(vertical=True))
        self._left.setFixedWidth(205)
        self._add_scroll = QScrollArea()
        self._add_scroll.setWidgetResizable(True)
        self._add_scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(24, 16, 24, 24)
        inner.addWidget(self.add)
        inner.addStretch(1)
        self._add_scroll.setWidget(holder)
        self._stack = QStackedWidget()
        for part in (self.fields, self._add_scroll, self.disclosures):
            self._stack.addWidget(part)
        self._middle = QFrame()
        self._middle.setProperty("surface", "surface")
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._faults = QVBoxLayout()
        self._faults.setContentsMargins(24, 0, 24, 0)
        column.addLayout(self._faults)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(self._middle, 1)
        row.addWidget(self.side)

    def _join(self) -> None:
        self.views.changed.connect(self.show_view)
        self.public.clicked.connect(lambda _=False: self.window_.show_page("public_records"))
        self.safety.clicked.connect(
            lambda _=False: self.window_.show_page("settings", section="keys")
        )
        self.sections.chosen.connect(self._to_section)
        self.people.chosen.connect(self.show_person)
        self.people.add_wanted.connect(self.show_add)
        self.add.added.connect(self._added)
        self.add.closed.connect(lambda: self.show_view("employees"))
        self.work.entered.connect(self._entered)
        self.work.changed.connect(self._changed)
        self.work.fault.connect(self._say_fault)
        self.fields.explain.connect(self.fields.go)
        self.keys = PageKeys(self, {"explain": self.side.focus_first}, self.fields.composing)

    # showing

    def _show_sheet(self, sheet: FactSheet) -> None:
        self.work.open(sheet)
        self._stack.setCurrentWidget(self.fields)
        self._lefts.setCurrentWidget(self.sections if self._view == "company" else self.people)
        self._show_sections()
        self.side.show_fact(None, self.desk.graph)

    def _show_people(self) -> None:
        members = list(self.desk.employees())
        self.people.show_people(members)
        self._lefts.setCurrentWidget(self.people)
        keys = [m.key for m in members]
        if not keys:
            self.show_add()
            return
        self.show_person(self._person if self._person in keys else keys[0])

    def _show_sections(self) -> None:
        sheet = self.work.sheet
        if sheet is None or self._view != "company":
            return
        present = sheet.procedure.section_of.get(self.work.current, "")
        lines = []
        for section in sheet.procedure.sections:
            done, total = sheet.progress(section.id)
            part = done / total if total else 0.0
            state = "complete" if done == total else "part" if done else "empty"
            lines.append(
                SectionLine(section.id, section.label, f"{done} / {total}", "", part, state)  # type: ignore[arg-type]
            )
        self.sections.show_lines(lines, present)

    def _changed(self) -> None:
        self._show_sections()
        if self._view == "employees":
            self.people.show_people(list(self.desk.employees()))
            self.people.mark(self._person)
        if self.work.current:
            self._entered(self.work.current)
        self.window_.update_status()

    def _entered(self, path: str) -> None:
        assert self.work.sheet is not None
        self.side.show_fact(self.work.sheet.row(path) if path else None, self.desk.graph)
        self._show_sections()

    def _to_section(self, section_id: str) -> None:
        assert self.work.sheet is not None
        section = next(s for s in self.work.sheet.procedure.sections if s.id == section_id)
        self.fields.go_to_section(section_id)
        self.fields.go(section.fields[0].id)

    def _added(self, key: str) -> None:
        self._person = key
        self._show_people()
        self.work.ask_all()  # who has just typed them goes on with the rest
        self.window_.update_status()
        name = next((m.name for m in self.desk.employees() if m.key == key), "")
        self.window_.say(f"{name}さんを加えました。")

    def _label_of(self, path: str) -> str:
        try:
            return str(self.desk.graph.catalogue.definition(path).label)
        except Known:
            return path

    def _say_fault(self, sentence: str) -> None:
        self._clear_faults()
        self._faults.addWidget(Band("danger", sentence, name="company.fault"))

    def _clear_faults(self) -> None:
        while (item := self._faults.takeAt(0)) is not None:
            if (band := item.widget()) is not None:
                band.hide()
                band.deleteLater()
