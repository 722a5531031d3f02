"""手で出す from the page of a notice: its files into a folder, then 送信箱 awaits the 到達番号.

For these six notices it is the one way of a real company (their 手続ID is not public), and that of a
firm without an API key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Known
from app.services.social.notice import Key
from app.views.background import run
from app.views.pages.outbox_after import ask_folder
from app.views.pages.review_sending import Told
from app.views.widgets.band import Band

if TYPE_CHECKING:
    from app.services.my_number import MyNumbers
    from app.services.social.numbers_asked import Asked
    from app.views.pages.my_number_step import NumberStep

WORD = "手で出す"


class ByHand(QObject):
    """`keys` gives the notices the page shows now; `handed` carries the filing, `told` what went wrong."""

    handed = Signal(str)
    told = Signal(object)

    def __init__(
        self, page: QWidget, desk: Any, form: str, keys: Callable[[], Collection[Key]]
    ) -> None:
        super().__init__(page)
        self._page, self._desk, self._form, self._keys = page, desk, form, keys
        self.wanted = False
        """Whether 個人番号 that are being asked for are meant for this way."""
        self.dialog: QFileDialog | None = None
        self._numbers: MyNumbers | None = None

    def band(self, ask: Callable[[], None]) -> Band:
        """The offer, in words that say what is done and what is left to the person."""
        return Band(
            "info",
            "e-Gov へ直接送れないときは、手で出せます",
            "ファイルと手順の紙を書き出し、届書作成プログラムか e-Gov のアプリで人が出します。",
            [(WORD, ask)],
            name="social_form.by_hand",
        )

    def begin(self, asked: Sequence[Asked], step: NumberStep) -> None:
        """Asks for 個人番号 first, where some are asked for, then for the folder."""
        if not asked:
            self.ask(None)
            return
        self.wanted = True
        step.open(asked)

    def takes(self, numbers: MyNumbers | None) -> bool:
        """Takes over 個人番号 that were asked for on this way; False where they are for sending."""
        if self.wanted:
            self.ask(numbers)
            return True
        return False

    def ask(self, numbers: MyNumbers | None) -> None:
        """Asks for the folder; 個人番号 wait in memory until then and are wiped whatever comes."""
        self.wanted = False
        self._numbers = numbers
        self.dialog = ask_folder(
            self._page, "出すファイルを置くところ", "social_form.by_hand.dialog", self.write
        )
        self.dialog.rejected.connect(self._wipe)

    def write(self, folder: Path) -> None:
        """Seals and writes off the window's thread."""
        keys = tuple(self._keys())
        numbers, self._numbers = self._numbers, None
        social = self._desk.social

        def work() -> tuple[str, str]:
            trouble = ""
            try:
                social.after.hand_over(self._form, keys, folder, my_numbers=numbers)
            except Known as fault:
                trouble = fault.sentence
            finally:
                if numbers is not None:
                    numbers.wipe()
            filed = social.filed()
            return next((filed[key] for key in keys if key in filed), ""), trouble

        run(work, self._done, self._failed, self)

    def _done(self, came: tuple[str, str]) -> None:
        filing_id, trouble = came
        if (
            filing_id
        ):  # sealed, even where the folder could not be written: 送信箱 says what is next
            self.handed.emit(filing_id)
        elif trouble:
            self.told.emit(Told("warn", trouble))

    def _failed(self, fault: Exception) -> None:
        self.told.emit(Told("danger", "一度の側でつまずきました。書いたものは残っています。"))
        raise fault

    def _wipe(self) -> None:
        numbers, self._numbers = self._numbers, None
        if numbers is not None:
            numbers.wipe()
