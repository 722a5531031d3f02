"""Above a form: what its office knows already, fetched with the key that only a person holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.facts.record import Origin
from app.views.background import run
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.field import SecretField
from app.views.widgets.lines import label, wrap_label

if TYPE_CHECKING:
    from app.services.preprinting import Preprinting, PreprintPlan, PrintedIn
    from app.views.pages.form_page import FormPage

NAME = "form.preprint"


class PreprintBand(QFrame):
    """Asks for the keys. `asked(dict)` carries label → text of one press."""

    asked = Signal(object)

    def __init__(self, plan: PreprintPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(NAME)
        self.setProperty("band", "info")
        sentence = "役所が知っている値を、プレ印字から取り込めます"
        self.setAccessibleName(sentence)
        self.fields: dict[str, SecretField] = {}
        self.go = Button("取り寄せる", small=True, name=f"{NAME}.go")
        self.later = Button("あとで", "quiet", small=True, name=f"{NAME}.later")
        self.problem = wrap_label("", "note", "danger")
        self.problem.setObjectName(f"{NAME}.problem")
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(6)
        column.addWidget(wrap_label(sentence, "label", "ink", bold=True))
        where = "".join(key.where for key in plan.asked)
        note = f"番号は、取り寄せるときにだけ使い、残しません。{where}"
        column.addWidget(wrap_label(note, "note", "ink2"))
        column.addLayout(self._keys(plan))
        column.addWidget(self.problem)
        self.go.clicked.connect(self._ask)

    def told(self) -> Mapping[str, str]:
        """What was typed, by the door's word for it."""
        return {name: one.text().strip() for name, one in self.fields.items()}

    def complain(self, sentence: str) -> None:
        """Says in place why nothing came; what was typed stays."""
        self.go.setEnabled(True)
        self.problem.set_text(sentence)
        self.problem.show()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _keys(self, plan: PreprintPlan) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, key in enumerate(plan.asked):
            one = SecretField(name=f"{NAME}.key{row}", spoken=key.label)
            one.returnPressed.connect(self._ask)
            self.fields[key.label] = one
            grid.addWidget(label(key.label, "label", "ink2"), row, 0)
            grid.addWidget(one, row, 1)
        line = QHBoxLayout()
        line.addWidget(self.go)
        line.addWidget(self.later)
        line.addStretch(1)
        grid.addLayout(line, max(len(plan.asked) - 1, 0), 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _ask(self) -> None:
        if self.go.isEnabled():
            self.problem.hide()
            self.go.setEnabled(False)
            self.asked.emit(self.told())


def show_preprint(page: FormPage) -> None:
    """Puts the question above a form whose office prints in what it knows, until it has come."""
    page.view.clear_band(NAME)
    cases = getattr(page.desk, "cases", None)
    printing: Preprinting | None = getattr(cases, "preprinting", None)
    plan = printing.plan(page.draft) if printing is not None else None
    if printing is None or plan is None or _has_come(page, plan):
        return
    band = PreprintBand(plan)
    band.asked.connect(lambda keys: _fetch(page, band, printing, keys))
    band.later.clicked.connect(lambda _=False: page.view.clear_band(NAME))
    page.view.show_band(band)


def _has_come(page: FormPage, plan: PreprintPlan) -> bool:
    """Whether every value stands there from a document of the office already."""
    cells = [page.draft.cell(value.field) for value in plan.rules.values]
    return all(not c.visible or c.origin is Origin.DOCUMENT for c in cells)


def _fetch(page: FormPage, band: PreprintBand, printing: Preprinting, keys: object) -> None:
    page.work.commit_all()
    plan = printing.plan(page.draft)
    assert plan is not None
    given = dict(keys) if isinstance(keys, dict) else {}

    def come(printed: PrintedIn) -> None:
        printing.take(printed)
        page.view.show_band(Band("ok", printed.sentence, name=NAME))
        page.refresh()

    def failed(fault: Exception) -> None:
        if not isinstance(fault, Known):
            band.complain("取り寄せられませんでした。もう一度試してください。")
            raise fault
        band.complain(fault.sentence)

    run(lambda: printing.fetch(plan, given), come, failed, band)
