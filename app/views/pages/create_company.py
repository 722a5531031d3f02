"""会社をくわえる: number, passphrase, recovery sheet. The company opens when the sheet has been kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import BadInput, Known, Unreachable
from app.views.background import run
from app.views.house import Created, House
from app.views.pages.create_steps import NumberStep, PassphraseStep, StepList
from app.views.pages.recovery_out import RecoveryOut, recovery_markup
from app.views.pages.sheet_step import SheetStep, Step
from app.views.pages.strength import strength
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.logo import Logo

if TYPE_CHECKING:
    from app.services.connectors.houjin_bangou import RegisterEntry


class CreateCompanyPage(QWidget):
    """Three steps. `created` carries its desk when it opens, `left` that one went back."""

    created = Signal(object)
    left = Signal()

    def __init__(self, house: House, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.house = house
        self.practice = practice
        self.setObjectName("create")
        self._entry: RegisterEntry | None = None
        self._asked = ""
        self._by_hand = False
        self._made: Created | None = None
        self._busy = False
        self.number_step = NumberStep(house.practice_hint if practice else "")
        self.passphrase_step = PassphraseStep()
        self.sheet_step = SheetStep(
            "create",
            self.tr(
                "合言葉を忘れたときに、この14組だけが会社のファイルを開けます。\n"
                "同じものは二度と出せません。金庫など、パソコンとは別の所に置いてください。"
            ),
            self.tr("会社をひらく"),
        )
        self.steps: list[Step] = [self.number_step, self.passphrase_step, self.sheet_step]
        self.stack = QStackedWidget()
        for step in self.steps:
            self.stack.addWidget(step)
            step.go_on.connect(self._next)
            step.changed.connect(self._changed)
        self.sheet_out = RecoveryOut(
            self,
            lambda: self.house.recovery_pdf(self._made),
            self._sheet_markup,
            lambda: self.tr("一度 復旧キー {}.pdf").format(self._asked),
            "create.recovery.dialog",
        )
        self.sheet_out.join(self.sheet_step)
        self.sheet_out.failed.connect(self._sheet_fault)
        self._lay()
        self.go_to(0)

    def give_focus(self) -> None:
        """Puts the cursor into the present step."""
        self.steps[self.stack.currentIndex()].give_focus()

    # --- layout

    def _lay(self) -> None:
        canvas = QWidget()
        canvas.setProperty("clear", "true")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(32, 16, 32, 24)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.addStretch(1)
        self.frame = Card(name="create.card")
        self.frame.setMinimumSize(880, current().grown(472))
        self.frame.setMaximumWidth(960)
        self.step_list = StepList((self.tr("会社"), self.tr("合言葉"), self.tr("復旧キー")))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left_column(), 3)
        row.addWidget(hairline(vertical=True))
        body = QVBoxLayout()
        body.setContentsMargins(32, 28, 32, 24)
        body.addWidget(self.stack)
        row.addLayout(body, 7)
        self.frame.rows.addLayout(row, 1)
        column.addWidget(self.frame, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Logo(self.house.resources, 32))
        row.addWidget(label(self.tr("会社をくわえる"), "title", bold=True))
        if self.practice:
            row.addWidget(Chip(self.tr("練習"), "warn", "dashed", "graduation-cap"))
        row.addStretch(1)
        self.back_button = Button(self.tr("もどる"), "quiet", "arrow-left", name="create.back")
        self.back_button.clicked.connect(lambda _=False: self._back())
        row.addWidget(self.back_button)
        return row

    def _left_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(24, 28, 24, 24)
        column.setSpacing(24)
        column.addWidget(self.step_list, 1)
        if self.practice:
            words = self.tr("練習の会社です。\nほんとうの役所には届きません。")
            column.addWidget(wrap_label(words, "note", "ink2"))
        return column

    # --- going on and back

    def go_to(self, number: int) -> None:
        """Shows a step: 0 the number, 1 the passphrase, 2 the recovery sheet."""
        self.stack.setCurrentIndex(number)
        self.step_list.show_step(number)
        self.back_button.setVisible(self._made is None)
        self.give_focus()

    def _back(self) -> None:
        if self.stack.currentIndex() == 1:
            self.go_to(0)
        else:
            self.passphrase_step.forget()
            self.left.emit()

    def _changed(self) -> None:
        step = self.steps[self.stack.currentIndex()]
        step.show_band(None)
        if step is self.number_step:
            self.number_step.field.set_state("")
            if self.number_step.field.text() != self._asked:
                self._entry = None
                self._by_hand = False
                self.number_step.ask_name(False)
                self.number_step.show_entry(None, self.house.clock())

    def _next(self) -> None:
        if self._busy:
            return
        number = self.stack.currentIndex()
        if number == 0:
            self._number_given()
        elif number == 1:
            self._passphrase_given()
        elif self.sheet_step.kept.isChecked() and self._made is not None:
            self._open(self._made)
        else:
            words = self.tr("印刷するか PDF で保存し、残したしるしを付けてください。")
            self.sheet_step.show_band(Band("warn", words, name="create.sheet.band"))

    def _open(self, made: Created) -> None:
        self._start(self.tr("開いています…"))
        run(
            lambda: self.house.desk(made.opened),
            self.created.emit,
            lambda fault: self._not_open(fault),
            self,
        )

    def _not_open(self, fault: Exception) -> None:
        self._stop()
        self._fail(self.sheet_step, fault)

    def _number_given(self) -> None:
        step = self.number_step
        text = step.field.text()
        if self._entry is not None and text == self._asked:
            self.go_to(1)
        elif self._by_hand and text == self._asked:
            if step.name.text().strip():
                self.go_to(1)
            else:
                words = self.tr("会社の名前がまだありません。看板や名刺のとおりで大丈夫です。")
                self._say(step, Band("danger", words, name="create.number.band"))
                step.name.setFocus()
        else:
            self._ask_register(text)

    def _ask_register(self, text: str) -> None:
        self._start(self.tr("一覧にたずねています…"))
        self._asked = text
        companies, practice = self.house.companies, self.practice
        run(
            lambda: companies.look_up(text, practice=practice),
            self._found,
            self._not_found,
            self,
        )

    def _found(self, entry: RegisterEntry) -> None:
        self._stop()
        self._entry = entry
        self.number_step.show_entry(entry, self.house.clock())
        self.number_step.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_found(self, fault: Exception) -> None:
        self._stop()
        step = self.number_step
        self._fail(step, fault)
        if isinstance(fault, Unreachable):
            self._by_hand = True
            step.ask_name(True)
            step.button.set_text(self.tr("名前を入れて進む"))
        else:
            step.field.set_state("error")
            step.give_focus()

    def _passphrase_given(self) -> None:
        step = self.passphrase_step
        first, second = step.first.text(), step.second.text()
        judged = strength(first)
        if judged.level == 0:
            self._say(step, Band("danger", judged.sentence, name="create.passphrase.band"))
            step.first.setFocus()
        elif first != second:
            words = self.tr("二つの合言葉が合いません。もう一度入れてください。")
            self._say(step, Band("danger", words, name="create.passphrase.band"))
            step.second.selectAll()
            step.second.setFocus()
        else:
            self._create(first)

    def _create(self, passphrase: str) -> None:
        self._start(self.tr("ファイルを作っています…"))
        companies, entry, practice = self.house.companies, self._entry, self.practice
        number, name = self._asked, self.number_step.name.text().strip()
        run(
            lambda: companies.create(number, entry, passphrase, practice=practice, name=name),
            self.take_created,
            lambda fault: self._not_made(fault),
            self,
        )

    def take_created(self, made: Created) -> None:
        """Goes on to the recovery sheet of a company just made."""
        self._stop()
        self._made = made
        self.passphrase_step.forget()
        self.sheet_step.show_key(made.recovery_text)
        self.go_to(2)

    def _not_made(self, fault: Exception) -> None:
        self._stop()
        self._fail(self.passphrase_step, fault)

    # --- the sheet

    def _sheet_markup(self) -> str:
        name = self._entry.name if self._entry else self.number_step.name.text()
        return recovery_markup(self._key_text(), name, self._asked)

    def _key_text(self) -> str:
        return self._made.recovery_text if self._made is not None else ""

    def save_sheet(self, path: Path) -> None:
        """Saves the recovery sheet as a PDF."""
        self.sheet_out.save(path)

    def _sheet_fault(self, fault: Exception) -> None:
        name = "create.sheet.band" if isinstance(fault, BadInput) else "create.band"
        self._fail(self.sheet_step, fault, name)

    # --- bands and waiting

    def _start(self, words: str) -> None:
        self._busy = True
        step = self.steps[self.stack.currentIndex()]
        step.show_band(None)
        self._word = step.button.word()
        step.button.set_text(words)

    def _stop(self) -> None:
        if not self._busy:
            return
        self._busy = False
        self.steps[self.stack.currentIndex()].button.set_text(self._word)

    def _say(self, step: Step, band: Band) -> None:
        step.show_band(band)

    def _fail(self, step: Step, fault: Exception, name: str = "create.band") -> None:
        if not isinstance(fault, Known):
            raise fault
        self._say(step, Band("danger", fault.sentence, name=name))
