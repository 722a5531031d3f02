"""What ローカルベンチマーク is made for: fiscal year, industry, size, and whose values it is measured by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.grants.benchmark import Choice, year_text
from app.services.grants.locaben import Benchmark
from app.services.grants.locaben_reference import SCALES
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.field import SelectField, TextField
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import label, wrap_label

_YEAR = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:月期?)?")
WRONG_YEAR = "決算期は、終わる年月で入れてください。例 2026-03"


def period_text(text: str) -> str:
    """A fiscal year as typed (2026-3, 2026年3月期) as 2026-03; "" when it is none."""
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        return ""
    return f"{found[1]}-{int(found[2]):02d}"


class Choosers(Card):
    """`changed` when another sheet is wanted; `file_asked`, `shipped_asked`, `paper_asked` for the buttons."""

    changed = Signal()
    file_asked = Signal()
    shipped_asked = Signal()
    paper_asked = Signal()

    def __init__(self, industries: Sequence[tuple[str, str]]) -> None:
        super().__init__(name="locaben.choosers")
        self.period = SelectField((), name="locaben.period", spoken="決算期")
        self.industry = SelectField(industries, name="locaben.industry", spoken="比べる業種")
        self.scale = SelectField([(s, s) for s in SCALES], name="locaben.scale", spoken="事業規模")
        row = QHBoxLayout()
        row.setSpacing(12)
        for word, field, share in (
            ("決算期", self.period, 4),
            ("比べる業種", self.industry, 5),
            ("事業規模", self.scale, 4),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(label(word, "label", "ink2"))
            field.setMinimumContentsLength(4)
            field.setSizeAdjustPolicy(SelectField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)  # fmt: skip
            field.chosen.connect(lambda _value: self.changed.emit())
            if field is not self.period:
                field.setItemText(0, "会社の値から決める")
            column.addWidget(field)
            row.addLayout(column, share)
        self.body.addLayout(row)
        self._taken = wrap_label("", "note", "ink2")
        self.body.addWidget(self._taken)
        self.body.addWidget(self._tools())
        reference = QHBoxLayout()
        reference.setSpacing(8)
        reference.addWidget(
            Chip("参考", "warn", "outline", name="locaben.reference"), 0, Qt.AlignmentFlag.AlignTop
        )
        self._reference = wrap_label("", "note", "ink2")
        self._reference.setObjectName("locaben.reference.label")
        reference.addWidget(self._reference, 1)
        self.body.addLayout(reference)

    def _tools(self) -> QWidget:
        holder = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        row = FlowLayout(across=8, down=8, parent=holder)
        self.other = TextField("", "例 2026-03", name="locaben.other", spoken="ほかの決算期")
        self.other.setFixedWidth(current().grown(132))
        add = Button("この決算期にする", name="locaben.other.add")
        file = Button("基準値を CSV で入れかえる", icon="file-text", name="locaben.values")
        self.shipped = Button("はじめの基準値にもどす", icon="undo-2", name="locaben.shipped")
        paper = Button("PDF にする", icon="printer", name="locaben.pdf")
        add.clicked.connect(self._add)
        self.other.returnPressed.connect(self._add)
        file.clicked.connect(self.file_asked)
        self.shipped.clicked.connect(self.shipped_asked)
        paper.clicked.connect(self.paper_asked)
        for part in (self.other, add, file, self.shipped, paper):
            row.addWidget(part)
        return holder

    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(self.period.value(), self.industry.value(), self.scale.value())

    def show_periods(self, periods: Sequence[str], chosen: str) -> None:
        """The fiscal years to choose from; `chosen` is one of them or ""."""
        chosen = self.period.value() or chosen
        self.period.blockSignals(True)
        self.period.clear()
        self.period.addItem("", "")
        for period in sorted({*periods, *([chosen] if chosen else [])}, reverse=True):
            self.period.addItem(year_text(period), period)
        self.period.set_value(chosen)
        self.period.blockSignals(False)

    def show_sheet(self, sheet: Benchmark, *, own_values: bool) -> None:
        """What was taken from the company's facts where nothing is chosen, and whose values count."""
        trade = sheet.industry.name if sheet.industry else "まだ決まっていません"
        self._taken.set_text(
            f"いま比べているのは {trade} ・ {sheet.scale or '規模はまだ決まっていません'}。"
            "\u200b選ばないときは、\u200b会社の業種コードと\u200b従業員数から決めます。"
        )
        self._reference.set_text("\n".join((f"{sheet.reference_label}。", *sheet.notes)))
        self.shipped.setVisible(own_values)

    def _add(self) -> None:
        period = period_text(self.other.text())
        self.other.set_state("" if period else "error")
        self.other.setAccessibleDescription("" if period else WRONG_YEAR)
        if not period:
            self._taken.set_text(WRONG_YEAR)
            return
        if self.period.findData(period) < 0:
            self.period.addItem(year_text(period), period)
        self.period.set_value(period)
        self.other.clear()
        self.changed.emit()
