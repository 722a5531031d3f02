"""An application typed into the portal by hand: the sheet to copy from, and what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Known
from app.domain.filing import Stage
from app.forms.portal_entries import Entry
from app.forms.portal_print import print_copy_sheet
from app.services.portal_filing import PortalFiling
from app.views.background import run
from app.views.page import Window
from app.views.portal_copy import CopySheet
from app.views.sign_in_system import open_in_browser

_NO_BROWSER = "ブラウザをひらけませんでした。いつものブラウザで、ポータルをひらいてください。"
_NO_FILE = "ファイルを書けません。場所を確かめてください。"


class HandWork(QObject):
    """The sheet of one sealed filing, with its buttons joined to what they do."""

    def __init__(
        self, page: QWidget, window: Window, desk: Any, filing: PortalFiling, origin: str,
        sentence: str, fonts: Path,
    ) -> None:  # fmt: skip
        """`origin` is the portal's own address in the door registry, "" where there is none."""
        super().__init__(page)
        self._page, self._window, self._desk = page, window, desk
        self._filing, self._fonts = filing, fonts
        self._address = origin.rstrip("/") + filing.portal.start if origin else ""
        row = filing.row
        self._title = row.title
        unknown = row.stage in (Stage.UNKNOWN, Stage.SENDING)
        self.sheet = CopySheet(sentence, filing.sheet(), practice=desk.practice, unknown=unknown)
        self.sheet.open.setVisible(bool(self._address))
        self.sheet.pdf_wanted.connect(self._print)
        self.sheet.open_wanted.connect(self._open)
        self.sheet.save_wanted.connect(self._save)
        self.sheet.by_hand.number_typed.connect(self._number)
        self.sheet.by_hand.never_filed.connect(self._never)

    def _open(self) -> None:
        if not open_in_browser(self._address):
            self.sheet.tell("warn", _NO_BROWSER, self._address)

    def _print(self) -> None:
        name = f"{self._title}_転記用.pdf"
        path, _ = QFileDialog.getSaveFileName(self._page, "PDF にする", name, "PDF (*.pdf)")
        if path:
            self.print_to(Path(path))

    def print_to(self, path: Path) -> None:
        """Writes the sheet off the window's thread."""
        pages, practice = self._filing.sheet(), self._desk.practice

        def write() -> None:
            path.write_bytes(print_copy_sheet(self._title, pages, practice, self._fonts))

        run(write, lambda _: self._window.say("PDF にしました。"), self._failed, self)

    def _save(self, entry: Entry) -> None:
        folder = QFileDialog.getExistingDirectory(self._page, "ファイルを保存する場所")
        if not folder:
            return

        def write() -> None:
            for name, _kind, content in self._filing.files(entry):
                (Path(folder) / name).write_bytes(content)

        def done(_none: None) -> None:
            self.sheet.mark(entry.key)
            self._window.say(f"{entry.text} を保存しました。")

        run(write, done, self._failed, self)

    def _number(self, text: str) -> None:
        filing, person = self._filing, self._desk.person

        def store() -> str:
            return filing.receipt_by_hand(text, person)

        run(store, self._stored, self._failed, self)

    def _stored(self, number: str) -> None:
        self.sheet.tell("ok", f"受付番号 {number} を記録しました。")
        self._window.update_status()

    def _never(self) -> None:
        filing, person = self._filing, self._desk.person
        run(
            lambda: filing.never_arrived(person),
            lambda _: self.sheet.tell("ok", "封をした状態にもどしました。"),
            self._failed,
            self,
        )

    def _failed(self, fault: Exception) -> None:
        if isinstance(fault, Known):
            self.sheet.tell("warn", fault.sentence)
        elif isinstance(fault, OSError):
            self.sheet.tell("warn", _NO_FILE)
        else:
            raise fault
