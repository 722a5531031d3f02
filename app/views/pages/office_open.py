"""事務所をひらく: an office file of this machine, or a new one; shown from the first page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Known
from app.services.office.joining import recovery_pdf_of
from app.views.background import run
from app.views.pages.recovery_out import RecoveryOut, recovery_markup
from app.views.pages.sheet_step import SheetStep
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField, SelectField, TextField
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.logo import Logo

if TYPE_CHECKING:
    from app.services.office.office import Office
    from app.services.office.offices import CreatedOffice, OfficeCard


class OfficeOpenPage(QWidget):
    """`opened` carries the office, `created` a new one when its sheet has been kept, `left` nothing."""

    opened = Signal(object)
    created = Signal(object)
    left = Signal()

    def __init__(self, house: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.house = house
        self.setObjectName("office_open")
        self._cards: list[OfficeCard] = list(house.offices.cards())
        self._made: CreatedOffice | None = None
        self._busy = False
        self._band_place = QVBoxLayout()
        self.stack = QStackedWidget()
        self.both = QWidget()
        columns = QHBoxLayout(self.both)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addLayout(self._open_column(), 1)
        columns.addWidget(hairline(vertical=True))
        columns.addLayout(self._new_column(), 1)
        self.sheet = SheetStep(
            "office_open",
            "合言葉を忘れたときに、この14組だけが事務所のファイルを開けます。\n"
            "会社の合言葉とは別のものです。パソコンとは別の、鍵のかかる所に置いてください。",
            "事務所をひらく",
        )
        self.sheet.go_on.connect(self._finish)
        self.out = RecoveryOut(
            self,
            lambda: recovery_pdf_of(house, self._made),
            lambda: recovery_markup(self._paper(), self._name(), "", "事務所のファイル"),
            lambda: f"一度 復旧キー {self._name()}.pdf",
            "office_open.recovery.dialog",
        )
        self.out.join(self.sheet)
        self.out.failed.connect(self._failed)
        self.stack.addWidget(self.both)
        self.stack.addWidget(self.sheet)
        self._lay()

    def give_focus(self) -> None:
        """Puts the cursor where one types."""
        goal = self.passphrase if self._cards else self.name
        goal.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- layout

    def _open_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(label("事務所をひらく", "headline", bold=True))
        note = "一つの合言葉で、事務所の会社をすべて開けます。"
        column.addWidget(wrap_label(note, "label", "ink2"))
        words = [(str(n), _said(card)) for n, card in enumerate(self._cards)]
        self.which = SelectField(words, name="office_open.which", spoken="ひらく事務所")
        if self._cards:
            self.which.set_value("0")
        self.passphrase = SecretField(
            "事務所の合言葉", name="office_open.passphrase", spoken="事務所の合言葉"
        )
        self.recovery = TextField(
            "", "紙にある14組", name="office_open.recovery", spoken="事務所の復旧キー"
        )
        self.recovery.hide()
        self.open_button = Button("ひらく", "primary", name="office_open.open")
        self.keyring = Button(
            "このパソコンの鍵でひらく", icon="fingerprint-pattern", name="office_open.keyring"
        )
        self.way = Button("復旧キーでひらく", "quiet", "key-round", name="office_open.way")
        self.open_button.clicked.connect(lambda _=False: self.try_open())
        self.keyring.clicked.connect(lambda _=False: self._try_keyring())
        self.way.clicked.connect(lambda _=False: self._change_way())
        for field in (self.passphrase, self.recovery):
            field.returnPressed.connect(self.try_open)
        if not self._cards:
            column.addWidget(wrap_label("このパソコンに、事務所はまだありません。", "body", "ink"))
        parts = (self.which, self.passphrase, self.recovery, self.open_button, self.keyring)
        for part in parts:
            column.addWidget(part)
            part.setVisible(bool(self._cards) and part is not self.recovery)
        column.addWidget(self.way, 0, Qt.AlignmentFlag.AlignHCenter)
        self.way.setVisible(bool(self._cards))
        column.addStretch(1)
        return column

    def _new_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(label("事務所をつくる", "headline", bold=True))
        note = "会社の鍵をまとめて預かる、\u200b暗号化したファイルです。"
        column.addWidget(wrap_label(note, "label", "ink2"))
        self.name = TextField("", "事務所の名前", name="office_open.name", spoken="事務所の名前")
        self.first = SecretField(
            "合言葉(8字から)", name="office_open.first", spoken="事務所の新しい合言葉"
        )
        self.second = SecretField(
            "合言葉をもう一度", name="office_open.second", spoken="合言葉をもう一度"
        )
        words = "練習の事務所(練習の会社だけを入れる)"
        self.practice = QCheckBox(words)
        self.practice.setObjectName("office_open.practice")
        self.practice.setAccessibleName(words)
        self.make = Button("つくる", "plain" if self._cards else "primary", name="office_open.make")
        self.make.clicked.connect(lambda _=False: self.try_make())
        self.second.returnPressed.connect(self.try_make)
        for part in (self.name, self.first, self.second, self.practice, self.make):
            column.addWidget(part)
        note = "練習か本番かは、あとで変えられません。"
        column.addWidget(wrap_label(note, "note", "ink2"))
        column.addStretch(1)
        return column

    def _lay(self) -> None:
        canvas = QWidget()
        canvas.setProperty("clear", "true")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(32, 16, 32, 24)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Logo(self.house.resources, 32))
        head.addWidget(label("事務所", "title", bold=True))
        head.addStretch(1)
        self.back = Button("もどる", "quiet", "arrow-left", name="office_open.back")
        self.back.clicked.connect(lambda _=False: self._back())
        head.addWidget(self.back)
        column.addLayout(head)
        column.addStretch(1)
        frame = Card(name="office_open.card")
        frame.setMinimumWidth(min(880, current().grown(880)))
        frame.setMaximumWidth(current().grown(960))
        body = QVBoxLayout()
        body.setContentsMargins(32, 28, 32, 24)
        body.setSpacing(12)
        body.addLayout(self._band_place)
        body.addWidget(self.stack)
        frame.rows.addLayout(body, 1)
        column.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    # --- acts

    def try_open(self) -> None:
        """Opens the chosen office with what was typed; it is forgotten at once."""
        card = self._chosen()
        if card is None:
            return
        by_paper = not self.recovery.isHidden()
        field = self.recovery if by_paper else self.passphrase
        text, offices = field.text(), self.house.offices
        field.clear()
        way = offices.open_with_recovery if by_paper else offices.open
        self._run(lambda: way(card, text), self._is_open)

    def _try_keyring(self) -> None:
        card = self._chosen()
        if card is not None:
            self._run(lambda: self.house.offices.open_with_keyring(card), self._is_open)

    def try_make(self) -> None:
        """Makes an office; its recovery sheet comes next."""
        name, first, second = self.name.text(), self.first.text(), self.second.text()
        if first != second:
            self._say("danger", "二つの合言葉がちがいます。入れ直してください。")
            self.second.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        practice = self.practice.isChecked()
        offices = self.house.offices
        self._run(lambda: offices.create(name, first, practice=practice), self._is_made)

    def _is_open(self, office: Office) -> None:
        self._busy = False
        self.opened.emit(office)

    def _is_made(self, made: CreatedOffice) -> None:
        self._busy = False
        self._made = made
        self._calm()
        for field in (self.first, self.second):
            field.clear()
        self.sheet.show_key(made.recovery_text)
        self.back.hide()
        self.stack.setCurrentWidget(self.sheet)
        self.sheet.give_focus()

    def _finish(self) -> None:
        if not self.sheet.kept.isChecked():
            words = "印刷するか PDF で保存し、残したしるしを付けてください。"
            self.sheet.show_band(Band("warn", words, name="office_open.band"))
            return
        made, self._made = self._made, None
        if made is not None:
            self.created.emit(made)

    def _back(self) -> None:
        if not self._busy:
            self.left.emit()

    def leaving(self) -> None:
        """An office whose sheet was not kept is closed; it opens by its passphrase."""
        if self._made is not None:
            self._made.office.lock()
            self._made = None

    def _run(self, task: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if self._busy:
            return
        self._calm()
        self._busy = True
        run(task, done, self._failed, self)

    def _failed(self, fault: Exception) -> None:
        self._busy = False
        if not isinstance(fault, Known):
            raise fault
        self._say("danger", fault.sentence)
        self.give_focus()

    def _say(self, kind: str, sentence: str) -> None:
        self._calm()
        self._band_place.addWidget(Band(kind, sentence, name="office_open.band"))

    def _calm(self) -> None:
        while (item := self._band_place.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _chosen(self) -> OfficeCard | None:
        value = self.which.value()
        return self._cards[int(value)] if value else None

    def _change_way(self) -> None:
        paper = self.recovery.isHidden()
        self.recovery.setVisible(paper)
        self.passphrase.setVisible(not paper)
        self.way.set_text("合言葉でひらく" if paper else "復旧キーでひらく")
        (self.recovery if paper else self.passphrase).setFocus(Qt.FocusReason.OtherFocusReason)

    def _paper(self) -> str:
        return self._made.recovery_text if self._made is not None else ""

    def _name(self) -> str:
        return self._made.card.name if self._made is not None else ""


def _said(card: OfficeCard) -> str:
    return f"{card.name}(練習)" if card.practice else card.name
