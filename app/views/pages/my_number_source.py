"""個人番号 from elsewhere than the keyboard: a file that is only read, or invented ones for practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from app.domain.errors import Known
from app.services.my_number import MyNumbers
from app.services.social.numbers_asked import Asked, FileRead
from app.views.background import run
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import wrap_label

NOTE = (
    "個人番号と、氏名・フリガナ・整理番号のどれかの列がある CSV か Excel(.xlsx)です。"
    "読むだけで、写しは残しません。もとのファイルは、用がすんだら消してください。"
)
BROKE = "一度の側でつまずきました。番号は読んでいません。"
MOST_BYTES = 60_000_000

Read = Callable[[bytes, Sequence[Asked], MyNumbers], FileRead]


def flow_of(*buttons: Button) -> QWidget:
    """Buttons side by side, on the next line where they do not fit."""
    holder = QWidget()
    flow = FlowLayout(across=8, down=8, parent=holder)
    for button in buttons:
        flow.addWidget(button)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder


class NumberSource(Card):
    """`came` carries who was asked for, what the file gave, and its numbers; `failed` a sentence.

    `read` takes the numbers out of a file's bytes (None: no file), `asked` says whose are wanted then.
    """

    came = Signal(object, object, object)
    failed = Signal(str)

    def __init__(self, read: Read | None, asked: Callable[[], Sequence[Asked]]) -> None:
        super().__init__(name="my_number.more")
        self._read, self._asked = read, asked
        self.file = Button("ファイルから読む", "small", "file-text", name="my_number.file")
        self.skip_all = Button("残りは基礎年金番号で出す", "small", name="my_number.skip_all")
        self.invented = Button("練習用の番号を入れる", "small", name="my_number.invented")
        self.buttons = (self.file, self.skip_all, self.invented)
        self.body.setSpacing(8)
        note = wrap_label(NOTE, "label", "ink2")
        self.body.addWidget(note)
        self.body.addWidget(flow_of(*self.buttons))
        for part in (note, self.file):
            part.setVisible(read is not None)
        self.file.clicked.connect(lambda _=False: self._choose())

    def _choose(self) -> None:
        dialog = QFileDialog(self, "個人番号のファイル", "", "CSV・Excel (*.csv *.xlsx *.txt)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Reads the numbers of those asked for, off the window's thread; the file is only read."""
        read, asked = self._read, self._asked()
        if read is None:
            return
        self.file.setEnabled(False)

        def work() -> tuple[FileRead, MyNumbers]:
            numbers = MyNumbers()
            return read(_content(path), asked, numbers), numbers

        def done(found: tuple[FileRead, MyNumbers]) -> None:
            self.file.setEnabled(True)
            self.came.emit(asked, *found)

        run(work, done, self._not_read, self)

    def _not_read(self, fault: Exception) -> None:
        self.file.setEnabled(True)
        self.failed.emit(fault.sentence if isinstance(fault, Known) else BROKE)
        if not isinstance(fault, Known):
            raise fault


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        raise Known("numbers-unread", "ファイルを読めません。場所を確かめてください。") from None
    if not content:
        raise Known("numbers-empty", "空か、大きすぎるファイルです。選び直してください。")
    return content
