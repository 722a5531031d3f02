"""The way of a recovery sheet out of the program: printed, or saved as a PDF."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import BadInput
from app.views.background import run
from app.views.pages.sheet_step import SheetStep


def recovery_markup(text: str, name: str, number: str, what: str = "会社のファイル") -> str:
    """The printed recovery sheet as mark-up: company, key, and what it is for."""
    told = f"<br>法人番号 {html.escape(number)}" if number else ""
    lines = "<br>".join(html.escape(line) for line in text.splitlines())
    return (
        "<h2>一度 復旧キー</h2>"
        f"<p>{html.escape(name)}{told}</p>"
        f'<p style="font-size:16pt; line-height:180%">{lines}</p>'
        f"<p>合言葉を忘れたときに、この14組だけが{what}を開けます。<br>"
        "パソコンとは別の、鍵のかかる所に置いてください。<br>"
        "解錠の画面で「復旧キーで開く」を押して入れます。</p>"
    )


class RecoveryOut(QObject):
    """Prints or saves the sheet. `done` carries a sentence, `failed` the fault.

    `pdf` makes the sheet off the window's thread, once; `file_name` is what a dialog offers.
    """

    done = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        page: QWidget,
        pdf: Callable[[], bytes],
        markup: Callable[[], str],
        file_name: Callable[[], str],
        dialog_name: str,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._make, self._markup, self._file_name = pdf, markup, file_name
        self._dialog_name = dialog_name
        self._pdf: bytes | None = None

    def join(self, step: SheetStep) -> None:
        """Lets the buttons of a step ask, and says there what was done."""
        step.print_asked.connect(self.print_)
        step.save_asked.connect(self.ask_where)
        self.done.connect(step.say_done)

    def print_(self) -> None:
        """Asks for a printer and prints."""
        from app.views.printing import print_sheet  # Qt's printing is loaded when one prints

        words = self.tr("印刷に出しました。紙が出たか確かめてください。")
        title = self.tr("復旧キー")
        print_sheet(title, self._markup(), self._page, lambda: self.done.emit(words))

    def ask_where(self) -> None:
        """Asks where the PDF is to lie; a dialog that is opened, so that nothing waits for it."""
        dialog = QFileDialog(self._page, self.tr("復旧キーを保存する所"))
        dialog.setObjectName(self._dialog_name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(self._file_name())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Writes the sheet as a PDF."""

        def write() -> bytes:
            pdf = self._make() if self._pdf is None else self._pdf
            try:
                path.write_bytes(pdf)
            except OSError:
                raise BadInput(
                    "sheet-unsaved", self.tr("その場所には書けません。別の所をえらんでください。")
                ) from None
            return pdf

        def written(pdf: bytes) -> None:
            self._pdf = pdf
            self.done.emit(self.tr("{} に保存しました。").format(path.name))

        run(write, written, self.failed.emit, self._page)
