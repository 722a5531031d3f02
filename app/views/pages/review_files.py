"""Files that go along with the answer to a 補正: chosen, read into memory, sealed with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.forms.payload import Attachment
from app.views.background import run
from app.views.pages.documents_view import size_words
from app.views.pages.settings_filing import read_whole
from app.views.widgets.button import Button
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow

FILE_LIMIT = 10_000_000
"""Most bytes of one file: e-Gov's own limit is not published; ours keeps memory bounded."""


class AnswerFiles(QWidget):
    """The files of one answer, in the order they were chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review.files")
        self._files: list[Attachment] = []
        self._dialog: QFileDialog | None = None
        self.pick = Button("ファイルを添える", "small", "paperclip", name="review.files.add")
        self.pick.clicked.connect(lambda _=False: self._ask())
        self.problem = wrap_label("", "note", "danger")
        self.problem.setObjectName("review.files.problem")
        self.problem.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._rows)
        column.addWidget(self.problem)
        column.addWidget(self.pick)

    def attachments(self) -> tuple[Attachment, ...]:
        """What goes along."""
        return tuple(self._files)

    def add_file(self, path: Path) -> None:
        """Reads a file off the window's thread and takes it in."""

        def done(content: bytes) -> None:
            if not content:
                self._complain(f"{path.name} は空です。中身のあるものを選んでください。")
            elif any(f.file_name.lower() == path.name.lower() for f in self._files):
                self._complain(f"{path.name} は、もう添えてあります。名前を替えてください。")
            else:
                self._complain("")
                self._files.append(Attachment(path.stem, path.name, content))
                self._show()

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault
            self._complain(fault.sentence)

        run(lambda: read_whole(path, FILE_LIMIT), done, failed, self)

    def _remove(self, name: str) -> None:
        self._files = [f for f in self._files if f.file_name != name]
        self._show()
        self.pick.setFocus()

    def _show(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, one in enumerate(self._files):
            off = Button("外す", "small", name=f"review.files.{number}.remove")
            off.setAccessibleName(f"{one.file_name} を外す")
            off.clicked.connect(lambda _=False, n=one.file_name: self._remove(n))
            note = size_words(len(one.content))
            row = ListRow("paperclip", one.file_name, note, [off], bold=False, inset=0, height=48)
            self._rows.addWidget(row)

    def _complain(self, sentence: str) -> None:
        self.problem.set_text(sentence)
        self.problem.setVisible(bool(sentence))

    def _ask(self) -> None:
        dialog = QFileDialog(self, "添えるファイル", str(Path.home()))
        dialog.setObjectName("review.files.dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.add_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
