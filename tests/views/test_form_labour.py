"""The forms of labour insurance in the window: months by keyboard, the paper, what an office prints in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from form_desk import FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.domain.errors import Known
from app.facts.record import Origin, Record
from app.forms.preprint import Printed
from app.services.preprinting import Preprinting, PrintedIn
from app.views.pages.form_page import FormPage
from app.views.pages.form_preprint import NAME, PreprintBand
from app.views.widgets.form_table import TableEditor
from tests.pictures.scenes.labour import LEAVING, LOSS, YEAR, case_records

MEMBER = "k3x9"


class Printing(Preprinting):
    """An office that knows one sum, or refuses."""

    def __init__(self, desk: FormDesk) -> None:
        nowhere: Any = SimpleNamespace()
        super().__init__(nowhere, nowhere, self.taken_in, desk.clock)
        self.desk = desk
        self.asked: list[dict[str, str]] = []
        self.refusal: Known | None = None

    def taken_in(self, records: Any) -> None:
        for record in records:
            self.desk.graph.add(record)
        for kept in self.desk.opened.values():
            kept.draft.refresh()

    def fetch(self, plan: Any, keys: Any) -> PrintedIn:
        self.asked.append(dict(keys))
        if self.refusal is not None:
            raise self.refusal
        fields = {
            "shinkokuzumi": 150_000,
            "k_rousai_ritsu": 3,
            "k_koyou_ritsu": 14,
            "ippan_ritsu": 1,
        }
        records = tuple(
            Record(plan.paths[name], value, Origin.DOCUMENT, self.desk.clock(), str(value),
                   {"document": "d9", "file": "f"})
            for name, value in fields.items()
        )  # fmt: skip
        values = (Printed("shinkokuzumi", "申告済概算保険料額", 150_000, "150000"),)
        return PrintedIn(values, records, "d9")


def shown(
    qtbot: Any, resources: Path, qapp: QApplication, procedure: str, case: str, mode: str = "light"
) -> FormPage:
    dress(qapp, resources, mode)
    desk = FormDesk(resources, records=case_records(resources, procedure, case))
    desk.cases = SimpleNamespace(preprinting=Printing(desk))  # type: ignore[attr-defined]
    subject = "" if procedure == YEAR else MEMBER
    page = FormPage(desk, FakeWindow(), {"procedure": procedure, "subject": subject})
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
    page.resize(1320, 800)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    page.arrive()
    page.fields.build_all()
    return page


def editor(page: FormPage, field_id: str) -> Any:
    page.fields.go(field_id)
    row = page.fields.row(field_id)
    assert row is not None
    return row.editor


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def write(text: str) -> None:
    """Types into the present cell of a grid and finishes it with Enter."""
    QTest.keyClick(focus(), Qt.Key.Key_1)
    line = focus()
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.setModified(True)
    line.textEdited.emit(text)
    QTest.keyPress(focus(), Qt.Key.Key_Return)
    QApplication.processEvents()


def texts(table: TableEditor, column: str) -> list[str]:
    model = table.control().model()
    names = [c.id for c in table.field.columns]
    return [str(model.index(n, names.index(column)).data()) for n in range(model.rowCount())]


@pytest.mark.parametrize(
    ("procedure", "case"),
    [(LOSS, "ordinary"), (LEAVING, "mid_month"), (LEAVING, "part_timer"), (YEAR, "from_pay")],
)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_form_opens_whole(
    qtbot: Any, resources: Path, qapp: QApplication, procedure: str, case: str, mode: str
) -> None:
    page = shown(qtbot, resources, qapp, procedure, case, mode)
    for cell in page.draft.cells():
        row = page.fields.row(cell.field.id)
        assert (row is not None and row.isVisibleTo(page)) is cell.visible, cell.field.id
        if row is not None and cell.visible:
            control = row.editor.control()
            assert control.accessibleName(), cell.field.id
            if isinstance(row.editor, TableEditor):
                table = row.editor.control()
                last = table.model().rowCount() - 1
                assert table.rowViewportPosition(last) + table.rowHeight(last) <= (
                    table.viewport().height() + 1
                ), "no row hides behind the bar"
    page.show_paper()
    paper = page.right.paper.paper
    boxes = [b for cell in page.draft.cells() for b in paper.boxes_of(cell.field.id)]
    assert boxes
    qtbot.waitUntil(lambda: all(paper.rect().contains(box.geometry()) for box in boxes))


def test_a_month_is_written_by_keys_and_becomes_a_fact(
    qtbot: Any, resources: Path, qapp: QApplication
) -> None:
    page = shown(qtbot, resources, qapp, LEAVING, "asked")
    table: TableEditor = editor(page, "chingin_kikan")
    assert texts(table, "kaishi")[:2] == ["5月1日", "4月1日"]
    grid = table.control()
    names = [c.id for c in table.field.columns]
    grid.setCurrentIndex(grid.model().index(2, names.index("nissuu")))
    write("31")  # "3" alone is no month of 11 days: more rows are asked for while it is written
    assert grid.model().rowCount() == 6
    grid.setCurrentIndex(grid.model().index(2, names.index("kei")))
    write("２４０，０００")
    assert page.draft.graph.fact(f"employees[{MEMBER}].closed_wages[2026-03]").value == 240_000
    assert page.draft.graph.fact(f"employees[{MEMBER}].closed_days[2026-03]").value == 31
    assert texts(table, "a_ran")[2] == "240,000", "what is paid by the month stands in A"
    assert not [p for p in page.draft.problems() if p.code.startswith("2026-03.")]
    before = grid.model().rowCount()
    grid.setCurrentIndex(grid.model().index(0, names.index("kaishi")))
    QTest.keyClick(focus(), Qt.Key.Key_5)
    assert focus() is grid, "a day that is worked out is not written over"
    QTest.keyClick(focus(), Qt.Key.Key_Insert)
    assert grid.model().rowCount() == before, "months are not added by hand"


def test_ten_days_ask_for_hours(qtbot: Any, resources: Path, qapp: QApplication) -> None:
    page = shown(qtbot, resources, qapp, LEAVING, "part_timer")
    table: TableEditor = editor(page, "santei")
    assert texts(table, "jikan")[:4] == ["—", "", "", "—"]
    assert texts(table, "ruikei")[:4] == ["1", "1", "1", "2"]
    grid = table.control()
    names = [c.id for c in table.field.columns]
    for row, hours in ((1, "85"), (2, "60")):
        grid.setCurrentIndex(grid.model().index(row, names.index("jikan")))
        write(hours)
    assert texts(table, "ruikei")[:4] == ["1", "2", "2", "3"]
    assert not [p for p in page.draft.cell("santei").problems if p.blocks]


def test_a_press_on_the_paper_leads_to_the_table(
    qtbot: Any, resources: Path, qapp: QApplication
) -> None:
    page = shown(qtbot, resources, qapp, LEAVING, "mid_month")
    page.show_paper()
    paper = page.right.paper.paper
    qtbot.waitUntil(lambda: len(paper.boxes_of("santei")) == 24 * 4)  # they come in turns
    boxes = paper.boxes_of("santei")
    qtbot.waitUntil(lambda: paper.rect().contains(boxes[-1].geometry()))
    assert "5月21日" in boxes[0].accessibleName()
    tops = {round(b.geometry().top() / paper.heightForWidth(paper.width()) * 3) for b in boxes}
    assert len(tops) >= 2, "the second sheet stands under the first"
    QTest.mouseClick(boxes[0], Qt.MouseButton.LeftButton)
    assert page.work.current == "santei"


def test_what_the_office_knows_is_fetched_with_the_key(
    qtbot: Any, resources: Path, qapp: QApplication
) -> None:
    page = shown(qtbot, resources, qapp, YEAR, "from_pay")
    printing: Printing = page.desk.cases.preprinting
    band = page.view.findChild(PreprintBand, NAME)
    assert band is not None
    field = band.fields["アクセスコード"]
    assert field.echoMode() == QLineEdit.EchoMode.Password
    printing.refusal = Known("egov-404", "該当するデータがありません。番号を確かめてください。")
    field.setText("SECRET99")
    band.go.click()
    qtbot.waitUntil(lambda: not band.problem.isHidden())
    assert "番号を確かめて" in band.problem.text()
    assert field.text() == "SECRET99", "what was typed stays"
    printing.refusal = None
    field.setText("RENSHU01")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view.findChild(PreprintBand, NAME) is not band)
    assert [asked["アクセスコード"] for asked in printing.asked] == ["SECRET99", "RENSHU01"]
    qtbot.waitUntil(lambda: page.draft.cell("shinkokuzumi").value == 150_000)
    assert page.draft.cell("shinkokuzumi").origin is Origin.DOCUMENT
    again = shown_again(qtbot, page)
    assert again.view.findChild(PreprintBand, NAME) is None, "it has come: nothing is asked"


def shown_again(qtbot: Any, page: FormPage) -> FormPage:
    """The same draft opened anew."""
    again = FormPage(page.desk, FakeWindow(), {"procedure": YEAR, "subject": ""})
    qtbot.addWidget(again)
    for action in again.header_actions():
        qtbot.addWidget(action)
    return again


def test_the_question_of_the_office_can_wait(
    qtbot: Any, resources: Path, qapp: QApplication
) -> None:
    page = shown(qtbot, resources, qapp, YEAR, "from_pay")
    band = page.view.findChild(PreprintBand, NAME)
    assert band is not None
    band.later.click()
    assert not band.isVisibleTo(page)
    other = shown(qtbot, resources, qapp, LOSS, "ordinary")
    assert other.view.findChild(PreprintBand, NAME) is None
