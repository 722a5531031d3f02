"""鍵を替える: the vault is encrypted anew; it ends when the new recovery sheet has been kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.companies import Created
from app.views import theme
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.recovery_out import RecoveryOut, recovery_markup
from app.views.pages.sheet_step import SheetStep, Step
from app.views.pages.vault_care import Renewed, care_of
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField
from app.views.widgets.lines import label, wrap_label

_WIDEST = 720
_CHANGES = (
    "会社のファイルを、新しい鍵で暗号化しなおします。合言葉は、いまのままです。",
    "いまの復旧シートでは、開けなくなります。新しいシートを、次の画面で渡します。",
    "前に取った控えは、前の鍵のままです。前の合言葉と前のシートで開けます。",
)


class AskStep(Step):
    """What will change, and the passphrase of whoever asks for it."""

    def __init__(self) -> None:
        super().__init__(
            "鍵を替えますか",
            "紙や鍵が人の手に渡ったかもしれないときに。",
            "鍵を替える",
            "rekey.ask",
        )
        for sentence in _CHANGES:
            self.column.addWidget(wrap_label(f"・ {sentence}", "body", "ink"))
        self.column.addWidget(label("いまの合言葉", "label", "ink2"))
        self.passphrase = SecretField(name="rekey.passphrase", spoken="いまの合言葉")
        self.passphrase.setMaximumWidth(480)
        self.passphrase.returnPressed.connect(self.go_on)
        self.passphrase.textEdited.connect(lambda _text: self.changed.emit())
        self.column.addWidget(self.passphrase)
        self.not_now = Button("まだ替えない", name="rekey.not_now")
        self.foot.addWidget(self.not_now)
        self.finish()

    def give_focus(self) -> None:
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)


class RekeyPage(Page):
    """Two steps: the passphrase, then the new sheet. `house.recovery_pdf(created)` makes its PDF."""

    place = "settings"

    def __init__(self, desk: Any, window: Window, house: Any) -> None:
        super().__init__(desk, window)
        self.setObjectName("rekey")
        self.title = "鍵を替える"
        self._house = house
        self._busy = False
        self._text = ""
        self.ask = AskStep()
        self.ask.go_on.connect(self.change)
        self.ask.changed.connect(lambda: self.ask.show_band(None))
        self.ask.not_now.clicked.connect(lambda _=False: self._to_settings())
        note = (
            "鍵を替えました。合言葉を忘れたときは、この14組だけが会社のファイルを開けます。\n"
            "古いシートは捨てて、これをパソコンとは別の所に置いてください。"
        )
        self.sheet = SheetStep("rekey", note, "終わる")
        self.sheet.go_on.connect(self._finish)
        card = desk.card
        self.out = RecoveryOut(
            self,
            lambda: house.recovery_pdf(Created(desk.opened, self._text)),
            lambda: recovery_markup(self._text, card.name, card.corporate_number),
            lambda: f"一度 復旧キー {card.corporate_number}.pdf",
            "rekey.recovery.dialog",
        )
        self.out.join(self.sheet)
        self.out.failed.connect(lambda fault: self._say(self.sheet, fault))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.ask)
        self.stack.addWidget(self.sheet)
        frame = Card(name="rekey.card")
        frame.setMaximumWidth(theme.current().grown(_WIDEST))
        frame.body.addWidget(self.stack)
        self._scroll = ScrollColumn((0, 4, 12, 24))
        self._scroll.column.addWidget(frame)
        self._scroll.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """The passphrase, or the first thing to do with the sheet."""
        return self.sheet.print if self._text else self.ask.passphrase

    def leaving(self) -> None:
        """Nothing typed stays. A sheet not kept yet can be had again; that is said."""
        self.ask.passphrase.clear()
        self.ask.passphrase.hide_letters()
        if self._text and not self.sheet.kept.isChecked():
            self.window_.say("新しい復旧シートをまだ残していません。設定の「鍵」から出せます。")

    def change(self) -> None:
        """Change the key, off the window's thread; the passphrase is forgotten at once."""
        care = care_of(self.desk)
        passphrase = self.ask.passphrase.text()
        if self._busy or care is None:
            return
        if not passphrase:
            self.ask.show_band(Band("danger", "いまの合言葉を入れてください。", name="rekey.band"))
            self.ask.give_focus()
            return
        self._set_busy(True)
        self.ask.passphrase.clear()
        self.ask.passphrase.hide_letters()
        run(lambda: care.rekey(passphrase), self._changed, self._failed, self)

    def _changed(self, made: Renewed) -> None:
        self._set_busy(False)
        self._text = made.recovery_text
        self.sheet.show_key(self._text)
        if made.note:
            self.sheet.show_band(Band("info", made.note, name="rekey.note"))
        self.stack.setCurrentWidget(self.sheet)
        self.sheet.give_focus()

    def _failed(self, fault: Exception) -> None:
        self._set_busy(False)
        self._say(self.ask, fault)
        self.ask.give_focus()

    def _say(self, step: Step, fault: Exception) -> None:
        if not isinstance(fault, Known):
            raise fault
        step.show_band(Band("danger", fault.sentence, name="rekey.band"))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.ask.button.set_text("鍵を替えています…" if busy else "鍵を替える")
        self.ask.not_now.setEnabled(not busy)

    def _finish(self) -> None:
        if not self.sheet.kept.isChecked():
            words = "印刷するか PDF で保存し、残したしるしを付けてください。"
            self.sheet.show_band(Band("warn", words, name="rekey.band"))
            return
        self._to_settings()
        self.window_.say("鍵を替えました。古い復旧シートでは、もう開けません。")
        self.window_.forget_pages("rekey")

    def _to_settings(self) -> None:
        self.window_.show_page("settings", at="vault")
